//! A call to Step Functions: its parameters as the SDK takes them, and as the command line has them.

use super::watch::Watch;
use super::{Command, ExecutionFilter, Listed, Operation, Order};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sfn::types::{ExecutionRedriveFilter, ExecutionStatus};
use aws_smithy_types::timeout::TimeoutConfig;
use std::error::Error;
use std::time::Duration;

/// No Express execution is longer than five minutes; the answer takes a moment more. Rule: the service's quotas.
const LONGEST_EXPRESS: Duration = Duration::from_secs(5 * 60 + 10);

/// A call to Step Functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Request {
    ListStateMachines { limit: u32, page: Option<String> },
    DescribeStateMachine { arn: String },
    ListStateMachineVersions { arn: String, page: Option<String> },
    ListStateMachineAliases { arn: String, page: Option<String> },
    ListExecutions { filter: ExecutionFilter, page: Option<String> },
    DescribeExecution { arn: String },
    DescribeStateMachineForExecution { arn: String },
    GetExecutionHistory { arn: String, order: Order, limit: u32, page: Option<String> },
    ListMapRuns { arn: String, page: Option<String> },
    DescribeMapRun { arn: String },
    StartExecution { arn: String, name: Option<String>, input: Option<String> },
    StartSyncExecution { arn: String, name: Option<String>, input: Option<String> },
    StopExecution { arn: String, error: Option<String>, cause: Option<String> },
    RedriveExecution { arn: String, token: String },
    SendTaskSuccess { token: String, output: String },
    SendTaskFailure { token: String, error: Option<String>, cause: Option<String> },
    SendTaskHeartbeat { token: String },
}

/// How a call ended, as far as the SDK knows: the code and the message of an answer that is an error, or what went
/// wrong before or behind it.
pub(super) enum Sent {
    Answered,
    Refused { code: String, message: String },
    Unparsed(Box<dyn Error + Send + Sync>),
    Lost(Lost),
}

/// Why there is no answer.
pub(super) enum Lost {
    /// It did not come in time, or the connection did not.
    Timeout(Box<dyn Error + Send + Sync>),
    /// It was not sent, or the connection broke.
    Dispatch(Box<dyn Error + Send + Sync>),
}

impl Request {
    pub(super) fn operation(&self) -> Operation {
        match self {
            Self::ListStateMachines { .. } => Operation::ListStateMachines,
            Self::DescribeStateMachine { .. } => Operation::DescribeStateMachine,
            Self::ListStateMachineVersions { .. } => Operation::ListStateMachineVersions,
            Self::ListStateMachineAliases { .. } => Operation::ListStateMachineAliases,
            Self::ListExecutions { .. } => Operation::ListExecutions,
            Self::DescribeExecution { .. } => Operation::DescribeExecution,
            Self::DescribeStateMachineForExecution { .. } => Operation::DescribeStateMachineForExecution,
            Self::GetExecutionHistory { .. } => Operation::GetExecutionHistory,
            Self::ListMapRuns { .. } => Operation::ListMapRuns,
            Self::DescribeMapRun { .. } => Operation::DescribeMapRun,
            Self::StartExecution { .. } => Operation::StartExecution,
            Self::StartSyncExecution { .. } => Operation::StartSyncExecution,
            Self::StopExecution { .. } => Operation::StopExecution,
            Self::RedriveExecution { .. } => Operation::RedriveExecution,
            Self::SendTaskSuccess { .. } => Operation::SendTaskSuccess,
            Self::SendTaskFailure { .. } => Operation::SendTaskFailure,
            Self::SendTaskHeartbeat { .. } => Operation::SendTaskHeartbeat,
        }
    }

