//! How a state stands.

use crate::event::{Details, StateType};
use crate::history::{History, Outcome, VisitId};

/// How a state stands; of several visits the latter tells more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Ended well.
    Succeeded,
    /// Stopped with something else.
    Aborted,
    /// Failed, and a catcher took over.
    Caught,
    /// Going on, and waiting for something outside.
    Waiting,
    /// Going on.
    Running,
    /// Ran out of time.
    TimedOut,
    /// Ended badly.
    Failed,
}

impl Status {
    /// Returns how a visit stands.
    pub fn of(history: &History, id: VisitId) -> Self {
        let visit = history.visit(id);
        match visit.outcome {
            Outcome::Open if visit.kind == StateType::Wait || is_waiting(history, id) => Self::Waiting,
            Outcome::Open => Self::Running,
            Outcome::Exited => Self::Succeeded,
            Outcome::Failed { .. } => Self::Failed,
            Outcome::TimedOut { .. } => Self::TimedOut,
            Outcome::Caught { .. } => Self::Caught,
            Outcome::Aborted { .. } => Self::Aborted,
        }
    }

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Aborted => "aborted",
            Self::Caught => "caught",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::TimedOut => "timed out",
            Self::Failed => "failed",
        }
    }
}

/// Tells whether a visit waits for somebody else: a task that handed its token out, an activity nobody has taken up.
pub fn is_waiting(history: &History, visit: VisitId) -> bool {
    let Some(attempt) = history.visit(visit).attempts.last() else { return false };
    let attempt = history.attempt(*attempt);
    match history.event(attempt.scheduled).map(|event| &event.details) {
        Some(Details::TaskScheduled(scheduled)) => {
            scheduled.task.resource.as_ref().is_some_and(|resource| resource.ends_with(".waitForTaskToken"))
        }
        Some(Details::ActivityScheduled(_)) => attempt.started.is_none(),
        _ => false,
    }
}
