//! The events at which something went wrong by itself.

use crate::event::{EventId, EventType, Failure};
use crate::history::History;

/// The failures of a history that are not the reports of others, in order.
#[derive(Debug, Clone, Default)]
pub struct Failures(Vec<EventId>);

impl Failures {
    /// Collects them.
    pub fn of(history: &History) -> Self {
        let real = |event: &&crate::event::Event| is_real(history, &event.kind, event.id);
        Self(history.events().iter().filter(real).map(|event| event.id).collect())
    }

    /// Returns them in order.
    pub fn all(&self) -> &[EventId] {
        &self.0
    }

    /// Returns the first one after an event.
    pub fn after(&self, event: EventId) -> Option<EventId> {
        self.0.get(self.0.partition_point(|failure| *failure <= event)).copied()
    }

    /// Returns the last one before an event.
    pub fn before(&self, event: EventId) -> Option<EventId> {
        self.0.partition_point(|failure| *failure < event).checked_sub(1).and_then(|at| self.0.get(at)).copied()
    }

    /// Returns which one an event is, from 1, if it is one.
    pub fn number(&self, event: EventId) -> Option<usize> {
        self.0.binary_search(&event).ok().map(|at| at + 1)
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
