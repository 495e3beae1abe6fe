//! The way of data through a state as an outline and as JSON.
//!
//! ```text
//! { "format": "stepback.flow/1", "visits": [
//!   { "execution", "state", "type", "queryLanguage", "line", "event", "attempt": n | null, "agreed": n, "differing": n,
//!     "reason": why nothing can be said, instead of all that follows,
//!     "stages": [
//!       { "stage", "field": name | absent, "line": n | absent,
//!         "source": "recorded" | "joined" | "computed" | "failed" | "missing", "event": n | absent,
//!         "data": JSON, or "error" and "cause", or "reason",
//!         "comparedWith": stage | "before" | absent, "changes": [ CHANGE as in stepback.diff/1 ],
//!         "check": { "verdict": "unchecked" | "agrees" | "drawn" | "differs", "event", "recorded": JSON } } ] } ] }
//! ```

use super::diff_json::change;
use super::outline::{Entry, Mark, changes, counted, document, head_json, said, shares, text};
use super::page::Role;
use super::quantity::size;
use crate::analysis::Flow;
use crate::analysis::flow::{Base, Check, Data, Missing, Step};
use crate::event::Failure;
use crate::json::Payload;
use crate::json::diff::{Change, Strict, diff_with};
use serde_json::{Map, Value, json};

/// Rows below a stage that are in sight at first.
const IN_SIGHT: usize = 14;

/// Returns the stages in order, each with what it changed.
pub fn flow_entries(flow: &Flow) -> Vec<Entry> {
    let mut entries = Vec::new();
    for step in &flow.steps {
        let at = entries.len();
        let (change, below) = inside(flow, step);
        entries.push(head(step, change));
        entries.extend(below);
        if entries.len() - at > IN_SIGHT && !matters(step) {
            entries[at].closed = true;
        }
    }
    entries
}

/// Tells whether a stage must be seen: it failed, or disagrees.
fn matters(step: &Step) -> bool {
    step.check.differs() || matches!(step.data, Data::Failed(..))
}

fn head(step: &Step, change: String) -> Entry {
    let mark = match (&step.data, &step.check) {
        (Data::Failed(..), _) | (_, Check::Differs { .. }) => Mark::Bad,
        (_, Check::Agrees(_) | Check::Drawn(_)) => Mark::Good,
        _ => Mark::Neutral,
    };
    let (role, checked) = checked(step);
    let name = format!("{:<19}", step.stage.name());
    let field = step.field.as_ref().map(|(field, line)| format!("{field}, line {line}")).unwrap_or_default();
    let role = if mark == Mark::Bad { Role::Failed } else { role };
    let entry = Entry::new(0, mark).word(Role::Strong, name);
    // The field that is to blame must not be cut off.
    let entry = match &step.data {
        Data::Failed(..) => entry.word(Role::Plain, field).word(role, checked),
        _ => entry.word(role, checked).word(Role::Plain, change).word(Role::Dim, field),
    };
    match (&step.data, &step.check) {
        (Data::Recorded(_, event) | Data::Failed(_, Some(event)), _) => entry.at(*event),
        (_, Check::Agrees(event) | Check::Drawn(event) | Check::Differs { event, .. }) => entry.at(*event),
        _ => entry,
    }
}

/// Says how a stage is known.
fn checked(step: &Step) -> (Role, String) {
    match (&step.data, &step.check) {
        (Data::Recorded(_, event), _) => (Role::Dim, format!("recorded at {event}")),
        (Data::Joined(_), _) => (Role::Dim, "from the flows inside".to_owned()),
        (Data::Failed(_, Some(event)), _) => (Role::Failed, format!("failed at {event}")),
        (Data::Failed(..), Check::Agrees(event)) => (Role::Failed, format!("fails, as recorded at {event}")),
        (Data::Failed(..), Check::Differs { event, .. }) => {
            (Role::Failed, format!("fails, NOT as recorded at {event}"))
        }
        (Data::Failed(..), _) => (Role::Failed, "fails".to_owned()),
        (Data::Missing(why), _) => (Role::Dim, missing(*why).to_owned()),
        (Data::Computed(_), Check::Agrees(event)) => (Role::Succeeded, format!("as recorded at {event}")),
        (Data::Computed(_), Check::Drawn(event)) => {
            (Role::Succeeded, format!("as recorded at {event} but for what is drawn anew"))
        }
        (Data::Computed(_), Check::Differs { event, .. }) => (Role::Failed, format!("NOT as recorded at {event}")),
        (Data::Computed(_), Check::Unchecked) => (Role::Dim, "computed".to_owned()),
    }
}

fn missing(why: Missing) -> &'static str {
    match why {
        Missing::NotRecorded => "not in the history, which was recorded without data",
        Missing::Read => "read from outside the history",
        Missing::InChildren => "made by the child executions of the Map Run, in their histories",
        Missing::NotReached => "the state did not come so far",
    }
}

