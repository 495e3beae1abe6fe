//! What a failure does: retried, caught, or passed on to what surrounds the state.

use super::error::{DATA_LIMIT, Fault, Prefix, QUERY_EVALUATION, RUNTIME, StateError, failure};
use super::event_details;
use super::execution::{End, Execution};
use super::flow::{Activity, Container, FlowId, Position};
use super::here::{Here, type_of};
use super::retry;
use super::timers::Timer;
use crate::asl::{Catcher, Machine, StateKind, Transition};
use crate::event::{Details, EvaluationFailed, EventId, EventType, Failure};
use crate::json::Payload;
use std::sync::Arc;

impl Execution {
    /// A state of one step cannot be evaluated.
    pub(super) fn broken(&mut self, machine: &Machine, here: Here<'_>, input: Payload, error: StateError) {
        match self.tell(here, error) {
            Some(failure) => self.break_flow(machine, here, input, &failure),
            None => self.set_broken(here, input, Fault::default()),
        }
    }

    /// A state of one step has failed, which nothing in the state itself can catch.
    pub(super) fn break_flow(&mut self, machine: &Machine, here: Here<'_>, input: Payload, failure: &Failure) {
        let fault = Fault::from(failure.clone());
        self.set_broken(here, input, fault.clone());
        self.pass_on(machine, here.flow, &fault);
    }

    fn set_broken(&mut self, here: Here<'_>, input: Payload, fault: Fault) {
        let (state, entered) = (here.state.id, here.entered);
        if let Some(flow) = self.flows.get_mut(here.flow) {
            flow.position = Position::Broken { state, input, entered, fault };
        }
    }

    /// A state that is being visited cannot be evaluated.
    pub(super) fn state_error(&mut self, machine: &Machine, here: Here<'_>, error: StateError) {
        match self.tell(here, error) {
            Some(failure) => self.failed(machine, here, &failure.into()),
            None => self.stop_visit(here.flow),
        }
    }

    /// Writes what an error has to tell before it takes effect. `States.Runtime` ends the execution here and now.
    fn tell(&mut self, here: Here<'_>, error: StateError) -> Option<Failure> {
        let name = &here.state.name;
        let at = here.entered;
        let full = |cause: &str| {
            format!("An error occurred while executing the state '{name}' (entered at the event id #{at}). {cause}")
        };
        match error {
            StateError::Runtime { cause, prefix } => {
                let cause = if prefix == Prefix::State { full(&cause) } else { cause };
                let last = self.last_of(here.flow);
                self.end_failed(last, failure(RUNTIME, cause));
                None
            }
            StateError::Evaluation { cause, location } => {
                Some(self.evaluation_failed(here, failure(QUERY_EVALUATION, full(&cause)), location))
            }
            StateError::Variables { cause } => {
                Some(self.evaluation_failed(here, failure(DATA_LIMIT, cause), Some("Assign".into())))
            }
            StateError::Failed(failure) => Some(failure),
        }
    }

    fn evaluation_failed(&mut self, here: Here<'_>, failure: Failure, location: Option<Arc<str>>) -> Failure {
        let state = Some(Arc::clone(&here.state.name));
        let details = EvaluationFailed { failure: failure.clone(), location, state };
        let details = Details::EvaluationFailed(Box::new(details));
        let id = self.journal.append(self.last_of(here.flow), EventType::EvaluationFailed, details);
        self.set_last(here.flow, id);
        failure
    }

    /// A visited state has failed with the last event of its flow: it is retried, or caught, or its flow fails.
    pub(super) fn failed(&mut self, machine: &Machine, here: Here<'_>, fault: &Fault) {
        let Some(failed) = self.last_of(here.flow) else { return };
        if let Some(delay) = self.retry_delay(here, fault) {
            return self.back_off(here, failed, delay);
        }
        self.container_failed(here);
        match retry::catcher(here.state.catchers(), fault) {
            Some((_, catcher)) => self.catch(machine, here, catcher, fault),
            None => {
                self.stop_visit(here.flow);
                self.pass_on(machine, here.flow, fault);
            }
        }
    }

    /// Only containers tell with an event of their own that they have failed.
    fn container_failed(&mut self, here: Here<'_>) {
        let kind = match here.state.kind {
            StateKind::Parallel(_) => EventType::ParallelStateFailed,
            StateKind::Map(_) => EventType::MapStateFailed,
            _ => return,
        };
        let id = self.journal.append(self.last_of(here.flow), kind, Details::None);
        self.set_last(here.flow, id);
    }

    /// Finds the retrier for an error, counts it, and returns the delay in microseconds.
    fn retry_delay(&mut self, here: Here<'_>, fault: &Fault) -> Option<i64> {
        let (index, retrier) = retry::retrier(here.state.retriers(), fault)?;
        let retries = &mut self.flows.visit_mut(here.flow)?.retries;
        if retries.by_retrier.len() <= index {
            retries.by_retrier.resize(index + 1, 0);
        }
        let used = retries.by_retrier.get_mut(index)?;
        if *used >= retrier.max_attempts {
            return None;
        }
        let seconds = retry::delay_seconds(retrier, *used, || self.chance.fraction());
        *used += 1;
        retries.total += 1;
        #[expect(clippy::cast_possible_truncation, reason = "a delay is far below what 63 bits hold")]
        Some((seconds * 1e6) as i64)
    }

