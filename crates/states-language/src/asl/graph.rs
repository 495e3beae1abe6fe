//! Which state leads to which, and why.

use super::machine::{Machine, Scope, ScopeId, StateId, Target, Transition};
use super::state::{ChoiceData, State, StateKind};

/// Why one state follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `Next`.
    Next,
    /// A rule of a Choice state, counted from 0.
    Choice(usize),
    /// `Default` of a Choice state.
    Default,
    /// A catcher, counted from 0.
    Catch(usize),
}

/// One way from a state to another one of its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Edge {
    /// The state that ends.
    pub from: StateId,
    /// The state that follows.
    pub to: StateId,
    /// Why it follows.
    pub reason: Reason,
}

/// The transitions of a machine, each scope by itself.
#[derive(Debug, Clone)]
pub struct Graph {
    edges: Vec<Edge>,
    /// Where the edges of each state begin; one entry more than there are states.
    starts: Vec<usize>,
    incoming: Vec<Vec<usize>>,
}

impl Graph {
    /// Reads the transitions of a machine.
    pub fn of(machine: &Machine) -> Self {
        let mut edges = Vec::new();
        let mut starts = Vec::with_capacity(machine.states().len() + 1);
        for state in machine.states() {
            starts.push(edges.len());
            edges_of(state, &mut edges);
        }
        starts.push(edges.len());
        let mut incoming = vec![Vec::new(); machine.states().len()];
        for (number, edge) in edges.iter().enumerate() {
            if let Some(list) = incoming.get_mut(edge.to.index()) {
                list.push(number);
            }
        }
        Self { edges, starts, incoming }
    }

    /// Returns every transition, by the state it starts from.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Returns the transitions from a state, in the order they are considered.
    pub fn from(&self, state: StateId) -> &[Edge] {
        let start = self.starts.get(state.index()).copied().unwrap_or_default();
        let end = self.starts.get(state.index() + 1).copied().unwrap_or_default();
        self.edges.get(start..end).unwrap_or_default()
    }

    /// Returns the transitions to a state.
    pub fn to(&self, state: StateId) -> impl Iterator<Item = &Edge> {
        self.incoming.get(state.index()).into_iter().flatten().filter_map(|&number| self.edges.get(number))
    }

    /// Tells of each state of a machine whether one of the given ones leads to it, directly or not.
    pub fn reachable(&self, from: impl IntoIterator<Item = StateId>) -> Vec<bool> {
        self.closure(from, |state, found| found.extend(self.from(state).iter().map(|edge| edge.to)))
    }

    /// Tells of each state of a machine whether it leads to one of the given ones, directly or not.
    pub fn leading(&self, to: impl IntoIterator<Item = StateId>) -> Vec<bool> {
        self.closure(to, |state, found| found.extend(self.to(state).map(|edge| edge.from)))
    }

    fn closure(
        &self,
        from: impl IntoIterator<Item = StateId>,
        neighbours: impl Fn(StateId, &mut Vec<StateId>),
    ) -> Vec<bool> {
        let mut reached = vec![false; self.incoming.len()];
        let mut open: Vec<StateId> = from.into_iter().collect();
        while let Some(state) = open.pop() {
            match reached.get_mut(state.index()) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            neighbours(state, &mut open);
        }
        reached
    }

    /// Tells of each state whether it can follow itself.
    pub fn in_cycle(&self) -> Vec<bool> {
        let states = self.incoming.len();
        let mut order = Components::new(states);
        (0..states).for_each(|state| order.visit(self, state));
        order.cyclic
    }
}

impl Machine {
    /// Returns the scopes inside a state: the branches of a Parallel state, the processor of a Map state.
    pub fn scopes_of(&self, state: &State) -> Vec<(ScopeId, &Scope)> {
        let ids = match &state.kind {
            StateKind::Parallel(parallel) => parallel.branches.clone(),
            StateKind::Map(map) => vec![map.processor],
            _ => Vec::new(),
        };
        ids.into_iter().map(|id| (id, &self[id])).collect()
    }
}

