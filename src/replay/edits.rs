//! What is to be different in a replay.

use super::amended::Amended;
use crate::asl::{Definition, Format, Machine, StateKind};
use crate::event::EventId;
use crate::json::Payload;
use crate::recording::Recording;
use crate::tasks::{Answers, kind_of, task_key};
use std::collections::HashSet;
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
    /// Single answers that are given instead of any others.
    pub amended: Amended,
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
    /// With the last visit of a state in an iteration: the indexes of the Maps around it, outermost first.
    Iteration(Arc<str>, Vec<u32>),
    /// With the visit an event belongs to.
    Event(EventId),
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(name) => write!(f, "the state '{name}'"),
            Self::Iteration(name, path) => write!(f, "the state '{}'", task_key(name, path)),
            Self::Event(id) => write!(f, "a state with event {id}"),
        }
    }
}

/// Returns the states of which an edited machine says something else than the recorded one, or which only it has.
pub(super) fn changed_states(recording: &Recording, machine: &Machine) -> HashSet<Arc<str>> {
    // Where no definition was recorded, the one that is given is taken for it.
    let Some(text) = recording.definition().map(Payload::text) else { return HashSet::new() };
    let (recorded, _) = Definition::read(text, Format::of_text(text)).accepted(kind_of(recording));
    let changed = machine.states().filter(|state| {
        let before = recorded.as_ref().and_then(|recorded| recorded.machine.find(&state.name));
        before.is_none_or(|before| timing(&before.kind) != timing(&state.kind))
    });
    changed.map(|state| Arc::clone(&state.name)).collect()
}

/// What a state says about time: what a Wait waits for, and how things are retried.
fn timing(kind: &StateKind) -> String {
    match kind {
        StateKind::Wait(wait) => format!("{:?}", wait.data),
        StateKind::Task(task) => format!("{:?}", task.retry),
        StateKind::Parallel(parallel) => format!("{:?}", parallel.retry),
        StateKind::Map(map) => format!("{:?}", map.retry),
        _ => String::new(),
    }
}
