//! Puts a value into the text of a document and leaves the rest of the text as it stood.

use super::Payload;
use super::SharedBytes;
use super::diff::{At, Step};
use super::scan::{Progress, Scanner};
use serde_json::Value;
use std::ops::Range;

/// Returns the text of a document with another value at a place, also inside of strings. `None` when there is no such
/// place. Whether the new value is JSON is not looked at.
pub fn replaced(text: &str, at: &At, new: &str) -> Option<String> {
    replaced_in(text, &at.0, new)
}

fn replaced_in(text: &str, steps: &[Step], new: &str) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else { return Some(new.to_owned()) };
    if *step == Step::Decoded {
        let literal = text.trim();
        let inside = literal.starts_with('"').then(|| Payload::from_literal(SharedBytes::from(literal.to_owned())))?;
        return Some(Value::from(replaced_in(inside.text(), rest, new)?).to_string());
    }
    let range = child(text, step)?;
    let inner = replaced_in(text.get(range.clone())?, rest, new)?;
    Some([text.get(..range.start)?, &inner, text.get(range.end..)?].concat())
}

/// Returns where a member or an item stands.
fn child(text: &str, step: &Step) -> Option<Range<usize>> {
    let mut scanner = Scanner::new(text.as_bytes());
    match step {
        Step::Member(name) => scanner.enter(name)?,
        Step::Item(index) => {
            let mut progress = Progress::Opened;
            scanner.expect(b'[').ok()?;
            for _ in 0..*index {
                scanner.next_element(&mut progress).ok()?.then_some(())?;
                scanner.value().ok()?;
            }
            scanner.next_element(&mut progress).ok()?.then_some(())?;
        }
        Step::Decoded => return None,
    }
    scanner.peek();
    let start = scanner.at();
    scanner.value().ok()?;
    Some(start..scanner.at())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(steps: &[Step]) -> At {
        At(steps.to_vec())
    }

    #[test]
    fn a_value_is_put_in_place_and_the_rest_stays() {
        let text = r#"{ "a" : [1.50, {"b\n": null}],  "c":"{\"d\": [\"{\\\"e\\\":1}\"] }" }"#;
        let put = |steps: &[Step], new: &str| replaced(text, &at(steps), new);
        let [a, b, c, d, e] = ["a", "b\n", "c", "d", "e"].map(|name| Step::Member(name.into()));
        assert_eq!(put(&[], "2").unwrap(), "2");
        assert_eq!(put(&[a.clone(), Step::Item(0)], "7").unwrap(), text.replace("1.50", "7"));
        assert_eq!(put(&[a.clone(), Step::Item(1), b], "{}").unwrap(), text.replace("null", "{}"));
        let deep = [c.clone(), Step::Decoded, d, Step::Item(0), Step::Decoded, e];
        assert_eq!(put(&deep, "\"x\"").unwrap(), text.replace(r#":1}"#, r#":\\\"x\\\"}"#));
        assert_eq!(put(&[a.clone(), Step::Item(2)], "7"), None);
        assert_eq!(put(&[a, Step::Decoded], "7"), None);
        assert_eq!(put(&[c, Step::Item(0)], "7"), None);
    }
}
