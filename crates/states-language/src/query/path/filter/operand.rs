//! The two sides of a comparison: as written, and as values.

use super::super::evaluate::Stop;
use super::super::loose;
use super::super::step::Query;
use crate::query::budget::Budget;
use crate::query::java;
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// One side of a comparison, as written.
#[derive(Debug, Clone)]
pub(in super::super) enum Operand {
    Path(Query),
    Null,
    Bool(bool),
    Text(String),
    Number(Decimal<'static>),
    /// An array or object as text, and as a value if it is JSON.
    Json(Box<str>, Option<Value>),
    Pattern(Regex),
}

/// One side of a comparison, as a value.
#[derive(Debug, Clone)]
pub(super) enum Node<'n> {
    /// A path that selects nothing; equal to nothing, not even to another one.
    Undefined,
    Null,
    Bool(bool),
    Text(Cow<'n, str>),
    Number(Decimal<'n>),
    /// An array or object of the document.
    Json(Cow<'n, Value>),
    /// An array or object written into the filter.
    Literal(&'n str, Option<&'n Value>),
    Pattern(&'n Regex),
    /// An element of a list that looks like a path, which Jayway finds equal to nothing.
    PathLike,
}

impl Operand {
    /// Returns an array or object written into a filter.
    pub(super) fn literal(text: &str) -> Self {
        Self::Json(text.into(), loose::json(text))
    }

    pub(super) fn evaluate<'n>(&'n self, item: &'n Value, root: &'n Value, budget: &Budget) -> Result<Node<'n>, Stop> {
        Ok(match self {
            Self::Path(path) => {
                let from = if path.from_root { root } else { item };
                match path.select(from, root, budget) {
                    Ok(value) => Node::of(value),
                    Err(stop) if stop.is_not_found() => Node::Undefined,
                    Err(stop) => return Err(stop.without_place()),
                }
            }
            Self::Null => Node::Null,
            Self::Bool(value) => Node::Bool(*value),
            Self::Text(text) => Node::Text(Cow::Borrowed(text)),
            Self::Number(number) => Node::Number(number.borrowed()),
            Self::Json(text, value) => Node::Literal(text, value.as_ref()),
            Self::Pattern(pattern) => Node::Pattern(pattern),
        })
    }
}

impl<'n> Node<'n> {
    fn of(value: Cow<'n, Value>) -> Self {
        match value {
            Cow::Borrowed(Value::String(text)) => Self::Text(Cow::Borrowed(text)),
            Cow::Owned(Value::String(text)) => Self::Text(Cow::Owned(text)),
            Cow::Borrowed(Value::Number(number)) => Self::Number(Decimal::of(Cow::Borrowed(number))),
            Cow::Owned(Value::Number(number)) => Self::Number(Decimal::of(Cow::Owned(number))),
            value => match value.as_ref() {
                Value::Null => Self::Null,
                Value::Bool(boolean) => Self::Bool(*boolean),
                _ => Self::Json(value),
            },
        }
    }

    /// Returns the array or object this is.
    pub(super) fn json(&self) -> Option<Result<&Value, Stop>> {
        match self {
            Self::Json(value) => Some(Ok(value)),
            Self::Literal(_, value) => Some(value.ok_or(Stop::Failed("an operand is no JSON"))),
            _ => None,
        }
    }

    /// Returns the elements of an array, each of which a comparison understands; nothing for an object.
    ///
    /// Elements that are arrays or objects themselves cannot be compared, as in Jayway.
    pub(super) fn list(&self, budget: &Budget) -> Result<Option<Vec<Node<'_>>>, Stop> {
        let value = self.json().ok_or(Stop::Refused)??;
        let Value::Array(items) = value else { return Ok(None) };
        budget.spend(items.len())?;
        items.iter().map(Node::element).collect::<Result<_, _>>().map(Some)
    }

    fn element(value: &'n Value) -> Result<Self, Stop> {
        match value {
            Value::String(text) => Ok(Self::text_element(text)),
            Value::Array(_) | Value::Object(_) => Err(Stop::Failed("Could not determine value type")),
            other => Ok(Self::of(Cow::Borrowed(other))),
        }
    }

    /// Text in a list is read once more: as a path, as JSON, or with its quotes taken off.
    fn text_element(text: &'n str) -> Self {
        let trimmed = text.trim();
        if trimmed.starts_with(['$', '@']) && super::super::parse::path(trimmed, 1).is_ok() {
            return Self::PathLike;
        }
        let bracketed = trimmed.starts_with('[') && trimmed.ends_with(']')
            || trimmed.starts_with('{') && trimmed.ends_with('}') && trimmed.len() > 1;
        if bracketed && loose::json(trimmed).is_some() {
            return Self::Literal(text, None);
        }
        let unquoted = ['\'', '"'].iter().find_map(|quote| {
            let inner = text.strip_prefix(*quote)?.strip_suffix(*quote)?;
            (text.len() > 1).then_some(inner)
        });
        let text = unquoted.unwrap_or(text);
        match super::super::cursor::unescape(text) {
            Some(resolved) if text.contains('\\') => Self::Text(Cow::Owned(resolved)),
            _ => Self::Text(Cow::Borrowed(text)),
        }
    }

    /// Tells whether two values are equal; the left one decides how: a number takes text for a number, text takes a
    /// number for text.
    pub(super) fn equals(&self, other: &Node<'_>, budget: &Budget) -> Result<bool, Stop> {
        Ok(match (self, other) {
            (Self::Null, Node::Null) => true,
            (Self::Bool(left), Node::Bool(right)) => left == right,
            (Self::Text(left), Node::Text(right)) => left == right,
            (Self::Text(left), Node::Number(right)) => **left == *right.text(),
            (Self::Number(left), Node::Number(right)) => left.compare(right) == Ordering::Equal,
            (Self::Number(left), Node::Text(right)) => {
                Decimal::parse(right).is_some_and(|right| left.compare(&right) == Ordering::Equal)
            }
            (Self::Json(left), other @ (Node::Json(_) | Node::Literal(..))) => {
                let right = other.json().ok_or(Stop::Refused)??;
                budget.measure(left)?;
                budget.measure(right)?;
                left.as_ref() == right
            }
            // What is written into the filter is text to the left of `==`: it equals the same text only.
            (Self::Literal(left, None), Node::Literal(right, None)) => left == right,
            _ => false,
        })
    }

    /// Tells whether both are of the same kind, as `===` asks for.
    pub(super) fn same_kind(&self, other: &Node<'_>) -> bool {
        let kind = |node: &Node<'_>| match node {
            Node::Undefined => 0,
            Node::Null => 1,
            Node::Bool(_) => 2,
            Node::Text(_) => 3,
            Node::Number(_) => 4,
            Node::Json(_) | Node::Literal(..) => 5,
            Node::Pattern(_) => 6,
            Node::PathLike => 7,
        };
        kind(self) == kind(other)
    }

