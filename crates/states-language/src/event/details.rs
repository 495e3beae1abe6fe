//! The details of events, by the shapes they share.

use crate::json::Payload;
use indexmap::IndexMap;
use std::sync::Arc;

/// The details of an event. Which variant an event has follows from its type; a type whose details did not have the
/// shape AWS documents has [`Details::None`] and keeps them among its unknown members.
#[derive(Debug, Clone, PartialEq)]
pub enum Details {
    /// None, because the type has none or because they were left out.
    None,
    /// Of `ExecutionStarted`.
    ExecutionStarted(Box<ExecutionStarted>),
    /// Of `ExecutionSucceeded`, `LambdaFunctionSucceeded` and `ActivitySucceeded`; no output when the history was
    /// asked for without execution data.
    Output(Option<Data>),
    /// Of events that carry an error and a cause and nothing else.
    Failure(Failure),
    /// Of `TaskFailed`, `TaskTimedOut`, `TaskSubmitFailed` and `TaskStartFailed`.
    TaskFailure(Box<TaskFailure>),
    /// Of `TaskSubmitted` and `TaskSucceeded`.
    TaskOutput(Box<TaskOutput>),
    /// Of `TaskStarted`.
    TaskStarted(TaskRef),
    /// Of `ExecutionRedriven`: which redrive it is, from 1.
    ExecutionRedriven(Option<u64>),
    /// Of every `…StateEntered`.
    StateEntered(StateEntered),
    /// Of every `…StateExited`.
    StateExited(StateExited),
    /// Of `MapStateStarted`: how many items; 0 while an item reader has yet to count them.
    MapStateStarted(Option<u64>),
    /// Of `MapIterationStarted`, `…Succeeded`, `…Failed` and `…Aborted`.
    MapIteration(MapIteration),
    /// Of `MapRunStarted`: the ARN of the map run.
    MapRunStarted(Option<Arc<str>>),
    /// Of `MapRunRedriven`.
    MapRunRedriven(MapRunRedriven),
    /// Of `LambdaFunctionScheduled`.
    LambdaScheduled(Box<LambdaScheduled>),
    /// Of `ActivityScheduled`.
    ActivityScheduled(Box<ActivityScheduled>),
    /// Of `ActivityStarted`: the worker's name, if it gave one.
    ActivityStarted(Option<Arc<str>>),
    /// Of `TaskScheduled`.
    TaskScheduled(Box<TaskScheduled>),
    /// Of `EvaluationFailed`.
    EvaluationFailed(Box<EvaluationFailed>),
}

/// An input or output as JSON text, with what AWS says about its completeness.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// The JSON text.
    pub payload: Payload,
    /// Whether it was cut.
    pub truncation: Truncation,
}

impl Data {
    /// Data that is all there, as AWS's API writes it.
    pub fn whole(payload: Payload) -> Self {
        Self { payload, truncation: Truncation::Whole }
    }
}

/// Whether a payload was cut; only CloudWatch Logs cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncation {
    /// There is no word about it (no `inputDetails` or `outputDetails`).
    Unstated,
    /// `truncated: false`.
    Whole,
    /// `truncated: true`: the text ends somewhere in the middle.
    Cut,
}

/// An error name and a cause. Both may be absent: a time-out has no cause, a stop may have neither.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// The error's name, what `Retry` and `Catch` match.
    pub error: Option<Arc<str>>,
    /// The cause: text, often JSON inside.
    pub cause: Option<Arc<str>>,
}

/// How an execution began.
#[derive(Debug, Clone, PartialEq)]
pub struct ExecutionStarted {
    /// The execution's input.
    pub input: Option<Data>,
    /// The role the execution acts in.
    pub role_arn: Option<Arc<str>>,
    /// The alias it was started through.
    pub state_machine_alias_arn: Option<Arc<str>>,
    /// The version it was started on.
    pub state_machine_version_arn: Option<Arc<str>>,
}

/// A state that begins.
#[derive(Debug, Clone, PartialEq)]
pub struct StateEntered {
    /// The state's name.
    pub name: Arc<str>,
    /// Its raw input.
    pub input: Option<Data>,
}

/// A state that ends and hands its output on.
#[derive(Debug, Clone, PartialEq)]
pub struct StateExited {
    /// The state's name.
    pub name: Arc<str>,
    /// Its output.
    pub output: Option<Data>,
    /// The variables it assigned; absent when it assigned none.
    pub assigned: Option<Box<Variables>>,
}

/// Variables a state assigned: name to JSON text.
#[derive(Debug, Clone, PartialEq)]
pub struct Variables {
    /// The values, in AWS's order.
    pub values: IndexMap<Arc<str>, Payload>,
    /// Whether they were cut.
    pub truncation: Truncation,
}

