//! Executions of Express machines, which the service keeps in no history: rebuilt from the log of their machine.

use super::{Insights, InsightsQuery, LogLevel, LogSettings, NotLogged, Span, Wanted};
use crate::event::Timestamp;
use crate::json::SharedBytes;
use crate::recording::{Execution, LogLine, Recording, StateMachine, Status};
use crate::source::aws::{AwsError, Client};
use crate::source::logs::{Record, moment_of_text, recordings};
use crate::source::remote::Remote;
use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;

/// Where in time an execution is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpressSearch {
    /// The present.
    pub now: Timestamp,
    /// How far back to look; as far as the machine goes when nothing is said.
    pub since: Option<Timestamp>,
}

/// Why an Express execution could not be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpressError {
    /// AWS did not answer.
    Aws(AwsError),
    /// The log has nothing of it.
    NotLogged(NotLogged),
}

/// What was found of several executions, and with which query.
#[derive(Debug, Clone)]
pub struct ExpressFound {
    /// The executions, as far as they were found: recordings for those asked for, or what a list says.
    pub executions: Vec<Execution>,
    /// The query and what it cost.
    pub insights: Insights,
    /// What the machine logs, and so what can be found.
    pub settings: LogSettings,
}

impl ExpressFound {
    /// Tells whether there may be more executions than an answer can have.
    pub fn is_cut(&self) -> bool {
        self.insights.rows.len() >= InsightsQuery::MOST_EXECUTIONS
    }
}

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// How far back each search goes: most executions that are looked for have just failed.
const AGES: [i64; 7] = [15 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE, DAY, 7 * DAY, 30 * DAY, 400 * DAY];

/// No Express execution is longer than five minutes; lines are a little late.
const LONGEST: i64 = 6 * MINUTE;

/// Pages of one search, most of them empty: the service looks through a part of the log for each.
const PAGES: usize = 400;

impl Client {
    /// Rebuilds one execution of an Express machine from the log of the machine.
    pub async fn express(&self, remote: &Remote, search: ExpressSearch) -> Result<Recording, ExpressError> {
        let machine = self.describe_state_machine(&remote.machine_of().arn()).await?;
        let settings = LogSettings::of(&machine)?;
        let arn = remote.arn();
        let pattern = format!("{{ $.execution_arn = \"{arn}\" }}");
        let oldest = search.oldest(&machine);
        let mut until = search.now;
        for age in AGES {
            let from = Timestamp::from_millis((search.now.as_millis() - age).max(oldest.as_millis()));
            let span = Span { from, until };
            let wanted = Wanted { group: &settings.group, span, pattern: Some(&pattern), stream: None };
            let (mut lines, _) = self.log_lines(&wanted, PAGES).await?;
            if let Some(whole) = around(&lines, span) {
                (lines, _) = self.log_lines(&Wanted { span: whole, ..wanted }, PAGES).await?;
            }
            if let Some(recording) = rebuilt(&lines, &arn, &machine, &settings) {
                return Ok(recording);
            }
            if from <= oldest {
                break;
            }
            until = from;
        }
        let (execution, group, level) = (arn.into(), Arc::clone(&settings.group.name), settings.level);
        Err(NotLogged::NotFound { execution, group, level, since: oldest }.into())
    }

    /// Lists the executions of an Express machine in a span of time by a query of CloudWatch Logs Insights, which AWS
    /// charges for by the bytes it looks through; newest first.
    pub async fn express_executions(&self, machine: &str, span: Span) -> Result<ExpressFound, ExpressError> {
        let described = self.describe_state_machine(machine).await?;
        let settings = LogSettings::of(&described)?;
        let machine = described.state_machine_arn.as_deref().unwrap_or(machine);
        let query = InsightsQuery::executions(settings.group.clone(), span, machine);
        let insights = self.insights(query).await?;
        let mut executions: Vec<Execution> = insights.rows.iter().filter_map(|row| summary(row, machine)).collect();
        executions.sort_by_key(|execution| Reverse(execution.start_date));
        Ok(ExpressFound { executions, insights, settings })
    }

    /// Rebuilds several executions of one Express machine at once, by queries of CloudWatch Logs Insights.
    pub async fn express_several(
        &self,
        machine: &StateMachine,
        arns: &[&str],
        span: Span,
    ) -> Result<(Vec<Recording>, Vec<Insights>), ExpressError> {
        let settings = LogSettings::of(machine)?;
        let (mut found, mut asked) = (Vec::new(), Vec::new());
        let mut parts: Vec<&[&str]> = arns.chunks(InsightsQuery::MOST_ARNS).rev().collect();
        while let Some(part) = parts.pop() {
            let insights = self.insights(InsightsQuery::events(settings.group.clone(), span, part)).await?;
            // An answer that is full is likely to have been cut; fewer executions have fewer lines.
            if insights.is_full() && part.len() > 1 {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
            } else {
                let records = insights.rows.iter().filter_map(|row| Record::of_row(&row.cells)).collect();
                let mut rebuilt = recordings(records);
                rebuilt.iter_mut().for_each(|recording| describe(recording, machine, &settings));
                found.extend(rebuilt);
            }
            asked.push(insights);
        }
        Ok((found, asked))
    }
}

