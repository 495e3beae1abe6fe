//! What came out of a replay: how true it is to the recording, and where it leaves it.

use super::amended::Asking;
use super::compare::{Comparison, Divergence, NotChecked, Pair, Unchecked, compare};
use super::excerpt::{Part, route};
use super::player::Unanswered;
use super::rule;
use super::subject::{Doubts, Undecided};
use crate::asl::Machine;
use crate::event::{Event, EventId, Failure};
use crate::interpreter::End;
use crate::json::Payload;
use crate::recording::{Recording, Status};
use crate::tasks::Unused;
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

/// An execution that the replayed one started, compared by itself.
#[derive(Debug, Clone)]
pub struct Child {
    /// The way there from the execution that was asked about: `Pay[2]` for the execution a task started, `Import/3` for
    /// an item of a Map Run.
    pub path: String,
    /// How true it is to the recording.
    pub fidelity: Fidelity,
    /// Where it leaves the recording first.
    pub divergence: Option<Divergence>,
    /// Why there is less to say than there could be.
    pub reason: Option<String>,
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
    /// Given answers that no task asked for.
    pub unused_given: Vec<Misfit>,
    /// The tasks that were answered by default, because nothing else answers them.
    pub by_default: Vec<Unanswered>,
    /// The executions it started, as far as they are in the recording.
    pub children: Vec<Child>,
    /// Why nothing can be said of what follows.
    pub undecided: Option<Undecided>,
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

/// Given answers that no task asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The key they stand under, and how many they are.
    pub answers: Unused,
    /// Whether the machine has no such state.
    pub no_state: bool,
}

impl Misfit {
    pub(super) fn of(answers: Unused, machine: &Machine) -> Self {
        // A name may hold brackets; the whole key is a name before it is a name with iterations.
        let names = [answers.key.as_str(), answers.key.split(['[', '/']).next().unwrap_or_default()];
        let no_state = names.into_iter().all(|name| machine.find(name).is_none());
        Self { answers, no_state }
    }

    /// The same as the execution around sees it.
    pub(super) fn inside(self, task: &str) -> Self {
        let key = format!("{task}/{}", self.answers.key);
        Self { answers: Unused { key, ..self.answers }, ..self }
    }
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
    pub(super) unused_given: Vec<Misfit>,
    pub(super) by_default: Vec<Unanswered>,
    pub(super) children: Vec<Child>,
    pub(super) items_not_read: Vec<EventId>,
    pub(super) machine: &'a Machine,
    pub(super) overflow: bool,
    pub(super) drawn: HashSet<Arc<str>>,
    pub(super) redacted: bool,
    pub(super) doubts: Doubts,
    pub(super) undecided: Option<Undecided>,
}

impl Outcome {
    /// Tells whether everything is what was recorded, in the execution and in those it started.
    pub fn agrees(&self) -> bool {
        let mut verdicts = self.children.iter().map(|child| child.fidelity.verdict);
        self.fidelity.verdict == Verdict::Agrees && verdicts.all(|verdict| verdict == Verdict::Agrees)
    }

    pub(super) fn of(run: Run<'_>) -> Self {
        let Run { recorded, events, end, definition, part, reached, edited, .. } = run;
        let Run { standing: before, unanswered, asking, unused, unused_given, by_default, children, .. } = run;
        let Run { overflow, drawn, began, doubts, mut undecided, .. } = run;
        let replayed = compared(&events, part);
        let comparison = compare(&Pair {
            recorded,
            replayed,
            definition,
            drawn: &drawn,
            missing: &doubts.missing,
            redacted: run.redacted,
        });
        let open = reached || part == Part::Scope || recorded.last().is_none_or(|last| !last.kind.ends_execution());
        let same = comparison.same.clone();
        let stuck = !unanswered.is_empty() || undecided.is_some();
        let (mut fidelity, mut divergence) = Fidelity::of(comparison, open, stuck);
        if !edited {
            undecided = undecided.or(fidelity.withdraw(&mut divergence, recorded, &doubts));
        }
        if let Some(divergence) = &mut divergence {
            divergence.rule = rule::of(run.machine, recorded, &events, divergence);
        }
        let unread = run.items_not_read.into_iter();
        let unread = unread.map(|event| NotChecked { event, path: String::new(), reason: Unchecked::ItemReader });
        fidelity.not_checked.extend(unread);
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
            unused_given,
            by_default,
            children,
            undecided,
            overflow,
            events,
            covered,
            same,
        }
    }
}

impl Fidelity {
    /// Judges the comparison of an execution that was stopped by what happened elsewhere: what one side has to agree
    /// is what the other had done by then.
    pub(super) fn of_stopped(comparison: Comparison, end: EventId) -> (Self, Option<Divergence>) {
        let Comparison { compared, agreed, mut not_checked, divergence, extra, .. } = comparison;
        if agreed < compared && extra > 0 {
            return (Self { verdict: Verdict::Diverges, compared, agreed, not_checked }, divergence);
        }
        not_checked.push(NotChecked { event: end, path: String::new(), reason: Unchecked::Race });
        (Self { verdict: Verdict::Agrees, compared: agreed, agreed, not_checked }, None)
    }

    /// Takes a divergence back that what is not known may have made; says why.
    pub(super) fn withdraw(
        &mut self,
        divergence: &mut Option<Divergence>,
        recorded: &[Event],
        doubts: &Doubts,
    ) -> Option<Undecided> {
        let at = divergence.as_ref()?.recorded.as_ref().map(|event| event.id);
        let reason = doubts.about(recorded, at)?;
        (self.verdict, *divergence) = (Verdict::Stopped, None);
        Some(reason)
    }

    /// Judges a comparison: of a recording that was open at its end, of a replay that may have got stuck.
    pub(super) fn of(comparison: Comparison, open: bool, stuck: bool) -> (Self, Option<Divergence>) {
        let verdict = verdict(&comparison, open, stuck);
        let divergence = comparison.divergence.filter(|_| verdict == Verdict::Diverges);
        let Comparison { compared, agreed, not_checked, .. } = comparison;
        (Self { verdict, compared, agreed, not_checked }, divergence)
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
