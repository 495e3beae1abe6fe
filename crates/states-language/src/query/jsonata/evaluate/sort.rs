//! Sorting: `^(…)` and `$sort`, by merging halves as the reference implementation does, so that what is equal keeps
//! its order and a comparison of the expression's own is asked in the same order.

use super::super::fault::{Fault, Outcome, Thrown, shown};
use super::super::number::Number;
use super::super::text;
use super::super::tree::Term;
use super::super::value::Value;
use super::path::CONTEXT;
use super::{Env, Run};
use std::cmp::Ordering;

/// Tells whether the first value comes after the second.
type IsAfter<'a, 'v> = &'a dyn Fn(&Value<'v>, &Value<'v>) -> Result<bool, Fault>;

impl<'v> Run<'v> {
    /// Sorts by terms; the first in which two values differ decides.
    pub(super) fn sorted_by(&self, terms: &'v [Term], input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        let tuples = input.is_tuples();
        let key = |term: &'v Term, value: &Value<'v>| {
            if tuples {
                let frame = self.tuple_frame(env, value)?;
                self.evaluate(&term.expression, &value.member(CONTEXT), &frame)
            } else {
                self.evaluate(&term.expression, value, env)
            }
        };
        let is_after = |left: &Value<'v>, right: &Value<'v>| {
            for term in terms {
                let order = order_of(&key(term, left)?, &key(term, right)?, term.descending)?;
                if order != Ordering::Equal {
                    return Ok(order == Ordering::Greater);
                }
            }
            Ok(false)
        };
        self.sort(input, &is_after)
    }

    /// Sorts an array; what has at most one item stays what it is.
    pub(in super::super) fn sort(&self, input: &Value<'v>, is_after: IsAfter<'_, 'v>) -> Outcome<'v> {
        let items = input.items();
        if items.len() <= 1 {
            return Ok(input.clone());
        }
        self.spend_items(items.len())?;
        let items: Vec<Value<'v>> = items.iter().collect();
        self.merge_sort(&items, is_after).map(Value::list)
    }

    fn merge_sort(&self, items: &[Value<'v>], is_after: IsAfter<'_, 'v>) -> Result<Vec<Value<'v>>, Fault> {
        if items.len() <= 1 {
            return Ok(items.to_vec());
        }
        let (left, right) = items.split_at(items.len() / 2);
        let left = self.merge_sort(left, is_after)?;
        let right = self.merge_sort(right, is_after)?;
        let mut merged = Vec::with_capacity(items.len());
        let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
        while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
            self.tick(1)?;
            let next = if is_after(first, second)? { right.next() } else { left.next() };
            merged.extend(next);
        }
        merged.extend(left);
        merged.extend(right);
        Ok(merged)
    }
}

/// What is undefined comes last, whichever way is sorted.
fn order_of<'v>(left: &Value<'v>, right: &Value<'v>, descending: bool) -> Result<Ordering, Fault> {
    let is_sortable = |value: &Value<'v>| matches!(value, Value::Text(_) | Value::Number(_));
    let order = match (left, right) {
        (Value::Undefined, Value::Undefined) => return Ok(Ordering::Equal),
        (Value::Undefined, _) => return Ok(Ordering::Greater),
        (_, Value::Undefined) => return Ok(Ordering::Less),
        (left, right) if !is_sortable(left) || !is_sortable(right) => {
            let wrong = if is_sortable(left) { right } else { left };
            return Err(Thrown::about("T2008", wrong).into());
        }
        (Value::Number(left), Value::Number(right)) => compare_numbers(*left, *right),
        (Value::Text(left), Value::Text(right)) => text::compare(left, right),
        (left, right) => return Err(Thrown { other: shown(right), ..Thrown::about("T2007", left) }.into()),
    };
    Ok(if descending { order.reverse() } else { order })
}

/// What cannot be compared is neither equal nor less, and so greater.
fn compare_numbers(left: Number, right: Number) -> Ordering {
    left.compare(right).unwrap_or(Ordering::Greater)
}

/// Tells whether the first of two numbers or texts is greater.
pub(in super::super) fn is_greater(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.compare(*right) == Some(Ordering::Greater),
        (Value::Text(left), Value::Text(right)) => text::compare(left, right).is_gt(),
        _ => false,
    }
}
