//! Values that were taken out of a recording before it was handed on, and what stands in their place.
//!
//! A recording lists what was taken out of it, and then has `[redacted]` or a pseudonym there. Others were scrubbed before they came here
//! and list nothing: they have placeholders such as `<name:1>`, or plain words. Data may look the same, so these count only
//! where the replay has a value that is drawn anew.

use crate::recording::redact::{between_stand_ins, is_stand_in};
use serde_json::Value;

/// How long the inside of `<…>` may be.
const LONGEST: usize = 61;

/// Tells whether a text is one plain word, such as `timestamp` or `generated-uuid`. What AWS draws anew is never one:
/// times, ids and numbers have digits.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
}

/// Tells whether two values differ in nothing but what was taken out of a recording: out of what was recorded here, or
/// out of what the replay made this of.
pub(super) fn is_redacted(expected: &Value, actual: &Value) -> bool {
    let stands_for = |pattern: &Value, value: &Value| match (pattern, value) {
        (Value::String(pattern), Value::String(text)) => match &*between_stand_ins(pattern) {
            [_] => false,
            parts => glob(parts, text),
        },
        (Value::String(pattern), _) => is_stand_in(pattern),
        _ => false,
    };
    stands_for(expected, actual) || stands_for(actual, expected)
}

/// Tells whether a text is nothing but a placeholder such as `<name:1>`.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.starts_with('<') && find(text).is_some_and(|(start, end)| (start, end) == (0, text.len()))
}

/// Tells whether a text holds a placeholder.
pub(super) fn has_placeholder(text: &str) -> bool {
    find(text).is_some()
}

/// Tells whether a text is what a pattern says, placeholders standing for anything.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((start, end)) = find(rest) {
        parts.push(rest.get(..start).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    parts.push(rest);
    glob(&parts, text)
}

/// Tells whether a text consists of parts, with anything between them.
pub(super) fn glob(parts: &[&str], text: &str) -> bool {
    let [first, middle @ .., last] = parts else { return parts.first() == Some(&text) };
    let Some(mut rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else { return false };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}

/// Finds the first placeholder: `<`, something that is no space, at most 60 more characters, `>`.
fn find(text: &str) -> Option<(usize, usize)> {
    for (start, _) in text.match_indices('<') {
        let inside = text.get(start + 1..)?;
        let length = inside.find(['<', '>'])?;
        let inner = inside.get(..length)?;
        let closed = inside.as_bytes().get(length) == Some(&b'>');
        if closed && !inner.is_empty() && !inner.starts_with(char::is_whitespace) && inner.chars().count() <= LONGEST {
            return Some((start, start + length + 2));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stand_for_anything() {
        for (pattern, text, expected) in [
            ("<like:0>", "x", true),
            ("arn:<region:1>:x", "arn:eu:west:x", true),
            ("arn:<region:1>:x", "arn:eu:west:y", false),
            ("a<b", "a<b", true),
            ("< a>", "b", false),
            ("<a><b>", "", true),
            ("x<a>x", "x", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        assert!(is_placeholder("<like:0>") && !is_placeholder("<a><b>") && !is_placeholder("a<b>"));
    }
}
