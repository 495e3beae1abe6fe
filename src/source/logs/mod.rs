//! Lines that a machine writes to CloudWatch Logs: one event each, out of order and sometimes twice.

pub(super) mod embedded;
mod fields;

use crate::event::{Details, Event, EventId, EventType, Timestamp, Unknown};
use crate::json::{Member, Members, Payload, SharedBytes};
use crate::recording::{Execution, FROM_FIELDS, FROM_LOG, MachineType, Recording, StateMachine};
use indexmap::IndexMap;
use std::sync::Arc;

/// A line of a log: an event and the execution it belongs to, as far as the line says.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// `None` in results of a query that did not ask for it.
    execution_arn: Option<Arc<str>>,
    redrive_count: u64,
    /// Whether the line has the number of its event; else that number means nothing yet.
    numbered: bool,
    /// Whether the line says what led to the event.
    linked: bool,
    /// Whether it is a whole line, and not some fields of one.
    whole: bool,
    event: Event,
}

impl Record {
    /// Reads the text of a line.
    pub(super) fn of_message(message: &SharedBytes) -> Option<Self> {
        Self::of_members(&Members::of(message).ok()?)
    }

    /// Reads an object of which the numbers are strings; `None` when it is something else.
    pub(super) fn of_members(members: &Members) -> Option<Self> {
        let record = Self::of_fields(members)?;
        let whole = record.execution_arn.is_some() && record.numbered && members.get("event_timestamp").is_some();
        whole.then_some(Self { whole, ..record })
    }

    /// Reads a row of the results of CloudWatch Logs Insights: `[{"field": …, "value": …}, …]`.
    pub(super) fn of_row(row: &[SharedBytes]) -> Option<Self> {
        let cell = |cell: &SharedBytes| {
            let mut cell = Members::of(cell).ok()?;
            Some(Member { name: text(&cell.take("field")?)?.into(), value: cell.take("value")? })
        };
        Self::of_columns(row.iter().map(cell).collect::<Option<_>>()?)
    }

    /// Reads the columns of a row: the message, or else the fields that were asked for.
    pub(super) fn of_columns(columns: Members) -> Option<Self> {
        let message = columns.get("@message").or_else(|| columns.get("message")).and_then(decoded);
        message.and_then(|message| Self::of_message(&message)).or_else(|| Self::of_fields(&fields::nested(columns)))
    }

    /// Reads what fields there are. The type must be one, and something must say when it happened.
    fn of_fields(members: &Members) -> Option<Self> {
        let execution_arn = members.get("execution_arn").and_then(text).filter(|arn| !arn.is_empty());
        let kind = EventType::from_name(&text(members.get("type")?)?);
        if execution_arn.is_none() && matches!(kind, EventType::Unknown(_)) {
            return None;
        }
        let event_id = |name: &str| Some(u32::try_from(number(members.get(name)?)?).ok());
        let id = event_id("id").map(|id| id.and_then(EventId::new));
        // A number that cannot be one is damage, and no number at all is a query that did not ask.
        let (id, numbered) = (id.unwrap_or(Some(EventId::FIRST))?, id.is_some());
        let parent = event_id("previous_event_id");
        let mut details = members.get("details").map(object).unwrap_or_default();
        let mut event = Event::new(id, parent.flatten().and_then(EventId::new), moment(members)?, kind, Details::None);
        event.details = Details::from_members(&event.kind, &mut details);
        if !details.is_empty() {
            event.unknown = Some(Box::new(Unknown { envelope: Vec::new(), details: details.into_vec() }));
        }
        let redrive_count = members.get("redrive_count").and_then(number).unwrap_or(0);
        let execution_arn = execution_arn.map(Arc::from);
        Some(Self { execution_arn, redrive_count, numbered, linked: parent.is_some(), whole: false, event })
    }
}

/// Returns when the event happened or, in results of a query that did not ask, when its line was written.
fn moment(members: &Members) -> Option<Timestamp> {
    let read = |name: &str| moment_of_text(std::str::from_utf8(members.get(name)?).ok()?.trim_matches('"'));
    ["event_timestamp", "@timestamp", "timestamp"].into_iter().find_map(read)
}

