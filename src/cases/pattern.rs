//! Patterns: JSON in which some values are not given but described.
//!
//! An object whose only member is one of these describes the value in its place:
//!
//! | pattern | what matches |
//! |---|---|
//! | `{"$match": "uuid"}` | a value of that kind, see [`Kind`] |
//! | `{"$match": "/^ch_/"}` | a text in which the regular expression is found |
//! | `{"$contains": …}` | an object with at least these members, a list with at least these items in this order, a text with this part |
//! | `{"$literal": …}` | exactly this value, also if it looks like a pattern |

use crate::event::Timestamp;
use crate::json::{At, Step, Value};
use regex::Regex;
use serde_json::{Map, json};
use std::fmt;

/// A value that is expected, or what is known about it.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// A value without parts, or one that is taken as it is.
    Value(Value),
    /// An object with these members and no others.
    Object(Vec<(String, Pattern)>),
    /// A list of these items.
    List(Vec<Pattern>),
    /// Any value of a kind.
    Kind(Kind),
    /// A text in which this is found.
    Found(Regex),
    /// A value that holds at least this.
    Contains(Box<Pattern>),
}

/// The kinds of values that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any value.
    Any,
    /// A text.
    String,
    /// A number.
    Number,
    /// A number without a fraction.
    Integer,
    /// True or false.
    Boolean,
    /// An object.
    Object,
    /// A list.
    Array,
    /// A text such as `5f3c1b1e-8a37-4b0e-9d2c-0f4f6f1e2a3b`.
    Uuid,
    /// A time as ISO 8601 writes it.
    Timestamp,
    /// An Amazon Resource Name.
    Arn,
}

const KINDS: [(&str, Kind); 10] = [
    ("any", Kind::Any),
    ("string", Kind::String),
    ("number", Kind::Number),
    ("integer", Kind::Integer),
    ("boolean", Kind::Boolean),
    ("object", Kind::Object),
    ("array", Kind::Array),
    ("uuid", Kind::Uuid),
    ("timestamp", Kind::Timestamp),
    ("arn", Kind::Arn),
];

/// Why something that looks like a pattern is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError(String);

/// How a value does not match: where, what was expected there and what was there, both in words.
pub(super) struct Miss {
    pub at: At,
    pub expected: String,
    pub actual: String,
}

/// So much of a value is shown in a message, in characters.
const SHOWN: usize = 200;

impl Kind {
    /// Tells whether a value is of this kind.
    pub fn holds(self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Self::Any => true,
            Self::String => text.is_some(),
            Self::Number => value.is_number(),
            Self::Integer => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|it| it.fract() == 0.0),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::Uuid => text.is_some_and(is_uuid),
            Self::Timestamp => text.is_some_and(|text| Timestamp::parse_iso(text).is_some()),
            Self::Arn => text.is_some_and(is_arn),
        }
    }

    /// Returns the narrowest kind that two values have in common.
    pub fn of_both(one: &Value, other: &Value) -> Self {
        let narrow = [
            Self::Uuid,
            Self::Timestamp,
            Self::Arn,
            Self::String,
            Self::Integer,
            Self::Number,
            Self::Boolean,
            Self::Object,
            Self::Array,
        ];
        narrow.into_iter().find(|kind| kind.holds(one) && kind.holds(other)).unwrap_or(Self::Any)
    }

    /// Returns the word that stands for it.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("any", |(name, _)| name)
    }

    /// Returns the pattern as it is written.
    pub fn written(self) -> Value {
        json!({ "$match": self.name() })
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut parts = text.split('-');
    lengths.iter().all(|length| {
        parts.next().is_some_and(|part| part.len() == *length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }) && parts.next().is_none()
}

fn is_arn(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    parts.next() == Some("arn")
        && parts.next().is_some_and(|part| !part.is_empty())
        && parts.next().is_some_and(|part| !part.is_empty())
        && parts.nth(2).is_some_and(|part| !part.is_empty())
}

/// Returns the name and the value of what may be a pattern: of an object with one member that begins with `$`.
fn described(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, value) = members.iter().next().filter(|_| members.len() == 1)?;
    matches!(name.as_str(), "$match" | "$contains" | "$literal").then_some((name, value))
}

impl Pattern {
    /// Reads a pattern.
    pub fn read(value: &Value) -> Result<Self, PatternError> {
        match value {
            Value::Array(items) => Ok(Self::List(items.iter().map(Self::read).collect::<Result<_, _>>()?)),
            Value::Object(members) => match described(members) {
                Some(("$match", what)) => Self::of_word(what),
                Some(("$contains", part)) => Ok(Self::Contains(Box::new(Self::read(part)?))),
                Some((_, literal)) => Ok(Self::Value(literal.clone())),
                None => {
                    let member = |(name, value): (&String, &Value)| Ok((name.clone(), Self::read(value)?));
                    Ok(Self::Object(members.iter().map(member).collect::<Result<_, _>>()?))
                }
            },
            value => Ok(Self::Value(value.clone())),
        }
    }

