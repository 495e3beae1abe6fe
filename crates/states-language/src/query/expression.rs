//! A path or a call of an intrinsic function: what may stand behind a key that ends in `.$`.

use super::budget::Budget;
use super::error::{EvaluationError, EvaluationFailure, SyntaxError};
use super::intrinsic::Call;
use super::path::Path;
use super::scope::Scope;
use serde_json::Value;
use std::borrow::Cow;

/// A compiled path or call.
#[derive(Debug, Clone)]
pub enum Expression {
    /// `$.a`, `$$.Execution.Id` or `$name.b`.
    Path(Path),
    /// `States.Format('{}', $.a)`.
    Call(Call),
}

impl Expression {
    /// Compiles a path or a call.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        if Call::is_meant(text) { Call::compile(text).map(Self::Call) } else { Path::compile(text).map(Self::Path) }
    }

    /// Returns the expression as it was written.
    pub fn text(&self) -> &str {
        match self {
            Self::Path(path) => path.text(),
            Self::Call(call) => call.text(),
        }
    }

    /// Returns the paths it looks at, in the order they are written.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Self::Path(path) => vec![path],
            Self::Call(call) => call.paths(),
        }
    }

    /// Returns the value of the expression.
    pub fn evaluate<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, EvaluationError> {
        self.evaluate_within(scope, &Budget::new())
    }

    pub(super) fn evaluate_within<'a>(
        &self,
        scope: &Scope<'a>,
        budget: &Budget,
    ) -> Result<Cow<'a, Value>, EvaluationError> {
        match self {
            Self::Path(path) => path.select_within(scope, budget).map_err(EvaluationError::from),
            Self::Call(call) => call.evaluate_within(scope, budget).map(Cow::Owned),
        }
    }
}

impl From<super::path::Miss> for EvaluationError {
    fn from(miss: super::path::Miss) -> Self {
        Self { field: None, expression: miss.path.clone(), failure: EvaluationFailure::Path(Box::new(miss)) }
    }
}
