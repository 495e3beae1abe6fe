//! Signs and notes for visits and attempts.

use super::page::{Paper, Role};
use super::quantity::counted;
use crate::analysis::Status;
use crate::event::StateType;
use crate::history::{Attempt, AttemptOutcome, History, Outcome, ScopeOutcome, VisitId};
use crate::recording;

/// A sign, and its plain form for terminals that know only ASCII. The screen has the same ones.
pub type Sign = [&'static str; 2];

/// Ended well.
pub const SUCCEEDED: Sign = ["✔", "o"];
/// Ended badly.
pub const FAILED: Sign = ["✖", "x"];
/// Failed, and a catcher took over.
pub const CAUGHT: Sign = ["↷", "!"];
/// Stopped with something else.
pub const ABORTED: Sign = ["◌", "-"];
/// Going on.
pub const RUNNING: Sign = ["●", "*"];

/// Returns the sign of how something stands.
pub fn status_sign(status: Status) -> Sign {
    match status {
        Status::Succeeded => SUCCEEDED,
        Status::Failed | Status::TimedOut => FAILED,
        Status::Caught => CAUGHT,
        Status::Aborted | Status::Lost => ABORTED,
        Status::Running | Status::Waiting => RUNNING,
    }
}

/// Returns the sign and role of how an execution stands.
pub(super) fn execution_sign(paper: Paper, status: &recording::Status) -> (Role, &'static str) {
    let status = Status::of_execution(status.name());
    let role = match status {
        Status::Succeeded => Role::Succeeded,
        Status::Failed | Status::TimedOut => Role::Failed,
        Status::Caught => Role::Caught,
        Status::Aborted | Status::Lost => Role::Aborted,
        Status::Running | Status::Waiting => Role::Running,
    };
    (role, paper.sign(status_sign(status)))
}

/// Returns the sign and role of an outcome.
pub(super) fn outcome_sign(paper: Paper, outcome: Outcome) -> (Role, &'static str) {
    match outcome {
        Outcome::Open => (Role::Running, paper.sign(RUNNING)),
        Outcome::Exited => (Role::Succeeded, paper.sign(SUCCEEDED)),
        Outcome::Failed { .. } | Outcome::TimedOut { .. } => (Role::Failed, paper.sign(FAILED)),
        Outcome::Caught { .. } => (Role::Caught, paper.sign(CAUGHT)),
        Outcome::Aborted { .. } => (Role::Aborted, paper.sign(ABORTED)),
    }
}

pub(super) fn attempt_sign(paper: Paper, outcome: AttemptOutcome) -> (Role, &'static str) {
    match outcome {
        AttemptOutcome::Open => (Role::Running, paper.sign(RUNNING)),
        AttemptOutcome::Succeeded => (Role::Succeeded, paper.sign(SUCCEEDED)),
        AttemptOutcome::Failed { .. } | AttemptOutcome::TimedOut { .. } => (Role::Failed, paper.sign(FAILED)),
        AttemptOutcome::Aborted { .. } => (Role::Aborted, paper.sign(ABORTED)),
    }
}

/// Returns an outcome as a word.
pub(super) fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Open => "open",
        Outcome::Exited => "succeeded",
        Outcome::Failed { .. } => "failed",
        Outcome::TimedOut { .. } => "timed out",
        Outcome::Caught { .. } => "caught",
        Outcome::Aborted { .. } => "aborted",
    }
}

/// Returns what there is to say about a visit beside its name.
pub(super) fn note(history: &History, id: VisitId) -> String {
    let visit = history.visit(id);
    let mut parts: Vec<String> = Vec::new();
    let error = visit.outcome.failure().and_then(|event| history.failure_at(event)).and_then(|f| f.error.clone());
    match visit.outcome {
        Outcome::Exited => {}
        Outcome::Failed { .. } | Outcome::TimedOut { .. } | Outcome::Caught { .. } => {
            parts.push(match &error {
                Some(error) => format!("{} {error}", outcome_word(visit.outcome)),
                None => outcome_word(visit.outcome).to_owned(),
            });
        }
        Outcome::Open | Outcome::Aborted { .. } => parts.push(outcome_word(visit.outcome).to_owned()),
    }
    if let (Outcome::Caught { .. }, Some(next), Some(last)) = (visit.outcome, visit.next, parts.last_mut()) {
        last.push_str(&format!(" → {}", history.visit(next).name));
    }
    if visit.attempts.len() > 1 {
        let word = if visit.kind == StateType::Task { "attempts" } else { "runs" };
        parts.push(format!("{} {word}", visit.attempts.len()));
    }
    parts.extend(items_note(history, id));
    parts.join(", ")
}

/// Returns how many items of a Map's last attempt went well.
fn items_note(history: &History, id: VisitId) -> Option<String> {
    let visit = history.visit(id);
    let last = *visit.attempts.last().filter(|_| visit.kind == StateType::Map && visit.map_run_arn.is_none())?;
    let fine = visit.children.iter().map(|scope| history.scope(*scope));
    let fine = fine.filter(|scope| scope.attempt() == Some(last) && scope.outcome == ScopeOutcome::Succeeded).count();
    let all = usize::try_from(history.items_of(id, last)).unwrap_or(usize::MAX);
    Some(format!("{fine} of {} succeeded", counted(all, "item", "items")))
}

/// Returns what there is to say beside a name, without what says nothing.
pub(super) fn beside(notes: [String; 2]) -> String {
    let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    notes.join(", ")
}

pub(super) fn attempt_note(history: &History, attempt: &Attempt) -> String {
    let failure = attempt.outcome.failure().and_then(|event| history.failure_at(event));
    match (attempt.outcome, failure.and_then(|failure| failure.error.as_deref())) {
        (AttemptOutcome::Open, _) => "open".to_owned(),
        (AttemptOutcome::Aborted { .. }, _) => "aborted".to_owned(),
        (AttemptOutcome::Succeeded, _) => String::new(),
        (AttemptOutcome::TimedOut { .. }, None) => "timed out".to_owned(),
        (AttemptOutcome::Failed { .. }, None) => "failed".to_owned(),
        (_, Some(error)) => error.to_owned(),
    }
}
