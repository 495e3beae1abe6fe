//! An account of Step Functions that acts as AWS does, and remembers what was done to it.

use super::service::{self, ARN, MACHINE, Service};
use super::stub::{Reply, Request};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Who asks, as STS says it.
pub const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
    <GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/OnCall/me</Arn><UserId>U</UserId>\
    <Account>123456789012</Account></GetCallerIdentityResult>\
    <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>";

/// The token of the task that waits.
pub const TOKEN: &str = "AQCEAAAAKgAAAAMAAAAAtoken";

/// The account. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Account(Arc<Mutex<State>>);

struct State {
    service: Service,
    /// What was done, by operation.
    acted: HashMap<String, usize>,
    /// The names of executions that were started, with their input.
    started: HashMap<String, Value>,
    redrives: Vec<String>,
    /// How the waiting task was answered.
    answered: Option<&'static str>,
}

impl Account {
    /// One machine with one execution, which stands so.
    pub fn new(service: Service) -> Self {
        let (acted, started) = (HashMap::new(), HashMap::new());
        Self(Arc::new(Mutex::new(State { service, acted, started, redrives: Vec::new(), answered: None })))
    }

    /// Returns how often something was done.
    pub fn acted(&self, operation: &str) -> usize {
        self.0.lock().unwrap().acted.get(operation).copied().unwrap_or(0)
    }

    /// Returns the names of the executions that were started.
    pub fn started(&self) -> Vec<String> {
        self.0.lock().unwrap().started.keys().cloned().collect()
    }

    pub fn answer(&self, request: &Request) -> Reply {
        let mut state = self.0.lock().unwrap();
        let arn = request.body["executionArn"].as_str().unwrap_or_default().to_owned();
        match request.operation.as_str() {
            "GetCallerIdentity" => Reply::Text(IDENTITY.to_owned()),
            "ListStateMachines" => json!({ "stateMachines": [{
                "stateMachineArn": MACHINE, "name": "Orders", "type": "STANDARD", "creationDate": 1_763_600_000.0,
            }] })
            .into(),
            "ListExecutions" => {
                let fits = request.body["statusFilter"].as_str().is_none_or(|status| status == state.service.status);
                let executions: Vec<Value> = fits.then(|| state.service.description()).into_iter().collect();
                json!({ "executions": executions }).into()
            }
            "DescribeStateMachine" | "DescribeStateMachineForExecution" => state.machine().into(),
            "DescribeExecution" if arn == ARN => state.service.description().into(),
            "DescribeExecution" => state.described(&arn),
            "StartExecution" => state.start(&request.body),
            "StartSyncExecution" => {
                state.act("StartSyncExecution");
                json!({ "executionArn": "arn:express", "status": "SUCCEEDED", "startDate": 1, "stopDate": 2 }).into()
            }
            "StopExecution" => {
                state.act("StopExecution");
                state.service.status = "ABORTED";
                json!({ "stopDate": 1_763_610_000.0 }).into()
            }
            "RedriveExecution" => state.redrive(request.body["clientToken"].as_str().unwrap_or_default()),
            "SendTaskSuccess" => state.task("SendTaskSuccess", "TaskSucceeded"),
            "SendTaskFailure" => state.task("SendTaskFailure", "TaskFailed"),
            "SendTaskHeartbeat" => {
                state.act("SendTaskHeartbeat");
                json!({}).into()
            }
            "GetExecutionHistory" if state.service.waits => state.waiting(&request.body).into(),
            _ => state.service.answer(request),
        }
    }
}

impl State {
    fn act(&mut self, operation: &str) {
        *self.acted.entry(operation.to_owned()).or_default() += 1;
    }

