//! Pages of lists, and where the executions in them failed.

use super::desk::Desk;
use super::{now, trouble};
use crate::event::Timestamp;
use crate::recording::{Execution, Recording, StateMachine, Status};
use crate::source;
use crate::source::aws::logs::{LogLevel, Span};
use crate::source::aws::{Client, ExecutionFilter, Listed, Order, RedriveFilter};
use crate::tui::browser::{Cursor, FailureTold, List, Listing, Looked, Machine, Of, Page, Row, Summary, When, Window};
use crate::tui::live::{Live, Site, SiteId};
use crate::tui::{Msg, Target, Trouble, text};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Executions on a page: a few screens of them.
const PAGE: u32 = 100;

/// Events looked at to tell where an execution failed.
const LAST_EVENTS: u32 = 50;

/// How far back the log of an Express machine is looked through unasked, in microseconds.
const HOUR: i64 = 3_600_000_000;

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
            Ok(Page { listings: listings.collect(), next: page.next.map(Cursor), at: now(), found: None })
        }
        Of::Express(arn) => {
            let client = desk.places.of_live(&Live { site: list.site, arn: arn.clone() }).await?;
            express(&client, list, arn).await
        }
        Of::Executions(arn) | Of::Children(arn) => {
            let client = desk.places.of_live(&Live { site: list.site, arn: arn.clone() }).await?;
            let page = client.executions(&filter(list, arn), token).await.map_err(|error| trouble(&error))?;
            let listings = page.items.iter().filter_map(|execution| execution_listing(execution, list.site));
            Ok(Page { listings: listings.collect(), next: page.next.map(Cursor), at: now(), found: None })
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
    let last = |arn: &Option<Arc<str>>| {
        let last = arn.as_deref().and_then(|arn| arn.rsplit(':').next());
        last.unwrap_or_default().to_owned()
    };
    let summary = Summary {
        name: name.clone(),
        status,
        started: execution.start_date,
        stopped: execution.stop_date,
        redrives: execution.redrive_count.unwrap_or(0),
        redriven: execution.redrive_date,
        alias: last(&execution.state_machine_alias_arn),
        version: last(&execution.state_machine_version_arn),
        failure: if failed { FailureTold::NotYet } else { FailureTold::Told },
        ..Summary::default()
    };
    Some(Listing { target: Target::Live(Live { site, arn }), label: name, row: Row::Execution(summary) })
}

/// The span of time in which a log is looked through: the last hour, unless another is wanted.
pub(super) fn express_span(since: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> Span {
    let until = until.unwrap_or(now);
    let from = since.unwrap_or_else(|| Timestamp::from_micros(until.as_micros().saturating_sub(HOUR)));
    Span { from, until: until.max(from) }
}

/// Lists the executions of an Express machine, which are in its log only: those of the last hour, unless another span of
/// time is wanted. The service charges for what it looks through, so nothing further is looked at unasked.
async fn express(client: &Client, list: &List, arn: &str) -> Result<Page, Trouble> {
    let at = now();
    let moment = |when: Option<When>| when.map(|when| when.seen_at(at));
    let span = express_span(moment(list.window.since), moment(list.window.until), at);
    let Span { from, until } = span;
    let found = match client.express_executions(arn, span).await {
        Ok(found) => found,
        Err(error) => return Err(Trouble { message: error.to_string(), hint: error.hint() }),
    };
    let listings: Vec<Listing> = found.executions.iter().filter_map(|it| express_listing(it, list.site)).collect();
    let scanned = text::size(usize::try_from(found.insights.scanned_bytes).unwrap_or(usize::MAX));
    let span = match list.window {
        Window { since: None, until: None } => "the last hour".to_owned(),
        Window { until: None, .. } => format!("since {} UTC", text::moment(from)),
        _ => format!("{} to {} UTC", text::moment(from), text::moment(until)),
    };
    let level = match found.settings.level {
        LogLevel::All => String::new(),
        // Who sees failures only must not think that nothing else ran.
        level => format!(" at level {level}"),
    };
    let words = format!("log{level}, {span}, {scanned} scanned by Insights");
    let mut gaps = found.settings.gaps();
    if found.is_cut() {
        let most = text::count(found.executions.len());
        gaps.insert(0, format!("Only the newest {most} are listed: until: looks at what is before them."));
    }
    Ok(Page { listings, next: None, at, found: Some(Looked { words, gaps }) })
}

/// What a log says of an execution: the last line has its error, and no line has the state that failed.
fn express_listing(execution: &Execution, site: Option<SiteId>) -> Option<Listing> {
    let mut listing = execution_listing(execution, site)?;
    if let Row::Execution(summary) = &mut listing.row {
        summary.failure = FailureTold::Told;
        summary.error = execution.error.as_deref().unwrap_or_default().to_owned();
    }
    Some(listing)
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
