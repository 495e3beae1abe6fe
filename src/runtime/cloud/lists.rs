//! Pages of lists, and where the executions in them failed.

use super::there::Desk;
use super::trouble;
use crate::event::Timestamp;
use crate::recording::{Execution, Recording, StateMachine, Status};
use crate::source;
use crate::source::aws::{ExecutionFilter, Listed, Order, RedriveFilter};
use crate::tui::browser::{Cursor, FailureTold, List, Listing, Machine, Of, Page, Row, Summary};
use crate::tui::live::{Live, Site, SiteId};
use crate::tui::{Msg, Target, Trouble};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::task::JoinSet;

/// Executions on a page: a few screens of them.
const PAGE: u32 = 100;

/// Events looked at to tell where an execution failed.
const LAST_EVENTS: u32 = 50;

/// Executions that are looked at at once.
const AT_ONCE: usize = 4;

/// Reads a page.
pub(super) async fn page(desk: &Desk, list: &List, cursor: Option<Cursor>) -> Result<Page, Trouble> {
    let token = cursor.map(|Cursor(token)| token);
    match &list.of {
        Of::Machines => {
            let site = list.site.unwrap_or(SiteId(0));
            let (client, place) = desk.places.of_site(site).await?;
            let page = client.state_machines(token).await.map_err(|error| trouble(&error))?;
            let listings = page.items.iter().filter_map(|machine| machine_listing(machine, site, &place));
            Ok(Page { listings: listings.collect(), next: page.next.map(Cursor), at: now() })
        }
        Of::Executions(arn) | Of::Children(arn) => {
            let client = desk.places.of_live(&Live { site: list.site, arn: arn.clone() }).await?;
            let page = client.executions(&filter(list, arn), token).await.map_err(|error| trouble(&error))?;
            let listings = page.items.iter().filter_map(|execution| execution_listing(execution, list.site));
            Ok(Page { listings: listings.collect(), next: page.next.map(Cursor), at: now() })
        }
    }
}

fn filter(list: &List, arn: &str) -> ExecutionFilter {
    let of = match (&list.of, &list.qualifier) {
        (Of::Children(_), _) => Listed::MapRun(arn.to_owned()),
        (_, Some(qualifier)) => Listed::Machine(format!("{arn}:{qualifier}")),
        (_, None) => Listed::Machine(arn.to_owned()),
    };
    let redrive = match list.redriven {
        // Of the executions of a map run the service does not know it; what comes is narrowed down on the screen.
        _ if matches!(of, Listed::MapRun(_)) => None,
        None => None,
        Some(true) => Some(RedriveFilter::Redriven),
        Some(false) => Some(RedriveFilter::NotRedriven),
    };
    ExecutionFilter { of, status: list.status.map(Status::from_name), redrive, limit: PAGE }
}

fn machine_listing(machine: &StateMachine, site: SiteId, place: &Site) -> Option<Listing> {
    let arn = machine.state_machine_arn.as_deref()?.to_owned();
    let name = machine.name.as_deref().unwrap_or(&arn).to_owned();
    let created = machine.unknown.iter().find(|member| &*member.name == "creationDate");
    let created = created.and_then(|date| Timestamp::read(std::str::from_utf8(&date.value).ok()?).ok());
    let kind = machine.machine_type.as_ref().map(|kind| kind.name().to_owned()).unwrap_or_default();
    let row = Row::Machine(Machine { name: name.clone(), kind, created, site: place.place() });
    Some(Listing { target: Target::Live(Live { site: Some(site), arn }), label: name, row })
}

fn execution_listing(execution: &Execution, site: Option<SiteId>) -> Option<Listing> {
    let arn = execution.execution_arn.as_deref()?.to_owned();
    let name = execution.name.as_deref().unwrap_or(&arn).to_owned();
    let status = execution.status.as_ref().map(Status::name).unwrap_or_default().to_owned();
    let failed = matches!(execution.status, Some(Status::Failed | Status::TimedOut | Status::Aborted));
    let qualifier = execution.state_machine_alias_arn.as_ref().or(execution.state_machine_version_arn.as_ref());
    let summary = Summary {
        name: name.clone(),
        status,
        started: execution.start_date,
        stopped: execution.stop_date,
        redrives: execution.redrive_count.unwrap_or(0),
        qualifier: qualifier.and_then(|arn| arn.rsplit(':').next()).unwrap_or_default().to_owned(),
        failure: if failed { FailureTold::NotYet } else { FailureTold::Told },
        ..Summary::default()
    };
    Some(Listing { target: Target::Live(Live { site, arn }), label: name, row: Row::Execution(summary) })
}

/// Tells where and with what each of some executions failed, in their order, a few at a time.
pub(super) async fn tell(desk: &Desk, lives: Vec<Live>) {
    let mut left = lives.into_iter();
    let mut asked = JoinSet::new();
    loop {
        while asked.len() < AT_ONCE
            && let Some(live) = left.next()
        {
            let desk = desk.clone();
            asked.spawn(async move {
                let failure = failure(&desk, &live).await;
                desk.say(Msg::Told(live, failure));
            });
        }
        if asked.join_next().await.is_none() {
            return;
        }
    }
}

/// One call for each: the last events hold the state and the error.
async fn failure(desk: &Desk, live: &Live) -> Option<(String, String)> {
    let client = desk.places.of_live(live).await.ok()?;
    let page = client.history_page(&live.arn, Order::Reverse, LAST_EVENTS, None).await.ok()?;
    let recording = Recording { events: page.events, ..Recording::default() };
    let summary = source::Summary::of(&recording);
    Some((summary.state.unwrap_or_default(), summary.error.unwrap_or_default()))
}

pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
