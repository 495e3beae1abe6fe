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

    /// Tells whether a constant stands where the function, or one among the arguments, takes a number, and is none:
    /// measured, AWS refuses `States.MathAdd(1, '-1')` when the machine is created.
    pub fn has_misfit(&self) -> bool {
        let takes_number = |at: usize| match self.function {
            Function::MathAdd | Function::MathRandom | Function::ArrayRange => true,
            Function::ArrayPartition | Function::ArrayGetItem => at == 1,
            _ => false,
        };
        self.arguments.iter().enumerate().any(|(at, argument)| match argument {
            Argument::Constant(value) | Argument::Escaped(value, _) => takes_number(at) && !value.is_number(),
            Argument::Call(call) => call.has_misfit(),
            Argument::Path(_) => false,
        })
    }

    /// Returns the value of the call.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, EvaluationError> {
        self.evaluate_within(scope, &Budget::new())
    }

    pub(super) fn evaluate_within(&self, scope: &Scope<'_>, budget: &Budget) -> Result<Value, EvaluationError> {
        let arguments = Arguments { call: self, scope, budget };
        let counted = self.miscounted().map_or(Ok(()), |problem| Err(Refusal::Reason(problem)));
        counted.and_then(|()| self.function.call(&arguments)).map_err(|failure| match failure {
            // AWS names the outermost call, whichever it was inside.
            Refusal::Told(error) => EvaluationError { expression: self.text.clone(), ..*error },
            Refusal::Failure(failure) => self.error(failure),
            Refusal::Reason(reason) => self.refuse(Problem::Arguments(reason)),
            Refusal::Template(problem) => self.refuse(Problem::Template(problem)),
        })
    }

    /// Tells for each call with too few or too many arguments how many it takes, the outermost first.
    ///
    /// AWS creates the machine nevertheless, and the call fails when it is evaluated.
    pub fn miscounts(&self) -> Vec<String> {
        let inner = self.arguments.iter().filter_map(|argument| match argument {
            Argument::Call(call) => Some(call.miscounts()),
            _ => None,
        });
        self.miscounted().into_iter().chain(inner.flatten()).collect()
    }

    fn miscounted(&self) -> Option<String> {
        let (arity, found) = (self.function.arity(), self.arguments.len());
        (!arity.accepts(found)).then(|| format!("{} takes {}, not {found}", self.function.name(), arity.words))
    }

    fn refuse(&self, problem: Problem) -> EvaluationError {
        self.error(EvaluationFailure::Intrinsic(IntrinsicError { function: self.function, problem }))
    }

    fn error(&self, failure: EvaluationFailure) -> EvaluationError {
        EvaluationError { field: None, expression: self.text.clone(), failure }
    }
}

impl Argument {
    fn evaluate<'a>(&'a self, scope: &Scope<'a>, budget: &Budget) -> Result<Cow<'a, Value>, Refusal> {
        match self {
            Self::Constant(value) | Self::Escaped(value, _) => Ok(Cow::Borrowed(value)),
            Self::Path(path) => {
                path.argument(scope, budget).map_err(|miss| Refusal::Failure(EvaluationFailure::Path(Box::new(miss))))
            }
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
    /// What is wrong with a template, in AWS's words.
    Template(&'static str),
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
    /// What is wrong.
    pub problem: Problem,
}

/// Why a function refuses its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Their number, their types or their values, as a sentence of ours without its full stop.
    Arguments(String),
    /// A template of `States.Format`, in AWS's words.
    Template(&'static str),
}

impl IntrinsicError {
    /// Returns AWS's sentence, which does not say what is wrong with arguments.
    pub fn aws_sentence(&self) -> String {
        match &self.problem {
            Problem::Arguments(_) => format!("Invalid arguments in {}", self.function.name()),
            Problem::Template(problem) => format!("Invalid template in {}: {problem}.", self.function.name()),
        }
    }
}

impl fmt::Display for IntrinsicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Arguments(reason) => f.write_str(reason),
            Problem::Template(problem) => f.write_str(problem),
        }
    }
}
