//! `stepback run` as it is typed: who answers, what is printed, what is written.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: &Value) -> String {
        let path = self.path(name);
        fs::write(&path, content.to_string()).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stepback")).arg("run").args(arguments).output().unwrap()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn machine(resource: &str) -> Value {
    json!({ "StartAt": "T", "States": {
        "T": { "Type": "Task", "Resource": resource, "TimeoutSeconds": 9, "End": true }
    }})
}

const LAMBDA: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";

#[test]
fn a_task_nobody_answers_is_named_with_the_line_to_add() {
    let folder = Folder::new();
    let output = run(&[&folder.file("m.json", &machine(LAMBDA))]);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    assert!(said.contains("Nobody answers the task 'T'"), "{said}");
    assert!(said.contains(r#""T": [{ "result": {} }]"#), "{said}");
}

#[test]
fn a_pending_task_lasts_until_its_time_is_over_or_holds_the_run_up() {
    let folder = Folder::new();
    let answers = folder.file("answers.json", &json!({ "states": { "T": [{ "pending": true }] } }));
    let limited = folder.file("limited.json", &machine(LAMBDA));
    let report = json_of(&run(&[&limited, "--answers", &answers, "--json"]));
    assert_eq!(report["error"], json!("States.Timeout"));
    let mut definition = machine("arn:aws:states:us-east-1:123456789012:activity:a");
    definition["States"]["T"].as_object_mut().unwrap().remove("TimeoutSeconds");
    let output = run(&[&folder.file("open.json", &definition), "--answers", &answers]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("Nobody answers the task 'T'"), "{}", said(&output));
}

#[test]
fn mocked_responses_go_by_invocation() {
    let folder = Folder::new();
    let mut definition = machine(LAMBDA);
    definition["States"]["T"]["Retry"] = json!([{ "ErrorEquals": ["Bad"], "MaxAttempts": 5 }]);
    let mocks = json!({
        "StateMachines": { "Local": { "TestCases": { "Twice": { "T": "Flaky" } } } },
        "MockedResponses": { "Flaky": {
            "0-1": { "Throw": { "Error": "Bad", "Cause": "not yet" } }, "2": { "Return": { "done": true } }
        }}
    });
    let (definition, mocks) = (folder.file("m.json", &definition), folder.file("mocks.json", &mocks));
    let output = run(&[&definition, "--answers", &mocks, "--test-case", "Twice", "--json"]);
    assert_eq!(json_of(&output)["output"], json!({ "done": true }));
    let output = run(&[&definition, "--answers", &mocks]);
    assert!(said(&output).contains("it has: Twice"), "{}", said(&output));
}

#[test]
#[cfg(unix)]
fn commands_answer_side_by_side() {
    let folder = Folder::new();
    let definition = json!({ "StartAt": "Each", "States": { "Each": {
        "Type": "Map", "End": true, "ItemProcessor": machine(LAMBDA)
    }}});
    let answers = json!({ "states": {
        "T[0]": [{ "command": ["sh", "-c", "cat; exit 0"] }],
        "T[1]": [{ "command": ["sh", "-c", "echo plain text"] }],
        "T[2]": [{ "command": ["sh", "-c", "echo broken >&2; exit 3"] }]
    }});
    let (definition, answers) = (folder.file("m.json", &definition), folder.file("answers.json", &answers));
    let output = run(&[&definition, "--answers", &answers, "--input", "[{\"a\": 1}, 2]", "--json"]);
    assert_eq!(json_of(&output)["output"], json!([{ "a": 1 }, "plain text"]));
    let output = run(&[&definition, "--answers", &answers, "--input", "[1, 2, 3]", "--json"]);
    let report = json_of(&output);
    assert_eq!((&report["status"], &report["cause"]), (&json!("FAILED"), &json!("broken")));
    assert_eq!(output.status.code(), Some(1));
}

/// Answers one request after the other, as the runtime emulator of a Lambda function does.
fn emulator(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut chunk = [0; 1024];
            while !request.ends_with(b"{\"n\":1}") {
                let read = stream.read(&mut chunk).unwrap();
                request.extend_from_slice(&chunk[..read]);
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    format!("http://{address}/2015-03-31/functions/function/invocations")
}

#[test]
fn functions_answer_over_http_and_their_errors_are_recognised() {
    let folder = Folder::new();
    let url = emulator(&["{\"errorMessage\":\"no\",\"errorType\":\"Refused\"}", "{\"ok\": [1]}"]);
    let mut definition = machine(LAMBDA);
    definition["States"]["T"]["Retry"] =
        json!([{ "ErrorEquals": ["Refused"], "MaxAttempts": 1, "IntervalSeconds": 1 }]);
    let answers = json!({ "states": { "T": [{ "http": url }] } });
    let (definition, answers) = (folder.file("m.json", &definition), folder.file("answers.json", &answers));
    let output = run(&[&definition, "--answers", &answers, "--input", "{\"n\":1}"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "{\"ok\": [1]}\n", "{}", said(&output));
}

#[test]
fn a_run_is_a_recording_with_the_executions_it_started() {
    let folder = Folder::new();
    let mut parent = machine("arn:aws:states:::states:startExecution.sync:2");
    parent["States"]["T"]["Parameters"] = json!({
        "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Child", "Input": { "n": 2 }
    });
    parent["States"]["T"]["OutputPath"] = json!("$.Output");
    let child = json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "Seconds": 5, "Next": "P" },
        "P": { "Type": "Pass", "Parameters": { "twice.$": "States.MathAdd($.n, $.n)" }, "End": true }
    }});
    let (parent, child) = (folder.file("parent.json", &parent), folder.file("child.json", &child));
    let recording = folder.path("run.sfn.json").display().to_string();
    let output = run(&[&parent, "--machine", &format!("Child={child}"), "-o", &recording, "--json"]);
    assert_eq!(json_of(&output)["output"], json!({ "twice": 4 }), "{}", said(&output));
    let recording: Value = serde_json::from_slice(&fs::read(recording).unwrap()).unwrap();
    assert_eq!(recording["execution"]["status"], "SUCCEEDED");
    assert_eq!(recording["children"][0]["events"].as_array().unwrap().len(), 6);
}

