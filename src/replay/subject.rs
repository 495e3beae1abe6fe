//! What is replayed: the machine, who its execution was, and what it was given.

use super::edits::Edits;
use crate::asl::{Accepted, Definition, Diagnostic, Format, Machine, MachineKind, Severity};
use crate::event::{Event, EventId, EventType};
use crate::interpreter::Identity;
use crate::json::Payload;
use crate::recording::Recording;
use crate::tasks::{Known, identity_of, kind_of};
use std::fmt;
use std::sync::Arc;

/// Why a recording cannot be replayed at all.
#[derive(Debug, Clone, PartialEq)]
pub enum NotReplayable {
    /// It does not hold the definition.
    NoDefinition,
    /// Its definition cannot be read; what is wrong with it.
    Unreadable(Vec<Diagnostic>),
    /// It has no events.
    NoEvents,
    /// Its first event is another one: a log below level ALL, or a history whose beginning is missing.
    NoBeginning(EventType),
    /// Neither the execution nor its first event tells the input.
    NoInput,
    /// The state to begin with was never visited.
    NeverVisited(String),
    /// The state to begin with is not in the machine.
    NoState(String),
}

impl fmt::Display for NotReplayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDefinition => f.write_str("the recording does not hold the definition"),
            Self::Unreadable(findings) => {
                let first = findings.iter().find(|finding| finding.severity == Severity::Error);
                let message = first.map_or("it is not a definition", |finding| &finding.message);
                write!(f, "the definition cannot be read: {message}")
            }
            Self::NoEvents => f.write_str("the recording has no events"),
            Self::NoBeginning(kind) => {
                write!(f, "the events begin with {kind}: what came before is not in the recording")
            }
            Self::NoInput => f.write_str("the recording does not hold the input"),
            Self::NeverVisited(state) => write!(f, "the recording never came to {state}"),
            Self::NoState(state) => write!(f, "the definition has no state '{state}'"),
        }
    }
}

impl std::error::Error for NotReplayable {}

/// Why nothing can be said of what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecided {
    /// AWS ran a state that is not understood here, for a reason.
    State(Arc<str>, String),
    /// The history was recorded without execution data.
    NoData,
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(state, reason) => {
                write!(f, "AWS accepted '{state}', of which stepback does not know what it does: {reason}")
            }
            Self::NoData => f.write_str("The history was recorded without execution data, on which the way depends"),
        }
    }
}

/// What is not known of what is replayed.
#[derive(Debug, Clone, Default)]
pub(super) struct Doubts {
    /// States the interpreter cannot run, with the reasons.
    pub(super) unmade: Vec<(Arc<str>, String)>,
    /// States of which it may think wrongly, with the reasons.
    pub(super) doubtful: Vec<(Arc<str>, String)>,
    /// Texts that stand for what nobody recorded of who the execution was.
    pub(super) missing: Vec<&'static str>,
    /// Whether no event has any data.
    pub(super) no_data: bool,
}

impl Doubts {
    /// Returns the reason why a state cannot be run.
    pub(super) fn unmade(&self, state: &str) -> Option<Undecided> {
        let (name, reason) = self.unmade.iter().find(|(name, _)| **name == *state)?;
        Some(Undecided::State(Arc::clone(name), reason.clone()))
    }

    /// Returns why a divergence at an event, or at the end, need not be one: what led there is in doubt.
    pub(super) fn about(&self, recorded: &[Event], diverges: Option<EventId>) -> Option<Undecided> {
        let before = recorded.iter().take_while(|event| diverges.is_none_or(|at| event.id <= at));
        let mut named = before.filter_map(|event| event.details.name());
        let mut doubtful = || named.find_map(|state| self.doubtful.iter().find(|(name, _)| name == state));
        let mut state = || doubtful().map(|(name, reason)| Undecided::State(Arc::clone(name), reason.clone()));
        self.no_data.then_some(Undecided::NoData).or_else(&mut state)
    }
}

/// What is replayed.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) machine: Arc<Machine>,
    pub(super) identity: Arc<Identity>,
    pub(super) input: Payload,
    pub(super) doubts: Doubts,
}

impl Subject {
    pub(super) fn of(recording: &Recording, edits: &Edits) -> Result<Self, NotReplayable> {
        let first = recording.events.facts(0).ok_or(NotReplayable::NoEvents)?;
        if first.kind != EventType::ExecutionStarted {
            return Err(NotReplayable::NoBeginning(first.kind));
        }
        let kind = kind_of(recording);
        let no_data = !recording.events.iter().any(|event| holds_data(&event));
        let mut doubts = Doubts { no_data, ..Doubts::default() };
        let machine = match &edits.machine {
            Some(machine) => Arc::clone(machine),
            None => {
                let Accepted { machine, unmade, doubtful } = recorded_machine(recording, kind)?;
                (doubts.unmade, doubts.doubtful) = (unmade, doubtful);
                Arc::new(machine)
            }
        };
        let Known { identity, missing } = identity_of(recording, kind);
        doubts.missing = missing;
        let nothing = || no_data.then(|| Payload::from_text("{}"));
        let input = edits.input.clone().or_else(|| recording.input()).or_else(nothing);
        Ok(Self { machine, identity: Arc::new(identity), input: input.ok_or(NotReplayable::NoInput)?, doubts })
    }

    /// The same inside of Map iterations. What was given for an input is the state's then, not the execution's.
    pub(super) fn inside(self, path: &[u32], recording: &Recording) -> Self {
        let identity = Identity { path: path.to_vec(), ..(*self.identity).clone() };
        let input = recording.input().unwrap_or(self.input);
        Self { identity: Arc::new(identity), input, ..self }
    }
}

fn holds_data(event: &Event) -> bool {
    event.details.input().is_some() || event.details.output().is_some()
}

/// Makes the machine of a recording. It ran, so AWS accepted it, whatever would be refused here.
fn recorded_machine(recording: &Recording, kind: MachineKind) -> Result<Accepted, NotReplayable> {
    let text = recording.definition().ok_or(NotReplayable::NoDefinition)?.text();
    let (accepted, findings) = Definition::read(text, Format::of_text(text)).accepted(kind);
    accepted.ok_or(NotReplayable::Unreadable(findings))
}

/// Reads a definition that is to run instead of the recorded one: as a machine of the same type, with what AWS would
/// say about it. There is a machine unless one of the findings is an error.
pub fn check_definition(recording: &Recording, text: &str) -> (Option<Arc<Machine>>, Vec<Diagnostic>) {
    let (machine, findings) = Definition::read(text, Format::of_text(text)).check(kind_of(recording));
    (machine.map(Arc::new), findings)
}
