//! What is to be different in a replay.

use crate::asl::Machine;
use crate::json::Payload;
use crate::tasks::Answers;
use std::fmt;
use std::sync::Arc;

/// What is to be different in a replay; by default nothing.
#[derive(Default)]
pub struct Edits {
    /// Another machine than the recorded one.
    pub machine: Option<Arc<Machine>>,
    /// Another input.
    pub input: Option<Payload>,
    /// Answers that are given instead of the recorded ones.
    pub answers: Option<Box<dyn Answers>>,
    /// The state to begin with.
    pub from: Option<From>,
    /// The state with whose end the replay ends.
    pub until: Option<Arc<str>>,
}

/// Where a replay begins when not at the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// With the last visit of a state.
    State(Arc<str>),
    /// With the visit an event belongs to.
    Event(crate::event::EventId),
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(name) => write!(f, "the state '{name}'"),
            Self::Event(id) => write!(f, "a state with event {id}"),
        }
    }
}
