//! Changes to a document written as JSON: a list of operations (RFC 6902), or a document laid over it (RFC 7396).
//!
//! A list counts as operations and an object as a document, which is how the two are told apart. What cannot be applied
//! says which operation it was, where, and what stands there instead.

use json_patch::{PatchErrorKind, PatchOperation};
use serde_json::Value;
use std::fmt;

/// Changes to a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// Operations, one after the other (RFC 6902).
    Operations(Vec<PatchOperation>),
    /// Members to be replaced, and, where they are null, to be removed (RFC 7396).
    Merge(Value),
}

/// Why changes cannot be read or applied. Operations are counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum PatchError {
    /// The text is no JSON; the reason.
    NotJson(String),
    /// It is neither a list nor an object.
    NoPatch,
    /// An operation is none; the reason.
    NoOperation(usize, String),
    /// An operation needs a place that is not there.
    NoPlace {
        /// Which operation.
        operation: usize,
        /// What it does: `add`, `remove`, `replace`, `move`, `copy`, `test`.
        op: &'static str,
        /// The JSON pointer of the place it needs.
        path: String,
        /// The part of that pointer that is there.
        reached: String,
        /// What is there.
        there: There,
    },
    /// A `test` found something else.
    Differs {
        /// Which operation.
        operation: usize,
        /// The JSON pointer of the place.
        path: String,
        /// What stands there.
        found: Value,
    },
    /// A value is to be moved into itself.
    IntoItself(usize),
}

/// What stands at a place, as far as it helps to find the right one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum There {
    /// An object with these members.
    Members(Vec<String>),
    /// An array of this length.
    Items(usize),
    /// A value that has nothing inside.
    Leaf(String),
}

impl Patch {
    /// Reads the text of a patch.
    pub fn read(text: &str) -> Result<Self, PatchError> {
        let value: Value = serde_json::from_str(text).map_err(|error| PatchError::NotJson(error.to_string()))?;
        let items = match value {
            Value::Array(items) => items,
            Value::Object(_) => return Ok(Self::Merge(value)),
            _ => return Err(PatchError::NoPatch),
        };
        let read = |(operation, item)| {
            serde_json::from_value(item).map_err(|error| PatchError::NoOperation(operation, error.to_string()))
        };
        items.into_iter().enumerate().map(read).collect::<Result<_, _>>().map(Self::Operations)
    }

    /// Applies the changes to a document, which is left half changed when an error is returned.
    pub fn apply(&self, document: &mut Value) -> Result<(), PatchError> {
        let operations = match self {
            Self::Merge(patch) => {
                json_patch::merge(document, patch);
                return Ok(());
            }
            Self::Operations(operations) => operations,
        };
        for (place, operation) in operations.iter().enumerate() {
            // One by one, because only what the document was before tells why an operation does not fit.
            json_patch::patch_unsafe(document, std::slice::from_ref(operation))
                .map_err(|error| unfit(document, place, operation, &error.kind))?;
        }
        Ok(())
    }
}

fn unfit(document: &Value, operation: usize, what: &PatchOperation, kind: &PatchErrorKind) -> PatchError {
    let from = || match what {
        PatchOperation::Move(it) => it.from.to_string(),
        PatchOperation::Copy(it) => it.from.to_string(),
        _ => String::new(),
    };
    let path = what.path().to_string();
    match kind {
        PatchErrorKind::CannotMoveInsideItself => PatchError::IntoItself(operation),
        PatchErrorKind::TestFailed => {
            let found = document.pointer(&path).cloned().unwrap_or_default();
            PatchError::Differs { operation, path, found }
        }
        PatchErrorKind::InvalidFromPointer => no_place(document, operation, op_name(what), from()),
        // Whatever else there may be: it is about the place.
        _ => no_place(document, operation, op_name(what), path),
    }
}

fn op_name(operation: &PatchOperation) -> &'static str {
    match operation {
        PatchOperation::Add(_) => "add",
        PatchOperation::Remove(_) => "remove",
        PatchOperation::Replace(_) => "replace",
        PatchOperation::Move(_) => "move",
        PatchOperation::Copy(_) => "copy",
        PatchOperation::Test(_) => "test",
    }
}

