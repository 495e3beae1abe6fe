//! Express executions that another execution started, rebuilt from the log of their machine.

use crate::aws::service::{ARN, Service};
use crate::aws::stub::{Reply, Request, Stub};
use crate::program::Program;
use serde_json::{Value, json};

const GROUP: &str = "/aws/vendedlogs/states/lines";

pub(crate) fn child(number: usize) -> String {
    format!("arn:aws:states:eu-west-1:123456789012:express:Lines:line-{number}:{number}-{number}")
}

/// A history whose tasks started so many Express executions.
fn history(children: usize) -> Value {
    let mut events =
        vec![json!({ "id": 1, "previousEventId": 0, "timestamp": 1_763_608_447.0, "type": "ExecutionStarted",
                                  "executionStartedEventDetails": { "input": "{}" } })];
    let mut add = |kind: &str, member: &str, details: Value| {
        let id = events.len() + 1;
        let parent = if id == 2 { 0 } else { id - 1 };
        events.push(
            json!({ "id": id, "previousEventId": parent, "timestamp": 1_763_608_448.0, "type": kind, member: details }),
        );
    };
    for number in 0..children {
        let task = json!({ "resourceType": "states", "resource": "startExecution" });
        let with = |name: &str, value: Value| {
            let mut details = task.clone();
            details[name] = value;
            details
        };
        add("TaskStateEntered", "stateEnteredEventDetails", json!({ "name": format!("Line{number}"), "input": "{}" }));
        add("TaskScheduled", "taskScheduledEventDetails", with("parameters", json!("{}")));
        add("TaskStarted", "taskStartedEventDetails", task.clone());
        let output = json!({ "ExecutionArn": child(number), "StartDate": 1_763_608_448_000_i64 });
        add("TaskSucceeded", "taskSucceededEventDetails", with("output", json!(output.to_string())));
        add("TaskStateExited", "stateExitedEventDetails", json!({ "name": format!("Line{number}"), "output": "{}" }));
    }
    add("ExecutionSucceeded", "executionSucceededEventDetails", json!({ "output": "{}" }));
    json!({ "events": events })
}

fn machine() -> Value {
    let arn = format!("arn:aws:logs:eu-west-1:123456789012:log-group:{GROUP}:*");
    json!({
        "stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:Lines", "name": "Lines", "type": "EXPRESS",
        "definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}", "roleArn": "arn:aws:iam::123456789012:role/r",
        "creationDate": 1_763_000_000.0,
        "loggingConfiguration": { "level": "ALL", "includeExecutionData": true,
                                  "destinations": [{ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }] },
    })
}

fn lines(execution: &str) -> Vec<String> {
    let line = |id: u32, parent: u32, kind: &str, details: Value| {
        json!({ "id": id.to_string(), "type": kind, "details": details, "previous_event_id": parent.to_string(),
                "event_timestamp": "1763608448000", "execution_arn": execution, "redrive_count": "0" })
        .to_string()
    };
    let data = json!({ "truncated": false });
    vec![
        line(
            1,
            0,
            "ExecutionStarted",
            json!({ "input": "{}", "inputDetails": data, "roleArn": "arn:aws:iam::123456789012:role/r" }),
        ),
        line(2, 0, "SucceedStateEntered", json!({ "name": "A", "input": "{}", "inputDetails": data })),
        line(3, 2, "SucceedStateExited", json!({ "name": "A", "output": "{}", "outputDetails": data })),
        line(4, 3, "ExecutionSucceeded", json!({ "output": "{}", "outputDetails": data })),
    ]
}

/// Answers as Step Functions and CloudWatch Logs do; a query holds at most so many executions without overflowing.
pub(crate) fn answer(request: &Request, children: usize, holds: usize) -> Reply {
    match request.operation.as_str() {
        "GetExecutionHistory" => history(children).into(),
        "DescribeExecution" => Service { status: "SUCCEEDED", ..Service::default() }.answer(request),
        "DescribeStateMachine" => machine().into(),
        "FilterLogEvents" => {
            let pattern = request.body["filterPattern"].as_str().unwrap();
            let execution = (0..children).map(child).find(|arn| pattern.contains(&format!("\"{arn}\""))).unwrap();
            let events = lines(&execution)
                .into_iter()
                .map(|line| json!({ "timestamp": 1_763_608_448_000_i64, "message": line, "logStreamName": "s" }));
            json!({ "events": events.collect::<Vec<_>>() }).into()
        }
        "StartQuery" => {
            let query = request.body["queryString"].as_str().unwrap();
            let wanted: Vec<String> = (0..children)
                .filter(|number| query.contains(&format!("\"{}\"", child(*number))))
                .map(|number| number.to_string())
                .collect();
            json!({ "queryId": wanted.join(",") }).into()
        }
        "GetQueryResults" if request.number == 0 => json!({ "status": "Running", "results": [] }).into(),
        "GetQueryResults" => {
            let wanted: Vec<usize> =
                request.body["queryId"].as_str().unwrap().split(',').map(|number| number.parse().unwrap()).collect();
            let rows = wanted.iter().flat_map(|number| lines(&child(*number)));
            let mut rows: Vec<Value> = rows
                .map(|line| json!([{ "field": "@message", "value": line }, { "field": "@ptr", "value": "x" }]))
                .collect();
            if wanted.len() > holds {
                rows = rows.iter().cycle().take(10_000).cloned().collect();
            }
            json!({ "status": "Complete", "results": rows, "statistics": { "bytesScanned": 1_000.0 } }).into()
        }
        _ => Service::default().answer(request),
    }
}

fn recorded(children: usize, holds: usize) -> (Stub, String, Value) {
    let stub = Stub::new(move |request| answer(request, children, holds));
    let program = Program::new(stub.url(), "eu-west-1");
    let done = program.live(&["record", ARN, "-o", "r.sfn.json", "--json"]).expect(0);
    let recording = program.read("r.sfn.json");
    for number in 0..children {
        let found = recording["children"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["execution"]["executionArn"] == *child(number))
            .unwrap();
        assert_eq!(
            (found["events"].as_array().unwrap().len(), &found["execution"]["status"]),
            (4, &json!("SUCCEEDED")),
            "{found}"
        );
    }
    (stub, done.said(), recording)
}

#[test]
fn a_few_are_looked_for_one_by_one() {
    let (stub, said, recording) = recorded(2, 9);
    assert_eq!((stub.count("StartQuery"), &*said), (0, ""));
    assert_eq!(recording["recorded"]["complete"], true);
    let spans = stub.received().into_iter().filter(|request| request.operation == "FilterLogEvents");
    for request in spans {
        let (from, until) = (request.body["startTime"].as_i64().unwrap(), request.body["endTime"].as_i64().unwrap());
        assert!(from >= 1_763_608_447_000 - 360_000 && until <= 1_763_609_447_500 + 360_000, "{from} to {until}");
    }
}

#[test]
fn many_are_asked_for_at_once_with_the_query_shown_and_its_cost_told() {
    let (stub, said, _) = recorded(8, 9);
    assert_eq!((stub.count("FilterLogEvents"), stub.count("StartQuery")), (0, 1));
    assert!(said.contains(&format!("charges for every byte of {GROUP}")), "{said}");
    assert!(said.contains("looked through 1000 bytes") && said.contains("| filter execution_arn in ["), "{said}");
}

#[test]
fn an_answer_that_is_cut_is_asked_for_in_halves() {
    let (stub, _, _) = recorded(8, 4);
    assert_eq!(stub.count("StartQuery"), 3);
}
