//! The visits of an execution for programs: formats `stepback.show/1` and `stepback.at/1`.
//!
//! ```text
//! { "format": "stepback.show/1", "name", "status", "complete", "missing" (as in stepback.why/1), "visits": [ VISIT ], "anomalies": [ text ] }
//! VISIT:   { "state", "type", "outcome", "failure": event | null, "entered", "ended", "durationMs", "next": state | null,
//!            "mapRun": null | an entry of "mapRuns" of stepback.why/1, "input", "output", "assigned", "attempts": [ ATTEMPT ],
//!            "scopes": [ { "branch" | "item": n, "outcome", "started", "ended", "run", "visits": [ VISIT ] } ],
//!            "executions": [ { "name", "status", "error", "visits": [ VISIT ] } ] }
//! ATTEMPT: { "number", "kind", "outcome", "scheduled", "ended", "durationMs", "error" }
//! { "format": "stepback.at/1", "event", "type", "elapsedMs", "place", "open": [ PLACE ],
//!   "variables": { NAME: value }, "input", "output" }
//! ```
//! Payloads are left out when there are more than a thousand visits; ask for one state with `--state`.

use super::signs::outcome_word;
use super::why_json::{map_run, millis, payload, place};
use crate::analysis::Place;
use crate::analysis::cause::MapRunItems;
use crate::event::EventId;
use crate::history::{AttemptOutcome, Family, MemberId, Place as ScopePlace, ScopeId, ScopeOutcome, VisitId};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

/// Histories with more visits are written without payloads.
const WITH_PAYLOADS: usize = 1_000;
/// Containers deeper than this are left out.
const DEPTH: usize = 40;

/// The visits of a family, written as they are gone through: a history of a million events is never there as JSON.
pub struct TreeJson<'a> {
    family: &'a Family,
    state: Option<&'a str>,
}

impl<'a> TreeJson<'a> {
    /// All visits as a tree, or those of one state as a list with their data.
    pub fn of(family: &'a Family, state: Option<&'a str>) -> Self {
        Self { family, state }
    }
}

impl Serialize for TreeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (family, root) = (self.family, self.family.member(MemberId::ROOT));
        let visits: usize = family.members().map(|(_, member)| member.history.visits().len()).sum();
        let writer = Writer { family, payloads: self.state.is_some() || visits <= WITH_PAYLOADS };
        let anomalies: Vec<_> = root.history.anomalies().iter().map(|anomaly| format!("{anomaly}.")).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", "stepback.show/1")?;
        map.serialize_entry("name", &root.described.name)?;
        map.serialize_entry("status", root.status().name())?;
        let (complete, missing) = super::partial::missing_json(&root.described.missing);
        map.serialize_entry("complete", &complete)?;
        map.serialize_entry("missing", &missing)?;
        match self.state {
            None => map.serialize_entry("visits", &writer.flow(MemberId::ROOT, ScopeId::ROOT, 0))?,
            Some(name) => map.serialize_entry("visits", &Named { writer, name })?,
        }
        map.serialize_entry("anomalies", &anomalies)?;
        map.end()
    }
}

/// Returns the same as a value.
pub fn tree_json(family: &Family, state: Option<&str>) -> Value {
    serde_json::to_value(TreeJson::of(family, state)).unwrap_or_default()
}

#[derive(Clone, Copy)]
struct Writer<'a> {
    family: &'a Family,
    payloads: bool,
}

/// The visits of one state, wherever it was visited.
struct Named<'a> {
    writer: Writer<'a>,
    name: &'a str,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = self.writer.family.members();
        let all = members.flat_map(|(id, member)| member.history.visits().map(move |(visit, v)| (id, visit, v)));
        let named = all.filter(|(_, _, visit)| *visit.name == *self.name);
        serializer.collect_seq(named.map(|(execution, id, _)| VisitJson {
            writer: self.writer,
            execution,
            id,
            depth: DEPTH,
        }))
    }
}

/// The visits of a scope.
struct Flow<'a> {
    writer: Writer<'a>,
    execution: MemberId,
    scope: ScopeId,
    depth: usize,
}

impl Serialize for Flow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { writer, execution, depth, .. } = *self;
        let visits = &writer.family.member(execution).history.scope(self.scope).visits;
        serializer.collect_seq(visits.iter().map(|id| VisitJson { writer, execution, id: *id, depth }))
    }
}

struct VisitJson<'a> {
    writer: Writer<'a>,
    execution: MemberId,
    id: VisitId,
    depth: usize,
}

impl Serialize for VisitJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { writer, execution, id, depth } = *self;
        let within = (depth < DEPTH).then_some(depth + 1);
        let mut map = serializer.serialize_map(None)?;
        writer.head(execution, id).iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.serialize_entry("scopes", &Scopes { writer, execution, visit: id, within })?;
        map.serialize_entry("executions", &Executions { writer, execution, visit: id, within })?;
        map.end()
    }
}

/// The branches and items of a visit; none of them at a depth that is left out.
struct Scopes<'a> {
    writer: Writer<'a>,
    execution: MemberId,
    visit: VisitId,
    within: Option<usize>,
}

impl Serialize for Scopes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let children = &self.writer.family.member(self.execution).history.visit(self.visit).children;
        let all = children.iter().filter_map(|id| Some((*id, self.within?)));
        serializer.collect_seq(all.map(|(id, depth)| {
            let head = self.writer.scope(self.execution, id);
            Below { head, visits: self.writer.flow(self.execution, id, depth) }
        }))
    }
}

