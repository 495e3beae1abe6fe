use super::*;
use crate::query::Scope;
use serde_json::{Value, json};

fn evaluate(text: &str, input: Value) -> Result<Value, String> {
    let expression = Expression::compile(text).map_err(|error| error.to_string())?;
    expression.evaluate(&Session::new(Scope::of(&input)), "Output").map_err(|failure| failure.kind.to_string())
}

#[test]
fn an_expression_reads_the_input() {
    assert_eq!(evaluate("$states.input.n + 1", json!({"n": 1})), Ok(json!(2)));
}
