//! The questions, one call each, and their answers as [`crate::recording`] reads them.

use super::request::Request;
use super::{AwsError, Client, ExecutionFilter, Order, Page};
use crate::event::Timestamp;
use crate::json::{Members, Payload, SharedBytes, elements};
use crate::recording::{Damage, DescribedMapRun, Events, Execution, Recording, StateMachine, Status};
use std::collections::HashSet;
use std::sync::Arc;

/// Part of a history.
#[derive(Debug, Clone)]
pub struct HistoryPage {
    /// The events, oldest first whatever the order they were asked for in.
    pub events: Events,
    /// What to ask for the part after it; `None` after the last.
    pub next: Option<String>,
    /// What could not be read.
    pub damage: Vec<Damage>,
}

/// A version of a machine, or an alias that leads to some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualified {
    /// Its ARN.
    pub arn: Arc<str>,
    /// When it was made.
    pub created: Option<Timestamp>,
}

/// Executions on a page, when many are looked through.
const MOST: u32 = 1_000;

impl Client {
    /// Asks for machines: their ARNs, names, types.
    pub async fn state_machines(&self, page: Option<String>) -> Result<Page<StateMachine>, AwsError> {
        let request = Request::ListStateMachines { limit: 1_000, page };
        self.ask(&request, |body| list(body, "stateMachines", StateMachine::from_members)).await
    }

    /// Asks for a machine as it is now, or for a version or alias of it.
    pub async fn describe_state_machine(&self, arn: &str) -> Result<StateMachine, AwsError> {
        let request = Request::DescribeStateMachine { arn: arn.to_owned() };
        self.ask(&request, |body| with(body, "stateMachineArn").map(StateMachine::from_members)).await
    }

    /// Asks for the versions of a machine, newest first.
    pub async fn versions(&self, machine: &str, page: Option<String>) -> Result<Page<Qualified>, AwsError> {
        let request = Request::ListStateMachineVersions { arn: machine.to_owned(), page };
        self.ask(&request, |body| qualified(body, "stateMachineVersions", "stateMachineVersionArn")).await
    }

    /// Asks for the aliases of a machine.
    pub async fn aliases(&self, machine: &str, page: Option<String>) -> Result<Page<Qualified>, AwsError> {
        let request = Request::ListStateMachineAliases { arn: machine.to_owned(), page };
        self.ask(&request, |body| qualified(body, "stateMachineAliases", "stateMachineAliasArn")).await
    }

    /// Asks for executions, newest first: what a list says of them, which is all but input, output and error.
    pub async fn executions(
        &self,
        filter: &ExecutionFilter,
        page: Option<String>,
    ) -> Result<Page<Execution>, AwsError> {
        let request = Request::ListExecutions { filter: filter.clone(), page };
        self.ask(&request, |body| list(body, "executions", Execution::from_members)).await
    }

    /// Asks what is known of an execution.
    pub async fn describe_execution(&self, arn: &str) -> Result<Execution, AwsError> {
        let request = Request::DescribeExecution { arn: arn.to_owned() };
        self.ask(&request, |body| with(body, "executionArn").map(Execution::from_members)).await
    }

    /// Asks for the machine as an execution runs it.
    pub async fn describe_state_machine_for_execution(&self, arn: &str) -> Result<StateMachine, AwsError> {
        let request = Request::DescribeStateMachineForExecution { arn: arn.to_owned() };
        self.ask(&request, |body| with(body, "stateMachineArn").map(StateMachine::from_members)).await
    }

    /// Asks for part of a history: at most `limit` events, which is at most 1,000.
    pub async fn history_page(
        &self,
        arn: &str,
        order: Order,
        limit: u32,
        page: Option<String>,
    ) -> Result<HistoryPage, AwsError> {
        let request = Request::GetExecutionHistory { arn: arn.to_owned(), order, limit, page };
        self.ask(&request, history).await
    }

    /// Asks for the map runs of an execution.
    pub async fn map_runs(&self, execution: &str, page: Option<String>) -> Result<Page<DescribedMapRun>, AwsError> {
        let request = Request::ListMapRuns { arn: execution.to_owned(), page };
        self.ask(&request, |body| list(body, "mapRuns", DescribedMapRun::from_members)).await
    }

