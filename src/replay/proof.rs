//! What an edit does to a run: whether it would have helped.

use super::outcome::Outcome;
use crate::recording::{Recording, Status};

/// What an edit does to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Judgement {
    /// It failed, and no longer does.
    Fixed,
    /// It failed, and still does.
    StillFailing,
    /// It succeeded, and fails now.
    NewlyBroken,
    /// It succeeded, and still does.
    Unchanged,
    /// The recording does not hold what would be needed to tell.
    NotDecidable,
}

impl Judgement {
    /// All of them, in the order they are listed.
    pub const ALL: [Self; 5] =
        [Self::Fixed, Self::StillFailing, Self::NewlyBroken, Self::Unchanged, Self::NotDecidable];

    /// Returns the words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::StillFailing => "still failing",
            Self::NewlyBroken => "newly broken",
            Self::Unchanged => "unchanged",
            Self::NotDecidable => "not decidable",
        }
    }
}

/// Judges what came out of an edited replay by how the recorded run ended.
pub fn judge(recording: &Recording, outcome: &Outcome) -> Judgement {
    if outcome.overflow || outcome.standing.status == Status::Running {
        return Judgement::NotDecidable;
    }
    match (recording.status(), &outcome.standing.status) {
        (Status::Succeeded, Status::Succeeded) => Judgement::Unchanged,
        (Status::Succeeded, _) => Judgement::NewlyBroken,
        (Status::Failed | Status::TimedOut | Status::Aborted, Status::Succeeded) => Judgement::Fixed,
        (Status::Failed | Status::TimedOut | Status::Aborted, _) => Judgement::StillFailing,
        _ => Judgement::NotDecidable,
    }
}
