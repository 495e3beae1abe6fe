//! Records what is in AWS.

use super::carry::{self, Held};
use super::destination::{Destination, file_name};
use super::keeper::Keeper;
use super::{Args, Redacting, Which, from_logs, summary};
use crate::cli::{Failure, Output, Verdict, aws, interrupt};
use crate::event::Event;
use crate::recording::{Events, Recording, Status};
use crate::source::aws::{AwsError, Children, Client, ExecutionFilter, FetchOptions, Follow, Progress};
use crate::source::remote::{Remote, RemoteKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What came of recording.
pub(super) struct Recorded {
    pub(super) recording: Recording,
    /// What AWS did not answer, the first of it.
    pub(super) trouble: Option<Failure>,
}

/// How an execution that runs is looked at: at first often, then more and more seldom.
const SOONEST: Duration = Duration::from_secs(1);
const LATEST: Duration = Duration::from_secs(10);

/// How long AWS may be out of reach before following is given up.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) fn run(
    args: &Args,
    remote: &Remote,
    redacting: &Redacting,
    output: &mut Output,
) -> Result<Verdict, Failure> {
    let interrupted = interrupt::flag();
    aws::block_on(async {
        let client = Client::connect(args.reach.options()).await.map_err(|error| aws::failure(&error))?;
        let remote = execution(&client, remote).await?;
        let path = args.output.clone().unwrap_or_else(|| default_path(&remote));
        let mut destination = Destination::at(path, Some(&remote.arn()), args.force)?;
        let known = destination.take_existing();
        if let Some(known) = &known {
            carry::check(known, destination.path(), args, &redacting.rules)?;
        }
        let held = known.as_deref().map(Held::of);
        let mut keeper = Keeper::new(&destination, redacting, known.clone());
        let stopped = interrupt::until(&interrupted, record(args, &client, &remote, known.clone(), &mut keeper)).await;
        keeper.clear();
        let (recorded, stop) = match stopped {
            Some(recorded) => (recorded?, false),
            None => (interrupted_at(keeper.take(), known)?, true),
        };
        let written = keeper.save(&recorded.recording)?;
        summary::tell(&written, &destination, Some(client.calls().count()), args.json, output)?;
        if let Some(held) = held {
            output.note(held.changes(Held::of(&written)));
        }
        match (stop, recorded.trouble) {
            (true, _) => Err(Failure::interrupted("Interrupted.").hint("Run the same command again to go on.")),
            (false, Some(trouble)) => Err(trouble),
            (false, None) => Ok(Verdict::Fine),
        }
    })?
}

fn interrupted_at(latest: Option<Recording>, known: Option<Box<Recording>>) -> Result<Recorded, Failure> {
    let Some(mut recording) = latest.or(known.map(|known| *known)).filter(|recording| !recording.events.is_empty())
    else {
        return Err(Failure::interrupted("Interrupted before anything was there."));
    };
    recording.recorded.complete = Some(false);
    let note: Arc<str> = "Recording was interrupted.".into();
    if !recording.recorded.notes.as_ref().is_some_and(|notes| notes.contains(&note)) {
        recording.recorded.note(note);
    }
    Ok(Recorded { recording, trouble: None })
}

/// Returns the execution to record: a map run is recorded with the execution it belongs to.
async fn execution(client: &Client, remote: &Remote) -> Result<Remote, Failure> {
    match &remote.kind {
        RemoteKind::Execution { .. } | RemoteKind::Express { .. } => Ok(remote.clone()),
        RemoteKind::MapRun { .. } => {
            let run = client.describe_map_run(&remote.arn()).await.map_err(|error| aws::failure(&error))?;
            let execution = run.execution_arn.as_deref().and_then(|arn| Remote::parse(arn).ok());
            execution.ok_or_else(|| Failure::refused(format!("AWS names no execution for {}.", remote.arn())))
        }
        RemoteKind::Machine { .. } => {
            let failure = Failure::input("This is a state machine; an execution is wanted.");
            let filter = ExecutionFilter { limit: 3, ..ExecutionFilter::of_machine(remote.arn()) };
            let newest = client.executions(&filter, None).await.map(|page| page.items).unwrap_or_default();
            let arns: Vec<String> =
                newest.iter().filter_map(|it| it.execution_arn.as_deref().map(str::to_owned)).collect();
            Err(match arns.is_empty() {
                true => failure.hint("Name one of its executions."),
                false => failure.hint(format!("Its newest are:\n  {}", arns.join("\n  "))),
            })
        }
    }
}

fn default_path(remote: &Remote) -> PathBuf {
    let machine = remote.machine_name().to_string();
    match &remote.kind {
        RemoteKind::Execution { name, .. } | RemoteKind::Express { name, .. } => file_name(&machine, name),
        RemoteKind::Machine { .. } | RemoteKind::MapRun { .. } => file_name(&machine, "execution"),
    }
}

