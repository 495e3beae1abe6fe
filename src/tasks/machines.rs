//! Machines that tasks start: `states:startExecution` run here when the child's definition is given.

use super::answer::{Answer, Answers, Ending, Reply, Unused};
use super::buckets::Buckets;
use super::pace::{Clock, Pace};
use super::recorded::recording_of;
use super::runner::{Runner, Stopped};
use crate::asl::{Machine, Pattern, Resource, ServiceCall};
use crate::event::{Failure, Timestamp};
use crate::interpreter::{End, Execution, Identity, Options, TaskRequest};
use crate::json::Payload;
use crate::recording::Recording;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How deep executions may start executions here.
const DEPTH: usize = 20;

/// How often executions may start the machine they run on, or one that is above them.
const MOST_RECURSIONS: u32 = 1_000;

/// What AWS says when there are too many executions.
const LIMIT: &str = "StepFunctions.ExecutionLimitExceeded";

/// A machine that tasks may start.
#[derive(Debug, Clone)]
pub struct StartedMachine {
    /// The machine.
    pub machine: Arc<Machine>,
    /// Its definition.
    pub definition: Payload,
}

/// Answers in front of which stand machines that can be started.
pub struct Machines<A> {
    inner: A,
    known: HashMap<String, StartedMachine>,
    buckets: Buckets,
    options: Options,
    /// The machines whose executions run, each started by the one before.
    above: Vec<String>,
    recursions: u32,
    started: u32,
    recordings: Vec<Recording>,
    cancelled: Arc<AtomicBool>,
}

impl<A: Answers> Machines<A> {
    /// Puts machines, by name or ARN, in front of other answers.
    pub fn new(inner: A, known: HashMap<String, StartedMachine>, buckets: Buckets, options: Options) -> Self {
        Self {
            inner,
            known,
            buckets,
            options,
            above: Vec::new(),
            recursions: 0,
            started: 0,
            recordings: Vec::new(),
            cancelled: Arc::default(),
        }
    }

    /// Ends what was started when this is set, as it ends who started it.
    #[must_use]
    pub fn cancelled_by(self, cancelled: Arc<AtomicBool>) -> Self {
        Self { cancelled, ..self }
    }

    /// Says why no execution can be started, if executions start each other without end.
    fn refusal(&mut self, arn: &str) -> Option<Answer> {
        self.recursions += u32::from(self.above.iter().any(|above| above == arn));
        let cause = if self.above.len() >= DEPTH {
            format!("Executions start executions more than {DEPTH} deep; here this ends.")
        } else if self.recursions > MOST_RECURSIONS {
            format!("Executions of '{arn}' started it more than {MOST_RECURSIONS} times; here this ends.")
        } else {
            return None;
        };
        let failure = Failure { error: Some(LIMIT.into()), cause: Some(cause.into()) };
        Some(Answer::of(Ending::Failed(failure, None)))
    }

    /// Returns recordings of the executions that were started, in the order of their ends.
    pub fn take_recordings(&mut self) -> Vec<Recording> {
        std::mem::take(&mut self.recordings)
    }

    fn find(&self, request: &TaskRequest) -> Option<(StartedMachine, String)> {
        let Resource::Service(call) = &*request.resource else { return None };
        let starts = matches!((call.service.as_str(), call.api.as_str()), ("states", "startExecution"));
        if !starts || call.pattern == Pattern::WaitForTaskToken {
            return None;
        }
        let arn = request.parameters.value().ok()?.get("StateMachineArn")?.as_str()?.to_owned();
        let name = arn.rsplit(':').next().unwrap_or_default();
        let found = self.known.get(&arn).or_else(|| self.known.get(name))?;
        Some((found.clone(), arn))
    }

    /// Runs a machine to its end and tells its caller about it.
    fn start(&mut self, request: &TaskRequest, machine: &StartedMachine, arn: &str) -> Option<Answer> {
        self.started += 1;
        let parameters = request.parameters.value().ok()?;
        let name = parameters.get("Name").and_then(Value::as_str);
        let name = name.map_or_else(|| format!("{}-{}", request.state, self.started), str::to_owned);
        let input = match parameters.get("Input") {
            None => Payload::from_text("{}"),
            Some(Value::String(text)) => Payload::from_text(text.as_str()),
            Some(value) => Payload::from_value(value.clone()),
        };
        let identity = Arc::new(identity(machine.machine.kind, arn, &name, request.asked));
        let options = Options { seed: self.options.seed.wrapping_add(u64::from(self.started)), ..self.options };
        let mut execution = Execution::new(Arc::clone(&machine.machine), identity, input, options)
            .without_activities(self.missing_activities());
        let mut events = Vec::new();
        self.above.push(arn.to_owned());
        let (buckets, cancelled) = (self.buckets.clone(), Arc::clone(&self.cancelled));
        let (pace, until) = (Pace::default(), deadline(request));
        let mut runner = Runner { answers: &mut *self, buckets, pace, clock: Clock::Virtual, until, cancelled };
        let Ok(stopped) = runner.run(&mut execution, &mut events);
        self.above.pop();
        if matches!(stopped, Stopped::Cancelled | Stopped::OutOfTime) && execution.end().is_none() {
            execution.stop(Failure::default());
            events.extend(execution.take_events());
        }
        if let Stopped::Unanswered(unanswered) = stopped {
            return Some(Answer::of(Ending::Unanswered(unanswered)));
        }
        let mut answer = child_answer(request, &execution);
        if let (Stopped::OutOfTime, Some(answer)) = (&stopped, &mut answer) {
            answer.ending = Ending::Pending;
        }
        self.recordings.push(recording_of(&execution, events, machine.definition.clone()));
        answer
    }
}

