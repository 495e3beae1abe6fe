//! Intrinsic functions: `States.Format('{}', $.name)` and its 17 siblings.

mod arguments;
mod arrays;
mod function;
mod numbers;
mod parse;
#[cfg(test)]
mod tests;
mod text;

use super::budget::Budget;
use super::error::{EvaluationError, EvaluationFailure, SyntaxError};
use super::path::Path;
use super::scope::Scope;
use arguments::Arguments;
pub use function::Function;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// How deep calls may be nested.
pub const NESTING: usize = 10;

/// A compiled call of an intrinsic function.
#[derive(Debug, Clone)]
pub struct Call {
    text: Box<str>,
    function: Function,
    arguments: Vec<Argument>,
}

/// An argument of a call.
#[derive(Debug, Clone)]
enum Argument {
    /// A number, `true`, `false`, `null`, or text with its escape sequences resolved.
    Constant(Value),
    /// A text that has escape sequences, resolved and as written: `States.Format` tells `\{` from `{`.
    Escaped(Value, Box<str>),
    Path(Path),
    Call(Box<Call>),
}

impl Call {
    /// Compiles a call such as `States.MathAdd($.n, 1)`.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        parse::call(text)
    }

    /// Tells whether a text is meant as a call rather than as a path.
    pub fn is_meant(text: &str) -> bool {
        text.trim_start().starts_with("States.")
    }

    /// Returns the call as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the outermost function.
    pub fn function(&self) -> Function {
        self.function
    }

    /// Tells whether the outermost function can give text, as `ErrorPath` and `CausePath` ask for.
    pub fn gives_text(&self) -> bool {
        self.function.gives_text()
    }

    /// Returns the paths among the arguments, those of nested calls included, in the order they are written.
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => paths.push(path),
                Argument::Call(call) => paths.extend(call.paths()),
                Argument::Constant(_) | Argument::Escaped(..) => {}
            }
        }
        paths
    }

    /// Returns the value of the call.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, EvaluationError> {
        self.evaluate_within(scope, &Budget::new())
    }

    pub(super) fn evaluate_within(&self, scope: &Scope<'_>, budget: &Budget) -> Result<Value, EvaluationError> {
        let arguments = Arguments { call: self, scope, budget };
        self.function.call(&arguments).map_err(|failure| match failure {
            // A nested call has told already which call it is.
            Refusal::Told(error) => *error,
            Refusal::Failure(failure) => self.error(failure),
            Refusal::Reason(reason) => {
                self.error(EvaluationFailure::Intrinsic(IntrinsicError { function: self.function, reason }))
            }
        })
    }

    fn error(&self, failure: EvaluationFailure) -> EvaluationError {
        EvaluationError { field: None, expression: self.text.clone(), failure }
    }
}

impl Argument {
    fn evaluate<'a>(&'a self, scope: &Scope<'a>, budget: &Budget) -> Result<Cow<'a, Value>, Refusal> {
        match self {
            Self::Constant(value) | Self::Escaped(value, _) => Ok(Cow::Borrowed(value)),
            Self::Path(path) => path
                .select_within(scope, budget)
                .map_err(|miss| Refusal::Failure(EvaluationFailure::Path(Box::new(miss)))),
            Self::Call(call) => {
                call.evaluate_within(scope, budget).map(Cow::Owned).map_err(|error| Refusal::Told(Box::new(error)))
            }
        }
    }
}

/// Why a function gives no value, on its way to the call that knows its own text.
enum Refusal {
    Told(Box<EvaluationError>),
    Failure(EvaluationFailure),
    Reason(String),
}

impl From<super::budget::TooLarge> for Refusal {
    fn from(limit: super::budget::TooLarge) -> Self {
        Self::Failure(EvaluationFailure::TooLarge(limit))
    }
}

/// An intrinsic function that refuses its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntrinsicError {
    /// The function.
    pub function: Function,
    /// What is wrong with the arguments, as a sentence without its full stop.
    pub reason: String,
}

impl fmt::Display for IntrinsicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
