//! What went wrong, in two or more lines.

use super::{Place, Tone};
use crate::event::EventId;
use crate::history::MemberId;
use crate::tui::subject::Subject;

/// What the top of the screen says.
#[derive(Debug, Clone)]
pub struct Headline {
    /// How the execution stands.
    pub tone: Tone,
    /// The error, or how the execution stands.
    pub title: String,
    /// What happened, in sentences.
    pub lines: Vec<String>,
    /// Where it happened.
    pub place: Place,
    /// The cause, decoded.
    pub cause: Option<String>,
}

impl Headline {
    /// Returns where an execution went wrong, or ended.
    pub fn place_in(subject: &Subject, member: MemberId) -> Place {
        let history = subject.history(member);
        let last = history.events().last().map_or(EventId::FIRST, |event| event.id);
        let first = subject.failures(member).all().first().copied();
        let end = history.end().filter(|end| end.kind.is_failure()).map(|end| history.origin(end.id));
        Place { member, event: end.or(first).unwrap_or(last) }
    }

    /// Words what went wrong in a subject.
    pub fn of(subject: &Subject) -> Self {
        let history = subject.family.root();
        let tone = Tone::of_status(&subject.title(MemberId::ROOT).status);
        let last = history.events().last().map_or(EventId::FIRST, |event| event.id);
        let first = subject.failures(MemberId::ROOT).all().first().copied();
        let end = history.end().filter(|end| end.kind.is_failure()).map(|end| history.origin(end.id));
        let event = end.or(first).unwrap_or(last);
        let failure = history.failure_at(event);
        let title =
            failure.and_then(|failure| failure.error.as_deref()).map_or(tone.word().to_uppercase(), str::to_owned);
        let cause = failure.and_then(|failure| failure.cause.as_deref()).map(str::to_owned);
        let lines = cause.iter().cloned().collect();
        Self { tone, title, lines, place: Place { member: MemberId::ROOT, event }, cause }
    }
}
