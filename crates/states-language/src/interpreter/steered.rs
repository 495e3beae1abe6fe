//! Steering: a run whose moments somebody else knows, as when a recorded execution is run again.

use super::execution::{Asked, Execution};
use super::flow::{Activity, FlowId, Position, Resume};
use super::need::RequestId;
use crate::event::{Event, EventId, Timestamp};
use std::sync::Arc;

/// A visit that has begun to wait for a moment, which is somebody else's to name.
#[derive(Debug, Clone)]
pub struct Sleep {
    flow: FlowId,
    timer: u64,
    at: i64,
    /// The state that waits.
    pub state: Arc<str>,
    /// The indexes of the Map iterations it stands in, outermost first.
    pub path: Vec<u32>,
    /// The entry of a Wait state, or the failure after which another state is tried again.
    pub since: EventId,
    /// Whether it waits to be tried again.
    pub retry: bool,
}

impl Execution {
    /// Lets somebody see the visits that begin to wait; see [`take_sleeps`](Self::take_sleeps).
    #[must_use]
    pub fn steered(mut self) -> Self {
        self.sleeps = Some(Vec::new());
        self
    }

    /// Returns the visits that have begun to wait since they were last taken. Each wakes by itself unless it is held.
    pub fn take_sleeps(&mut self) -> Vec<Sleep> {
        let sleeps = self.sleeps.as_mut().map(std::mem::take).unwrap_or_default();
        sleeps.into_iter().filter_map(|(flow, at)| self.sleep_of(flow, at)).collect()
    }

    fn sleep_of(&self, flow: FlowId, at: i64) -> Option<Sleep> {
        let visit = self.flows.visit(flow)?;
        let (timer, since, retry) = match visit.activity {
            Activity::Waiting { timer, .. } => (timer, visit.entered, false),
            Activity::Backoff { timer, failed } => (timer, failed, true),
            _ => return None,
        };
        let state = Arc::clone(&self.machine[visit.state].name);
        Some(Sleep { flow, timer, at, state, path: self.iteration_path(flow), since, retry })
    }

    /// Lets a visit wait until it is [woken](Self::wake).
    pub fn hold(&mut self, sleep: &Sleep) {
        self.timers.forget(sleep.at, sleep.timer);
    }

    /// Lets a visit that waits go on.
    pub fn wake(&mut self, sleep: &Sleep) {
        let Some(visit) = self.flows.visit(sleep.flow).filter(|visit| !visit.stopped) else { return };
        let resume = match visit.activity {
            Activity::Waiting { timer, .. } if timer == sleep.timer => Resume::Waited,
            Activity::Backoff { timer, failed } if timer == sleep.timer => Resume::Retry(failed),
            _ => return,
        };
        self.resume_with(sleep.flow, resume);
    }

    /// Lets a task end by nothing but its answer, however long that takes. To be said before it is started.
    pub fn hold_task(&mut self, id: RequestId) {
        let Some(asked) = self.asked(id) else { return };
        if let Some((child, id)) = asked.child {
            return self.with_child(asked.flow, child, |child| child.hold_task(id));
        }
        if let Some(visit) = self.flows.visit_mut(asked.flow)
            && let Activity::Task(run) = &mut visit.activity
        {
            (run.timeout, run.heartbeat) = (None, None);
        }
    }

    /// Lets a task wait for an answer for ever, and the executions around it with it.
    pub fn leave_open(&mut self, id: RequestId) {
        self.timers.forget_execution();
        match self.asked(id) {
            Some(Asked { flow, child: Some((child, id)) }) => {
                self.with_child(flow, child, |child| child.leave_open(id));
            }
            _ => self.hold_task(id),
        }
    }

    /// Lets the execution last as long as it takes, or until it is [timed out](Self::time_out).
    pub fn hold_clock(&mut self) {
        self.timers.forget_execution();
    }

    /// Ends the execution because it took too long.
    pub fn time_out(&mut self) {
        if self.end().is_none() {
            self.end_timed_out();
        }
    }

    /// Moves the clock. Timers that are due stay quiet until the next [`tick`](Self::tick).
    pub fn set_clock(&mut self, now: Timestamp) {
        self.journal.set_time(now);
    }

    /// Lets a child of a Map Run go on where the clock is; tells whether there was one that could. Before the clock is
    /// moved, all of them should have.
    pub fn advance_child(&mut self) -> bool {
        self.end().is_none() && self.advance_children()
    }

    /// Moves the clock and runs one state of one flow; tells whether there was any. Timers that are due stay quiet.
    ///
    /// In which order flows go on that can all go on is left open by the language. If the event is known that came
    /// next, the flow goes first that it follows from.
    pub fn advance_once(&mut self, now: Timestamp, next: Option<&Event>) -> bool {
        if self.end().is_some() {
            return false;
        }
        let first = next.and_then(|next| self.queue.iter().position(|flow| self.leads_to(*flow, next)));
        if let Some(flow) = first.and_then(|place| self.queue.remove(place)) {
            self.queue.push_front(flow);
        }
        self.set_clock(now);
        let machine = Arc::clone(&self.machine);
        self.advance_one(&machine)
    }

    /// Tells whether an event may be the next one of a flow.
    fn leads_to(&self, flow: FlowId, event: &Event) -> bool {
        let Some(flow) = self.flows.get(flow).filter(|flow| flow.last == event.parent) else { return false };
        match (&flow.position, event.kind.enters().and(event.details.name())) {
            (Position::Before { state, .. }, Some(entered)) => self.machine[*state].name == *entered,
            _ => true,
        }
    }

    /// Returns the Map state of whose Map Run this execution is a child; `None` for one of a whole machine.
    pub fn map_of_child(&self) -> Option<&Arc<str>> {
        let container = self.machine[self.scope].container?;
        Some(&self.machine[container.state()].name)
    }

    /// Returns the ids this execution made up: for expressions, for Map Runs and for their executions.
    pub fn made_up(&self) -> Vec<String> {
        self.chance.uuids()
    }

    /// Returns the number the next event will have.
    pub fn next_event(&self) -> EventId {
        self.journal.last().map_or(EventId::FIRST, EventId::next)
    }

    /// Returns the execution a question is of: this one, or a child of one of its Map Runs.
    pub fn asker(&self, id: RequestId) -> Option<&Self> {
        let asked = self.asked(id)?;
        let Some((child, id)) = asked.child else { return Some(self) };
        let child = self.map_run(asked.flow)?.children.get(child as usize)?;
        child.execution.as_deref()?.asker(id)
    }
}
