//! What a document of no known shape says: the member that most likely holds the point of it.

use super::{DEPTH, Message};
use serde_json::Value;

/// Members that hold the point of an error document, the likeliest first.
const TELLING: [&str; 23] = [
    "errorMessage",
    "ErrorMessage",
    "message",
    "Message",
    "reason",
    "Reason",
    "StoppedReason",
    "StatusReason",
    "FailureReason",
    "StateChangeReason",
    "faultstring",
    "detail",
    "Details",
    "title",
    "error_description",
    "description",
    "cause",
    "Cause",
    "error",
    "Error",
    "errors",
    "Errors",
    "msg",
];

/// How the names of members end that say why something is as it is, in small letters.
const REASONS: [&str; 22] = [
    "errormessage",
    "failurereason",
    "failuremessage",
    "failurecause",
    "statusreason",
    "statereason",
    "statechangereason",
    "stoppedreason",
    "stopreason",
    "statusmessage",
    "statemessage",
    "statusdetails",
    "statusdetail",
    "statedetails",
    "errordetails",
    "errordetail",
    "errorstring",
    "failuredetails",
    "exitmessage",
    "reason",
    "message",
    "stderr",
];

/// Objects and lists are looked into this deep for a reason.
const LEVELS: usize = 5;
/// Elements of a list that are looked into.
const ELEMENTS: usize = 50;

/// Returns what a document says, looking into strings that hold documents.
pub(super) fn telling(value: &Value, depth: usize) -> Option<String> {
    let named = TELLING.iter().find_map(|name| words(value.get(name)?, depth));
    named.or_else(|| deeper(value, depth))
}

/// Returns a member in words; what is empty says nothing.
fn words(found: &Value, depth: usize) -> Option<String> {
    match found {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(brief(&Message::at_depth(&text.as_str().into(), depth + 1))),
        Value::Array(items) => {
            let first = items.iter().find_map(|item| words(item, depth))?;
            let more = if items.len() > 1 { format!(" (and {} more)", items.len() - 1) } else { String::new() };
            Some(first + &more)
        }
        Value::Object(_) => telling(found, depth).or_else(|| Some(found.to_string())),
        other => Some(other.to_string()),
    }
}

/// Looks level by level for a member whose name says that it holds a reason.
fn deeper(value: &Value, depth: usize) -> Option<String> {
    let mut level = vec![value];
    for _ in 0..LEVELS {
        let members = level.iter().filter_map(|value| value.as_object()).flatten();
        let reasons = REASONS.iter().flat_map(|ending| members.clone().filter(move |(name, _)| ends_so(name, ending)));
        if let Some(found) = reasons.filter(|(_, value)| value.is_string()).find_map(|(_, value)| words(value, depth)) {
            return Some(found);
        }
        let inside = level.iter().flat_map(|value| match value {
            Value::Object(members) => members.values().collect::<Vec<_>>(),
            Value::Array(items) => items.iter().take(ELEMENTS).collect(),
            _ => Vec::new(),
        });
        level = inside.filter(|value| value.is_object() || value.is_array()).collect();
    }
    None
}

fn ends_so(name: &str, ending: &str) -> bool {
    let start = name.len().saturating_sub(ending.len());
    name.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// A document inside a message without a telling member is written as `name value, …`.
fn brief(message: &Message) -> String {
    match &message.decoded {
        Some(Value::Object(members)) if telling(&Value::Object(members.clone()), DEPTH - 1).is_none() => {
            let words = members.iter().map(|(name, value)| match value {
                Value::String(text) => format!("{name} {text}"),
                other => format!("{name} {other}"),
            });
            words.collect::<Vec<_>>().join(", ")
        }
        _ => message.summary.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_of_no_known_shape_say_what_most_likely_is_the_point() {
        for (value, expected) in [
            (json!({"message": "a", "reason": "b"}), Some("a")),
            (json!({"errors": [{"message": "first"}, {"message": "second"}]}), Some("first (and 1 more)")),
            (json!({"error": {"code": 17, "message": "inner"}}), Some("inner")),
            (json!({"detail": [{"loc": ["body"], "msg": "field required"}]}), Some("field required")),
            (json!({"Thing": {"Id": "x", "Status": {"LastFailureMessage": "deep down"}}}), Some("deep down")),
            (json!({"Message": "", "Thing": {"StatusReason": "why"}}), Some("why")),
            (json!({"Parts": [{"Ok": true}, {"StatusMessage": "second part broke"}]}), Some("second part broke")),
            (json!({"Status": "FAILED", "Count": 3}), None),
            (json!([]), None),
        ] {
            assert_eq!(telling(&value, 0).as_deref(), expected, "{value}");
        }
    }
}
