//! From the tree of a definition to a machine, and everything AWS would say on the way.
//!
//! Findings are collected in AWS's order: first what is wrong with fields, then names that occur twice, then
//! transitions, scope by scope. A machine comes out only when AWS would accept the definition.

mod assignments;
mod choice;
mod fail;
mod fields;
mod map;
mod parallel;
mod pass;
mod payload;
mod resource;
mod retry;
mod scope;
mod service;
mod spot;
mod state;
mod succeed;
mod task;
#[cfg(test)]
mod tests;
mod transitions;
mod value;
mod wait;

use super::diagnostic::{Diagnostic, Origin, Severity};
use super::machine::{Machine, MachineKind, QueryLanguage, Scope, ScopeId, StateId};
use super::node::Node;
use super::place::{Place, Span};
use super::source::Source;
use super::state::{State, StateKind, Succeed, SucceedData};
use assignments::Assignments;
use fields::SCHEMA_VALIDATION_FAILED;
use spot::Spot;
use std::collections::HashSet;
use std::sync::Arc;
use transitions::Transitions;

/// Makes a machine of a definition's tree.
pub(super) fn machine(root: &Node, kind: MachineKind, source: &Arc<Source>) -> (Option<Machine>, Vec<Diagnostic>) {
    in_either_language(root, |language| {
        let mut parser = Parser::new(kind);
        let head = parser.head(Spot::root(root), language);
        parser.finish(head, source)
    })
}

/// The same, and says also what AWS refuses of a machine that can be run all the same.
pub(super) fn checked(root: &Node, kind: MachineKind, source: &Arc<Source>) -> (Option<Machine>, Vec<Diagnostic>) {
    in_either_language(root, |language| {
        let mut parser = Parser::new(kind);
        parser.creating = true;
        let head = parser.head(Spot::root(root), language);
        parser.finish(head, source)
    })
}

/// Reads a machine whose language only a deployment knows in the language that leaves less to refuse.
fn in_either_language(
    root: &Node,
    read: impl Fn(Option<QueryLanguage>) -> (Option<Machine>, Vec<Diagnostic>),
) -> (Option<Machine>, Vec<Diagnostic>) {
    if !root.get("QueryLanguage").is_some_and(Node::is_substitution) {
        return read(None);
    }
    let languages = [QueryLanguage::JsonPath, QueryLanguage::Jsonata];
    let [first, second] = languages.map(|language| read(Some(language)));
    if second.1.len() < first.1.len() { second } else { first }
}

/// Makes a machine of a definition that AWS is known to have accepted: what would be refused here is left as it is. A
/// state that cannot be made at all is a Succeed state in the machine that comes out, and on the list beside it.
pub(super) fn accepted(
    root: &Node,
    kind: MachineKind,
    source: &Arc<Source>,
) -> (Option<(Machine, Vec<StateId>)>, Vec<Diagnostic>) {
    let mut parser = Parser::new(kind);
    let head = parser.head(Spot::root(root), None);
    parser.finish_accepted(head, source)
}

/// Makes a machine of a single state's tree, as TestState does.
pub(super) fn lone_state(root: &Node, source: &Arc<Source>) -> (Option<Machine>, Vec<Diagnostic>) {
    let mut parser = Parser::new(MachineKind::Standard);
    parser.transitions.unchecked = true;
    parser.lone_scope(Spot::fixed(root, "/States/StateName"));
    parser.finish(Head::default(), source)
}

/// What the machine itself says, before its states.
#[derive(Default)]
struct Head {
    comment: Option<String>,
    timeout: Option<u32>,
}

struct Parser {
    kind: MachineKind,
    /// The language of the machine.
    language: QueryLanguage,
    diagnostics: Vec<Diagnostic>,
    transitions: Transitions,
    assignments: Assignments,
    /// How many scopes surround what is being read.
    depth: usize,
    /// Whether what is being read is a catcher, the only place that knows `$states.errorOutput`.
    in_catcher: bool,
    /// Whether what is being read is evaluated after a state's work, where `$states.result` is known.
    after_work: bool,
    /// Whether to say also what only hinders the creation of a machine, not its run.
    creating: bool,
    /// Which of the findings are of that kind.
    runnable: HashSet<usize>,
    /// Whether what the machine does depends on something that only a deployment knows, such as the type of a state.
    is_incomplete: bool,
    /// Every state name met so far: they are unique in the whole machine.
    seen: HashSet<Arc<str>>,
    /// The same of the labels of distributed Map states.
    labels: HashSet<String>,
    scopes: Vec<Option<Scope>>,
    states: Vec<Option<State>>,
}

