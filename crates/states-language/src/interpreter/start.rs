//! Beginning in the middle: a state is entered with the input and variables it once had.

use super::context::MapItem;
use super::execution::Execution;
use super::flow::Position;
use super::identity::Identity;
use super::options::Options;
use super::variables::Layer;
use crate::asl::Machine;
use crate::event::Timestamp;
use crate::json::Payload;
use std::sync::Arc;

/// Where an execution begins when not at its beginning.
#[derive(Debug, Clone)]
pub struct Start {
    /// The state that is entered first.
    pub state: Arc<str>,
    /// What it is given.
    pub input: Payload,
    /// The variables there are.
    pub variables: Vec<(Arc<str>, Payload)>,
    /// The item of the iteration it stands in.
    pub item: Option<MapItem>,
    /// When it is entered.
    pub at: Timestamp,
}

impl Execution {
    /// An execution of the scope a state stands in, from that state on; `None` when the machine has no such state.
    pub fn from_state(
        machine: Arc<Machine>,
        identity: Arc<Identity>,
        input: Payload,
        options: Options,
        start: Start,
    ) -> Option<Self> {
        let state = machine.find(&start.state)?;
        let (state, scope) = (state.id, state.scope);
        let mut execution = Self::of_scope(machine, scope, identity, input, options);
        execution.journal.set_time(start.at);
        let mut variables = Layer::default();
        variables.assign(&start.variables);
        let root = execution.root()?;
        let flow = execution.flows.get_mut(root)?;
        flow.position = Position::Before { state, input: start.input };
        flow.variables = Arc::new(variables);
        flow.item = start.item.map(Arc::new);
        Some(execution)
    }
}
