//! What a Task state asks for, read from its `Resource`.

use super::services::{self, Recognition};

/// How long a service integration waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Until the service has answered.
    RequestResponse,
    /// `.sync`: until the job that was started is done.
    Sync,
    /// `.sync:2`: the same, with the job's input and output as JSON instead of text.
    Sync2,
    /// `.waitForTaskToken`: until somebody returns the task token.
    WaitForTaskToken,
}

/// A call of an AWS API, or of an HTTP endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCall {
    /// The whole ARN.
    pub arn: String,
    /// The service as events name it in `resourceType`: `sqs`, `aws-sdk:s3`, `http`.
    pub service: String,
    /// The API action without its pattern: `sendMessage`.
    pub api: String,
    /// How long it waits.
    pub pattern: Pattern,
}

/// What does the work of a Task state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A Lambda function by its ARN.
    Lambda {
        /// The function's ARN, with version or alias if there is one.
        arn: String,
    },
    /// Workers polling for an activity.
    Activity {
        /// The activity's ARN.
        arn: String,
    },
    /// A service integration.
    Service(ServiceCall),
}

impl Resource {
    /// Reads an ARN; `None` when it is none that a Task state can use.
    ///
    /// Service integrations may name a region and an account. Whether an optimized integration offers the API is another question: see [`ServiceCall::is_offered`].
    pub fn parse(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let (Some("arn"), Some(partition)) = (parts.next(), parts.next()) else {
            return None;
        };
        let (service, region, account) = (parts.next()?, parts.next()?, parts.next()?);
        let rest = parts.next().filter(|rest| !rest.is_empty())?;
        if partition.is_empty() {
            return None;
        }
        match service {
            "lambda" => {
                let name = rest.strip_prefix("function:")?;
                (!name.is_empty() && !name.ends_with(':')).then(|| Self::Lambda { arn: arn.to_owned() })
            }
            "states" => match rest.strip_prefix("activity:") {
                Some(name) => {
                    let named = !name.is_empty() && !region.is_empty() && !account.is_empty();
                    named.then(|| Self::Activity { arn: arn.to_owned() })
                }
                None => ServiceCall::parse(arn, rest).map(Self::Service),
            },
            _ => None,
        }
    }

    /// Tells whether its tasks have a task token: those of `.waitForTaskToken` and, as recorded, of `.sync`.
    pub fn has_token(&self) -> bool {
        matches!(self, Self::Service(call) if call.pattern != Pattern::RequestResponse)
    }

    /// Returns the ARN as written.
    pub fn arn(&self) -> &str {
        match self {
            Self::Lambda { arn } | Self::Activity { arn } => arn,
            Self::Service(call) => &call.arn,
        }
    }
}

impl ServiceCall {
    /// Reads what follows `arn:aws:states:::`.
    fn parse(arn: &str, rest: &str) -> Option<Self> {
        let (rest, pattern) = match rest.strip_suffix(".sync:2") {
            Some(rest) => (rest, Pattern::Sync2),
            None => match rest.rsplit_once('.') {
                Some((rest, "sync")) => (rest, Pattern::Sync),
                Some((rest, "waitForTaskToken")) => (rest, Pattern::WaitForTaskToken),
                _ => (rest, Pattern::RequestResponse),
            },
        };
        let (service, api) = rest.rsplit_once(':')?;
        let plain =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        // `stateMachine:name` and its like are no calls.
        let lower = !service.contains(|letter: char| letter.is_ascii_uppercase());
        let known = lower && plain(service.strip_prefix("aws-sdk:").unwrap_or(service)) && plain(api);
        known.then(|| Self { arn: arn.to_owned(), service: service.to_owned(), api: api.to_owned(), pattern })
    }

    /// Tells whether Step Functions offers the call; of a service that is newer than our table, that it may.
    pub fn is_offered(&self) -> bool {
        services::recognize(self) != Recognition::Refused
    }

    /// Returns the API with its pattern, as events name it in `resource`: `sendMessage.waitForTaskToken`.
    pub fn resource(&self) -> String {
        let suffix = match self.pattern {
            Pattern::RequestResponse => "",
            Pattern::Sync => ".sync",
            Pattern::Sync2 => ".sync:2",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        };
        format!("{}{suffix}", self.api)
    }

    /// Tells whether it goes through the AWS SDK directly instead of an optimized integration.
    pub fn is_sdk(&self) -> bool {
        self.service.starts_with("aws-sdk:")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_calls_fall_into_service_api_and_pattern() {
        for (arn, service, api, pattern) in [
            ("arn:aws:states:::lambda:invoke", "lambda", "invoke", Pattern::RequestResponse),
            ("arn:aws-cn:states:::ecs:runTask.sync", "ecs", "runTask", Pattern::Sync),
            ("arn:aws:states:::states:startExecution.sync:2", "states", "startExecution", Pattern::Sync2),
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "sqs", "sendMessage", Pattern::WaitForTaskToken),
            ("arn:aws:states:::aws-sdk:s3:putObject", "aws-sdk:s3", "putObject", Pattern::RequestResponse),
            ("arn:aws:states:::http:invoke", "http", "invoke", Pattern::RequestResponse),
            ("arn:aws:states:us-east-1:123456789012:lambda:invoke", "lambda", "invoke", Pattern::RequestResponse),
            (
                "arn:aws:states:eu-west-1:123456789012:aws-sdk:sqs:sendMessage",
                "aws-sdk:sqs",
                "sendMessage",
                Pattern::RequestResponse,
            ),
            (
                "arn:aws:states:::bedrockagentcore:invokeHarness",
                "bedrockagentcore",
                "invokeHarness",
                Pattern::RequestResponse,
            ),
        ] {
            let Some(Resource::Service(call)) = Resource::parse(arn) else { panic!("{arn} is a service call") };
            assert_eq!((&*call.service, &*call.api, call.pattern), (service, api, pattern));
            assert!(call.is_offered(), "{arn}");
        }
    }

    #[test]
    fn what_is_no_resource_is_refused() {
        for arn in [
            "",
            "create",
            "arn:aws:lambda",
            "arn:aws:lambda:r:1:layer:x",
            "arn:aws:states:::",
            "arn:aws:s3:::b",
            "arn:aws:lambda:r:1:function:x:",
            "arn:aws:states:r:1:stateMachine:x",
            "arn:aws:states:::activity:x",
        ] {
            assert_eq!(Resource::parse(arn), None, "{arn}");
        }
        for arn in ["arn:aws:states:::dynamodb:query", "arn:aws:states:::aws-sdk:s3:putObject.sync"] {
            let Some(Resource::Service(call)) = Resource::parse(arn) else { panic!("{arn} has the form of a call") };
            assert!(!call.is_offered(), "{arn}");
        }
    }
}
