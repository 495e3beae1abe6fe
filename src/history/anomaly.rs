//! What does not fit in a history.

use crate::event::{EventId, StateType};
use std::fmt;
use std::sync::Arc;

/// Something in a history that AWS would not have written, or that is missing. The history is folded all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anomaly {
    /// Events are missing between two others, or before the first.
    Gap {
        /// The last event before the gap.
        after: Option<EventId>,
        /// The first event behind it.
        next: EventId,
    },
    /// An id came twice; the second event was dropped.
    Repeated {
        /// The id.
        event: EventId,
    },
    /// An event came after one with a greater id.
    OutOfOrder {
        /// The late event.
        event: EventId,
    },
    /// An event has no parent although something must have led to it.
    NoParent {
        /// The event.
        event: EventId,
    },
    /// An event names a parent that cannot have led to it.
    WrongParent {
        /// The event.
        event: EventId,
        /// The parent it names.
        parent: EventId,
    },
    /// Something ends that never began.
    NeverBegan {
        /// The event that ends it.
        event: EventId,
    },
    /// The execution succeeded while a state was open.
    NeverEnded {
        /// The event that opened the state.
        entered: EventId,
        /// The state.
        state: Arc<str>,
    },
    /// A state's exit has another type than its entry.
    TypeChanged {
        /// The exit.
        event: EventId,
        /// The type at the entry.
        entered: StateType,
    },
    /// An event follows the end of the execution without a redrive between.
    AfterEnd {
        /// The event.
        event: EventId,
    },
    /// An event lacks the details its type has.
    NoDetails {
        /// The event.
        event: EventId,
    },
    /// An event has a type nobody knows.
    UnknownType {
        /// The event.
        event: EventId,
        /// The type.
        kind: Arc<str>,
    },
}

impl Anomaly {
    /// Tells whether what is missing in a gap may be all there is to it.
    pub(super) fn may_follow_from_gap(&self) -> bool {
        matches!(self, Self::WrongParent { .. } | Self::NeverBegan { .. } | Self::NeverEnded { .. })
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { after: None, next } => write!(f, "The history begins with event {next}, not with event 1"),
            Self::Gap { after: Some(after), next } => write!(f, "Events between {after} and {next} are missing"),
            Self::Repeated { event } => write!(f, "Event {event} appears twice"),
            Self::OutOfOrder { event } => write!(f, "Event {event} comes after later ones"),
            Self::NoParent { event } => write!(f, "Event {event} does not say which event led to it"),
            Self::WrongParent { event, parent } => {
                write!(f, "Event {event} names event {parent} as its parent, which cannot have led to it")
            }
            Self::NeverBegan { event } => write!(f, "Event {event} ends something that never began"),
            Self::NeverEnded { entered, state } => {
                write!(f, "{state} (entered at event {entered}) was open when the execution succeeded")
            }
            Self::TypeChanged { event, entered } => {
                write!(f, "Event {event} ends a state that was entered as {entered}")
            }
            Self::AfterEnd { event } => write!(f, "Event {event} follows the end of the execution"),
            Self::NoDetails { event } => write!(f, "Event {event} lacks its details"),
            Self::UnknownType { event, kind } => write!(f, "Event {event} has the unknown type {kind}"),
        }
    }
}
