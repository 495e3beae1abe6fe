//! The shape of data: names, types and sizes, without a value.

use serde_json::{Map, Value};

/// Items of an array that are told one by one; more of them are counted.
const ITEMS: usize = 3;

/// Returns a value with each leaf replaced by its type, strings with their size in bytes.
///
/// ```text
/// {"id":"A-1","lines":[{"sku":"x","n":1},…]}  →  {"id":"<string, 3 bytes>","lines":[{"sku":"<string, 1 byte>","n":"<number>"},"… 5 more"]}
/// ```
///
/// Names of members are told; items after the third are only counted, and items of one shape are told once.
pub fn shape(value: &Value) -> Value {
    match value {
        Value::Null => "<null>".into(),
        Value::Bool(_) => "<boolean>".into(),
        Value::Number(_) => "<number>".into(),
        Value::String(text) if text.len() == 1 => "<string, 1 byte>".into(),
        Value::String(text) => format!("<string, {} bytes>", text.len()).into(),
        Value::Array(items) => Value::Array(of_items(items)),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), shape(value))).collect::<Map<_, _>>())
        }
    }
}

fn of_items(items: &[Value]) -> Vec<Value> {
    let mut shapes: Vec<Value> = Vec::new();
    for item in items.iter().take(ITEMS) {
        let shape = shape(item);
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    let more = items.len().saturating_sub(shapes.len());
    if more > 0 {
        shapes.push(format!("… {more} more").into());
    }
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_shape_has_names_types_and_sizes() {
        let cases = [
            (json!(null), json!("<null>")),
            (json!(true), json!("<boolean>")),
            (json!(12345), json!("<number>")),
            (json!("é"), json!("<string, 2 bytes>")),
            (json!([]), json!([])),
            (json!([1, 2, 3, 4]), json!(["<number>", "… 3 more"])),
            (json!(["a", 1]), json!(["<string, 1 byte>", "<number>"])),
            (json!({ "a": { "b": ["xyz"] }, "": {} }), json!({ "a": { "b": ["<string, 3 bytes>"] }, "": {} })),
        ];
        for (value, expected) in cases {
            assert_eq!(shape(&value), expected, "{value}");
        }
    }
}
