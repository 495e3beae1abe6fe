//! What the expressions of one state may look at.

use super::references::Binding;
use crate::query::Scope;
use serde_json::Value;

/// What the expressions of one state may look at: `$states` and the variables.
///
/// Values are borrowed, not converted, however large they are.
pub struct Session<'a> {
    scope: Scope<'a>,
    result: Option<&'a Value>,
    error_output: Option<&'a Value>,
}

impl<'a> Session<'a> {
    /// Returns a session in which there is neither `$states.result` nor `$states.errorOutput`.
    pub fn new(scope: Scope<'a>) -> Self {
        Self { scope, result: None, error_output: None }
    }

    /// Adds `$states.result`, which exists once the state's work has succeeded.
    #[must_use]
    pub fn with_result(self, result: &'a Value) -> Self {
        Self { result: Some(result), ..self }
    }

    /// Adds `$states.errorOutput`, which exists once an error has been caught.
    #[must_use]
    pub fn with_error_output(self, error_output: &'a Value) -> Self {
        Self { error_output: Some(error_output), ..self }
    }

    /// Returns the scope the session was made of.
    pub fn scope(&self) -> &Scope<'a> {
        &self.scope
    }

    /// Returns what a binding stands for, if there is such a thing.
    pub fn value(&self, binding: &Binding) -> Option<&'a Value> {
        match binding {
            Binding::States => None,
            Binding::Input => Some(self.scope.input),
            Binding::Result => self.result,
            Binding::ErrorOutput => self.error_output,
            Binding::Context => Some(self.scope.context.value()).filter(|context| !context.is_null()),
            Binding::Variable(name) => self.scope.variables.get(name),
        }
    }
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("scope", &self.scope)
            .field("result", &self.result)
            .field("error_output", &self.error_output)
            .finish_non_exhaustive()
    }
}
