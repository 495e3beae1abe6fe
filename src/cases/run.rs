//! A case run on the interpreter.

use super::file::{Case, Identity as Given};
use super::path::path;
use crate::asl::{Machine, MachineKind, StateKind};
use crate::event::{Event, Failure, Timestamp};
use crate::history::History;
use crate::interpreter::{End, Execution, Identity, Options};
use crate::json::{Payload, Value};
use crate::recording::Recording;
use crate::tasks::{
    Answers, Buckets, Clock, Machines, Pace, Runner, StartedMachine, Stopped, Unused, recording_of, request_key,
    undated,
};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What a case is run with, all files read.
pub struct Setting {
    /// The machine.
    pub machine: Arc<Machine>,
    /// Its definition.
    pub definition: Payload,
    /// The input.
    pub input: Payload,
    /// Who answers tasks.
    pub answers: Box<dyn Answers + Send>,
    /// The machines that tasks may start.
    pub machines: HashMap<String, StartedMachine>,
    /// The folder whose folders stand in for buckets.
    pub s3: Option<PathBuf>,
    /// Is set when somebody wants the run to end.
    pub cancelled: Arc<AtomicBool>,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The status, in AWS's word; `RUNNING` when it could not go on.
    pub status: &'static str,
    /// The output, if it succeeded.
    pub output: Option<Value>,
    /// The error it ended with.
    pub error: Option<Arc<str>>,
    /// The cause it ended with.
    pub cause: Option<Arc<str>>,
    /// The states it was in, see [`path()`](super::path()).
    pub path: Vec<String>,
    /// Why it could not go on, as a sentence.
    pub stopped: Option<String>,
    /// Answers no task asked for.
    pub unused: Vec<Unused>,
    /// The run with its events.
    pub recording: Recording,
}

/// With this number a run differs from the usual one in all that a case does not say: chance, time and names.
pub const OTHER: u64 = 400;

impl Ran {
    /// Runs a case. With a number other than 0, chance is another one, the execution starts so many days later, and what
    /// the case does not say of its identity is another.
    pub fn of(case: &Case, setting: Setting, other: u64) -> Self {
        let identity = identity(&case.execution, setting.machine.kind, other);
        let options = Options { seed: case.seed.wrapping_add(other), ..Options::default() };
        let buckets = Buckets::below(setting.s3);
        let mut answers = Machines::new(setting.answers, setting.machines, buckets.clone(), options)
            .cancelled_by(Arc::clone(&setting.cancelled));
        let missing = answers.missing_activities();
        let machine = Arc::clone(&setting.machine);
        let mut execution = Execution::new(Arc::clone(&machine), Arc::new(identity), setting.input, options)
            .without_activities(missing);
        let mut events: Vec<Event> = Vec::new();
        let (pace, clock) = (Pace::default(), Clock::Virtual);
        let mut runner =
            Runner { answers: &mut answers, buckets, pace, clock, until: None, cancelled: setting.cancelled };
        let Ok(stopped) = runner.run(&mut execution, &mut events);
        let told = match &stopped {
            Stopped::Ended => None,
            Stopped::Cancelled | Stopped::OutOfTime => Some("It was stopped.".to_owned()),
            Stopped::Stuck => Some("It cannot go on, which is a fault of stepback's interpreter.".to_owned()),
            Stopped::Unanswered(request) => {
                Some(format!("Nobody answers the task '{}' ({}).", request_key(request), request.resource.arn()))
            }
        };
        let unused = answers.unused();
        let mut recording = recording_of(&execution, events, setting.definition);
        recording.children = answers.take_recordings();
        Self { stopped: told, unused, ..Self::ended(&execution, &machine, recording) }
    }

    fn ended(execution: &Execution, machine: &Machine, recording: Recording) -> Self {
        let (status, output, failure) = match execution.end() {
            Some(End::Succeeded(output)) => ("SUCCEEDED", Some(output.clone()), None),
            Some(End::Failed(failure)) => ("FAILED", None, Some(failure.clone())),
            Some(End::Aborted(failure)) => ("ABORTED", None, Some(failure.clone())),
            Some(End::TimedOut) => ("TIMED_OUT", None, None),
            None => ("RUNNING", None, None),
        };
        let Failure { error, cause } = failure.unwrap_or_default();
        let path = path(&labelled(recording.events.iter().collect(), machine));
        let output = output.map(|output| as_value(&output));
        Self { status, output, error, cause, path, stopped: None, unused: Vec::new(), recording }
    }

    /// Returns how often a state was entered.
    pub fn visits(&self, state: &str) -> u64 {
        let is_it = |step: &&String| {
            let rest = step.strip_prefix(state);
            rest.is_some_and(|rest| rest.is_empty() || is_index(rest))
        };
        self.path.iter().filter(is_it).count() as u64
    }
}

/// Tells whether a text is indexes of items: `[3][0]`.
fn is_index(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| {
        inner.split("][").all(|index| !index.is_empty() && index.bytes().all(|it| it.is_ascii_digit()))
    })
}

/// Returns a payload as a value; one that is not JSON as a text.
pub(super) fn as_value(payload: &Payload) -> Value {
    payload.value().cloned().unwrap_or_else(|_| Value::from(payload.text()))
}

/// Gives branches the numbers they have in the definition.
pub(super) fn labelled(mut history: History, machine: &Machine) -> History {
    history.label_branches(|parallel, first| match &machine.find(parallel)?.kind {
        StateKind::Parallel(parallel) => {
            let starts = |scope: &crate::asl::ScopeId| *machine[machine[*scope].start_at].name == *first;
            parallel.branches.iter().position(starts).and_then(|index| u32::try_from(index).ok())
        }
        _ => None,
    });
    history
}

/// Returns who the execution of a case is; what the case does not say is made up.
fn identity(given: &Given, kind: MachineKind, days: u64) -> Identity {
    const DAY: i64 = 86_400_000_000;
    let base = if days == 0 { undated(kind) } else { elsewhere(kind) };
    let started = given.start_time.as_deref().and_then(Timestamp::parse_iso).unwrap_or(base.started);
    let later = i64::try_from(days).unwrap_or_default().saturating_mul(DAY);
    let started = Timestamp::from_micros(started.as_micros().saturating_add(later));
    let mut identity = Identity { started, ..base };
    if let Some(arn) = &given.arn {
        let part = |number: usize| arn.split(':').nth(number).filter(|part| !part.is_empty());
        identity.name = part(7).unwrap_or("local").into();
        identity.machine_name = part(6).unwrap_or("Local").split('/').next().unwrap_or_default().into();
        let prefix = arn.split(':').take(5).collect::<Vec<_>>().join(":");
        identity.machine_arn = format!("{prefix}:stateMachine:{}", identity.machine_name).into();
        identity.arn = arn.as_str().into();
    }
    if let Some(arn) = &given.state_machine_arn {
        identity.machine_name = arn.split(':').nth(6).unwrap_or("Local").into();
        identity.machine_arn = arn.as_str().into();
    }
    if let Some(role) = &given.role_arn {
        identity.role_arn = role.as_str().into();
    }
    identity
}

/// A made-up execution that shares no name with the usual one.
fn elsewhere(kind: MachineKind) -> Identity {
    let base = undated(kind);
    let other = |text: &str| {
        text.replace("us-east-1", "eu-west-9").replace("123456789012", "210987654321").replace("ocal", "ther").into()
    };
    Identity {
        arn: other(&base.arn),
        name: other(&base.name),
        role_arn: other(&base.role_arn),
        machine_arn: other(&base.machine_arn),
        machine_name: other(&base.machine_name),
        ..base
    }
}
