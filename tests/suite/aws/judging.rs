//! Answers that are not AWS's, and pages that never end: told, and never taken for what they are not.

use super::modes::{Doing, Mode};
use super::*;
use std::collections::HashSet;
use stepback::source::aws::{Children, ErrorKind};

#[test]
fn every_mode_is_known_by_its_name() {
    let names: HashSet<&str> = Mode::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), Mode::ALL.len());
    for (name, mode) in Mode::ALL {
        assert_eq!(Mode::named(name), mode);
    }
}

#[test]
fn an_answer_that_is_not_the_apis_is_an_error_of_every_question() {
    for (mode, reason) in [
        ("garbage", ""),
        ("rewrite", "it has no \""),
        ("login-page", "what answers is a web page"),
        ("empty", "the answer is empty"),
    ] {
        let stub = Doing::always(mode, &[]).before(|request| Service::default().answer(request));
        let told = block_on(async {
            let client = connect(&stub).await;
            [
                client.describe_execution(ARN).await.unwrap_err(),
                client.describe_state_machine(service::MACHINE).await.unwrap_err(),
                client.describe_state_machine_for_execution(ARN).await.unwrap_err(),
                client.history_page(ARN, stepback::source::aws::Order::Forward, 10, None).await.unwrap_err(),
                client.describe_map_run("arn:aws:states:eu-west-1:1:mapRun:M/L:1").await.unwrap_err(),
                client.map_runs(ARN, None).await.unwrap_err(),
                client.state_machines(None).await.unwrap_err(),
                client.versions(service::MACHINE, None).await.unwrap_err(),
            ]
        });
        for error in told {
            assert!(matches!(&error.kind, ErrorKind::Unreadable(why) if why.contains(reason)), "{mode}: {error:?}");
        }
        assert_eq!(stub.received().len(), 8, "nothing of this is worth asking twice");
    }
}

#[test]
fn a_history_whose_pages_never_end_is_not_waited_for() {
    for mode in ["token-loop", "repeat"] {
        let service = Service { events: 60, page: 10, ..Service::default() };
        let stub = Doing::always(mode, &["GetExecutionHistory"]).before(move |request| service.answer(&first(request)));
        let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
        assert!(stub.count("GetExecutionHistory") < 30, "{mode}: {:?}", stub.counts());
        assert!(!fetched.has_history && fetched.recording.recorded.complete == Some(false), "{mode}");
    }
}

/// A service that knows no token but its own.
fn first(request: &stub::Request) -> stub::Request {
    let mut request = request.clone();
    if request.body["nextToken"].as_str().is_some_and(|token| token.parse::<usize>().is_err()) {
        request.body.as_object_mut().map(|body| body.remove("nextToken"));
    }
    request
}

#[test]
fn a_list_of_items_whose_pages_never_end_is_not_waited_for() {
    for mode in ["token-loop", "repeat", "growth"] {
        let stub = Doing::always(mode, &["ListExecutions"]).before(|request| children::answer(&first(request)));
        let fetched = fetch(&stub, &FetchOptions { children: Children::Failed, ..FetchOptions::default() }).unwrap();
        assert!(stub.count("ListExecutions") < 5, "{mode}: {:?}", stub.counts());
        let notes = fetched.recording.recorded.notes.unwrap_or_default().join(" ");
        assert!(notes.contains("circle") || notes.contains("leads to itself"), "{mode}: {notes}");
    }
}

#[test]
fn an_expired_page_is_begun_anew_and_no_more_often_than_may_help() {
    let service = Service { events: 60, page: 10, ..Service::default() };
    let stub = Doing::always("expire", &["GetExecutionHistory"]).before(move |request| service.answer(request));
    let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
    assert!(!fetched.has_history && ids(&fetched.recording).len() == 20);
    assert!(stub.count("GetExecutionHistory") < 20, "{:?}", stub.counts());
}

#[test]
fn an_execution_that_grows_while_it_is_fetched_is_fetched_to_its_end() {
    let stub = Stub::new(|request| {
        let events = 30 + request.number * 4;
        Service { events: events.min(50), page: 10, ..Service::default() }.answer(request)
    });
    let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
    assert!(fetched.has_history);
    let ids = ids(&fetched.recording);
    assert_eq!(ids, (1..=u32::try_from(ids.len()).unwrap()).collect::<Vec<_>>());
}

#[test]
fn events_behind_the_end_do_not_take_the_end_away() {
    let stub = Stub::new(|request| {
        let Reply::Text(text) = Service::default().answer(request) else { panic!("it is answered") };
        let mut body: serde_json::Value = serde_json::from_str(&text).unwrap();
        if let Some(events) = body["events"].as_array_mut() {
            // Page by page, with one more event behind the end.
            let late = serde_json::json!({ "id": 25, "previousEventId": 23, "timestamp": 1_763_609_000.0,
                "type": "PassStateExited", "stateExitedEventDetails": { "name": "S11", "output": "{}" } });
            let place = if request.body["reverseOrder"] == true { 0 } else { events.len() };
            let at_end = events.iter().any(|event| event["id"] == 24);
            if at_end {
                events.insert(place, late);
            }
        }
        body.into()
    });
    let fetched = fetch(&stub, &FetchOptions::default()).unwrap();
    assert_eq!(fetched.recording.recorded.complete, Some(true), "{:?}", fetched.recording.recorded);
    assert!(stub.count("DescribeExecution") <= 2 && stub.count("GetExecutionHistory") < 8, "{:?}", stub.counts());
    block_on(async {
        let mut follow = stepback::source::aws::Follow::new(connect(&stub).await, ARN, None);
        assert_eq!(follow.look().await.unwrap().ended, Some(stepback::recording::Status::Failed));
    });
}

#[test]
fn who_asks_is_not_taken_from_an_answer_of_somebody_else() {
    for (mode, reason) in [("login-page", "what answers is a web page"), ("rewrite", "it does not say who is asking")] {
        let stub = Doing::always(mode, &[]).before(|request| Service::default().answer(request));
        let told = block_on(async { connect(&stub).await.identity().await.unwrap_err() });
        assert_eq!(told.kind, ErrorKind::Unreadable(reason.into()), "{mode}");
        assert!(told.hint().unwrap().contains("login page"), "{mode}");
    }
}
