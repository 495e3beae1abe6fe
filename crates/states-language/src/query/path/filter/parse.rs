//! Reads the text of a filter.
//!
//! It is cut at every `&&` and `||`, those in quotes included; a criterion is cut at the first `==`, else the first
//! `>=`, and so on through the operators. What is left on a side and is neither a path, nor in quotes, nor a regular
//! expression, is text: `@.Name==Receipt` compares with "Receipt".

use super::super::parse::{Standing, path};
use super::super::step::Query;
use super::compare::Operator;
use super::operand::Operand;
use super::regex::Regex;
use super::{Comparison, Criterion, Filter};
use crate::query::error::{SyntaxError, SyntaxProblem};
use crate::query::java;

/// Reads `[?(…)]`.
pub(in super::super) fn parse(text: &str) -> Result<Filter, SyntaxError> {
    let inner = unwrapped(text).ok_or_else(|| SyntaxError::expected(1, "a filter such as [?(@.a == 1)]"))?;
    let (mut criteria, mut operators) = (Vec::new(), Vec::new());
    for piece in pieces(inner) {
        let trimmed = java::trim(piece);
        if matches!(trimmed, "&&" | "||") {
            operators.push(trimmed);
        } else {
            let at = java::offset(text, trimmed);
            let cleaned = cleaned(trimmed).ok_or_else(|| SyntaxError::expected(at, "a criterion"))?;
            let at = java::offset(text, cleaned);
            criteria.push(criterion(cleaned).map_err(|error| error.shifted(at))?);
        }
    }
    let wrong = SyntaxError::expected(java::offset(text, inner), "a criterion on both sides of '&&' and '||'");
    if criteria.len() != operators.len() + 1 {
        return Err(wrong);
    }
    let mut groups = vec![criteria.pop().into_iter().collect::<Vec<_>>()];
    while let (Some(operator), Some(criterion)) = (operators.pop(), criteria.pop()) {
        match groups.last_mut() {
            Some(group) if operator == "&&" => group.push(criterion),
            _ => groups.push(vec![criterion]),
        }
    }
    Ok(Filter { groups })
}

/// Takes `[?(` and `)]` off, and the blanks between.
fn unwrapped(text: &str) -> Option<&str> {
    let inner = java::trim(text).strip_prefix('[')?.strip_suffix(']')?;
    let inner = java::trim(java::trim(inner).strip_prefix('?')?);
    Some(java::trim(inner.strip_prefix('(')?.strip_suffix(')')?))
}

/// Cuts a text before and behind every `&&` and `||`.
fn pieces(text: &str) -> Vec<&str> {
    let operator = |at: usize| text.get(at..at + 2).is_some_and(|two| matches!(two, "&&" | "||"));
    let (mut pieces, mut start) = (Vec::new(), 0);
    for at in 1..text.len() {
        if operator(at) || at.checked_sub(2).is_some_and(operator) {
            pieces.extend(text.get(start..at));
            start = at;
        }
    }
    // An operator at the end is a piece of its own, with nothing behind it.
    pieces.extend(text.get(start..));
    pieces
}

/// Takes brackets, question marks, parentheses and blanks off a criterion; nothing when nothing else is there.
fn cleaned(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(['[', '?', '(', ' ']);
    let cleaned = rest.trim_end_matches([')', ' ']);
    (!cleaned.is_empty()).then_some(cleaned)
}

fn criterion(text: &str) -> Result<Criterion, SyntaxError> {
    let found = Operator::ALL.iter().find_map(|(sign, operator)| Some((text.find(sign)?, sign.len(), *operator)));
    let Some((at, length, operator)) = found else { return existence(java::trim(text)) };
    let side = |from: usize, to: usize| text.get(from..to).map(java::trim).unwrap_or_default();
    let (left, right) = (side(0, at), side(at + length, text.len()));
    let shifted = |side: &str| java::offset(text, side);
    let read_left = operand(left, Side::Left).map_err(|error| error.shifted(shifted(left)))?;
    let read_right = operand(right, Side::Right).map_err(|error| error.shifted(shifted(right)))?;
    let same = left == right && left.starts_with('$');
    Ok(Criterion::Compare(Box::new(Comparison { left: read_left, operator, right: read_right, same })))
}

/// `@.a` or `!@.a`; `!$.a` is not known.
fn existence(text: &str) -> Result<Criterion, SyntaxError> {
    let (written, expected) = match text.strip_prefix('!').filter(|rest| rest.starts_with('@')) {
        Some(rest) => (rest, false),
        None => (text, true),
    };
    if !written.starts_with(['$', '@']) {
        return Err(SyntaxError::expected(0, "a path or a comparison"));
    }
    let path = definite(written).map_err(|error| error.shifted(text.len() - written.len()))?;
    Ok(Criterion::Exists { path, expected })
}

fn definite(text: &str) -> Result<Query, SyntaxError> {
    let path = path(text, Standing::InFilter)?;
    match path.is_definite() {
        true => Ok(path),
        false => Err(SyntaxError::expected(0, "a path that selects one value")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Reads one side of a comparison. `!@.a` to the left of an operator means `@.a`.
fn operand(text: &str, side: Side) -> Result<Operand, SyntaxError> {
    if let Some(negated) = text.strip_prefix('!').filter(|rest| rest.starts_with('@')) {
        return match side {
            Side::Left => definite(negated).map(Operand::Path).map_err(|error| error.shifted(1)),
            Side::Right => Err(SyntaxError::expected(0, "no '!', which only stands before a test of existence")),
        };
    }
    if text.starts_with(['$', '@']) {
        return definite(text).map(Operand::Path);
    }
    if text.starts_with('\'') && text.ends_with('\'') {
        let inner = text.get(1..text.len() - 1).filter(|_| text.len() > 1);
        return inner.map(Operand::quoted).ok_or_else(|| SyntaxError::expected(1, "a closing quote"));
    }
    if text.starts_with('/') && (text.ends_with('/') || text.ends_with("/i")) {
        return pattern(text);
    }
    Ok(Operand::bare(text))
}

/// `/pattern/` or `/pattern/i`
fn pattern(text: &str) -> Result<Operand, SyntaxError> {
    let inner = text.strip_suffix('i').unwrap_or(text).strip_suffix('/').and_then(|text| text.strip_prefix('/'));
    let inner = inner.ok_or_else(|| SyntaxError::expected(1, "a regular expression and a '/'"))?;
    let compiled = Regex::compile(inner, text.ends_with('i'));
    compiled.map(Operand::Pattern).map_err(|reason| SyntaxError::new(1, SyntaxProblem::Regex(reason)))
}
