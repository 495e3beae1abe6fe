//! What an expression may look at.

use serde_json::{Map, Value};
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

/// What an expression may look at: the state's input, the context object, the variables, and where values come from
/// that differ every time.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What `$` means.
    pub input: &'a Value,
    /// What `$$` means; asked for only when an expression or a message needs it.
    pub context: &'a dyn Context,
    /// What `$name` means.
    pub variables: &'a dyn Variables,
    /// Where `States.UUID` and `States.MathRandom` draw from.
    pub sources: &'a dyn Sources,
}

impl<'a> Scope<'a> {
    /// Returns a scope in which there is only an input.
    pub fn of(input: &'a Value) -> Self {
        Self { input, context: &NoContext, variables: &NoVariables, sources: &FixedSources }
    }

    /// Returns the same scope with another input.
    #[must_use]
    pub fn with_input(self, input: &'a Value) -> Self {
        Self { input, ..self }
    }
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope").field("input", self.input).finish_non_exhaustive()
    }
}

/// Supplies the context object, which is costly to build and seldom looked at.
pub trait Context {
    /// Returns the whole context object.
    fn value(&self) -> &Value;
}

impl Context for Value {
    fn value(&self) -> &Value {
        self
    }
}

impl<F: FnOnce() -> Value> Context for LazyCell<Value, F> {
    fn value(&self) -> &Value {
        self
    }
}

/// A context object without members.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoContext;

impl Context for NoContext {
    fn value(&self) -> &Value {
        &Value::Null
    }
}

/// Looks up the variables an expression may read.
pub trait Variables {
    /// Returns the value of a variable, given its name without `$`.
    fn get(&self, name: &str) -> Option<&Value>;
}

/// No variables at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn get(&self, _name: &str) -> Option<&Value> {
        None
    }
}

impl Variables for Map<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        Self::get(self, name)
    }
}

impl Variables for BTreeMap<String, Value> {
    fn get(&self, name: &str) -> Option<&Value> {
        Self::get(self, name)
    }
}

impl<S: std::hash::BuildHasher> Variables for HashMap<String, Value, S> {
    fn get(&self, name: &str) -> Option<&Value> {
        Self::get(self, name)
    }
}

/// Supplies what differs every time, so that evaluation itself stays a function of its arguments.
pub trait Sources {
    /// Returns the present time in milliseconds since 1970.
    fn now_millis(&self) -> i64;
    /// Returns a random UUID, version 4, in its usual lower-case form.
    fn uuid(&self) -> String;
    /// Returns 64 random bits.
    fn random(&self) -> u64;
}

/// The same time, UUID and number every time: for checking definitions and for tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct FixedSources;

impl Sources for FixedSources {
    fn now_millis(&self) -> i64 {
        0
    }

    fn uuid(&self) -> String {
        "00000000-0000-4000-8000-000000000000".to_owned()
    }

    fn random(&self) -> u64 {
        0
    }
}
