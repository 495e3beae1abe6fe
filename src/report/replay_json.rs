//! What came out of a replay, for programs: format `stepback.replay/1`.
//!
//! ```text
//! { "format": "stepback.replay/1", "fidelity": FIDELITY, "divergence": null | DIVERGENCE,
//!   "children": [ { "path": "Pay[2]" | "Import/3", "fidelity": FIDELITY, "divergence": null | DIVERGENCE, "reason" } ],
//!   "reason": null | why it did not come to its end, "events": n, "status", "output", "error", "cause",
//!   "unanswered": [ TASK | { "state", "bucket", "key" } ],         what it needed and nobody recorded
//!   "unused": [ { "task", "answers": n } ],                        recorded answers no task asked for
//!   "unusedGiven": [ { "task", "answers": n, "asked": n, "noState" } ],   the same of given ones
//!   "byDefault": [ TASK ],                                         answered by what the answers file says of all others
//!   "changes": null | { "recorded": { "status", "output", "error", "cause" }, "routes": { "recorded", "replayed" } } }
//! FIDELITY:   { "verdict": "agrees" | "diverges" | "stopped", "compared": n, "agreed": n,
//!               "notChecked": [ { "event", "path", "reason" } ] }; children are counted in none but their own
//! DIVERGENCE: { "event", "type", "state", "path", "expected", "actual", "replayedEvent", "rule": null | RULE }
//! RULE:       { "says", "state", "location", "line": null | n }    line: unless the definition is all on one
//! TASK:       { "task": as answers files write it, "attempt": from 1 }
//! ```

use crate::event::Event;
use crate::replay::{Child, Divergence, Fidelity, NotReplayable, Outcome, Rule, Standing, Unanswered};
use serde_json::{Value, json};

/// Returns what came out of a replay as JSON (format stepback.replay/1).
pub fn replay_json(outcome: &Outcome) -> Value {
    let Value::Object(end) = standing(&outcome.standing) else { return Value::Null };
    let edited = outcome.edited.then(|| {
        json!({ "recorded": standing(&outcome.recorded), "routes": { "recorded": outcome.routes.0, "replayed": outcome.routes.1 } })
    });
    let mut told = json!({
        "format": "stepback.replay/1",
        "fidelity": fidelity(&outcome.fidelity),
        "divergence": outcome.divergence.as_ref().map(divergence),
        "children": outcome.children.iter().map(child).collect::<Vec<_>>(),
        "reason": super::replay::reason(outcome),
        "events": outcome.events.len(),
        "unanswered": outcome.unanswered.iter().map(unanswered).collect::<Vec<_>>(),
        "unused": outcome.unused.iter()
            .map(|(state, path, count)| json!({ "task": key(state, path), "answers": count }))
            .collect::<Vec<_>>(),
        "unusedGiven": outcome.unused_given.iter()
            .map(|it| json!({
                "task": it.answers.key, "answers": it.answers.count, "asked": it.answers.used, "noState": it.no_state,
            }))
            .collect::<Vec<_>>(),
        "byDefault": outcome.by_default.iter().map(unanswered).collect::<Vec<_>>(),
        "changes": edited,
    });
    if let Value::Object(members) = &mut told {
        members.extend(end);
    }
    told
}

fn fidelity(fidelity: &Fidelity) -> Value {
    let not_checked = fidelity.not_checked.iter();
    let not_checked: Vec<Value> = not_checked
        .map(|it| json!({ "event": it.event.get(), "path": it.path, "reason": it.reason.reason() }))
        .collect();
    json!({
        "verdict": fidelity.verdict.name(),
        "compared": fidelity.compared,
        "agreed": fidelity.agreed,
        "notChecked": not_checked,
    })
}

fn child(child: &Child) -> Value {
    json!({
        "path": child.path,
        "fidelity": fidelity(&child.fidelity),
        "divergence": child.divergence.as_ref().map(divergence),
        "reason": child.reason,
    })
}

fn standing(standing: &Standing) -> Value {
    json!({
        "status": standing.status.name(),
        "output": standing.output.as_ref().map(|output| output.value().cloned().unwrap_or_default()),
        "error": standing.failure.error,
        "cause": standing.failure.cause,
    })
}

/// Returns why there was no replay, in the same form.
pub fn no_replay_json(reason: &NotReplayable) -> Value {
    json!({
        "format": "stepback.replay/1",
        "fidelity": { "verdict": "stopped", "compared": 0, "agreed": 0, "notChecked": [] },
        "divergence": null,
        "children": [],
        "reason": reason.to_string(),
        "status": null,
        "output": null,
        "error": null,
        "cause": null,
        "events": 0,
        "unanswered": [],
        "unused": [],
        "unusedGiven": [],
        "byDefault": [],
        "changes": null,
    })
}

fn divergence(divergence: &Divergence) -> Value {
    let event = divergence.recorded.as_ref();
    let told = |event: Option<&Event>| event.map(|event| serde_json::to_value(event).unwrap_or_default());
    let (path, expected, actual) = match &divergence.difference {
        Some(it) => (Some(it.path.as_str()), it.expected.clone(), it.actual.clone()),
        None => (None, told(event), told(divergence.replayed.as_ref())),
    };
    let shown = event.or(divergence.replayed.as_ref());
    json!({
        "event": event.map(|event| event.id.get()),
        "type": shown.map(|event| event.kind.name()),
        "state": divergence.state.as_deref(),
        "path": path,
        "expected": expected,
        "actual": actual,
        "replayedEvent": divergence.replayed.as_ref().map(|event| event.id.get()),
        "rule": divergence.rule.as_ref().map(rule),
    })
}

fn rule(rule: &Rule) -> Value {
    json!({ "says": rule.says, "state": rule.state, "location": rule.location, "line": rule.line })
}

fn unanswered(unanswered: &Unanswered) -> Value {
    match unanswered {
        Unanswered::Task(state, path, attempt) => json!({ "task": key(state, path), "attempt": attempt + 1 }),
        Unanswered::Object(state, bucket, object) => json!({ "state": &**state, "bucket": bucket, "key": object }),
    }
}

/// The key of a task as answers files write it.
pub(super) fn key(state: &str, path: &[u32]) -> String {
    let indexes: String = path.iter().map(|index| format!("[{index}]")).collect();
    format!("{state}{indexes}")
}
