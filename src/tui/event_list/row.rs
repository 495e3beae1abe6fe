//! What a row of the event list says of its event.

use crate::event::{Event, Timestamp};
use crate::history::{History, Place};
use crate::json::rows::Needle;
use std::sync::Arc;

/// Returns the name of the state or iteration an event tells of, or belongs to.
pub(super) fn state(history: &History, event: &Event) -> Option<Arc<str>> {
    let visit = || history.visit_of(event.id).map(|visit| Arc::clone(&history.visit(visit).name));
    event.details.name().cloned().or_else(visit)
}

/// Returns the same with the item or branch around it: `LoadPrices[163]`.
pub(super) fn place(history: &History, event: &Event) -> String {
    let Some(name) = state(history, event) else { return String::new() };
    let scope = history.lineage(event.id).map(|lineage| history.scope(lineage.scope).place);
    match scope {
        Some(Place::Iteration { index, .. }) => format!("{name}[{index}]"),
        Some(Place::Branch { index, .. }) => format!("{name}[{index}]"),
        Some(Place::Root) | None => name.to_string(),
    }
}

/// Returns which attempt an event belongs to, where there is more than one.
pub(super) fn attempt(history: &History, event: &Event) -> Option<u32> {
    let attempt = history.attempt(history.attempt_of(event.id)?);
    (history.visit(attempt.visit).attempts.len() > 1).then_some(attempt.number)
}

/// Tells whether an event's type, state, error, cause or payload holds a text.
pub(super) fn holds(history: &History, event: &Event, needle: &Needle) -> bool {
    let failure = event.details.failure();
    let told = failure.into_iter().flat_map(|failure| [&failure.error, &failure.cause]).flatten();
    let payloads = [event.details.input(), event.details.output()].into_iter().flatten();
    needle.is_in(event.kind.name())
        || state(history, event).is_some_and(|name| needle.is_in(&name))
        || told.into_iter().any(|text| needle.is_in(text))
        || payloads.into_iter().any(|payload| needle.is_in(payload.text()))
}

/// How the time since the start is written, the same on every row of a history: as long as its longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    start: Timestamp,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Clock {
    /// Reads how long a history is.
    pub(super) fn of(history: &History) -> Option<Self> {
        let start = history.started_at().or_else(|| history.events().first().map(|event| event.timestamp))?;
        let last = history.events().last().map_or(start, |event| event.timestamp);
        let form = match last.micros_since(start) / 1_000_000 {
            ..100 => Form::Seconds,
            100..3600 => Form::Minutes,
            3600..86_400 => Form::Hours,
            _ => Form::Days,
        };
        Some(Self { start, form })
    }

    /// Returns the time since the start: `11.243`, `02:11.243`, `1:02:11.243`, `3d 01:02:11.243`.
    pub(super) fn since(self, at: Timestamp) -> String {
        let micros = at.micros_since(self.start);
        let sign = if micros < 0 { "-" } else { "+" };
        let millis = micros.abs() / 1000;
        let (seconds, millis) = (millis / 1000, millis % 1000);
        let [s, m, h] = [seconds % 60, seconds / 60 % 60, seconds / 3600];
        match self.form {
            Form::Seconds => format!("{sign}{seconds:>2}.{millis:03}"),
            Form::Minutes => format!("{sign}{:02}:{s:02}.{millis:03}", seconds / 60),
            Form::Hours => format!("{sign}{h:>2}:{m:02}:{s:02}.{millis:03}"),
            Form::Days => format!("{sign}{}d {:02}:{m:02}:{s:02}.{millis:03}", h / 24, h % 24),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_fixed_places() {
        let start = Timestamp::from_millis(1_000_000);
        let clock = |form| Clock { start, form };
        for (form, millis, told) in [
            (Form::Seconds, 0, "+ 0.000"),
            (Form::Seconds, 11_243, "+11.243"),
            (Form::Seconds, -5, "- 0.005"),
            (Form::Minutes, 131_007, "+02:11.007"),
            (Form::Hours, 3_731_000, "+ 1:02:11.000"),
            (Form::Days, 262_931_001, "+3d 01:02:11.001"),
        ] {
            assert_eq!(clock(form).since(Timestamp::from_millis(1_000_000 + millis)), told);
        }
    }
}
