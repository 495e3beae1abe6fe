//! Executions named by ARN or console address: fetched first, then a recording like any other.

use super::output::Ticker;
use super::{Failure, Output};
use crate::json::Payload;
use crate::recording::{Recording, StateMachine};
#[cfg(feature = "aws")]
use crate::source::aws::logs::{ExpressError, ExpressSearch};
#[cfg(feature = "aws")]
use crate::source::aws::{AwsError, Client, FetchOptions, Progress};
use crate::source::aws::{Cache, Listener, Options, Repeat};
use crate::source::remote::{Remote, RemoteKind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where the help has these options.
const HEADING: &str = "AWS, when the target is an ARN or an address of the console";

/// How to reach AWS; defaults come from the environment and ~/.aws.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Reach {
    /// The profile in ~/.aws/config.
    #[arg(long, value_name = "NAME", help_heading = HEADING)]
    profile: Option<String>,
    /// The region of names that do not include one.
    #[arg(long, value_name = "REGION", help_heading = HEADING)]
    region: Option<String>,
    /// Override the endpoint of every service, for example for an emulator.
    #[arg(long, value_name = "URL", help_heading = HEADING)]
    endpoint_url: Option<String>,
    /// Bypass the cache.
    #[arg(long, help_heading = HEADING)]
    no_cache: bool,
}

impl Reach {
    /// Returns how to reach AWS.
    pub(super) fn options(&self) -> Options {
        Options {
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            listener: repeats(),
            ..Options::default()
        }
    }

    /// Returns how the screen reaches AWS: it tells by itself what is sent again.
    pub(super) fn of_screen(&self) -> crate::runtime::Reach {
        let keeps = !self.no_cache && self.endpoint_url.is_none();
        crate::runtime::Reach {
            options: Options { endpoint_url: self.endpoint_url.clone(), ..Options::default() },
            profiles: self.profile.iter().cloned().collect(),
            regions: self.region.iter().cloned().collect(),
            cache: keeps.then(Cache::of_user).flatten(),
        }
    }

    /// Returns where finished executions are kept. What comes from an emulator is not: its ARNs return after a restart.
    #[cfg(feature = "aws")]
    pub(super) fn cache(&self) -> Option<Cache> {
        let keeps = !self.no_cache && self.endpoint_url.is_none();
        if keeps { Cache::of_user() } else { None }
    }
}

/// Lines about calls that are repeated are this far apart: many calls may be at once.
const APART: Duration = Duration::from_secs(1);

/// Lines about calls that are not answered yet are this far apart.
const SLOWLY: Duration = Duration::from_secs(10);

/// Tells on standard error of calls that are sent again or are long in being answered, so that nobody waits in silence.
fn repeats() -> Listener {
    let last = Mutex::new(None::<Instant>);
    Listener::new(move |repeat| {
        let (operation, words, apart) = match repeat {
            Repeat::Again(again) => (again.operation, again.to_string(), APART),
            Repeat::Slow(slow) => (slow.operation, slow.to_string(), SLOWLY),
            Repeat::Over(_) => return,
        };
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last.elapsed() >= apart) {
            *last = Some(Instant::now());
            Ticker::new(Duration::ZERO).note(&format!("{}: {words}", operation.name()));
        }
    })
}

/// Returns the name in AWS that a target is; `None` when it is meant as something else.
pub(super) fn named(target: &str) -> Result<Option<Remote>, Failure> {
    if !Remote::is_meant(target) {
        return Ok(None);
    }
    Remote::parse(target).map(Some).map_err(|error| Failure::input(error.to_string()).hint(error.hint()))
}

/// Fetches an execution, with those it started that failed.
pub(super) fn recording(remote: &Remote, reach: &Reach, output: &mut Output) -> Result<Recording, Failure> {
    match &remote.kind {
        RemoteKind::Execution { .. } => fetch(remote, reach, output),
        #[cfg(feature = "aws")]
        RemoteKind::Express { .. } => rebuild(remote, reach),
        #[cfg(not(feature = "aws"))]
        RemoteKind::Express { .. } => fetch(remote, reach, output),
        RemoteKind::Machine { machine, .. } => {
            Err(Failure::input(format!("{machine} is a state machine, and an execution is wanted."))
                .hint(format!("stepback {remote} lists its executions.")))
        }
        RemoteKind::MapRun { .. } => Err(Failure::input(format!("{remote} is a map run, and an execution is wanted."))
            .hint("Name the execution it belongs to: what its items did is shown there.")),
    }
}

/// Fetches the definition that a machine, a version or an alias has now.
#[cfg(feature = "aws")]
pub(super) fn definition(remote: &Remote, reach: &Reach) -> Result<Payload, Failure> {
    let found = block_on(async {
        let client = Client::connect(reach.options()).await?;
        client.describe_state_machine(&remote.arn()).await
    });
    let found = found?.map_err(|error| failure(&error))?;
    found.definition.ok_or_else(|| Failure::refused(format!("AWS does not tell the definition of {remote}.")))
}