    fn back_off(&mut self, here: Here<'_>, failed: EventId, delay: i64) {
        self.abandon_children(here.flow);
        let timer = self.set_timer(delay, Timer::Backoff(here.flow));
        if let Some(visit) = self.flows.visit_mut(here.flow) {
            visit.activity = Activity::Backoff { timer, failed };
        }
    }

    /// Lets a catcher take an error. One that fails itself fails the state for good: no retrier and no other catcher is
    /// asked again.
    fn catch(&mut self, machine: &Machine, here: Here<'_>, catcher: &Catcher, fault: &Fault) {
        self.abandon_children(here.flow);
        let Some(input) = self.flows.visit(here.flow).map(|visit| visit.input.clone()) else { return };
        let exit = self
            .evaluate(here, None, |environment, _| super::data::caught(catcher, environment, &input, &fault.failure));
        let refused = exit.and_then(|exit| match self.refused_exit(here, &exit) {
            None => Ok(exit),
            Some(error) => Err(error),
        });
        match refused {
            Ok(exit) => {
                let last = self.last_of(here.flow).unwrap_or(here.entered);
                self.leave_checked(machine, here, last, exit, &Transition::Next(catcher.next.clone()));
            }
            Err(error) => {
                let told = self.tell(here, error);
                if told.is_some() {
                    self.container_failed(here);
                }
                self.stop_visit(here.flow);
                if let Some(failure) = told {
                    self.pass_on(machine, here.flow, &failure.into());
                }
            }
        }
    }

    fn stop_visit(&mut self, flow: FlowId) {
        if let Some(visit) = self.flows.visit_mut(flow) {
            visit.stopped = true;
        }
    }

    /// Removes the flows inside a state that starts anew or is left.
    pub(super) fn abandon_children(&mut self, flow: FlowId) {
        let Some(visit) = self.flows.visit(flow) else { return };
        let Activity::Container(container) = &visit.activity else { return };
        let children = container.flows();
        children.into_iter().for_each(|child| self.flows.remove(child));
    }

    /// A flow has failed with its last event: the container around it fails, or the execution.
    fn pass_on(&mut self, machine: &Machine, flow: FlowId, fault: &Fault) {
        let Some(failed) = self.last_of(flow) else { return };
        let Some(owner) = self.flows.get(flow).and_then(|flow| flow.owner) else {
            return self.end_failed(Some(failed), fault.failure.clone());
        };
        let Some(visit) = self.flows.visit(owner.flow) else { return };
        let here = self.here(machine, owner.flow, visit.state);
        self.abort_open_states(machine, here, owner.index, failed);
        self.set_last(owner.flow, failed);
        self.failed(machine, here, fault);
    }

    /// Writes that everything open inside a container ends with it, in the order of branches or items, whichever of
    /// them is at fault, as recorded.
    fn abort_open_states(&mut self, machine: &Machine, here: Here<'_>, at_fault: u32, failed: EventId) {
        let Some(visit) = self.flows.visit(here.flow) else { return };
        let Activity::Container(container) = &visit.activity else { return };
        let in_map = matches!(container, Container::Map(_));
        for flow in container.flows() {
            let index = self.flows.get(flow).and_then(|flow| flow.owner).map_or(0, |owner| owner.index);
            if in_map {
                let kind = match index == at_fault {
                    true => EventType::MapIterationFailed,
                    false => EventType::MapIterationAborted,
                };
                let details = event_details::iteration(&here.state.name, index as usize);
                self.journal.append(Some(failed), kind, details);
            }
            self.abort_flow(machine, flow, failed);
        }
    }

    fn abort_flow(&mut self, machine: &Machine, flow: FlowId, failed: EventId) {
        let Some(visit) = self.flows.visit_mut(flow) else { return };
        visit.stopped = true;
        let state = &machine[visit.state];
        if let Some(kind) = type_of(state).aborted() {
            self.journal.append(Some(failed), kind, Details::None);
        }
        self.stop_map_run(flow);
        let Some(visit) = self.flows.visit(flow) else { return };
        let Activity::Container(container) = &visit.activity else { return };
        let in_map = matches!(container, Container::Map(_));
        for child in container.flows() {
            let index = self.flows.get(child).and_then(|flow| flow.owner).map_or(0, |owner| owner.index);
            if in_map && !self.has_failed(child) {
                let details = event_details::iteration(&state.name, index as usize);
                self.journal.append(Some(failed), EventType::MapIterationAborted, details);
            }
            if !self.has_failed(child) {
                self.abort_flow(machine, child, failed);
            }
        }
    }

    /// Tells whether a flow has been stopped already, and so told about.
    fn has_failed(&self, flow: FlowId) -> bool {
        match self.flows.get(flow).map(|flow| &flow.position) {
            Some(Position::In(visit)) => visit.stopped,
            Some(Position::Broken { .. } | Position::Over) | None => true,
            Some(Position::Before { .. } | Position::Again { .. }) => false,
        }
    }

    fn end_failed(&mut self, parent: Option<EventId>, failure: Failure) {
        self.journal.append(parent, EventType::ExecutionFailed, Details::Failure(failure.clone()));
        self.finish(End::Failed(failure));
    }

    /// The history may have one more event and no others.
    pub(super) fn end_full(&mut self) {
        let cause = "The execution reached the maximum number of history events (25000).";
        let last = self.journal.last();
        self.end_failed(last, failure(RUNTIME, cause));
    }
}
