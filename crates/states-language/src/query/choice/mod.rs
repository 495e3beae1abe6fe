//! The rules of a Choice state written as comparisons.

mod compile;
mod explain;
mod operator;
mod pattern;
#[cfg(test)]
mod tests;
mod timestamp;
mod words;

pub use compile::{RuleError, RuleProblem};
pub use explain::Explanation;
pub use timestamp::Timestamp;

use super::budget::Budget;
use super::error::{EvaluationError, EvaluationFailure};
use super::path::{Miss, MissReason, Path};
use super::scope::Scope;
use operator::{Comparison, Kind, Operand};
use pattern::Pattern;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A compiled rule.
#[derive(Debug, Clone)]
pub enum Rule {
    /// All of the rules hold; looks no further than the first that does not.
    And(Vec<Rule>),
    /// One of the rules holds; looks no further than the first that does.
    Or(Vec<Rule>),
    /// The rule does not hold.
    Not(Box<Rule>),
    /// A test of one value.
    Test(Box<Test>),
}

/// A test of the value at a path.
#[derive(Debug, Clone)]
pub struct Test {
    variable: Path,
    operator: &'static str,
    /// What stands behind the operator, as written.
    operand: Box<str>,
    check: Check,
}

#[derive(Debug, Clone)]
enum Check {
    /// `IsPresent`; the only test of a path that selects nothing.
    Present(bool),
    /// `IsNumeric` and the like.
    Kind(Kind, bool),
    /// `StringEquals`, `NumericLessThanPath` and the like.
    Compare(Comparison, Operand),
    /// `StringMatches`
    Matches(Pattern),
}

impl Rule {
    /// Compiles the comparison of a rule from its members; `Next`, `Assign` and `Comment` are the caller's.
    pub fn compile(members: &Map<String, Value>) -> Result<Self, Vec<RuleError>> {
        compile::rule(members)
    }

    /// Tells whether the rule holds.
    ///
    /// A value of another type than the operator compares makes a rule false; a path that selects nothing is an error.
    pub fn matches(&self, scope: &Scope<'_>) -> Result<bool, EvaluationError> {
        self.matches_within(scope, &Budget::new())
    }

    fn matches_within(&self, scope: &Scope<'_>, budget: &Budget) -> Result<bool, EvaluationError> {
        match self {
            Self::And(rules) => any(rules, false, scope, budget).map(|found| !found),
            Self::Or(rules) => any(rules, true, scope, budget),
            Self::Not(rule) => rule.matches_within(scope, budget).map(|holds| !holds),
            Self::Test(test) => test.holds(scope, budget),
        }
    }

    /// Evaluates every part of the rule and tells what each of them saw.
    pub fn explain(&self, scope: &Scope<'_>) -> Explanation {
        explain::rule(self, scope)
    }

    /// Returns the paths the rule looks at, in the order they are written.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Self::And(rules) | Self::Or(rules) => rules.iter().flat_map(Self::paths).collect(),
            Self::Not(rule) => rule.paths(),
            Self::Test(test) => std::iter::once(&test.variable).chain(test.operand_path()).collect(),
        }
    }
}

/// Tells whether any rule comes out like this; those after it are not evaluated.
fn any(rules: &[Rule], wanted: bool, scope: &Scope<'_>, budget: &Budget) -> Result<bool, EvaluationError> {
    for rule in rules {
        if rule.matches_within(scope, budget)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Test {
    fn holds(&self, scope: &Scope<'_>, budget: &Budget) -> Result<bool, EvaluationError> {
        if let Check::Present(wanted) = &self.check {
            return match self.variable.select_within(scope, budget) {
                Err(Miss { reason: MissReason::TooLarge, .. }) => Err(too_large(&self.variable)),
                Err(miss @ Miss { reason: MissReason::NullInput, .. }) => Err(no_value(miss)),
                selected => Ok(selected.is_ok() == *wanted),
            };
        }
        let value = condition(&self.variable, scope, budget)?;
        match &self.check {
            Check::Present(_) => Ok(true),
            Check::Kind(kind, wanted) => Ok(kind.is(&value) == *wanted),
            Check::Matches(pattern) => Ok(value.as_str().is_some_and(|text| pattern.matches(text))),
            Check::Compare(comparison, Operand::Constant(constant)) => Ok(comparison.holds(&value, constant)),
            Check::Compare(comparison, Operand::Path(path)) => {
                let other = condition(path, scope, budget)?;
                Ok(comparison.family().read(&other).is_some_and(|other| comparison.holds(&value, &other)))
            }
        }
    }

    fn operand_path(&self) -> Option<&Path> {
        match &self.check {
            Check::Compare(_, Operand::Path(path)) => Some(path),
            _ => None,
        }
    }
}

fn condition<'a>(path: &Path, scope: &Scope<'a>, budget: &Budget) -> Result<Cow<'a, Value>, EvaluationError> {
    path.select_within(scope, budget).map_err(no_value)
}

fn no_value(miss: Miss) -> EvaluationError {
    let expression = miss.path.clone();
    EvaluationError { field: None, expression, failure: EvaluationFailure::Condition(Box::new(miss)) }
}

fn too_large(path: &Path) -> EvaluationError {
    let failure = EvaluationFailure::TooLarge(super::budget::TooLarge);
    EvaluationError { field: None, expression: path.text().into(), failure }
}
