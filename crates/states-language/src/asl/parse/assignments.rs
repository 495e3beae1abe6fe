//! Which scope assigns which variable.
//!
//! A branch or an inline iteration reads the variables around it and must not assign them: AWS refuses a name that a
//! scope around assigns too. Child executions see nothing of what is around them, and may use any name.

use super::fields::SCHEMA_VALIDATION_FAILED;
use crate::asl::diagnostic::{Diagnostic, Severity};
use crate::asl::machine::ScopeId;
use crate::asl::place::Span;
use std::collections::{HashMap, HashSet};

/// The assignments met so far.
#[derive(Default)]
pub(super) struct Assignments {
    /// The scope being read.
    pub scope: Option<ScopeId>,
    /// The scope whose variables a scope can see.
    pub around: HashMap<ScopeId, ScopeId>,
    made: Vec<Assignment>,
}

struct Assignment {
    scope: ScopeId,
    name: String,
    location: String,
    span: Span,
}

impl Assignments {
    pub fn add(&mut self, name: &str, location: String, span: Span) {
        if let Some(scope) = self.scope {
            self.made.push(Assignment { scope, name: name.to_owned(), location, span });
        }
    }

    /// Complains about names that a scope around assigns too.
    pub fn check(&self, diagnostics: &mut Vec<Diagnostic>) {
        let known: HashSet<(ScopeId, &str)> = self.made.iter().map(|made| (made.scope, &*made.name)).collect();
        for made in &self.made {
            let mut scope = made.scope;
            while let Some(&outer) = self.around.get(&scope) {
                scope = outer;
                if known.contains(&(scope, &*made.name)) {
                    diagnostics.push(Diagnostic {
                        severity: Severity::Error,
                        code: SCHEMA_VALIDATION_FAILED,
                        message: format!("Variable '{}' is already assigned in an outer scope", made.name),
                        location: Some(made.location.clone()),
                        span: Some(made.span),
                        hint: Some("Give the variable of the inner scope another name.".to_owned()),
                    });
                    break;
                }
            }
        }
    }
}