#[cfg(not(feature = "aws"))]
pub(super) fn definition(_: &Remote, _: &Reach) -> Result<Payload, Failure> {
    Err(Failure::input("This stepback was built without AWS.").hint("Build it with the feature 'aws'."))
}

/// Fetches the last execution of the same machine that succeeded before this one began.
#[cfg(feature = "aws")]
pub(super) fn last_good(of: &Recording, reach: &Reach, output: &mut Output) -> Result<Option<Recording>, Failure> {
    let found = block_on(async {
        let client = Client::connect(reach.options()).await?;
        client.last_good(of).await
    });
    let Some(found) = found?.map_err(|error| failure(&error))? else { return Ok(None) };
    let arn = found.execution_arn.as_deref().unwrap_or_default();
    let remote = Remote::parse(arn).map_err(|error| Failure::refused(error.to_string()))?;
    fetch(&remote, reach, output).map(Some)
}

/// Asks for a machine as it is now, or as an execution ran it.
#[cfg(feature = "aws")]
pub(super) fn machine(remote: &Remote, reach: &Reach) -> Result<StateMachine, Failure> {
    let asked = block_on(async {
        let client = Client::connect(reach.options()).await?;
        match &remote.kind {
            RemoteKind::Execution { .. } => client.describe_state_machine_for_execution(&remote.arn()).await,
            RemoteKind::Machine { .. } => client.describe_state_machine(&remote.arn()).await,
            RemoteKind::Express { .. } | RemoteKind::MapRun { .. } => {
                client.describe_state_machine(&remote.machine_of().arn()).await
            }
        }
    });
    asked?.map_err(|error| failure(&error))
}

#[cfg(not(feature = "aws"))]
pub(super) fn machine(_: &Remote, _: &Reach) -> Result<StateMachine, Failure> {
    Err(Failure::input("This stepback was built without AWS.").hint("Build it with the feature 'aws'."))
}

/// Says on the command line what AWS did not answer.
#[cfg(feature = "aws")]
pub(super) fn failure(error: &AwsError) -> Failure {
    let failure = Failure::refused(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Says on the command line why an Express execution is not there.
#[cfg(feature = "aws")]
pub(super) fn express_failure(error: &ExpressError) -> Failure {
    match error {
        ExpressError::Aws(error) => failure(error),
        ExpressError::NotLogged(not) => Failure::refused(not.to_string()).hint(not.hint()),
    }
}

#[cfg(not(feature = "aws"))]
pub(super) fn last_good(_: &Recording, _: &Reach, _: &mut Output) -> Result<Option<Recording>, Failure> {
    Ok(None)
}

#[cfg(not(feature = "aws"))]
fn fetch(_: &Remote, _: &Reach, _: &mut Output) -> Result<Recording, Failure> {
    Err(Failure::input("This stepback was built without AWS.").hint("Build it with the feature 'aws'."))
}

#[cfg(feature = "aws")]
fn fetch(remote: &Remote, reach: &Reach, output: &mut Output) -> Result<Recording, Failure> {
    let options = FetchOptions { cache: reach.cache(), ..FetchOptions::default() };
    let mut ticker = Ticker::new(PATIENCE);
    let fetched = block_on(async {
        let client = Client::connect(reach.options()).await?;
        client.fetch(&remote.arn(), &options, |progress| ticker.tell(|| line(progress))).await
    });
    ticker.clear();
    let fetched = fetched?.map_err(|error| failure(&error))?;
    for trouble in &fetched.troubles {
        output.note(format!("warning: {trouble}"));
    }
    Ok(fetched.recording)
}

/// Rebuilds an Express execution from the log of its machine.
#[cfg(feature = "aws")]
fn rebuild(remote: &Remote, reach: &Reach) -> Result<Recording, Failure> {
    block_on(async {
        let client = Client::connect(reach.options()).await.map_err(|error| failure(&error))?;
        let search = ExpressSearch { now: crate::source::aws::now(), since: None };
        client.express(remote, search).await.map_err(|error| express_failure(&error))
    })?
}

/// Waits for something that takes place outside.
#[cfg(feature = "aws")]
pub(super) fn block_on<T>(what: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::input(format!("Cannot wait for AWS: {error}.")))?;
    Ok(runtime.block_on(what))
}

/// How often the line is renewed, and what is over sooner is not worth one.
#[cfg(feature = "aws")]
const PATIENCE: Duration = Duration::from_millis(200);

/// Says how far fetching is.
#[cfg(feature = "aws")]
fn line(progress: &Progress<'_>) -> String {
    let events = progress.events();
    let of = progress.total().map_or_else(String::new, |total| format!(" of {total}"));
    let (wanted, there) = progress.histories();
    let executions = if wanted > 0 { format!(", {there} of {wanted} executions it started") } else { String::new() };
    format!("Fetching: {events}{of} events{executions}")
}