    /// Asks what is known of a map run.
    pub async fn describe_map_run(&self, arn: &str) -> Result<DescribedMapRun, AwsError> {
        let request = Request::DescribeMapRun { arn: arn.to_owned() };
        self.ask(&request, |body| with(body, "mapRunArn").map(DescribedMapRun::from_members)).await
    }

    /// Finds the newest execution of the same machine that succeeded before this one began; if none did, the newest
    /// that began before this one. The service lists what succeeded with the latest end first.
    pub async fn last_good(&self, recording: &Recording) -> Result<Option<Execution>, AwsError> {
        let execution = recording.execution.as_ref();
        let Some(machine) = execution.and_then(|execution| execution.state_machine_arn.as_deref()) else {
            return Ok(None);
        };
        let Some(began) = recording.started() else { return Ok(None) };
        let mut filter = ExecutionFilter::of_machine(machine);
        (filter.status, filter.limit) = (Some(Status::Succeeded), MOST);
        let ended = |execution: &Execution| execution.stop_date.or(execution.start_date);
        let (mut beside, mut page): (Option<Execution>, _) = (None, None);
        let mut seen = HashSet::new();
        loop {
            let list = self.executions(&filter, page).await?;
            let before = |execution: &&Execution| ended(execution).is_some_and(|ended| ended <= began);
            if let Some(found) = list.items.iter().filter(before).max_by_key(|execution| ended(execution)) {
                return Ok(Some(found.clone()));
            }
            let earlier = |execution: &Execution| execution.start_date.is_some_and(|started| started < began);
            beside = beside.or_else(|| list.items.into_iter().find(earlier));
            page = list.next;
            // A page that was there before leads round in a circle.
            if page.as_ref().is_none_or(|page| !seen.insert(page.clone())) {
                return Ok(beside);
            }
        }
    }

    async fn ask<T>(
        &self,
        request: &Request,
        read: impl FnOnce(&SharedBytes) -> Result<T, String>,
    ) -> Result<T, AwsError> {
        let body = self.call(request).await?;
        if request.page().is_some_and(|page| next_page(&body).as_deref() == Some(page)) {
            return Err(self.unreadable(request, "the page leads to itself"));
        }
        read(&body).map_err(|reason| self.unreadable(request, super::failure::foreign(&body).unwrap_or(&reason)))
    }
}

fn object(body: &SharedBytes) -> Result<Members, String> {
    Members::of(body).map_err(|error| error.reason)
}

/// An object with the member that AWS's answer always has: what lacks it is somebody else's.
fn with(body: &SharedBytes, member: &str) -> Result<Members, String> {
    let members = object(body)?;
    match members.get(member) {
        Some(_) => Ok(members),
        None => Err(format!("it has no \"{member}\"")),
    }
}

/// Returns the token of the page after an answer. Looked for only where a page was asked for, which is rare.
fn next_page(body: &SharedBytes) -> Option<String> {
    text(Members::of(body).ok()?.get("nextToken")?)
}

fn history(body: &SharedBytes) -> Result<HistoryPage, String> {
    with(body, "events")?;
    let recording = Recording::read(body).ok_or("it is no JSON object")?;
    let next = recording.unknown.iter().find(|member| &*member.name == "nextToken");
    let next = next.and_then(|member| text(&member.value));
    Ok(HistoryPage { events: recording.events, next, damage: recording.damage })
}

fn text(value: &SharedBytes) -> Option<String> {
    (value.first() == Some(&b'"')).then(|| Payload::from_literal(value.clone()).text().to_owned())
}

fn list<T>(body: &SharedBytes, name: &str, read: impl Fn(Members) -> T) -> Result<Page<T>, String> {
    let mut members = object(body)?;
    let array = members.take(name).ok_or_else(|| format!("it has no \"{name}\""))?;
    let items = elements(&array).filter_map(|item| Some(read(Members::of(&item).ok()?))).collect();
    Ok(Page { items, next: members.take("nextToken").as_ref().and_then(text) })
}

fn qualified(body: &SharedBytes, list_name: &str, arn_name: &str) -> Result<Page<Qualified>, String> {
    let page = list(body, list_name, |mut members| {
        let arn = members.take(arn_name).as_ref().and_then(text)?;
        let created = members.take("creationDate");
        let created = created.and_then(|date| Timestamp::read(std::str::from_utf8(&date).ok()?).ok());
        Some(Qualified { arn: arn.into(), created })
    })?;
    Ok(Page { items: page.items.into_iter().flatten().collect(), next: page.next })
}
