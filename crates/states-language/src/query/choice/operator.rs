//! The comparison operators and what they compare.

use super::timestamp::Timestamp;
use crate::query::path::Path;
use serde_json::Value;
use std::cmp::Ordering;

/// What the operators of one name prefix compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Text,
    Number,
    Timestamp,
    Boolean,
}

/// A value as one family reads it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Comparable {
    Text(String),
    Number(f64),
    Timestamp(Timestamp),
    Boolean(bool),
}

/// The right side of a comparison.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Constant(Comparable),
    Path(Path),
}

/// How two values of a family have to be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comparison {
    family: Family,
    relation: Relation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

/// A type that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Numeric,
    Text,
    Boolean,
    Timestamp,
}

/// What an operator's name asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Present,
    Kind(Kind),
    Matches,
    Compare(Comparison),
    ComparePath(Comparison),
}

/// The operators by name.
pub(super) const OPERATORS: [(&str, Operator); 39] = {
    use Family::{Number, Text, Timestamp};
    use Operator::{Compare, ComparePath};
    use Relation::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    const fn of(family: Family, relation: Relation) -> Comparison {
        Comparison { family, relation }
    }
    [
        ("StringEquals", Compare(of(Text, Equals))),
        ("StringEqualsPath", ComparePath(of(Text, Equals))),
        ("StringLessThan", Compare(of(Text, LessThan))),
        ("StringLessThanPath", ComparePath(of(Text, LessThan))),
        ("StringGreaterThan", Compare(of(Text, GreaterThan))),
        ("StringGreaterThanPath", ComparePath(of(Text, GreaterThan))),
        ("StringLessThanEquals", Compare(of(Text, LessThanEquals))),
        ("StringLessThanEqualsPath", ComparePath(of(Text, LessThanEquals))),
        ("StringGreaterThanEquals", Compare(of(Text, GreaterThanEquals))),
        ("StringGreaterThanEqualsPath", ComparePath(of(Text, GreaterThanEquals))),
        ("StringMatches", Operator::Matches),
        ("NumericEquals", Compare(of(Number, Equals))),
        ("NumericEqualsPath", ComparePath(of(Number, Equals))),
        ("NumericLessThan", Compare(of(Number, LessThan))),
        ("NumericLessThanPath", ComparePath(of(Number, LessThan))),
        ("NumericGreaterThan", Compare(of(Number, GreaterThan))),
        ("NumericGreaterThanPath", ComparePath(of(Number, GreaterThan))),
        ("NumericLessThanEquals", Compare(of(Number, LessThanEquals))),
        ("NumericLessThanEqualsPath", ComparePath(of(Number, LessThanEquals))),
        ("NumericGreaterThanEquals", Compare(of(Number, GreaterThanEquals))),
        ("NumericGreaterThanEqualsPath", ComparePath(of(Number, GreaterThanEquals))),
        ("BooleanEquals", Compare(of(Family::Boolean, Equals))),
        ("BooleanEqualsPath", ComparePath(of(Family::Boolean, Equals))),
        ("TimestampEquals", Compare(of(Timestamp, Equals))),
        ("TimestampEqualsPath", ComparePath(of(Timestamp, Equals))),
        ("TimestampLessThan", Compare(of(Timestamp, LessThan))),
        ("TimestampLessThanPath", ComparePath(of(Timestamp, LessThan))),
        ("TimestampGreaterThan", Compare(of(Timestamp, GreaterThan))),
        ("TimestampGreaterThanPath", ComparePath(of(Timestamp, GreaterThan))),
        ("TimestampLessThanEquals", Compare(of(Timestamp, LessThanEquals))),
        ("TimestampLessThanEqualsPath", ComparePath(of(Timestamp, LessThanEquals))),
        ("TimestampGreaterThanEquals", Compare(of(Timestamp, GreaterThanEquals))),
        ("TimestampGreaterThanEqualsPath", ComparePath(of(Timestamp, GreaterThanEquals))),
        ("IsNull", Operator::Kind(Kind::Null)),
        ("IsPresent", Operator::Present),
        ("IsNumeric", Operator::Kind(Kind::Numeric)),
        ("IsString", Operator::Kind(Kind::Text)),
        ("IsBoolean", Operator::Kind(Kind::Boolean)),
        ("IsTimestamp", Operator::Kind(Kind::Timestamp)),
    ]
};

impl Comparison {
    pub(super) fn family(self) -> Family {
        self.family
    }

    /// Tells whether a value stands in this relation to another; one of another type does not.
    pub(super) fn holds(self, value: &Value, other: &Comparable) -> bool {
        let order = match (self.family, value, other) {
            // Texts are ordered by UTF-16 units, as Java does.
            (Family::Text, Value::String(text), Comparable::Text(other)) => {
                Some(if text == other { Ordering::Equal } else { text.encode_utf16().cmp(other.encode_utf16()) })
            }
            (Family::Number, Value::Number(number), Comparable::Number(other)) => {
                number.as_f64().and_then(|number| number.partial_cmp(other))
            }
            (Family::Boolean, Value::Bool(value), Comparable::Boolean(other)) => Some(value.cmp(other)),
            (Family::Timestamp, Value::String(text), Comparable::Timestamp(other)) => {
                Timestamp::parse(text).map(|timestamp| timestamp.cmp(other))
            }
            _ => None,
        };
        order.is_some_and(|order| match self.relation {
            Relation::Equals => order.is_eq(),
            Relation::LessThan => order.is_lt(),
            Relation::GreaterThan => order.is_gt(),
            Relation::LessThanEquals => order.is_le(),
            Relation::GreaterThanEquals => order.is_ge(),
        })
    }
}

impl Family {
    /// Returns a value as this family compares it; nothing when it is of another type.
    pub(super) fn read(self, value: &Value) -> Option<Comparable> {
        match (self, value) {
            (Self::Text, Value::String(text)) => Some(Comparable::Text(text.clone())),
            (Self::Number, Value::Number(number)) => number.as_f64().map(Comparable::Number),
            (Self::Boolean, Value::Bool(value)) => Some(Comparable::Boolean(*value)),
            (Self::Timestamp, Value::String(text)) => Timestamp::parse(text).map(Comparable::Timestamp),
            _ => None,
        }
    }

    /// Returns what a constant has to be, in words.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Number => "a number",
            Self::Timestamp => "a timestamp such as 2024-01-31T12:00:00Z",
            Self::Boolean => "a boolean",
        }
    }
}

impl Kind {
    pub(super) fn is(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Numeric => value.is_number(),
            Self::Text => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Timestamp => value.as_str().and_then(Timestamp::parse).is_some(),
        }
    }
}
