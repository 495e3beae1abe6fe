//! The answers of the reference implementation to expressions drawn at random, recorded by `tests/jsonata/oracle.mjs`.

use super::evaluate;
use crate::query::jsonata::{Expression, FailureKind, Limit};
use serde_json::Value;

const ANSWERS: &str = include_str!("../../../../tests/jsonata/answers.jsonl");

/// The code of an error, or what else the evaluation came to.
fn answer(text: &str, document: &Value) -> Result<Value, String> {
    if let Err(error) = Expression::compile(text) {
        return Err(error.code.unwrap_or_default().into());
    }
    evaluate(text, document).map_err(|kind| match kind {
        FailureKind::Thrown { code: Some(code), .. } => code.into(),
        FailureKind::Undefined | FailureKind::Unsupported => "undefined".to_owned(),
        FailureKind::Limit(Limit::Depth | Limit::Memory | Limit::Time) => "limit".to_owned(),
        other => other.to_string(),
    })
}

/// JSON equality in which the last digits of a double are free: `Math.pow` has its own.
fn is_close(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            (left - right).abs() <= 1e-12 * left.abs().max(right.abs())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_close(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |((left, one), (right, other)): ((&String, &Value), (&String, &Value))| {
                left == right && is_close(one, other)
            };
            left.len() == right.len() && left.iter().zip(right).all(same)
        }
        (left, right) => left == right,
    }
}

#[test]
fn expressions_drawn_at_random_are_answered_as_by_the_reference_implementation() {
    let (mut document, mut count) = (Value::Null, 0);
    for line in ANSWERS.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let Some(text) = case.get("expression").and_then(Value::as_str) else {
            document = case["document"].clone();
            continue;
        };
        count += 1;
        let ours = answer(text, &document);
        let agrees = match (&ours, case.get("value"), case.get("error").and_then(Value::as_str)) {
            // AWS puts out as text what is no number, and has limits that JavaScript has not.
            (Ok(value), _, _) if value.to_string().contains("NaN") || value.to_string().contains("Infinity") => true,
            (Err(limit), _, _) if limit == "limit" => true,
            (Ok(ours), Some(theirs), _) => is_close(ours, theirs),
            // Of two errors in a constructor, JavaScript raises either.
            (Err(ours), None, Some(theirs)) => ours == theirs || text.contains(['[', '{']),
            (Err(ours), None, None) => ours == "undefined",
            _ => false,
        };
        assert!(agrees, "{line}\n{document}\n{ours:?}");
    }
    assert!(count > 1_000, "{count} cases");
}
