//! What a Task state asks for, read from its `Resource`.

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
    /// Returns the ARN as written.
    pub fn arn(&self) -> &str {
        match self {
            Self::Lambda { arn } | Self::Activity { arn } => arn,
            Self::Service(call) => &call.arn,
        }
    }
}

impl ServiceCall {
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
