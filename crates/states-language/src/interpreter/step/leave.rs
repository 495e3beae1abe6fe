//! Leaving a state, and the end of a flow.

use crate::asl::{Machine, StateKind, Transition};
use crate::event::{EventId, EventType};
use crate::interpreter::data::Exit;
use crate::interpreter::error::StateError;
use crate::interpreter::event_details;
use crate::interpreter::execution::{End, Execution};
use crate::interpreter::flow::{FlowId, Owner, Position};
use crate::interpreter::here::{Here, type_of};
use crate::interpreter::variables;
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
        if let Some(error) = self.refused_variables(here, &exit) {
            return self.broken(machine, here, input, error);
        }
        self.leave_checked(machine, here, here.entered, exit, next);
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
        match self.refused_exit(here, &exit) {
            Some(error) => self.state_error(machine, here, error),
            None => self.leave_checked(machine, here, parent, exit, next),
        }
    }

    /// Returns why a state cannot be left with what it came to.
    pub(in crate::interpreter) fn refused_exit(&mut self, here: Here<'_>, exit: &Exit) -> Option<StateError> {
        if self.too_large(&exit.output) {
            return Some(StateError::too_large(&here.state.name));
        }
        self.refused_variables(here, exit)
    }

    fn refused_variables(&mut self, here: Here<'_>, exit: &Exit) -> Option<StateError> {
        let (limit, assigned) = (self.options.max_payload?, exit.assigned.as_ref().filter(|it| !it.is_empty())?);
        let state = &here.state.name;
        variables::refused(assigned, limit, state).or_else(|| {
            // Nothing is counted exactly as long as everything that was ever assigned fits.
            let added = assigned.iter().fold(0, |sum, (_, value)| value.most_bytes().saturating_add(sum));
            self.assigned_bytes = self.assigned_bytes.saturating_add(added);
            if self.assigned_bytes <= variables::MAX_TOTAL {
                return None;
            }
            let excess;
            (self.assigned_bytes, excess) = self.flows.variable_bytes(here.flow, assigned, variables::MAX_TOTAL);
            excess.map(|excess| variables::total_exceeded(state, excess))
        })
    }

    /// Leaves a state with what was found to be within the limits.
    pub(in crate::interpreter) fn leave_checked(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        parent: EventId,
        exit: Exit,
        next: &Transition,
    ) {
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
