//! Whether a mocked result could be what a service gives.

use super::Comparison;
use super::table::{Kind, Shape};
use serde_json::{Map, Value};
use std::fmt;

/// Why a mocked result could not be what a service gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MockMismatch {
    /// The member as Step Functions writes it, without what it stands in.
    pub field: String,
    /// What is wrong with it.
    pub problem: MismatchKind,
}

/// What is wrong with a member of a mocked result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MismatchKind {
    /// It is required, and not there.
    Missing,
    /// It is of another type; what it must be, with its article.
    Type(&'static str),
    /// It is none of the texts it can be.
    NotExpected,
    /// It has too few characters, bytes or items.
    TooShort,
    /// It has too many.
    TooLong,
    /// The number is too small.
    TooSmall,
    /// The number is too large.
    TooLarge,
}

/// AWS's sentence behind `Mock result schema validation error: `.
impl fmt::Display for MockMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match self.problem {
            MismatchKind::Missing => write!(f, "Required field '{field}' is missing"),
            MismatchKind::Type(expected) => write!(f, "Field '{field}' must be {expected}"),
            MismatchKind::NotExpected => write!(f, "Field '{field}' is not an expected value"),
            MismatchKind::TooShort => write!(f, "Field '{field}' is smaller than the minimum length"),
            MismatchKind::TooLong => write!(f, "Field '{field}' exceeds the maximum length"),
            MismatchKind::TooSmall => write!(f, "Field '{field}' is less than the minimum value"),
            MismatchKind::TooLarge => write!(f, "Field '{field}' exceeds the maximum value"),
        }
    }
}

/// Compares a result with the structure a call gives. Members that the structure does not have are let through.
pub(super) fn check(output: &Shape<'_>, result: &Value, comparison: Comparison) -> Result<(), MockMismatch> {
    match result {
        Value::Object(members) => structure(*output, members, comparison),
        _ => Ok(()),
    }
}

fn mismatch(field: &str, problem: MismatchKind) -> MockMismatch {
    MockMismatch { field: field.to_owned(), problem }
}

fn structure(shape: Shape<'_>, members: &Map<String, Value>, comparison: Comparison) -> Result<(), MockMismatch> {
    for member in shape.members() {
        let name = member.name;
        // Acronyms within a name are written in different ways by the SDKs.
        let found = members.get_key_value(name).or_else(|| {
            members.iter().find(|(key, _)| key.get(..1) == name.get(..1) && key.eq_ignore_ascii_case(name))
        });
        match found {
            Some((name, given)) => value(member.shape, name, given, comparison)?,
            None if member.required && comparison == Comparison::Strict => {
                return Err(mismatch(name, MismatchKind::Missing));
            }
            None => {}
        }
    }
    Ok(())
}

fn value(shape: Shape<'_>, name: &str, value: &Value, comparison: Comparison) -> Result<(), MockMismatch> {
    match (shape.kind(), value) {
        (Kind::Any, _) | (_, Value::Null) => Ok(()),
        (Kind::Text | Kind::Bytes, Value::String(text)) => self::text(shape, name, text),
        (Kind::Time, Value::String(_)) | (Kind::Flag, Value::Bool(_)) => Ok(()),
        (Kind::Text | Kind::Bytes | Kind::Time, _) => Err(mismatch(name, MismatchKind::Type("a string"))),
        (Kind::Whole | Kind::Decimal, Value::Number(number)) => {
            let number = number.as_f64().unwrap_or_default();
            let (least, most) = shape.bounds();
            within(number, (least, most), name, (MismatchKind::TooSmall, MismatchKind::TooLarge))
        }
        (Kind::Whole | Kind::Decimal, _) => Err(mismatch(name, MismatchKind::Type("a number"))),
        (Kind::Flag, _) => Err(mismatch(name, MismatchKind::Type("a boolean"))),
        (Kind::List, Value::Array(items)) => {
            length(items.len(), shape, name)?;
            let Some(inner) = shape.inner() else { return Ok(()) };
            items.iter().try_for_each(|item| self::value(inner, name, item, comparison))
        }
        (Kind::List, _) => Err(mismatch(name, MismatchKind::Type("an array"))),
        (Kind::Map, Value::Object(members)) => {
            let Some(inner) = shape.inner() else { return Ok(()) };
            members.iter().try_for_each(|(key, item)| self::value(inner, key, item, comparison))
        }
        (Kind::Structure, Value::Object(members)) => structure(shape, members, comparison),
        (Kind::Map | Kind::Structure, _) => Err(mismatch(name, MismatchKind::Type("an object"))),
    }
}

fn text(shape: Shape<'_>, name: &str, text: &str) -> Result<(), MockMismatch> {
    if let Some(mut choices) = shape.choices() {
        return match choices.any(|choice| choice == text) {
            true => Ok(()),
            false => Err(mismatch(name, MismatchKind::NotExpected)),
        };
    }
    length(text.chars().count(), shape, name)
}

fn length(length: usize, shape: Shape<'_>, name: &str) -> Result<(), MockMismatch> {
    #[expect(clippy::cast_precision_loss, reason = "nobody mocks a text of 2^53 characters")]
    within(length as f64, shape.bounds(), name, (MismatchKind::TooShort, MismatchKind::TooLong))
}

fn within(
    amount: f64,
    (least, most): (Option<f64>, Option<f64>),
    name: &str,
    (below, above): (MismatchKind, MismatchKind),
) -> Result<(), MockMismatch> {
    if least.is_some_and(|least| amount < least) {
        return Err(mismatch(name, below));
    }
    if most.is_some_and(|most| amount > most) {
        return Err(mismatch(name, above));
    }
    Ok(())
}
