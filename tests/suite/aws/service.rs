//! Step Functions as far as a test needs it: one execution with a history in pages.

use super::stub::{Reply, Request};
use serde_json::{Value, json};

pub const ARN: &str = "arn:aws:states:eu-west-1:123456789012:execution:Orders:run-1";
pub const MACHINE: &str = "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders";

/// An execution: Pass states one after the other, and how it ended.
#[derive(Debug, Clone)]
pub struct Service {
    pub events: usize,
    pub page: usize,
    pub status: &'static str,
    pub redrives: usize,
    /// Whether a task of it waits for its token, instead of its Pass states.
    pub waits: bool,
}

impl Default for Service {
    fn default() -> Self {
        Self { events: 24, page: 10, status: "FAILED", redrives: 0, waits: false }
    }
}

impl Service {
    pub fn answer(&self, request: &Request) -> Reply {
        match request.operation.as_str() {
            "DescribeExecution" => self.description().into(),
            "DescribeStateMachineForExecution" => machine().into(),
            "GetExecutionHistory" => self.history(&request.body).into(),
            other => Reply::Error(400, "UnknownOperationException", other.to_owned()),
        }
    }

    pub fn description(&self) -> Value {
        let mut description = json!({
            "executionArn": ARN, "stateMachineArn": MACHINE, "name": "run-1", "status": self.status,
            "startDate": 1_763_608_447.412, "input": "{\"n\":  1}", "redriveCount": self.redrives,
        });
        if self.status != "RUNNING" {
            description["stopDate"] = json!(1_763_609_447.5);
        }
        description
    }

    /// A page; a token is the place it begins at, counted from the end that was asked for.
    pub fn history(&self, asked: &Value) -> Value {
        let limit = usize::try_from(asked["maxResults"].as_u64().unwrap()).unwrap().min(self.page);
        let from: usize = asked["nextToken"].as_str().map_or(0, |token| token.parse().unwrap());
        let to = (from + limit).min(self.events);
        let place = |place: usize| if asked["reverseOrder"] == true { self.events - place } else { place + 1 };
        let events: Vec<Value> = (from..to).map(|at| self.event(place(at))).collect();
        let mut page = json!({ "events": events });
        if to < self.events {
            page["nextToken"] = to.to_string().into();
        }
        page
    }

    pub fn event(&self, id: usize) -> Value {
        let at = 1_763_608_447.0 + f64::from(u32::try_from(id).unwrap());
        let (kind, name, details) = match id {
            1 => (
                "ExecutionStarted",
                "executionStartedEventDetails",
                json!({ "input": "{\"n\":  1}", "roleArn": "arn:r" }),
            ),
            _ if id == self.events && self.status == "FAILED" => {
                ("ExecutionFailed", "executionFailedEventDetails", json!({ "error": "Bad", "cause": "no stock" }))
            }
            _ if id == self.events && self.status == "SUCCEEDED" => {
                ("ExecutionSucceeded", "executionSucceededEventDetails", json!({ "output": "{}" }))
            }
            _ if id.is_multiple_of(2) => (
                "PassStateEntered",
                "stateEnteredEventDetails",
                json!({ "name": format!("S{}", id / 2), "input": "{}" }),
            ),
            _ => (
                "PassStateExited",
                "stateExitedEventDetails",
                json!({ "name": format!("S{}", id / 2), "output": "{}" }),
            ),
        };
        json!({ "id": id, "previousEventId": if id < 3 { 0 } else { id - 1 }, "timestamp": at, "type": kind, name: details })
    }
}

pub fn machine() -> Value {
    json!({
        "stateMachineArn": MACHINE, "name": "Orders", "roleArn": "arn:aws:iam::123456789012:role/r",
        "definition": "{\"StartAt\":\"S1\",\"States\":{\"S1\":{\"Type\":\"Pass\",\"End\":true}}}",
        "updateDate": 1_763_600_000.0, "loggingConfiguration": { "level": "OFF" },
    })
}