    /// Returns the ARN the call is about, which also says which region it goes to.
    pub(super) fn resource(&self) -> Option<&str> {
        match self {
            Self::ListStateMachines { .. }
            | Self::SendTaskSuccess { .. }
            | Self::SendTaskFailure { .. }
            | Self::SendTaskHeartbeat { .. } => None,
            Self::ListExecutions {
                filter: ExecutionFilter { of: Listed::Machine(arn) | Listed::MapRun(arn), .. },
                ..
            }
            | Self::DescribeStateMachine { arn }
            | Self::ListStateMachineVersions { arn, .. }
            | Self::ListStateMachineAliases { arn, .. }
            | Self::DescribeExecution { arn }
            | Self::DescribeStateMachineForExecution { arn }
            | Self::GetExecutionHistory { arn, .. }
            | Self::ListMapRuns { arn, .. }
            | Self::DescribeMapRun { arn }
            | Self::StartExecution { arn, .. }
            | Self::StartSyncExecution { arn, .. }
            | Self::StopExecution { arn, .. }
            | Self::RedriveExecution { arn, .. } => Some(arn),
        }
    }

    /// Returns the token of the page that is asked for, when it is not the first.
    pub(super) fn page(&self) -> Option<&str> {
        match self {
            Self::ListStateMachines { page, .. }
            | Self::ListStateMachineVersions { page, .. }
            | Self::ListStateMachineAliases { page, .. }
            | Self::ListExecutions { page, .. }
            | Self::GetExecutionHistory { page, .. }
            | Self::ListMapRuns { page, .. } => page.as_deref(),
            _ => None,
        }
    }

    /// Returns the call as a command line.
    pub(super) fn command(&self) -> Command {
        let command = Command::new(self.operation());
        match self {
            Self::ListStateMachines { limit, page } => {
                command.with("maxResults", limit).maybe("nextToken", page.as_ref())
            }
            Self::DescribeStateMachine { arn } => command.with("stateMachineArn", arn),
            Self::ListStateMachineVersions { arn, page } | Self::ListStateMachineAliases { arn, page } => {
                command.with("stateMachineArn", arn).maybe("nextToken", page.as_ref())
            }
            Self::ListExecutions { filter, page } => {
                let command = match &filter.of {
                    Listed::Machine(arn) => command.with("stateMachineArn", arn),
                    Listed::MapRun(arn) => command.with("mapRunArn", arn),
                };
                command
                    .maybe("statusFilter", filter.status.as_ref())
                    .maybe("redriveFilter", filter.redrive.map(super::RedriveFilter::name))
                    .with("maxResults", &filter.limit)
                    .maybe("nextToken", page.as_ref())
            }
            Self::DescribeExecution { arn } | Self::DescribeStateMachineForExecution { arn } => {
                command.with("executionArn", arn)
            }
            Self::RedriveExecution { arn, token } => command.with("executionArn", arn).with("clientToken", token),
            Self::GetExecutionHistory { arn, order, limit, page } => {
                let command = command.with("executionArn", arn).switch("includeExecutionData");
                let command = if *order == Order::Reverse { command.switch("reverseOrder") } else { command };
                command.with("maxResults", limit).maybe("nextToken", page.as_ref())
            }
            Self::ListMapRuns { arn, page } => command.with("executionArn", arn).maybe("nextToken", page.as_ref()),
            Self::DescribeMapRun { arn } => command.with("mapRunArn", arn),
            Self::StartExecution { arn, name, input } | Self::StartSyncExecution { arn, name, input } => {
                command.with("stateMachineArn", arn).maybe("name", name.as_ref()).maybe("input", input.as_ref())
            }
            Self::StopExecution { arn, error, cause } => {
                command.with("executionArn", arn).maybe("error", error.as_ref()).maybe("cause", cause.as_ref())
            }
            Self::SendTaskSuccess { token, output } => command.with("taskToken", token).with("taskOutput", output),
            Self::SendTaskFailure { token, error, cause } => {
                command.with("taskToken", token).maybe("error", error.as_ref()).maybe("cause", cause.as_ref())
            }
            Self::SendTaskHeartbeat { token } => command.with("taskToken", token),
        }
    }

