//! A JSON document as it was received, or as it was built.

use super::SharedBytes;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// JSON text as received, parsed on demand; or a value as computed, printed on demand. Cheap to clone.
///
/// Whatever is asked for first is made once and kept, so passing a payload on never costs by its size.
#[derive(Clone)]
pub struct Payload(Arc<Inner>);

struct Inner {
    origin: Origin,
    text: OnceLock<Box<str>>,
    value: OnceLock<Result<Value, PayloadError>>,
}

/// Where a payload comes from. At least one of origin, `text` and `value` of [`Inner`] is there from the start.
#[derive(Clone)]
enum Origin {
    /// `text` is set.
    Text,
    /// `value` is set.
    Value,
    /// A JSON string literal inside a larger document, quotes included.
    Literal(SharedBytes),
    /// A JSON value inside a larger document where AWS has a string (emulators write payloads so).
    Embedded(SharedBytes),
}

/// A payload that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadError {
    /// Line of the text, from 1.
    pub line: usize,
    /// Column of that line, from 1.
    pub column: usize,
    /// What the parser expected.
    pub reason: String,
}

impl Payload {
    /// A payload from its text, which need not be valid JSON.
    pub fn from_text(text: impl Into<Box<str>>) -> Self {
        let payload = Self::new(Origin::Text);
        let _ = payload.0.text.set(text.into());
        payload
    }

    /// The array of these payloads: their texts strung together as AWS does it, without printing anything anew.
    pub fn array_of<'a>(items: impl IntoIterator<Item = &'a Payload>) -> Self {
        let mut text = String::from("[");
        for item in items {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(item.text());
        }
        text.push(']');
        Self::from_text(text)
    }

    /// A payload from a value; its text is the compact form.
    pub fn from_value(value: Value) -> Self {
        let payload = Self::new(Origin::Value);
        let _ = payload.0.value.set(Ok(value));
        payload
    }

    /// A payload whose text and value are both known.
    pub fn from_text_and_value(text: impl Into<Box<str>>, value: Value) -> Self {
        let payload = Self::from_text(text);
        let _ = payload.0.value.set(Ok(value));
        payload
    }

    /// A payload that stands as a JSON string literal (quotes included) in a larger document; decoded on demand.
    pub fn from_literal(literal: SharedBytes) -> Self {
        Self::new(Origin::Literal(literal))
    }

    /// A payload that stands as a bare JSON value in a larger document, as some emulators write it.
    pub fn from_embedded(value: SharedBytes) -> Self {
        Self::new(Origin::Embedded(value))
    }

    fn new(origin: Origin) -> Self {
        Self(Arc::new(Inner { origin, text: OnceLock::new(), value: OnceLock::new() }))
    }

    /// Returns the JSON text.
    pub fn text(&self) -> &str {
        self.0.text.get_or_init(|| match (&self.0.origin, self.0.value.get()) {
            (Origin::Literal(literal), _) => decode_literal(literal).into(),
            (Origin::Embedded(text), _) => String::from_utf8_lossy(text).into(),
            (_, Some(Ok(value))) => value.to_string().into(),
            (_, _) => "".into(),
        })
    }

    /// Returns the parsed document.
    pub fn value(&self) -> Result<&Value, &PayloadError> {
        self.0.value.get_or_init(|| serde_json::from_str(self.text()).map_err(PayloadError::from)).as_ref()
    }

    /// Returns the size AWS counts against its limits: bytes of the UTF-8 text.
    pub fn size(&self) -> usize {
        self.text().len()
    }

    /// Tells whether the text takes more than so many bytes; a value is not printed as long as a glance is enough.
    pub fn exceeds(&self, limit: usize) -> bool {
        let value = match (self.0.text.get(), self.0.value.get()) {
            (None, Some(Ok(value))) => value,
            _ => return self.size() > limit,
        };
        widest(value, limit).is_none() && self.size() > limit
    }

    /// Returns a number of bytes that the text does not exceed, without printing a value or decoding a literal.
    pub fn most_bytes(&self) -> usize {
        match (self.0.text.get(), self.0.value.get(), &self.0.origin) {
            (None, Some(Ok(value)), _) => most(value),
            // Every escape is longer than what it stands for; a byte that is no UTF-8 becomes three.
            (None, _, Origin::Literal(literal)) => literal.len().saturating_mul(3),
            _ => self.size(),
        }
    }

    /// Tells whether the document this came from held a bare value where AWS has a string.
    pub fn is_embedded(&self) -> bool {
        matches!(self.0.origin, Origin::Embedded(_))
    }

    /// Tells whether two payloads are one and the same, without looking at their text.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Takes the most bytes a value's text may need from `room` and returns what is left; `None` once that is not enough.
fn widest(value: &Value, room: usize) -> Option<usize> {
    match value {
        Value::Null | Value::Bool(_) => room.checked_sub(5),
        Value::Number(_) => room.checked_sub(25),
        Value::String(text) => room.checked_sub(2 + 6 * text.len()),
        Value::Array(items) => {
            items.iter().try_fold(room.checked_sub(2)?, |room, item| widest(item, room)?.checked_sub(1))
        }
        Value::Object(members) => members.iter().try_fold(room.checked_sub(2)?, |room, (name, member)| {
            widest(member, room.checked_sub(4 + 6 * name.len())?)
        }),
    }
}

