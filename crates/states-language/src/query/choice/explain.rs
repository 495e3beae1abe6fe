//! Tells what each part of a rule saw and decided.

use super::{Rule, Test};
use crate::query::budget::Budget;
use crate::query::error::EvaluationError;
use crate::query::scope::Scope;
use serde_json::Value;

/// What a rule, and each rule inside it, saw and decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The rule in words such as `$.n NumericLessThanPath $.limit`, or `And`, `Or`, `Not`.
    pub text: String,
    /// Whether it holds.
    pub outcome: Result<bool, EvaluationError>,
    /// The paths it looks at and what is there; `None` when nothing is.
    pub operands: Vec<(String, Option<Value>)>,
    /// The rules inside it, including those that evaluation does not come to.
    pub parts: Vec<Explanation>,
}

pub(super) fn rule(rule: &Rule, scope: &Scope<'_>) -> Explanation {
    let (text, parts) = match rule {
        Rule::And(rules) => ("And".to_owned(), rules.iter().map(|part| self::rule(part, scope)).collect()),
        Rule::Or(rules) => ("Or".to_owned(), rules.iter().map(|part| self::rule(part, scope)).collect()),
        Rule::Not(part) => ("Not".to_owned(), vec![self::rule(part, scope)]),
        Rule::Test(test) => (test.text(), Vec::new()),
    };
    let operands = match rule {
        Rule::Test(test) => test.operands(scope),
        _ => Vec::new(),
    };
    Explanation { text, outcome: rule.matches(scope), operands, parts }
}

impl Test {
    /// Returns the test as it would be said.
    fn text(&self) -> String {
        format!("{} {} {}", self.variable.text(), self.operator, self.operand)
    }

    fn operands(&self, scope: &Scope<'_>) -> Vec<(String, Option<Value>)> {
        let paths = std::iter::once(&self.variable).chain(self.operand_path());
        let value = |value: &Value| Budget::new().copy(value).ok();
        paths
            .map(|path| (path.text().to_owned(), path.select(scope).ok().and_then(|selected| value(&selected))))
            .collect()
    }
}
