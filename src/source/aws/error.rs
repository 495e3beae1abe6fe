//! Why AWS did not answer, in the words of whoever asked, and what to do about it.

use super::Operation;
use std::fmt;
use std::sync::Arc;

/// A call that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsError {
    /// What was called.
    pub operation: Option<Operation>,
    /// The ARN it was about.
    pub resource: Option<Arc<str>>,
    /// Where it was called.
    pub region: Option<Arc<str>>,
    /// The profile it was called with, when one was named.
    pub profile: Option<Arc<str>>,
    /// Why it was not answered.
    pub kind: ErrorKind,
}

/// Why a call was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The caller lacks a permission.
    Denied {
        /// The permission, as policies name it.
        action: Arc<str>,
        /// The resource it is needed for.
        resource: Option<Arc<str>>,
        /// The ARN of who asked.
        caller: Option<Arc<str>>,
        /// Whether some policy denies it; otherwise none allows it.
        explicit: bool,
    },
    /// There are no credentials anywhere.
    NoCredentials,
    /// Nobody has logged in with SSO, or the login has run out.
    LoginExpired,
    /// The credentials were good once.
    CredentialsExpired,
    /// AWS does not know the credentials, or not the key they are signed with.
    CredentialsUnknown,
    /// There is no profile of that name.
    NoProfile(Arc<str>),
    /// The credentials could not be got: why.
    CredentialsFailed(Arc<str>),
    /// Nobody said which region.
    NoRegion,
    /// There is no such thing.
    NotThere,
    /// It is an express execution, whose history the service does not keep.
    InLogsOnly,
    /// The token of a page is no longer good.
    PageExpired,
    /// It was asked too often.
    Throttled,
    /// The service could not be reached, or the connection broke: why.
    Unreachable(Arc<str>),
    /// The service did not answer in time.
    TimedOut,
    /// The call would change something, and the client was not allowed to.
    ReadOnly,
    /// The service refuses, in its own words.
    Refused {
        /// AWS's name for the reason.
        code: Arc<str>,
        /// Its words.
        message: Arc<str>,
    },
    /// The service failed, in its own words.
    Failed {
        /// The status of its answer.
        status: u16,
        /// Its words.
        message: Arc<str>,
    },
    /// The answer is not what the service answers: why.
    Unreadable(Arc<str>),
}

impl ErrorKind {
    /// Reads the code and the message of an answer that is an error.
    pub fn of_answer(operation: Operation, status: u16, code: &str, message: &str) -> Self {
        match code {
            "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => denied(operation, message),
            "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Self::CredentialsExpired,
            "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "MissingAuthenticationToken"
            | "IncompleteSignature" => Self::CredentialsUnknown,
            "ExecutionDoesNotExist" | "StateMachineDoesNotExist" | "ResourceNotFound" | "ResourceNotFoundException" => {
                Self::NotThere
            }
            "InvalidToken" if operation != Operation::SendTaskSuccess && operation != Operation::SendTaskFailure => {
                Self::PageExpired
            }
            code if is_throttle(code) => Self::Throttled,
            _ if status >= 500 => {
                Self::Failed { status, message: if message.is_empty() { code } else { message }.into() }
            }
            code => Self::Refused { code: code.into(), message: message.into() },
        }
    }

    /// Tells whether the same call may well be answered a little later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled | Self::Unreachable(_) | Self::TimedOut | Self::Failed { .. })
    }

    /// Tells whether it lies in who asks, so that other calls fail as well.
    pub fn is_of_caller(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials
                | Self::LoginExpired
                | Self::CredentialsExpired
                | Self::CredentialsUnknown
                | Self::CredentialsFailed(_)
                | Self::NoProfile(_)
                | Self::NoRegion
        )
    }
}

/// Returns whether a code says "too often". Rule: the codes all SDKs of AWS take for throttling.
fn is_throttle(code: &str) -> bool {
    const CODES: [&str; 8] = [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
    ];
    CODES.contains(&code)
}

/// Takes apart AWS's sentence: `User: ARN is not authorized to perform: ACTION on resource: ARN because no …`.
fn denied(operation: Operation, message: &str) -> ErrorKind {
    let after = |mark: &str| {
        let rest = message.split_once(mark)?.1;
        let word = rest.split_whitespace().next()?;
        Some(Arc::<str>::from(word.trim_end_matches(['.', ',', ';'])))
    };
    ErrorKind::Denied {
        action: after("perform: ").unwrap_or_else(|| operation.permission().into()),
        resource: after("on resource: "),
        caller: after("User: "),
        explicit: message.contains("explicit deny"),
    }
}

impl AwsError {
    /// An error about no call in particular.
    pub fn new(kind: ErrorKind) -> Self {
        Self { operation: None, resource: None, region: None, profile: None, kind }
    }

