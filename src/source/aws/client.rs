//! The way to AWS: credentials, regions, calls that are paced, repeated, logged, and answered with the service's JSON.

use super::budget::Key;
use super::request::{Lost, Request, Sent, outcome};
use super::watch::{Forbidden, Gate, Seen, Watch};
use super::{
    Access, AwsError, Call, CallLog, CallResult, Command, ErrorKind, Keys, Operation, Options, plain, profiles,
};
use crate::event::Timestamp;
use crate::json::SharedBytes;
use crate::json::visible::without_credentials;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A connection to AWS. Cheap to clone; all clones share credentials, pace and log.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
    region: Option<Arc<str>>,
}

#[derive(Debug)]
struct Shared {
    config: SdkConfig,
    options: Options,
    calls: CallLog,
    /// One client of the SDK for each region; all share credentials and connections.
    regions: Mutex<HashMap<Arc<str>, aws_sdk_sfn::Client>>,
}

impl Client {
    /// Finds out where and as whom to ask. Nothing is asked yet, unless the credentials have to be: an error of theirs
    /// comes with the first call.
    pub async fn connect(options: Options) -> Result<Self, AwsError> {
        let http =
            aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let timeouts = TimeoutConfig::builder().read_timeout(options.patience.answer).build();
        let mut loader =
            aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http.clone()).timeout_config(timeouts);
        if let Some(profile) = &options.profile {
            // The providers of credentials say no more of a profile that is not there than of one without any.
            if !profiles().contains(profile) {
                let kind = ErrorKind::NoProfile(profile.as_str().into());
                return Err(AwsError { profile: Some(profile.as_str().into()), ..AwsError::new(kind) });
            }
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &options.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &options.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if let Some(Keys { id, secret }) = &options.keys {
            loader = loader.credentials_provider(Credentials::new(id, secret, None, None, "given"));
        }
        let mut config = loader.load().await;
        if let (Some(profile), None) = (&options.profile, &options.keys) {
            let provider = SharedCredentialsProvider::new(of_profile(profile, &config, http));
            config = config.into_builder().credentials_provider(provider).build();
        }
        let region = config.region().map(|region| Arc::from(region.as_ref()));
        let shared = Shared { config, options, calls: CallLog::default(), regions: Mutex::default() };
        Ok(Self { shared: Arc::new(shared), region })
    }

