//! The root cause for programs: format `stepback.why/1`.
//!
//! ```text
//! { "format": "stepback.why/1", "name", "status", "startedAt", "durationMs", "events",
//!   "complete": bool,            whether everything that tells how it went is there
//!   "missing": [ { "kind", "text", "byte", "afterEvent", "from", "to" } ],   what is not
//!   "notes": [ text ],         what else was said of the recording
//!   "described": null | { "startedAt", "stoppedAt", "input", "output" },     the service's word, when no event is there
//!   "itemCounts": null | { "failed", "succeeded", "pending", "total", … },   of a Map Run known by its results
//!   "end":     null | { "event", "error", "cause", "message" },
//!   "causes":  [ FINDING ],      what made it end badly
//!   "others":  [ FINDING ],      what failed without ending it
//!   "waiting": [ { "place": PLACE, "for", "task", "worker", "error", "sinceEvent", "since", "durationMs", "timeoutSeconds",
//!                  "heartbeatSeconds", "ends": null | { "at", "by": "wait" | "retry" | "timeout" }, "count" } ],
//!   "mapRuns": [ { "map", "event", "failed": null | n, "total", "of": "items" | "executions", "tolerated", "missing": n } ],
//!                                Map Runs that did not fail with the items that failed, or of which something is missing;
//!                                failed is null where nothing is recorded
//!   "anomalies": n,
//!   "stateMachine", "region", "account", "arn", "console", "failedAt", "reopen",   where it is found, as far as is known
//!   "limits":  [ { "of": "payload" | "events", "used": n, "limit": n, "state", "event" } ] }   those that are near or reached
//! FINDING: { "place": PLACE, "stage", "error", "cause", "message", "decoded", "source",
//!            "denied": null | { "principal", "action", "resource", "because" },
//!            "operands": [ { "reference", "is": "value" | "missing" | "notRecorded", "value", "stopsAt", "after", "found",
//!                            "names", "similar" } ],   of a failed evaluation
//!            "commands": [ { "opens", "command" } ],     that open what the cause names
//!            "fate": { "is", "by", "to" }, "limitBytes": null | n, "task", "attempt": null | { "number", "of" }, "durationMs",
//!            "tries": [ { "event", "error", "cause", "message", "waitedMs" } ], "runs": [ { "state", "run", "of" } ],
//!            "input", "log": null | { "group", "requestId", "lines": [ … ] },
//!            "aborted": { "states": { NAME: n }, "items", "branches" }, "endedIn", "through": [ PLACE ],
//!            "count", "alike": [ PLACE ], "items": null | { "map", "failed", "indexes", "total", "tolerated", "shared",
//!            "contrast": CONTRAST as in stepback.fleet/1 } }
//! PLACE:   { "text", "state", "event", "steps": [ { "state" | "item" | "branch" | "execution": … } ] }
//! ```

use super::cause::operands_json;
use super::fleet::contrast_json;
use super::partial::{missing_json, told_json};
use super::quantity::moment_iso;
use super::words::breadcrumb;
use crate::analysis::cause::{
    EndsBy, Fate, Finding, Items, MapRunItems, MapStands, Report, Stage, Try, Waiting, WaitingFor,
};
use crate::analysis::fleet::Shape;
use crate::analysis::limits::{MAX_PAYLOAD, TOO_LARGE, Tight};
use crate::analysis::message::{Denial, Form, Message};
use crate::analysis::{Diagnosis, Overview, Place, Step};
use crate::json::Payload;
use serde_json::{Map, Value, json};

/// Returns the root cause as JSON.
pub fn why_json(diagnosis: &Diagnosis, overview: &Overview) -> Value {
    let (complete, missing) = missing_json(&overview.missing);
    json!({
        "format": "stepback.why/1",
        "name": overview.name,
        "status": diagnosis.status.name(),
        "complete": complete,
        "missing": missing,
        "notes": overview.notes,
        "described": told_json(overview),
        "itemCounts": overview.items.as_deref(),
        "startedAt": overview.started.map(moment_iso),
        "durationMs": overview.micros.map(millis),
        "events": overview.events,
        "end": diagnosis.end.as_ref().map(report),
        "causes": diagnosis.causes.iter().map(finding).collect::<Vec<_>>(),
        "others": diagnosis.others.iter().map(finding).collect::<Vec<_>>(),
        "waiting": diagnosis.waiting.iter().map(waiting).collect::<Vec<_>>(),
        "mapRuns": diagnosis.map_runs.iter().map(map_run).collect::<Vec<_>>(),
        "anomalies": overview.anomalies,
        "limits": overview.tight.iter().map(tight).collect::<Vec<_>>(),
    })
}

