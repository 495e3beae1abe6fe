//! What executions do, as tables: a definition and what the world does to it, and the trace that leaves.

use super::*;
use crate::asl::{Definition, Format, MachineKind};
use crate::event::{Event, Failure, Timestamp};
use crate::json::Payload;
use serde_json::{Value, json};
use std::sync::Arc;

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:a";

fn begun(definition: &Value, options: Options) -> Execution {
    let (machine, findings) = Definition::read(definition.to_string(), Format::Json).parse(MachineKind::Standard);
    let machine = Arc::new(machine.unwrap_or_else(|| panic!("{findings:?}")));
    let identity = Arc::new(Identity::local(MachineKind::Standard, Timestamp::from_millis(0)));
    Execution::new(machine, identity, Payload::from_text("{}"), options)
}

/// Runs to the end: tasks are answered in order, waits and retries cost nothing.
fn run(execution: &mut Execution, outcomes: impl IntoIterator<Item = Outcome>) -> Vec<Event> {
    let (mut events, mut outcomes) = (Vec::new(), outcomes.into_iter());
    loop {
        execution.advance();
        events.extend(execution.take_events());
        let needs = execution.take_needs();
        for need in &needs {
            if let (Need::Task(request), Some(outcome)) = (need, outcomes.next()) {
                execution.answer(request.id, outcome);
            }
        }
        if execution.has_work() {
            continue;
        }
        match execution.next_timer() {
            Some(timer) => execution.tick(timer),
            None => return events,
        }
    }
}

/// Events as `type<parent`, the uninteresting first one left out.
fn trace(events: &[Event]) -> Vec<String> {
    let told = |event: &Event| format!("{}<{}", event.kind.name(), event.parent.map_or(0, |parent| parent.get()));
    events.iter().skip(1).map(told).collect()
}

fn failed(error: &str) -> Outcome {
    Outcome::Failed(Failure { error: Some(error.into()), cause: None })
}

fn task(more: &Value) -> Value {
    let mut task = json!({ "Type": "Task", "Resource": ACTIVITY, "End": true });
    task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut states = json!({ "A": task });
    if more.get("Catch").is_some() {
        states["B"] = json!({ "Type": "Pass", "End": true });
    }
    json!({ "StartAt": "A", "States": states })
}

#[test]
fn a_failure_is_retried_then_caught_then_passed_on() {
    let retry = json!({ "Retry": [{ "ErrorEquals": ["E"], "MaxAttempts": 1 }] });
    let catch = json!({ "Catch": [{ "ErrorEquals": ["E"], "Next": "B" }] });
    let both = json!({ "Retry": retry["Retry"], "Catch": catch["Catch"] });
    let try_at = |scheduled: u32| {
        ["ActivityScheduled", "ActivityStarted", "ActivityFailed"]
            .iter()
            .zip(scheduled..)
            .map(|(kind, at)| format!("{kind}<{at}"))
            .collect::<Vec<_>>()
    };
    for (state, errors, rest) in [
        (&json!({}), vec!["E"], vec!["ExecutionFailed<5"]),
        (&retry, vec!["X"], vec!["ExecutionFailed<5"]),
        (&retry, vec!["E", "E"], vec!["ExecutionFailed<8"]),
        (&catch, vec!["X"], vec!["ExecutionFailed<5"]),
        (
            &catch,
            vec!["E"],
            vec!["TaskStateExited<5", "PassStateEntered<6", "PassStateExited<7", "ExecutionSucceeded<8"],
        ),
        (
            &both,
            vec!["E", "E"],
            vec!["TaskStateExited<8", "PassStateEntered<9", "PassStateExited<10", "ExecutionSucceeded<11"],
        ),
    ] {
        let events = run(&mut begun(&task(state), Options::default()), errors.iter().map(|error| failed(error)));
        let mut expected = vec!["TaskStateEntered<0".to_owned()];
        errors.iter().zip((2..).step_by(3)).for_each(|(_, at)| expected.extend(try_at(at)));
        expected.extend(rest.into_iter().map(str::to_owned));
        assert_eq!(trace(&events), expected, "{state} {errors:?}");
    }
}

#[test]
fn silence_and_time_tell_of_themselves_alike_and_are_caught_apart() {
    let state = json!({ "TimeoutSeconds": 60, "HeartbeatSeconds": 5, "Catch": [{ "ErrorEquals": ["States.HeartbeatTimeout"], "Next": "B" }] });
    for (outcome, caught) in [(Outcome::HeartbeatMissed, true), (Outcome::TimedOut, false)] {
        let mut execution = begun(&task(&state), Options::default());
        let events = run(&mut execution, [outcome]);
        let told = events
            .iter()
            .find(|event| event.kind.name() == "ActivityTimedOut")
            .and_then(|event| event.details.failure());
        assert_eq!(told, Some(&Failure { error: Some("States.Timeout".into()), cause: None }));
        assert_eq!(matches!(execution.end(), Some(End::Succeeded(_))), caught);
    }
}

