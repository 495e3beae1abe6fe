//! The events at which something went wrong by itself.

use crate::event::{EventId, EventType, Failure};
use crate::history::History;

/// The failures of a history that are not the reports of others, in order.
#[derive(Debug, Clone, Default)]
pub struct Failures {
    events: Vec<EventId>,
    ended: Vec<EventId>,
}

impl Failures {
    /// Collects them; `causes` are those a diagnosis holds responsible for the end.
    pub fn of(history: &History, causes: impl Iterator<Item = EventId>) -> Self {
        let real = |event: &&crate::event::Event| is_real(history, &event.kind, event.id);
        let events = history.events().iter().filter(real).map(|event| event.id).collect();
        let end = history.end().filter(|end| end.kind.is_failure());
        Self { events, ended: causes.chain(end.map(|end| history.origin(end.id))).collect() }
    }

    /// Returns them in order.
    pub fn all(&self) -> &[EventId] {
        &self.events
    }

    /// Tells whether a failure ended the run.
    pub fn ended_run(&self, event: EventId) -> bool {
        self.ended.contains(&event)
    }

    /// Returns the first one after an event.
    pub fn after(&self, event: EventId) -> Option<EventId> {
        self.events.get(self.events.partition_point(|failure| *failure <= event)).copied()
    }

    /// Returns the last one before an event.
    pub fn before(&self, event: EventId) -> Option<EventId> {
        self.events
            .partition_point(|failure| *failure < event)
            .checked_sub(1)
            .and_then(|at| self.events.get(at))
            .copied()
    }

    /// Returns which one an event is, from 1, if it is one.
    pub fn number(&self, event: EventId) -> Option<usize> {
        self.events.binary_search(&event).ok().map(|at| at + 1)
    }
}

/// Returns the error and cause of a failure. A Fail state's are known only from the end of the execution.
pub fn failure_of(history: &History, event: EventId) -> Option<&Failure> {
    let end = || history.end().filter(|end| history.origin(end.id) == event)?.details.failure();
    history.failure_at(event).or_else(end)
}

fn is_real(history: &History, kind: &EventType, id: EventId) -> bool {
    let stopped = kind.name().ends_with("Aborted") && *kind != EventType::ExecutionAborted;
    kind.is_failure() && !stopped && history.origin(id) == id
}
