//! Filters: `[?(@.price < 10 && @.tags contains 'new')]`.

mod compare;
mod operand;
mod parse;

pub(super) use parse::parse;

use super::evaluate::Stop;
use super::step::Query;
use crate::query::budget::Budget;
use compare::Operator;
use operand::{Operand, Regex};
use serde_json::Value;

/// A compiled filter.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    /// `a || b`
    Or(Vec<Filter>),
    /// `a && b`
    And(Vec<Filter>),
    /// `!(a)`
    Not(Box<Filter>),
    /// `@.a`, or `!@.a` when it is not expected.
    Exists { path: Query, expected: bool },
    /// `@.a < 1`
    Compare { left: Operand, operator: Operator, right: Operand },
}

impl Filter {
    /// Tells whether the filter holds for an item. `@` means the item and `$` the root, except in a test of existence,
    /// where Jayway looks for both in the item.
    pub(super) fn accepts(&self, item: &Value, root: &Value, budget: &Budget) -> Result<bool, Stop> {
        let _level = budget.enter()?;
        budget.spend(1)?;
        match self {
            Self::Or(filters) => any(filters, true, item, root, budget),
            Self::And(filters) => any(filters, false, item, root, budget).map(|found| !found),
            Self::Not(filter) => filter.accepts(item, root, budget).map(|holds| !holds),
            Self::Exists { path, expected } => path.exists(item, root, budget).map(|exists| exists == *expected),
            Self::Compare { left, operator, right } => {
                let (left, right) = (left.evaluate(item, root, budget)?, right.evaluate(item, root, budget)?);
                operator.holds(&left, &right, budget)
            }
        }
    }
}

/// Tells whether any of the filters comes out like this; those after it are not evaluated.
fn any(filters: &[Filter], wanted: bool, item: &Value, root: &Value, budget: &Budget) -> Result<bool, Stop> {
    for filter in filters {
        if filter.accepts(item, root, budget)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}