    fn of_word(what: &Value) -> Result<Self, PatternError> {
        let known = || KINDS.map(|(name, _)| name).join(", ");
        let error = || PatternError(format!("\"$match\": {what} is not known; it is one of {} or /…/", known()));
        let word = what.as_str().ok_or_else(error)?;
        if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == word) {
            return Ok(Self::Kind(*kind));
        }
        let inner = word.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).ok_or_else(error)?;
        Regex::new(inner).map(Self::Found).map_err(|reason| {
            let reason = reason.to_string();
            let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            PatternError(format!("\"$match\": {what} is not a regular expression: {last}"))
        })
    }

    /// Tells whether a value matches.
    pub fn matches(&self, value: &Value) -> bool {
        let mut misses = Vec::new();
        self.compare(value, &At::default(), &mut misses);
        misses.is_empty()
    }

    /// Collects how a value does not match.
    pub(super) fn compare(&self, value: &Value, at: &At, misses: &mut Vec<Miss>) {
        let step = |step: Step| at.clone().join(&[step]);
        match (self, value) {
            (Self::Object(members), Value::Object(actual)) => {
                for (name, pattern) in members {
                    let at = step(Step::Member(name.as_str().into()));
                    match actual.get(name) {
                        Some(value) => pattern.compare(value, &at, misses),
                        None => misses.push(Miss { at, expected: pattern.to_string(), actual: "missing".to_owned() }),
                    }
                }
                let more = actual.iter().filter(|(name, _)| !members.iter().any(|(known, _)| known == *name));
                misses.extend(more.map(|(name, value)| Miss {
                    at: step(Step::Member(name.as_str().into())),
                    expected: "nothing".to_owned(),
                    actual: shown(value),
                }));
            }
            (Self::List(items), Value::Array(actual)) => {
                for (index, pattern) in items.iter().enumerate() {
                    let at = step(Step::Item(index));
                    match actual.get(index) {
                        Some(value) => pattern.compare(value, &at, misses),
                        None => misses.push(Miss { at, expected: pattern.to_string(), actual: "missing".to_owned() }),
                    }
                }
                misses.extend(actual.iter().enumerate().skip(items.len()).map(|(index, value)| Miss {
                    at: step(Step::Item(index)),
                    expected: "nothing".to_owned(),
                    actual: shown(value),
                }));
            }
            (Self::Contains(part), value) => part.within(value, at, misses),
            (pattern, value) if pattern.is_met(value) => {}
            (pattern, value) => {
                misses.push(Miss { at: at.clone(), expected: pattern.to_string(), actual: shown(value) });
            }
        }
    }

    /// Tells of a pattern without parts whether a value meets it.
    fn is_met(&self, value: &Value) -> bool {
        match self {
            Self::Value(expected) => is_same(expected, value),
            Self::Kind(kind) => kind.holds(value),
            Self::Found(regex) => value.as_str().is_some_and(|text| regex.is_match(text)),
            Self::Object(_) | Self::List(_) | Self::Contains(_) => false,
        }
    }

    /// Collects what of this a value does not hold.
    fn within(&self, value: &Value, at: &At, misses: &mut Vec<Miss>) {
        match (self, value) {
            (Self::Object(members), Value::Object(actual)) => {
                for (name, pattern) in members {
                    let at = at.clone().join(&[Step::Member(name.as_str().into())]);
                    match actual.get(name) {
                        Some(value) => pattern.within(value, &at, misses),
                        None => misses.push(Miss { at, expected: pattern.to_string(), actual: "missing".to_owned() }),
                    }
                }
            }
            (Self::List(items), Value::Array(actual)) => {
                let mut left = actual.iter();
                for pattern in items {
                    let fits = |value: &Value| {
                        let mut inside = Vec::new();
                        pattern.within(value, at, &mut inside);
                        inside.is_empty()
                    };
                    if !left.by_ref().any(fits) {
                        let expected = format!("an item {pattern}, in this order");
                        misses.push(Miss { at: at.clone(), expected, actual: shown(value) });
                        return;
                    }
                }
            }
            (Self::Value(Value::String(part)), Value::String(text)) if text.contains(part.as_str()) => {}
            (Self::Value(Value::String(part)), Value::String(_)) => {
                let expected = format!("a text with {}", Value::from(part.as_str()));
                misses.push(Miss { at: at.clone(), expected, actual: shown(value) });
            }
            (pattern, value) => pattern.compare(value, at, misses),
        }
    }
}

