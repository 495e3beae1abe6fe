//! Many executions for the screen: listed, and read as far as it takes to say how they failed.

use super::desk::Desk;
use super::lists::express_span;
use super::{now, trouble};
use crate::analysis::fleet::Item;
use crate::event::Timestamp;
use crate::recording::{Execution, MachineType, Recording, StateMachine, Status};
use crate::runtime::crowd::{Many, of_path};
use crate::source::aws::logs::ExpressError;
use crate::source::aws::{Client, Listed, RollQuery};
use crate::source::remote::{Remote, RemoteKind};
use crate::tui::fleet::{Crowd, Fleet, Part};
use crate::tui::live::Live;
use crate::tui::{Found, Target, Trouble, text};
use std::cmp::Reverse;

/// Reads all executions that are asked for.
pub(super) async fn open(desk: &Desk, crowd: Crowd) -> Result<Found, Trouble> {
    let mut all = Many::default();
    for part in &crowd.parts {
        match part {
            Part::Live(live) => of_live(desk, live, &crowd, &mut all).await?,
            Part::Path(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || of_path(&path)).await;
                let stumbled = || Trouble { message: "stepback stumbled over a file.".to_owned(), hint: None };
                all.add(read.map_err(|_| stumbled())??);
            }
        }
    }
    Ok(Found::Fleet(Box::new(Fleet::new(crowd.clone(), all.meant(&crowd), all.gaps))))
}

async fn of_live(desk: &Desk, live: &Live, crowd: &Crowd, all: &mut Many) -> Result<(), Trouble> {
    let remote = Remote::parse(&live.arn)
        .map_err(|error| Trouble { message: error.to_string(), hint: Some(error.hint().to_owned()) })?;
    let client = desk.places.of_live(live).await?;
    let arn = remote.arn();
    let of = match &remote.kind {
        RemoteKind::MapRun { .. } => Listed::MapRun(arn),
        RemoteKind::Machine { .. } => {
            // Who may not look at the machine may be allowed to list.
            let machine = client.describe_state_machine(&arn).await.ok();
            let is_express = |machine: &StateMachine| machine.machine_type == Some(MachineType::Express);
            if let Some(machine) = machine.filter(is_express) {
                return express(&client, live, &machine, crowd, all).await;
            }
            Listed::Machine(arn)
        }
        RemoteKind::Execution { .. } | RemoteKind::Express { .. } => {
            let execution = client.describe_execution(&arn).await.map_err(|error| trouble(&error))?;
            take(live, vec![execution], Vec::new(), all);
            return Ok(());
        }
    };
    let moment = |micros: Option<i64>| micros.map(Timestamp::from_micros);
    let mut query = RollQuery::newest(of, crowd.limit);
    (query.since, query.until) = (moment(crowd.since), moment(crowd.until));
    if !crowd.statuses.is_empty() {
        query.statuses.clone_from(&crowd.statuses);
    }
    let mut executions: Vec<Execution> = Vec::new();
    let listed = client.roll(&query, |page| {
        executions.extend(page);
        desk.say_calls();
    });
    let is_cut = listed.await.map_err(|error| trouble(&error))? || executions.len() > crowd.limit;
    executions.sort_by_key(|execution| Reverse(RollQuery::moment(execution)));
    executions.truncate(crowd.limit);
    if is_cut {
        all.gaps.push(format!("Only the newest {} executions are here.", text::count(crowd.limit)));
    }
    let bad: Vec<Execution> = executions.iter().filter(|execution| is_bad(execution)).cloned().collect();
    let mut read = Vec::new();
    let ended = client.tails(&bad, |_, tail| {
        read.extend(tail.ok());
        desk.say_calls();
    });
    if let Err(error) = ended.await {
        all.gaps.push(format!("How all of them failed was not read: {error}"));
    }
    take(live, executions, read, all);
    Ok(())
}

async fn express(
    client: &Client,
    live: &Live,
    machine: &StateMachine,
    crowd: &Crowd,
    all: &mut Many,
) -> Result<(), Trouble> {
    let moment = |micros: Option<i64>| micros.map(Timestamp::from_micros);
    let span = express_span(moment(crowd.since), moment(crowd.until), now());
    let told = |error: ExpressError| Trouble { message: error.to_string(), hint: error.hint() };
    let arn = machine.state_machine_arn.as_deref().unwrap_or(&live.arn);
    let found = client.express_executions(arn, span).await.map_err(told)?;
    let bad = found.executions.iter().filter(|execution| is_bad(execution)).take(crowd.limit);
    let arns: Vec<&str> = bad.filter_map(|execution| execution.execution_arn.as_deref()).collect();
    let mut scanned = found.insights.scanned_bytes;
    let mut read = Vec::new();
    if !arns.is_empty() {
        let (recordings, asked) =
            client.express_several(machine, &arns, span.of_whole_executions()).await.map_err(told)?;
        scanned = asked.iter().fold(scanned, |sum, insights| sum.saturating_add(insights.scanned_bytes));
        read = recordings;
    }
    if found.is_cut() {
        all.gaps.push(format!("Only the newest {} executions are here.", text::count(found.executions.len())));
    }
    let scanned = text::size(usize::try_from(scanned).unwrap_or(usize::MAX));
    all.gaps.push(format!("From the log; Insights scanned {scanned}."));
    all.gaps.extend(found.settings.gaps());
    take(live, found.executions, read, all);
    Ok(())
}

fn is_bad(execution: &Execution) -> bool {
    matches!(execution.status, Some(Status::Failed | Status::TimedOut))
}

/// Takes in executions, those that were read by what was read of them.
fn take(live: &Live, executions: Vec<Execution>, read: Vec<Recording>, all: &mut Many) {
    let mut read: std::collections::HashMap<_, Recording> =
        read.into_iter().filter_map(|recording| Some((recording.arn()?.clone(), recording))).collect();
    for execution in executions {
        let Some(arn) = execution.execution_arn.clone() else { continue };
        let item = match read.remove(&arn) {
            Some(recording) => Item::of(&recording, recording.label()),
            None => Item::listed(&execution),
        };
        all.found.push((item, Target::Live(Live { site: live.site, arn: arn.to_string() })));
    }
}
