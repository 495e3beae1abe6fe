//! A scope: one flow of states that follow each other.

use super::{AttemptId, VisitId};
use crate::event::EventId;
use indexmap::IndexMap;
use std::sync::Arc;

/// One flow of states: the execution's own, a branch of a Parallel, an iteration of an inline Map.
///
/// The items of a distributed Map and nested executions are executions with histories of their own: see
/// [`Family`](super::Family).
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    /// Which flow it is.
    pub place: Place,
    /// The event it began with: `MapIterationStarted`, for a branch the entry of its first state.
    pub started: Option<EventId>,
    /// The event it ended with.
    pub ended: Option<EventId>,
    /// How it ended.
    pub outcome: ScopeOutcome,
    /// The visits of the flow in the order they were entered.
    pub visits: Vec<VisitId>,
    /// Those of them that are open.
    pub(super) open: Vec<VisitId>,
    /// The exits that assigned each variable, in order.
    pub(super) assignments: IndexMap<Arc<str>, Vec<EventId>>,
}

/// Which flow a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The execution's own.
    Root,
    /// A branch of a Parallel.
    Branch {
        /// The Parallel.
        of: VisitId,
        /// The attempt of the Parallel that began it.
        attempt: Option<AttemptId>,
        /// The branch, from 0. Histories do not record it: branches are counted in the order they begin, which is
        /// theirs, until [`History::label_branches`](super::History::label_branches) says better.
        index: u32,
    },
    /// An iteration of an inline Map.
    Iteration {
        /// The Map.
        of: VisitId,
        /// The attempt of the Map that began it.
        attempt: Option<AttemptId>,
        /// The item, from 0.
        index: u64,
    },
}

/// How a scope ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeOutcome {
    /// Not at all, so far.
    Open,
    /// Its last state handed its output on.
    Succeeded,
    /// A state in it failed and nothing in it caught that.
    Failed {
        /// The event the failure began with.
        by: EventId,
    },
    /// It was stopped.
    Aborted {
        /// The failure elsewhere, or the end of the execution.
        by: EventId,
    },
}

impl Scope {
    /// Returns the Map or Parallel around it.
    pub fn container(&self) -> Option<VisitId> {
        match self.place {
            Place::Root => None,
            Place::Branch { of, .. } | Place::Iteration { of, .. } => Some(of),
        }
    }

    /// Returns the attempt of the container it belongs to.
    pub fn attempt(&self) -> Option<AttemptId> {
        match self.place {
            Place::Root => None,
            Place::Branch { attempt, .. } | Place::Iteration { attempt, .. } => attempt,
        }
    }

    /// Returns which branch or item it is, from 0.
    pub fn index(&self) -> Option<u64> {
        match self.place {
            Place::Root => None,
            Place::Branch { index, .. } => Some(index.into()),
            Place::Iteration { index, .. } => Some(index),
        }
    }

    pub(super) fn new(place: Place, started: Option<EventId>) -> Self {
        Self {
            place,
            started,
            ended: None,
            outcome: ScopeOutcome::Open,
            visits: Vec::new(),
            open: Vec::new(),
            assignments: IndexMap::new(),
        }
    }
}