    /// Returns the next step for the reader.
    pub fn hint(&self) -> Option<String> {
        let profile = self.profile.as_ref().map_or_else(String::new, |profile| format!(" --profile {profile}"));
        Some(match &self.kind {
            ErrorKind::Denied { explicit: true, action, .. } => {
                format!("A policy denies {action} explicitly; ask whoever keeps your account's policies.")
            }
            ErrorKind::Denied { action, resource, .. } => {
                let resource = resource.as_ref().or(self.resource.as_ref());
                let on = resource.map_or_else(String::new, |resource| format!(" on {resource}"));
                format!("Allow {action}{on} in a policy of the caller.")
            }
            ErrorKind::NoCredentials => {
                "Log in with 'aws sso login' or 'aws configure', or name a profile with --profile. Recordings can be \
                 opened without."
                    .to_owned()
            }
            ErrorKind::LoginExpired => format!("Run: aws sso login{profile}"),
            ErrorKind::CredentialsExpired => format!("Get new ones; with SSO: aws sso login{profile}"),
            ErrorKind::CredentialsUnknown => {
                "Check AWS_ACCESS_KEY_ID and the profile, the partition of the region, and the clock of this machine."
                    .to_owned()
            }
            ErrorKind::NoProfile(_) => "'aws configure list-profiles' lists them.".to_owned(),
            ErrorKind::CredentialsFailed(_) => format!("Try: aws sts get-caller-identity{profile}"),
            ErrorKind::NoRegion => "Name one with --region, AWS_REGION, or in the profile.".to_owned(),
            ErrorKind::NotThere => self.hint_where_to_look(),
            ErrorKind::InLogsOnly => "Its history can be rebuilt from its machine's log group.".to_owned(),
            ErrorKind::Throttled => {
                "Others use up the account's calls as well; wait a little, or have the quota raised.".to_owned()
            }
            ErrorKind::Unreachable(_) | ErrorKind::TimedOut => {
                "Check the network, the proxy (HTTPS_PROXY) and the region's name; --endpoint-url names another address."
                    .to_owned()
            }
            ErrorKind::ReadOnly => "Start stepback with --allow-actions to change things in AWS.".to_owned(),
            ErrorKind::PageExpired => "Ask again from the beginning.".to_owned(),
            ErrorKind::Failed { .. } => "The service has trouble; try again.".to_owned(),
            ErrorKind::Refused { code, .. } if &**code == "StateMachineTypeNotSupported" => {
                "Express executions have no history in the service; it is in their logs.".to_owned()
            }
            ErrorKind::Refused { .. } | ErrorKind::Unreadable(_) => return None,
        })
    }

    fn hint_where_to_look(&self) -> String {
        let region = self.region.as_deref().unwrap_or("the region");
        match self.operation {
            Some(
                Operation::DescribeExecution
                | Operation::GetExecutionHistory
                | Operation::DescribeStateMachineForExecution,
            ) => format!(
                "It was looked for in {region}. Executions are kept for 90 days; check the region, the account and the \
                 profile."
            ),
            _ => format!("It was looked for in {region}. Check the region, the account and the profile."),
        }
    }

    /// Returns what was asked for: `the history of NAME`.
    fn subject(&self) -> String {
        let name = self.resource.as_deref().unwrap_or("it");
        match self.operation {
            Some(Operation::GetCallerIdentity) => "who is asking".to_owned(),
            Some(Operation::ListStateMachines) => "the state machines".to_owned(),
            Some(Operation::GetExecutionHistory) => format!("the history of {name}"),
            Some(Operation::DescribeStateMachineForExecution) => format!("the definition run by {name}"),
            Some(Operation::ListExecutions) => format!("the executions of {name}"),
            Some(Operation::ListMapRuns) => format!("the map runs of {name}"),
            Some(operation) => format!("the answer to {} for {name}", operation.name()),
            None => "an answer".to_owned(),
        }
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Denied { action, caller: Some(caller), .. } => {
                write!(f, "AWS refuses: {caller} may not {action}.")
            }
            ErrorKind::Denied { action, caller: None, .. } => {
                write!(f, "AWS refuses: the permission {action} is missing.")
            }
            ErrorKind::NoCredentials => f.write_str("There are no AWS credentials."),
            ErrorKind::LoginExpired => match &self.profile {
                Some(profile) => write!(f, "The login of the profile {profile} has expired."),
                None => f.write_str("The AWS login has expired."),
            },
            ErrorKind::CredentialsExpired => f.write_str("The AWS credentials have expired."),
            ErrorKind::CredentialsUnknown => f.write_str("AWS does not accept the credentials."),
            ErrorKind::NoProfile(profile) => write!(f, "There is no AWS profile '{profile}'."),
            ErrorKind::CredentialsFailed(reason) => write!(f, "Cannot get AWS credentials: {reason}."),
            ErrorKind::NoRegion => f.write_str("No AWS region is set."),
            ErrorKind::NotThere => {
                write!(f, "There is no {}.", self.resource.as_deref().unwrap_or("such thing in AWS"))
            }
            ErrorKind::InLogsOnly => f.write_str("An express execution has its history in its logs only."),
            ErrorKind::PageExpired => write!(f, "Cannot go on with {}: the page has expired.", self.subject()),
            ErrorKind::Throttled => write!(f, "Cannot get {}: AWS is asked too often.", self.subject()),
            ErrorKind::Unreachable(reason) => write!(f, "Cannot reach AWS for {}: {reason}.", self.subject()),
            ErrorKind::TimedOut => write!(f, "Cannot get {}: AWS did not answer in time.", self.subject()),
            ErrorKind::ReadOnly => match self.operation {
                Some(operation) => write!(f, "{} would change something, which is not allowed.", operation.name()),
                None => f.write_str("This would change something, which is not allowed."),
            },
            ErrorKind::Refused { code, message } if message.is_empty() => write!(f, "AWS refuses: {code}."),
            ErrorKind::Refused { code, message } => {
                write!(f, "AWS refuses: {} ({code}).", message.trim_end_matches('.'))
            }
            ErrorKind::Failed { status, message } => {
                write!(f, "AWS failed to answer ({status}): {}.", message.trim_end_matches('.'))
            }
            ErrorKind::Unreadable(reason) => write!(f, "Cannot read {}: {reason}.", self.subject()),
        }
    }
}

impl std::error::Error for AwsError {}