/// Reads a moment as logs and results of queries have it: milliseconds since 1970, perhaps as a float
/// (`1.763608447412E12`), or a date and a time of the day in UTC.
pub(super) fn moment_of_text(text: &str) -> Option<Timestamp> {
    if let Ok(millis) = text.parse::<i64>() {
        return (0..1_000_000_000_000_000).contains(&millis).then(|| Timestamp::from_millis(millis));
    }
    if let Some(millis) = text.parse::<f64>().ok().filter(|millis| millis.is_finite() && (0.0..1e15).contains(millis)) {
        #[expect(clippy::cast_possible_truncation, reason = "it was looked at: it fits")]
        return Some(Timestamp::from_millis(millis as i64));
    }
    let read = Timestamp::read(&format!("\"{text}\"")).ok().or_else(|| Timestamp::parse_iso(text));
    read.map(|time| Timestamp::from_micros(time.as_micros()))
}

/// Returns the message of a log event as `filter-log-events`, `get-log-events` and exported query results have it.
pub(super) fn message(members: &Members) -> Option<SharedBytes> {
    let message = members.get("message").or_else(|| members.get("@message"))?;
    decoded(message)
}

/// Returns JSON that stands as such, or as text in a string.
pub(super) fn decoded(value: &SharedBytes) -> Option<SharedBytes> {
    match value.first()? {
        b'"' => Some(Payload::from_literal(value.clone()).text().to_owned().into()),
        b'{' => Some(value.clone()),
        _ => None,
    }
}

fn object(value: &SharedBytes) -> Members {
    decoded(value).and_then(|text| Members::of(&text).ok()).unwrap_or_default()
}

fn text(value: &SharedBytes) -> Option<String> {
    (value.first() == Some(&b'"')).then(|| Payload::from_literal(value.clone()).text().to_owned())
}

fn number(value: &SharedBytes) -> Option<u64> {
    std::str::from_utf8(value).ok()?.trim_matches('"').parse().ok()
}

/// Makes a recording for each execution, in the order in which they first appear.
pub(super) fn recordings(records: Vec<Record>) -> Vec<Recording> {
    let mut executions: IndexMap<Option<Arc<str>>, Vec<Record>> = IndexMap::new();
    for record in records {
        executions.entry(record.execution_arn.clone()).or_default().push(record);
    }
    executions.into_iter().map(|(arn, records)| recording(arn.as_ref(), records)).collect()
}

fn recording(arn: Option<&Arc<str>>, mut records: Vec<Record>) -> Recording {
    let redrives = records.iter().map(|record| record.redrive_count).max().filter(|count| *count > 0);
    let whole = records.iter().all(|it| it.whole);
    let (numbered, linked) = (records.iter().all(|it| it.numbered), records.iter().all(|it| it.linked));
    if !numbered {
        fields::number(&mut records);
    }
    let mut events: Vec<Event> = records.into_iter().map(|record| record.event).collect();
    if !linked {
        fields::link(&mut events);
    }
    let mut recording = Recording::from_events(events);
    if let Some(arn) = arn {
        name(&mut recording, arn);
    }
    recording.execution.get_or_insert_default().redrive_count = redrives;
    recording.recorded.source = Some(if whole { FROM_LOG } else { FROM_FIELDS }.into());
    if !numbered {
        recording.recorded.note("The query did not ask for id: events are numbered in the order of their times.");
    }
    if !linked {
        recording
            .recorded
            .note("The query did not ask for previous_event_id: each event is taken to follow from the one before it.");
    }
    note_gaps(&mut recording);
    recording
}

/// Adds what an ARN tells of the execution and its machine.
fn name(recording: &mut Recording, arn: &Arc<str>) {
    let parts: Vec<&str> = arn.split(':').collect();
    if let [_, partition, _, region, account, kind, machine, name, ..] = parts.as_slice() {
        let machine_arn = format!("arn:{partition}:states:{region}:{account}:stateMachine:{machine}");
        let machine_arn: Arc<str> = machine_arn.into();
        let machine_type = if *kind == "express" { MachineType::Express } else { MachineType::Standard };
        recording.state_machine = Some(StateMachine {
            state_machine_arn: Some(Arc::clone(&machine_arn)),
            name: Some((*machine).into()),
            machine_type: Some(machine_type),
            ..StateMachine::default()
        });
        recording.execution = Some(Execution {
            state_machine_arn: Some(machine_arn),
            name: Some((*name).into()),
            ..Execution::default()
        });
        recording.recorded.region = Some((*region).into());
    }
    recording.execution.get_or_insert_default().execution_arn = Some(Arc::clone(arn));
}

/// Says whether a log tells the whole execution.
fn note_gaps(recording: &mut Recording) {
    let last = recording.events.last_facts().map(|last| (last.id.index() + 1, last.kind.ends_execution()));
    let whole = last.is_some_and(|(highest, ended)| highest == recording.events.len() && ended);
    recording.recorded.complete = Some(whole);
}
