//! Members of a document, by their ways, as services write them: `Container.ExitCode`.

use serde_json::Value;

/// A document a service wrote.
#[derive(Clone, Copy)]
pub(super) struct Document<'d>(pub(super) &'d Value);

impl<'d> Document<'d> {
    /// Returns what stands at a way of names and indexes; `-1` is the last element. Step Functions writes names with
    /// capitals where the service's own API has small letters, so both are taken.
    pub(super) fn at(self, way: &str) -> Option<&'d Value> {
        way.split('.').try_fold(self.0, |value, name| step(value, name)).filter(|value| !value.is_null())
    }

    /// Returns the text there, or a number or boolean as text; nothing when there is none or it is empty.
    pub(super) fn text(self, way: &str) -> Option<String> {
        let text = match self.at(way)? {
            Value::String(text) => one_line(text),
            Value::Object(_) | Value::Array(_) | Value::Null => return None,
            other => other.to_string(),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// Returns a whole number that is there, or in a text.
    pub(super) fn number(self, way: &str) -> Option<i64> {
        match self.at(way)? {
            Value::String(text) => text.parse().ok(),
            value => value.as_i64(),
        }
    }

    /// Returns the elements of a list that is there.
    pub(super) fn items(self, way: &str) -> impl DoubleEndedIterator<Item = Document<'d>> {
        self.at(way).and_then(Value::as_array).into_iter().flatten().map(Document)
    }

    /// Tells whether one of the ways `A|B` leads somewhere.
    pub(super) fn has(self, ways: &str) -> bool {
        ways.split('|').any(|way| self.at(way).is_some())
    }
}

fn step<'d>(value: &'d Value, name: &str) -> Option<&'d Value> {
    match value {
        Value::Object(members) => members.get(name).or_else(|| members.get(&small(name))),
        Value::Array(items) if name == "-1" => items.last(),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// `ExitCode` as the service's own API has it: `exitCode`.
fn small(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Returns a text in one line, its blanks and breaks one blank each.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ways_lead_through_objects_and_lists_in_either_spelling() {
        let value = json!({"Container": {"exitCode": 137}, "attempts": [{"A": "x"}, {"A": " y\n z "}], "N": null});
        let document = Document(&value);
        for (way, expected) in [
            ("Container.ExitCode", Some("137")),
            ("Attempts.-1.A", Some("y z")),
            ("Attempts.0.A", Some("x")),
            ("Attempts.7.A", None),
            ("Container", None),
            ("N", None),
            ("Container.ExitCode.Deeper", None),
        ] {
            assert_eq!(document.text(way).as_deref(), expected, "{way}");
        }
        assert!(document.has("Nope|Attempts") && !document.has("Nope|N"));
    }
}
