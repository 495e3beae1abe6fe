//! Why an expression cannot be compiled, and why a compiled one gives no value.

use super::budget::{Budget, TooLarge};
use super::intrinsic::IntrinsicError;
use super::java;
use super::path::{Miss, MissReason, Root, shown};
use super::scope::Scope;
use std::fmt;

/// Text that is not an expression, and where it stops being one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte offset in the text where reading stopped.
    pub offset: usize,
    /// What is wrong there.
    pub problem: SyntaxProblem,
}

/// What is wrong with the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxProblem {
    /// Something else must stand here.
    Expected(&'static str),
    /// A call of an intrinsic function that does not exist.
    UnknownFunction {
        /// The name as written.
        name: String,
        /// A function whose name is alike.
        similar: Option<&'static str>,
    },
    /// A backslash before a character that may not follow it.
    Escape(char),
    /// Calls nested deeper than allowed.
    TooDeep {
        /// How many levels are allowed.
        limit: usize,
    },
    /// A regular expression that cannot be compiled, with the reason.
    Regex(String),
    /// A construct that a reference path must not have.
    NotAReferencePath,
}

impl SyntaxError {
    pub(super) fn new(offset: usize, problem: SyntaxProblem) -> Self {
        Self { offset, problem }
    }

    pub(super) fn expected(offset: usize, what: &'static str) -> Self {
        Self::new(offset, SyntaxProblem::Expected(what))
    }

    /// Moves the error right, for text that is part of a longer text.
    pub(super) fn shifted(mut self, by: usize) -> Self {
        self.offset += by;
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at offset {})", self.problem, self.offset)
    }
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for SyntaxProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::UnknownFunction { name, similar: None } => write!(f, "there is no function '{name}'"),
            Self::UnknownFunction { name, similar: Some(similar) } => {
                write!(f, "there is no function '{name}', perhaps '{similar}' is meant")
            }
            Self::Escape(character) => write!(f, "'\\{character}' is not an escape sequence"),
            Self::TooDeep { limit } => write!(f, "nested deeper than {limit} levels"),
            Self::Regex(reason) => write!(f, "not a regular expression: {reason}"),
            Self::NotAReferencePath => f.write_str("a reference path has only names and indexes"),
        }
    }
}

/// An expression that gave no value, and in which field it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluationError {
    /// The key with its `.$` when the expression stood in a template.
    pub field: Option<Box<str>>,
    /// The expression as written.
    pub expression: Box<str>,
    /// Why it gave no value.
    pub failure: EvaluationFailure,
}

/// Why an expression gave no value.
#[derive(Debug, Clone, PartialEq)]
pub enum EvaluationFailure {
    /// A path selected nothing.
    Path(Box<Miss>),
    /// A path that a Choice rule compares selected nothing.
    Condition(Box<Miss>),
    /// An intrinsic function refused its arguments.
    Intrinsic(IntrinsicError),
    /// The value would be larger than any payload may be.
    TooLarge(TooLarge),
}

impl EvaluationError {
    /// Returns the sentence AWS puts into the cause of the failure, without the prefix that names the state.
    ///
    /// A path that stands in a template quotes what it was applied to: the input, or the whole context object.
    pub fn aws_cause(&self, scope: &Scope<'_>) -> String {
        match (&self.failure, &self.field) {
            (EvaluationFailure::Path(miss) | EvaluationFailure::Condition(miss), _)
                if miss.reason == MissReason::NullInput =>
            {
                miss.reason.to_string()
            }
            (EvaluationFailure::Path(miss), _) if *miss.path != *self.expression => format!(
                "The function '{}' had the following error: The JsonPath argument for the field '{}' could not be \
                 found in the input '{}'",
                self.expression,
                shown(&miss.path),
                searched(miss, scope)
            ),
            (EvaluationFailure::Path(miss), Some(field)) => format!(
                "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
                miss.path,
                searched(miss, scope)
            ),
            (EvaluationFailure::Path(miss), None) => miss.invalid_path(),
            (EvaluationFailure::Condition(miss), _) => {
                format!("Invalid path '{}': The choice state's condition path references an invalid value.", miss.path)
            }
            (EvaluationFailure::Intrinsic(error), _) => format!(
                "There was an error while evaluating the intrinsic function: {}. {}",
                self.expression,
                error.aws_sentence()
            ),
            (EvaluationFailure::TooLarge(limit), _) => limit.to_string(),
        }
    }

    /// Tells whether an intrinsic function refused its arguments, which AWS gives a name of its own.
    pub fn is_intrinsic_failure(&self) -> bool {
        matches!(self.failure, EvaluationFailure::Intrinsic(_))
    }

    pub(super) fn in_field(mut self, field: &str) -> Self {
        self.field = Some(field.into());
        self
    }
}

/// Returns the JSON text of what a path was applied to, unless it cannot be written.
fn searched(miss: &Miss, scope: &Scope<'_>) -> String {
    let value = if miss.root == Root::Context { scope.context.value() } else { scope.input };
    match Budget::new().measure(value) {
        Ok(()) => java::json_text(value),
        Err(limit) => limit.to_string(),
    }
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        match &self.failure {
            EvaluationFailure::Path(miss) | EvaluationFailure::Condition(miss) => miss.fmt(f),
            EvaluationFailure::Intrinsic(error) => write!(f, "{}: {error}", self.expression),
            EvaluationFailure::TooLarge(limit) => write!(f, "{}: {limit}", self.expression),
        }
    }
}

impl std::error::Error for EvaluationError {}
