//! Histories fetched whole, whatever happens on the way.

use super::stub::Request;
use super::*;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use stepback::event::EventType;
use stepback::history::{Anomaly, Family};
use stepback::recording::Status;
use stepback::source::aws::Cache;

#[test]
fn a_long_history_is_fetched_from_both_ends_in_half_the_round_trips() {
    let service = Service { events: 250, page: 10, ..Service::default() };
    let stub = Stub::new(move |request| service.answer(request));
    let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
    assert_eq!(ids(&fetched.recording), (1..=250).collect::<Vec<_>>());
    assert_eq!((fetched.troubles.len(), fetched.recording.recorded.complete), (0, Some(true)));
    assert!(fetched.recording.damage.is_empty());
    // Pages of one direction are asked for one after the other: the longer chain is how many round trips it took.
    let pages = |reverse: bool| {
        let calls = stub.received().into_iter().filter(|request| request.operation == "GetExecutionHistory");
        calls.filter(|request| (request.body["reverseOrder"] == true) == reverse).count()
    };
    let chains = [pages(false), pages(true)];
    assert!(chains.iter().max() <= Some(&(25 / 2 + 2)), "{chains:?}");
    assert!(chains.iter().sum::<usize>() <= 26, "{chains:?}");
    assert_eq!((stub.count("DescribeExecution"), stub.count("DescribeStateMachineForExecution")), (1, 1));
}

#[test]
fn after_the_first_answers_the_failure_is_there_and_the_gap_is_said() {
    // The forward pages never come before the reverse one, and the second ones not before somebody has looked.
    let service = Service { events: 95, page: 10, ..Service::default() };
    let stub = Stub::new(move |request| service.answer(request));
    let snapshot = Mutex::new(None);
    block_on(async {
        let (client, options) = (connect(&stub).await, FetchOptions::default());
        let fetched = client.fetch(ARN, &options, |progress| {
            let mut snapshot = snapshot.lock().unwrap();
            if snapshot.is_none() && progress.total() == Some(95) && progress.events() < 95 {
                // Both ends are there; on a busy machine one may be a page ahead.
                let events = progress.recording();
                let ends = |place: usize| events.events.id(place).map(stepback::event::EventId::get);
                *snapshot = (ends(0) == Some(1) && ends(events.events.len() - 1) == Some(95)).then_some(events);
            }
        });
        fetched.await.unwrap();
    });
    let recording = snapshot.into_inner().unwrap().unwrap();
    let last = recording.events.last_facts().unwrap();
    assert_eq!((last.id.get(), &last.kind), (95, &EventType::ExecutionFailed));
    assert_eq!(recording.recorded.complete, Some(false));
    let notes = recording.recorded.notes.clone().unwrap();
    // The fold says what is missing once, and what it cannot know because of that not at all.
    let family = Family::of(&recording);
    let [Anomaly::Gap { after, next }] = family.root().anomalies() else { panic!("{:?}", family.root().anomalies()) };
    let (after, next) = (after.map_or(0, stepback::event::EventId::get), next.get());
    assert!(after % 10 == 0 && next % 10 == 6 && after < next, "{after} {next}");
    let gap = format!("Events {} to {} have not been fetched.", after + 1, next - 1);
    assert!(notes.iter().any(|note| **note == *gap), "{notes:?}");
    assert_eq!(family.root().end().unwrap().kind, EventType::ExecutionFailed);
}

#[test]
fn throttled_calls_are_repeated_and_counted() {
    let service = Service::default();
    let stub = Stub::new(move |request| match (request.operation.as_str(), request.number) {
        ("GetExecutionHistory", 0..=3) => Reply::Error(400, "ThrottlingException", "Rate exceeded".to_owned()),
        _ => service.answer(request),
    });
    let calls = block_on(async {
        let client = connect(&stub).await;
        let fetched = client.fetch(ARN, &FetchOptions::default(), |_| {}).await.unwrap();
        assert_eq!(ids(&fetched.recording), (1..=24).collect::<Vec<_>>());
        client.calls().since(0)
    });
    assert_eq!(calls.len(), stub.received().len());
    assert!(calls.iter().any(|call| call.attempts > 1));
}

#[test]
fn what_is_throttled_for_good_is_said_and_the_rest_is_kept() {
    let service = Service::default();
    let stub = Stub::new(move |request| match request.operation.as_str() {
        "DescribeStateMachineForExecution" => Reply::Error(400, "ThrottlingException", "Rate exceeded".to_owned()),
        _ => service.answer(request),
    });
    let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
    assert_eq!(ids(&fetched.recording), (1..=24).collect::<Vec<_>>());
    assert_eq!(fetched.recording.recorded.complete, Some(false));
    let notes = fetched.recording.recorded.notes.unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].ends_with("AWS is asked too often."), "{notes:?}");
    assert_eq!(fetched.troubles.len(), 1);
}

