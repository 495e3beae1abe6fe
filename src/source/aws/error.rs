//! Why AWS did not answer, in the words of whoever asked, and what to do about it.

use super::{Effect, Operation};
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
    /// The service could not be reached at all, so that nothing was asked of it.
    Unreachable(Box<Unreachable>),
    /// The call was sent, and the connection broke before its answer was there: why. It may have been done.
    Lost(Arc<str>),
    /// The service did not answer in time.
    TimedOut,
    /// What answers is not AWS: the status of its answer.
    NotAws {
        /// The status.
        status: u16,
    },
    /// What answers has no such operation, as an emulator may not.
    NotOffered,
    /// The clock of this machine is wrong, so that what it signs is not accepted.
    ClockWrong {
        /// The seconds it is ahead of AWS's; 0 when that is not known.
        seconds: i64,
    },
    /// A variable or a file of this machine's says something that cannot work.
    Misconfigured {
        /// What, as the beginning of a sentence.
        what: Arc<str>,
        /// What to do about it.
        hint: Arc<str>,
    },
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

/// Where nobody could be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// The host and the port that were tried.
    pub address: Option<Arc<str>>,
    /// The proxy that was to lead there.
    pub proxy: Option<Arc<str>>,
    /// Whether the address is one of plain HTTP, which other variables lead through a proxy than HTTPS.
    pub is_plain: bool,
    /// What was in the way.
    pub why: Obstacle,
}

/// What is between us and a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody listens there.
    Refused,
    /// The name is not known.
    Unresolved,
    /// Nothing comes back.
    Silent,
    /// The certificate is not good.
    Certificate {
        /// Who issued it, when that could be found out.
        issuer: Option<Arc<str>>,
        /// What is wrong with it: `is not trusted`.
        why: Arc<str>,
    },
    /// The proxy does not lead there: why.
    Proxy(Arc<str>),
    /// Something else.
    Other(Arc<str>),
}

impl ErrorKind {
    /// Reads the code and the message of an answer that is an error.
    pub fn of_answer(operation: Operation, status: u16, code: &str, message: &str) -> Self {
        match code {
            "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => denied(operation, message),
            "ExpiredToken" | "ExpiredTokenException" => Self::CredentialsExpired,
            "RequestTimeTooSkewed" | "RequestInTheFuture" | "RequestExpired" => Self::ClockWrong { seconds: 0 },
            // Rule: the developer guide of IAM, "Troubleshooting AWS Signature Version 4", "Signature expired".
            "InvalidSignatureException" | "SignatureDoesNotMatch"
                if ["Signature expired", "Signature not yet current"].iter().any(|words| message.contains(words)) =>
            {
                Self::ClockWrong { seconds: 0 }
            }
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
            _ if status == 429 => Self::Throttled,
            _ if status == 501 => Self::NotOffered,
            _ if status >= 500 => {
                Self::Failed { status, message: if message.is_empty() { code } else { message }.into() }
            }
            code => Self::Refused { code: code.into(), message: message.into() },
        }
    }

    /// Tells whether the same call may well be answered a moment later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled | Self::Lost(_) | Self::TimedOut | Self::Failed { .. })
    }

    /// Tells whether it lies in the way to AWS: whoever can wait may find it open again.
    pub fn is_of_network(&self) -> bool {
        self.is_passing() || matches!(self, Self::Unreachable(_))
    }

    /// Tells whether the call may have been done although it was not answered.
    pub fn may_have_happened(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::TimedOut | Self::Failed { .. } | Self::Unreadable(_))
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
                | Self::Misconfigured { .. }
        )
    }
}

