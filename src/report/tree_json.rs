//! The visits of an execution for programs: formats `stepback.show/1` and `stepback.at/1`.
//!
//! ```text
//! { "format": "stepback.show/1", "name", "status", "visits": [ VISIT ], "anomalies": [ text ] }
//! VISIT:   { "state", "type", "outcome", "failure": event | null, "entered", "ended", "durationMs", "next": state | null,
//!            "input", "output", "assigned", "attempts": [ ATTEMPT ],
//!            "scopes": [ { "branch" | "item": n, "outcome", "started", "ended", "run", "visits": [ VISIT ] } ],
//!            "executions": [ { "name", "status", "error", "visits": [ VISIT ] } ] }
//! ATTEMPT: { "number", "kind", "outcome", "scheduled", "ended", "durationMs", "error" }
//! { "format": "stepback.at/1", "event", "type", "elapsedMs", "place", "open": [ PLACE ],
//!   "variables": { NAME: value }, "input", "output" }
//! ```
//! Payloads are left out when there are more than a thousand visits; ask for one state with `--state`.

use super::signs::outcome_word;
use super::why_json::{millis, payload, place};
use crate::analysis::Place;
use crate::event::EventId;
use crate::history::{AttemptOutcome, Family, MemberId, Place as ScopePlace, ScopeId, ScopeOutcome, VisitId};
use serde_json::{Map, Value, json};

/// Histories with more visits are written without payloads.
const WITH_PAYLOADS: usize = 1_000;
/// Containers deeper than this are left out.
const DEPTH: usize = 40;

struct Writer<'a> {
    family: &'a Family,
    payloads: bool,
}

/// Returns the visits as JSON: all of them as a tree, or those of one state as a list with their data.
pub fn tree_json(family: &Family, state: Option<&str>) -> Value {
    let root = family.member(MemberId::ROOT);
    let visits: usize = family.members().map(|(_, member)| member.history.visits().len()).sum();
    let writer = Writer { family, payloads: state.is_some() || visits <= WITH_PAYLOADS };
    let visits = match state {
        None => writer.flow(MemberId::ROOT, ScopeId::ROOT, 0),
        Some(name) => {
            let all =
                family.members().flat_map(|(id, member)| member.history.visits().map(move |(visit, v)| (id, visit, v)));
            let named = all.filter(|(_, _, visit)| &*visit.name == name);
            named.map(|(execution, visit, _)| writer.visit(execution, visit, DEPTH)).collect()
        }
    };
    json!({
        "format": "stepback.show/1",
        "name": root.described.name,
        "status": root.status().name(),
        "visits": visits,
        "anomalies": root.history.anomalies().iter().map(|anomaly| format!("{anomaly}.")).collect::<Vec<_>>(),
    })
}

impl Writer<'_> {
    fn flow(&self, execution: MemberId, scope: ScopeId, depth: usize) -> Vec<Value> {
        let visits = &self.family.member(execution).history.scope(scope).visits;
        visits.iter().map(|visit| self.visit(execution, *visit, depth)).collect()
    }

    fn visit(&self, execution: MemberId, id: VisitId, depth: usize) -> Value {
        let history = &self.family.member(execution).history;
        let visit = history.visit(id);
        let data = |found: Option<&crate::json::Payload>| found.filter(|_| self.payloads).map(payload);
        let assigned = history.assigned(id).filter(|_| self.payloads).map(|assigned| {
            let values = assigned.values.iter().map(|(name, value)| (name.to_string(), payload(value)));
            Value::Object(values.collect::<Map<_, _>>())
        });
        json!({
            "state": visit.name,
            "type": visit.kind.name(),
            "place": place(&Place::of_visit(self.family, execution, id)),
            "outcome": outcome_word(visit.outcome),
            "failure": visit.outcome.failure(),
            "entered": visit.entered,
            "ended": visit.ended,
            "durationMs": history.duration_micros(id).map(millis),
            "next": visit.next.map(|next| history.visit(next).name.clone()),
            "input": data(history.input(id)),
            "output": data(history.output(id)),
            "assigned": assigned,
            "attempts": visit.attempts.iter().map(|attempt| self.attempt(execution, *attempt)).collect::<Vec<_>>(),
            "scopes": if depth < DEPTH { self.scopes(execution, id, depth + 1) } else { Vec::new() },
            "executions": if depth < DEPTH { self.executions(execution, id, depth + 1) } else { Vec::new() },
        })
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

    fn scopes(&self, execution: MemberId, visit: VisitId, depth: usize) -> Vec<Value> {
        let history = &self.family.member(execution).history;
        let one = |id: &ScopeId| {
            let scope = history.scope(*id);
            let outcome = match scope.outcome {
                ScopeOutcome::Open => "open",
                ScopeOutcome::Succeeded => "succeeded",
                ScopeOutcome::Failed { .. } => "failed",
                ScopeOutcome::Aborted { .. } => "aborted",
            };
            let kind = if matches!(scope.place, ScopePlace::Branch { .. }) { "branch" } else { "item" };
            let mut value = json!({
                "outcome": outcome, "started": scope.started, "ended": scope.ended,
                "run": scope.attempt().map(|attempt| history.attempt(attempt).number),
                "visits": self.flow(execution, *id, depth),
            });
            if let Value::Object(members) = &mut value {
                members.insert(kind.to_owned(), json!(scope.index()));
            }
            value
        };
        history.visit(visit).children.iter().map(one).collect()
    }

    fn executions(&self, execution: MemberId, visit: VisitId, depth: usize) -> Vec<Value> {
        let attempts = self.family.member(execution).history.visit(visit).attempts.iter();
        let nested = attempts.flat_map(|attempt| self.family.nested_in(execution, *attempt));
        let children = nested.chain(self.family.items_of(execution, visit));
        let one = |child: MemberId| {
            let member = self.family.member(child);
            json!({
                "name": member.described.name, "status": member.status().name(), "error": member.failure().error,
                "visits": self.flow(child, ScopeId::ROOT, depth),
            })
        };
        children.map(one).collect()
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