/// Follows a pointer as far as it leads.
fn no_place(document: &Value, operation: usize, op: &'static str, path: String) -> PatchError {
    let (mut value, mut reached) = (document, String::new());
    for step in path.split('/').skip(1) {
        let longer = format!("{reached}/{step}");
        let Some(inside) = document.pointer(&longer) else { break };
        (value, reached) = (inside, longer);
    }
    let there = match value {
        Value::Object(members) => There::Members(members.keys().cloned().collect()),
        Value::Array(items) => There::Items(items.len()),
        leaf => There::Leaf(leaf.to_string()),
    };
    PatchError::NoPlace { operation, op, path, reached, there }
}

/// Members that are named; more would hide the message.
const NAMED: usize = 12;

impl fmt::Display for There {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Members(names) if names.is_empty() => f.write_str("an empty object"),
            Self::Members(names) => {
                let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
                let more = if names.len() > NAMED { ", …" } else { "" };
                write!(f, "an object with {named}{more}")
            }
            Self::Items(count) => write!(f, "an array of {count}"),
            Self::Leaf(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(reason) => write!(f, "the patch is no JSON: {reason}"),
            Self::NoPatch => f.write_str("a patch is a list of operations or an object"),
            Self::NoOperation(operation, reason) => {
                write!(f, "operation {} of the patch is none: {reason}", operation + 1)
            }
            Self::NoPlace { operation, op, path, reached, there } => {
                let place = if reached.is_empty() { "the root" } else { reached };
                write!(f, "operation {} of the patch cannot {op} '{path}': at {place} there is {there}", operation + 1)
            }
            Self::Differs { operation, path, found } => {
                write!(f, "operation {} of the patch expects something else at '{path}' than {found}", operation + 1)
            }
            Self::IntoItself(operation) => {
                write!(f, "operation {} of the patch moves a value into itself", operation + 1)
            }
        }
    }
}

impl std::error::Error for PatchError {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patched(document: &Value, patch: &Value) -> Result<Value, String> {
        let mut document = document.clone();
        let patch = Patch::read(&patch.to_string()).map_err(|error| error.to_string())?;
        patch.apply(&mut document).map_err(|error| error.to_string())?;
        Ok(document)
    }

    #[test]
    fn lists_are_operations_and_objects_are_laid_over() {
        let document = json!({ "States": { "A": { "Type": "Pass", "End": true } } });
        let operations = json!([
            { "op": "replace", "path": "/States/A/Type", "value": "Succeed" },
            { "op": "remove", "path": "/States/A/End" },
        ]);
        let wanted = json!({ "States": { "A": { "Type": "Succeed" } } });
        assert_eq!(patched(&document, &operations), Ok(wanted.clone()));
        let merge = json!({ "States": { "A": { "Type": "Succeed", "End": null } } });
        assert_eq!(patched(&document, &merge), Ok(wanted));
    }

    #[test]
    fn what_does_not_fit_says_where_and_what_is_there() {
        let document = json!({ "States": { "A": { "Retry": [{}], "Type": "Task" } } });
        for (patch, message) in [
            (json!(1), "a patch is a list of operations or an object"),
            (
                json!([{ "op": "remove", "path": "/States/B" }]),
                "operation 1 of the patch cannot remove '/States/B': at /States there is an object with A",
            ),
            (
                json!([{ "op": "test", "path": "/States/A/Type", "value": "Task" }, { "op": "replace", "path": "/States/A/Retry/3", "value": 1 }]),
                "operation 2 of the patch cannot replace '/States/A/Retry/3': at /States/A/Retry there is an array of 1",
            ),
            (
                json!([{ "op": "test", "path": "/States/A/Type", "value": "Pass" }]),
                "operation 1 of the patch expects something else at '/States/A/Type' than \"Task\"",
            ),
            (
                json!([{ "op": "copy", "from": "/X", "path": "/Y" }]),
                "operation 1 of the patch cannot copy '/X': at the root there is an object with States",
            ),
            (
                json!([{ "op": "add", "path": "/States/A/Type/x", "value": 1 }]),
                "operation 1 of the patch cannot add '/States/A/Type/x': at /States/A/Type there is \"Task\"",
            ),
        ] {
            assert_eq!(patched(&document, &patch), Err(message.to_owned()));
        }
        let unknown = patched(&document, &json!([{ "op": "grow", "path": "/x" }])).unwrap_err();
        assert!(unknown.starts_with("operation 1 of the patch is none: "), "{unknown}");
        assert!(Patch::read("{").unwrap_err().to_string().starts_with("the patch is no JSON: "));
    }
}
