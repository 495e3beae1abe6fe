//! Why a JSONata expression gave no usable value, and AWS's sentence for it.

use crate::json::Kind;
use serde_json::Value;
use std::fmt;

/// A JSONata expression that gave no usable value: `States.QueryEvaluationError`.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The field the expression stands in, such as `Output/result`; AWS's `location`.
    pub field: Box<str>,
    /// The text between `{%` and `%}`, trimmed.
    pub expression: Box<str>,
    /// What went wrong.
    pub kind: FailureKind,
}

/// What went wrong with an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum FailureKind {
    /// It selected nothing.
    Undefined,
    /// It threw one of JSONata's own errors.
    Thrown {
        /// JSONata's code such as `T2001`.
        code: Option<Box<str>>,
        /// The message without the code.
        message: Box<str>,
    },
    /// It used more than an evaluation may.
    Limit(Limit),
    /// Its value has another type than the field takes.
    UnexpectedType {
        /// What the field takes.
        expected: Kind,
        /// What the expression gave.
        value: Value,
    },
    /// Its value is, or holds, a function or a regular expression.
    Unsupported,
    /// The engine stumbled over something the language has no rule for.
    Internal,
}

/// What an evaluation may use no more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Memory for strings and arrays.
    Memory,
    /// Time.
    Time,
    /// Depth of recursion.
    Depth,
}

impl Failure {
    /// The name of the error every failed expression raises.
    pub const ERROR: &'static str = "States.QueryEvaluationError";

    /// Returns the sentence AWS puts into the cause, without the prefix that names the state.
    pub fn aws_cause(&self) -> String {
        let Self { field, expression, kind } = self;
        format!("The JSONata expression '{expression}' specified for the field '{field}' {kind}")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.aws_cause())
    }
}

impl std::error::Error for Failure {}

/// The rest of AWS's sentence, from the verb on.
impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined => f.write_str("returned nothing (undefined)."),
            Self::Thrown { code: Some(code), message } => {
                write!(f, "threw an error during evaluation. {code}: {message}")
            }
            Self::Thrown { code: None, message } => write!(f, "threw an error during evaluation. {message}"),
            // A limit is told after a colon, an error of the language after a full stop.
            Self::Limit(limit) => write!(f, "threw an error during evaluation: {limit}"),
            Self::UnexpectedType { expected, value } => {
                let found = Kind::of(value);
                write!(
                    f,
                    "returned an unexpected result type. Expected '{}', but was '{}' for value: {value}",
                    expected.name(),
                    found.name()
                )
            }
            Self::Unsupported => f.write_str("returned an unsupported result type."),
            Self::Internal => f.write_str("threw an internal error during evaluation"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "Expression evaluation memory limit exceeded: Check for excessive memory usage",
            Self::Time => "Expression evaluation timeout: Check for infinite loop",
            Self::Depth => {
                "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive."
            }
        })
    }
}

/// Text that is not a JSONata expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// JSONata's code such as `S0207`, when the mistake has one.
    pub code: Option<Box<str>>,
    /// What is wrong, without the code.
    pub message: Box<str>,
}

impl CompileError {
    pub(super) fn new(code: &str, message: impl Into<Box<str>>) -> Self {
        Self { code: Some(code.into()), message: message.into() }
    }

    pub(super) fn without_code(message: impl Into<Box<str>>) -> Self {
        Self { code: None, message: message.into() }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{code}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for CompileError {}