/// What a stage changed in short, and in full.
fn inside(flow: &Flow, step: &Step) -> (String, Vec<Entry>) {
    let mut below = Vec::new();
    if let Data::Failed(failure, _) = &step.data {
        error(&mut below, failure);
        disagreement(&mut below, step);
        return (String::new(), below);
    }
    let Some(payload) = step.data.payload() else { return (String::new(), below) };
    let Ok(value) = payload.value() else {
        below.push(text(1, Mark::Bad, "no JSON", Role::Plain, payload.text()));
        return (size(payload.size()), below);
    };
    disagreement(&mut below, step);
    let change = match flow.change(step) {
        Some(node) if !node.differs() => {
            return ("unchanged".to_owned(), below);
        }
        Some(node) if shares(&node) => {
            changes(&mut below, 1, &node);
            counted(&node)
        }
        Some(_) => {
            document(&mut below, 1, value);
            format!("new, {}", size(payload.size()))
        }
        None => {
            document(&mut below, 1, value);
            size(payload.size())
        }
    };
    (change, below)
}

fn error(below: &mut Vec<Entry>, failure: &Failure) {
    if let Some(name) = &failure.error {
        below.push(text(1, Mark::None, "error", Role::Failed, name));
    }
    if let Some(cause) = &failure.cause {
        said(below, 1, "cause", cause);
    }
}

/// What was recorded instead.
fn disagreement(below: &mut Vec<Entry>, step: &Step) {
    let Check::Differs { recorded, .. } = &step.check else { return };
    let said = "recorded is instead (- computed, + recorded)";
    below.push(Entry::new(1, Mark::Bad).word(Role::Failed, said));
    match (step.data.payload().and_then(|payload| payload.value().ok()), recorded.value()) {
        (Some(computed), Ok(recorded)) => changes(below, 2, &diff_with(computed, recorded, &Strict)),
        (_, Ok(recorded)) => document(below, 2, recorded),
        (_, Err(_)) => below.push(text(2, Mark::None, "", Role::Plain, recorded.text())),
    }
}

/// Returns a flow for programs; the members that say whose it is are the caller's.
pub fn flow_json(flow: &Flow) -> Map<String, Value> {
    let (agreed, differing) = flow.agreement();
    let stages: Vec<Value> = flow.steps.iter().map(|step| stage(flow, step)).collect();
    let mut members = head_json(&flow.head);
    members.insert("agreed".to_owned(), json!(agreed));
    members.insert("differing".to_owned(), json!(differing));
    members.insert("stages".to_owned(), Value::Array(stages));
    members
}

fn stage(flow: &Flow, step: &Step) -> Value {
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    set("stage", json!(step.stage.name()));
    if let Some((field, line)) = &step.field {
        set("field", json!(field));
        set("line", json!(line));
    }
    match &step.data {
        Data::Recorded(payload, event) => {
            set("source", json!("recorded"));
            set("event", json!(event.get()));
            set("data", value(payload));
        }
        Data::Joined(payload) => {
            set("source", json!("joined"));
            set("data", value(payload));
        }
        Data::Computed(payload) => {
            set("source", json!("computed"));
            set("data", value(payload));
        }
        Data::Failed(failure, event) => {
            set("source", json!("failed"));
            set("event", json!(event.map(crate::event::EventId::get)));
            set("error", json!(failure.error.as_deref()));
            set("cause", json!(failure.cause.as_deref()));
        }
        Data::Missing(why) => {
            set("source", json!("missing"));
            set("reason", json!(missing(*why)));
        }
    }
    if let Some(node) = flow.change(step) {
        let compared = match &step.base {
            Base::Step(place) => flow.steps.get(*place).map_or("", |step| step.stage.name()),
            Base::Before(_) => "before",
            Base::Nothing => "",
        };
        let change =
            |found: &Change<'_>| change("", &found.at, found.was_at.as_ref(), found.kind, found.old, found.new);
        set("comparedWith", json!(compared));
        set("changes", node.changes().iter().map(change).collect());
    }
    set("check", check(&step.check));
    Value::Object(members)
}

fn check(check: &Check) -> Value {
    match check {
        Check::Unchecked => json!({ "verdict": "unchecked" }),
        Check::Agrees(event) => json!({ "verdict": "agrees", "event": event.get() }),
        Check::Drawn(event) => json!({ "verdict": "drawn", "event": event.get() }),
        Check::Differs { event, recorded } => {
            json!({ "verdict": "differs", "event": event.get(), "recorded": value(recorded) })
        }
    }
}

/// What is no JSON is told as text.
fn value(payload: &Payload) -> Value {
    payload.value().cloned().unwrap_or_else(|_| Value::from(payload.text()))
}
