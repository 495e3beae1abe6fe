//! Lines that a machine writes to CloudWatch Logs: one event each, out of order and sometimes twice.

use crate::event::{Details, Event, EventId, EventType, Timestamp, Truncation, Unknown};
use crate::json::{Members, Payload, SharedBytes};
use crate::recording::{Execution, MachineType, Recording, StateMachine};
use indexmap::IndexMap;
use std::sync::Arc;

/// A line of a log: an event and the execution it belongs to.
#[derive(Debug, Clone)]
pub(super) struct Record {
    execution_arn: Arc<str>,
    redrive_count: u64,
    event: Event,
}

impl Record {
    /// Reads the text of a line.
    pub(super) fn of_message(message: &SharedBytes) -> Option<Self> {
        Self::of_members(&Members::of(message).ok()?)
    }

    /// Reads an object of which the numbers are strings; `None` when it is something else.
    pub(super) fn of_members(members: &Members) -> Option<Self> {
        let execution_arn = text(members.get("execution_arn")?)?;
        let kind = EventType::from_name(&text(members.get("type")?)?);
        let id = EventId::new(u32::try_from(number(members.get("id")?)?).ok()?)?;
        let millis = i64::try_from(number(members.get("event_timestamp")?)?).ok()?;
        let parent = members.get("previous_event_id").and_then(number);
        let parent = parent.and_then(|parent| EventId::new(u32::try_from(parent).ok()?));
        let mut details = members.get("details").map(object).unwrap_or_default();
        let mut event = Event::new(id, parent, Timestamp::from_millis(millis), kind, Details::None);
        event.details = Details::from_members(&event.kind, &mut details);
        if !details.is_empty() {
            event.unknown = Some(Box::new(Unknown { envelope: Vec::new(), details: details.into_vec() }));
        }
        let redrive_count = members.get("redrive_count").and_then(number).unwrap_or(0);
        Some(Self { execution_arn: execution_arn.into(), redrive_count, event })
    }

    /// Reads a row of the results of CloudWatch Logs Insights: `[{"field": …, "value": …}, …]`.
    pub(super) fn of_row(row: &[SharedBytes]) -> Option<Self> {
        let cell = |cell: &SharedBytes| {
            let mut cell = Members::of(cell).ok()?;
            Some((text(&cell.take("field")?)?, cell.take("value")?))
        };
        let cells: Vec<_> = row.iter().map(cell).collect::<Option<_>>()?;
        if let Some((_, message)) = cells.iter().find(|(field, _)| field == "@message") {
            return Self::of_message(&decoded(message)?);
        }
        let member = |(field, value): (String, SharedBytes)| crate::json::Member { name: field.into(), value };
        Self::of_members(&cells.into_iter().map(member).collect())
    }
}

/// Returns the message of a log event as `filter-log-events`, `get-log-events` and exported query results have it.
pub(super) fn message(members: &Members) -> Option<SharedBytes> {
    let message = members.get("message").or_else(|| members.get("@message"))?;
    decoded(message)
}

/// Returns JSON that stands as such, or as text in a string.
fn decoded(value: &SharedBytes) -> Option<SharedBytes> {
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
    let mut executions: IndexMap<Arc<str>, Vec<Record>> = IndexMap::new();
    for record in records {
        executions.entry(Arc::clone(&record.execution_arn)).or_default().push(record);
    }
    executions.into_iter().map(|(arn, records)| recording(&arn, records)).collect()
}

fn recording(arn: &Arc<str>, records: Vec<Record>) -> Recording {
    let redrives = records.iter().map(|record| record.redrive_count).max().filter(|count| *count > 0);
    let mut recording = Recording::from_events(records.into_iter().map(|record| record.event).collect());
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
    let execution = recording.execution.get_or_insert_default();
    execution.execution_arn = Some(Arc::clone(arn));
    execution.redrive_count = redrives;
    note_gaps(&mut recording);
    recording
}

/// Says what a log cannot tell because of its level or its settings.
fn note_gaps(recording: &mut Recording) {
    let events: Vec<Event> = recording.events.iter().collect();
    let highest = events.last().map_or(0, |event| event.id.get() as usize);
    let whole = highest == events.len();
    if !whole {
        let note = if events.iter().all(|event| event.kind.is_failure()) {
            "The log has failures only: its level is ERROR or FATAL. With level ALL it tells the whole execution."
        } else {
            "Lines of the log are missing: the level is not ALL, or not all lines were fetched."
        };
        recording.recorded.note(note);
    }
    if events
        .iter()
        .any(|event| matches!(&event.details, Details::ExecutionStarted(started) if started.input.is_none()))
    {
        recording.recorded.note(
            "The log has no inputs and outputs: includeExecutionData is off in the machine's logging configuration.",
        );
    }
    if events.iter().any(is_cut) {
        recording.recorded.note("The log cut inputs or outputs that were too large for a line.");
    }
    recording.recorded.complete = Some(whole && events.last().is_some_and(|event| event.kind.ends_execution()));
}

fn is_cut(event: &Event) -> bool {
    let data = match &event.details {
        Details::ExecutionStarted(started) => started.input.as_ref(),
        Details::StateEntered(entered) => entered.input.as_ref(),
        Details::StateExited(exited) => exited.output.as_ref(),
        Details::Output(output) => output.as_ref(),
        Details::TaskOutput(done) => done.output.as_ref(),
        _ => None,
    };
    data.is_some_and(|data| data.truncation == Truncation::Cut)
}
