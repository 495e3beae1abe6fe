//! What rules look at, and where they say what they found.

use crate::asl::diagnostic::{Diagnostic, Origin, Severity};
use crate::asl::graph::Graph;
use crate::asl::machine::{Machine, Scope, StateId};
use crate::asl::node::Node;
use crate::asl::place::Span;
use crate::asl::state::State;

/// A machine with the tree it was made of.
pub(super) struct Subject<'a> {
    pub root: &'a Node,
    pub machine: &'a Machine,
    pub graph: Graph,
    nodes: Vec<Option<&'a Node>>,
    findings: Vec<Diagnostic>,
}

impl<'a> Subject<'a> {
    pub fn new(root: &'a Node, machine: &'a Machine) -> Self {
        let nodes = vec![None; machine.states().len()];
        let mut subject = Self { root, machine, graph: Graph::of(machine), nodes, findings: Vec::new() };
        subject.learn(root, &machine[machine.root()]);
        subject
    }

    /// Finds the tree of every state of a scope, and of the scopes inside it.
    fn learn(&mut self, node: &'a Node, scope: &'a Scope) {
        for member in node.get("States").and_then(Node::members).unwrap_or_default() {
            let Some(&id) = scope.states.get(&*member.key) else {
                continue;
            };
            if let Some(slot) = self.nodes.get_mut(id.index()) {
                *slot = Some(&member.value);
            }
            let inner = self.machine.scopes_of(&self.machine[id]);
            let branches = member.value.get("Branches").and_then(Node::items).unwrap_or_default();
            let processor = member.value.get("ItemProcessor").or_else(|| member.value.get("Iterator"));
            for ((_, scope), node) in inner.into_iter().zip(branches.iter().chain(processor)) {
                self.learn(node, scope);
            }
        }
    }

    /// Returns the states together with their trees.
    pub fn states(&self) -> Vec<(&'a State, &'a Node)> {
        self.machine.states().filter_map(|state| self.node(state.id).map(|node| (state, node))).collect()
    }

    pub fn node(&self, id: StateId) -> Option<&'a Node> {
        self.nodes.get(id.index()).copied().flatten()
    }

    pub fn warn(&mut self, code: &'static str, location: String, span: Span, message: impl Into<String>) {
        self.findings.push(Diagnostic {
            severity: Severity::Warning,
            origin: Origin::Stepback,
            code,
            message: message.into(),
            location: Some(location),
            span: Some(span),
            hint: None,
        });
    }

    /// Says of the finding just made that AWS makes it too, in these words.
    pub fn as_aws(&mut self) {
        if let Some(last) = self.findings.last_mut() {
            last.origin = Origin::Aws;
        }
    }

    /// Gives the finding just made a next step.
    pub fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.findings.last_mut() {
            last.hint = Some(hint.into());
        }
    }

    pub fn into_findings(mut self) -> Vec<Diagnostic> {
        self.findings.sort_by_key(|finding| finding.span.map(|span| span.start));
        self.findings
    }
}
