//! What the expressions of one state may look at.

use super::convert::to_jvalue;
use super::references::{Binding, References};
use crate::query::Scope;
use indexmap::IndexMap;
use jsonata_core::value::JValue;
use serde_json::Value;
use std::cell::{OnceCell, RefCell};

/// What the expressions of one state may look at: `$states` and the variables.
///
/// Made once per state, so that a large input is converted at most once however many expressions read it, and not at
/// all when none does.
pub struct Session<'a> {
    scope: Scope<'a>,
    result: Option<&'a Value>,
    error_output: Option<&'a Value>,
    converted: Converted,
}

#[derive(Default)]
struct Converted {
    input: OnceCell<JValue>,
    result: OnceCell<JValue>,
    error_output: OnceCell<JValue>,
    context: OnceCell<JValue>,
    variables: RefCell<Vec<(Box<str>, JValue)>>,
}

impl<'a> Session<'a> {
    /// Returns a session in which there is neither `$states.result` nor `$states.errorOutput`.
    pub fn new(scope: Scope<'a>) -> Self {
        Self { scope, result: None, error_output: None, converted: Converted::default() }
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

    /// Returns the object `$states`, with those members only that an expression reads.
    pub(super) fn states(&self, references: &References) -> Option<JValue> {
        const MEMBERS: [(&str, Binding); 4] = [
            ("input", Binding::Input),
            ("context", Binding::Context),
            ("result", Binding::Result),
            ("errorOutput", Binding::ErrorOutput),
        ];
        let all = references.uses(&Binding::States);
        let mut members = IndexMap::new();
        for (name, binding) in &MEMBERS {
            if (all || references.uses(binding))
                && let Some(value) = self.member(binding)
            {
                members.insert((*name).to_owned(), value.clone());
            }
        }
        (all || !members.is_empty()).then(|| JValue::object(members))
    }

    fn member(&self, binding: &Binding) -> Option<&JValue> {
        let cell = match binding {
            Binding::Input => &self.converted.input,
            Binding::Result => &self.converted.result,
            Binding::ErrorOutput => &self.converted.error_output,
            Binding::Context => &self.converted.context,
            Binding::States | Binding::Variable(_) => return None,
        };
        let value = self.value(binding)?;
        Some(cell.get_or_init(|| to_jvalue(value)))
    }

    pub(super) fn variable(&self, name: &str) -> Option<JValue> {
        let mut known = self.converted.variables.borrow_mut();
        if let Some((_, value)) = known.iter().find(|(known, _)| **known == *name) {
            return Some(value.clone());
        }
        let value = to_jvalue(self.scope.variables.get(name)?);
        known.push((name.into(), value.clone()));
        Some(value)
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
