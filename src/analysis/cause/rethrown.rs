//! A failure that was caught, handed on, and thrown again by a state that only reports it.

use super::build;
use crate::event::{EventId, StateType};
use crate::history::{History, Outcome, VisitId};

/// How long a cause has to be to be known again inside of another.
const TELLING: usize = 8;

/// An error and a cause, in which quotes and backslashes count for nothing: each time a text is put into JSON text it
/// gets more of them.
struct Said {
    error: String,
    cause: String,
}

impl Said {
    fn of(history: &History, event: EventId, visit: Option<VisitId>) -> Self {
        let report = build::failure_of(history, event, visit);
        let cause = report.cause.map(|cause| bare(&cause.raw)).unwrap_or_default();
        Self { error: report.error.as_deref().unwrap_or_default().to_owned(), cause }
    }

    /// Tells whether this is what was said before, as it was or put into another cause.
    fn repeats(&self, before: &Self) -> bool {
        if before.error.is_empty() && before.cause.is_empty() || self.cause.len() + self.error.len() < TELLING {
            return false;
        }
        let same = self.error == before.error && self.cause == before.cause;
        let telling = before.cause.len() >= TELLING && self.cause.contains(&before.cause);
        same || telling && (self.error == before.error || self.cause.contains(&before.error))
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\\' | '"') && !c.is_whitespace()).collect()
}

/// Returns the caught failure that a later one only repeats: one with the same error and cause, in a state that came
/// before on the way. A task has to have been told of it, since two of them may well fail alike.
pub(super) fn rethrown(history: &History, event: EventId) -> Option<EventId> {
    let reporter = history.visit_of(event);
    let said = Said::of(history, event, reporter);
    let caught = history.visits().rev().filter_map(|(id, visit)| match visit.outcome {
        Outcome::Caught { failure } if failure < event && Some(id) != reporter => Some((id, failure)),
        _ => None,
    });
    let mut before = caught.filter(|(catcher, _)| reporter.is_none_or(|it| came_before(history, *catcher, it)));
    let (_, failure) = before.find(|(_, failure)| {
        let first = Said::of(history, *failure, history.visit_of(*failure));
        said.repeats(&first) && reporter.is_none_or(|reporter| was_told(history, reporter, event, &first))
    })?;
    Some(failure)
}

/// Tells whether a state was given what another said when it failed. A Fail state need not be: it may know the words.
fn was_told(history: &History, reporter: VisitId, event: EventId, first: &Said) -> bool {
    if history.visit(reporter).kind == StateType::Fail {
        return true;
    }
    let called = history.attempt_of(event).and_then(|attempt| history.attempt_input(attempt));
    let told = called.or_else(|| history.input(reporter)).map(|input| bare(input.text())).unwrap_or_default();
    !first.cause.is_empty() && told.contains(&first.cause) || first.cause.is_empty() && told.contains(&first.error)
}

/// Tells whether a visit ended on the way to another: in the same flow, or inside of a state of that flow.
fn came_before(history: &History, earlier: VisitId, later: VisitId) -> bool {
    let (left, right) = (history.path_of(earlier), history.path_of(later));
    let Some((left, right)) = left.iter().zip(&right).find(|(left, right)| left != right) else { return false };
    let (left, right) = (history.visit(*left), history.visit(*right));
    let in_time = left.ended.zip(right.entered).is_some_and(|(ended, entered)| ended < entered);
    left.scope == right.scope && (in_time || right.entered.is_none())
}
