//! Comparisons for programs: format `stepback.diff/1`.
//!
//! ```text
//! { "format": "stepback.diff/1", "compares": "executions" | "state" | "data" | "documents" | "definitions", "differs",
//!   "old": SIDE, "new": SIDE, "masked": n,        values that differ, but are volatile; 0 with --all
//!  of executions:
//!   "divergence": null | { "kind": "outcome" | "path" | "oneSided" | "attempts" | "data", "step": n, "place": PLACE,
//!                          "because": [ CHANGE with "read": bool, "origin": null | { "step": n | null, "part" } ],
//!                          "more": n },
//!   "definition": null | { "machine": [ CHANGE ], "states": [ { "name", "is": "added" | "removed" | "renamed" |
//!                          "changed", "oldName", "fields": [ CHANGE ] } ] },
//!   "input": [ CHANGE ], "output": [ CHANGE ], "steps": [ STEP ]      steps that differ
//!  of a state:       "state", "visits": [ STEP, with all that differs in its data ]
//!  of documents and data: "changes": [ CHANGE ]
//!  of definitions:   "definition" as above }
//! SIDE:   { "file", "name", "status", "events" }, of documents and definitions { "file" }, of data { "title" }
//! STEP:   { "step": n, "depth", "place": PLACE, "old": EVENT | null, "new": EVENT | null, "ways": [ WAY ],
//!           "data": [ CHANGE ], "carried": n, "masked": n }
//! EVENT:  the event it began with, or 0
//! WAY:    { "is": "outcome" | "next" | "attempts", "old", "new" }
//! CHANGE: { "part", "path", "oldPath", "kind": "added" | "removed" | "changed" | "retyped" | "rewritten" | "moved",
//!           "old", "new", "words": [ { "same" | "removed" | "added": text } ] }, members without a value left out; words of
//!           long strings that share some
//! ```

use super::diff::{DiffSide, place, place_of};
use super::why_json;
use crate::analysis::diff::{
    Comparison, Data, DataChange, DefinitionDiff, Difference, DivergenceKind, Origin, Reason, Spot, StateDiff, Step,
    effect,
};
use crate::history::Outcome;
use crate::json::diff::{At, Change, Kind, Node, in_words};
use serde_json::{Map, Value, json};

const FORMAT: &str = "stepback.diff/1";