    /// The same connection, for what is named without a region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        Self { shared: Arc::clone(&self.shared), region: Some(region.into()) }
    }

    /// Returns the region of what is named without one.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns the profile that was named.
    pub fn profile(&self) -> Option<&str> {
        self.shared.options.profile.as_deref()
    }

    /// Returns what may be done.
    pub fn access(&self) -> Access {
        self.shared.options.access
    }

    /// Returns what was asked so far.
    pub fn calls(&self) -> &CallLog {
        &self.shared.calls
    }

    /// Makes a call to Step Functions and returns the body of the answer.
    pub(super) async fn call(&self, request: &Request) -> Result<SharedBytes, AwsError> {
        let region = self.region_for(request.resource());
        let Some(region) = region else { return Err(self.error(request.operation(), None, None, ErrorKind::NoRegion)) };
        let client = self.in_sdk(&region);
        let command = request.command();
        self.perform(command, request.resource(), &region, |watch| request.send(&client, watch)).await
    }

    /// Makes a call to CloudWatch Logs and returns the body of the answer.
    pub(super) async fn call_logs(
        &self,
        request: &super::logs::LogRequest,
        region: &str,
    ) -> Result<SharedBytes, AwsError> {
        let (config, retries, body) = (&self.shared.config, self.retries(), request.body());
        let name = request.operation().name();
        let send = |watch| plain::call(plain::LOGS, name, &body, config, region, &retries, (self.gate(), watch));
        self.perform(request.command(), request.resource(), region, send).await
    }

    /// An answer that came, but is not what the service answers.
    pub(super) fn unreadable(&self, request: &Request, reason: &str) -> AwsError {
        let region = self.region_for(request.resource());
        let kind = ErrorKind::Unreadable(reason.into());
        self.error(request.operation(), request.resource(), region.as_deref(), kind)
    }

    /// Makes a call to STS.
    pub(super) async fn caller_identity(&self) -> Result<(Option<String>, Option<String>), AwsError> {
        let command = Command::new(Operation::GetCallerIdentity);
        let Some(region) = self.region.clone() else {
            return Err(self.error(Operation::GetCallerIdentity, None, None, ErrorKind::NoRegion));
        };
        let config = aws_sdk_sts::config::Builder::from(&self.shared.config)
            .region(Region::new(region.to_string()))
            .retry_config(self.retries())
            .interceptor(self.gate());
        let client = aws_sdk_sts::Client::from_conf(config.build());
        let answer = Mutex::new((None, None));
        let ask = async |watch| {
            let done = client.get_caller_identity().customize().interceptor(watch).send().await;
            if let Ok(identity) = &done {
                let found = (identity.account().map(str::to_owned), identity.arn().map(str::to_owned));
                *answer.lock().unwrap_or_else(PoisonError::into_inner) = found;
            }
            outcome(done)
        };
        self.perform(command, None, &region, ask).await?;
        Ok(answer.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Paces a call, makes it, repeats it while that may help, and writes it into the log.
    pub(super) async fn perform<Sending: Future<Output = Sent>>(
        &self,
        command: Command,
        resource: Option<&str>,
        region: &str,
        send: impl Fn(Watch) -> Sending,
    ) -> Result<SharedBytes, AwsError> {
        let operation = command.operation();
        let account = resource.and_then(|arn| arn.split(':').nth(4)).unwrap_or_default();
        let key = Key { account: account.into(), region: region.into(), operation };
        let Options { budget, patience, profile, endpoint_url, .. } = &self.shared.options;
        let line = command.global("region", Some(region)).global("profile", profile.as_deref());
        let address = endpoint_url.as_deref().map(without_credentials);
        let line = line.global("endpoint-url", address.as_deref()).to_string();
        let mut repeat = 0;
        loop {
            tokio::time::sleep(budget.take(&key, Instant::now())).await;
            let (at, begun, watch) = (now(), Instant::now(), Watch::default());
            let sent = send(watch.clone()).await;
            let seen = watch.seen();
            let kind = match sent {
                Sent::Answered => None,
                sent => failure(operation, sent, &seen),
            };
            match seen.throttled > 0 || kind == Some(ErrorKind::Throttled) {
                true => budget.throttled(&key, Instant::now()),
                false => budget.answered(&key, Instant::now()),
            }
            let done = match (kind, seen.body) {
                (None, Some(body)) => Ok(body),
                (None, None) => Err(ErrorKind::Unreadable("the answer is empty".into())),
                (Some(kind), _) => Err(kind),
            };
            let done = done.map_err(|kind| self.error(operation, resource, Some(region), kind));
            let result = match &done {
                Ok(body) => CallResult::Answered { bytes: body.len() },
                Err(error) => CallResult::Failed(error.to_string().into()),
            };
            let (command, took, request_id) = (line.clone(), begun.elapsed(), seen.request_id);
            let attempts = seen.attempts;
            self.shared.calls.add(Call { number: 0, at, operation, command, took, attempts, result, request_id });
            match done {
                // A call that acts may have acted although its answer got lost: only what was refused is repeated.
                Err(error)
                    if repeat < patience.repeats
                        && (error.kind == ErrorKind::Throttled
                            || operation.effect() == super::Effect::Reads && error.kind.is_passing()) =>
                {
                    tokio::time::sleep(patience.before(repeat)).await;
                    repeat += 1;
                }
                done => return done,
            }
        }
    }

    /// The region an ARN names wins over the one this connection was made for.
    fn region_for(&self, resource: Option<&str>) -> Option<Arc<str>> {
        let named = resource.and_then(|arn| arn.split(':').nth(3)).filter(|region| !region.is_empty());
        named.map(Arc::from).or_else(|| self.region.clone())
    }

    fn in_sdk(&self, region: &Arc<str>) -> aws_sdk_sfn::Client {
        let mut regions = self.shared.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let client = regions.entry(Arc::clone(region)).or_insert_with(|| {
            let config = aws_sdk_sfn::config::Builder::from(&self.shared.config)
                .region(Region::new(region.to_string()))
                .retry_config(self.retries())
                .interceptor(self.gate());
            aws_sdk_sfn::Client::from_conf(config.build())
        });
        client.clone()
    }

    /// What everybody sets (`AWS_RETRY_MODE`, `AWS_MAX_ATTEMPTS`) holds here too; the pauses are ours, as tests need.
    fn retries(&self) -> RetryConfig {
        let patience = self.shared.options.patience;
        let set = self.shared.config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
        set.with_initial_backoff(patience.pause).with_max_backoff(patience.longest)
    }

    fn gate(&self) -> Gate {
        let elsewhere = self.shared.config.endpoint_url().is_some() || elsewhere_by_environment();
        Gate { access: self.shared.options.access, elsewhere }
    }

    fn error(&self, operation: Operation, resource: Option<&str>, region: Option<&str>, kind: ErrorKind) -> AwsError {
        AwsError {
            operation: Some(operation),
            resource: resource.map(Arc::from),
            region: region.map(Arc::from),
            profile: self.profile().map(Arc::from).or_else(profile_by_environment),
            kind,
        }
    }
}

/// The credentials of a profile that was named. As in the AWS CLI, they go before keys in the environment, which the SDK
/// would take first.
fn of_profile(profile: &str, config: &SdkConfig, http: SharedHttpClient) -> ProfileFileCredentialsProvider {
    let config = ProviderConfig::without_region().with_region(config.region().cloned()).with_http_client(http);
    ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build()
}

/// Returns the present.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn elsewhere_by_environment() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("AWS_ENDPOINT_URL_SFN") || set("AWS_ENDPOINT_URL")
}

