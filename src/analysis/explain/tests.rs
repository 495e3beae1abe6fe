use super::*;
use crate::analysis::Programs;
use crate::history::{Family, MemberId};
use crate::recording::Recording;
use crate::source;

/// Explains every visit of a state in a shipped recording.
fn explained(name: &str, state: &str) -> Vec<Explanation> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
    every_visit(&source::open_recording(&path).unwrap(), state)
}

fn every_visit(recording: &Recording, state: &str) -> Vec<Explanation> {
    let family = Family::of(recording);
    let programs = Programs::of(recording, &family);
    let history = family.root();
    let visits = history.visits().filter(|(_, visit)| &*visit.name == state);
    let explain = |id| {
        let scene = Scene::of(&programs, MemberId::ROOT, history, id, None).unwrap();
        Explanation::of(&scene).unwrap()
    };
    visits.map(|(id, _)| explain(id)).collect()
}

#[test]
fn a_choice_tells_rule_by_rule_what_it_saw() {
    let visits = explained("loan-quote-missing-field.sfn.json", "ReportReady?");
    let decided: Vec<Option<usize>> = visits
        .iter()
        .map(|seen| match &seen.about {
            About::Choice(choice) => choice.decided,
            other => panic!("a Choice is explained as {other:?}"),
        })
        .collect();
    assert_eq!(decided, [None, None, Some(0)]);
    let About::Choice(last) = &visits[2].about else { panic!("it is a Choice") };
    let [ready, polls] = last.rules.as_slice() else { panic!("it has two rules: {:?}", last.rules) };
    assert_eq!(ready.test.operands, [("$states.input.status".to_owned(), Some("ready".into()))]);
    assert_eq!((&ready.test.verdict, &polls.test.verdict), (&Verdict::Holds, &Verdict::NotAsked));
    assert_eq!(visits[2].next.as_deref(), Some(&*ready.next));
}

#[test]
fn each_failure_tells_what_retriers_and_catchers_made_of_it() {
    let visits = explained("order-payment-declined.sfn.json", "ChargeCard");
    let [charge] = visits.as_slice() else { panic!("there is one visit: {visits:?}") };
    let delays: Vec<(u32, f64, bool)> = charge
        .handling
        .iter()
        .flat_map(|handling| &handling.retriers)
        .filter_map(|seen| match &seen.verdict {
            RetryVerdict::Retried { retry, delay, waited, .. } => {
                let computed = (delay.seconds * 1e6) as i64;
                Some((*retry, delay.seconds, waited.is_some_and(|waited| (waited - computed).abs() < 500_000)))
            }
            _ => None,
        })
        .collect();
    assert_eq!(delays, [(1, 2.0, true), (2, 4.0, true)], "the computed delays are those that passed");
    let last = charge.handling.last().unwrap();
    assert_eq!(last.fate, Fate::Caught("ReleaseStock".into()));
    assert!(last.retriers.iter().all(|seen| seen.verdict == RetryVerdict::OtherErrors));
    assert_eq!(last.catchers[0].verdict, CatchVerdict::Caught);
}

#[test]
fn a_redrive_counts_retries_anew() {
    let visits = explained("month-end-redriven.sfn.json", "PostToLedger");
    let [post] = visits.as_slice() else { panic!("there is one visit: {visits:?}") };
    let verdicts: Vec<&str> = post
        .handling
        .iter()
        .map(|handling| match handling.fate {
            Fate::Retried(_) => "retried",
            Fate::Uncaught => "uncaught",
            _ => "other",
        })
        .collect();
    assert_eq!(verdicts, ["retried", "retried", "uncaught"]);
    let used_up = |seen: &RetrierSeen| matches!(seen.verdict, RetryVerdict::UsedUp { of: 2 });
    assert!(post.handling[2].retriers.iter().any(used_up), "{:?}", post.handling[2]);
}