/// An iteration of an inline Map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapIteration {
    /// The Map state's name.
    pub name: Arc<str>,
    /// The item, from 0.
    pub index: u64,
}

/// A map run taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapRunRedriven {
    /// The map run.
    pub map_run_arn: Option<Arc<str>>,
    /// Which redrive it is, from 1.
    pub redrive_count: Option<u64>,
}

/// A Lambda function about to be called by its own ARN.
#[derive(Debug, Clone, PartialEq)]
pub struct LambdaScheduled {
    /// The function's ARN.
    pub resource: Option<Arc<str>>,
    /// What it is given.
    pub input: Option<Data>,
    /// Its time-out in seconds.
    pub timeout_in_seconds: Option<u64>,
    /// The role it is called in, when not the execution's.
    pub credentials_role_arn: Option<Arc<str>>,
}

/// An activity waiting for a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityScheduled {
    /// The activity's ARN.
    pub resource: Option<Arc<str>>,
    /// What the worker is given.
    pub input: Option<Data>,
    /// Its time-out in seconds.
    pub timeout_in_seconds: Option<u64>,
    /// The longest silence allowed, in seconds.
    pub heartbeat_in_seconds: Option<u64>,
}

/// A service integration by its two names, such as `lambda` and `invoke`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskRef {
    /// The service, such as `lambda` or `aws-sdk:s3`.
    pub resource_type: Option<Arc<str>>,
    /// The call with its pattern, such as `startExecution.sync:2`.
    pub resource: Option<Arc<str>>,
}

/// A service integration about to be called.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskScheduled {
    /// What is called.
    pub task: TaskRef,
    /// The region it is called in.
    pub region: Option<Arc<str>>,
    /// The call's parameters, as JSON text.
    pub parameters: Option<Payload>,
    /// Its time-out in seconds.
    pub timeout_in_seconds: Option<u64>,
    /// The longest silence allowed, in seconds.
    pub heartbeat_in_seconds: Option<u64>,
    /// The role it is called in, when not the execution's.
    pub credentials_role_arn: Option<Arc<str>>,
}

/// What a service integration answered.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskOutput {
    /// What was called.
    pub task: TaskRef,
    /// The answer.
    pub output: Option<Data>,
}

/// How a service integration failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFailure {
    /// What was called.
    pub task: TaskRef,
    /// The error.
    pub failure: Failure,
}

/// An expression that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationFailed {
    /// The error, and the cause as a sentence.
    pub failure: Failure,
    /// The field of the state, such as `Output/total`.
    pub location: Option<Arc<str>>,
    /// The state's name.
    pub state: Option<Arc<str>>,
}

impl Details {
    /// Returns the state or iteration name these details carry.
    pub fn name(&self) -> Option<&Arc<str>> {
        match self {
            Self::StateEntered(entered) => Some(&entered.name),
            Self::StateExited(exited) => Some(&exited.name),
            Self::MapIteration(iteration) => Some(&iteration.name),
            Self::EvaluationFailed(failed) => failed.state.as_ref(),
            _ => None,
        }
    }

    /// Returns `timeoutInSeconds` and `heartbeatInSeconds` of a task that is scheduled.
    pub fn limits(&self) -> (Option<u64>, Option<u64>) {
        match self {
            Self::LambdaScheduled(scheduled) => (scheduled.timeout_in_seconds, None),
            Self::ActivityScheduled(scheduled) => (scheduled.timeout_in_seconds, scheduled.heartbeat_in_seconds),
            Self::TaskScheduled(scheduled) => (scheduled.timeout_in_seconds, scheduled.heartbeat_in_seconds),
            _ => (None, None),
        }
    }

    /// Returns the error and cause these details carry.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failure(failure) => Some(failure),
            Self::TaskFailure(failed) => Some(&failed.failure),
            Self::EvaluationFailed(failed) => Some(&failed.failure),
            _ => None,
        }
    }

    /// Returns what goes in: a state's or execution's input, a task's parameters.
    pub fn input(&self) -> Option<&Payload> {
        let data = match self {
            Self::ExecutionStarted(started) => started.input.as_ref(),
            Self::StateEntered(entered) => entered.input.as_ref(),
            Self::LambdaScheduled(scheduled) => scheduled.input.as_ref(),
            Self::ActivityScheduled(scheduled) => scheduled.input.as_ref(),
            Self::TaskScheduled(scheduled) => return scheduled.parameters.as_ref(),
            _ => None,
        };
        data.map(|data| &data.payload)
    }

    /// Returns what comes out: a state's, task's or execution's output.
    pub fn output(&self) -> Option<&Payload> {
        let data = match self {
            Self::Output(output) => output.as_ref(),
            Self::StateExited(exited) => exited.output.as_ref(),
            Self::TaskOutput(done) => done.output.as_ref(),
            _ => None,
        };
        data.map(|data| &data.payload)
    }
}
