//! A service with many executions: of several machines, in two versions, failing in four ways, one of which began with
//! the second version.

use super::stub::{Reply, Request};
use serde_json::{Value, json};

/// The service. Of each machine there are so many executions; the newest quarter ran version 2.
#[derive(Debug, Clone)]
pub struct Many {
    pub count: usize,
    /// When the newest ended, in seconds since 1970; each other ended a minute before the one after it.
    pub now: f64,
    /// Pass states before the one that fails.
    pub before: usize,
}

/// Executions on a page, however many are asked for.
const PAGE: usize = 400;

pub fn machine(name: &str) -> String {
    format!("arn:aws:states:eu-west-1:123456789012:stateMachine:{name}")
}

/// How the execution with that number ended: its status, and the state, error and cause it failed with.
fn end(machine: &str, number: usize, version: usize) -> (&'static str, Option<(&'static str, &'static str, String)>) {
    let id = format!("{:08x}-d7ba-4a65-8856-ee18a414ee1d", number * 7919);
    match number {
        5 => ("RUNNING", None),
        _ if number.is_multiple_of(10) => {
            let cause = format!("order {number} was declined by the issuer, request {id}");
            ("FAILED", Some(("ChargeCard", "CardDeclined", cause)))
        }
        _ if number % 25 == 1 => ("FAILED", Some(("ReserveStock", "States.Timeout", String::new()))),
        _ if machine == "Orders" && version == 2 && number % 5 == 2 => {
            ("FAILED", Some(("ParseOrder", "KeyError", "'currency' is missing".to_owned())))
        }
        _ if number % 50 == 3 => {
            ("FAILED", Some(("ShipOrder", "Lambda.TooManyRequestsException", "Rate Exceeded.".to_owned())))
        }
        _ if number % 40 == 4 => ("ABORTED", None),
        _ => ("SUCCEEDED", None),
    }
}

impl Many {
    pub fn answer(&self, request: &Request) -> Reply {
        match request.operation.as_str() {
            "DescribeStateMachine" => {
                let arn = request.body["stateMachineArn"].as_str().unwrap();
                json!({ "stateMachineArn": arn, "name": arn.rsplit(':').next(), "type": "STANDARD" }).into()
            }
            "ListExecutions" => self.list(&request.body).into(),
            "GetExecutionHistory" => self.history(&request.body).into(),
            "DescribeExecution" => {
                let (machine, number) = named(&request.body);
                let mut execution = self.execution(&machine, number);
                execution["input"] = json!(input(number).to_string());
                execution.into()
            }
            other => Reply::Error(400, "UnknownOperationException", other.to_owned()),
        }
    }

    pub fn execution(&self, machine: &str, number: usize) -> Value {
        let version = if number < self.count / 4 { 2 } else { 1 };
        let (status, _) = end(machine, number, version);
        let ended = self.now - 60.0 * f64::from(u32::try_from(number).unwrap());
        let mut execution = json!({
            "executionArn": format!("arn:aws:states:eu-west-1:123456789012:execution:{machine}:run-{number}"),
            "name": format!("run-{number}"), "stateMachineArn": self::machine(machine), "status": status,
            "stateMachineVersionArn": format!("{}:{version}", self::machine(machine)),
            "startDate": ended - 30.0, "redriveCount": 0,
        });
        if status != "RUNNING" {
            execution["stopDate"] = json!(ended);
        }
        execution
    }

    fn list(&self, asked: &Value) -> Value {
        let machine = asked["stateMachineArn"].as_str().unwrap().rsplit(':').next().unwrap();
        let wanted = asked["statusFilter"].as_str();
        let all = (0..self.count).map(|number| self.execution(machine, number));
        let all: Vec<Value> = all.filter(|it| wanted.is_none_or(|wanted| it["status"] == wanted)).collect();
        let from: usize = asked["nextToken"].as_str().map_or(0, |token| token.parse().unwrap());
        let limit = usize::try_from(asked["maxResults"].as_u64().unwrap()).unwrap().min(PAGE);
        let to = (from + limit).min(all.len());
        let mut page = json!({ "executions": all.get(from..to).unwrap() });
        if to < all.len() {
            page["nextToken"] = to.to_string().into();
        }
        page
    }

    /// The end of a history; what is before it is never asked for.
    fn history(&self, asked: &Value) -> Value {
        assert_eq!(asked["reverseOrder"], true, "{asked}");
        let (machine, number) = named(asked);
        let mut events = self.events(&machine, number);
        events.reverse();
        let limit = usize::try_from(asked["maxResults"].as_u64().unwrap()).unwrap();
        let more = events.len() > limit;
        events.truncate(limit);
        let mut page = json!({ "events": events });
        if more {
            page["nextToken"] = "more".into();
        }
        page
    }

    fn events(&self, machine: &str, number: usize) -> Vec<Value> {
        let execution = self.execution(machine, number);
        let version = if number < self.count / 4 { 2 } else { 1 };
        let stopped = execution["stopDate"].as_f64().unwrap();
        let mut events = Vec::new();
        let mut add = |kind: &str, member: &str, details: Value| {
            let id = events.len() + 1;
            let parent = if id < 3 { 0 } else { id - 1 };
            events.push(
                json!({ "id": id, "previousEventId": parent, "timestamp": stopped, "type": kind, member: details }),
            );
        };
        add("ExecutionStarted", "executionStartedEventDetails", json!({ "input": input(number).to_string() }));
        for state in 0..self.before {
            let name = format!("Step{state}");
            add("PassStateEntered", "stateEnteredEventDetails", json!({ "name": name, "input": "{}" }));
            add("PassStateExited", "stateExitedEventDetails", json!({ "name": name, "output": "{}" }));
        }
        let (_, failure) = end(machine, number, version);
        let (state, error, cause) = failure.unwrap();
        let task = json!({ "resourceType": "lambda", "resource": "invoke" });
        let with = |more: Value| {
            let mut details = task.clone();
            details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            details
        };
        add("TaskStateEntered", "stateEnteredEventDetails", json!({ "name": state, "input": "{}" }));
        add("TaskScheduled", "taskScheduledEventDetails", with(json!({ "parameters": "{}", "region": "eu-west-1" })));
        add("TaskStarted", "taskStartedEventDetails", task.clone());
        let said = json!({ "error": error, "cause": cause });
        match error {
            "States.Timeout" => add("TaskTimedOut", "taskTimedOutEventDetails", with(json!({ "error": error }))),
            _ => add("TaskFailed", "taskFailedEventDetails", with(said.clone())),
        }
        add("ExecutionFailed", "executionFailedEventDetails", said);
        events
    }
}

fn named(asked: &Value) -> (String, usize) {
    let arn = asked["executionArn"].as_str().unwrap();
    let mut parts = arn.rsplit(':');
    let number = parts.next().unwrap().strip_prefix("run-").unwrap().parse().unwrap();
    (parts.next().unwrap().to_owned(), number)
}

/// What was declined was to be paid in yen.
fn input(number: usize) -> Value {
    json!({ "orderId": format!("o-{number}"), "currency": if number.is_multiple_of(10) { "JPY" } else { "EUR" } })
}