#[test]
fn a_wait_tells_until_when() {
    let visits = explained("loan-quote-missing-field.sfn.json", "GiveItTime");
    for seen in &visits {
        let About::Wait(wait) = &seen.about else { panic!("it is a Wait") };
        let until = *wait.until.as_ref().unwrap();
        assert_eq!(until.micros_since(wait.entered), 15_000_000);
        assert!(wait.left.unwrap().micros_since(until).abs() < 1_000_000);
    }
    assert_eq!(visits.len(), 2);
}

#[test]
fn a_fail_tells_where_its_words_come_from() {
    let visits = explained("order-payment-declined.sfn.json", "OrderFailed");
    let About::Fail { error: Some(error), cause: Some(cause) } = &visits[0].about else { panic!("it is a Fail") };
    assert_eq!(error.value, Ok("Order.NotFulfilled".into()));
    assert!(cause.line > error.line && cause.value.is_ok(), "{cause:?}");
}

/// The history says `States.Timeout` for both. What was caught tells that it was known.
#[test]
fn a_heartbeat_that_did_not_come_is_caught_by_its_own_name() {
    for (seconds, verdicts) in
        [(10, [CatchVerdict::Caught, CatchVerdict::NotAsked]), (60, [CatchVerdict::OtherErrors, CatchVerdict::Caught])]
    {
        let definition = serde_json::json!({ "StartAt": "Ask", "States": {
            "Ask": { "Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a",
                "TimeoutSeconds": 60, "HeartbeatSeconds": 10, "End": true, "Catch": [
                    { "ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Silent" },
                    { "ErrorEquals": ["States.Timeout"], "Next": "Slow" }] },
            "Silent": { "Type": "Succeed" }, "Slow": { "Type": "Succeed" } } });
        let next = if verdicts[0] == CatchVerdict::Caught { "Silent" } else { "Slow" };
        let ended = format!("2026-11-02T10:{:02}:{:02}Z", seconds / 60, seconds % 60);
        let began = "2026-11-02T10:00:00Z";
        let events = serde_json::json!([
            { "id": 1, "previousEventId": 0, "timestamp": began, "type": "ExecutionStarted",
              "executionStartedEventDetails": { "input": "{}" } },
            { "id": 2, "previousEventId": 0, "timestamp": began, "type": "TaskStateEntered",
              "stateEnteredEventDetails": { "name": "Ask", "input": "{}" } },
            { "id": 3, "previousEventId": 2, "timestamp": began, "type": "ActivityScheduled",
              "activityScheduledEventDetails": { "resource": "arn:aws:states:us-east-1:123456789012:activity:a",
                "input": "{}", "timeoutInSeconds": 60, "heartbeatInSeconds": 10 } },
            { "id": 4, "previousEventId": 3, "timestamp": ended, "type": "ActivityTimedOut",
              "activityTimedOutEventDetails": { "error": "States.Timeout" } },
            { "id": 5, "previousEventId": 4, "timestamp": ended, "type": "TaskStateExited",
              "stateExitedEventDetails": { "name": "Ask", "output": "{}" } },
            { "id": 6, "previousEventId": 5, "timestamp": ended, "type": "SucceedStateEntered",
              "stateEnteredEventDetails": { "name": next, "input": "{}" } },
        ]);
        let machine = serde_json::json!({ "definition": definition.to_string(), "name": "m", "type": "STANDARD",
            "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m" });
        let text = serde_json::json!({ "events": events, "stateMachine": machine }).to_string();
        let recording = source::open_bytes(text.into_bytes()).unwrap().into_recording().unwrap();
        let [ask] = &*every_visit(&recording, "Ask") else { panic!("there is one visit") };
        let found: Vec<CatchVerdict> = ask.handling[0].catchers.iter().map(|seen| seen.verdict).collect();
        assert_eq!((found, &ask.handling[0].fate), (verdicts.to_vec(), &Fate::Caught(next.into())));
    }
}
