//! The operations of AWS that are called at all: what they do, and how often they may be called.

/// An operation of a service of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `sts:GetCallerIdentity`.
    GetCallerIdentity,
    /// `states:ListStateMachines`.
    ListStateMachines,
    /// `states:DescribeStateMachine`.
    DescribeStateMachine,
    /// `states:ListStateMachineVersions`.
    ListStateMachineVersions,
    /// `states:ListStateMachineAliases`.
    ListStateMachineAliases,
    /// `states:ListExecutions`.
    ListExecutions,
    /// `states:DescribeExecution`.
    DescribeExecution,
    /// `states:DescribeStateMachineForExecution`.
    DescribeStateMachineForExecution,
    /// `states:GetExecutionHistory`.
    GetExecutionHistory,
    /// `states:ListMapRuns`.
    ListMapRuns,
    /// `states:DescribeMapRun`.
    DescribeMapRun,
    /// `states:StartExecution`.
    StartExecution,
    /// `states:StartSyncExecution`.
    StartSyncExecution,
    /// `states:StopExecution`.
    StopExecution,
    /// `states:RedriveExecution`.
    RedriveExecution,
    /// `states:SendTaskSuccess`.
    SendTaskSuccess,
    /// `states:SendTaskFailure`.
    SendTaskFailure,
    /// `states:SendTaskHeartbeat`.
    SendTaskHeartbeat,
    /// `logs:FilterLogEvents`.
    FilterLogEvents,
    /// `logs:StartQuery`.
    StartQuery,
    /// `logs:GetQueryResults`.
    GetQueryResults,
    /// `logs:StopQuery`.
    StopQuery,
}

/// What an operation does to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Reads,
    /// It changes something.
    Acts,
}

/// How often an operation may be called: so many at once, so many a second after that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    pub(super) burst: f64,
    pub(super) per_second: f64,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::GetCallerIdentity,
        Self::ListStateMachines,
        Self::DescribeStateMachine,
        Self::ListStateMachineVersions,
        Self::ListStateMachineAliases,
        Self::ListExecutions,
        Self::DescribeExecution,
        Self::DescribeStateMachineForExecution,
        Self::GetExecutionHistory,
        Self::ListMapRuns,
        Self::DescribeMapRun,
        Self::StartExecution,
        Self::StartSyncExecution,
        Self::StopExecution,
        Self::RedriveExecution,
        Self::SendTaskSuccess,
        Self::SendTaskFailure,
        Self::SendTaskHeartbeat,
        Self::FilterLogEvents,
        Self::StartQuery,
        Self::GetQueryResults,
        Self::StopQuery,
    ];

    /// Returns the operation of that name in the API.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Returns the name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::ListStateMachines => "ListStateMachines",
            Self::DescribeStateMachine => "DescribeStateMachine",
            Self::ListStateMachineVersions => "ListStateMachineVersions",
            Self::ListStateMachineAliases => "ListStateMachineAliases",
            Self::ListExecutions => "ListExecutions",
            Self::DescribeExecution => "DescribeExecution",
            Self::DescribeStateMachineForExecution => "DescribeStateMachineForExecution",
            Self::GetExecutionHistory => "GetExecutionHistory",
            Self::ListMapRuns => "ListMapRuns",
            Self::DescribeMapRun => "DescribeMapRun",
            Self::StartExecution => "StartExecution",
            Self::StartSyncExecution => "StartSyncExecution",
            Self::StopExecution => "StopExecution",
            Self::RedriveExecution => "RedriveExecution",
            Self::SendTaskSuccess => "SendTaskSuccess",
            Self::SendTaskFailure => "SendTaskFailure",
            Self::SendTaskHeartbeat => "SendTaskHeartbeat",
            Self::FilterLogEvents => "FilterLogEvents",
            Self::StartQuery => "StartQuery",
            Self::GetQueryResults => "GetQueryResults",
            Self::StopQuery => "StopQuery",
        }
    }

    /// Returns what it does to what is there.
    pub fn effect(self) -> Effect {
        match self {
            Self::StartExecution
            | Self::StartSyncExecution
            | Self::StopExecution
            | Self::RedriveExecution
            | Self::SendTaskSuccess
            | Self::SendTaskFailure
            | Self::SendTaskHeartbeat => Effect::Acts,
            Self::GetCallerIdentity
            | Self::ListStateMachines
            | Self::DescribeStateMachine
            | Self::ListStateMachineVersions
            | Self::ListStateMachineAliases
            | Self::ListExecutions
            | Self::DescribeExecution
            | Self::DescribeStateMachineForExecution
            | Self::GetExecutionHistory
            | Self::ListMapRuns
            | Self::DescribeMapRun
            | Self::FilterLogEvents
            | Self::StartQuery
            | Self::GetQueryResults
            // Ends a query of our own; nothing that was there is changed.
            | Self::StopQuery => Effect::Reads,
        }
    }

    /// Returns the service's name on the command line of the AWS CLI.
    pub fn service(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "sts",
            Self::FilterLogEvents | Self::StartQuery | Self::GetQueryResults | Self::StopQuery => "logs",
            _ => "stepfunctions",
        }
    }

    /// Returns the permission it needs, as policies name it.
    pub fn permission(self) -> String {
        let prefix = match self.service() {
            "stepfunctions" => "states",
            service => service,
        };
        format!("{prefix}:{}", self.name())
    }

    /// Returns the seconds that so many calls take at least in a region, when nobody else of the account calls.
    pub fn seconds_for(self, calls: usize, region: &str) -> u64 {
        let Rate { burst, per_second } = self.rate(region);
        #[expect(clippy::cast_precision_loss, reason = "more calls than a float tells apart are never made")]
        let beyond = (calls as f64 - burst).max(0.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds, and not negative")]
        let seconds = (beyond / per_second).ceil() as u64;
        seconds
    }

    /// Returns how often it may be called in a region of an account. Rule: the service's quotas, "API action
    /// throttling"; what has no row there is asked seldom, and held to the smallest figures.
    pub(super) fn rate(self, region: &str) -> Rate {
        let large = matches!(region, "us-east-1" | "us-west-2" | "eu-west-1");
        let (burst, per_second) = match self {
            Self::GetExecutionHistory => (400.0, 20.0),
            Self::DescribeExecution if large => (300.0, 15.0),
            Self::DescribeExecution => (250.0, 10.0),
            Self::ListExecutions if large => (200.0, 5.0),
            Self::ListExecutions => (100.0, 2.0),
            Self::DescribeStateMachine => (200.0, 20.0),
            Self::DescribeStateMachineForExecution | Self::DescribeMapRun => (200.0, 1.0),
            Self::FilterLogEvents | Self::GetQueryResults => (5.0, 5.0),
            Self::ListStateMachines | Self::StartQuery | Self::StopQuery => (100.0, 5.0),
            Self::GetCallerIdentity
            | Self::ListMapRuns
            | Self::ListStateMachineVersions
            | Self::ListStateMachineAliases
            | Self::StartExecution
            | Self::StartSyncExecution
            | Self::StopExecution
            | Self::RedriveExecution
            | Self::SendTaskSuccess
            | Self::SendTaskFailure
            | Self::SendTaskHeartbeat => (100.0, 1.0),
        };
        Rate { burst, per_second }
    }
}
