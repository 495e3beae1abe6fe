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
