//! The way to AWS: credentials, regions, calls that are paced, repeated, logged, and answered with the service's JSON.

use super::budget::Key;
use super::failure::{self, failure};
use super::http::{self, Way};
use super::repeat::{Trying, repeats};
use super::request::{Request, Sent, outcome};
use super::setup::is_sound;
use super::watch::{Gate, Watch};
use super::{Access, AwsError, Call, CallLog, CallResult, Command, ErrorKind, Keys, Operation, Options, Setup, plain};
use crate::event::Timestamp;
use crate::json::SharedBytes;
use crate::json::visible::without_credentials;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use std::collections::HashMap;
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
    setup: Setup,
    options: Options,
    calls: CallLog,
    way: Way,
    /// One client of the SDK for each region; all share credentials and connections.
    regions: Mutex<HashMap<Arc<str>, aws_sdk_sfn::Client>>,
}

impl Client {
    /// Finds out where and as whom to ask. Nothing is asked yet, unless the credentials have to be: an error of theirs
    /// comes with the first call.
    pub async fn connect(mut options: Options) -> Result<Self, AwsError> {
        let setup = Setup::of_machine();
        let named = options.profile.clone();
        let fail = |kind| AwsError { profile: named.as_deref().map(Arc::from), ..AwsError::new(kind) };
        if options.keys.is_none()
            && let Some(kind) = setup.fault(named.as_deref())
        {
            return Err(fail(kind));
        }
        options.endpoint_url = options.endpoint_url.filter(|url| !url.trim().is_empty());
        for (url, from) in endpoints(&setup, &options) {
            http::endpoint(&url).map_err(|reason| fail(bad_endpoint(&url, &from, reason)))?;
        }
        if let Some(attempts) = setup.attempts(named.as_deref()) {
            options.patience.repeats = attempts - 1;
        }
        let wires = http::wires(&setup, named.as_deref()).map_err(fail)?;
        let config = load(&options, &setup, wires.client).await;
        let region = config.region().map(Region::as_ref).filter(|region| !region.trim().is_empty()).map(Arc::from);
        let (calls, regions) = (CallLog::default(), Mutex::default());
        let shared = Shared { config, setup, options, calls, way: wires.way, regions };
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

    pub(super) fn patience(&self) -> super::Patience {
        self.shared.options.patience
    }

    /// Returns what was asked so far.
    pub fn calls(&self) -> &CallLog {
        &self.shared.calls
    }

    /// Makes a call to Step Functions and returns the body of the answer.
    pub(super) async fn call(&self, request: &Request) -> Result<SharedBytes, AwsError> {
        let region = self.region_of(request.operation(), request.resource())?;
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
        let (config, body) = (&self.shared.config, request.body());
        let name = request.operation().name();
        let address = plain::endpoint(plain::LOGS, config, self.endpoint(plain::LOGS.variable), region);
        let send = |watch| {
            plain::call(plain::LOGS, name, &body, config, (&address, region), (self.gate("CLOUDWATCH_LOGS"), watch))
        };
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
        let region = self.region_of(Operation::GetCallerIdentity, None)?;
        let mut config = aws_sdk_sts::config::Builder::from(&self.shared.config)
            .region(Region::new(region.to_string()))
            .retry_config(RetryConfig::disabled())
            .interceptor(self.gate("STS"));
        config.set_endpoint_url(self.endpoint("STS").map(str::to_owned));
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
        let mut trying = Trying::new(&self.shared.options.listener, patience.tells);
        let mut times = 0;
        loop {
            trying.patiently(operation, tokio::time::sleep(budget.take(&key, Instant::now()))).await;
            let (at, begun, watch) = (now(), Instant::now(), Watch::default());
            let sent = trying.patiently(operation, send(watch.clone())).await;
            times += 1;
            let seen = watch.seen();
            let kind = match failure(operation, sent, &seen, &self.shared.way) {
                Some(kind) => Some(failure::named(kind, &seen, &self.shared.way).await),
                None => None,
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
                Err(error) if error.kind.may_have_happened() => CallResult::Lost(error.to_string().into()),
                Err(error) => CallResult::Failed(error.to_string().into()),
            };
            let (command, took, request_id) = (line.clone(), begun.elapsed(), seen.request_id);
            self.shared.calls.add(Call {
                number: 0,
                at,
                operation,
                command,
                took,
                attempts: times,
                result,
                request_id,
            });
            let error = match done {
                Err(error) if times <= self.repeats(operation, &error.kind, times) => error,
                done => return done,
            };
            let (pause, of) = (patience.before(times - 1), self.repeats(operation, &error.kind, times) + 1);
            trying.again(operation, times + 1, of, error.brief(), pause);
            tokio::time::sleep(pause).await;
        }
    }

    /// How often a call may be repeated that went so. One that was refused for the time it was signed at is sent once
    /// more: the SDK has learned the time from the refusal.
    fn repeats(&self, operation: Operation, kind: &ErrorKind, times: u32) -> u32 {
        match kind {
            ErrorKind::ClockWrong { seconds } if *seconds != 0 && times == 1 => {
                u32::from(operation.effect() == super::Effect::Reads)
            }
            kind => repeats(operation, kind, self.shared.options.patience),
        }
    }

    /// The region an ARN names wins over the one this connection was made for.
    fn region_for(&self, resource: Option<&str>) -> Option<Arc<str>> {
        let named = resource.and_then(|arn| arn.split(':').nth(3)).filter(|region| !region.is_empty());
        named.map(Arc::from).or_else(|| self.region.clone())
    }

    /// Returns the region of a call. Rule: a region is part of a host's name, so it can have only its characters.
    fn region_of(&self, operation: Operation, resource: Option<&str>) -> Result<Arc<str>, AwsError> {
        let region = self.region_for(resource);
        let region = region.ok_or_else(|| self.error(operation, None, None, ErrorKind::NoRegion))?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if region.len() <= 63 && region.chars().all(fits) {
            return Ok(region);
        }
        let shown: String = region.chars().take(80).collect();
        let (what, hint) = (format!("'{shown}' is not a region"), "A region looks like eu-west-1.");
        Err(self.error(operation, None, None, ErrorKind::Misconfigured { what: what.into(), hint: hint.into() }))
    }

    fn in_sdk(&self, region: &Arc<str>) -> aws_sdk_sfn::Client {
        let mut regions = self.shared.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let client = regions.entry(Arc::clone(region)).or_insert_with(|| {
            let mut config = aws_sdk_sfn::config::Builder::from(&self.shared.config)
                .region(Region::new(region.to_string()))
                // What is repeated is ours to decide and to tell: the SDK repeats in silence, also what acts.
                .retry_config(RetryConfig::disabled())
                .interceptor(self.gate("SFN"));
            config.set_endpoint_url(self.endpoint("SFN").map(str::to_owned));
            aws_sdk_sfn::Client::from_conf(config.build())
        });
        client.clone()
    }

    /// Returns the address that stands in for AWS's.
    fn endpoint(&self, service: &str) -> Option<&str> {
        let Options { endpoint_url, profile, .. } = &self.shared.options;
        let set_up = || Some(self.shared.setup.endpoint(profile.as_deref(), service)?.0);
        endpoint_url.as_deref().or_else(set_up)
    }

    fn gate(&self, service: &str) -> Gate {
        Gate { access: self.shared.options.access, elsewhere: self.endpoint(service).is_some() }
    }

    fn error(&self, operation: Operation, resource: Option<&str>, region: Option<&str>, kind: ErrorKind) -> AwsError {
        AwsError {
            operation: Some(operation),
            resource: resource.map(Arc::from),
            region: region.map(Arc::from),
            profile: self.profile().or_else(|| self.shared.setup.variable("AWS_PROFILE")).map(Arc::from),
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

/// Everything that stands in for an address of AWS's, and what says so.
fn endpoints(setup: &Setup, options: &Options) -> Vec<(String, String)> {
    if let Some(url) = &options.endpoint_url {
        return vec![(url.clone(), "--endpoint-url".to_owned())];
    }
    let named = options.profile.as_deref();
    let services = ["SFN", "STS", "CLOUDWATCH_LOGS"].into_iter();
    services.filter_map(|service| setup.endpoint(named, service)).map(|(url, from)| (url.to_owned(), from)).collect()
}

fn bad_endpoint(url: &str, from: &str, reason: &str) -> ErrorKind {
    let shown: String = without_credentials(url).chars().take(80).collect();
    ErrorKind::Misconfigured {
        what: format!("{from} is '{shown}': {reason}").into(),
        hint: "An address looks like http://localhost:4566.".into(),
    }
}

/// Loads what the SDK needs, with nothing left to it that it would take from a variable without looking.
async fn load(options: &Options, setup: &Setup, http: SharedHttpClient) -> SdkConfig {
    let patience = options.patience;
    let timeouts = TimeoutConfig::builder().read_timeout(patience.answer).operation_attempt_timeout(patience.whole);
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(http.clone())
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts.build());
    let named = options.profile.as_deref();
    if let Some(profile) = named {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = options.region.as_deref().or_else(|| Some(setup.region(named)?.0)) {
        loader = loader.region(Region::new(region.to_owned()));
    }
    if let Some(Keys { id, secret }) = &options.keys {
        loader = loader.credentials_provider(Credentials::new(id, secret, None, None, "given"));
    }
    let mut config = loader.load().await;
    let provider = match (named, &options.keys) {
        (Some(profile), None) => Some(SharedCredentialsProvider::new(of_profile(profile, &config, http))),
        _ => config.credentials_provider(),
    };
    if let Some(provider) = provider {
        config = config.into_builder().credentials_provider(SharedCredentialsProvider::new(Sound(provider))).build();
    }
    config
}

/// Credentials that can be sent. Others end the program in the SDK, whatever gave them.
#[derive(Debug)]
struct Sound(SharedCredentialsProvider);

impl ProvideCredentials for Sound {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let given = self.0.provide_credentials().await?;
            match is_sound(given.access_key_id()) && given.session_token().is_none_or(is_sound) {
                true => Ok(given),
                false => Err(CredentialsError::invalid_configuration("the key has characters that no key has")),
            }
        })
    }
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
            Request::RedriveExecution { arn: text(), token: text() },
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
