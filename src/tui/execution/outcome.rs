//! How something stands, in the tones the screen knows.

use crate::analysis::graph::is_waiting;
use crate::event::StateType;
use crate::history::{AttemptOutcome, History, Outcome, ScopeOutcome, VisitId};
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::Role;

/// How something stands: a sign, a colour and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Ran out of time.
    TimedOut,
    /// Failed, and a catcher took over.
    Caught,
    /// Stopped with something else.
    Aborted,
    /// Going on.
    Running,
    /// Going on, and waiting for something outside.
    Waiting,
    /// Seen to begin, before a part of the history that is missing.
    Lost,
}

impl Tone {
    /// The tone of a visit.
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

    /// The tone of an attempt.
    pub fn of_attempt(outcome: AttemptOutcome) -> Self {
        match outcome {
            AttemptOutcome::Open => Self::Running,
            AttemptOutcome::Succeeded => Self::Succeeded,
            AttemptOutcome::Failed { .. } => Self::Failed,
            AttemptOutcome::TimedOut { .. } => Self::TimedOut,
            AttemptOutcome::Aborted { .. } => Self::Aborted,
        }
    }

    /// The tone of a branch or an iteration.
    pub fn of_scope(outcome: ScopeOutcome) -> Self {
        match outcome {
            ScopeOutcome::Open => Self::Running,
            ScopeOutcome::Succeeded => Self::Succeeded,
            ScopeOutcome::Failed { .. } => Self::Failed,
            ScopeOutcome::Aborted { .. } => Self::Aborted,
        }
    }

    /// The tone of an execution by AWS's word.
    pub fn of_status(status: &str) -> Self {
        match status {
            "SUCCEEDED" => Self::Succeeded,
            "FAILED" => Self::Failed,
            "TIMED_OUT" => Self::TimedOut,
            "ABORTED" => Self::Aborted,
            "PENDING_REDRIVE" => Self::Waiting,
            _ => Self::Running,
        }
    }

    /// Returns its colour.
    pub fn role(self) -> Role {
        match self {
            Self::Succeeded => Role::Succeeded,
            Self::Failed | Self::TimedOut => Role::Failed,
            Self::Caught => Role::Caught,
            Self::Aborted | Self::Lost => Role::Aborted,
            Self::Running => Role::Running,
            Self::Waiting => Role::Waiting,
        }
    }

    /// Returns its sign.
    pub fn sign(self, glyphs: &Glyphs) -> &'static str {
        match self {
            Self::Succeeded => glyphs.succeeded,
            Self::Failed | Self::TimedOut => glyphs.failed,
            Self::Caught => glyphs.caught,
            Self::Aborted | Self::Lost => glyphs.aborted,
            Self::Running | Self::Waiting => glyphs.running,
        }
    }

    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
            Self::Caught => "caught",
            Self::Aborted => "aborted",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Lost => "end missing",
        }
    }
}
