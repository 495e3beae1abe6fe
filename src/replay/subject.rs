//! What is replayed: the machine, who its execution was, and what it was given.

use super::edits::Edits;
use crate::asl::{Definition, Diagnostic, Format, Machine, MachineKind, Severity};
use crate::event::{EventType, Timestamp};
use crate::interpreter::Identity;
use crate::json::Payload;
use crate::recording::{MachineType, Recording};
use std::fmt;
use std::sync::Arc;

/// Why a recording cannot be replayed at all.
#[derive(Debug, Clone, PartialEq)]
pub enum NotReplayable {
    /// It does not hold the definition.
    NoDefinition,
    /// AWS would refuse the definition; its errors.
    Refused(Vec<Diagnostic>),
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
            Self::Refused(findings) => {
                let first = findings.iter().find(|finding| finding.severity == Severity::Error);
                let message = first.map_or("it is no definition", |finding| &finding.message);
                write!(f, "AWS would refuse the definition: {message}")
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

/// What is replayed.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) machine: Arc<Machine>,
    pub(super) identity: Arc<Identity>,
    pub(super) input: Payload,
}

impl Subject {
    pub(super) fn of(recording: &Recording, edits: &Edits) -> Result<Self, NotReplayable> {
        let first = recording.events.facts(0).ok_or(NotReplayable::NoEvents)?;
        if first.kind != EventType::ExecutionStarted {
            return Err(NotReplayable::NoBeginning(first.kind));
        }
        let kind = machine_kind(recording);
        let machine = match &edits.machine {
            Some(machine) => Arc::clone(machine),
            None => recorded_machine(recording, kind)?,
        };
        let identity = Arc::new(identity(recording));
        let input = edits.input.clone().or_else(|| recording.input());
        Ok(Self { machine, identity, input: input.ok_or(NotReplayable::NoInput)? })
    }
}

impl Subject {
    /// The same inside of Map iterations. What was given for an input is the state's then, not the execution's.
    pub(super) fn inside(self, path: &[u32], recording: &Recording) -> Self {
        let identity = Identity { path: path.to_vec(), ..(*self.identity).clone() };
        let input = recording.input().unwrap_or(self.input);
        Self { machine: self.machine, identity: Arc::new(identity), input }
    }
}

/// Returns the type of the machine of a recording: as AWS said, or as its ARNs tell.
pub fn machine_kind(recording: &Recording) -> MachineKind {
    let described = recording.state_machine.as_ref().and_then(|machine| machine.machine_type.as_ref());
    let express = described == Some(&MachineType::Express) || recording.is_express();
    if express { MachineKind::Express } else { MachineKind::Standard }
}

fn recorded_machine(recording: &Recording, kind: MachineKind) -> Result<Arc<Machine>, NotReplayable> {
    let text = recording.definition().ok_or(NotReplayable::NoDefinition)?.text();
    let (machine, findings) = Definition::read(text, Format::of_text(text)).parse(kind);
    machine.map(Arc::new).ok_or(NotReplayable::Refused(findings))
}

/// Reads a definition that is to run instead of the recorded one: as a machine of the same type, with what AWS would
/// say about it. There is a machine unless one of the findings is an error.
pub fn check_definition(recording: &Recording, text: &str) -> (Option<Arc<Machine>>, Vec<Diagnostic>) {
    let (machine, findings) = Definition::read(text, Format::of_text(text)).check(machine_kind(recording));
    (machine.map(Arc::new), findings)
}

/// Returns who the execution of a recording was; what nobody recorded is made up.
pub fn identity(recording: &Recording) -> Identity {
    let kind = machine_kind(recording);
    let first = recording.events.facts(0).map_or(Timestamp::from_micros(0), |first| first.timestamp);
    let execution = recording.execution.as_ref();
    let described = recording.state_machine.as_ref();
    let started = execution.and_then(|execution| execution.start_date).unwrap_or(first);
    let local = Identity::local(kind, started);
    let machine_arn = execution.and_then(|it| it.state_machine_arn.as_ref());
    let machine_arn = machine_arn.or_else(|| described.and_then(|it| it.state_machine_arn.as_ref()));
    let machine_arn = machine_arn.map(|arn| unversioned(arn));
    let role = || {
        recording.events.get(0).and_then(|event| match event.details {
            crate::event::Details::ExecutionStarted(started) => started.role_arn,
            _ => None,
        })
    };
    Identity {
        arn: recording.arn().cloned().unwrap_or(local.arn),
        name: recording.name().map_or(local.name, Arc::from),
        role_arn: described.and_then(|it| it.role_arn.clone()).or_else(role).unwrap_or(local.role_arn),
        machine_name: machine_arn.and_then(name_of).map_or(local.machine_name, Arc::from),
        machine_arn: machine_arn.map_or(local.machine_arn, Arc::from),
        kind,
        started,
        path: Vec::new(),
    }
}

/// Returns the name of a machine from its ARN; that of a Map Run's children has the name and the Map Run's label.
fn name_of(machine_arn: &str) -> Option<&str> {
    machine_arn.rsplit(':').next()?.split('/').next()
}

/// Cuts the version or alias off a machine's ARN.
fn unversioned(arn: &str) -> &str {
    let end = arn.match_indices(':').nth(6).map_or(arn.len(), |(at, _)| at);
    arn.get(..end).unwrap_or(arn)
}
