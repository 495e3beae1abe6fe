//! Records Express executions, whose events are in their machines' logs only.

use crate::cli::record::fetch::{BY, Recorded};
use crate::cli::record::keeper::Keeper;
use crate::cli::record::{Args, Which};
use crate::cli::{Failure, aws};
use crate::recording::{Recording, Status};
use crate::source::aws::logs::{ExpressError, ExpressSearch, Insights, LogSettings, Span};
use crate::source::aws::{Client, now};
use crate::source::remote::Remote;
use std::collections::BTreeMap;

/// More executions of one machine than this are asked for by a query instead of one by one.
const FEW: usize = 5;

/// Lines come a little late, and no Express execution is longer than five minutes.
const MARGIN: i64 = 6 * 60_000;

/// Records one.
pub(in crate::cli::record) async fn one(args: &Args, client: &Client, remote: &Remote) -> Result<Recording, Failure> {
    let now = now();
    let search = ExpressSearch { now, since: args.since.map(|since| since.from(now)) };
    let mut recording = client.express(remote, search).await.map_err(|error| aws::express_failure(&error))?;
    (recording.recorded.at, recording.recorded.by) = (Some(now), Some(BY.into()));
    Ok(recording)
}

/// The executions of one machine that are wanted, and when they ran.
struct Wanted {
    arns: Vec<String>,
    span: Span,
}

/// Adds the events of the Express executions that an execution started.
pub(in crate::cli::record) async fn children(
    args: &Args,
    client: &Client,
    recorded: &mut Recorded,
    keeper: &mut Keeper<'_>,
) {
    let mut machines = BTreeMap::new();
    wanted(&recorded.recording, args.children, &mut machines);
    for (machine, wanted) in machines {
        keeper.tell(|| format!("{} Express executions from the log of {machine}", wanted.arns.len()));
        let found = match wanted.arns.len() {
            ..=FEW => one_by_one(client, &wanted).await,
            _ => by_query(client, &machine, &wanted, keeper).await,
        };
        match found {
            Ok(found) => put(&mut recorded.recording, &mut found.into_iter().map(Some).collect::<Vec<_>>()),
            Err(error) => {
                let root = &mut recorded.recording.recorded;
                root.complete = Some(false);
                root.note(format!("Express executions are missing: {error}"));
                recorded.trouble.get_or_insert_with(|| aws::express_failure(&error));
            }
        }
    }
}

/// Collects the Express executions whose events are wanted and not there.
fn wanted(recording: &Recording, which: Which, machines: &mut BTreeMap<String, Wanted>) {
    let items = recording.map_runs.iter().flat_map(|run| &run.executions);
    for child in recording.children.iter().chain(items) {
        wanted(child, which, machines);
        let Some(arn) = child.arn().filter(|arn| arn.split(':').nth(5) == Some("express")) else { continue };
        let status = child.execution.as_ref().and_then(|execution| execution.status.as_ref());
        // Of a nested one nobody but its log can tell how it ended.
        let fits = which == Which::All || status.is_none_or(|status| *status != Status::Succeeded);
        let Some(machine) = Remote::parse(arn).ok().filter(|_| fits && child.events.is_empty()) else { continue };
        let started = child.started().or(recording.started()).unwrap_or_else(now);
        let until = child.stopped().or(recording.stopped()).unwrap_or_else(now);
        let span = Span { from: started, until }.widened(MARGIN);
        let wanted = machines.entry(machine.machine_of().arn()).or_insert(Wanted { arns: Vec::new(), span });
        wanted.span.from = wanted.span.from.min(span.from);
        wanted.span.until = wanted.span.until.max(span.until);
        wanted.arns.push(arn.to_string());
    }
}

async fn one_by_one(client: &Client, wanted: &Wanted) -> Result<Vec<Recording>, ExpressError> {
    let mut found = Vec::new();
    for remote in wanted.arns.iter().filter_map(|arn| Remote::parse(arn).ok()) {
        let search = ExpressSearch { now: wanted.span.until, since: Some(wanted.span.from) };
        found.push(client.express(&remote, search).await?);
    }
    Ok(found)
}

async fn by_query(
    client: &Client,
    machine: &str,
    wanted: &Wanted,
    keeper: &mut Keeper<'_>,
) -> Result<Vec<Recording>, ExpressError> {
    let described = client.describe_state_machine(machine).await?;
    let settings = LogSettings::of(&described)?;
    let arns: Vec<&str> = wanted.arns.iter().map(String::as_str).collect();
    keeper.note(&settings.cost(wanted.span));
    let (found, asked) = client.express_several(&described, &arns, wanted.span).await?;
    let scanned: u64 = asked.iter().map(|insights| insights.scanned_bytes).sum();
    keeper.note(&format!("It looked through {scanned} bytes in {} queries, the first of them:", asked.len()));
    asked.first().into_iter().for_each(|insights: &Insights| keeper.note(&insights.query.text));
    Ok(found)
}

/// Puts what was found where it belongs.
fn put(recording: &mut Recording, found: &mut [Option<Recording>]) {
    let items = recording.map_runs.iter_mut().flat_map(|run| &mut run.executions);
    for child in recording.children.iter_mut().chain(items) {
        put(child, found);
        let arn = child.arn().cloned();
        let same =
            |one: &&mut Option<Recording>| one.as_ref().is_some_and(|one| arn.is_some() && one.arn() == arn.as_ref());
        if let Some(found) = found.iter_mut().find(same).and_then(Option::take) {
            let described = child.execution.take();
            *child = found;
            // What the service says of it, such as its map run, is more than the log does.
            let execution = child.execution.get_or_insert_default();
            if let Some(described) = described {
                execution.map_run_arn = described.map_run_arn;
                execution.unknown = described.unknown;
            }
        }
    }
}