    /// Returns the text a regular expression is matched against.
    pub(super) fn searched(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => number.text(),
            Self::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            _ => Cow::Borrowed(""),
        }
    }
}

/// A number and how it was written.
#[derive(Debug, Clone)]
pub(in super::super) struct Decimal<'n> {
    number: Cow<'n, Number>,
    written: Option<Cow<'n, str>>,
}

impl<'n> Decimal<'n> {
    fn of(number: Cow<'n, Number>) -> Self {
        Self { number, written: None }
    }

    fn borrowed(&self) -> Decimal<'_> {
        Decimal { number: Cow::Borrowed(&self.number), written: self.written.as_deref().map(Cow::Borrowed) }
    }

    /// Reads a number as Java's `BigDecimal` does: no blanks, no hexadecimal, no infinity.
    pub(super) fn parse(text: &str) -> Option<Decimal<'static>> {
        let decimal = text.bytes().all(|next| matches!(next, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
        if !decimal {
            return None;
        }
        let whole = text.parse::<i64>().map(Number::from).ok();
        let number = whole.or_else(|| Number::from_f64(text.parse().ok()?))?;
        Some(Decimal { number: Cow::Owned(number), written: Some(Cow::Owned(text.to_owned())) })
    }

    pub(super) fn compare(&self, other: &Decimal<'_>) -> Ordering {
        match (whole(&self.number), whole(&other.number)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => {
                let (left, right) = (self.number.as_f64(), other.number.as_f64());
                left.partial_cmp(&right).unwrap_or(Ordering::Less)
            }
        }
    }

    /// Returns the number cut to a whole one.
    #[expect(clippy::cast_possible_truncation, reason = "Java's intValue() cuts off as well")]
    pub(super) fn truncated(&self) -> i64 {
        self.number.as_i64().unwrap_or_else(|| self.number.as_f64().unwrap_or_default() as i64)
    }

    fn text(&self) -> Cow<'_, str> {
        match &self.written {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(java::number_text(&self.number)),
        }
    }
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// A compiled regular expression; matching takes time linear in the text, whatever the expression.
#[derive(Debug, Clone)]
pub(in super::super) struct Regex(regex::Regex);

/// How large a compiled regular expression may be.
const REGEX_SIZE: usize = 1 << 20;

impl Regex {
    /// Compiles a regular expression that has to match the whole text, with Java's flags.
    pub(super) fn compile(pattern: &str, flags: &str) -> Result<Self, String> {
        // The line break ends a comment, which the flag x allows.
        let whole =
            if flags.contains('x') { format!(r"\A(?:{pattern}{}\z", "\n)") } else { format!(r"\A(?:{pattern})\z") };
        let regex = regex::RegexBuilder::new(&whole)
            .case_insensitive(flags.contains('i'))
            .ignore_whitespace(flags.contains('x'))
            .multi_line(flags.contains('m'))
            .dot_matches_new_line(flags.contains('s'))
            .size_limit(REGEX_SIZE)
            .build();
        regex.map(Self).map_err(|error| match error {
            regex::Error::Syntax(text) => text.lines().last().unwrap_or_default().trim().to_owned(),
            other => other.to_string(),
        })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