impl ExpressSearch {
    /// Nothing is older than its machine.
    fn oldest(self, machine: &StateMachine) -> Timestamp {
        let created = machine.unknown.iter().find(|member| &*member.name == "creationDate");
        let created = created.and_then(|member| Timestamp::read(std::str::from_utf8(&member.value).ok()?).ok());
        let limit = AGES.last().copied().unwrap_or(DAY);
        let given = self.since.unwrap_or(Timestamp::from_millis((self.now.as_millis() - limit).max(0)));
        // Written as people read it, whatever the service writes.
        let oldest = created.map_or(given, |created| created.max(given));
        Timestamp::from_micros(oldest.as_micros())
    }
}

/// Returns the span an execution may take of which some lines were found near the end of a search.
fn around(lines: &[LogLine], span: Span) -> Option<Span> {
    let times = || lines.iter().filter_map(|line| line.timestamp);
    let whole = Span { from: times().max()?, until: times().min()? }.widened(LONGEST);
    let whole = Span { from: whole.from.min(times().min()?), until: whole.until.max(times().max()?) };
    (whole.from < span.from || whole.until > span.until).then_some(whole)
}

fn rebuilt(lines: &[LogLine], arn: &str, machine: &StateMachine, settings: &LogSettings) -> Option<Recording> {
    let message = |line: &LogLine| line.message.as_deref().map(|message| SharedBytes::from(message.to_owned()));
    let records = lines.iter().filter_map(|line| Record::of_message(&message(line)?)).collect();
    let mut recording =
        recordings(records).into_iter().find(|recording| recording.arn().is_some_and(|found| **found == *arn))?;
    describe(&mut recording, machine, settings);
    Some(recording)
}

/// Adds what the machine says to what its log says.
fn describe(recording: &mut Recording, machine: &StateMachine, settings: &LogSettings) {
    let started = recording.started();
    let changed = machine.update_date;
    recording.state_machine = Some(machine.clone());
    if settings.level != LogLevel::All {
        // What is said about log levels in general is now said about this machine.
        recording.recorded.notes = None;
    }
    for gap in settings.gaps() {
        let notes = recording.recorded.notes.get_or_insert_default();
        if !notes.iter().any(|note| note.contains("includeExecutionData") && gap.contains("includeExecutionData")) {
            notes.push(gap.into());
        }
    }
    if changed.zip(started).is_some_and(|(changed, started)| changed > started) {
        recording.recorded.note(
            "The definition is that of today: the state machine was changed after this execution, and Express executions do not keep theirs.",
        );
    }
    let (status, stopped) = (recording.status(), recording.stopped());
    let (input, output) = (recording.input(), recording.output());
    let failure = recording.events.len().checked_sub(1).and_then(|last| recording.events.get(last));
    let failure = failure.and_then(|last| last.details.failure().cloned()).unwrap_or_default();
    let execution = recording.execution.get_or_insert_default();
    execution.status = Some(status.clone()).filter(|status| !status.is_unseen());
    (execution.start_date, execution.stop_date) = (started, stopped);
    (execution.input, execution.output) = (input, output);
    if status != Status::Running && !status.is_unseen() {
        (execution.error, execution.cause) = (failure.error, failure.cause);
    }
}

/// Reads a row of the query that lists executions.
fn summary(row: &super::insights::Row, machine: &str) -> Option<Execution> {
    let arn = row.get("execution_arn")?;
    // What events say of their time is a number in one kind of log and a text in another, of which there is no least one.
    let time = |names: [&str; 2]| names.into_iter().find_map(|name| moment_of_text(&row.get(name)?));
    let last = row.get("last").map(|last| crate::event::EventType::from_name(&last));
    let status = last.and_then(|last| Status::after(&last)).unwrap_or(Status::Running);
    let stop_date = time(["ended", "lastLine"]).filter(|_| status != Status::Running);
    Some(Execution {
        name: arn.split(':').nth(7).map(Arc::from),
        execution_arn: Some(arn.into()),
        state_machine_arn: Some(machine.into()),
        status: Some(status),
        start_date: time(["started", "firstLine"]),
        stop_date,
        error: row.get("error").filter(|error| !error.is_empty()).map(Arc::from),
        ..Execution::default()
    })
}

impl From<AwsError> for ExpressError {
    fn from(error: AwsError) -> Self {
        Self::Aws(error)
    }
}

impl From<NotLogged> for ExpressError {
    fn from(error: NotLogged) -> Self {
        Self::NotLogged(error)
    }
}

impl ExpressError {
    /// Returns the next step for the reader.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Aws(error) => error.hint(),
            Self::NotLogged(not) => Some(not.hint()),
        }
    }
}

impl fmt::Display for ExpressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aws(error) => error.fmt(f),
            Self::NotLogged(not) => not.fmt(f),
        }
    }
}

impl std::error::Error for ExpressError {}
