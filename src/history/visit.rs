//! A visit: one stay in one state; and its attempts.

use super::{AttemptId, ScopeId, VisitId};
use crate::event::{EventId, StateType};
use std::sync::Arc;

/// One stay in one state, from its `…StateEntered` event to whatever ended it.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The state's name.
    pub name: Arc<str>,
    /// The state's type.
    pub kind: StateType,
    /// Where the state stands: at the root, in a branch, in an iteration.
    pub scope: ScopeId,
    /// The event that opened it; `None` when the history begins later.
    pub entered: Option<EventId>,
    /// The event that ended it: its exit, or what failed or aborted it.
    pub ended: Option<EventId>,
    /// How it ended.
    pub outcome: Outcome,
    /// The visit before it in the same scope.
    pub previous: Option<VisitId>,
    /// The visit it handed on to; after a caught failure, where the catcher went.
    pub next: Option<VisitId>,
    /// What was tried: a task's calls, the runs of a Map or Parallel. Empty for states that try nothing.
    pub attempts: Vec<AttemptId>,
    /// The branches and iterations inside, in the order they began, of all attempts.
    pub children: Vec<ScopeId>,
    /// The map run that does the work of a distributed Map.
    pub map_run_arn: Option<Arc<str>>,
    /// Earlier ends, when the execution was redriven and took the state up again.
    pub earlier: Vec<Ending>,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Not at all, so far.
    Open,
    /// It handed its output on.
    Exited,
    /// It failed, and none of its catchers took the failure.
    Failed {
        /// The event the failure began with, deep inside for a Map or Parallel.
        by: EventId,
    },
    /// The same, by a time-out.
    TimedOut {
        /// The event that says so, deep inside for a Map or Parallel.
        by: EventId,
    },
    /// It failed, and one of its catchers took the failure and led to [`Visit::next`].
    Caught {
        /// The event the failure began with.
        failure: EventId,
    },
    /// It was stopped because something else failed or the execution ended.
    Aborted {
        /// The failure, or the end of the execution.
        by: EventId,
    },
}

impl Outcome {
    /// Tells whether the visit goes on.
    pub fn is_open(self) -> bool {
        self == Self::Open
    }

    /// Returns the event the visit's own failure began with, caught or not.
    pub fn failure(self) -> Option<EventId> {
        match self {
            Self::Failed { by } | Self::TimedOut { by } | Self::Caught { failure: by } => Some(by),
            Self::Open | Self::Exited | Self::Aborted { .. } => None,
        }
    }
}

/// An end that a redrive undid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// How the visit had ended.
    pub outcome: Outcome,
    /// The event that ended it.
    pub ended: Option<EventId>,
    /// The event that took it up again.
    pub resumed: EventId,
}

/// One try of a visit: a task's call, or one run of all of a Map's or Parallel's flows.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The visit.
    pub visit: VisitId,
    /// Which try it is in that visit, from 1.
    pub number: u32,
    /// Why it was tried.
    pub kind: AttemptKind,
    /// The event that began it: `…Scheduled`, `MapStateStarted`, `ParallelStateStarted`, `MapRunRedriven`.
    pub scheduled: EventId,
    /// When it was taken up: `…Started`, `MapRunStarted`.
    pub started: Option<EventId>,
    /// When a job or callback had been handed over: `TaskSubmitted`.
    pub submitted: Option<EventId>,
    /// The event that ended it.
    pub ended: Option<EventId>,
    /// How it ended.
    pub outcome: AttemptOutcome,
}

/// Why something was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptKind {
    /// For the first time.
    First,
    /// A retrier asked for it.
    Retry,
    /// A redrive of the execution asked for it.
    Redrive,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptOutcome {
    /// Not at all, so far.
    Open,
    /// Well.
    Succeeded,
    /// Badly.
    Failed {
        /// The event the failure began with.
        by: EventId,
    },
    /// By a time-out.
    TimedOut {
        /// The event that says so.
        by: EventId,
    },
    /// It was stopped.
    Aborted {
        /// The failure elsewhere, or the end of the execution.
        by: EventId,
    },
}

impl AttemptOutcome {
    /// Returns the event its failure began with.
    pub fn failure(self) -> Option<EventId> {
        match self {
            Self::Failed { by } | Self::TimedOut { by } => Some(by),
            Self::Open | Self::Succeeded | Self::Aborted { .. } => None,
        }
    }
}
