//! Which scope assigns which variable.
//!
//! A branch or an inline iteration reads the variables around it and must not assign them: AWS refuses a name that a
//! scope around assigns too. What the container itself assigns, or one of its catchers, does not count: it is assigned
//! when the branches are over. Child executions see nothing of what is around them, and may use any name.

use crate::asl::diagnostic::{Diagnostic, Origin, Severity};
use crate::asl::machine::{ScopeId, StateId};
use crate::asl::place::Span;
use std::collections::HashMap;

/// The assignments met so far.
#[derive(Default)]
pub(super) struct Assignments {
    /// The state being read, and its scope.
    pub here: Option<(ScopeId, StateId)>,
    /// The scope whose variables a scope can see, and the state of it that holds the scope.
    pub around: HashMap<ScopeId, (ScopeId, StateId)>,
    made: Vec<Assignment>,
}

struct Assignment {
    scope: ScopeId,
    state: StateId,
    name: String,
    location: String,
    span: Span,
}

impl Assignments {
    /// Takes note of a name; `location` is that of the object it is a member of.
    pub fn add(&mut self, name: &str, location: &str, span: Span) {
        if let Some((scope, state)) = self.here {
            let location = format!("{location}/{name}");
            self.made.push(Assignment { scope, state, name: name.to_owned(), location, span });
        }
    }

    /// Complains about names that a scope around assigns too.
    pub fn check(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.around.is_empty() {
            return;
        }
        let mut makers: HashMap<(ScopeId, &str), Makers> = HashMap::new();
        for made in &self.made {
            makers.entry((made.scope, &made.name)).or_default().add(made.state);
        }
        diagnostics.extend(self.made.iter().filter(|made| self.is_taken(made, &makers)).map(|made| Diagnostic {
            severity: Severity::Error,
            origin: Origin::Aws,
            code: "DUPLICATE_VARIABLE_NAME",
            message: format!("The variable name '{}' was already defined in a parent scope.", made.name),
            location: Some(made.location.clone()),
            span: Some(made.span),
            hint: Some("Give the variable of the inner scope another name.".to_owned()),
        }));
    }

    fn is_taken(&self, made: &Assignment, makers: &HashMap<(ScopeId, &str), Makers>) -> bool {
        let mut scope = made.scope;
        while let Some(&(outer, container)) = self.around.get(&scope) {
            if makers.get(&(outer, &made.name)).is_some_and(|makers| makers.others_than(container)) {
                return true;
            }
            scope = outer;
        }
        false
    }
}

/// Which states of one scope assign a name: that there is another one is all that is asked.
#[derive(Default)]
struct Makers {
    first: Option<StateId>,
    another: bool,
}

impl Makers {
    fn add(&mut self, state: StateId) {
        let first = *self.first.get_or_insert(state);
        self.another |= first != state;
    }

    fn others_than(&self, state: StateId) -> bool {
        self.another || self.first.is_some_and(|first| first != state)
    }
}