/// Returns the most bytes a value's text may need.
fn most(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 25,
        Value::String(text) => 2 + 6 * text.len(),
        Value::Array(items) => items.iter().fold(2, |sum, item| sum + 1 + most(item)),
        Value::Object(members) => members.iter().fold(2, |sum, (name, member)| sum + 4 + 6 * name.len() + most(member)),
    }
}

/// Returns the text of a JSON string literal. Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
pub(crate) fn decode_literal(literal: &[u8]) -> String {
    if let Ok(text) = serde_json::from_slice::<String>(literal) {
        return text;
    }
    let inner = literal.strip_prefix(b"\"").unwrap_or(literal);
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    let source = String::from_utf8_lossy(inner);
    let mut text = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(decode_escape(&mut chars)),
            c => text.push(c),
        }
    }
    text
}

fn decode_escape(chars: &mut std::str::Chars<'_>) -> char {
    match chars.next() {
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => decode_unicode(chars),
        Some(other) => other,
        None => char::REPLACEMENT_CHARACTER,
    }
}

fn decode_unicode(chars: &mut std::str::Chars<'_>) -> char {
    let unit = |chars: &mut std::str::Chars<'_>| {
        let hex = chars.as_str().get(..4)?;
        let unit = u16::from_str_radix(hex, 16).ok()?;
        *chars = chars.as_str().get(4..)?.chars();
        Some(unit)
    };
    let Some(first) = unit(chars) else { return char::REPLACEMENT_CHARACTER };
    if let Some(c) = char::from_u32(first.into()) {
        return c;
    }
    let mut ahead = chars.clone();
    if ahead.next() == Some('\\')
        && ahead.next() == Some('u')
        && let Some(second) = unit(&mut ahead)
        && let Some(Ok(c)) = char::decode_utf16([first, second]).next()
    {
        *chars = ahead;
        return c;
    }
    char::REPLACEMENT_CHARACTER
}

impl From<serde_json::Error> for PayloadError {
    fn from(error: serde_json::Error) -> Self {
        let reason = error.to_string();
        let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason).to_owned();
        Self { line: error.line(), column: error.column(), reason }
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not JSON at line {} column {}: {}", self.line, self.column, self.reason)
    }
}

impl std::error::Error for PayloadError {}

/// Payloads are equal when their texts are, byte for byte.
impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.text() == other.text()
    }
}

impl Eq for Payload {}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({:?})", self.text())
    }
}

/// Writes the payload the way it was received: as a string, or as a bare value.
impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_embedded() {
            let raw: &RawValue = serde_json::from_str(self.text()).map_err(S::Error::custom)?;
            return raw.serialize(serializer);
        }
        serializer.serialize_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_is_decoded_on_demand() {
        for (literal, text) in [
            (r#""""#, ""),
            (r#""{\"a\":1}""#, r#"{"a":1}"#),
            (r#""\u00e9\ud83d\ude00\n""#, "é😀\n"),
            (r#""\ud83d x""#, "\u{fffd} x"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\u12""#, "\u{fffd}12"),
        ] {
            let payload = Payload::from_literal(SharedBytes::new(literal.as_bytes()));
            assert_eq!(payload.text(), text, "{literal}");
        }
    }

    #[test]
    fn text_is_kept_and_parsed_once() {
        let payload = Payload::from_text("[1,  2]");
        assert_eq!(payload.value().unwrap(), &serde_json::json!([1, 2]));
        assert_eq!(payload.text(), "[1,  2]");
        assert_eq!(Payload::from_value(serde_json::json!({"b": 1, "a": 2.0})).text(), r#"{"b":1,"a":2.0}"#);
    }

    #[test]
    fn text_that_is_not_json_says_where() {
        let payload = Payload::from_text("{\"a\":\n  nope}");
        let error = payload.value().unwrap_err();
        assert_eq!((error.line, error.column), (2, 4));
        assert_eq!(payload.text(), "{\"a\":\n  nope}");
    }

    #[test]
    fn size_is_judged_by_the_text() {
        let value = serde_json::json!({"a": ["\u{1}\u{1}", 1, null]});
        let size = value.to_string().len();
        for (limit, exceeded) in [(size - 1, true), (size, false), (1_000, false), (0, true)] {
            assert_eq!(Payload::from_value(value.clone()).exceeds(limit), exceeded, "{limit}");
            assert_eq!(Payload::from_text(value.to_string()).exceeds(limit), exceeded, "{limit}");
        }
    }

    #[test]
    fn embedded_value_is_written_bare() {
        let payload = Payload::from_embedded(SharedBytes::new(br#"{"a": [1]}"#));
        assert_eq!(serde_json::to_string(&payload).unwrap(), r#"{"a": [1]}"#);
        assert_eq!(serde_json::to_string(&Payload::from_text("{}")).unwrap(), r#""{}""#);
    }
}
