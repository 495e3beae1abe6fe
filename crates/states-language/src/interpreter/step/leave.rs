//! Leaving a state, and the end of a flow.

use crate::asl::{Machine, StateKind, Transition};
use crate::event::{EventId, EventType};
use crate::interpreter::data::Exit;
use crate::interpreter::error::StateError;
use crate::interpreter::event_details;
use crate::interpreter::execution::{End, Execution};
use crate::interpreter::flow::{FlowId, Owner, Position};
use crate::interpreter::here::{Here, type_of};
use crate::json::Payload;
use std::sync::Arc;

impl Execution {
    /// Tells whether a payload is larger than AWS allows.
    pub(in crate::interpreter) fn too_large(&self, payload: &Payload) -> bool {
        self.options.max_payload.is_some_and(|limit| payload.exceeds(limit))
    }

    /// Leaves a state of one step. An output that is the input was checked when it came in.
    pub(in crate::interpreter) fn leave_simple(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        input: Payload,
        exit: Exit,
        next: &Transition,
    ) {
        if !exit.output.is_same(&input) && self.too_large(&exit.output) {
            return self.broken(machine, here, input, StateError::too_large(&here.state.name));
        }
        if let Some(error) = self.refused_variables(&exit) {
            return self.broken(machine, here, input, error);
        }
        self.leave(machine, here, here.entered, exit, next);
    }

    /// Leaves a state that was visited; `parent` is what its exit follows from.
    pub(in crate::interpreter) fn leave_visit(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        parent: EventId,
        exit: Exit,
        next: &Transition,
    ) {
        if self.too_large(&exit.output) {
            return self.state_error(machine, here, StateError::too_large(&here.state.name));
        }
        if let Some(error) = self.refused_variables(&exit) {
            return self.state_error(machine, here, error);
        }
        self.leave(machine, here, parent, exit, next);
    }

    /// A variable may be as large as a payload, and so may be all that one state assigns.
    fn refused_variables(&self, exit: &Exit) -> Option<StateError> {
        let (limit, assigned) = (self.options.max_payload?, exit.assigned.as_ref()?);
        let fits = match assigned.as_slice() {
            // The size of one value can be judged without printing it.
            [(_, only)] => !only.exceeds(limit),
            several => several.iter().try_fold(limit, |room, (_, value)| room.checked_sub(value.size())).is_some(),
        };
        (!fits)
            .then(|| StateError::runtime("The size of the variables assigned by the state exceeds the service limit."))
    }

    fn leave(&mut self, machine: &Machine, here: Here<'_>, parent: EventId, exit: Exit, next: &Transition) {
        let Some(kind) = type_of(here.state).exited() else { return };
        let id = self.journal.append(Some(parent), kind, event_details::exited(&here.state.name, &exit));
        let Some(flow) = self.flows.get_mut(here.flow) else { return };
        flow.last = Some(id);
        if let Some(assigned) = &exit.assigned {
            Arc::make_mut(&mut flow.variables).assign(assigned);
        }
        match next {
            Transition::Next(target) if let Some(state) = target.id => {
                flow.position = Position::Before { state, input: exit.output };
                self.enqueue(here.flow);
            }
            _ => {
                flow.position = Position::Over;
                self.flow_over(machine, here.flow, id, &exit.output);
            }
        }
    }

    /// A flow has come to its end; `last` is its last event.
    fn flow_over(&mut self, machine: &Machine, flow: FlowId, last: EventId, output: &Payload) {
        match self.flows.get(flow).and_then(|flow| flow.owner) {
            None => {
                let details = event_details::output(output);
                self.journal.append(Some(last), EventType::ExecutionSucceeded, details);
                self.finish(End::Succeeded(output.clone()));
            }
            Some(owner) => {
                self.flows.remove(flow);
                self.join(machine, owner, last, output);
            }
        }
    }

    /// A branch or iteration has come to its end.
    fn join(&mut self, machine: &Machine, owner: Owner, last: EventId, output: &Payload) {
        let Some(visit) = self.flows.visit(owner.flow) else { return };
        let here = self.here(machine, owner.flow, visit.state);
        match &here.state.kind {
            StateKind::Parallel(parallel) => self.branch_over(machine, here, parallel, owner.index, last, output),
            StateKind::Map(map) => self.iteration_over(machine, here, map, owner.index, last, output),
            _ => {}
        }
    }
}
