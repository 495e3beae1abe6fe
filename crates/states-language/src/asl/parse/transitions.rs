//! Who leads where: targets that do not exist, scopes without an end, states nothing leads to.

use super::Parser;
use super::spot::Spot;
use crate::asl::diagnostic::{Diagnostic, Origin, Severity};
use crate::asl::machine::{ScopeId, StateId, Target, Transition};
use crate::asl::node::has_substitution;
use crate::asl::place::Span;
use indexmap::IndexMap;
use std::collections::HashSet;
use std::sync::Arc;

/// The states of one scope by name.
pub(super) type Names = IndexMap<Arc<str>, StateId>;

/// What is known about transitions while states are being read.
#[derive(Default)]
pub(super) struct Transitions {
    /// Whether where a state leads to is of no interest, as for a state on its own.
    pub unchecked: bool,
    pub duplicates: Vec<Diagnostic>,
    scopes: Vec<Flow>,
}

/// The transitions of one scope.
#[derive(Default)]
struct Flow {
    dangling: Vec<Diagnostic>,
    ends: bool,
    /// Whether a target is put in at deployment or cannot be read, so that any state may be one.
    open: bool,
    /// Whether it is the machine's own: AWS looks for an end only there.
    is_root: bool,
    states: Vec<(StateId, Arc<str>, String, Span)>,
    targets: HashSet<StateId>,
}

/// A state being read: its number, its scope, and its neighbours.
#[derive(Clone, Copy)]
pub(super) struct Here<'n> {
    pub id: StateId,
    pub scope: ScopeId,
    pub names: &'n Names,
}

impl Transitions {
    fn flow(&mut self, scope: ScopeId) -> &mut Flow {
        if self.scopes.len() <= scope.index() {
            self.scopes.resize_with(scope.index() + 1, Flow::default);
        }
        self.scopes.get_mut(scope.index()).expect("the list has just been made long enough")
    }

    pub fn state(&mut self, scope: ScopeId, id: StateId, name: Arc<str>, location: String, span: Span) {
        self.flow(scope).states.push((id, name, location, span));
    }

    pub fn ends(&mut self, scope: ScopeId) {
        self.flow(scope).ends = true;
    }

    /// Says that a scope is the machine itself.
    pub fn root(&mut self, scope: ScopeId) {
        self.flow(scope).is_root = true;
    }

    /// Says that not every transition of a scope can be told.
    pub fn open(&mut self, scope: ScopeId) {
        self.flow(scope).open = true;
    }

    /// Adds what AWS says about transitions: first of all targets that are missing, then of all states that nothing
    /// leads to.
    ///
    /// Recorded: it looks for an end only when every field is right, and then not for states that nothing leads to. Of
    /// branches and processors it asks for no end (a loop without one inside an `ItemProcessor` was created).
    pub fn check(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let fields_are_right = diagnostics.is_empty();
        diagnostics.append(&mut self.duplicates);
        if self.unchecked {
            return;
        }
        let mut unreached = Vec::new();
        for flow in &mut self.scopes {
            diagnostics.append(&mut flow.dangling);
            if flow.open {
                continue;
            }
            if !flow.ends && flow.is_root && fields_are_right {
                diagnostics.push(missing_end(flow.states.first().map(|(_, _, _, span)| *span)));
                continue;
            }
            unreached.extend(flow.unreached());
        }
        diagnostics.append(&mut unreached);
    }
}

impl Flow {
    fn unreached(&self) -> impl Iterator<Item = Diagnostic> {
        let states = self.states.iter().filter(|(id, ..)| !self.targets.contains(id));
        states.map(|(_, name, location, span)| Diagnostic {
            severity: Severity::Error,
            origin: Origin::Aws,
            code: "MISSING_TRANSITION_TARGET",
            message: format!("State \"{name}\" is not reachable."),
            location: Some(location.clone()),
            span: Some(*span),
            hint: Some(format!("Let a state lead to '{name}', or remove it.")),
        })
    }
}

fn missing_end(span: Option<Span>) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        origin: Origin::Aws,
        code: "MISSING_END_STATE",
        message: "Workflow has no terminal state".to_owned(),
        location: None,
        span,
        hint: Some("Give a state 'End': true, or add a Succeed or Fail state.".to_owned()),
    }
}

impl Parser {
    /// Reads the name of a state to go to.
    ///
    /// AWS says `Next` of every transition, whatever its field is called.
    pub(super) fn target(&mut self, spot: &Spot<'_, '_>, scope: ScopeId, names: &Names) -> Option<Target> {
        let text = self.text(spot)?;
        let found = names.get_key_value(text);
        let id = found.map(|(_, id)| *id);
        let name = found.map_or_else(|| Arc::from(text), |(name, _)| Arc::clone(name));
        match id {
            Some(id) => {
                self.transitions.flow(scope).targets.insert(id);
            }
            None if self.transitions.unchecked => {}
            None if spot.node.is_substitution() => self.transitions.flow(scope).open = true,
            // Any name may be that of a state whose name is put in at deployment.
            None if names.keys().any(|name| has_substitution(name)) => {
                self.leave_open();
                self.transitions.open(scope);
            }
            None => {
                let near = names.keys().find(|other| other.trim().eq_ignore_ascii_case(text.trim()));
                let finding = Diagnostic {
                    severity: Severity::Error,
                    origin: Origin::Aws,
                    code: "MISSING_TRANSITION_TARGET",
                    message: format!("Missing 'Next' target: {text}"),
                    location: Some(spot.location()),
                    span: Some(spot.node.span),
                    hint: near.map(|near| format!("Perhaps '{near}' is meant.")),
                };
                self.transitions.flow(scope).dangling.push(finding);
            }
        }
        Some(Target { name, id })
    }

    /// Reads `Next` or `End`.
    pub(super) fn transition(&mut self, state: &Spot<'_, '_>, here: Here<'_>) -> Option<Transition> {
        use crate::asl::node::Data;
        if state.node.get("End").is_some_and(|end| end.data == Data::Bool(false)) && state.node.get("Next").is_some() {
            return self.next(state, here).map(Transition::Next);
        }
        if !self.exactly_one(state, &["Next", "End"]) {
            return None;
        }
        let Some(end) = state.get("End") else {
            return self.next(state, here).map(Transition::Next);
        };
        if end.node.data != Data::Bool(true) && !end.node.is_substitution() {
            self.refuse(&end, "Value must be true");
            return None;
        }
        self.transitions.ends(here.scope);
        Some(Transition::End)
    }

    /// Takes note of where a state leads whose fields are not understood, so that nothing false is said of others.
    pub(super) fn transitions_unread(&mut self, state: &Spot<'_, '_>, here: Here<'_>) {
        self.transitions.open(here.scope);
        if state.node.get("Next").is_some() {
            self.next(state, here);
        }
    }

    /// Reads `Next`.
    pub(super) fn next(&mut self, object: &Spot<'_, '_>, here: Here<'_>) -> Option<Target> {
        let spot = object.get("Next")?;
        self.target(&spot, here.scope, here.names)
    }
}