pub(super) fn map_run(run: &MapRunItems) -> Value {
    json!({
        "map": run.map, "event": run.place.event, "failed": run.failed, "total": run.total,
        "of": if run.counts_items { "items" } else { "executions" }, "tolerated": run.stands == MapStands::Passed, "missing": run.missing,
    })
}

fn tight(tight: &Tight) -> Value {
    match tight {
        Tight::Payload { state, event, used, limit } => {
            json!({ "of": "payload", "used": used, "limit": limit, "state": state, "event": event })
        }
        Tight::Events { used, limit } => {
            json!({ "of": "events", "used": used, "limit": limit, "state": null, "event": null })
        }
    }
}

pub(super) fn millis(micros: i64) -> i64 {
    micros / 1000
}

/// Returns a payload as the JSON it is, or as text when it is none.
pub(super) fn payload(payload: &Payload) -> Value {
    payload.value().cloned().unwrap_or_else(|_| payload.text().into())
}

fn summary(cause: &Option<Message>) -> Option<&str> {
    cause.as_ref().map(|cause| &*cause.summary)
}

fn raw(cause: &Option<Message>) -> Option<&str> {
    cause.as_ref().map(|cause| &*cause.raw)
}

fn report(report: &Report) -> Value {
    let Report { event, error, cause } = report;
    json!({ "event": event, "error": error, "cause": raw(cause), "message": summary(cause) })
}

fn finding(finding: &Finding) -> Value {
    let aborted = finding.aborted.states.iter().map(|(name, count)| (name.to_string(), json!(count)));
    json!({
        "place": located(&finding.place, finding.stage),
        "stage": stage(finding.stage),
        "error": finding.error,
        "cause": raw(&finding.cause),
        "message": summary(&finding.cause),
        "decoded": finding.cause.as_ref().and_then(|cause| cause.decoded.clone()),
        "source": finding.cause.as_ref().and_then(|cause| source(&cause.form)),
        "denied": finding.cause.as_ref().and_then(|cause| cause.denial.as_ref()).map(denied),
        "operands": operands_json(&finding.operands),
        "commands": finding.openers.iter().map(|it| json!({ "opens": it.opens, "command": it.command })).collect::<Vec<_>>(),
        "fate": fate(&finding.fate),
        "limitBytes": (finding.error.as_deref() == Some(TOO_LARGE)).then_some(MAX_PAYLOAD),
        "task": finding.task,
        "attempt": finding.attempt.map(|(number, of)| json!({ "number": number, "of": of })),
        "durationMs": finding.micros.map(millis),
        "tries": finding.tries.iter().map(tried).collect::<Vec<_>>(),
        "runs": finding.runs.iter().map(|(state, run, of)| json!({ "state": state, "run": run, "of": of })).collect::<Vec<_>>(),
        "input": finding.input.as_ref().map(payload),
        "log": finding.log.as_ref().map(|log| json!({ "group": log.group, "requestId": log.request_id, "lines": log.lines })),
        "aborted": {
            "states": Value::Object(aborted.collect::<Map<_, _>>()),
            "items": finding.aborted.items,
            "branches": finding.aborted.branches,
        },
        "endedIn": finding.ended_in.as_ref().map(|(state, said)| json!({ "state": state, "report": report(said) })),
        "through": finding.through.iter().map(place).collect::<Vec<_>>(),
        "count": finding.count,
        "alike": finding.alike.iter().map(|place| located(place, finding.stage)).collect::<Vec<_>>(),
        "items": finding.items.as_ref().map(items),
    })
}

/// A failure of which no event is there has none.
fn located(found: &Place, stage: Stage) -> Value {
    let mut place = place(found);
    if stage == Stage::Described {
        place["event"] = Value::Null;
    }
    place
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Task => "task",
        Stage::TimeOut => "timeout",
        Stage::FailState => "failState",
        Stage::Evaluation => "evaluation",
        Stage::MapRun => "mapRun",
        Stage::State => "state",
        Stage::Execution => "execution",
        Stage::Described => "described",
        Stage::NotRecorded => "notRecorded",
    }
}

