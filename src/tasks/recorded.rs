//! A run as a recording.

use crate::asl::MachineKind;
use crate::event::{Event, Timestamp};
use crate::interpreter::{End, Execution, MapRunView};
use crate::json::Payload;
use crate::recording::{self, Counts, DescribedMapRun, MachineType, MapRun, Recording, StateMachine, Status};
use std::sync::Arc;

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
