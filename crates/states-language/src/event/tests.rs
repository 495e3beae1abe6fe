//! Events that are read and written back.

use super::*;
use crate::json::SharedBytes;
use serde_json::{Value, json};

fn read(event: &Value) -> Event {
    Event::read(&SharedBytes::from(event.to_string())).unwrap()
}

fn event(kind: &str, member: &str, details: Value) -> Value {
    let mut event = json!({"timestamp": "2026-11-20T03:14:07.412+00:00", "type": kind, "id": 7, "previousEventId": 6});
    event[member] = details;
    event
}

#[test]
fn there_are_62_types_and_each_is_known_by_its_name() {
    assert_eq!(EventType::ALL.len(), 62);
    for kind in EventType::ALL {
        assert_eq!(EventType::from_name(kind.name()), *kind);
    }
}

#[test]
fn details_are_typed_and_written_back_equal() {
    let data = json!({"truncated": false});
    let cases = [
        event(
            "TaskStateEntered",
            "stateEnteredEventDetails",
            json!({"name": "Ü", "input": "{ }", "inputDetails": data}),
        ),
        event(
            "PassStateExited",
            "stateExitedEventDetails",
            json!({"name": "A", "output": "1", "outputDetails": data, "assignedVariables": {"x": "6", "y": "\"s\""},
                   "assignedVariablesDetails": data}),
        ),
        event(
            "TaskScheduled",
            "taskScheduledEventDetails",
            json!({"resourceType": "lambda", "resource": "invoke", "region": "eu-west-1", "parameters": "{}",
                   "timeoutInSeconds": 3, "heartbeatInSeconds": 2, "taskCredentials": {"roleArn": "arn:x"}}),
        ),
        event("ExecutionFailed", "executionFailedEventDetails", json!({})),
        event("ExecutionSucceeded", "executionSucceededEventDetails", json!({})),
        event("MapIterationFailed", "mapIterationFailedEventDetails", json!({"name": "M", "index": 0})),
        event("ActivityStarted", "activityStartedEventDetails", json!({})),
        event("MapRunRedriven", "mapRunRedrivenEventDetails", json!({"mapRunArn": "arn:y", "redriveCount": 2})),
        event("EvaluationFailed", "evaluationFailedEventDetails", json!({"error": "E", "cause": "C", "state": "S"})),
    ];
    for case in cases {
        let event = read(&case);
        assert_eq!(serde_json::to_value(&event).unwrap(), case);
        assert_eq!(event.unknown, None);
    }
}

#[test]
fn what_is_unknown_is_kept() {
    let cases = [
        event("QuantumStateEntered", "quantumEventDetails", json!({"name": "Q"})),
        event("TaskStarted", "taskStartedEventDetails", json!({"resource": "invoke", "spin": [1, {"up": null}]})),
        event(
            "TaskSucceeded",
            "taskSucceededEventDetails",
            json!({"output": {"bare": 1}, "outputDetails": {"new": 1}}),
        ),
        event("MapStateStarted", "mapStateStartedEventDetails", json!({"length": "many"})),
        event("PassStateEntered", "stateEnteredEventDetails", json!({"input": "{}", "name": 3})),
        event("ExecutionFailed", "executionFailedEventDetails", json!({"error": null, "cause": "c"})),
    ];
    for case in cases {
        assert_eq!(serde_json::to_value(read(&case)).unwrap(), case);
    }
    let wire = json!({"__type": "com.amazonaws.swf.base.model#HistoryEvent", "timestamp": 1790200229.761, "type": "ExecutionStarted",
                      "id": 1, "previousEventId": 0});
    let written = serde_json::to_value(read(&wire)).unwrap();
    assert_eq!(
        written,
        json!({"timestamp": 1790200229.761, "type": "ExecutionStarted", "id": 1, "previousEventId": 0})
    );
}

#[test]
fn parent_zero_is_none() {
    let first = read(&json!({"timestamp": 1, "type": "PassStateEntered", "id": 2, "previousEventId": 0}));
    assert_eq!((first.id.get(), first.parent), (2, None));
}