#[test]
fn a_page_whose_token_expired_is_found_again() {
    let service = Service { events: 100, page: 10, ..Service::default() };
    let expired = AtomicUsize::new(0);
    let stub = Stub::new(move |request| {
        // Every page in the middle is refused once, at both ends.
        let token = request.body["nextToken"].as_str().and_then(|token| token.parse::<usize>().ok()).unwrap_or(0);
        if token >= 20 && expired.fetch_add(1, Ordering::Relaxed) < 2 {
            return Reply::Error(400, "InvalidToken", "Invalid Token: 'Token has expired'".to_owned());
        }
        service.answer(request)
    });
    let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
    assert_eq!(ids(&fetched.recording), (1..=100).collect::<Vec<_>>());
    assert_eq!((fetched.recording.recorded.complete, fetched.troubles.len()), (Some(true), 0));
}

#[test]
fn a_connection_lost_in_the_middle_costs_nothing_but_time() {
    let service = Service { events: 100, page: 10, ..Service::default() };
    let stub = Stub::new(move |request| match (request.operation.as_str(), request.number, service.answer(request)) {
        ("GetExecutionHistory", 2 | 5, Reply::Text(body)) => Reply::Cut(body),
        ("GetExecutionHistory", 3 | 7, _) | ("DescribeExecution", 0, _) => Reply::Closed,
        ("GetExecutionHistory", 8, _) => Reply::Error(500, "InternalError", "try later".to_owned()),
        (_, _, reply) => reply,
    });
    let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
    assert_eq!(ids(&fetched.recording), (1..=100).collect::<Vec<_>>());
    assert_eq!(fetched.recording.recorded.complete, Some(true));
}

#[test]
fn what_was_fetched_before_a_connection_was_lost_for_good_is_kept_and_gone_on_with() {
    let service = Service { events: 100, page: 10, ..Service::default() };
    let broken = Arc::new(AtomicUsize::new(1));
    let down = Arc::clone(&broken);
    let stub = Stub::new(move |request| {
        let token = request.body["nextToken"].as_str().is_some_and(|token| token.parse::<usize>().unwrap() >= 30);
        if token && down.load(Ordering::Relaxed) == 1 { Reply::Closed } else { service.answer(request) }
    });
    let interrupted = fetch(&stub, &FetchOptions::default()).unwrap();
    let recording = interrupted.recording;
    assert_eq!(ids(&recording), (1..=30).chain(71..=100).collect::<Vec<_>>());
    assert_eq!(recording.recorded.complete, Some(false));
    assert!(!interrupted.troubles.is_empty());
    broken.store(0, Ordering::Relaxed);
    let resumed = FetchOptions { known: Some(Box::new(recording)), ..FetchOptions::default() };
    let fetched = fetch(&stub, &resumed).unwrap();
    assert_eq!(ids(&fetched.recording), (1..=100).collect::<Vec<_>>());
    assert_eq!(fetched.recording.recorded.complete, Some(true));
}

#[test]
fn an_execution_that_ends_meanwhile_is_described_as_it_ended() {
    let (running, ended) = (Service { status: "RUNNING", ..Service::default() }, Service::default());
    let stub = Stub::new(move |request| match (request.operation.as_str(), request.number) {
        ("DescribeExecution", 0) => running.answer(request),
        _ => ended.answer(request),
    });
    let recording = fetch(&stub, &FetchOptions::default()).unwrap().recording;
    assert_eq!((recording.status(), recording.recorded.complete), (Status::Failed, Some(true)));

    let longer = Service { events: 30, ..Service::default() };
    let shorter = Service { events: 24, status: "RUNNING", ..Service::default() };
    let stub = Stub::new(move |request| match (request.operation.as_str(), request.number) {
        // The history lags behind the description at first.
        ("GetExecutionHistory", 0..=1) => shorter.answer(request),
        _ => longer.answer(request),
    });
    let recording = fetch(&stub, &FetchOptions::default()).unwrap().recording;
    assert_eq!(ids(&recording), (1..=30).collect::<Vec<_>>());
    assert_eq!((recording.status(), recording.recorded.complete), (Status::Failed, Some(true)));
}