/// Returns whether a code says "too often". Rule: the codes all SDKs of AWS take for throttling.
fn is_throttle(code: &str) -> bool {
    const CODES: [&str; 9] = [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
        // The key of a machine is asked for too often.
        "KmsThrottlingException",
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
            ErrorKind::Unreachable(there) => there.hint(),
            ErrorKind::Lost(_) | ErrorKind::TimedOut | ErrorKind::Failed { .. } | ErrorKind::Unreadable(_)
                if self.acts() =>
            {
                "Look at what is there before you do it again.".to_owned()
            }
            ErrorKind::Lost(_) | ErrorKind::TimedOut => "Check the network, and the proxy if there is one.".to_owned(),
            ErrorKind::NotAws { .. } => {
                "Check the address: --endpoint-url, AWS_ENDPOINT_URL, or endpoint_url in ~/.aws/config.".to_owned()
            }
            ErrorKind::NotOffered => "Emulators do not have everything AWS has.".to_owned(),
            ErrorKind::ClockWrong { .. } => "Set the clock of this machine.".to_owned(),
            ErrorKind::Misconfigured { hint, .. } => hint.to_string(),
            ErrorKind::ReadOnly => "Start stepback with --allow-actions to change things in AWS.".to_owned(),
            ErrorKind::PageExpired => "Ask again from the beginning.".to_owned(),
            ErrorKind::Failed { .. } => "The service has trouble; try again.".to_owned(),
            ErrorKind::Refused { code, .. } if &**code == "StateMachineTypeNotSupported" => {
                "Express executions have no history in the service; it is in their logs.".to_owned()
            }
            ErrorKind::Refused { code, .. } if &**code == "KmsAccessDeniedException" => {
                "Allow kms:Decrypt on the key of the state machine in a policy of the caller.".to_owned()
            }
            ErrorKind::Unreadable(_) => {
                "Something that is not AWS may answer in its place, such as the login page of a \
                                         network: check the address and the network."
                    .to_owned()
            }
            ErrorKind::Refused { .. } => return None,
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
            ErrorKind::Unreachable(there) => write!(f, "{there}"),
            ErrorKind::Lost(_) | ErrorKind::TimedOut | ErrorKind::Failed { .. } | ErrorKind::Unreadable(_)
                if self.acts() =>
            {
                let name = self.operation.map(Operation::name).unwrap_or_default();
                write!(f, "{name} may have been done: {}.", self.half_known())
            }
            ErrorKind::Lost(reason) => write!(f, "Cannot get {}: the connection was lost ({reason}).", self.subject()),
            ErrorKind::NotAws { status: 404 } => {
                write!(f, "Cannot get {}: what answers is not AWS (404 Not Found).", self.subject())
            }
            ErrorKind::NotAws { status } => {
                write!(f, "Cannot get {}: what answers is not AWS (it says {status}).", self.subject())
            }
            ErrorKind::NotOffered => {
                let name = self.operation.map_or("This", Operation::name);
                write!(f, "{name} is not available there (501 Not Implemented).")
            }
            ErrorKind::ClockWrong { seconds: 0 } => f.write_str("AWS refuses: the clock of this machine is wrong."),
            ErrorKind::ClockWrong { seconds } => {
                let (amount, word) = (amount(seconds.unsigned_abs()), if *seconds > 0 { "ahead" } else { "behind" });
                write!(f, "AWS refuses: the clock of this machine is {amount} {word}.")
            }
            ErrorKind::Misconfigured { what, .. } => write!(f, "{what}."),
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

/// A span of time in a few words.
fn amount(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

impl AwsError {
    /// Tells whether the call was to change something.
    fn acts(&self) -> bool {
        self.operation.is_some_and(|operation| operation.effect() == Effect::Acts)
    }

    /// Returns why it is not known whether the call was done.
    fn half_known(&self) -> String {
        match &self.kind {
            ErrorKind::TimedOut => "AWS did not answer in time".to_owned(),
            ErrorKind::Failed { status, message } => {
                format!("AWS failed to answer ({status}: {})", message.trim_end_matches('.'))
            }
            ErrorKind::Unreadable(reason) => format!("its answer cannot be read ({reason})"),
            ErrorKind::Lost(reason) => format!("its answer was lost ({reason})"),
            _ => String::new(),
        }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address.as_deref().unwrap_or("its address");
        match (&self.why, &self.proxy) {
            (Obstacle::Proxy(reason), proxy) => {
                let proxy = proxy.as_deref().map(|proxy| format!("the proxy {proxy}"));
                let proxy = proxy.as_deref().unwrap_or("a proxy that is not set up here");
                write!(f, "Cannot reach AWS at {address} through {proxy}: {reason}.")
            }
            (Obstacle::Certificate { issuer: Some(issuer), why }, _) => {
                write!(f, "Cannot reach AWS: the certificate of {address}, issued by '{issuer}', {why}.")
            }
            (Obstacle::Certificate { issuer: None, why }, _) => {
                write!(f, "Cannot reach AWS: the certificate of {address} {why}.")
            }
            (why, Some(proxy)) => write!(f, "Cannot reach the proxy {proxy} that leads to AWS: {why}."),
            (why, None) => write!(f, "Cannot reach AWS at {address}: {why}."),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("the connection was refused"),
            Self::Unresolved => f.write_str("the name cannot be resolved"),
            Self::Silent => f.write_str("nothing answers"),
            Self::Certificate { why, .. } => write!(f, "the certificate {why}"),
            Self::Proxy(reason) | Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl Unreachable {
    fn hint(&self) -> String {
        let variable = if self.is_plain { "HTTP_PROXY" } else { "HTTPS_PROXY" };
        match (&self.why, &self.proxy) {
            (Obstacle::Certificate { .. }, _) => {
                "If your network looks into connections, name the certificates of whoever does with AWS_CA_BUNDLE or \
                 ca_bundle."
                    .to_owned()
            }
            (Obstacle::Proxy(_), _) | (_, Some(_)) => {
                format!("Check {variable}, and NO_PROXY for hosts that need none.")
            }
            (Obstacle::Unresolved, None) => "Check the network, the region's name and --endpoint-url.".to_owned(),
            (_, None) => format!("Check the network, --endpoint-url, and {variable} if your network has a proxy."),
        }
    }
}

impl std::error::Error for AwsError {}
