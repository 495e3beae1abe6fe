//! How the value of an expression comes about.

use super::references::{Binding, Reference, References};
use super::session::Session;
use super::trace::Operation;
use super::value::{NoJson, Value as Made, to_json};
use serde_json::Value;
use std::fmt;

/// What an expression reads and the operations on the way to its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The places read, as far as their names are plain, and what is there.
    pub places: Vec<(Reference, Part)>,
    /// The operations in the order in which they are done; those inside of functions are left out.
    pub steps: Vec<Step>,
}

/// An operation, what it was given and what it gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// A function without its `$`, or the sign of an operator.
    pub operation: Box<str>,
    /// What it was given; the last time when it was done several times.
    pub operands: Vec<Part>,
    /// What it gave.
    pub result: Part,
    /// How often it was done.
    pub times: usize,
}

/// A value on the way.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// JSON.
    Value(Value),
    /// Nothing.
    Undefined,
    /// A function or a regular expression.
    Function,
    /// More than is worth showing.
    Large,
}

impl Explanation {
    pub(super) fn of(references: &References, operations: &[Operation<'_>], session: &Session<'_>) -> Self {
        let place = |reference: &Reference| (reference.clone(), found(reference, session));
        Self {
            places: references.places().iter().map(place).collect(),
            steps: operations.iter().map(Step::of).collect(),
        }
    }
}

impl Step {
    /// Returns the operation with its operands in the words given: `$sum([1,2])`, `1 + 2`, `-1`.
    pub fn written(&self, operands: &[String]) -> String {
        let operation = &*self.operation;
        match operands {
            [left, right] if !is_function(operation) => format!("{left} {operation} {right}"),
            [operand] if !is_function(operation) => format!("{operation}{operand}"),
            operands => format!("${operation}({})", operands.join(", ")),
        }
    }

    fn of(operation: &Operation<'_>) -> Self {
        Self {
            operation: operation.name.into(),
            operands: operation.operands.iter().map(Part::of).collect(),
            result: Part::of(&operation.result),
            times: operation.times,
        }
    }
}

impl Part {
    fn of(value: &Made<'_>) -> Self {
        match to_json(value) {
            Ok(value) => Self::Value(value),
            Err(NoJson::Undefined) => Self::Undefined,
            Err(NoJson::Function) => Self::Function,
            Err(NoJson::TooLarge) => Self::Large,
        }
    }
}

/// Follows the names of a reference; what lies behind an array is left to the operations.
fn found(reference: &Reference, session: &Session<'_>) -> Part {
    let mut place = session.value(&reference.binding);
    for name in &reference.path {
        place = match place {
            Some(array @ Value::Array(_)) => Some(array),
            place => place.and_then(|value| value.get(&**name)),
        };
    }
    place.map_or(Part::Undefined, |value| Part::Value(value.clone()))
}

/// The reference as it is written: `$states.input.order.id`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.binding.fmt(f)?;
        self.path.iter().try_for_each(|name| write!(f, ".{name}"))
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::States => f.write_str("$states"),
            Self::Input => f.write_str("$states.input"),
            Self::Result => f.write_str("$states.result"),
            Self::ErrorOutput => f.write_str("$states.errorOutput"),
            Self::Context => f.write_str("$states.context"),
            Self::Variable(name) => write!(f, "${name}"),
        }
    }
}

fn is_function(operation: &str) -> bool {
    operation.starts_with(char::is_alphabetic) && !matches!(operation, "and" | "or" | "in")
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Undefined => f.write_str("nothing"),
            Self::Function => f.write_str("a function"),
            Self::Large => f.write_str("…"),
        }
    }
}
