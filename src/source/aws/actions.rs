//! What changes something in AWS. Only a client that was allowed to has it, and the gate on the wire checks again.

use super::request::Request;
use super::{Access, AwsError, Client};
use crate::json::{Members, Payload};
use crate::recording::Execution;

/// What can be done to executions.
#[derive(Debug, Clone)]
pub struct Actions(Client);

impl Client {
    /// Returns what can be done; `None` unless the client was made with [`Access::Actions`].
    pub fn actions(&self) -> Option<Actions> {
        (self.access() == Access::Actions).then(|| Actions(self.clone()))
    }
}

impl Actions {
    /// Starts an execution of a machine, or of a version or alias of it, and returns its ARN. The name is ours to give,
    /// so that whoever gets no answer can look for it, and may ask again without a second execution being started
    /// (rule: the API's reference of StartExecution, which is idempotent by name for Standard machines).
    pub async fn start(&self, machine: &str, name: &str, input: Option<&str>) -> Result<String, AwsError> {
        let (name, input) = (Some(name.to_owned()), input.map(str::to_owned));
        let request = Request::StartExecution { arn: machine.to_owned(), name, input };
        let body = self.0.call(&request).await?;
        let arn = Members::of(&body).ok().and_then(|mut members| members.take("executionArn"));
        let arn = arn.map(|arn| Payload::from_literal(arn).text().to_owned());
        arn.ok_or_else(|| self.0.unreadable(&request, "it names no execution"))
    }

    /// Runs an execution of an express machine to its end, which takes at most five minutes, and returns what is known
    /// of it.
    pub async fn start_sync(
        &self,
        machine: &str,
        name: Option<&str>,
        input: Option<&str>,
    ) -> Result<Execution, AwsError> {
        let (name, input) = (name.map(str::to_owned), input.map(str::to_owned));
        let request = Request::StartSyncExecution { arn: machine.to_owned(), name, input };
        let body = self.0.call(&request).await?;
        let members = Members::of(&body)
            .map_err(|error| self.0.unreadable(&request, super::failure::foreign(&body).unwrap_or(&error.reason)))?;
        match members.get("executionArn") {
            Some(_) => Ok(Execution::from_members(members)),
            None => Err(self.0.unreadable(&request, "it names no execution")),
        }
    }

    /// Stops an execution.
    pub async fn stop(&self, execution: &str, error: Option<&str>, cause: Option<&str>) -> Result<(), AwsError> {
        let (error, cause) = (error.map(str::to_owned), cause.map(str::to_owned));
        self.act(Request::StopExecution { arn: execution.to_owned(), error, cause }, Some("stopDate")).await
    }

    /// Takes a failed, stopped or timed-out execution up again where it ended. The token is what AWS tells a second
    /// redrive from the same one asked for again by (rule: the API's reference of RedriveExecution).
    pub async fn redrive(&self, execution: &str, token: &str) -> Result<(), AwsError> {
        let request = Request::RedriveExecution { arn: execution.to_owned(), token: token.to_owned() };
        self.act(request, Some("redriveDate")).await
    }

    /// Answers a task that waits for its token. In a region, since a token does not say which.
    pub async fn send_task_success(&self, token: &str, output: &str) -> Result<(), AwsError> {
        self.act(Request::SendTaskSuccess { token: token.to_owned(), output: output.to_owned() }, None).await
    }

    /// Fails a task that waits for its token.
    pub async fn send_task_failure(
        &self,
        token: &str,
        error: Option<&str>,
        cause: Option<&str>,
    ) -> Result<(), AwsError> {
        let (error, cause) = (error.map(str::to_owned), cause.map(str::to_owned));
        self.act(Request::SendTaskFailure { token: token.to_owned(), error, cause }, None).await
    }

    /// Tells a task that waits for its token that somebody works on it.
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), AwsError> {
        self.act(Request::SendTaskHeartbeat { token: token.to_owned() }, None).await
    }

    /// Makes a call whose answer says little: it is an object, and has that member.
    async fn act(&self, request: Request, member: Option<&str>) -> Result<(), AwsError> {
        let body = self.0.call(&request).await?;
        let members = Members::of(&body)
            .map_err(|error| self.0.unreadable(&request, super::failure::foreign(&body).unwrap_or(&error.reason)))?;
        match member {
            Some(member) if members.get(member).is_none() => {
                Err(self.0.unreadable(&request, &format!("it has no \"{member}\"")))
            }
            _ => Ok(()),
        }
    }
}
