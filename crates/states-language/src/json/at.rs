//! A place inside a document, written as a JSONPath.

use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A place inside a document: the steps from its root. Printed as a JSONPath; a new `$` begins in each decoded string.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct At(pub Vec<Step>);

/// One step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into an object's member.
    Member(Arc<str>),
    /// Into an array's item.
    Item(usize),
    /// Into the document that a string holds.
    Decoded,
}

impl At {
    /// Returns the name of the last member on the way; empty if there is none.
    pub fn name(&self) -> &str {
        let name = self.0.iter().rev().find_map(|step| match step {
            Step::Member(name) => Some(&**name),
            _ => None,
        });
        name.unwrap_or_default()
    }

    /// Returns the place further inside that these steps lead to.
    #[must_use]
    pub fn join(mut self, rest: &[Step]) -> Self {
        self.0.extend_from_slice(rest);
        self
    }

    /// Returns what stands at this place of a document; nothing when the document has no such place.
    pub fn find<'v>(&self, document: &'v Value) -> Option<Cow<'v, Value>> {
        self.0.iter().try_fold(Cow::Borrowed(document), inside)
    }

    /// Puts another value at this place of a document, also inside of strings; tells whether there is such a place.
    pub fn put(&self, document: &mut Value, new: Value) -> bool {
        put(&self.0, document, new)
    }

    /// Tells whether this place is the other one, or one of both lies inside the other.
    pub fn touches(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(step, other)| step == other)
    }
}

fn inside<'v>(value: Cow<'v, Value>, step: &Step) -> Option<Cow<'v, Value>> {
    if *step == Step::Decoded {
        return serde_json::from_str(value.as_str()?).ok().map(Cow::Owned);
    }
    match value {
        Cow::Borrowed(value) => child(step, value).map(Cow::Borrowed),
        Cow::Owned(value) => child(step, &value).cloned().map(Cow::Owned),
    }
}

fn child<'v>(step: &Step, value: &'v Value) -> Option<&'v Value> {
    match step {
        Step::Member(name) => value.get(&**name),
        Step::Item(index) => value.get(index),
        Step::Decoded => None,
    }
}

fn put(steps: &[Step], place: &mut Value, new: Value) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        *place = new;
        return true;
    };
    let inner = match step {
        Step::Member(name) => place.get_mut(&**name),
        Step::Item(index) => place.get_mut(index),
        Step::Decoded => {
            let decoded = place.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
            let Some(mut decoded) = decoded else { return false };
            let done = put(rest, &mut decoded, new);
            *place = Value::String(decoded.to_string());
            return done;
        }
    };
    inner.is_some_and(|inner| put(rest, inner, new))
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                Step::Member(name) if is_plain(name) => write!(f, ".{name}")?,
                Step::Member(name) => write!(f, "['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))?,
                Step::Item(index) => write!(f, "[{index}]")?,
                Step::Decoded => f.write_str(" decoded $")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn places_are_found_and_changed_also_inside_of_strings() {
        let mut document = json!({"a": [{"b": "{\"c\":[1,2]}"}]});
        let at = At(vec![
            Step::Member("a".into()),
            Step::Item(0),
            Step::Member("b".into()),
            Step::Decoded,
            Step::Member("c".into()),
            Step::Item(1),
        ]);
        assert_eq!(at.find(&document).as_deref(), Some(&json!(2)));
        assert!(at.put(&mut document, json!("x")));
        assert_eq!(document, json!({"a": [{"b": "{\"c\":[1,\"x\"]}"}]}));
        assert!(!At(vec![Step::Item(0)]).put(&mut document, json!(1)));
        assert_eq!(At(vec![Step::Decoded]).find(&json!(1)), None);
    }
}