/// The executions a visit started.
struct Executions<'a> {
    writer: Writer<'a>,
    execution: MemberId,
    visit: VisitId,
    within: Option<usize>,
}

impl Serialize for Executions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let family = self.writer.family;
        let attempts = family.member(self.execution).history.visit(self.visit).attempts.iter();
        let nested = attempts.flat_map(|attempt| family.nested_in(self.execution, *attempt));
        let children = nested.chain(family.items_of(self.execution, self.visit));
        serializer.collect_seq(children.filter_map(|child| Some((child, self.within?))).map(|(child, depth)| {
            let member = family.member(child);
            let head = json!({
                "name": member.described.name, "status": member.status().name(), "error": member.failure().error,
            });
            Below { head, visits: self.writer.flow(child, ScopeId::ROOT, depth) }
        }))
    }
}

/// Something with visits below.
struct Below<'a> {
    head: Value,
    visits: Flow<'a>,
}

impl Serialize for Below<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let head = self.head.as_object().into_iter().flatten();
        head.into_iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.serialize_entry("visits", &self.visits)?;
        map.end()
    }
}

impl<'a> Writer<'a> {
    fn flow(self, execution: MemberId, scope: ScopeId, depth: usize) -> Flow<'a> {
        Flow { writer: self, execution, scope, depth }
    }

    /// What there is to say of a visit but for what lies below.
    fn head(&self, execution: MemberId, id: VisitId) -> Map<String, Value> {
        let history = &self.family.member(execution).history;
        let visit = history.visit(id);
        let data = |found: Option<&crate::json::Payload>| found.filter(|_| self.payloads).map(payload);
        let assigned = history.assigned(id).filter(|_| self.payloads).map(|assigned| {
            let values = assigned.values.iter().map(|(name, value)| (name.to_string(), payload(value)));
            Value::Object(values.collect::<Map<_, _>>())
        });
        let head = json!({
            "state": visit.name,
            "type": visit.kind.name(),
            "place": place(&Place::of_visit(self.family, execution, id)),
            "outcome": outcome_word(visit.outcome),
            "failure": visit.outcome.failure(),
            "entered": visit.entered,
            "ended": visit.ended,
            "durationMs": history.duration_micros(id).map(millis),
            "mapRun": MapRunItems::of(self.family, execution, id).as_ref().map(map_run),
            "next": visit.next.map(|next| history.visit(next).name.clone()),
            "input": data(history.input(id)),
            "output": data(history.output(id)),
            "assigned": assigned,
            "attempts": visit.attempts.iter().map(|attempt| self.attempt(execution, *attempt)).collect::<Vec<_>>(),
        });
        match head {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    fn attempt(&self, execution: MemberId, id: crate::history::AttemptId) -> Value {
        let history = &self.family.member(execution).history;
        let attempt = history.attempt(id);
        let outcome = match attempt.outcome {
            AttemptOutcome::Open => "open",
            AttemptOutcome::Succeeded => "succeeded",
            AttemptOutcome::Failed { .. } => "failed",
            AttemptOutcome::TimedOut { .. } => "timed out",
            AttemptOutcome::Aborted { .. } => "aborted",
        };
        let error = attempt.outcome.failure().and_then(|event| history.failure_at(event)).and_then(|f| f.error.clone());
        json!({
            "number": attempt.number, "kind": format!("{:?}", attempt.kind).to_lowercase(), "outcome": outcome,
            "scheduled": attempt.scheduled, "ended": attempt.ended,
            "durationMs": history.attempt_micros(id).map(millis), "error": error,
        })
    }

    fn scope(&self, execution: MemberId, id: ScopeId) -> Value {
        let history = &self.family.member(execution).history;
        let scope = history.scope(id);
        let outcome = match scope.outcome {
            ScopeOutcome::Open => "open",
            ScopeOutcome::Succeeded => "succeeded",
            ScopeOutcome::Failed { .. } => "failed",
            ScopeOutcome::Aborted { .. } => "aborted",
        };
        let kind = if matches!(scope.place, ScopePlace::Branch { .. }) { "branch" } else { "item" };
        json!({
            kind: scope.index(),
            "outcome": outcome, "started": scope.started, "ended": scope.ended,
            "run": scope.attempt().map(|attempt| history.attempt(attempt).number),
        })
    }
}

/// Returns the state of the execution right after an event, or `None` when there is no such event.
pub fn at_json(family: &Family, event: EventId) -> Option<Value> {
    let world = family.root().world_at(event)?;
    let open = world.open();
    let open = open.into_iter().map(|visit| place(&Place::of_visit(family, MemberId::ROOT, visit)));
    let variables = world.variables();
    let variables = variables.into_iter().map(|variable| (variable.name.to_string(), payload(variable.value)));
    Some(json!({
        "format": "stepback.at/1",
        "event": event,
        "type": world.event().kind.name(),
        "elapsedMs": millis(world.elapsed_micros()),
        "place": place(&Place::of(family, MemberId::ROOT, event)),
        "open": open.collect::<Vec<_>>(),
        "variables": Value::Object(variables.collect::<Map<_, _>>()),
        "input": world.input().map(payload),
        "output": world.event().details.output().map(payload),
    }))
}