impl<A: Answers> Answers for Machines<A> {
    fn reply(&mut self, request: &TaskRequest) -> Reply {
        match self.inner.reply(request) {
            Reply::Nobody => {}
            reply => return reply,
        }
        let Some((machine, arn)) = self.find(request) else { return Reply::Nobody };
        if let Some(refusal) = self.refusal(&arn) {
            return Reply::Given(refusal);
        }
        self.start(request, &machine, &arn).map_or(Reply::Nobody, Reply::Given)
    }

    fn missing_activities(&self) -> Vec<String> {
        self.inner.missing_activities()
    }

    fn otherwise(&mut self, request: &TaskRequest) -> Reply {
        self.inner.otherwise(request)
    }

    fn unused(&self) -> Vec<Unused> {
        self.inner.unused()
    }
}

/// When a task no longer waits for the execution it started, which is stopped then. Without waiting nothing is stopped.
fn deadline(request: &TaskRequest) -> Option<Timestamp> {
    let Resource::Service(ServiceCall { pattern, .. }) = &*request.resource else { return None };
    let seconds = request.timeout.filter(|_| *pattern != Pattern::RequestResponse)?;
    let micros = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
    Some(Timestamp::from_micros(request.asked.as_micros().checked_add(micros)?))
}

fn identity(kind: crate::asl::MachineKind, machine_arn: &str, name: &str, started: Timestamp) -> Identity {
    let machine_name = machine_arn.rsplit(':').next().unwrap_or_default();
    let base = Identity::local(kind, started);
    let arn = match machine_arn.contains(":stateMachine:") {
        true => format!("{}:{name}", machine_arn.replacen(":stateMachine:", ":execution:", 1)),
        false => format!("arn:aws:states:us-east-1:123456789012:execution:{machine_name}:{name}"),
    };
    Identity {
        arn: arn.into(),
        name: name.into(),
        machine_arn: machine_arn.into(),
        machine_name: machine_name.into(),
        ..base
    }
}

/// Returns what a task that starts an execution is answered: at once that there is one, or in the end what it came to.
pub fn child_answer(request: &TaskRequest, execution: &Execution) -> Option<Answer> {
    let Resource::Service(ServiceCall { pattern, .. }) = &*request.resource else { return None };
    let identity = execution.identity();
    let metadata = json!({ "HttpStatusCode": 200 });
    let started = json!({
        "ExecutionArn": &*identity.arn,
        "SdkHttpMetadata": metadata,
        "SdkResponseMetadata": { "RequestId": "local" },
        "StartDate": identity.started.as_millis(),
    });
    let started = Payload::from_value(started);
    if *pattern == Pattern::RequestResponse {
        return Some(Answer::of(Ending::Succeeded(started)));
    }
    let described = described(execution, *pattern == Pattern::Sync2);
    let ending = match execution.end() {
        Some(End::Succeeded(_)) => Ending::Succeeded(Payload::from_value(described)),
        _ => {
            let failure =
                Failure { error: Some("States.TaskFailed".into()), cause: Some(described.to_string().into()) };
            Ending::Failed(failure, None)
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a run fit 53 bits")]
    let after = execution.now().micros_since(identity.started) as f64 / 1e6;
    Some(Answer { submitted: Some(started), after: Some(after), ..Answer::of(ending) })
}

/// The answer of DescribeExecution as the caller's task gets it: members in alphabetical order, beginning large.
fn described(execution: &Execution, parsed: bool) -> Value {
    let identity = execution.identity();
    let data = |payload: &Payload| match payload.value() {
        Ok(value) if parsed => value.clone(),
        _ => Value::from(payload.text()),
    };
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    if let Some(End::Failed(failure) | End::Aborted(failure)) = execution.end() {
        failure.cause.as_deref().map(|cause| put("Cause", Value::from(cause)));
        failure.error.as_deref().map(|error| put("Error", Value::from(error)));
    }
    put("ExecutionArn", Value::from(&*identity.arn));
    put("Input", data(execution.input()));
    put("InputDetails", json!({ "Included": true }));
    put("Name", Value::from(&*identity.name));
    if let Some(End::Succeeded(output)) = execution.end() {
        put("Output", data(output));
        put("OutputDetails", json!({ "Included": true }));
    }
    put("RedriveCount", Value::from(0));
    put("RedriveStatus", Value::from("NOT_REDRIVABLE"));
    put("StartDate", Value::from(identity.started.as_millis()));
    put("StateMachineArn", Value::from(&*identity.machine_arn));
    put(
        "Status",
        Value::from(match execution.end() {
            Some(End::Succeeded(_)) => "SUCCEEDED",
            Some(End::TimedOut) => "TIMED_OUT",
            Some(End::Aborted(_)) => "ABORTED",
            _ => "FAILED",
        }),
    );
    put("StopDate", Value::from(execution.now().as_millis()));
    Value::Object(members)
}