#[test]
fn an_execution_whose_task_has_timed_out_is_stopped() {
    let folder = Folder::new();
    let mut parent = machine("arn:aws:states:::states:startExecution.sync:2");
    parent["States"]["T"]["TimeoutSeconds"] = json!(5);
    parent["States"]["T"]["Parameters"] =
        json!({ "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Child" });
    let child = |seconds: u32| {
        json!({ "StartAt": "W", "States": {
            "W": { "Type": "Wait", "Seconds": seconds, "Next": "P" }, "P": { "Type": "Pass", "End": true }
        }})
    };
    for (seconds, ends) in [(60, ["TIMED_OUT", "ABORTED"]), (4, ["SUCCEEDED", "SUCCEEDED"])] {
        let files = (folder.file("parent.json", &parent), folder.file("child.json", &child(seconds)));
        let recording = folder.path("run.sfn.json").display().to_string();
        let output =
            run(&[&files.0, "--machine", &format!("Child={}", files.1), "-o", &recording, "--force", "--json"]);
        let recording: Value = serde_json::from_slice(&fs::read(recording).unwrap()).unwrap();
        let ended = if ends[0] == "TIMED_OUT" { "States.Timeout" } else { "" };
        assert_eq!(json_of(&output)["error"].as_str().unwrap_or_default(), ended, "{}", said(&output));
        let events = &recording["children"][0]["events"];
        assert_eq!(recording["children"][0]["execution"]["status"], ends[1], "{events}");
        // Four events when it was stopped while it waited: the end comes when the task's time was over.
        assert_eq!(events.as_array().unwrap().len(), if seconds > 5 { 3 } else { 6 }, "{events}");
    }
}

#[test]
fn results_are_written_below_the_folder_that_stands_in_for_s3() {
    let folder = Folder::new();
    let definition = json!({ "StartAt": "Each", "States": { "Each": {
        "Type": "Map", "End": true,
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } }
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "results", "Prefix": "to/here" }
        }
    }}});
    let definition = folder.file("m.json", &definition);
    let s3 = folder.path("s3").display().to_string();
    let output = run(&[&definition, "--input", "[1, 2]", "--s3", &s3, "--json"]);
    let report = json_of(&output);
    let details = &report["output"]["ResultWriterDetails"];
    assert_eq!(details["Bucket"], "results");
    let manifest = folder.path("s3").join("results").join(details["Key"].as_str().unwrap());
    let manifest: Value = serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
    let key = manifest["ResultFiles"]["SUCCEEDED"][0]["Key"].as_str().unwrap();
    let records: Value =
        serde_json::from_slice(&fs::read(folder.path("s3").join("results").join(key)).unwrap()).unwrap();
    assert_eq!((&records[0]["Input"], &records[1]["Output"]), (&json!("1"), &json!("2")));
}

#[test]
fn a_history_without_end_ends_at_the_limit() {
    let folder = Folder::new();
    let definition = json!({ "StartAt": "A", "States": {
        "A": { "Type": "Pass", "Next": "B" },
        "B": { "Type": "Choice", "Choices": [{ "Variable": "$.x", "IsPresent": true, "Next": "C" }], "Default": "A" },
        "C": { "Type": "Succeed" }
    }});
    let report = json_of(&run(&[&folder.file("m.json", &definition), "--json"]));
    assert_eq!((&report["error"], &report["events"]), (&json!("States.Runtime"), &json!(25_000)));
}

#[test]
fn answers_that_say_nothing_or_too_much_are_refused() {
    let folder = Folder::new();
    let definition = folder.file("m.json", &machine(LAMBDA));
    for (answers, message) in [
        (json!({ "states": { "T": [{}] } }), "Answer 1 of 'T' must say exactly one of"),
        (json!({ "states": { "T": [{ "result": 1, "timeout": true }] } }), "Answer 1 of 'T' must say exactly one of"),
        (json!({ "states": { "T": [{ "resutl": 1 }] } }), "unknown field `resutl`"),
        (
            json!({ "states": { "T": [{ "error": "E", "as": "TaskSucceeded" }] } }),
            "'TaskSucceeded' in the answers of 'T'",
        ),
    ] {
        let output = run(&[&definition, "--answers", &folder.file("answers.json", &answers)]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(message), "{}", said(&output));
    }
}
