//! Answers JSONata expressions as the oracle does: `jsonata_answers CASES.json` reads `[{"expression", "document"}…]`
//! and prints a line of JSON for each, with the document as `$states.input`.

use serde_json::{Value, json};
use states_language::query::Scope;
use states_language::query::jsonata::{Expression, FailureKind, Session};
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("jsonata_answers CASES.json")?;
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for case in &cases {
        let text = case.get("expression").and_then(Value::as_str).unwrap_or_default();
        writeln!(output, "{}", answer(text, case.get("document").unwrap_or(&Value::Null)))?;
    }
    Ok(())
}

fn answer(text: &str, document: &Value) -> Value {
    let expression = match Expression::compile(text) {
        Ok(expression) => expression,
        Err(error) => {
            let code = error.code.unwrap_or_else(|| error.message.clone());
            return json!({"expression": text, "error": &*code});
        }
    };
    match expression.evaluate(&Session::new(Scope::of(document)), "Output").map_err(|failure| failure.kind) {
        Ok(value) => json!({"expression": text, "value": value}),
        Err(FailureKind::Undefined | FailureKind::Unsupported) => json!({"expression": text, "undefined": true}),
        Err(FailureKind::Thrown { code: Some(code), .. }) => json!({"expression": text, "error": &*code}),
        Err(other) => json!({"expression": text, "error": other.to_string()}),
    }
}
