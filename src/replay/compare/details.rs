//! The details of an event in a form that can be compared: payloads read, numbers of events replaced by what they point
//! at, and what the recording does not hold left out.

use super::chains::Chains;
use super::same::{Comparer, Unchecked};
use crate::event::{Data, Details, Event, Truncation};
use crate::json::Payload;
use serde_json::Value;
use std::sync::Arc;

/// Before the number of an event in a cause, as in `… at the event id #12 …`.
const NUMBERED: &str = "event id #";

/// Tells whether a text in the details names an event by its number.
pub(super) fn names_events(details: &Details) -> bool {
    let in_cause = |cause: &Option<Arc<str>>| cause.as_ref().is_some_and(|cause| cause.contains(NUMBERED));
    let in_payload = |payload: Option<&Payload>| payload.is_some_and(|payload| payload.text().contains(NUMBERED));
    details.failure().is_some_and(|failure| in_cause(&failure.cause))
        || in_payload(details.input())
        || in_payload(details.output())
}

/// Returns the details of an event with its payloads read.
pub(super) fn details(event: &Event, chains: Option<&Chains<'_, '_>>) -> Value {
    let Ok(Value::Object(members)) = serde_json::to_value(event) else { return Value::Null };
    let details = members.into_iter().find(|(name, _)| name.ends_with("EventDetails"));
    let mut details = details.map_or_else(|| Value::Object(Default::default()), |(_, details)| details);
    if let Some(chains) = chains {
        point(&mut details, chains);
    }
    let Value::Object(members) = &mut details else { return details };
    for name in ["input", "output", "parameters"] {
        members.get_mut(name).into_iter().for_each(read);
    }
    if let Some(Value::Object(variables)) = members.get_mut("assignedVariables") {
        variables.values_mut().for_each(read);
    }
    details
}

fn read(payload: &mut Value) {
    if let Value::String(text) = payload
        && let Ok(value) = serde_json::from_str(text)
    {
        *payload = value;
    }
}

/// Replaces the numbers of events by the numbers of their chains.
fn point(value: &mut Value, chains: &Chains<'_, '_>) {
    match value {
        Value::String(text) if text.contains(NUMBERED) => *text = pointed(text, chains),
        Value::Array(items) => items.iter_mut().for_each(|item| point(item, chains)),
        Value::Object(members) => members.values_mut().for_each(|member| point(member, chains)),
        _ => {}
    }
}

fn pointed(text: &str, chains: &Chains<'_, '_>) -> String {
    let mut parts = text.split(NUMBERED);
    let mut pointed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        let chain = number.parse().ok().and_then(|id| chains.number_of(id));
        pointed.push_str(NUMBERED);
        match (chain, digits) {
            (_, 0) => {}
            (Some(chain), _) => pointed.push_str(&format!("@{chain}")),
            (None, _) => pointed.push('?'),
        }
        pointed.push_str(rest);
    }
    pointed
}

/// Leaves out of both sides what the recording does not hold: data that was not recorded or was cut, and words about its
/// completeness, which histories before 2020 and old SDKs do not have.
pub(super) fn leave_out_missing(
    expected: &Event,
    actual: &Event,
    left: &mut Value,
    right: &mut Value,
    comparer: &mut Comparer<'_, '_>,
) {
    let (Value::Object(left), Value::Object(right)) = (left, right) else { return };
    let mut absent = |names: &[&str]| {
        for name in names.iter().filter(|name| !left.contains_key(**name)) {
            if right.shift_remove(*name).is_some() {
                comparer.note_at(name, Unchecked::NotRecorded);
            }
        }
    };
    match data(&actual.details) {
        // What was assigned goes with the output.
        Some((member, _)) if !left.contains_key(member) => absent(&[member, "assignedVariables"]),
        _ => {}
    }
    absent(&["inputDetails", "outputDetails", "assignedVariablesDetails", "roleArn"]);
    let cut = |recorded: &Data| recorded.truncation == Truncation::Cut;
    let Some((member, Some(_))) = data(&expected.details).filter(|(_, recorded)| recorded.is_some_and(cut)) else {
        return;
    };
    comparer.note_at(member, Unchecked::NotRecorded);
    for side in [left, right] {
        side.shift_remove(member);
        side.shift_remove(&format!("{member}Details"));
    }
}

/// Returns the data that details are about, and the name of the member; nothing inside where only the member counts.
fn data(details: &Details) -> Option<(&'static str, Option<&Data>)> {
    Some(match details {
        Details::ExecutionStarted(started) => ("input", started.input.as_ref()),
        Details::StateEntered(entered) => ("input", entered.input.as_ref()),
        Details::LambdaScheduled(scheduled) => ("input", scheduled.input.as_ref()),
        Details::ActivityScheduled(scheduled) => ("input", scheduled.input.as_ref()),
        Details::TaskScheduled(_) => ("parameters", None),
        Details::Output(output) => ("output", output.as_ref()),
        Details::StateExited(exited) => ("output", exited.output.as_ref()),
        Details::TaskOutput(done) => ("output", done.output.as_ref()),
        _ => return None,
    })
}