    /// Sends the call. What comes back is the watch's to keep.
    pub(super) async fn send(&self, client: &Client, watch: Watch) -> Sent {
        macro_rules! send {
            ($call:expr) => {
                outcome($call.customize().interceptor(watch).send().await)
            };
        }
        match self.clone() {
            Self::ListStateMachines { limit, page } => {
                send!(client.list_state_machines().max_results(signed(limit)).set_next_token(page))
            }
            Self::DescribeStateMachine { arn } => send!(client.describe_state_machine().state_machine_arn(arn)),
            Self::ListStateMachineVersions { arn, page } => {
                send!(client.list_state_machine_versions().state_machine_arn(arn).set_next_token(page))
            }
            Self::ListStateMachineAliases { arn, page } => {
                send!(client.list_state_machine_aliases().state_machine_arn(arn).set_next_token(page))
            }
            Self::ListExecutions { filter, page } => {
                let call = client.list_executions().max_results(signed(filter.limit)).set_next_token(page);
                let call = match filter.of {
                    Listed::Machine(arn) => call.state_machine_arn(arn),
                    Listed::MapRun(arn) => call.map_run_arn(arn),
                };
                let status = filter.status.map(|status| ExecutionStatus::from(status.name()));
                let redrive = filter.redrive.map(|redrive| ExecutionRedriveFilter::from(redrive.name()));
                send!(call.set_status_filter(status).set_redrive_filter(redrive))
            }
            Self::DescribeExecution { arn } => send!(client.describe_execution().execution_arn(arn)),
            Self::DescribeStateMachineForExecution { arn } => {
                send!(client.describe_state_machine_for_execution().execution_arn(arn))
            }
            Self::GetExecutionHistory { arn, order, limit, page } => send!(
                client
                    .get_execution_history()
                    .execution_arn(arn)
                    .include_execution_data(true)
                    .reverse_order(order == Order::Reverse)
                    .max_results(signed(limit))
                    .set_next_token(page)
            ),
            Self::ListMapRuns { arn, page } => send!(client.list_map_runs().execution_arn(arn).set_next_token(page)),
            Self::DescribeMapRun { arn } => send!(client.describe_map_run().map_run_arn(arn)),
            Self::StartExecution { arn, name, input } => {
                send!(client.start_execution().state_machine_arn(arn).set_name(name).set_input(input))
            }
            Self::StartSyncExecution { arn, name, input } => {
                let call = client.start_sync_execution().state_machine_arn(arn).set_name(name).set_input(input);
                // Its answer comes when the execution has ended.
                let timeouts = TimeoutConfig::builder()
                    .read_timeout(LONGEST_EXPRESS)
                    .operation_attempt_timeout(LONGEST_EXPRESS)
                    .operation_timeout(LONGEST_EXPRESS);
                let patient = aws_sdk_sfn::config::Builder::new().timeout_config(timeouts.build());
                outcome(call.customize().config_override(patient).interceptor(watch).send().await)
            }
            Self::StopExecution { arn, error, cause } => {
                send!(client.stop_execution().execution_arn(arn).set_error(error).set_cause(cause))
            }
            Self::RedriveExecution { arn, token } => {
                send!(client.redrive_execution().execution_arn(arn).client_token(token))
            }
            Self::SendTaskSuccess { token, output } => {
                send!(client.send_task_success().task_token(token).output(output))
            }
            Self::SendTaskFailure { token, error, cause } => {
                send!(client.send_task_failure().task_token(token).set_error(error).set_cause(cause))
            }
            Self::SendTaskHeartbeat { token } => send!(client.send_task_heartbeat().task_token(token)),
        }
    }
}

fn signed(limit: u32) -> i32 {
    i32::try_from(limit).unwrap_or(i32::MAX)
}

/// Takes what all calls of the SDK have in common out of how one ended.
pub(super) fn outcome<T, E>(done: Result<T, SdkError<E>>) -> Sent
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let Err(error) = done else { return Sent::Answered };
    if let (Some(code), message) = (error.code(), error.message()) {
        return Sent::Refused { code: code.to_owned(), message: message.unwrap_or_default().to_owned() };
    }
    let is_timeout = matches!(&error, SdkError::DispatchFailure(failure) if failure.is_timeout());
    match error {
        error @ SdkError::TimeoutError(_) => Sent::Lost(Lost::Timeout(Box::new(error))),
        error @ SdkError::DispatchFailure(_) if is_timeout => Sent::Lost(Lost::Timeout(Box::new(error))),
        error @ (SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_)) => {
            Sent::Lost(Lost::Dispatch(Box::new(error)))
        }
        error => Sent::Unparsed(Box::new(error)),
    }
}
