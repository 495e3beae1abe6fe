//! What came out of a replay: how true it is to the recording, and where it leaves it.

use super::amended::Asking;
use super::compare::{Comparison, Divergence, NotChecked, Pair, compare};
use super::excerpt::{Part, route};
use super::player::Unanswered;
use crate::event::{Event, EventId, Failure};
use crate::interpreter::End;
use crate::json::Payload;
use crate::recording::{Recording, Status};
use std::collections::HashSet;
use std::sync::Arc;

/// Whether a replay is what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every event is; of a run that had not ended, every event up to its last.
    Agrees,
    /// Some event is not.
    Diverges,
    /// What there is agrees, but something was needed to go on that nobody recorded.
    Stopped,
}

impl Verdict {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Diverges => "diverges",
            Self::Stopped => "stopped",
        }
    }
}

/// How true a replay is to its recording.
#[derive(Debug, Clone)]
pub struct Fidelity {
    /// In a word.
    pub verdict: Verdict,
    /// How many recorded events were compared.
    pub compared: usize,
    /// How many of them are in the replay.
    pub agreed: usize,
    /// The values that were not checked, and why.
    pub not_checked: Vec<NotChecked>,
}

/// How a replay stands at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// In AWS's word.
    pub status: Status,
    /// The output, if it succeeded.
    pub output: Option<Payload>,
    /// The error and cause it ended with.
    pub failure: Failure,
}

/// What came out of a replay.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How true it is to the recording.
    pub fidelity: Fidelity,
    /// Where it leaves the recording first.
    pub divergence: Option<Divergence>,
    /// How it ended.
    pub standing: Standing,
    /// How the recording ended.
    pub recorded: Standing,
    /// The states that were entered, in order: those recorded, and those of the replay.
    pub routes: (Vec<Arc<str>>, Vec<Arc<str>>),
    /// Whether anything was edited.
    pub edited: bool,
    /// What it needed and nobody recorded.
    pub unanswered: Vec<Unanswered>,
    /// The tasks among that, with what they were given.
    pub asking: Vec<Asking>,
    /// Recorded answers that no task asked for: state, iterations, how many.
    pub unused: Vec<(Arc<str>, Vec<u32>, usize)>,
    /// Whether it was given up because it wrote far more events than were recorded.
    pub overflow: bool,
    /// Its events.
    pub events: Vec<Event>,
    /// What of the recording they are compared with.
    pub covered: Covered,
    /// The events that are the same: the recorded one, and that of the replay.
    pub same: Vec<(EventId, EventId)>,
}

/// The recorded events a replay is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// The entry of the visit it began with, unless that was the beginning.
    pub began: Option<EventId>,
    /// The last of them.
    pub last: Option<EventId>,
}

/// A replay that has come to its end.
pub(super) struct Run<'a> {
    pub(super) recorded: &'a [Event],
    pub(super) events: Vec<Event>,
    pub(super) end: Option<End>,
    pub(super) definition: Option<&'a Payload>,
    pub(super) standing: Standing,
    pub(super) part: Part,
    pub(super) began: Option<EventId>,
    pub(super) reached: bool,
    pub(super) edited: bool,
    pub(super) unanswered: Vec<Unanswered>,
    pub(super) asking: Vec<Asking>,
    pub(super) unused: Vec<(Arc<str>, Vec<u32>, usize)>,
    pub(super) overflow: bool,
    pub(super) drawn: HashSet<Arc<str>>,
}

impl Outcome {
    pub(super) fn of(run: Run<'_>) -> Self {
        let Run { recorded, events, end, definition, part, reached, edited, .. } = run;
        let Run { standing: before, unanswered, asking, unused, overflow, drawn, began, .. } = run;
        let replayed = compared(&events, part);
        let comparison = compare(&Pair { recorded, replayed, definition, drawn: &drawn });
        let open = reached || part == Part::Scope || recorded.last().is_none_or(|last| !last.kind.ends_execution());
        let stuck = !unanswered.is_empty();
        let verdict = verdict(&comparison, open, stuck);
        let divergence = comparison.divergence.filter(|_| verdict == Verdict::Diverges);
        let Comparison { compared, agreed, not_checked, same, .. } = comparison;
        let fidelity = Fidelity { verdict, compared, agreed, not_checked };
        let standing = if reached { Standing::left(&events) } else { Standing::of(end) };
        let routes = (route(recorded), route(replayed));
        let covered = Covered { began, last: recorded.last().map(|last| last.id) };
        Self {
            fidelity,
            divergence,
            standing,
            recorded: before,
            routes,
            edited,
            unanswered,
            asking,
            unused,
            overflow,
            events,
            covered,
            same,
        }
    }
}

/// Returns the events of a replay that have counterparts: of a part not its first, and of a scope not its last.
fn compared(events: &[Event], part: Part) -> &[Event] {
    let end = events.last().is_some_and(|last| last.kind.ends_execution());
    match (part, events) {
        (Part::Rest, [_, rest @ ..]) => rest,
        (Part::Scope, [_, rest @ .., _]) if end => rest,
        (Part::Scope, [_, rest @ ..]) => rest,
        _ => events,
    }
}

/// A replay that stopped for want of something has only left the recording if it wrote what was not recorded.
fn verdict(comparison: &Comparison, open: bool, stuck: bool) -> Verdict {
    let complete = comparison.agreed == comparison.compared;
    match (complete, comparison.extra) {
        (true, 0) => Verdict::Agrees,
        (true, _) if open => Verdict::Agrees,
        (false, 0) if stuck => Verdict::Stopped,
        _ => Verdict::Diverges,
    }
}

impl Standing {
    /// How things stand when all that was wanted is the exit of a state.
    pub(super) fn left(events: &[Event]) -> Self {
        let output = events.last().and_then(|last| last.details.output().cloned());
        Self { status: Status::Running, output, failure: Failure::default() }
    }

    /// How a recorded execution ended.
    pub(super) fn recorded(recording: &Recording) -> Self {
        let last = recording.events.len().checked_sub(1).and_then(|last| recording.events.get(last));
        let failure = last.and_then(|last| last.details.failure().cloned()).unwrap_or_default();
        Self { status: recording.status(), output: recording.output(), failure }
    }

    fn of(end: Option<End>) -> Self {
        let (status, output, failure) = match end {
            None => (Status::Running, None, Failure::default()),
            Some(End::Succeeded(output)) => (Status::Succeeded, Some(output), Failure::default()),
            Some(End::Failed(failure)) => (Status::Failed, None, failure),
            Some(End::Aborted(failure)) => (Status::Aborted, None, failure),
            Some(End::TimedOut) => {
                (Status::TimedOut, None, Failure { error: Some("States.Timeout".into()), cause: None })
            }
        };
        Self { status, output, failure }
    }
}
