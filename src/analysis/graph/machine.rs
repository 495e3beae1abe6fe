//! The graph of a definition.

use super::label::label;
use super::{FlowId, FlowKind, Graph, Machinery, NodeId};
use crate::asl::graph::{Graph as Transitions, Reason};
use crate::asl::{Container, Machine, Scope, StateId, Transition};
use crate::event::StateType;

impl Graph {
    /// Adds the states of a machine as a flow of that kind, inside of a state or as the graph itself.
    pub(super) fn add_machine(
        &mut self,
        machine: &Machine,
        machinery: Machinery,
        kind: &FlowKind,
        container: Option<NodeId>,
    ) -> FlowId {
        // Scopes come before what they contain, so that the state around a scope is there when its turn comes.
        let mut nodes: Vec<Option<NodeId>> = vec![None; machine.states().len()];
        let known = |nodes: &[Option<NodeId>], id: StateId| nodes.get(id.index()).copied().flatten();
        let first = FlowId(self.flows.len());
        for (_, scope) in machine.scopes() {
            let (kind, container) = match scope.container {
                None => (kind.clone(), container),
                Some(Container::Branch(state, branch)) => (FlowKind::Branch(branch), known(&nodes, state)),
                Some(Container::Processor(state)) => (FlowKind::Processor, known(&nodes, state)),
            };
            let flow = self.add_flow(kind, container);
            self.add_states(machine, machinery, scope, flow, &mut nodes);
            let start = known(&nodes, scope.start_at);
            if let Some(flow) = self.flows.get_mut(flow.0) {
                flow.start = start;
            }
        }
        for edge in Transitions::of(machine).edges() {
            if let (Some(from), Some(to)) = (known(&nodes, edge.from), known(&nodes, edge.to)) {
                let catches = matches!(edge.reason, Reason::Catch(_));
                self.add_link(from, to, catches, &label(&machine[edge.from], edge.reason));
            }
        }
        first
    }

    fn add_states(
        &mut self,
        machine: &Machine,
        machinery: Machinery,
        scope: &Scope,
        flow: FlowId,
        nodes: &mut [Option<NodeId>],
    ) {
        for id in scope.states.values() {
            let state = &machine[*id];
            let Some(kind) = StateType::from_name(state.kind.name()) else { continue };
            let node = self.add_node(machinery, flow, &state.name, kind);
            if let Some(added) = self.nodes.get_mut(node.0) {
                added.ends = matches!(state.transition(), Some(Transition::End));
            }
            if let Some(place) = nodes.get_mut(id.index()) {
                *place = Some(node);
            }
        }
    }
}
