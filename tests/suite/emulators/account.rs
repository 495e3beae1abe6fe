//! An account of an emulator with its machines: made anew for a test, told apart by region and name.

use super::http;
use super::server::Server;
use crate::program::Program;
use serde_json::{Value, json};
use std::thread;
use std::time::{Duration, Instant};

/// One region of an emulator.
pub struct Account {
    pub server: &'static Server,
    pub region: &'static str,
}

impl Account {
    pub fn new(server: &'static Server, region: &'static str) -> Self {
        Self { server, region }
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port)
    }

    /// Returns the program with this region as its AWS.
    pub fn program(&self) -> Program {
        Program::new(self.endpoint(), self.region)
    }

    /// Calls Step Functions.
    pub fn states(&self, action: &str, request: &Value) -> Value {
        self.call("states", "AWSStepFunctions", action, request)
    }

    /// Calls CloudWatch Logs.
    pub fn logs(&self, action: &str, request: &Value) -> Value {
        self.call("logs", "Logs_20140328", action, request)
    }

    fn call(&self, service: &str, prefix: &str, action: &str, request: &Value) -> Value {
        // The emulators read region and service from the signature and check nothing else of it.
        let scope = format!("test/20260101/{}/{service}/aws4_request", self.region);
        let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        let headers = [("X-Amz-Target", &*format!("{prefix}.{action}")), ("Authorization", &*signature)];
        let answer = http::post(self.server.port, "/", &headers, &request.to_string())
            .unwrap_or_else(|reason| panic!("{action} failed: {reason}\n{request}"));
        // What changes something is often answered with nothing.
        if answer.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{action}: {error}: {answer}"))
    }

    /// Makes a machine and returns its ARN.
    pub fn machine(&self, name: &str, definition: &Value) -> String {
        let role = format!("arn:aws:iam::{}:role/states", self.server.account);
        let request = json!({ "name": name, "definition": definition.to_string(), "roleArn": role });
        text(&self.states("CreateStateMachine", &request), "stateMachineArn")
    }

    /// Starts an execution and returns its ARN.
    pub fn start(&self, machine: &str, name: &str, input: &Value) -> String {
        let request = json!({ "stateMachineArn": machine, "name": name, "input": input.to_string() });
        text(&self.states("StartExecution", &request), "executionArn")
    }

    /// Starts an execution, waits for its end and returns its ARN.
    pub fn run(&self, machine: &str, name: &str, input: &Value) -> String {
        let execution = self.start(machine, name, input);
        self.wait(&execution);
        execution
    }

    /// Waits until an execution has ended, and returns how.
    pub fn wait(&self, execution: &str) -> String {
        let patience = Instant::now() + Duration::from_secs(120);
        loop {
            let status = text(&self.states("DescribeExecution", &json!({ "executionArn": execution })), "status");
            if status != "RUNNING" {
                return status;
            }
            assert!(Instant::now() < patience, "{execution} does not end");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

fn text(answer: &Value, member: &str) -> String {
    answer[member].as_str().unwrap_or_else(|| panic!("no {member} in {answer}")).to_owned()
}
