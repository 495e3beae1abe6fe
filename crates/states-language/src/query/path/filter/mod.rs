//! Filters: `[?(@.price < 10 && @.name == 'x')]`.

mod compare;
mod decimal;
mod operand;
mod parse;
mod regex;

pub(super) use parse::parse;

use super::evaluate::{Model, Stop};
use super::step::Query;
use crate::query::budget::Budget;
use compare::Operator;
use operand::Operand;
use serde_json::Value;

/// A compiled filter: it holds when all criteria of one of its groups do.
///
/// Parentheses inside of a filter group nothing: they are taken off each criterion. What surprises is the order, from
/// the last one to the first: it decides which criterion is asked at all, and so whether one fails.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    groups: Vec<Vec<Criterion>>,
}

#[derive(Debug, Clone)]
enum Criterion {
    /// `@.a`, or `!@.a` when it is not expected: there is something that is not null.
    Exists { path: Query, expected: bool },
    /// `@.a < 1`
    Compare(Box<Comparison>),
}

#[derive(Debug, Clone)]
struct Comparison {
    left: Operand,
    operator: Operator,
    right: Operand,
    /// Whether both sides are the same path from `$`, whose value is then equal to itself even if it is an object.
    same: bool,
}

impl Filter {
    /// Tells whether the filter holds for an item.
    ///
    /// `@` means the item and `$` the root, except in a test of existence, where both mean the item.
    pub(super) fn accepts(&self, item: Model<'_>, root: &Value, budget: &Budget) -> Result<bool, Stop> {
        let _level = budget.enter()?;
        for group in &self.groups {
            if all(group, item, root, budget)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the words of a filter that stand without quotes and are taken for text.
    pub(super) fn bare_words(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flatten().filter_map(|criterion| match criterion {
            Criterion::Compare(comparison) => comparison.left.bare_word().or_else(|| comparison.right.bare_word()),
            Criterion::Exists { .. } => None,
        })
    }
}

fn all(criteria: &[Criterion], item: Model<'_>, root: &Value, budget: &Budget) -> Result<bool, Stop> {
    for criterion in criteria {
        budget.spend(1)?;
        if !criterion.holds(item, root, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Criterion {
    fn holds(&self, item: Model<'_>, root: &Value, budget: &Budget) -> Result<bool, Stop> {
        match self {
            Self::Exists { path, expected } => path.exists(item, root, budget).map(|exists| exists == *expected),
            Self::Compare(comparison) => comparison.holds(item, root, budget),
        }
    }
}

impl Comparison {
    /// A path that selects nothing on either side makes every comparison false, `!=` too.
    fn holds(&self, item: Model<'_>, root: &Value, budget: &Budget) -> Result<bool, Stop> {
        let Some(left) = self.left.evaluate(item, root, budget)? else { return Ok(false) };
        let Some(right) = self.right.evaluate(item, root, budget)? else { return Ok(false) };
        self.operator.holds(&left, &right, self.same, budget)
    }
}
