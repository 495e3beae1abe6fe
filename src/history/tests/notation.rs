//! The notation: one line per event, then `---`, then what the history should be read as.
//!
//! ```text
//! 5<4 TaskScheduled lambda:invoke in={"a":1}
//! │ │ │             │             └ in, out, error, cause, assign, length, arn, at (milliseconds)
//! │ │ │             └ state, resource or Map[item]
//! │ │ └ type, as AWS writes it
//! │ └ parent; nothing for 0
//! └ id
//! ```
//! Each event comes a second after the one before, unless `at=` says when.

use super::super::*;
use crate::event::{Event, EventType};
use crate::json::SharedBytes;
use serde_json::{Map, Value, json};

/// Reads the events of a notation.
pub fn read(text: &str) -> Vec<Event> {
    let mut time = 1_790_000_000_000_i64;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| event(line, &mut time)).collect()
}

fn event(line: &str, time: &mut i64) -> Event {
    let (numbers, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (id, parent) = numbers.split_once('<').unwrap_or((numbers, "0"));
    let mut words = rest.split(' ').filter(|word| !word.is_empty());
    let kind = EventType::from_name(words.next().unwrap_or_default());
    assert!(!matches!(kind, EventType::Unknown(_)) || line.contains("Unheard"), "unknown event type: {line}");
    let mut details = Map::new();
    *time += 1000;
    for word in words {
        match word.split_once('=') {
            Some(("at", at)) => *time = 1_790_000_000_000 + at.parse::<i64>().expect("at= takes milliseconds"),
            Some((key, value)) => member(&mut details, &kind, key, value, line),
            None => name(&mut details, &kind, word),
        }
    }
    let mut document = json!({
        "id": id.parse::<u32>().expect(line), "previousEventId": parent.parse::<u32>().expect(line),
        "timestamp": *time as f64 / 1000.0, "type": kind.name(),
    });
    if let Some(member) = kind.details_member() {
        document[member] = Value::Object(details);
    }
    Event::read(&SharedBytes::from(document.to_string())).expect(line)
}

fn name(details: &mut Map<String, Value>, kind: &EventType, word: &str) {
    if let Some((resource_type, resource)) = word.split_once(':') {
        details.insert("resourceType".into(), resource_type.into());
        details.insert("resource".into(), resource.into());
    } else if let Some((name, index)) = word.strip_suffix(']').and_then(|word| word.split_once('[')) {
        details.insert("name".into(), name.into());
        details.insert("index".into(), index.parse::<u64>().expect(word).into());
    } else {
        let member = if *kind == EventType::EvaluationFailed { "state" } else { "name" };
        details.insert(member.into(), word.into());
    }
}

fn member(details: &mut Map<String, Value>, kind: &EventType, key: &str, value: &str, line: &str) {
    let value_json = || serde_json::from_str::<Value>(value).unwrap_or_else(|_| value.into());
    let (member, value) = match key {
        "in" if *kind == EventType::TaskScheduled => ("parameters", value.into()),
        "in" => ("input", value.into()),
        "out" => ("output", value.into()),
        "error" | "cause" => (key, value.replace('_', " ").into()),
        "arn" => ("mapRunArn", value.into()),
        "length" => (key, value_json()),
        "assign" => ("assignedVariables", value_json()),
        _ => panic!("{key}= is not in the notation: {line}"),
    };
    details.insert(member.into(), value);
}

/// Writes what a history was read as: visits as a tree with their attempts, then anomalies.
pub fn describe(history: &History) -> String {
    let mut text = String::new();
    scope(history, ScopeId::ROOT, 0, &mut text);
    for anomaly in history.anomalies() {
        text.push_str(&format!("! {anomaly}\n"));
    }
    text
}

fn scope(history: &History, id: ScopeId, depth: usize, text: &mut String) {
    for visit in &history.scope(id).visits {
        visit_lines(history, *visit, depth, text);
    }
}

fn visit_lines(history: &History, id: VisitId, depth: usize, text: &mut String) {
    let visit = history.visit(id);
    let indent = "  ".repeat(depth);
    let next = visit.next.map_or(String::new(), |next| format!(" -> {}", history.visit(next).name));
    let range = range(visit.entered, visit.ended);
    text.push_str(&format!("{indent}{} {} {range}{}{next}\n", visit.name, visit.kind, outcome(visit.outcome)));
    for ending in &visit.earlier {
        let ended = ending.ended.map_or(String::new(), |ended| ended.to_string());
        text.push_str(&format!(
            "{indent}  earlier{} at {ended}, resumed at {}\n",
            outcome(ending.outcome),
            ending.resumed
        ));
    }
    for attempt in &visit.attempts {
        let attempt = history.attempt(*attempt);
        let (kind, range) =
            (format!("{:?}", attempt.kind).to_lowercase(), self::range(Some(attempt.scheduled), attempt.ended));
        text.push_str(&format!("{indent}  * {kind} {range}{}\n", attempt_outcome(attempt.outcome)));
    }
    for child in &visit.children {
        let place = history.scope(*child);
        let (label, index) =
            (if matches!(place.place, Place::Branch { .. }) { "branch" } else { "item" }, place.index());
        let range = self::range(place.started, place.ended);
        text.push_str(&format!("{indent}  {label} {} {range}{}\n", index.unwrap_or(0), scope_outcome(place.outcome)));
        scope(history, *child, depth + 2, text);
    }
}

fn range(from: Option<EventId>, to: Option<EventId>) -> String {
    let number = |id: Option<EventId>| id.map_or("?".into(), |id| id.to_string());
    match to {
        Some(to) => format!("{}-{to}", number(from)),
        None => format!("{}-", number(from)),
    }
}

fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Open => " open".into(),
        Outcome::Exited => String::new(),
        Outcome::Failed { by } => format!(" failed by {by}"),
        Outcome::TimedOut { by } => format!(" timed out by {by}"),
        Outcome::Caught { failure } => format!(" caught {failure}"),
        Outcome::Aborted { by } => format!(" aborted by {by}"),
    }
}

fn attempt_outcome(outcome: AttemptOutcome) -> String {
    match outcome {
        AttemptOutcome::Open => " open".into(),
        AttemptOutcome::Succeeded => String::new(),
        AttemptOutcome::Failed { by } => format!(" failed by {by}"),
        AttemptOutcome::TimedOut { by } => format!(" timed out by {by}"),
        AttemptOutcome::Aborted { by } => format!(" aborted by {by}"),
    }
}

fn scope_outcome(outcome: ScopeOutcome) -> String {
    match outcome {
        ScopeOutcome::Open => " open".into(),
        ScopeOutcome::Succeeded => String::new(),
        ScopeOutcome::Failed { by } => format!(" failed by {by}"),
        ScopeOutcome::Aborted { by } => format!(" aborted by {by}"),
    }
}
