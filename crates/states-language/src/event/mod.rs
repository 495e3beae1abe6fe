//! AWS's event vocabulary: the 62 types of history event and their details, typed, in both directions.
//!
//! What is read is written back equal, and what is not known is kept: unknown types, unknown members. This layer must
//! not know where events come from or what they mean together. Shapes and rules: the API model of `HistoryEvent` and
//! recordings of real executions.

mod details;
mod id;
mod kind;
mod nested;
mod read;
#[cfg(test)]
mod tests;
mod timestamp;
mod write;

pub use details::{
    ActivityScheduled, Data, Details, EvaluationFailed, ExecutionStarted, Failure, LambdaScheduled, MapIteration,
    MapRunRedriven, StateEntered, StateExited, TaskFailure, TaskOutput, TaskRef, TaskScheduled, Truncation, Variables,
};
pub use id::EventId;
pub use kind::{EventType, StateType};
pub use read::ReadError;
pub use timestamp::{Timestamp, TimestampError};

use crate::json::Member;

/// One event of an execution history.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The event's number: 1, 2, 3… in order of appending.
    pub id: EventId,
    /// The event that led to this one; `None` where AWS writes 0, for the first events of a flow.
    pub parent: Option<EventId>,
    /// When it was appended.
    pub timestamp: Timestamp,
    /// Its type.
    pub kind: EventType,
    /// The details its type has.
    pub details: Details,
    /// Members nobody knows, of the event itself and of its details.
    pub unknown: Option<Box<Unknown>>,
}

/// Members of an event that stepback does not know, kept as they are.
#[derive(Debug, Clone, Default)]
pub struct Unknown {
    /// Beside `id` and `type`.
    pub envelope: Vec<Member>,
    /// Inside the details.
    pub details: Vec<Member>,
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        let same = |left: &[Member], right: &[Member]| {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| left.name == right.name && *left.value == *right.value)
        };
        same(&self.envelope, &other.envelope) && same(&self.details, &other.details)
    }
}

impl Event {
    /// An event without unknown members.
    pub fn new(
        id: EventId,
        parent: Option<EventId>,
        timestamp: Timestamp,
        kind: EventType,
        details: impl Into<Details>,
    ) -> Self {
        Self { id, parent, timestamp, kind, details: details.into(), unknown: None }
    }

    /// Tells whether this event ends a task that was silent for too long: it timed out before its whole time was over,
    /// given when it was scheduled and started. Histories say `States.Timeout` for both; `ErrorEquals` tells them apart.
    pub fn missed_heartbeat(&self, scheduled: &Self, started: Option<&Self>) -> bool {
        let timed_out = matches!(self.kind, EventType::ActivityTimedOut | EventType::TaskTimedOut);
        let (timeout, heartbeat) = scheduled.details.limits();
        let whole = timeout.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000));
        let took = self.timestamp.micros_since(started.unwrap_or(scheduled).timestamp);
        timed_out && heartbeat.is_some() && whole.is_none_or(|whole| took < whole)
    }
}