async fn record(
    args: &Args,
    client: &Client,
    remote: &Remote,
    known: Option<Box<Recording>>,
    keeper: &mut Keeper<'_>,
) -> Result<Recorded, Failure> {
    if let RemoteKind::Express { .. } = remote.kind {
        let recording = from_logs::one(args, client, remote).await?;
        return finish(args, client, known, Recorded { recording, trouble: None }, keeper).await;
    }
    let mut recorded = fetch(args, client, remote, carry::base(known.as_deref()), keeper).await?;
    if args.follow {
        recorded = follow(args, client, remote, recorded, keeper).await?;
    }
    from_logs::children(args, client, &mut recorded, keeper).await;
    finish(args, client, known, recorded, keeper).await
}

async fn fetch(
    args: &Args,
    client: &Client,
    remote: &Remote,
    known: Option<Box<Recording>>,
    keeper: &mut Keeper<'_>,
) -> Result<Recorded, Failure> {
    let children = match args.children {
        Which::All => Children::All,
        Which::Failed => Children::Failed,
        Which::None => Children::None,
    };
    let options = FetchOptions { children, cache: args.reach.cache(), known };
    let mut failed = None;
    let arn = remote.arn();
    let fetched = client.fetch(&arn, &options, |progress| {
        keeper.tell(|| line(progress));
        if let Err(failure) = keeper.look(|| progress.recording()) {
            failed.get_or_insert(failure);
        }
    });
    let fetched = fetched.await.map_err(|error| aws::failure(&error))?;
    match failed {
        Some(failure) => Err(failure),
        None => Ok(Recorded { recording: fetched.recording, trouble: fetched.troubles.first().map(aws::failure) }),
    }
}

fn line(progress: &Progress<'_>) -> String {
    let events = match progress.total() {
        Some(total) => format!("{} of {total} events", progress.events()),
        None => format!("{} events", progress.events()),
    };
    match (progress.executions(), progress.histories()) {
        (0, _) => events,
        (executions, (wanted, there)) => format!("{events}, {executions} executions, {there} of {wanted} with events"),
    }
}

/// Waits for the end, and then fetches what has come with it.
async fn follow(
    args: &Args,
    client: &Client,
    remote: &Remote,
    mut recorded: Recorded,
    keeper: &mut Keeper<'_>,
) -> Result<Recorded, Failure> {
    if recorded.recording.status() != Status::Running || recorded.trouble.is_some() {
        return Ok(recorded);
    }
    let last = recorded.recording.events.last_facts().map(|facts| facts.id);
    let mut follow = Follow::new(client.clone(), remote.arn(), last);
    let (mut pause, mut silent) = (SOONEST, None::<Instant>);
    loop {
        tokio::time::sleep(pause).await;
        let news = match follow.look().await {
            Ok(news) => news,
            Err(error) if error.kind.is_of_network() && silent.is_none_or(|since| since.elapsed() < PATIENCE) => {
                if silent.is_none() {
                    keeper.note(&format!("{error} It is tried again for up to 10 minutes."));
                }
                silent.get_or_insert_with(Instant::now);
                pause = LATEST;
                continue;
            }
            Err(error) => return Ok(cut_off(recorded, &error)),
        };
        silent = None;
        pause = if news.events.is_empty() { (pause * 3 / 2).min(LATEST) } else { SOONEST };
        append(&mut recorded.recording, &news.events);
        let count = recorded.recording.events.len();
        keeper.tell(|| format!("{count} events, running"));
        keeper.keep(recorded.recording.clone())?;
        if news.ended.is_some() {
            let known = Some(Box::new(recorded.recording));
            return fetch(args, client, remote, known, keeper).await;
        }
    }
}

fn cut_off(mut recorded: Recorded, error: &AwsError) -> Recorded {
    recorded.recording.recorded.note(error.to_string());
    recorded.trouble = Some(aws::failure(error));
    recorded
}

fn append(recording: &mut Recording, events: &Events) {
    if !events.is_empty() {
        let all: Vec<Event> = recording.events.iter().chain(events.iter()).collect();
        recording.events = Events::from(all);
    }
}

/// Adds log lines if they are wanted, and what somebody added to the file before.
async fn finish(
    args: &Args,
    client: &Client,
    known: Option<Box<Recording>>,
    recorded: Recorded,
    keeper: &mut Keeper<'_>,
) -> Result<Recorded, Failure> {
    let mut recorded = recorded;
    if let Some(known) = known {
        carry::over(*known, &mut recorded.recording);
    }
    keeper.keep(recorded.recording.clone())?;
    if args.logs {
        from_logs::add_function_logs(client, &mut recorded, keeper).await;
    }
    Ok(recorded)
}
