//! Places whose value is the same.

use crate::json::diff::{At, Step};
use serde_json::Value;

/// How many values are looked at.
const LOOKED_AT: usize = 100_000;

/// Returns the first places at or below one, also inside of strings, whose value is the wanted one.
pub(super) fn alike(document: &Value, below: &At, wanted: &Value, most: usize) -> Vec<At> {
    let mut search = Search { wanted, most, left: LOOKED_AT, found: Vec::new() };
    if let Some(value) = below.find(document) {
        search.visit(&value, &mut below.clone());
    }
    search.found
}

struct Search<'w> {
    wanted: &'w Value,
    most: usize,
    left: usize,
    found: Vec<At>,
}

impl Search<'_> {
    fn visit(&mut self, value: &Value, at: &mut At) {
        if self.found.len() >= self.most || self.left == 0 {
            return;
        }
        self.left -= 1;
        if same(value, self.wanted) {
            self.found.push(at.clone());
        }
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(Step::Item(index), item, at);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    self.below(Step::Member(key.as_str().into()), member, at);
                }
            }
            Value::String(text) if text.starts_with(['{', '[']) => {
                if let Ok(decoded) = serde_json::from_str(text) {
                    self.below(Step::Decoded, &decoded, at);
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, step: Step, value: &Value, at: &mut At) {
        at.0.push(step);
        self.visit(value, at);
        at.0.pop();
    }
}

/// Tells whether two values are the same: a number is, however it is written, since JSONata writes `1.0` as `1`.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        (left, right) => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_same_value_is_found_also_inside_of_strings() {
        let document = json!({"a": [1, {"b": 1.0}], "c": "{\"d\":1}", "e": "1"});
        let found = alike(&document, &At::default(), &json!(1), 9);
        let found: Vec<String> = found.iter().map(At::to_string).collect();
        assert_eq!(found, ["$.a[0]", "$.a[1].b", "$.c decoded $.d"]);
        assert_eq!(alike(&document, &At(vec![Step::Member("a".into())]), &json!(1), 1).len(), 1);
    }
}