#[test]
fn heartbeats_put_the_end_off_and_not_that_of_the_whole_time() {
    let state = json!({ "TimeoutSeconds": 12, "HeartbeatSeconds": 5 });
    for (beats, ended) in [(vec![], 5), (vec![4], 9), (vec![4, 8], 12), (vec![4, 8, 11], 12)] {
        let mut execution = begun(&task(&state), Options { round_micros: 0, ..Options::default() });
        execution.advance();
        let Some(Need::Task(request)) = execution.take_needs().pop() else { panic!("a task is asked for") };
        execution.started(request.id, None);
        for beat in &beats {
            execution.tick(Timestamp::from_millis(beat * 1_000));
            execution.heartbeat(request.id);
        }
        let events = run(&mut execution, []);
        let at = events
            .iter()
            .find(|event| event.kind.name() == "ActivityTimedOut")
            .map(|event| event.timestamp.as_millis());
        assert_eq!(at, Some(ended * 1_000), "{beats:?}");
    }
}

#[test]
fn a_history_ends_with_its_last_allowed_event() {
    let way_out = json!([{ "Variable": "$.over", "IsPresent": true, "Next": "Done" }]);
    let definition = json!({ "StartAt": "A", "States": {
        "A": { "Type": "Pass", "Next": "C" },
        "C": { "Type": "Choice", "Choices": way_out, "Default": "A" },
        "Done": { "Type": "Succeed" }
    } });
    let mut execution = begun(&definition, Options { max_events: Some(9), ..Options::default() });
    let events = run(&mut execution, []);
    let last = events.last().unwrap();
    assert_eq!((events.len(), last.kind.name()), (9, "ExecutionFailed"));
    let cause = "The execution reached the maximum number of history events (25000).";
    assert_eq!(last.details.failure().and_then(|failure| failure.cause.as_deref()), Some(cause));
    let refused = execution.redrive(Timestamp::from_millis(1)).map_err(|refused| refused.to_string());
    assert_eq!(refused, Err("Execution has exceeded the maximum history event limit".to_owned()));
}

#[test]
fn all_variables_together_have_a_limit() {
    let names: Vec<String> = (0..53).map(|number| format!("v{number}")).collect();
    let states: serde_json::Map<String, Value> = names
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let next = names.get(place + 1).map_or(json!({ "End": true }), |next| json!({ "Next": next }));
            let mut pass = json!({ "Type": "Pass", "Assign": { name.as_str(): "x".repeat(199_998) } });
            pass.as_object_mut().unwrap().extend(next.as_object().unwrap().clone());
            (name.clone(), pass)
        })
        .collect();
    let mut execution = begun(&json!({ "StartAt": "v0", "States": states }), Options::default());
    let events = run(&mut execution, []);
    // 52 × 200,000 fit into 10,485,760; the 53rd is too much by 114,240.
    let cause = "Execution total variable size limit exceeded. State 'v52' assigned variables that exceed the total \
                 execution limit by 114240 bytes.";
    let failure = Failure { error: Some("States.DataLimitExceeded".into()), cause: Some(cause.into()) };
    assert_eq!(execution.end(), Some(&End::Failed(failure)));
    let kinds: Vec<&str> = events.iter().rev().take(3).map(|event| event.kind.name()).collect();
    assert_eq!(kinds, ["ExecutionFailed", "EvaluationFailed", "PassStateEntered"]);
}

#[test]
fn parameters_of_a_task_have_the_limit_of_payloads() {
    for (bytes, error) in [(262_144, None), (262_145, Some("States.DataLimitExceeded"))] {
        let parameters = json!("x".repeat(bytes - 2 - r#"{"p":}"#.len()));
        let mut execution = begun(&task(&json!({ "Parameters": { "p": parameters } })), Options::default());
        run(&mut execution, [Outcome::Succeeded(Payload::from_text("1"))]);
        let found = match execution.end() {
            Some(End::Failed(failure)) => failure.error.as_deref(),
            _ => None,
        };
        assert_eq!(found, error, "{bytes}");
    }
}

#[test]
fn only_what_ended_badly_and_is_standard_is_redriven() {
    let pass = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } });
    let mut done = begun(&pass, Options::default());
    assert_eq!(done.redrive(Timestamp::from_millis(1)), Err(NotRedrivable::Running));
    run(&mut done, []);
    assert_eq!(done.redrive(Timestamp::from_millis(1)), Err(NotRedrivable::Succeeded));
    let mut broken = begun(&task(&json!({})), Options::default());
    let mut events = run(&mut broken, [failed("E")]);
    assert_eq!(broken.redrive(Timestamp::from_millis(60_000)), Ok(()));
    events.extend(run(&mut broken, [Outcome::Succeeded(Payload::from_text("1"))]));
    let redriven = [
        "ExecutionRedriven<6",
        "ActivityScheduled<2",
        "ActivityStarted<8",
        "ActivitySucceeded<9",
        "TaskStateExited<10",
        "ExecutionSucceeded<11",
    ];
    assert_eq!(trace(&events[6..])[..], redriven[1..]);
    assert_eq!(events[6].kind.name(), "ExecutionRedriven");
}
