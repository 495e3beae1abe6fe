//! How a visit went, in a few words.

use crate::event::EventId;
use crate::history::{History, Outcome, VisitId};

/// Tells the outcome of a visit, its attempts, and where it led.
pub(super) fn went(history: &History, visit: VisitId) -> String {
    let visit = history.visit(visit);
    let outcome = match visit.outcome {
        Outcome::Open => "had not ended".to_owned(),
        Outcome::Exited => "succeeded".to_owned(),
        Outcome::Failed { by } => format!("failed{}", with(history, by)),
        Outcome::TimedOut { by } => format!("timed out{}", with(history, by)),
        Outcome::Caught { failure } => format!("failed{}, caught", with(history, failure)),
        Outcome::Aborted { .. } => "was aborted".to_owned(),
    };
    let attempts = match visit.attempts.len() {
        0 | 1 => String::new(),
        attempts => format!(", {attempts} attempts"),
    };
    let next = visit.next.map(|next| format!(", then {}", history.visit(next).name)).unwrap_or_default();
    format!("{outcome}{attempts}{next}")
}

fn with(history: &History, by: EventId) -> String {
    let failure = history.failure_at(by).and_then(|failure| failure.error.as_deref());
    failure.map(|error| format!(" with {error}")).unwrap_or_default()
}

/// Returns the error of an event, behind a space.
pub(super) fn error(history: &History, event: EventId) -> String {
    let failure = history.failure_at(event).and_then(|failure| failure.error.as_deref());
    failure.map(|error| format!(" {error}")).unwrap_or_default()
}
