//! What AWS answers when asked about an execution, its machine and its map runs.

use super::field::object;
use super::{MachineType, Status};
use crate::event::Timestamp;
use crate::json::Payload;
use std::sync::Arc;

object! {
    /// The answer of `DescribeExecution`.
    pub struct Execution {
        /// The execution's ARN.
        execution_arn: Arc<str> = "executionArn",
        /// The ARN of its machine.
        state_machine_arn: Arc<str> = "stateMachineArn",
        /// Its name.
        name: Arc<str> = "name",
        /// How it stands.
        status: Status = "status",
        /// When it began.
        start_date: Timestamp = "startDate",
        /// When it ended.
        stop_date: Timestamp = "stopDate",
        /// Its input.
        input: Payload = "input",
        /// Its output.
        output: Payload = "output",
        /// The map run that started it.
        map_run_arn: Arc<str> = "mapRunArn",
        /// The error it failed with.
        error: Arc<str> = "error",
        /// The cause it failed with.
        cause: Arc<str> = "cause",
        /// The version of the machine it was started on.
        state_machine_version_arn: Arc<str> = "stateMachineVersionArn",
        /// The alias of the machine it was started through.
        state_machine_alias_arn: Arc<str> = "stateMachineAliasArn",
        /// How often it was redriven.
        redrive_count: u64 = "redriveCount",
        /// When it was last redriven.
        redrive_date: Timestamp = "redriveDate",
        /// Whether it can be redriven.
        redrive_status: Arc<str> = "redriveStatus",
        /// Why it cannot be redriven.
        redrive_status_reason: Arc<str> = "redriveStatusReason",
    }
}

object! {
    /// The answer of `DescribeStateMachineForExecution` (or of `DescribeStateMachine`, which knows the type as well).
    pub struct StateMachine {
        /// The machine's ARN.
        state_machine_arn: Arc<str> = "stateMachineArn",
        /// Its name.
        name: Arc<str> = "name",
        /// Whether it is a standard or an express machine.
        machine_type: MachineType = "type",
        /// Its definition, as text.
        definition: Payload = "definition",
        /// The role its executions act in.
        role_arn: Arc<str> = "roleArn",
        /// When it was last changed.
        update_date: Timestamp = "updateDate",
        /// What it logs and where to: an object.
        logging_configuration: Payload = "loggingConfiguration",
        /// The map run whose children run it.
        map_run_arn: Arc<str> = "mapRunArn",
        /// The label of the Map state whose children run it.
        label: Arc<str> = "label",
        /// The revision that was executed.
        revision_id: Arc<str> = "revisionId",
    }
}

object! {
    /// The answer of `DescribeMapRun`.
    pub struct DescribedMapRun {
        /// The map run's ARN.
        map_run_arn: Arc<str> = "mapRunArn",
        /// The execution it belongs to.
        execution_arn: Arc<str> = "executionArn",
        /// How it stands.
        status: Status = "status",
        /// When it began.
        start_date: Timestamp = "startDate",
        /// When it ended.
        stop_date: Timestamp = "stopDate",
        /// How many executions may run at once; 0 for any number.
        max_concurrency: u64 = "maxConcurrency",
        /// How many items may fail.
        tolerated_failure_count: u64 = "toleratedFailureCount",
        /// How its items stand.
        item_counts: Counts = "itemCounts",
        /// How its executions stand.
        execution_counts: Counts = "executionCounts",
        /// How often it was redriven.
        redrive_count: u64 = "redriveCount",
        /// When it was last redriven.
        redrive_date: Timestamp = "redriveDate",
    }
}

object! {
    /// How many items or executions of a map run stand how.
    pub struct Counts {
        /// Not begun.
        pending: u64 = "pending",
        /// Begun.
        running: u64 = "running",
        /// Ended well.
        succeeded: u64 = "succeeded",
        /// Ended with an error.
        failed: u64 = "failed",
        /// Ran too long.
        timed_out: u64 = "timedOut",
        /// Stopped.
        aborted: u64 = "aborted",
        /// All together.
        total: u64 = "total",
        /// Written to the result bucket.
        results_written: u64 = "resultsWritten",
    }
}
