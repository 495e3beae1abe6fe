//! The history as it is written: numbers, times, and the limit on how many events there may be.

use crate::event::{Details, Event, EventId, EventType, Timestamp};

/// AWS ends a Standard execution with its 25,000th event.
pub const MAX_EVENTS: u32 = 25_000;

/// The history as it is written. Events stay here until somebody takes them, so a copy made after that is small.
#[derive(Debug, Clone)]
pub(super) struct Journal {
    next: EventId,
    now: i64,
    limit: Option<u32>,
    full: bool,
    events: Vec<Event>,
}

impl Journal {
    pub(super) fn new(start: Timestamp, limit: Option<u32>) -> Self {
        Self { next: EventId::FIRST, now: start.as_micros(), limit, full: false, events: Vec::new() }
    }

    /// Appends an event. Once only the last allowed number is left, every event but an execution's end is dropped.
    pub(super) fn append(&mut self, parent: Option<EventId>, kind: EventType, details: Details) -> EventId {
        let id = self.next;
        if self.limit.is_some_and(|limit| id.get() >= limit) && kind != EventType::ExecutionFailed {
            self.full = true;
            return id;
        }
        self.events.push(Event::new(id, parent, self.now(), kind, details));
        self.next = id.next();
        id
    }

    /// Tells whether an event was dropped because the history may have no more.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Returns the last event appended.
    pub(super) fn last(&self) -> Option<EventId> {
        EventId::new(self.next.get() - 1)
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now)
    }

    /// Moves the clock, which never runs backwards.
    pub(super) fn set_time(&mut self, time: Timestamp) {
        self.now = self.now.max(time.as_micros());
    }

    pub(super) fn pass_micros(&mut self, micros: i64) {
        self.now = self.now.saturating_add(micros);
    }

    pub(super) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }
}