fn edges_of(state: &State, edges: &mut Vec<Edge>) {
    let mut lead = |target: &Target, reason| {
        edges.extend(target.id.map(|to| Edge { from: state.id, to, reason }));
    };
    if let StateKind::Choice(choice) = &state.kind {
        match &choice.data {
            ChoiceData::JsonPath { rules, .. } => {
                rules.iter().enumerate().for_each(|(number, rule)| lead(&rule.next, Reason::Choice(number)));
            }
            ChoiceData::Jsonata { rules, .. } => {
                rules.iter().enumerate().for_each(|(number, rule)| lead(&rule.next, Reason::Choice(number)));
            }
        }
        choice.default.iter().for_each(|target| lead(target, Reason::Default));
    }
    if let Some(Transition::Next(target)) = state.transition() {
        lead(target, Reason::Next);
    }
    state.catchers().iter().enumerate().for_each(|(number, catcher)| lead(&catcher.next, Reason::Catch(number)));
}

/// Tarjan's strongly connected components, without recursion: a chain may be as long as a definition allows.
///
/// Every number is that of a state, and each table has an entry per state.
struct Components {
    next: usize,
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    cyclic: Vec<bool>,
}

impl Components {
    fn new(states: usize) -> Self {
        Self {
            next: 0,
            index: vec![None; states],
            low: vec![0; states],
            on_stack: vec![false; states],
            stack: Vec::new(),
            cyclic: vec![false; states],
        }
    }

    fn visit(&mut self, graph: &Graph, start: usize) {
        if self.index[start].is_some() {
            return;
        }
        let mut calls = vec![(start, 0)];
        self.enter(start);
        while let Some((state, edge)) = calls.pop() {
            match graph.from(StateId::of(state)).get(edge) {
                Some(next) => {
                    calls.push((state, edge + 1));
                    let to = next.to.index();
                    match self.index[to] {
                        None => {
                            self.enter(to);
                            calls.push((to, 0));
                        }
                        Some(index) if self.on_stack[to] => self.low[state] = self.low[state].min(index),
                        Some(_) => {}
                    }
                }
                None => {
                    self.leave(graph, state);
                    if let Some((caller, _)) = calls.last() {
                        self.low[*caller] = self.low[*caller].min(self.low[state]);
                    }
                }
            }
        }
    }

    fn enter(&mut self, state: usize) {
        self.index[state] = Some(self.next);
        self.low[state] = self.next;
        self.next += 1;
        self.stack.push(state);
        self.on_stack[state] = true;
    }

    fn leave(&mut self, graph: &Graph, state: usize) {
        if self.index[state] != Some(self.low[state]) {
            return;
        }
        let from = self.stack.iter().rposition(|&member| member == state).unwrap_or(0);
        let members = self.stack.split_off(from);
        let id = StateId::of(state);
        let cyclic = members.len() > 1 || graph.from(id).iter().any(|edge| edge.to == id);
        for member in members {
            self.on_stack[member] = false;
            self.cyclic[member] = cyclic;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::MachineKind;

    const LOOP: &str = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "B",
              "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}]},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "A"}], "Default": "C"},
        "C": {"Type": "Succeed"}}}"#;

    #[test]
    fn transitions_know_their_reason() {
        let machine = Machine::parse(LOOP, MachineKind::Standard).0.expect("a valid machine");
        let graph = Graph::of(&machine);
        let edges: Vec<(&str, &str, Reason)> = graph
            .edges()
            .iter()
            .map(|edge| (&*machine[edge.from].name, &*machine[edge.to].name, edge.reason))
            .collect();
        let expected = [
            ("A", "B", Reason::Next),
            ("A", "C", Reason::Catch(0)),
            ("B", "A", Reason::Choice(0)),
            ("B", "C", Reason::Default),
        ];
        assert_eq!(edges, expected);
        assert_eq!(graph.in_cycle(), [true, true, false]);
        let end = machine.find("C").expect("a state").id;
        assert_eq!(graph.to(end).count(), 2);
        assert_eq!(graph.reachable([end]), [false, false, true]);
    }
}