#[test]
fn a_running_execution_is_fetched_as_far_as_it_is() {
    let service = Service { status: "RUNNING", ..Service::default() };
    let stub = Stub::new(move |request| service.answer(request));
    let recording = fetch(&stub, &FetchOptions::default()).unwrap().recording;
    assert_eq!(ids(&recording), (1..=24).collect::<Vec<_>>());
    assert_eq!((recording.status(), recording.recorded.complete), (Status::Running, Some(false)));
    assert_eq!(recording.recorded.notes.unwrap(), ["The execution had not ended.".into()]);
}

#[test]
fn what_the_sdk_does_not_know_survives() {
    let service = Service { events: 3, ..Service::default() };
    let stub = Stub::new(move |request: &Request| {
        let add = |mut body: Value, at: &str, value: Value| {
            *body.pointer_mut(at).unwrap() = value;
            Reply::from(body)
        };
        match request.operation.as_str() {
            "GetExecutionHistory" => {
                let mut body = service.history(&request.body);
                let events = body["events"].as_array_mut().unwrap();
                let second = events.iter_mut().find(|event| event["id"] == 2).unwrap();
                *second = json!({ "id": 2, "previousEventId": 0, "timestamp": 1_763_608_447.5, "type": "QuantumStateEntered",
                    "quantumStateEnteredEventDetails": { "name": "Q", "spin": [1, {"up": 1.50}] }, "later": true });
                body.into()
            }
            "DescribeExecution" => {
                let mut body = service.description();
                body["mood"] = Value::Null;
                add(body, "/mood", json!({ "is": "good" }))
            }
            _ => service.answer(request),
        }
    });
    let recording = fetch(&stub, &FetchOptions::default()).unwrap().recording;
    let written = serde_json::to_value(&recording).unwrap();
    assert_eq!(written["events"][1]["quantumStateEnteredEventDetails"]["spin"].to_string(), r#"[1,{"up":1.5}]"#);
    assert_eq!(written["events"][1]["later"], true);
    assert_eq!(written["execution"]["mood"]["is"], "good");
    // The CLI's form keeps the caller's white space in payloads, and so do we.
    assert_eq!(written["execution"]["input"], "{\"n\":  1}");
}

#[test]
fn a_finished_execution_is_fetched_once_until_it_is_redriven() {
    let redrives = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&redrives);
    let stub = Stub::new(move |request| {
        let redrives = count.load(Ordering::Relaxed);
        Service { redrives, events: 24 + redrives * 10, ..Service::default() }.answer(request)
    });
    let folder = tempfile::tempdir().unwrap();
    let options = FetchOptions { cache: Some(Cache::at(folder.path(), 1 << 20)), ..FetchOptions::default() };
    let first = fetch(&stub, &options).unwrap().recording;
    let calls = stub.received().len();
    let second = fetch(&stub, &options).unwrap().recording;
    assert_eq!(stub.received().len(), calls + 1, "only the description is asked for");
    assert_eq!((ids(&second), second.recorded.complete), (ids(&first), Some(true)));
    assert_eq!(second.definition().map(|it| it.text().to_owned()), first.definition().map(|it| it.text().to_owned()));
    redrives.store(1, Ordering::Relaxed);
    let third = fetch(&stub, &options).unwrap().recording;
    assert_eq!(ids(&third).len(), 34);
    let fourth = fetch(&stub, &options).unwrap().recording;
    assert_eq!((ids(&fourth).len(), stub.received().last().unwrap().operation.as_str()), (34, "DescribeExecution"));
}

#[test]
fn dropping_the_fetch_ends_it() {
    let service = Service { events: 1_000, page: 10, ..Service::default() };
    let stub = Stub::new(move |request| Reply::Late(Duration::from_millis(20), Box::new(service.answer(request))));
    block_on(async {
        let client = connect(&stub).await;
        let _ =
            tokio::time::timeout(Duration::from_millis(100), client.fetch(ARN, &FetchOptions::default(), |_| {})).await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        let calls = stub.received().len();
        tokio::time::sleep(Duration::from_millis(120)).await;
        assert_eq!(stub.received().len(), calls);
        assert!(calls < 30, "{calls}");
    });
}

#[test]
fn fetching_can_be_handed_to_another_thread() {
    fn is_send<T: Send>(what: T) -> T {
        what
    }
    let stub = Stub::new(|request| Service::default().answer(request));
    let options = FetchOptions::default();
    block_on(async {
        let client = connect(&stub).await;
        is_send(client.fetch(ARN, &options, |_| {})).await.unwrap();
    });
}
