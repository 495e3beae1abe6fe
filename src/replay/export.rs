//! A recording turned into tests: its answers as files, its visits as TestState requests, itself as a case.

use super::recorded::{Attempt, Script};
use super::subject::NotReplayable;
use crate::event::{EventId, StateType};
use crate::history::{History, Outcome, Visit, VisitId};
use crate::json::Payload;
use crate::recording::Recording;
use crate::tasks::Ending;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Returns the answers of a recording as an answers file.
pub fn answers_file(recording: &Recording) -> Value {
    let script = script(recording);
    let mut states: BTreeMap<String, Value> = BTreeMap::new();
    for ((state, path), attempts) in script.tries() {
        let indexes: String = path.iter().map(|index| format!("[{index}]")).collect();
        let entries: Vec<Value> = attempts.into_iter().filter_map(entry).collect();
        if !entries.is_empty() {
            states.insert(format!("{state}{indexes}"), Value::Array(entries));
        }
    }
    json!({ "states": states, "default": "fail" })
}

fn script(recording: &Recording) -> Script {
    let history: History = recording.events.iter().collect();
    Script::since(&history, EventId::FIRST)
}

fn entry(attempt: &Attempt) -> Option<Value> {
    let (_, ending) = attempt.ended.as_ref()?;
    let mut entry = Map::new();
    match ending.as_ref()? {
        Ending::Succeeded(result) => {
            entry.insert("result".to_owned(), value(result));
        }
        Ending::Unanswered(_) => return None,
        Ending::TimedOut => {
            entry.insert("timeout".to_owned(), Value::Bool(true));
        }
        Ending::Failed(failure, kind) => {
            entry.insert("error".to_owned(), json!(failure.error));
            entry.insert("cause".to_owned(), json!(failure.cause));
            kind.as_ref().map(|kind| entry.insert("as".to_owned(), Value::from(kind.name())));
        }
    }
    if let Some((_, Some(submitted))) = &attempt.submitted {
        entry.insert("submitted".to_owned(), value(submitted));
    }
    if let Some(worker) = &attempt.worker {
        entry.insert("worker".to_owned(), Value::from(&**worker));
    }
    Some(Value::Object(entry))
}

fn value(payload: &Payload) -> Value {
    payload.value().cloned().unwrap_or_else(|_| Value::from(payload.text()))
}

/// Returns the answers of a recording as a MockConfigFile.json with one test case.
pub fn mock_config(recording: &Recording, case: &str) -> Value {
    let script = script(recording);
    let mut states: BTreeMap<&str, Vec<&Attempt>> = BTreeMap::new();
    for ((state, _), attempts) in script.tries() {
        states.entry(state).or_default().extend(attempts);
    }
    let (mut named, mut responses) = (Map::new(), Map::new());
    for (state, mut attempts) in states {
        // Step Functions Local counts the invocations of a state through retries and iterations.
        attempts.sort_by_key(|attempt| attempt.scheduled.event);
        let invocations = attempts.into_iter().filter_map(response).enumerate();
        let invocations: Map<String, Value> = invocations.map(|(index, it)| (index.to_string(), it)).collect();
        if invocations.is_empty() {
            continue;
        }
        let name = format!("{case}.{state}");
        responses.insert(name.clone(), Value::Object(invocations));
        named.insert(state.to_owned(), Value::from(name));
    }
    let machine = recording.machine_name().unwrap_or("Machine");
    let cases = json!({ case: named });
    json!({ "StateMachines": { machine: { "TestCases": cases } }, "MockedResponses": responses })
}

fn response(attempt: &Attempt) -> Option<Value> {
    let (_, ending) = attempt.ended.as_ref()?;
    Some(match ending.as_ref()? {
        Ending::Succeeded(result) => json!({ "Return": value(result) }),
        Ending::Unanswered(_) => return None,
        Ending::TimedOut => json!({ "Throw": { "Error": "States.Timeout", "Cause": "" } }),
        Ending::Failed(failure, _) => {
            let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            json!({ "Throw": { "Error": text(&failure.error), "Cause": text(&failure.cause) } })
        }
    })
}