#[test]
fn a_broken_event_says_what_is_wrong_with_it() {
    let cases = [
        ("[]", "it is not a JSON object (invalid type: sequence, expected an object)"),
        (r#"{"id":1,"type":"X"}"#, r#"it has no usable "timestamp""#),
        (r#"{"id":0,"timestamp":1,"type":"X"}"#, r#"it has no usable "id""#),
        (r#"{"id":1,"timestamp":"now","type":"X"}"#, r#"its "timestamp" cannot be "now""#),
        (r#"{"id":1,"timestamp":1,"type":"X","previousEventId":-3}"#, r#"its "previousEventId" cannot be -3"#),
        (r#"{"id":1,"timestamp":1,"type":4}"#, r#"its "type" cannot be 4"#),
    ];
    for (text, message) in cases {
        let error = Event::read(&SharedBytes::from(text.to_owned())).unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn times_keep_their_form() {
    let forms = [
        r#""2026-11-20T03:14:07.412+00:00""#,
        r#""2026-11-20T03:14:07.412000+01:00""#,
        r#""2026-11-20T03:14:07Z""#,
        r#""2026-11-20T03:14:07.4-09:30""#,
        "1790200229.761",
        "1790200229",
        "1790200229761",
    ];
    for form in forms {
        let time = Timestamp::read(form).unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), form);
    }
    assert_eq!(Timestamp::read("1.790200229761E9").unwrap().as_millis(), 1_790_200_229_761);
    assert_eq!(Timestamp::read(r#""2026-11-20T04:14:07+01:00""#), Timestamp::read(r#""2026-11-20T03:14:07Z""#));
    for other in [r#""2026-11-20 03:14:07.412+00:00""#, r#""2026-11-20T03:14:07.412""#, "1795144447412"] {
        assert_eq!(Timestamp::read(other).unwrap().as_millis(), 1_795_144_447_412, "{other}");
    }
    for bad in ["\"\"", "null", "\"2026-13-01T00:00:00Z\"", "{}", "\"2026-11-20\"", "1e400"] {
        assert!(Timestamp::read(bad).is_err(), "{bad}");
    }
}

#[test]
fn times_are_read_the_quick_way_as_they_are_the_long_way() {
    let (mut micros, mut checked) = (-62_000_000_000_000_000_i64, 0);
    while micros < 200_000_000_000_000_000 {
        let time = chrono::DateTime::from_timestamp_micros(micros).unwrap();
        let text = time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        assert_eq!(Timestamp::parse_iso(&text).unwrap().as_micros(), micros, "{text}");
        micros += 86_400_000_000 * 13 + 7_654_321;
        checked += 1;
    }
    assert!(checked > 100);
    assert_eq!(Timestamp::parse_iso("2026-02-29T00:00:00Z"), None);
    assert_eq!(Timestamp::parse_iso("2024-02-29T00:00:00.1234567Z").unwrap().as_micros(), 1_709_164_800_123_456);
}

#[test]
fn a_time_out_before_the_whole_time_is_a_missed_heartbeat() {
    let at = |second: u32, id: u32, kind: &str, member: &str, details: Value| {
        let timestamp = format!("2026-11-20T03:14:{second:02}Z");
        let mut event = json!({"timestamp": timestamp, "type": kind, "id": id, "previousEventId": id - 1});
        event[member] = details;
        read(&event)
    };
    for (timeout, heartbeat, started, ended, missed) in [
        (Some(30), Some(10), None, 10, true),
        (Some(30), Some(10), None, 30, false),
        (Some(30), Some(10), Some(5), 34, true),
        (Some(30), Some(10), Some(5), 35, false),
        (None, Some(10), None, 50, true),
        (Some(30), None, None, 10, false),
    ] {
        let scheduled = json!({"resource": "r", "timeoutInSeconds": timeout, "heartbeatInSeconds": heartbeat});
        let scheduled = at(0, 3, "ActivityScheduled", "activityScheduledEventDetails", scheduled);
        let started = started.map(|second| at(second, 4, "ActivityStarted", "activityStartedEventDetails", json!({})));
        for (kind, member, expected) in [
            ("ActivityTimedOut", "activityTimedOutEventDetails", missed),
            ("ActivityFailed", "activityFailedEventDetails", false),
        ] {
            let ended = at(ended, 5, kind, member, json!({"error": "States.Timeout"}));
            let found = ended.missed_heartbeat(&scheduled, started.as_ref());
            assert_eq!(found, expected, "{kind} {timeout:?} {heartbeat:?} {ended:?}");
        }
    }
}