fn profile_by_environment() -> Option<Arc<str>> {
    std::env::var("AWS_PROFILE").ok().filter(|profile| !profile.is_empty()).map(Arc::from)
}

/// Says why a call was not answered; `None` when it was, although the SDK could not read the answer.
fn failure(operation: Operation, sent: Sent, seen: &Seen) -> Option<ErrorKind> {
    Some(match sent {
        Sent::Answered => return None,
        Sent::Refused { code, message } => ErrorKind::of_answer(operation, seen.status, &code, &message),
        Sent::Unparsed(_) if seen.body.is_some() => return None,
        Sent::Unparsed(error) if seen.status >= 400 => {
            let message: Arc<str> = innermost(error.as_ref()).into();
            ErrorKind::Failed { status: seen.status, message }
        }
        Sent::Unparsed(error) => ErrorKind::Unreachable(without_credentials(&innermost(error.as_ref())).into()),
        Sent::Lost(Lost::Timeout) => ErrorKind::TimedOut,
        Sent::Lost(Lost::Connection(error)) => {
            ErrorKind::Unreachable(without_credentials(&innermost(error.as_ref())).into())
        }
        Sent::Lost(Lost::Before(error)) => before(error.as_ref()),
    })
}

/// Says what kept a call from being sent: the gate, or credentials.
fn before(error: &(dyn Error + 'static)) -> ErrorKind {
    if chain(error).any(|error| error.is::<Forbidden>()) {
        return ErrorKind::ReadOnly;
    }
    let of_credentials = |error: &&(dyn Error + 'static)| error.is::<CredentialsError>() || error.is::<TokenError>();
    let Some(credentials) = chain(error).find(of_credentials) else {
        return ErrorKind::Unreachable(without_credentials(&innermost(error)).into());
    };
    let words: String = chain(credentials).map(|error| format!("{error}: ")).collect();
    let lower = words.to_lowercase();
    if lower.contains("sso")
        && (lower.contains("expired") || lower.contains("invalid_grant") || lower.contains("cached"))
        || lower.contains("unauthorizedexception")
    {
        return ErrorKind::LoginExpired;
    }
    match credentials.downcast_ref::<CredentialsError>() {
        Some(CredentialsError::CredentialsNotLoaded(_)) => ErrorKind::NoCredentials,
        _ => ErrorKind::CredentialsFailed(innermost(credentials).into()),
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// The words nearest to what happened.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let text = chain(error).last().map_or_else(String::new, ToString::to_string);
    text.split(" (os error").next().unwrap_or(&text).trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{Effect, Keys, Patience};
    use super::*;
    use std::time::Duration;

    fn call(access: Access, request: &Request) -> ErrorKind {
        let options = Options {
            region: Some("eu-west-1".to_owned()),
            // Nobody listens there: what gets as far as the wire is lost.
            endpoint_url: Some("http://127.0.0.1:1".to_owned()),
            keys: Some(Keys { id: "A".to_owned(), secret: "s".to_owned() }),
            access,
            patience: Patience { repeats: 0, pause: Duration::ZERO, ..Patience::default() },
            ..Options::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { Client::connect(options).await.unwrap().call(request).await.unwrap_err().kind })
    }

    #[test]
    fn what_changes_something_does_not_reach_the_wire_of_a_client_that_may_only_look() {
        let text = || "x".to_owned();
        let acting = [
            Request::StartExecution { arn: text(), name: None, input: None },
            Request::StartSyncExecution { arn: text(), name: None, input: None },
            Request::StopExecution { arn: text(), error: None, cause: None },
            Request::RedriveExecution { arn: text() },
            Request::SendTaskSuccess { token: text(), output: text() },
            Request::SendTaskFailure { token: text(), error: None, cause: None },
            Request::SendTaskHeartbeat { token: text() },
        ];
        assert_eq!(acting.len(), Operation::ALL.iter().filter(|operation| operation.effect() == Effect::Acts).count());
        for request in acting {
            assert_eq!(call(Access::ReadOnly, &request), ErrorKind::ReadOnly, "{request:?}");
            assert!(matches!(call(Access::Actions, &request), ErrorKind::Unreachable(_)), "{request:?}");
        }
        let look = Request::DescribeExecution { arn: text() };
        assert!(matches!(call(Access::ReadOnly, &look), ErrorKind::Unreachable(_)));
    }
}
