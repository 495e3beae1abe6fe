//! Between executions and recordings: who a recorded execution was, and a run as a recording.

use crate::asl::MachineKind;
use crate::event::{Event, Timestamp};
use crate::interpreter::{End, Execution, Identity, MapRunView};
use crate::json::Payload;
use crate::recording::{self, Counts, DescribedMapRun, MachineType, MapRun, Recording, StateMachine, Status};
use std::sync::Arc;

/// When runs begin that nobody has dated: always the same, so that they can be repeated.
const UNDATED: i64 = 1_767_225_600_000;

/// Returns the type of machine a recording is of.
pub fn kind_of(recording: &Recording) -> MachineKind {
    let described = recording.state_machine.as_ref().and_then(|machine| machine.machine_type.as_ref());
    if recording.is_express() || described == Some(&MachineType::Express) {
        MachineKind::Express
    } else {
        MachineKind::Standard
    }
}

/// Returns an execution without a past: everything about it is made up, and alike in every run.
pub fn undated(kind: MachineKind) -> Identity {
    Identity::local(kind, Timestamp::from_millis(UNDATED))
}

/// Returns who a recorded execution was, as far as known.
pub fn identity_of(recording: &Recording, kind: MachineKind) -> Identity {
    let mut identity = undated(kind);
    let set = |field: &mut Arc<str>, value: Option<Arc<str>>| {
        if let Some(value) = value {
            *field = value;
        }
    };
    let execution = recording.execution.as_ref();
    let machine = recording.state_machine.as_ref();
    let machine_arn = execution.and_then(|execution| execution.state_machine_arn.as_ref());
    let machine_arn = machine_arn.or(machine.and_then(|machine| machine.state_machine_arn.as_ref()));
    let machine_arn = machine_arn.map(|arn| Arc::<str>::from(unversioned(arn)));
    set(&mut identity.name, recording.name().map(Into::into));
    set(&mut identity.role_arn, machine.and_then(|machine| machine.role_arn.clone()));
    set(&mut identity.machine_name, machine_arn.as_deref().and_then(named).map(Into::into));
    set(&mut identity.machine_arn, machine_arn);
    set(&mut identity.arn, recording.arn().cloned());
    if let Some(started) = execution.and_then(|execution| execution.start_date) {
        identity.started = started;
    }
    identity
}

/// Returns the name of a machine from its ARN; that of a Map Run's children has the name and the Map Run's label.
fn named(machine_arn: &str) -> Option<&str> {
    machine_arn.rsplit(':').next()?.split('/').next()
}

/// Cuts the version or alias off a machine's ARN.
fn unversioned(arn: &str) -> &str {
    let end = arn.match_indices(':').nth(6).map_or(arn.len(), |(at, _)| at);
    arn.get(..end).unwrap_or(arn)
}

/// Makes a recording of a run and its events.
pub fn recording_of(execution: &Execution, events: Vec<Event>, definition: Payload) -> Recording {
    let identity = execution.identity();
    let map_runs = execution.map_runs().map(|run| map_run(execution, &run, &definition)).collect();
    let stopped = execution.end().and(events.last().map(|event| event.timestamp));
    let mut recording = Recording::from_events(events);
    recording.recorded.by = Some(concat!("stepback ", env!("CARGO_PKG_VERSION")).into());
    recording.recorded.complete = Some(true);
    recording.execution = Some(described(execution, stopped));
    recording.state_machine = Some(StateMachine {
        state_machine_arn: Some(Arc::clone(&identity.machine_arn)),
        name: Some(Arc::clone(&identity.machine_name)),
        machine_type: Some(match identity.kind {
            MachineKind::Standard => MachineType::Standard,
            MachineKind::Express => MachineType::Express,
        }),
        definition: Some(definition),
        role_arn: Some(Arc::clone(&identity.role_arn)),
        ..StateMachine::default()
    });
    recording.map_runs = map_runs;
    recording
}

fn described(execution: &Execution, stopped: Option<Timestamp>) -> recording::Execution {
    let identity = execution.identity();
    let failure = match execution.end() {
        Some(End::Failed(failure) | End::Aborted(failure)) => failure.clone(),
        _ => Default::default(),
    };
    let output = match execution.end() {
        Some(End::Succeeded(output)) => Some(output.clone()),
        _ => None,
    };
    recording::Execution {
        execution_arn: Some(Arc::clone(&identity.arn)),
        state_machine_arn: Some(Arc::clone(&identity.machine_arn)),
        name: Some(Arc::clone(&identity.name)),
        status: Some(status(execution)),
        start_date: Some(identity.started),
        stop_date: stopped,
        input: Some(execution.input().clone()),
        output,
        error: failure.error,
        cause: failure.cause,
        ..recording::Execution::default()
    }
}

fn status(execution: &Execution) -> Status {
    match execution.end() {
        None => Status::Running,
        Some(End::Succeeded(_)) => Status::Succeeded,
        Some(End::Failed(_)) => Status::Failed,
        Some(End::TimedOut) => Status::TimedOut,
        Some(End::Aborted(_)) => Status::Aborted,
    }
}

fn map_run(parent: &Execution, run: &MapRunView<'_>, definition: &Payload) -> MapRun {
    let children: Vec<&Execution> = run.executions().collect();
    let ended = |wanted: &Status| children.iter().filter(|child| status(child) == *wanted).count() as u64;
    let (total, pending) = run.counts();
    let counts = Counts {
        pending: Some(pending as u64),
        running: Some(ended(&Status::Running)),
        succeeded: Some(ended(&Status::Succeeded)),
        failed: Some(ended(&Status::Failed)),
        timed_out: Some(ended(&Status::TimedOut)),
        aborted: Some(ended(&Status::Aborted)),
        total: Some(total as u64),
        results_written: Some(0),
        ..Counts::default()
    };
    let described = DescribedMapRun {
        map_run_arn: Some(Arc::clone(run.arn())),
        execution_arn: Some(Arc::clone(&parent.identity().arn)),
        status: Some(match (run.has_ended(), run.failure()) {
            (false, _) => Status::Running,
            (true, None) => Status::Succeeded,
            (true, Some(_)) => Status::Failed,
        }),
        start_date: Some(run.started()),
        execution_counts: Some(counts),
        ..DescribedMapRun::default()
    };
    let executions = children.into_iter().map(|child| recording_of(child, child.events().to_vec(), definition.clone()));
    MapRun { map_run: Some(described), executions: executions.collect(), ..MapRun::default() }
}
