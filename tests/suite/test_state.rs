//! `stepback test-state`: a folder of requests with what they are answered, and the command itself.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use stepback::event::Timestamp;
use stepback::interpreter::test_state::{Request, Surroundings, test_state};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/test-state");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The answer in the form of a case: a `response`, or why the request was `refused`.
fn answer(request: &Request) -> (&'static str, Value) {
    let around = Surroundings { now: Timestamp::from_millis(1_790_200_285_598), seed: 1 };
    match test_state(request, around) {
        Ok(response) => ("response", serde_json::to_value(response).unwrap()),
        Err(refusal) => ("refused", json!({ "code": refusal.code(), "message": refusal.to_string() })),
    }
}

#[test]
fn every_case_is_answered_as_recorded_behaviour_has_it() {
    let mut wrong = Vec::new();
    for path in cases() {
        let case: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let (kind, found) = answer(&Request::read(&case["request"].to_string()).unwrap());
        if case.get(kind) != Some(&found) {
            wrong.push(format!("{}: {kind} {found:#}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn stepback(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stepback"))
        .arg("test-state")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its options does not wait for its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

const MACHINE: &str = r#"{ "StartAt": "A", "States": {
    "A": { "Type": "Pass", "Next": "B" },
    "B": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
           "Retry": [ { "ErrorEquals": [ "Slow" ] } ] } } }"#;

#[test]
fn a_request_is_read_from_standard_input() {
    let request = r#"{ "definition": { "Type": "Succeed" }, "input": "[1]" }"#;
    let output = stepback(&["--request", "-"], request);
    assert_eq!(json_of(&output), json!({ "output": "[1]", "status": "SUCCEEDED" }));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_refused_request_is_an_error_object_and_exit_code_1() {
    let output = stepback(&["--request", "-"], r#"{ "definition": "{}", "stateName": "" }"#);
    assert_eq!(json_of(&output)["error"]["code"], "ValidationException");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn options_make_a_request_that_tells_every_stage() {
    let output = stepback(&["-", "--state", "A", "--input", r#"{"a":1}"#], MACHINE);
    let expected = json!({
        "output": r#"{"a":1}"#,
        "inspectionData": {
            "input": r#"{"a":1}"#, "afterInputPath": r#"{"a":1}"#, "afterParameters": r#"{"a":1}"#,
            "afterResultSelector": r#"{"a":1}"#, "afterResultPath": r#"{"a":1}"#
        },
        "nextState": "B", "status": "SUCCEEDED"
    });
    assert_eq!(json_of(&output), expected);
}

#[test]
fn a_state_that_would_be_retried_is_a_finding() {
    let mock = ["-", "--state", "B", "--inspection-level", "info", "--mock-error", "Slow", "--mock-cause", "c"];
    let output = stepback(&mock, MACHINE);
    assert_eq!(json_of(&output), json!({ "error": "Slow", "cause": "c", "status": "RETRIABLE" }));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_missing_is_said_with_the_option_that_gives_it() {
    for (arguments, said) in [
        (vec!["-"], "Name one of its states with --state: 'A', 'B'."),
        (vec!["-", "--state", "C"], "has no state 'C'"),
        (vec!["-", "--state", "B"], "Give its result with --mock-result"),
        (vec!["-", "--state", "A", "--input", "no-such-file"], "Cannot read 'no-such-file'"),
        (vec!["--request", "-"], "is no TestState request"),
        (vec!["--request", "-", "--state", "A"], "in one piece by --request and in parts"),
    ] {
        let output = stepback(&arguments, MACHINE);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains(said), "{arguments:?}: {errors}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
