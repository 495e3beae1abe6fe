//! The two sides of a comparison: as written, and as values.

use super::super::evaluate::{Model, Stop};
use super::super::step::Query;
use super::decimal::Decimal;
use super::regex::Regex;
use crate::query::budget::Budget;
use crate::query::java;
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// One side of a comparison, as written.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Path(Query),
    /// Text, and whether it stands in quotes. Numbers, `true` and `null` are text as well.
    Text {
        text: Box<str>,
        quoted: bool,
    },
    Pattern(Regex),
}

impl Operand {
    pub(super) fn quoted(text: &str) -> Self {
        Self::Text { text: text.into(), quoted: true }
    }

    pub(super) fn bare(text: &str) -> Self {
        Self::Text { text: text.into(), quoted: false }
    }

    /// Returns text without quotes that is not a number, `true`, `false` or `null`.
    pub(super) fn bare_word(&self) -> Option<&str> {
        match self {
            Self::Text { text, quoted: false } => {
                let known = matches!(&**text, "true" | "false" | "null") || Decimal::parse(text).is_some();
                (!known).then_some(text)
            }
            _ => None,
        }
    }

    /// Returns the value of this side; nothing when it is a path that selects nothing.
    pub(super) fn evaluate<'n>(
        &'n self,
        item: Model<'n>,
        root: &'n Value,
        budget: &Budget,
    ) -> Result<Option<Node<'n>>, Stop> {
        match self {
            Self::Path(path) => {
                let from = if path.from_root { Model::document(root) } else { item };
                match path.select(from, root, budget) {
                    Ok(value) => Ok(Some(Node::of(value))),
                    Err(Stop::Missed(_)) => Ok(None),
                    Err(stop) => Err(stop),
                }
            }
            Self::Text { text, .. } => Ok(Some(Node::Text(Cow::Borrowed(text)))),
            Self::Pattern(pattern) => Ok(Some(Node::Pattern(pattern))),
        }
    }
}

/// One side of a comparison, as a value.
#[derive(Debug, Clone)]
pub(super) enum Node<'n> {
    Null,
    Bool(bool),
    Text(Cow<'n, str>),
    Number(Numeral),
    /// What can be compared with nothing: an array, an object, an integer of more than 64 bits.
    Opaque(Cow<'n, Value>),
    Pattern(&'n Regex),
}

/// A number of a document.
#[derive(Debug, Clone, Copy)]
pub(super) enum Numeral {
    Integer(i64),
    Double(f64),
}

impl<'n> Node<'n> {
    fn of(value: Cow<'n, Value>) -> Self {
        match value {
            Cow::Borrowed(Value::String(text)) => Self::Text(Cow::Borrowed(text)),
            Cow::Owned(Value::String(text)) => Self::Text(Cow::Owned(text)),
            value => match value.as_ref() {
                Value::Null => Self::Null,
                Value::Bool(boolean) => Self::Bool(*boolean),
                Value::Number(number) => match Numeral::of(number) {
                    Some(number) => Self::Number(number),
                    None => Self::Opaque(value),
                },
                _ => Self::Opaque(value),
            },
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Tells whether this is null, or text that says so.
    pub(super) fn is_nullish(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text == "null",
            _ => false,
        }
    }

    /// Returns the text a regular expression is matched against, as Java's `toString` writes it.
    pub(super) fn text(&self, budget: &Budget) -> Result<Cow<'_, str>, Stop> {
        Ok(match self {
            Self::Null => Cow::Borrowed("null"),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.text()),
            Self::Opaque(value) => {
                budget.measure(value)?;
                Cow::Owned(java::node_text(value))
            }
            Self::Pattern(pattern) => Cow::Borrowed(pattern.text()),
        })
    }
}

impl Numeral {
    fn of(number: &Number) -> Option<Self> {
        match number.as_i64() {
            Some(integer) => Some(Self::Integer(integer)),
            None if number.is_f64() => number.as_f64().map(Self::Double),
            None => None,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Integer(integer) => integer.to_string(),
            Self::Double(double) => java::double_text(double),
        }
    }

    /// Orders two numbers by their decimal texts: an integer of 17 digits is not the double nearest to it.
    pub(super) fn order(self, other: &Self) -> Option<Ordering> {
        match (self, *other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(&right)),
            (Self::Double(left), Self::Double(right)) => left.partial_cmp(&right),
            (left, right) => Decimal::parse(&right.text()).and_then(|right| left.order_decimal(&right)),
        }
    }

    pub(super) fn order_decimal(self, other: &Decimal) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Decimal::Integer(right)) => Some(left.cmp(right)),
            (left, right) => Decimal::parse(&left.text()).map(|left| left.order(right)),
        }
    }
}