fn fate(fate: &Fate) -> Value {
    match fate {
        Fate::EndedRun => json!({ "is": "endedRun" }),
        Fate::Caught { by, to, .. } => json!({ "is": "caught", "by": by, "to": to }),
        Fate::Recovered => json!({ "is": "recovered" }),
        Fate::Pending => json!({ "is": "pending" }),
        Fate::RunAgain { by } => json!({ "is": "runAgain", "by": by }),
        Fate::Redriven => json!({ "is": "redriven" }),
        Fate::Tolerated { by } => json!({ "is": "tolerated", "by": by }),
        Fate::Overtaken => json!({ "is": "overtaken" }),
    }
}

fn source(form: &Form) -> Option<Value> {
    Some(match form {
        Form::Text | Form::Json => return None,
        Form::Function { kind, request_id, stack } => {
            json!({ "is": "function", "errorType": kind, "requestId": request_id, "stackTrace": stack })
        }
        Form::Service { service, status_code, error_code, request_id } => json!({
            "is": "service", "service": service, "statusCode": status_code, "errorCode": error_code, "requestId": request_id,
        }),
        Form::Execution { arn, status, error, cause } => json!({
            "is": "execution", "arn": arn, "status": status, "error": error,
            "message": cause.as_ref().map(|cause| &cause.summary),
        }),
        Form::Description { service } => json!({ "is": "description", "service": service }),
        Form::Response { status_code } => json!({ "is": "response", "statusCode": status_code }),
        Form::State { state, entered } => json!({ "is": "state", "state": state, "entered": entered }),
    })
}

fn denied(denial: &Denial) -> Value {
    let Denial { principal, action, resource, because, code: _ } = denial;
    json!({ "principal": principal, "action": action, "resource": resource, "because": because })
}

fn tried(tried: &Try) -> Value {
    let Try { event, error, cause, waited } = tried;
    json!({ "event": event, "error": error, "cause": raw(cause), "message": summary(cause), "waitedMs": waited.map(millis) })
}

fn items(items: &Items) -> Value {
    let shared = items.contrast.traits.iter().filter_map(|it| match &it.shape {
        Shape::Value(value) => Some(json!({ "path": it.path.to_string(), "value": value, "alsoInOthers": it.also })),
        _ => None,
    });
    json!({
        "map": items.map,
        "failed": items.failed,
        "indexes": items.indexes,
        "tolerated": items.tolerated,
        "total": items.total,
        "shared": shared.collect::<Vec<_>>(),
        "contrast": contrast_json(&items.contrast),
    })
}

/// Returns a place.
pub(super) fn place(place: &Place) -> Value {
    let step = |step: &Step| match step {
        Step::State(name) => json!({ "state": name }),
        Step::Item(index) => json!({ "item": index }),
        Step::Branch(index) => json!({ "branch": index }),
        Step::Execution(name) => json!({ "execution": name }),
    };
    json!({
        "text": breadcrumb(place),
        "state": place.visit.and_then(|_| place.state()),
        "event": place.event,
        "steps": place.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn ends_by(by: EndsBy) -> &'static str {
    match by {
        EndsBy::Wait => "wait",
        EndsBy::Retry => "retry",
        EndsBy::TimeOut => "timeout",
        EndsBy::Execution => "execution timeout",
    }
}

fn waiting(waiting: &Waiting) -> Value {
    let (what, task, worker, error) = match &waiting.what {
        WaitingFor::Time => ("time", None, None, None),
        WaitingFor::Token { task } => ("token", task.as_ref(), None, None),
        WaitingFor::Job { task } => ("job", task.as_ref(), None, None),
        WaitingFor::Answer { task } => ("answer", task.as_ref(), None, None),
        WaitingFor::Worker { activity } => ("worker", activity.as_ref(), None, None),
        WaitingFor::Work { activity, worker } => ("work", activity.as_ref(), worker.as_ref(), None),
        WaitingFor::Retry { error } => ("retry", None, None, error.as_ref()),
        WaitingFor::MapRun => ("mapRun", None, None, None),
        WaitingFor::Step => ("step", None, None, None),
    };
    json!({
        "place": place(&waiting.place), "for": what, "task": task, "worker": worker, "error": error,
        "sinceEvent": waiting.since, "since": waiting.since_at.map(moment_iso), "durationMs": waiting.micros.map(millis),
        "timeoutSeconds": waiting.timeout_seconds, "heartbeatSeconds": waiting.heartbeat_seconds,
        "ends": waiting.ends.map(|ends| json!({ "at": moment_iso(ends.at), "by": ends_by(ends.by) })),
        "count": waiting.count,
    })
}
