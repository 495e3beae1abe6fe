//! Where a value came from, or who used it, as JSON for programs: `stepback.trace/1`.

use crate::analysis::provenance::{Field, Gap, Hop, Making, Origin, Spot, Step, Story, Trace, Use, Uses, Using, What};
use serde_json::{Map, Value, json};

/// Returns the way of a value back: `{"format","direction":"back","hops":[…],"cut"}`.
///
/// A hop has `depth`, `execution` (its ARN or name, null for one without), `event`, `document` (`input`, `output`,
/// `variable`, `failure`), `variable` (its name), `path`, `value`, `how` and `fields`, the last one first, each with
/// `state`, `field`, `text` and `line`. `how` is `copied`, `collected`, `computed`, `alike` (the same value, and nothing
/// more is known), `origin` with `origin`, `above`, or `gap` with `gap`.
pub fn trace_json(story: Story<'_>, trace: &Trace) -> Value {
    let hops: Vec<Value> = trace.hops.iter().map(|hop| hop_json(story, hop)).collect();
    json!({ "format": "stepback.trace/1", "direction": "back", "hops": hops, "cut": trace.cut })
}

/// Returns who used a value: `{"format","direction":"forward","from":{…},"uses":[…],"cut"}`; a use is told as a hop is,
/// with `how` one of `copied`, `computed`, `decided`.
pub fn uses_json(story: Story<'_>, spot: &Spot, uses: &Uses) -> Value {
    let from = Value::Object(spot_json(story, spot, spot.value(story).as_ref()));
    let uses_told: Vec<Value> = uses.uses.iter().map(|used| use_json(story, used)).collect();
    json!({ "format": "stepback.trace/1", "direction": "forward", "from": from, "uses": uses_told, "cut": uses.cut })
}

fn hop_json(story: Story<'_>, hop: &Hop) -> Value {
    let mut object = spot_json(story, &hop.spot, hop.value.as_ref());
    object.insert("depth".to_owned(), hop.depth.into());
    let (how, detail) = match &hop.step {
        Step::Copied => ("copied", None),
        Step::Made(Making::Collected, _) => ("collected", None),
        Step::Made(Making::Computed, _) => ("computed", None),
        Step::Made(Making::Alike, _) => ("alike", None),
        Step::Origin(origin) => ("origin", Some(origin_name(origin))),
        Step::Above => ("above", None),
        Step::Gap(gap) => ("gap", Some(gap_name(gap))),
    };
    object.insert("how".to_owned(), how.into());
    if let Some(detail) = detail {
        object.insert(how.to_owned(), detail.into());
    }
    if let Step::Gap(Gap::Differs(found)) = &hop.step {
        object.insert("found".to_owned(), found.clone().unwrap_or_default());
    }
    if let Step::Origin(Origin::Context(path)) = &hop.step {
        object.insert("context".to_owned(), path.as_str().into());
    }
    object.insert("fields".to_owned(), hop.fields.iter().map(field_json).collect());
    Value::Object(object)
}

fn use_json(story: Story<'_>, used: &Use) -> Value {
    let mut object = spot_json(story, &used.spot, used.value.as_ref());
    object.insert("depth".to_owned(), used.depth.into());
    let how = match used.using {
        Using::Copied => "copied",
        Using::Computed => "computed",
        Using::Decided => "decided",
    };
    object.insert("how".to_owned(), how.into());
    object.insert("fields".to_owned(), used.fields.iter().map(field_json).collect());
    Value::Object(object)
}

fn spot_json(story: Story<'_>, spot: &Spot, value: Option<&Value>) -> Map<String, Value> {
    let described = &story.family.member(spot.document.member).described;
    let mut object = Map::new();
    let name = described.arn.as_deref().or(described.name.as_deref());
    object.insert("execution".to_owned(), name.into());
    object.insert("event".to_owned(), spot.document.event.get().into());
    object.insert("document".to_owned(), spot.document.what.name().into());
    if let What::Variable(name) = &spot.document.what {
        object.insert("variable".to_owned(), (**name).into());
    }
    object.insert("path".to_owned(), spot.at.to_string().into());
    if let Some(value) = value {
        object.insert("value".to_owned(), value.clone());
    }
    object
}

fn field_json(field: &Field) -> Value {
    let line = field.position.map(|position| position.line);
    json!({ "state": &*field.state, "field": field.name(), "text": field.text.as_deref(), "line": line })
}

fn origin_name(origin: &Origin) -> &'static str {
    match origin {
        Origin::ExecutionInput => "executionInput",
        Origin::Answer => "answer",
        Origin::Failure => "failure",
        Origin::Written => "written",
        Origin::Context(_) => "context",
        Origin::Reader => "itemReader",
        Origin::MapRun => "mapRun",
        Origin::Expression => "expression",
    }
}

fn gap_name(gap: &Gap) -> &'static str {
    match gap {
        Gap::NoProgram(_) => "noDefinition",
        Gap::NotRecorded => "notRecorded",
        Gap::NotEvaluated => "notEvaluated",
        Gap::Differs(_) => "differs",
        Gap::NotFound => "notFound",
    }
}