/// Returns the visits of a recording as requests to AWS's TestState, each with what was recorded. Visits of states that
/// hold others are left out: what their work came to is not in a history.
pub fn test_states(recording: &Recording) -> Result<Value, NotReplayable> {
    let definition = recording.definition().ok_or(NotReplayable::NoDefinition)?;
    let history: History = recording.events.iter().collect();
    let role = recording.state_machine.as_ref().and_then(|machine| machine.role_arn.clone());
    let visits = history.visits().filter(|(_, visit)| !visit.kind.is_container() && !visit.outcome.is_open());
    let tests = visits.filter_map(|(id, visit)| {
        let (entered, input) = (visit.entered?, history.input(id)?);
        let mut request = Map::new();
        request.insert("definition".to_owned(), Value::from(definition.text()));
        request.insert("stateName".to_owned(), Value::from(&*visit.name));
        request.insert("input".to_owned(), Value::from(input.text()));
        request.insert("inspectionLevel".to_owned(), Value::from("DEBUG"));
        role.as_ref().map(|role| request.insert("roleArn".to_owned(), Value::from(&**role)));
        let variables = history.world_at(entered)?.variables();
        if !variables.is_empty() {
            let variables: Map<String, Value> =
                variables.iter().map(|it| (it.name.to_string(), value(it.value))).collect();
            request.insert("variables".to_owned(), Value::from(Value::Object(variables).to_string()));
        }
        if visit.kind == StateType::Task {
            work(&history, visit, &mut request)?;
        }
        Some(json!({ "event": entered, "request": request, "recorded": recorded(&history, id, visit) }))
    });
    let tests: Vec<Value> = tests.collect();
    Ok(json!({ "format": "stepback.test-states/1", "tests": tests }))
}

/// Adds what the last try of a task came to, and how often it had been tried before.
fn work(history: &History, visit: &Visit, request: &mut Map<String, Value>) -> Option<()> {
    let last = history.attempt(*visit.attempts.last()?);
    let ended = history.event(last.ended?)?;
    let mock = match &ended.details {
        details if ended.kind.completes_task() => {
            json!({ "result": details.output()?.text(), "fieldValidationMode": "NONE" })
        }
        details if ended.kind.fails_task() => {
            let failure = details.failure().cloned().unwrap_or_default();
            json!({ "errorOutput": { "error": failure.error, "cause": failure.cause }, "fieldValidationMode": "NONE" })
        }
        _ => return None,
    };
    request.insert("mock".to_owned(), mock);
    let retries = visit.attempts.len() - 1;
    if retries > 0 && ended.kind.fails_task() {
        request.insert("stateConfiguration".to_owned(), json!({ "retrierRetryCount": retries }));
    }
    Some(())
}

fn recorded(history: &History, id: VisitId, visit: &Visit) -> Value {
    let next = visit.next.map(|next| history.visit(next).name.to_string());
    let output = history.output(id).map(|output| output.text().to_owned());
    let failure = visit.outcome.failure().and_then(|by| history.failure_at(by));
    let status = match visit.outcome {
        Outcome::Exited => "SUCCEEDED",
        Outcome::Caught { .. } => "CAUGHT_ERROR",
        _ => "FAILED",
    };
    json!({
        "status": status,
        "output": output,
        "nextState": next,
        "error": failure.and_then(|failure| failure.error.as_deref()),
        "cause": failure.and_then(|failure| failure.cause.as_deref()),
    })
}

/// Returns a recording with nothing in it but what a replay needs.
pub fn case(recording: &Recording) -> Recording {
    let bare = |child: &Recording| case(child);
    let mut bundle = recording.clone();
    bundle.logs.clear();
    bundle.bookmarks.clear();
    bundle.children.clear();
    for run in &mut bundle.map_runs {
        run.executions = run.executions.iter().map(bare).collect();
    }
    bundle
}
