//! How a state, an attempt, a flow or an execution stands: one rule for every view and every report.

use crate::event::{Details, EventId, StateType};
use crate::history::{AttemptOutcome, History, Outcome, ScopeId, ScopeOutcome, VisitId};

/// How something stands; of several visits the latter tells more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Ended well.
    Succeeded,
    /// Stopped with something else.
    Aborted,
    /// Failed, and a catcher took over.
    Caught,
    /// Seen to begin, before a part of the history that is missing.
    Lost,
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
    pub fn of_visit(history: &History, id: VisitId) -> Self {
        let visit = history.visit(id);
        match visit.outcome {
            Outcome::Open if history.is_lost(id) => Self::Lost,
            Outcome::Open if visit.kind == StateType::Wait || is_waiting(history, id) => Self::Waiting,
            Outcome::Open => Self::Running,
            Outcome::Exited => Self::Succeeded,
            Outcome::Failed { .. } => Self::Failed,
            Outcome::TimedOut { .. } => Self::TimedOut,
            Outcome::Caught { .. } => Self::Caught,
            Outcome::Aborted { .. } => Self::Aborted,
        }
    }

    /// Returns how an attempt stands.
    pub fn of_attempt(outcome: AttemptOutcome) -> Self {
        match outcome {
            AttemptOutcome::Open => Self::Running,
            AttemptOutcome::Succeeded => Self::Succeeded,
            AttemptOutcome::Failed { .. } => Self::Failed,
            AttemptOutcome::TimedOut { .. } => Self::TimedOut,
            AttemptOutcome::Aborted { .. } => Self::Aborted,
        }
    }

    /// Returns how an iteration stands: one that ended well though something failed and was caught in it is not like
    /// the others. While it goes on, and when it was stopped, it is the going on or the stopping that counts.
    pub fn of_item(history: &History, scope: ScopeId) -> Self {
        match history.scope(scope).outcome {
            ScopeOutcome::Succeeded if history.caught_in(scope).is_some() => Self::Caught,
            outcome => Self::of_scope(outcome),
        }
    }

    /// Returns how a branch or an iteration stands.
    pub fn of_scope(outcome: ScopeOutcome) -> Self {
        match outcome {
            ScopeOutcome::Open => Self::Running,
            ScopeOutcome::Succeeded => Self::Succeeded,
            ScopeOutcome::Failed { .. } => Self::Failed,
            ScopeOutcome::Aborted { .. } => Self::Aborted,
        }
    }

    /// Returns how an execution stands, by AWS's word.
    pub fn of_execution(word: &str) -> Self {
        match word {
            "SUCCEEDED" => Self::Succeeded,
            "FAILED" => Self::Failed,
            "TIMED_OUT" => Self::TimedOut,
            "ABORTED" => Self::Aborted,
            "PENDING_REDRIVE" => Self::Waiting,
            "CUT_OFF" | "UNKNOWN" => Self::Lost,
            _ => Self::Running,
        }
    }

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Aborted => "aborted",
            Self::Caught => "caught",
            Self::Lost => "end missing",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::TimedOut => "timed out",
            Self::Failed => "failed",
        }
    }
}

/// Returns what failed in an iteration that [failed](Status::Failed) or in which it was [caught](Status::Caught).
pub fn failure_of_item(history: &History, scope: ScopeId) -> Option<EventId> {
    match (Status::of_item(history, scope), history.scope(scope).outcome) {
        (_, ScopeOutcome::Failed { by }) => Some(by),
        (Status::Caught, _) => history.caught_in(scope),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::tests::notation::read;

    #[test]
    fn a_visit_whose_end_lies_in_a_gap_is_lost_and_not_running() {
        let events = read(
            "1 ExecutionStarted
            2<1 TaskStateEntered A
            3<2 TaskScheduled
            9<8 PassStateEntered B",
        );
        let history: History = events.into_iter().collect();
        let stands = |name: &str| {
            let visit = history.visits().find(|(_, visit)| &*visit.name == name).expect("a visit").0;
            Status::of_visit(&history, visit)
        };
        assert_eq!([stands("A"), stands("B")], [Status::Lost, Status::Running]);
    }
}
