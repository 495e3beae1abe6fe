//! The execution that a task started, as the answers to the task name it.

use super::{Details, TaskRef};
use serde_json::Value;
use std::sync::Arc;

impl TaskRef {
    /// Tells whether the call starts an execution, waited for or not.
    pub fn starts_execution(&self) -> bool {
        let starts = |resource: &Arc<str>| resource.starts_with("startExecution") || resource.starts_with("startSync");
        self.resource.as_ref().is_some_and(starts)
    }
}

impl Details {
    /// Returns the ARN of the execution that a task started, from an answer to the task. The first answer names it; a
    /// failed `.sync` task names it in its cause.
    pub fn execution_arn(&self) -> Option<Arc<str>> {
        if let Some(output) = self.output() {
            return output.value().ok().and_then(named);
        }
        named(&serde_json::from_str(self.failure()?.cause.as_deref()?).ok()?)
    }

    /// Returns the same for an answer that says by itself that its task starts an execution.
    pub fn started_execution(&self) -> Option<Arc<str>> {
        let task = match self {
            Self::TaskOutput(done) => &done.task,
            Self::TaskFailure(failed) => &failed.task,
            _ => return None,
        };
        if task.starts_execution() { self.execution_arn() } else { None }
    }
}

fn named(answer: &Value) -> Option<Arc<str>> {
    let arn = answer.get("ExecutionArn").or_else(|| answer.get("executionArn"))?;
    arn.as_str().map(Arc::from)
}
