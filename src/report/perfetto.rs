//! The timeline as a trace of the form that Chrome's and Perfetto's viewers open.

use crate::analysis::Status;
use crate::analysis::timeline::{Lane, lanes, span, stretches};
use crate::event::Timestamp;
use crate::history::{Family, History, Place, ScopeId, VisitId};
use serde_json::{Value, json};

/// Returns a trace: a process for each execution, a thread for each flow, a slice for each visit and, within it, for
/// each stretch of work or waiting. Times are microseconds since 1970.
pub fn perfetto(family: &Family) -> Value {
    let mut events = Vec::new();
    for (id, member) in family.members() {
        let name = member.described.name.as_deref().unwrap_or("execution");
        events.push(named("process_name", id.index() + 1, 0, name));
    }
    for (row, lane) in lanes(family).iter().enumerate() {
        let history = &family.member(lane.member).history;
        let (process, thread) = (lane.member.index() + 1, row + 1);
        events.push(named("thread_name", process, thread, &flow(history, lane.scope)));
        events.push(json!({
            "ph": "M", "name": "thread_sort_index", "pid": process, "tid": thread, "args": { "sort_index": row },
        }));
        for visit in &history.scope(lane.scope).visits {
            slices(lane, history, *visit, thread, &mut events);
        }
    }
    json!({ "displayTimeUnit": "ms", "traceEvents": events })
}

fn slices(lane: &Lane, history: &History, id: VisitId, thread: usize, events: &mut Vec<Value>) {
    let Some((from, to)) = span(history, id) else { return };
    let visit = history.visit(id);
    let failure = visit.outcome.failure().and_then(|event| history.failure_at(event));
    let process = lane.member.index() + 1;
    let mut add = |name: &str, category: &str, from: Timestamp, to: Timestamp, args: Value| {
        events.push(json!({
            "ph": "X", "name": name, "cat": category, "pid": process, "tid": thread,
            "ts": from.as_micros(), "dur": to.micros_since(from), "args": args,
        }));
    };
    let args = json!({
        "type": visit.kind.name(),
        "status": Status::of_visit(history, id).word(),
        "attempts": visit.attempts.len(),
        "error": failure.and_then(|failure| failure.error.clone()),
        "entered": visit.entered.map(|event| event.get()),
    });
    add(&visit.name, visit.kind.name(), from, to, args);
    let stretches = stretches(history, id);
    if stretches.len() > 1 {
        for stretch in stretches {
            add(stretch.kind.word(), "stretch", stretch.from, stretch.to, json!({}));
        }
    }
}

fn flow(history: &History, scope: ScopeId) -> String {
    match history.scope(scope).place {
        Place::Root => "the execution".to_owned(),
        Place::Branch { of, index, .. } => format!("{}[{index}]", history.visit(of).name),
        Place::Iteration { of, index, .. } => format!("{}[{index}]", history.visit(of).name),
    }
}

fn named(what: &str, process: usize, thread: usize, name: &str) -> Value {
    json!({ "ph": "M", "name": what, "pid": process, "tid": thread, "args": { "name": name } })
}
