//! A child execution as results tell about it, with everything known.

use super::Child;
use crate::interpreter::context::iso;
use crate::interpreter::execution::End;
use serde_json::{Map, Value, json};

/// How a child stands, in the words of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Succeeded,
    Failed,
    Pending,
}

impl Child {
    pub(super) fn kind(&self) -> Kind {
        match self.end() {
            Some(End::Succeeded(_)) => Kind::Succeeded,
            Some(_) => Kind::Failed,
            None => Kind::Pending,
        }
    }

    /// Returns the record of a child, its members in alphabetical order; of one that never started little is known.
    pub(super) fn record(&self) -> Value {
        let mut record = Map::new();
        let mut put = |name: &str, value: Value| record.insert(name.to_owned(), value);
        let execution = self.execution.as_deref();
        let (status, reason) = match self.end() {
            Some(End::Succeeded(_)) => ("SUCCEEDED", Some("Execution is SUCCEEDED and cannot be redriven")),
            Some(End::Failed(_)) => ("FAILED", None),
            Some(End::TimedOut) => ("TIMED_OUT", None),
            Some(End::Aborted(_)) => ("ABORTED", None),
            None => ("PENDING", None),
        };
        if let Some(End::Failed(failure) | End::Aborted(failure)) = self.end() {
            failure.cause.as_deref().map(|cause| put("Cause", Value::from(cause)));
            failure.error.as_deref().map(|error| put("Error", Value::from(error)));
        }
        if let Some(execution) = execution {
            put("ExecutionArn", Value::from(&*execution.identity.arn));
        }
        put("Input", Value::from(self.input.text()));
        put("InputDetails", json!({ "Included": true }));
        if let (Some(execution), Some(end)) = (execution, self.end()) {
            put("Name", Value::from(&*execution.identity.name));
            if let End::Succeeded(output) = end {
                put("Output", Value::from(output.text()));
            }
            put("OutputDetails", json!({ "Included": true }));
            put("RedriveCount", Value::from(execution.redrive.count));
            let redrivable = if reason.is_some() { "NOT_REDRIVABLE" } else { "REDRIVABLE_BY_MAP_RUN" };
            put("RedriveStatus", Value::from(redrivable));
            reason.map(|reason| put("RedriveStatusReason", Value::from(reason)));
            put("StartDate", Value::from(iso(execution.identity.started)));
            put("StateMachineArn", Value::from(&*execution.identity.machine_arn));
        }
        put("Status", Value::from(status));
        if let Some(stopped) = self.stopped_at {
            put("StopDate", Value::from(iso(stopped)));
        }
        Value::Object(record)
    }
}