impl Parser {
    fn new(kind: MachineKind) -> Self {
        Self {
            kind,
            language: QueryLanguage::default(),
            diagnostics: Vec::new(),
            transitions: Transitions::default(),
            assignments: Assignments::default(),
            depth: 0,
            in_catcher: false,
            after_work: false,
            creating: false,
            runnable: HashSet::new(),
            is_incomplete: false,
            seen: HashSet::new(),
            labels: HashSet::new(),
            scopes: Vec::new(),
            states: Vec::new(),
        }
    }

    /// Reports that AWS refuses something, at the place that is wrong.
    fn refuse(&mut self, at: &Spot<'_, '_>, message: impl Into<String>) {
        self.report(SCHEMA_VALIDATION_FAILED, at.location(), at.node.span, message);
    }

    /// Reports that AWS refuses something at a location that is not where the mistake stands.
    fn report(&mut self, code: &'static str, location: String, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            origin: Origin::Aws,
            code,
            message: message.into(),
            location: Some(location),
            span: Some(span),
            hint: None,
        });
    }

    /// Says of the finding just reported that it is not AWS's.
    fn as_ours(&mut self) {
        if let Some(last) = self.diagnostics.last_mut() {
            last.origin = Origin::Stepback;
        }
    }

    /// Reports that AWS does not create such a machine, though it can be run.
    fn refuse_creation(&mut self, at: &Spot<'_, '_>, message: impl Into<String>) {
        if self.creating {
            self.runnable.insert(self.diagnostics.len());
            self.refuse(at, message);
        }
    }

    /// Gives the finding just reported a next step.
    fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.diagnostics.last_mut() {
            last.hint = Some(hint.into());
        }
    }

    /// The same for what only hinders creation, which may not have been reported.
    fn hint_creation(&mut self, hint: impl Into<String>) {
        if self.creating {
            self.hint(hint);
        }
    }

    fn finish(mut self, head: Head, source: &Arc<Source>) -> (Option<Machine>, Vec<Diagnostic>) {
        self.assignments.check(&mut self.diagnostics);
        self.transitions.check(&mut self.diagnostics);
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let hinders = |(number, finding): (usize, &Diagnostic)| {
            finding.severity == Severity::Error && !self.runnable.contains(&number)
        };
        if diagnostics.iter().enumerate().any(hinders) {
            return (None, diagnostics);
        }
        if self.is_incomplete {
            return (None, diagnostics);
        }
        (self.made(head, source), diagnostics)
    }

    fn finish_accepted(
        mut self,
        head: Head,
        source: &Arc<Source>,
    ) -> (Option<(Machine, Vec<StateId>)>, Vec<Diagnostic>) {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        self.assignments.check(&mut diagnostics);
        self.transitions.check(&mut diagnostics);
        let unmade = self.states.iter().enumerate().filter(|(_, state)| state.is_none());
        let unmade: Vec<StateId> = unmade.map(|(place, _)| StateId::of(place)).collect();
        for id in &unmade {
            let stand_in = self.stand_in(*id);
            if let Some(slot) = self.states.get_mut(id.index()) {
                *slot = stand_in;
            }
        }
        (self.made(head, source).map(|machine| (machine, unmade)), diagnostics)
    }

    /// A state in the place of one that could not be made.
    fn stand_in(&self, id: StateId) -> Option<State> {
        let scopes = self.scopes.iter().enumerate().filter_map(|(place, scope)| Some((place, scope.as_ref()?)));
        let (place, scope) = scopes.into_iter().find(|(_, scope)| scope.states.values().any(|state| *state == id))?;
        let (name, _) = scope.states.iter().find(|(_, state)| **state == id)?;
        Some(State {
            id,
            scope: ScopeId::of(place),
            name: Arc::clone(name),
            comment: None,
            place: scope.place.clone(),
            language: self.language,
            kind: StateKind::Succeed(Box::new(Succeed {
                data: SucceedData::JsonPath { input_path: None, output_path: None },
            })),
            variable_references: Default::default(),
        })
    }

    fn made(self, head: Head, source: &Arc<Source>) -> Option<Machine> {
        let scopes: Option<Vec<Scope>> = self.scopes.into_iter().collect();
        let states: Option<Vec<State>> = self.states.into_iter().collect();
        Some(Machine {
            kind: self.kind,
            comment: head.comment,
            language: self.language,
            timeout: head.timeout,
            source: Arc::clone(source),
            scopes: scopes?,
            states: states?,
        })
    }

    /// Sets aside the number of a state whose fields are still to be read.
    fn reserve_state(&mut self) -> StateId {
        self.states.push(None);
        StateId::of(self.states.len() - 1)
    }

    fn reserve_scope(&mut self) -> ScopeId {
        self.scopes.push(None);
        ScopeId::of(self.scopes.len() - 1)
    }
}

fn place(spot: &Spot<'_, '_>) -> Place {
    Place { pointer: Arc::from(spot.location()), span: spot.node.span }
}
