//! The arguments of a call, evaluated when the function asks for them.

use super::{Argument, Call, Refusal};
use crate::query::budget::Budget;
use crate::query::java;
use crate::query::scope::Scope;
use serde_json::Value;
use std::borrow::Cow;

/// The arguments of one call in one evaluation.
pub(super) struct Arguments<'a> {
    pub(super) call: &'a Call,
    pub(super) scope: &'a Scope<'a>,
    pub(super) budget: &'a Budget,
}

impl<'a> Arguments<'a> {
    pub(super) fn count(&self) -> usize {
        self.call.arguments.len()
    }

    /// Returns an argument; what is not there is null, which only optional arguments are.
    pub(super) fn get(&self, at: usize) -> Result<Cow<'a, Value>, Refusal> {
        match self.call.arguments.get(at) {
            Some(argument) => argument.evaluate(self.scope, self.budget),
            None => Ok(Cow::Owned(Value::Null)),
        }
    }

    /// Returns the text of an argument as written when it has escape sequences.
    pub(super) fn written(&self, at: usize) -> Option<&'a str> {
        match self.call.arguments.get(at) {
            Some(Argument::Escaped(_, text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn text(&self, at: usize) -> Result<Cow<'a, str>, Refusal> {
        match self.get(at)? {
            Cow::Borrowed(Value::String(text)) => Ok(Cow::Borrowed(text)),
            Cow::Owned(Value::String(text)) => Ok(Cow::Owned(text)),
            other => Err(self.wrong(at, "a string", &other)),
        }
    }

    pub(super) fn array(&self, at: usize) -> Result<Cow<'a, [Value]>, Refusal> {
        match self.get(at)? {
            Cow::Borrowed(Value::Array(items)) => Ok(Cow::Borrowed(items)),
            Cow::Owned(Value::Array(items)) => Ok(Cow::Owned(items)),
            other => Err(self.wrong(at, "an array", &other)),
        }
    }

    /// Returns a number rounded as Java does, with halves going up: all functions that count do this first.
    pub(super) fn integer(&self, at: usize) -> Result<i64, Refusal> {
        let value = self.get(at)?;
        let rounded = match value.as_ref() {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(java::round)),
            _ => None,
        };
        rounded.ok_or_else(|| self.wrong(at, "a number", &value))
    }

    pub(super) fn wrong(&self, at: usize, expected: &str, found: &Value) -> Refusal {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        Refusal::Reason(format!("Argument {} must be {expected}, but it is {found}", at + 1))
    }
}

/// A reason for refusing arguments.
pub(super) fn refuse<T>(reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Reason(reason.into()))
}
