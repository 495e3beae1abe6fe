//! Choice: the first rule that holds says where to go.

use crate::asl::compiled::{Expression, JsonataTemplate, Rule, Template};
use crate::asl::machine::Target;
use crate::asl::place::Place;
use crate::asl::setting::Selection;

/// A Choice state.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The rules and how data flows through the state.
    pub data: ChoiceData,
    /// `Default`: where to go when no rule holds.
    pub default: Option<Target>,
}

/// The rules of a Choice state and how data flows through it.
#[derive(Debug, Clone)]
pub enum ChoiceData {
    /// With paths.
    JsonPath {
        /// `InputPath`.
        input_path: Option<Selection>,
        /// `Choices`, in order.
        rules: Vec<JsonPathRule>,
        /// `Assign` of the state: for `Default` only.
        assign: Option<Template>,
        /// `OutputPath`.
        output_path: Option<Selection>,
    },
    /// With JSONata.
    Jsonata {
        /// `Choices`, in order.
        rules: Vec<JsonataRule>,
        /// `Output` of the state: for `Default` only.
        output: Option<JsonataTemplate>,
        /// `Assign` of the state: for `Default` only.
        assign: Option<JsonataTemplate>,
    },
}

/// A rule of a JSONPath Choice state.
#[derive(Debug, Clone)]
pub struct JsonPathRule {
    /// The test.
    pub rule: Rule,
    /// Where to go when it holds.
    pub next: Target,
    /// Variables to set when it holds.
    pub assign: Option<Template>,
    /// The comment.
    pub comment: Option<String>,
    /// Where the rule stands.
    pub place: Place,
}

/// A rule of a JSONata Choice state.
#[derive(Debug, Clone)]
pub struct JsonataRule {
    /// The test.
    pub condition: Condition,
    /// Where to go when it holds.
    pub next: Target,
    /// The output when it holds; absent: the input.
    pub output: Option<JsonataTemplate>,
    /// Variables to set when it holds.
    pub assign: Option<JsonataTemplate>,
    /// The comment.
    pub comment: Option<String>,
    /// Where the rule stands.
    pub place: Place,
}

/// `Condition` of a JSONata rule.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Written as `true` or `false`.
    Literal(bool),
    /// Computed.
    Expression(Expression),
}
