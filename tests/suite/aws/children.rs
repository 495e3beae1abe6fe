//! Executions that an execution started: items of map runs, and nested ones.

use super::stub::Request;
use super::*;
use serde_json::{Value, json};
use stepback::history::{Family, Link};
use stepback::recording::Status;
use stepback::source::aws::Children;

const RUN: &str = "arn:aws:states:eu-west-1:123456789012:mapRun:Orders/Each:0b0f3b6e";
const NESTED: &str = "arn:aws:states:eu-west-1:123456789012:execution:Billing:run-1-bill";
const EXPRESS: &str = "arn:aws:states:eu-west-1:123456789012:express:Quick:run-1-quick:7e1e";
const DEEPER: &str = "arn:aws:states:eu-west-1:123456789012:execution:Ledger:deep";

fn item(number: usize) -> String {
    format!("arn:aws:states:eu-west-1:123456789012:execution:Orders/Each:item-{number}")
}

/// An execution with a distributed Map over 25 items of which every tenth failed, then two nested executions.
pub(super) fn answer(request: &Request) -> Reply {
    let arn = request.body["executionArn"].as_str().unwrap_or_default();
    let event = |id: usize, kind: &str, details: &str, value: Value| json!({ "id": id, "previousEventId": id - 1, "timestamp": 1_763_608_447 + id, "type": kind, details: value });
    let task = |id: usize, kind: &str, details: &str, arn: &str| {
        let output = json!({ "ExecutionArn": arn }).to_string();
        event(
            id,
            kind,
            details,
            json!({ "resourceType": "states", "resource": "startExecution.sync:2", "output": output }),
        )
    };
    let failed = |id: usize| event(id, "ExecutionFailed", "executionFailedEventDetails", json!({ "error": "Bad" }));
    let succeeded =
        |id: usize| event(id, "ExecutionSucceeded", "executionSucceededEventDetails", json!({ "output": "{}" }));
    match request.operation.as_str() {
        "DescribeExecution" => {
            let status = if arn == DEEPER { "SUCCEEDED" } else { "FAILED" };
            json!({ "executionArn": arn, "name": arn.rsplit(':').next(), "status": status, "startDate": 1, "stopDate": 2 })
        }
        "DescribeStateMachineForExecution" => service::machine(),
        "DescribeMapRun" => json!({ "mapRunArn": RUN, "executionArn": ARN, "status": "FAILED", "itemCounts": { "failed": 3 } }),
        "ListExecutions" => {
            assert_eq!(request.body["mapRunArn"], RUN);
            let from: usize = request.body["nextToken"].as_str().map_or(0, |token| token.parse().unwrap());
            let items = (from..from + 5).map(|number| {
                let status = if number % 10 == 0 { "FAILED" } else { "SUCCEEDED" };
                json!({ "executionArn": item(number), "name": format!("item-{number}"), "status": status, "startDate": 1,
                    "stopDate": 2, "mapRunArn": RUN })
            });
            let mut page = json!({ "executions": items.collect::<Vec<_>>() });
            if from + 5 < 25 {
                page["nextToken"] = (from + 5).to_string().into();
            }
            page
        }
        "GetExecutionHistory" => {
            let mut events = vec![event(1, "ExecutionStarted", "executionStartedEventDetails", json!({ "input": "{}" }))];
            match arn {
                ARN => events.extend([
                    event(2, "MapStateEntered", "stateEnteredEventDetails", json!({ "name": "Each", "input": "{}" })),
                    event(3, "MapStateStarted", "mapStateStartedEventDetails", json!({ "length": 0 })),
                    event(4, "MapRunStarted", "mapRunStartedEventDetails", json!({ "mapRunArn": RUN })),
                    task(5, "TaskSubmitted", "taskSubmittedEventDetails", NESTED),
                    task(6, "TaskSubmitted", "taskSubmittedEventDetails", EXPRESS),
                    failed(7),
                ]),
                NESTED => events.extend([task(2, "TaskSubmitted", "taskSubmittedEventDetails", DEEPER), failed(3)]),
                DEEPER => events.push(succeeded(2)),
                _ if arn.ends_with('0') => events.push(failed(2)),
                _ => events.push(succeeded(2)),
            }
            if request.body["reverseOrder"] == true {
                events.reverse();
            }
            json!({ "events": events })
        }
        other => panic!("{other} is not expected"),
    }
    .into()
}

fn fetched(children: Children) -> (Recording, Stub) {
    let stub = Stub::new(answer);
    let fetched = fetch(&stub, &FetchOptions { children, ..FetchOptions::default() }).unwrap();
    assert_eq!(fetched.troubles, []);
    (fetched.recording, stub)
}

