//! What AWS refuses while an execution is recorded, and what the file says about it.

use crate::aws::service::{ARN, Service};
use crate::aws::stub::{Reply, Stub};
use crate::program::Program;
use serde_json::{Value, json};

const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/Reader/ann";

fn denied(action: &str) -> Reply {
    let message =
        format!("User: {CALLER} is not authorized to perform: {action} on resource: {ARN} because no policy allows it");
    Reply::Error(400, "AccessDeniedException", message)
}

fn program(stub: &Stub) -> Program {
    Program::new(stub.url(), "eu-west-1")
}

#[test]
fn a_missing_permission_leaves_an_incomplete_file_that_names_it() {
    let stub = Stub::new(|request| match request.operation.as_str() {
        "DescribeStateMachineForExecution" => denied("states:DescribeStateMachineForExecution"),
        _ => Service::default().answer(request),
    });
    let program = program(&stub);
    let done = program.live(&["record", ARN, "-o", "r.sfn.json", "--json"]).expect(3);
    assert!(done.said().contains("may not states:DescribeStateMachineForExecution"), "{}", done.said());
    assert_eq!((&done.json()["complete"], &done.json()["events"]), (&json!(false), &json!(24)));
    let recorded = &program.read("r.sfn.json")["recorded"];
    assert_eq!(recorded["complete"], false);
    assert!(recorded["notes"].to_string().contains("states:DescribeStateMachineForExecution"), "{recorded}");
    assert!(program.run(&["why", "r.sfn.json"]).expect(1).told().contains("no stock"));

    let allowed = Stub::new(|request| Service::default().answer(request));
    let arguments = ["record", ARN, "-o", "r.sfn.json", "--json", "--endpoint-url", &allowed.url()];
    let whole = program.run(&arguments).expect(0).json();
    assert_eq!((&whole["complete"], &whole["notes"]), (&json!(true), &json!([])));
}

#[test]
fn without_a_history_nothing_is_written() {
    let stub = Stub::new(|request| match request.operation.as_str() {
        "GetExecutionHistory" => denied("states:GetExecutionHistory"),
        _ => Service::default().answer(request),
    });
    let program = program(&stub);
    let done = program.live(&["record", ARN, "-o", "r.sfn.json"]).expect(3);
    assert!(done.said().contains("states:GetExecutionHistory"), "{}", done.said());
    assert!(!program.path("r.sfn.json").exists());
}

#[test]
fn a_middle_that_does_not_come_is_said_and_comes_later() {
    // The second page from either end is refused.
    let stub = Stub::new(|request| match request.body.get("nextToken").and_then(Value::as_str) {
        Some("10") => denied("states:GetExecutionHistory"),
        _ => Service { events: 50, ..Service::default() }.answer(request),
    });
    let program = program(&stub);
    program.live(&["record", ARN, "-o", "r.sfn.json"]).expect(3);
    let cut = program.read("r.sfn.json");
    assert_eq!(cut["events"].as_array().unwrap().len(), 20);
    assert!(cut["recorded"]["notes"].to_string().contains("Events 11 to 40"), "{}", cut["recorded"]);
    let whole = Stub::new(|request| Service { events: 50, ..Service::default() }.answer(request));
    program.run(&["record", ARN, "-o", "r.sfn.json", "--endpoint-url", &whole.url()]).expect(0);
    let ids: Vec<_> = program.read("r.sfn.json")["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, (1..=50).collect::<Vec<_>>());
}

#[test]
fn a_refused_log_is_said_and_the_rest_is_kept() {
    let failed = json!([
        { "id": 1, "previousEventId": 0, "timestamp": 1_763_608_447.0, "type": "ExecutionStarted", "executionStartedEventDetails": { "input": "{}" } },
        { "id": 2, "previousEventId": 0, "timestamp": 1_763_608_447.0, "type": "TaskStateEntered", "stateEnteredEventDetails": { "name": "Charge", "input": "{}" } },
        { "id": 3, "previousEventId": 2, "timestamp": 1_763_608_448.0, "type": "LambdaFunctionScheduled",
          "lambdaFunctionScheduledEventDetails": { "resource": "arn:aws:lambda:eu-west-1:123456789012:function:charge", "input": "{}" } },
        { "id": 4, "previousEventId": 3, "timestamp": 1_763_608_449.0, "type": "LambdaFunctionFailed",
          "lambdaFunctionFailedEventDetails": { "error": "CardDeclined", "cause": "{\"errorMessage\":\"no funds\",\"errorType\":\"CardDeclined\"}" } },
        { "id": 5, "previousEventId": 4, "timestamp": 1_763_608_449.0, "type": "ExecutionFailed", "executionFailedEventDetails": { "error": "CardDeclined" } },
    ]);
    let stub = Stub::new(move |request| match request.operation.as_str() {
        "GetExecutionHistory" => json!({ "events": failed }).into(),
        "FilterLogEvents" => denied("logs:FilterLogEvents"),
        _ => Service::default().answer(request),
    });
    let program = program(&stub);
    let done = program.live(&["record", ARN, "-o", "r.sfn.json", "--logs", "--json"]).expect(3);
    assert!(done.said().contains("may not logs:FilterLogEvents"), "{}", done.said());
    assert_eq!(done.json()["events"], 5);
    let asked = stub.received().into_iter().find(|request| request.operation == "FilterLogEvents").unwrap();
    assert_eq!(
        (&asked.body["logGroupName"], &asked.body["filterPattern"]),
        (&json!("/aws/lambda/charge"), &json!("?\"no funds\" ?\"CardDeclined\""))
    );
}
