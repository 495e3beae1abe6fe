//! The operators of filters.

use super::super::evaluate::Stop;
use super::operand::{Node, Regex};
use crate::query::budget::Budget;
use serde_json::Value;
use std::cmp::Ordering;

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Operator {
    Equal,
    NotEqual,
    Same,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In,
    NotIn,
    Contains,
    All,
    Size,
    Empty,
    Exists,
    SubsetOf,
    AnyOf,
    NoneOf,
    /// An operator that takes what cannot be written in a path, and so refuses everything.
    Never,
}

impl Operator {
    pub(super) fn named(text: &str) -> Option<Self> {
        Some(match text.to_ascii_uppercase().as_str() {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "===" => Self::Same,
            "!==" => Self::NotSame,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "=~" => Self::Matches,
            "IN" => Self::In,
            "NIN" => Self::NotIn,
            "CONTAINS" => Self::Contains,
            "ALL" => Self::All,
            "SIZE" => Self::Size,
            "EMPTY" => Self::Empty,
            "EXISTS" => Self::Exists,
            "SUBSETOF" => Self::SubsetOf,
            "ANYOF" => Self::AnyOf,
            "NONEOF" => Self::NoneOf,
            "TYPE" | "MATCHES" => Self::Never,
            _ => return None,
        })
    }

    pub(super) fn holds(self, left: &Node<'_>, right: &Node<'_>, budget: &Budget) -> Result<bool, Stop> {
        match self {
            Self::Equal => left.equals(right, budget),
            Self::NotEqual => left.equals(right, budget).map(|equal| !equal),
            Self::Same => Ok(left.same_kind(right) && left.equals(right, budget)?),
            Self::NotSame => Ok(!(left.same_kind(right) && left.equals(right, budget)?)),
            Self::Less => Ok(order(left, right) == Some(Ordering::Less)),
            Self::LessOrEqual => Ok(order(left, right).is_some_and(Ordering::is_le)),
            Self::Greater => Ok(order(left, right) == Some(Ordering::Greater)),
            Self::GreaterOrEqual => Ok(order(left, right).is_some_and(Ordering::is_ge)),
            Self::Matches => matches(left, right, budget),
            Self::In => is_in(left, right, budget),
            Self::NotIn => is_in(left, right, budget).map(|found| !found),
            Self::Contains => contains(left, right, budget),
            // The right side would have to be a list already, which nothing written in a path is.
            Self::All | Self::Never => Err(Stop::Refused),
            Self::Size => size(left, right),
            Self::Empty => empty(left, right),
            Self::Exists => both_true(left, right),
            Self::SubsetOf => lists(left, right, budget, |left, right| every(left, |item| member(right, item, budget))),
            Self::AnyOf => lists(left, right, budget, |left, right| meet(left, right, budget)),
            Self::NoneOf => lists(left, right, budget, |left, right| meet(left, right, budget).map(|found| !found)),
        }
    }
}

/// Orders numbers among numbers and text among text, by UTF-16 units as Java does.
fn order(left: &Node<'_>, right: &Node<'_>) -> Option<Ordering> {
    match (left, right) {
        (Node::Number(left), Node::Number(right)) => Some(left.compare(right)),
        (Node::Text(left), Node::Text(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        _ => None,
    }
}

fn matches(left: &Node<'_>, right: &Node<'_>, budget: &Budget) -> Result<bool, Stop> {
    let (pattern, searched): (&Regex, _) = match (left, right) {
        (Node::Pattern(_), Node::Pattern(_)) => return Ok(false),
        (Node::Pattern(pattern), searched) | (searched, Node::Pattern(pattern)) => (pattern, searched),
        _ => return Ok(false),
    };
    let one = |node: &Node<'_>| {
        let text = node.searched();
        budget.spend(text.len())?;
        Ok(pattern.matches(&text))
    };
    if searched.json().transpose()?.is_some_and(Value::is_array) {
        let items = searched.list(budget)?.unwrap_or_default();
        return items.iter().try_fold(false, |found, item| Ok(found || one(item)?));
    }
    one(searched)
}

fn is_in(left: &Node<'_>, right: &Node<'_>, budget: &Budget) -> Result<bool, Stop> {
    match right.list(budget)? {
        Some(items) => member(&items, left, budget),
        None => Ok(false),
    }
}

fn contains(left: &Node<'_>, right: &Node<'_>, budget: &Budget) -> Result<bool, Stop> {
    match (left, right) {
        (Node::Text(text), Node::Text(part)) => Ok(text.contains(&**part)),
        (Node::Json(_) | Node::Literal(..), _) => is_in(right, left, budget),
        _ => Ok(false),
    }
}

fn size(left: &Node<'_>, right: &Node<'_>) -> Result<bool, Stop> {
    let Node::Number(wanted) = right else { return Ok(false) };
    let size = match left {
        Node::Text(text) => i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX),
        other => match other.json().transpose()? {
            Some(Value::Array(items)) => i64::try_from(items.len()).unwrap_or(i64::MAX),
            Some(_) => -1,
            None => return Ok(false),
        },
    };
    Ok(size == wanted.truncated())
}

/// `empty` asks text and arrays; an object it cannot ask, as in Jayway.
fn empty(left: &Node<'_>, right: &Node<'_>) -> Result<bool, Stop> {
    let is_empty = match left {
        Node::Text(text) => text.is_empty(),
        other => match other.json().transpose()? {
            Some(Value::Array(items)) => items.is_empty(),
            Some(_) => return Err(Stop::Failed("an object cannot be asked whether it is empty")),
            None => return Ok(false),
        },
    };
    let Node::Bool(wanted) = right else { return Err(Stop::Refused) };
    Ok(is_empty == *wanted)
}

fn both_true(left: &Node<'_>, right: &Node<'_>) -> Result<bool, Stop> {
    match (left, right) {
        (Node::Bool(left), Node::Bool(right)) => Ok(left == right),
        (Node::Bool(_), _) | (_, Node::Bool(_)) => Err(Stop::Refused),
        _ => Err(Stop::Failed("Failed to evaluate exists expression")),
    }
}

/// Asks something of two lists; false when one of them is an object.
fn lists(
    left: &Node<'_>,
    right: &Node<'_>,
    budget: &Budget,
    ask: impl FnOnce(&[Node<'_>], &[Node<'_>]) -> Result<bool, Stop>,
) -> Result<bool, Stop> {
    let Some(right) = right.list(budget)? else { return Ok(false) };
    let Some(left) = left.list(budget)? else { return Ok(false) };
    ask(&left, &right)
}

fn member(items: &[Node<'_>], wanted: &Node<'_>, budget: &Budget) -> Result<bool, Stop> {
    budget.spend(items.len())?;
    for item in items {
        if wanted.equals(item, budget)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn meet(left: &[Node<'_>], right: &[Node<'_>], budget: &Budget) -> Result<bool, Stop> {
    every(left, |item| member(right, item, budget).map(|found| !found)).map(|none| !none)
}

fn every(items: &[Node<'_>], mut holds: impl FnMut(&Node<'_>) -> Result<bool, Stop>) -> Result<bool, Stop> {
    for item in items {
        if !holds(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}