/// Returns two executions compared.
pub fn diff_json(comparison: &Comparison, sides: [DiffSide<'_>; 2]) -> Value {
    let steps = comparison.steps.iter().enumerate().filter(|(_, step)| step.differs());
    json!({
        "format": FORMAT,
        "compares": "executions",
        "differs": comparison.differs(),
        "old": side(comparison, sides, 0),
        "new": side(comparison, sides, 1),
        "masked": comparison.excused,
        "divergence": comparison.divergence.as_ref().map(|divergence| json!({
            "kind": kind(divergence.kind),
            "step": divergence.step,
            "place": comparison.steps.get(divergence.step).and_then(|step| place(step, sides)).as_ref().map(why_json::place),
            "because": divergence.because.iter().map(reason).collect::<Vec<_>>(),
            "more": divergence.more,
        })),
        "definition": comparison.definition.as_ref().map(definition),
        "input": changes(&comparison.input.changes),
        "output": changes(&comparison.output.changes),
        "steps": steps.map(|(number, found)| step(number, found, &found.data, sides)).collect::<Vec<_>>(),
    })
}

/// Returns the visits of one state compared.
pub fn one_state_diff_json(
    state: &str,
    comparison: &Comparison,
    visits: &[(usize, Data)],
    sides: [DiffSide<'_>; 2],
) -> Value {
    let found = visits.iter().filter_map(|(number, data)| Some((*number, comparison.steps.get(*number)?, data)));
    let differs = |(_, step, data): &(usize, &Step, &Data)| {
        !data.changes.is_empty() || !step.differences.is_empty() || step.visits().is_none()
    };
    json!({
        "format": FORMAT,
        "compares": "state",
        "differs": found.clone().any(|visit| differs(&visit)),
        "old": side(comparison, sides, 0),
        "new": side(comparison, sides, 1),
        "masked": visits.iter().map(|(_, data)| data.excused).sum::<usize>(),
        "state": state,
        "visits": found.map(|(number, found, data)| step(number, found, &data.changes, sides)).collect::<Vec<_>>(),
    })
}

/// Returns data compared that is not of two executions.
pub fn data_diff_json(data: &Data, [old, new]: [&str; 2]) -> Value {
    json!({
        "format": FORMAT,
        "compares": "data",
        "differs": !data.changes.is_empty(),
        "old": { "title": old },
        "new": { "title": new },
        "masked": data.excused,
        "changes": changes(&data.changes),
    })
}

/// Returns two documents compared.
pub fn document_diff_json(node: &Node<'_>, [old, new]: [&str; 2]) -> Value {
    let change = |found: &Change<'_>| change("", &found.at, found.was_at.as_ref(), found.kind, found.old, found.new);
    json!({
        "format": FORMAT,
        "compares": "documents",
        "differs": node.differs(),
        "old": { "file": old },
        "new": { "file": new },
        "masked": node.excused(),
        "changes": node.changes().iter().map(change).collect::<Vec<_>>(),
    })
}

/// Returns two definitions compared.
pub fn definition_diff_json(diff: &DefinitionDiff, [old, new]: [&str; 2]) -> Value {
    json!({
        "format": FORMAT,
        "compares": "definitions",
        "differs": !diff.is_empty(),
        "old": { "file": old },
        "new": { "file": new },
        "masked": 0,
        "definition": definition(diff),
    })
}

fn side(comparison: &Comparison, sides: [DiffSide<'_>; 2], which: usize) -> Value {
    let side = sides[which];
    json!({
        "file": side.title,
        "name": side.run.name(),
        "status": comparison.status[which].name(),
        "events": side.run.family.root().events().len(),
    })
}

fn kind(kind: DivergenceKind) -> &'static str {
    match kind {
        DivergenceKind::Outcome => "outcome",
        DivergenceKind::Path => "path",
        DivergenceKind::OneSided => "oneSided",
        DivergenceKind::Attempts => "attempts",
        DivergenceKind::Data => "data",
    }
}

fn reason(reason: &Reason) -> Value {
    let mut found = data_change(&reason.change);
    let origin = |origin: &Origin| json!({ "step": origin.step, "part": origin.part.name() });
    if let Value::Object(members) = &mut found {
        members.insert("read".to_owned(), reason.read.into());
        members.insert("origin".to_owned(), reason.origin.as_ref().map(origin).into());
    }
    found
}

fn step(number: usize, step: &Step, data: &[DataChange], sides: [DiffSide<'_>; 2]) -> Value {
    let event = |side: usize, spot: Option<Spot>| {
        let spot = spot?;
        Some(match spot {
            Spot::Execution(_) => 0,
            spot => place_of(sides[side].run, spot).event.get(),
        })
    };
    json!({
        "step": number,
        "depth": step.depth,
        "place": place(step, sides).as_ref().map(why_json::place),
        "old": event(0, step.old),
        "new": event(1, step.new),
        "ways": step.differences.iter().map(way).collect::<Vec<_>>(),
        "data": changes(data),
        "carried": step.carried,
        "masked": step.excused,
    })
}

fn way(difference: &Difference) -> Value {
    match difference {
        Difference::Outcome { old, new } => json!({ "is": "outcome", "old": outcome(*old), "new": outcome(*new) }),
        Difference::Next { old, new } => json!({ "is": "next", "old": old, "new": new }),
        Difference::Attempts { old, new } => json!({ "is": "attempts", "old": old, "new": new }),
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Open => "open",
        Outcome::Exited => "succeeded",
        Outcome::Failed { .. } => "failed",
        Outcome::TimedOut { .. } => "timedOut",
        Outcome::Caught { .. } => "caught",
        Outcome::Aborted { .. } => "aborted",
    }
}

fn definition(diff: &DefinitionDiff) -> Value {
    let state = |state: &StateDiff| match state {
        StateDiff::Added(name) => json!({ "name": name, "is": "added" }),
        StateDiff::Removed(name) => json!({ "name": name, "is": "removed" }),
        StateDiff::Changed { name, was, moved, fields } => changed_state(name, was.as_deref(), moved.as_ref(), fields),
    };
    json!({ "machine": fields(&diff.machine), "states": diff.states.iter().map(state).collect::<Vec<_>>() })
}

/// A state that is still there: `is` is the least that can be said, the other members tell the rest.
fn changed_state(name: &str, was: Option<&str>, moved: Option<&[String; 2]>, changes: &[DataChange]) -> Value {
    let is = match (was, moved) {
        _ if !changes.is_empty() => "changed",
        (Some(_), _) => "renamed",
        (None, _) => "moved",
    };
    let mut told = Map::new();
    told.insert("name".to_owned(), name.into());
    told.insert("is".to_owned(), is.into());
    if let Some(was) = was {
        told.insert("oldName".to_owned(), was.into());
    }
    if let Some([old, new]) = moved {
        told.insert("movedFrom".to_owned(), old.as_str().into());
        told.insert("movedTo".to_owned(), new.as_str().into());
    }
    if !changes.is_empty() {
        told.insert("fields".to_owned(), fields(changes).into());
    }
    Value::Object(told)
}

/// Changed fields of a definition, each with what it means for a run.
fn fields(changes: &[DataChange]) -> Vec<Value> {
    let field = |change: &DataChange| {
        let mut told = data_change(change);
        if let (Value::Object(members), Some(effect)) = (&mut told, effect(change)) {
            members.insert("effect".to_owned(), effect.name().into());
        }
        told
    };
    changes.iter().map(field).collect()
}

fn changes(changes: &[DataChange]) -> Vec<Value> {
    changes.iter().map(data_change).collect()
}

fn data_change(found: &DataChange) -> Value {
    change(found.part.name(), &found.at, found.was_at.as_ref(), found.kind, found.old.as_ref(), found.new.as_ref())
}

pub(super) fn change(
    part: &str,
    at: &At,
    was: Option<&At>,
    kind: Kind,
    old: Option<&Value>,
    new: Option<&Value>,
) -> Value {
    let mut members = Map::new();
    if !part.is_empty() {
        members.insert("part".to_owned(), part.into());
    }
    members.insert("path".to_owned(), at.to_string().into());
    if let Some(was) = was {
        members.insert("oldPath".to_owned(), was.to_string().into());
    }
    members.insert("kind".to_owned(), kind.name().into());
    let values = [("old", old), ("new", new)];
    members.extend(values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone()))));
    if let Some(words) = old.zip(new).and_then(|(old, new)| in_words(old, new)) {
        let words = words.into_iter().map(|word| json!({ word.name(): word.text() }));
        members.insert("words".to_owned(), words.collect());
    }
    Value::Object(members)
}
