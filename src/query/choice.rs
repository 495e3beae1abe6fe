//! The rules of a Choice state written as comparisons.

use super::error::{EvaluationError, SyntaxError};
use super::scope::Scope;
use serde_json::{Map, Value};

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Rule {}

impl Rule {
    /// Compiles the comparison of a rule from its members; `Next`, `Assign`, `Comment` and `Output` are the caller's.
    pub fn compile(_members: &Map<String, Value>) -> Result<Self, Vec<RuleError>> {
        Ok(Self {})
    }

    /// Tells whether the rule holds.
    pub fn matches(&self, _scope: &Scope<'_>) -> Result<bool, EvaluationError> {
        Ok(false)
    }

    /// Evaluates every part of the rule and tells what each of them saw.
    pub fn explain(&self, _scope: &Scope<'_>) -> Explanation {
        Explanation { text: String::new(), outcome: Ok(false), operands: Vec::new(), parts: Vec::new() }
    }
}

/// What a rule, and each rule inside it, saw and decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The rule in words such as `$.n NumericLessThanPath $.limit`, or `And`, `Or`, `Not`.
    pub text: String,
    /// Whether it holds.
    pub outcome: Result<bool, EvaluationError>,
    /// The paths it looks at and what is there; `None` when nothing is.
    pub operands: Vec<(String, Option<Value>)>,
    /// The rules inside it.
    pub parts: Vec<Explanation>,
}

/// A mistake in a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleError {
    /// The rule that has the mistake, as a JSON Pointer from the outermost rule.
    pub pointer: String,
    /// What is wrong.
    pub problem: RuleProblem,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleProblem {
    /// A field that every rule of this kind must have.
    Missing(&'static str),
    /// No comparison, `And`, `Or` or `Not`.
    NoOperator,
    /// More than one comparison; their names.
    SeveralOperators(Vec<String>),
    /// A field that a rule does not know.
    Unknown(String),
    /// A field of the wrong type, and what it should be.
    WrongType {
        /// The field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A field that should be a path.
    Path {
        /// The field.
        field: String,
        /// What is wrong with it.
        error: SyntaxError,
    },
    /// A field that only the outermost rule may have.
    OnlyOutermost(&'static str),
}