#[test]
fn all_items_are_named_and_those_that_failed_have_their_history() {
    let (recording, stub) = fetched(Children::Failed);
    let run = &recording.map_runs[0];
    assert_eq!(run.map_run.as_ref().unwrap().item_counts.as_ref().unwrap().failed, Some(3));
    let names: Vec<&str> = run.executions.iter().map(|item| item.name().unwrap()).collect();
    assert_eq!((names.len(), names[0], names[24]), (25, "item-0", "item-24"));
    let with_events: Vec<&str> =
        run.executions.iter().filter(|item| !item.events.is_empty()).map(|item| item.name().unwrap()).collect();
    assert_eq!(with_events, ["item-0", "item-10", "item-20"]);
    // All items run the same definition: it is asked for once.
    assert!(run.executions.iter().all(|item| item.definition().is_some()));
    assert_eq!(stub.count("DescribeStateMachineForExecution"), 3);
    assert_eq!(recording.recorded.complete, Some(true));
    assert_eq!(stub.count("ListMapRuns"), 0, "the history names the map run");
}

#[test]
fn nested_executions_are_found_in_what_tasks_answered() {
    let (recording, _) = fetched(Children::Failed);
    let [billing, quick] = recording.children.as_slice() else { panic!("{:?}", recording.children.len()) };
    assert_eq!((billing.name(), billing.events.len()), (Some("run-1-bill"), 3));
    assert_eq!((billing.children[0].status(), billing.children[0].events.len()), (Status::Succeeded, 0));
    assert_eq!(quick.arn().map(|arn| &**arn), Some(EXPRESS));
    let note = &quick.recorded.notes.as_ref().unwrap()[0];
    assert_eq!(&**note, "An express execution has its history in its logs only.");
    let family = Family::of(&recording);
    let items = family.members().filter(|(_, member)| matches!(member.link, Link::Item { map: Some(_), .. }));
    assert_eq!(items.count(), 25);
}

#[test]
fn how_many_are_fetched_is_the_callers_choice() {
    let (all, _) = fetched(Children::All);
    assert!(all.map_runs[0].executions.iter().all(|item| item.events.len() == 2));
    assert_eq!(all.children[0].children[0].events.len(), 2);
    let (none, stub) = fetched(Children::None);
    assert!(none.children.is_empty() && none.map_runs.is_empty());
    assert_eq!(stub.received().len(), 4);
}

/// The same execution, which went on in spite of what failed; who asks may not list the children of its Map Run.
fn tolerated(request: &Request) -> Reply {
    let event = |id: usize, kind: &str, details: &str, value: Value| json!({ "id": id, "previousEventId": id - 1, "timestamp": 1_763_608_447 + id, "type": kind, details: value });
    match request.operation.as_str() {
        "ListExecutions" => Reply::Error(400, "AccessDeniedException", "states:ListExecutions".to_owned()),
        "DescribeExecution" => json!({ "executionArn": ARN, "name": "run-1", "status": "SUCCEEDED", "startDate": 1, "stopDate": 9 }).into(),
        "DescribeMapRun" => json!({ "mapRunArn": RUN, "status": "SUCCEEDED", "itemCounts": { "failed": 3, "succeeded": 47, "total": 50 } }).into(),
        "GetExecutionHistory" => {
            let mut events = vec![
                event(1, "ExecutionStarted", "executionStartedEventDetails", json!({ "input": "{}" })),
                event(2, "MapStateEntered", "stateEnteredEventDetails", json!({ "name": "Each", "input": "{}" })),
                event(3, "MapStateStarted", "mapStateStartedEventDetails", json!({ "length": 0 })),
                event(4, "MapRunStarted", "mapRunStartedEventDetails", json!({ "mapRunArn": RUN })),
                event(5, "MapRunSucceeded", "x", json!({})),
                event(6, "MapStateExited", "stateExitedEventDetails", json!({ "name": "Each", "output": "[]" })),
                event(7, "ExecutionSucceeded", "executionSucceededEventDetails", json!({ "output": "[]" })),
            ];
            if request.body["reverseOrder"] == true {
                events.reverse();
            }
            json!({ "events": events }).into()
        }
        _ => service::machine().into(),
    }
}

#[test]
fn children_that_may_not_be_listed_are_counted_and_said_to_be_missing() {
    use stepback::analysis::diagnose;
    use stepback::report::map_run_words;
    let stub = Stub::new(tolerated);
    let recording = fetch(&stub, &FetchOptions::default()).unwrap().recording;
    let diagnosis = diagnose(&Family::of(&recording));
    let words: Vec<String> = diagnosis.map_runs.iter().map(map_run_words).collect();
    assert_eq!(words, ["3 of 50 items in Each failed, tolerated. What failed in them is not in the recording."]);
    let notes = recording.recorded.notes.unwrap_or_default();
    assert!(notes.iter().any(|note| note.contains("states:ListExecutions")), "{notes:?}");
}
