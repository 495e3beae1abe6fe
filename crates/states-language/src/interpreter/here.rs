//! The state a flow is in while it is being evaluated, and what its expressions see.

use super::context::ContextFacts;
use super::data::{Environment, Inspect};
use super::execution::Execution;
use super::flow::FlowId;
use super::variables::Layer;
use crate::asl::{Machine, State, StateId, StateKind};
use crate::event::{EventId, StateType};
use std::cell::LazyCell;

/// A state being evaluated, and the events around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'m> {
    pub(super) flow: FlowId,
    pub(super) state: &'m State,
    pub(super) entered: EventId,
}

impl Execution {
    /// Evaluates something of a state. The context object is built only when an expression looks at it.
    pub(super) fn evaluate<T>(
        &self,
        here: Here<'_>,
        token: Option<&str>,
        evaluation: impl FnOnce(Environment<'_>, &mut dyn Inspect) -> T,
    ) -> T {
        let flow = self.flows.get(here.flow);
        let visit = self.flows.visit(here.flow);
        let retried = matches!(type_of(here.state), StateType::Task | StateType::Parallel | StateType::Map);
        let item = flow.and_then(|flow| flow.item.as_deref());
        let context = LazyCell::new(|| {
            let facts = ContextFacts {
                identity: &self.identity,
                input: &self.input,
                redrive: self.redrive,
                state: &here.state.name,
                entered: visit.map_or_else(|| self.journal.now(), |visit| visit.entered_at),
                retries: retried.then(|| visit.map_or(0, |visit| visit.retries.total)),
                token,
                item,
            };
            facts.object()
        });
        let nothing = Layer::default();
        let variables = flow.map_or(&nothing, |flow| &flow.variables);
        evaluation(Environment { context: &context, variables, sources: &self.chance }, &mut ())
    }

    /// Takes the parts of the state a flow is in.
    pub(super) fn here<'m>(&self, machine: &'m Machine, flow: FlowId, state: StateId) -> Here<'m> {
        let last = self.last_of(flow);
        let entered = self.flows.visit(flow).map(|visit| visit.entered).or(last).unwrap_or(EventId::FIRST);
        Here { flow, state: &machine[state], entered }
    }
}

/// Returns the type of a state as events name it.
pub(super) fn type_of(state: &State) -> StateType {
    match &state.kind {
        StateKind::Pass(_) => StateType::Pass,
        StateKind::Task(_) => StateType::Task,
        StateKind::Choice(_) => StateType::Choice,
        StateKind::Wait(_) => StateType::Wait,
        StateKind::Succeed(_) => StateType::Succeed,
        StateKind::Fail(_) => StateType::Fail,
        StateKind::Parallel(_) => StateType::Parallel,
        StateKind::Map(_) => StateType::Map,
    }
}