/// Tells whether two values are the same: members in any order, numbers by their value.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(left), Value::Number(right)) => {
            let whole = [left, right].map(|it| it.as_i64().map(i128::from).or(it.as_u64().map(i128::from)));
            match whole {
                [Some(left), Some(right)] => left == right,
                _ => left.as_f64() == right.as_f64(),
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| is_same(value, other)))
        }
        (one, other) => one == other,
    }
}

/// Returns a value as it is shown in messages, cut if it is long.
pub(super) fn shown(value: &Value) -> String {
    cut(&value.to_string())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Returns a value as a pattern that matches it and nothing else: what looks like a pattern is marked as none.
pub fn literally(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(literally).collect(),
        Value::Object(members) if described(members).is_some() => json!({ "$literal": value }),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), literally(value))).collect())
        }
        value => value.clone(),
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => f.write_str(&shown(value)),
            Self::Kind(Kind::Any) => f.write_str("any value"),
            Self::Kind(kind) => write!(f, "a value of kind {}", kind.name()),
            Self::Found(regex) => write!(f, "a text that matches /{}/", regex.as_str()),
            Self::Contains(part) => write!(f, "something with {part}"),
            Self::Object(members) => {
                let told = members.iter().map(|(name, it)| format!("{}:{it}", Value::from(name.as_str())));
                f.write_str(&cut(&format!("{{{}}}", told.collect::<Vec<_>>().join(","))))
            }
            Self::List(items) => {
                let told = items.iter().map(ToString::to_string).collect::<Vec<_>>();
                f.write_str(&cut(&format!("[{}]", told.join(","))))
            }
        }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PatternError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn misses(pattern: &Value, value: &Value) -> Vec<String> {
        let mut misses = Vec::new();
        Pattern::read(pattern).unwrap().compare(value, &At::default(), &mut misses);
        misses.iter().map(|miss| format!("{}: {} / {}", miss.at, miss.expected, miss.actual)).collect()
    }

    #[test]
    fn values_match_by_kind_by_part_or_as_they_are() {
        let uuid = "5f3c1b1e-8a37-4b0e-9d2c-0f4f6f1e2a3b";
        for (pattern, value, fits) in [
            (json!({"a": 1, "b": [2]}), json!({"b": [2.0], "a": 1}), true),
            (json!({"a": 1}), json!({"a": 1, "b": 2}), false),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64), false),
            (json!({"$match": "uuid"}), json!(uuid), true),
            (json!({"$match": "uuid"}), json!("5f3c1b1e-8a37-4b0e-9d2c-0f4f6f1e2a3"), false),
            (json!({"$match": "timestamp"}), json!("2026-01-02T03:04:05.678Z"), true),
            (json!({"$match": "timestamp"}), json!("yesterday"), false),
            (json!({"$match": "arn"}), json!("arn:aws:states:eu-west-1:1:execution:A:b"), true),
            (json!({"$match": "integer"}), json!(1.5), false),
            (json!({"$match": "any"}), json!(null), true),
            (json!({"$match": "/^ch_[0-9]+$/"}), json!("ch_12"), true),
            (json!({"$match": "/^ch_[0-9]+$/"}), json!("ch_x"), false),
            (json!({"$contains": {"a": {"b": 1}}}), json!({"a": {"b": 1, "c": 2}, "d": 3}), true),
            (json!({"$contains": [1, 3]}), json!([1, 2, 3]), true),
            (json!({"$contains": [3, 1]}), json!([1, 2, 3]), false),
            (json!({"$contains": "rate"}), json!("rate exceeded"), true),
            (json!({"$literal": {"$match": "uuid"}}), json!({"$match": "uuid"}), true),
            (json!({"$literal": {"$match": "uuid"}}), json!(uuid), false),
            (json!({"$match": "uuid", "more": 1}), json!({"$match": "uuid", "more": 1}), true),
        ] {
            assert_eq!(misses(&pattern, &value).is_empty(), fits, "{pattern} {value}");
            assert!(Pattern::read(&literally(&value)).unwrap().matches(&value), "{value}");
        }
    }

    #[test]
    fn a_miss_is_told_with_its_place() {
        let pattern = json!({"total": 12, "items": [{"id": {"$match": "uuid"}}], "left": true});
        let value = json!({"total": 13, "items": [{"id": "x"}, 2], "new": null});
        assert_eq!(
            misses(&pattern, &value),
            [
                "$.total: 12 / 13",
                "$.items[0].id: a value of kind uuid / \"x\"",
                "$.items[1]: nothing / 2",
                "$.left: true / missing",
                "$.new: nothing / null"
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_pattern_is_told() {
        for (pattern, reason) in [
            (json!({"$match": "uid"}), "\"uid\" is not known"),
            (json!({"$match": 1}), "1 is not known"),
            (json!([{"$match": "/(/"}]), "is not a regular expression"),
        ] {
            let error = Pattern::read(&pattern).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