    /// Rule: idempotent by name and input while the execution runs.
    fn start(&mut self, body: &Value) -> Reply {
        let name = body["name"].as_str().map_or_else(|| format!("of-aws-{}", self.started.len()), str::to_owned);
        match self.started.get(&name) {
            Some(input) if *input == body["input"] => {}
            Some(_) => return Reply::refusal("ExecutionAlreadyExists", "Execution Already Exists"),
            None => {
                self.act("StartExecution");
                self.started.insert(name.clone(), body["input"].clone());
            }
        }
        json!({ "executionArn": ARN.replace("run-1", &name), "startDate": 1_763_610_000.0 }).into()
    }

    fn described(&self, arn: &str) -> Reply {
        let name = arn.rsplit(':').next().unwrap_or_default();
        match self.started.get(name) {
            Some(input) => json!({ "executionArn": arn, "stateMachineArn": MACHINE, "name": name, "status": "RUNNING",
                "startDate": 1_763_610_000.0, "input": input })
            .into(),
            None => Reply::refusal("ExecutionDoesNotExist", &format!("Execution Does Not Exist: '{arn}'")),
        }
    }

    /// Rule: the same client token is the same redrive.
    fn redrive(&mut self, token: &str) -> Reply {
        if !self.redrives.iter().any(|known| known == token) {
            if self.service.status == "RUNNING" {
                return Reply::refusal("ExecutionNotRedrivable", "Execution is RUNNING and cannot be redriven");
            }
            self.act("RedriveExecution");
            self.redrives.push(token.to_owned());
            self.service.redrives += 1;
            self.service.status = "RUNNING";
        }
        json!({ "redriveDate": 1_763_610_000.0 }).into()
    }

    fn task(&mut self, operation: &str, end: &'static str) -> Reply {
        if self.answered.is_some() {
            return Reply::refusal("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
        }
        self.act(operation);
        self.answered = Some(end);
        json!({}).into()
    }

    fn machine(&self) -> Value {
        let mut machine = service::machine();
        if self.service.waits {
            let state = json!({ "StartAt": "Ask", "States": { "Ask": { "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": { "QueueUrl": "q", "MessageBody": { "token.$": "$$.Task.Token" } }, "End": true } } });
            machine["definition"] = state.to_string().into();
        }
        machine
    }

    /// A task that waits for its token, and how it was answered.
    fn waiting(&self, asked: &Value) -> Value {
        let task = json!({ "resourceType": "sqs", "resource": "sendMessage.waitForTaskToken" });
        let with = |name: &str, value: Value| {
            let mut details = task.clone();
            details[name] = value;
            details
        };
        let parameters = json!({ "QueueUrl": "q", "MessageBody": { "token": TOKEN } }).to_string();
        let mut events = vec![
            ("ExecutionStarted", "executionStartedEventDetails", json!({ "input": "{}", "roleArn": "arn:r" })),
            ("TaskStateEntered", "stateEnteredEventDetails", json!({ "name": "Ask", "input": "{}" })),
            ("TaskScheduled", "taskScheduledEventDetails", {
                let mut details = with("parameters", parameters.into());
                details["region"] = "eu-west-1".into();
                details
            }),
            ("TaskStarted", "taskStartedEventDetails", task.clone()),
            ("TaskSubmitted", "taskSubmittedEventDetails", with("output", json!("{}"))),
        ];
        match self.answered {
            Some("TaskSucceeded") => {
                events.push(("TaskSucceeded", "taskSucceededEventDetails", with("output", json!("{}"))));
            }
            Some(_) => events.push(("TaskFailed", "taskFailedEventDetails", with("error", json!("E")))),
            None => {}
        }
        let mut events: Vec<Value> = events
            .into_iter()
            .enumerate()
            .map(|(place, (kind, member, details))| {
                json!({ "id": place + 1, "previousEventId": place.saturating_sub(usize::from(place == 1)),
                    "timestamp": 1_763_608_447 + place, "type": kind, member: details })
            })
            .collect();
        if asked["reverseOrder"] == true {
            events.reverse();
        }
        json!({ "events": events })
    }
}
