//! Which edit of a replay makes a place in the recorded data different.

use super::Change;
use crate::analysis::provenance::{Spot, What};
use crate::event::{EventId, StateType};
use crate::history::Link;
use crate::json::diff::{At, Step};
use crate::replay::Try;
use crate::tui::subject::Subject;

impl Change {
    /// Returns what can be made different so that this place is, and the place in that: the input of a state or an
    /// execution, the answer to a task.
    pub fn of(subject: &Subject, spot: &Spot) -> Option<(Self, At)> {
        let document = &spot.document;
        let (member, event) = (document.member, document.event);
        let history = subject.history(member);
        let enters = history.event(event)?.kind.enters().is_some();
        match &document.what {
            What::Input if enters => Some((Self::VisitInput(event), spot.at.clone())),
            What::Input if event == EventId::FIRST => {
                // An item of a Map Run begins inside of the machine: its input is that of a visit.
                let whole = !matches!(subject.family.member(member).link, Link::Item { .. });
                whole.then(|| (Self::Input, spot.at.clone()))
            }
            What::Output | What::Failure => {
                let attempt = history.attempt(history.attempt_of(event)?);
                let visit = history.visit(attempt.visit);
                if attempt.ended != Some(event) || visit.kind != StateType::Task {
                    return None;
                }
                let of = Self::Answer(Try::Recorded(attempt.scheduled), visit.name.clone(), attempt.number);
                Some((of, in_answer(&document.what, &spot.at)?))
            }
            What::Input | What::Variable(_) => None,
        }
    }
}

/// Returns the place in an entry of an answers file.
fn in_answer(what: &What, at: &At) -> Option<At> {
    let member = |name: &str| At(vec![Step::Member(name.into())]);
    match (what, at.0.split_first()) {
        (What::Output, _) => Some(member("result").join(&at.0)),
        (What::Failure, Some((Step::Member(part), rest))) => Some(member(&part.to_lowercase()).join(rest)),
        _ => None,
    }
}
