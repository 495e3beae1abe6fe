//! A recording turned into tests: its answers as files, its visits as TestState requests, itself as a case.

use super::amended::Try;
use super::edits::Edits;
use super::player::Replay;
use super::recorded::{Attempt, Key, Script, missing_activities};
use super::subject::NotReplayable;
use crate::event::{EventId, StateType};
use crate::history::{History, Outcome, Visit, VisitId};
use crate::json::Payload;
use crate::recording::Recording;
use crate::tasks::{Ending, task_key};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Returns the answers of a recording as an answers file.
pub fn answers_file(recording: &Recording) -> Value {
    answers_as(recording, entry)
}

/// Returns the same with how long each answer took, which decides what comes first where flows run side by side.
pub fn timed_answers_file(recording: &Recording) -> Value {
    answers_as(recording, timed)
}

fn answers_as(recording: &Recording, entry: fn(&Attempt) -> Option<Value>) -> Value {
    let script = script(recording);
    let mut states: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    // A Map that is visited again has another Map Run, whose answers come after those of the first.
    let mut add = |(state, path): &Key, attempts: &mut dyn Iterator<Item = &Attempt>| {
        states.entry(task_key(state, path)).or_default().extend(attempts.filter_map(entry));
    };
    script.tries().for_each(|(key, attempts)| add(key, &mut attempts.into_iter()));
    tries_of_children(recording).iter().for_each(|(key, attempts)| add(key, &mut attempts.iter()));
    states.retain(|_, entries| !entries.is_empty());
    match missing_activities(recording.events.iter()) {
        missing if missing.is_empty() => json!({ "states": states, "default": "fail" }),
        missing => json!({ "states": states, "default": "fail", "missingActivities": missing }),
    }
}

/// The tries in the children of Map Runs. Which of the items a child got is not recorded: a replay tells.
fn tries_of_children(recording: &Recording) -> Vec<(Key, Vec<Attempt>)> {
    if recording.map_runs.iter().all(|run| run.executions.is_empty()) {
        return Vec::new();
    }
    let Ok(mut replay) = Replay::of(recording, Edits::default()) else { return Vec::new() };
    while replay.advance(1_000) {}
    replay.tries_of_children()
}

/// Returns an answers file that says the same as single answers given instead of recorded ones. A list replaces all
/// answers to a task, so those recorded stand between them; what was tried after a try that now succeeds is left out.
pub fn amended_file(recording: &Recording, amended: &[(Try, Value)]) -> Value {
    let script = script(recording);
    let recorded: BTreeMap<&Key, &[Vec<Attempt>]> = script.rounds().collect();
    let mut tasks: BTreeMap<Key, Vec<Vec<Option<Value>>>> = BTreeMap::new();
    for (of, answer) in amended {
        let Some((key, round, attempt)) = place(of, &recorded) else { continue };
        let rounds = tasks.entry(key.clone()).or_insert_with(|| {
            let rounds = recorded.get(&key).copied().unwrap_or_default();
            rounds.iter().map(|round| round.iter().map(entry).collect()).collect()
        });
        rounds.resize(rounds.len().max(round + 1), Vec::new());
        let Some(tries) = rounds.get_mut(round) else { continue };
        tries.resize(tries.len().max(attempt + 1), None);
        if answer.get("result").is_some() {
            tries.truncate(attempt + 1);
        }
        if let Some(place) = tries.get_mut(attempt) {
            *place = Some(answer.clone());
        }
    }
    let list = |rounds: Vec<Vec<Option<Value>>>| rounds.into_iter().flatten().flatten().collect();
    let states = tasks.into_iter().map(|((state, path), rounds)| (task_key(&state, &path), Value::Array(list(rounds))));
    json!({ "states": states.collect::<Map<String, Value>>(), "default": "recorded" })
}

/// Which task, which of its visits and which attempt there, both from 0.
fn place(of: &Try, recorded: &BTreeMap<&Key, &[Vec<Attempt>]>) -> Option<(Key, usize, usize)> {
    let event = match of {
        Try::Recorded(event) => *event,
        Try::Replayed { state, path, visit, attempt } => {
            let index = |number: u32| number.saturating_sub(1) as usize;
            return Some(((Arc::clone(state), path.clone()), index(*visit), index(*attempt)));
        }
    };
    recorded.iter().find_map(|(key, rounds)| {
        let tries = rounds.iter().enumerate().flat_map(|(round, tries)| {
            tries.iter().enumerate().map(move |(attempt, tried)| (round, attempt, tried.scheduled.event))
        });
        let (round, attempt, _) = tries.into_iter().find(|(_, _, scheduled)| *scheduled == event)?;
        Some(((*key).clone(), round, attempt))
    })
}

/// Returns the answer a recorded try got, as an entry of an answers file; `None` when that was not recorded.
pub fn recorded_answer(recording: &Recording, scheduled: EventId) -> Option<Value> {
    let script = script(recording);
    let mut tries = script.tries().flat_map(|(_, tries)| tries);
    entry(tries.find(|tried| tried.scheduled.event == scheduled && tried.ended.is_some())?)
}

/// Returns the last answer recorded for a state, in whichever iteration.
pub fn last_answer(recording: &Recording, state: &str) -> Option<Value> {
    let script = script(recording);
    let tries = script.tries().filter(|((name, _), _)| **name == *state).flat_map(|(_, tries)| tries);
    let answered = tries.filter(|tried| matches!(tried.ended, Some((_, Some(Ending::Succeeded(_))))));
    entry(answered.max_by_key(|tried| tried.scheduled.event)?)
}

fn script(recording: &Recording) -> Script {
    let history: History = recording.events.iter().collect();
    Script::of(&history)
}

/// The same with the seconds from the service's first answer, or else the start, to the end.
fn timed(attempt: &Attempt) -> Option<Value> {
    let mut entry = entry(attempt)?;
    let began = attempt.submitted.as_ref().map(|(at, _)| at).or(attempt.started.as_ref()).unwrap_or(&attempt.scheduled);
    if let (Some((ended, Some(Ending::Succeeded(_) | Ending::Failed(..)))), Some(members)) =
        (&attempt.ended, entry.as_object_mut())
    {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a task fit 53 bits")]
        let after = ended.at.micros_since(began.at).max(0) as f64 / 1e6;
        members.insert("after".to_owned(), Value::from(after));
    }
    Some(entry)
}

/// A try as an entry of an answers file; `None` when its answer was not recorded.
fn entry(attempt: &Attempt) -> Option<Value> {
    let ending = attempt.ended.as_ref().map_or(Some(&Ending::Pending), |(_, ending)| ending.as_ref())?;
    let mut entry = Map::new();
    match ending {
        Ending::Succeeded(result) => {
            entry.insert("result".to_owned(), value(result));
        }
        Ending::Unanswered(_) => return None,
        Ending::TimedOut => {
            entry.insert("timeout".to_owned(), Value::Bool(true));
        }
        Ending::HeartbeatMissed => {
            entry.insert("heartbeatTimeout".to_owned(), Value::Bool(true));
        }
        Ending::Pending => {
            entry.insert("pending".to_owned(), Value::Bool(true));
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
        Ending::Unanswered(_) | Ending::Pending => return None,
        Ending::TimedOut | Ending::HeartbeatMissed => json!({ "Throw": { "Error": "States.Timeout", "Cause": "" } }),
        Ending::Failed(failure, _) => {
            let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
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
