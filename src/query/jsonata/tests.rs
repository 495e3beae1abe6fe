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
#[test]
fn compare_js() {
    let Ok(text) = std::fs::read_to_string(std::env::var("JSREF").unwrap_or_default()) else { return };
    let input: Value = serde_json::from_str(&std::fs::read_to_string("/tmp/js/input.json").unwrap()).unwrap();
    let variables = json!({"v": {"x": [1]}}).as_object().unwrap().clone();
    for line in text.lines() {
        let (e, r) = line.split_once('\t').unwrap();
        let scope = Scope { variables: &variables, ..Scope::of(&input) };
        let mine = match Expression::compile(e) {
            Err(error) => format!("ERR {error}"),
            Ok(expression) => match expression.evaluate(&Session::new(scope), "f") {
                Ok(v) => format!("OK {v}"),
                Err(f) => match f.kind {
                    FailureKind::Undefined => "UNDEF".to_owned(),
                    FailureKind::Unsupported => "FUNC".to_owned(),
                    k => format!("ERR {}", k.to_string().replace("threw an error during evaluation. ", "")),
                },
            },
        };
        if mine != r {
            eprintln!("{e}\n    js   {r}\n    mine {mine}");
        }
    }
}
