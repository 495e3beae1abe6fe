//! Machines, branches and processors: what has a `StartAt` and `States`.

use super::fields::{Field, MACHINE};
use super::spot::Spot;
use super::transitions::{Here, Names};
use super::{Head, Parser, place};
use crate::asl::diagnostic::{Diagnostic, Origin, Severity};
use crate::asl::machine::{Container, QueryLanguage, Scope, ScopeId};
use crate::asl::node::{Node, has_substitution};
use std::collections::HashMap;
use std::sync::Arc;

/// The longest name of a state.
const LONGEST_NAME: usize = 80;

/// How deep scopes may nest. AWS has a limit too and does not tell it; nobody comes near this one, and it keeps the
/// recursion of everything that walks a machine short.
const DEEPEST: usize = 64;

pub(super) const LANGUAGES: &[(&str, QueryLanguage)] =
    &[("JSONPath", QueryLanguage::JsonPath), ("JSONata", QueryLanguage::Jsonata)];

impl Parser {
    /// Reads the machine itself; in a language that is taken for its own when it does not say.
    pub(super) fn head(&mut self, root: Spot<'_, '_>, language: Option<QueryLanguage>) -> Head {
        self.language = language.unwrap_or_else(|| self.language_of(&root, QueryLanguage::JsonPath));
        let comment = self.comment(&root);
        let version = self.optional_text(&root, "Version");
        if let (Some(version), Some(spot)) = (version, root.get("Version"))
            && version != "1.0"
            && !spot.node.is_substitution()
        {
            self.refuse(&spot, "Value should be one of the following: [1.0]");
        }
        let timeout = root.get("TimeoutSeconds").and_then(|spot| self.whole(&spot, 1, 99_999_999));
        self.scope(&root, MACHINE, None, None);
        Head { comment, timeout: timeout.and_then(|seconds| u32::try_from(seconds).ok()) }
    }

    /// Reads `QueryLanguage`; any text but `JSONPath` counts as JSONata, whatever else is said about it.
    pub(super) fn language_of(&mut self, object: &Spot<'_, '_>, inherited: QueryLanguage) -> QueryLanguage {
        match object.get("QueryLanguage") {
            None => inherited,
            Some(spot) => self.one_of(&spot, LANGUAGES).unwrap_or(QueryLanguage::Jsonata),
        }
    }

    /// Reads an object with `StartAt` and `States`; `around` is the scope whose variables it sees.
    pub(super) fn scope(
        &mut self,
        object: &Spot<'_, '_>,
        known: &[&[Field]],
        container: Option<Container>,
        around: Option<ScopeId>,
    ) -> Option<ScopeId> {
        if self.depth >= DEEPEST {
            let message = "The states are too deeply nested.";
            self.report("TOO_DEEPLY_NESTED", object.location(), object.node.span, message);
            self.as_ours();
            return None;
        }
        self.depth += 1;
        let id = self.scope_at(object, known, container, around);
        self.depth -= 1;
        id
    }

    fn scope_at(
        &mut self,
        object: &Spot<'_, '_>,
        known: &[&[Field]],
        container: Option<Container>,
        around: Option<ScopeId>,
    ) -> Option<ScopeId> {
        let id = self.reserve_scope();
        if let (Some(outer), Some(container)) = (around, container) {
            self.assignments.around.insert(id, (outer, container.state()));
        }
        if container.is_none() {
            self.transitions.root(id);
        }
        if !self.known_fields(object, known, self.language) {
            self.transitions.open(id);
            return None;
        }
        self.required(object, &["States", "StartAt"]);
        if object.get("States").is_some_and(|states| self.is_open(&states)) {
            self.transitions.open(id);
            return None;
        }
        let comment = container.and_then(|_| self.comment(object));
        let names = object.get("States").and_then(|states| self.names(&states, id));
        // Without states AWS does not look for the first one, and without a first one not for the others.
        let start_at = match (&names, object.get("StartAt")) {
            (Some(names), Some(start)) => self.target(&start, id, names),
            _ => {
                self.transitions.open(id);
                None
            }
        };
        let names = names.unwrap_or_default();
        if let Some(states) = object.get("States") {
            self.states_of(&states, id, &names);
        }
        let scope = Scope { container, start_at: start_at?.id?, states: names, comment, place: place(object) };
        if let Some(slot) = self.scopes.get_mut(id.index()) {
            *slot = Some(scope);
        }
        Some(id)
    }

    /// Numbers the states, so that transitions can be read before the states they lead to.
    fn names(&mut self, states: &Spot<'_, '_>, scope: ScopeId) -> Option<Names> {
        let Some(members) = states.node.members() else {
            self.refuse(states, "Expected value of type [OBJECT]");
            return None;
        };
        if members.is_empty() {
            self.refuse(states, "Value cannot be empty");
            return None;
        }
        if states.node.has_open_keys() {
            // Nobody knows yet which of these names a transition means.
            self.transitions.open(scope);
        }
        let mut names = Names::with_capacity(members.len());
        for member in members {
            let spot = states.below(&member.value, &member.key);
            let name: Arc<str> = Arc::from(&*member.key);
            if !self.seen.insert(Arc::clone(&name)) && !has_substitution(&name) {
                self.transitions.duplicates.push(Diagnostic {
                    severity: Severity::Error,
                    origin: Origin::Aws,
                    code: "DUPLICATE_STATE_NAME",
                    message: format!("Duplicate State name: {name}"),
                    location: Some(spot.location()),
                    span: Some(member.key_span),
                    hint: Some("Names are unique in the whole machine, branches and processors included.".to_owned()),
                });
            }
            if names.contains_key(&name) {
                continue;
            }
            self.state_name(&spot, &name, member.key_span);
            let id = self.reserve_state();
            self.transitions.state(scope, id, Arc::clone(&name), spot.location(), member.key_span);
            names.insert(name, id);
        }
        Some(names)
    }

    fn state_name(&mut self, state: &Spot<'_, '_>, name: &str, span: crate::asl::place::Span) {
        let length = name.chars().count();
        if length > LONGEST_NAME {
            let message = format!("The state name is {length} characters long, the maximum is {LONGEST_NAME}");
            self.report("INVALID_STATE_NAME", state.location(), span, message);
        } else if name.is_empty() {
            self.report("INVALID_STATE_NAME", state.location(), span, "The state name is empty");
        }
    }

    fn states_of(&mut self, states: &Spot<'_, '_>, scope: ScopeId, names: &Names) {
        // The later of two members with one name counts, as everywhere; each is looked up once.
        let members = states.node.members().unwrap_or_default();
        let last: HashMap<&str, &Node> = members.iter().map(|member| (&*member.key, &member.value)).collect();
        for (name, &id) in names {
            if let Some(node) = last.get(&**name) {
                self.assignments.here = Some((scope, id));
                self.state(&states.below(node, name), name, Here { id, scope, names });
            }
        }
    }

    /// Reads a state on its own, called `StateName`.
    pub(super) fn lone_scope(&mut self, state: Spot<'_, '_>) {
        let scope = self.reserve_scope();
        let id = self.reserve_state();
        let name: Arc<str> = Arc::from("StateName");
        let names = Names::from_iter([(Arc::clone(&name), id)]);
        // Not a neighbour of itself: a state that leads to 'StateName' leads out.
        self.state(&state, &name, Here { id, scope, names: &Names::new() });
        let root = Scope { container: None, start_at: id, states: names, comment: None, place: place(&state) };
        if let Some(slot) = self.scopes.get_mut(scope.index()) {
            *slot = Some(root);
        }
    }
}
