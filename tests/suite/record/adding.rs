//! Recording into a file that is there: it only adds, and says what.

use crate::aws::service::{ARN, MACHINE, Service};
use crate::aws::stub::{Reply, Request, Stub};
use crate::program::Program;
use serde_json::{Value, json};

const CHILD: &str = "arn:aws:states:eu-west-1:123456789012:execution:Billing:bill";

/// An execution that started another one; both failed.
fn answer(request: &Request) -> Reply {
    let of_child = request.body["executionArn"] == CHILD;
    match (request.operation.as_str(), of_child) {
        ("GetExecutionHistory", false) => {
            let output = json!({ "ExecutionArn": CHILD }).to_string();
            let task = json!({ "resourceType": "states", "resource": "startExecution.sync:2", "output": output });
            let mut events = vec![
                event(
                    1,
                    "ExecutionStarted",
                    "executionStartedEventDetails",
                    &json!({ "input": "{\"secret\":\"s3cr3t\"}" }),
                ),
                event(2, "TaskSubmitted", "taskSubmittedEventDetails", &task),
                event(3, "ExecutionFailed", "executionFailedEventDetails", &json!({ "error": "Bad" })),
            ];
            if request.body["reverseOrder"] == true {
                events.reverse();
            }
            json!({ "events": events }).into()
        }
        ("DescribeExecution", true) => {
            let mut description = Service::default().description();
            (description["executionArn"], description["name"]) = (CHILD.into(), "bill".into());
            description.into()
        }
        _ => Service::default().answer(request),
    }
}

fn event(id: usize, kind: &str, details: &str, value: &Value) -> Value {
    json!({ "id": id, "previousEventId": id - 1, "timestamp": 1_763_608_447 + id, "type": kind, details: value })
}

fn program(stub: &Stub) -> Program {
    Program::new(stub.url(), "eu-west-1")
}

fn child(program: &Program) -> (usize, usize) {
    let children = program.read("r.sfn.json")["children"].as_array().cloned().unwrap_or_default();
    (children.len(), children.first().and_then(|it| it["events"].as_array()).map_or(0, Vec::len))
}

#[test]
fn what_is_in_the_file_stays_and_what_is_new_is_told() {
    let stub = Stub::new(answer);
    let program = program(&stub);
    let first = program.live(&["record", ARN, "-o", "r.sfn.json", "--children", "none"]).expect(0);
    assert_eq!((child(&program), first.said()), ((0, 0), String::new()));
    let second = program.live(&["record", ARN, "-o", "r.sfn.json"]).expect(0);
    assert_eq!(child(&program), (1, 24));
    assert_eq!(second.said(), "New in the file: 24 events, 1 execution it started, 1 history of these.\n");
    let third = program.live(&["record", ARN, "-o", "r.sfn.json"]).expect(0);
    assert_eq!(third.said(), "Nothing was missing in the file; nothing has come to it.\n");
    // Somebody adds what is theirs.
    let mut recording = program.read("r.sfn.json");
    recording["bookmarks"] = json!([{ "event": 3, "note": "here" }]);
    recording["logs"] = json!([{ "event": 2, "lines": [] }]);
    recording["mine"] = json!(1);
    std::fs::write(program.path("r.sfn.json"), recording.to_string()).unwrap();
    // AWS forgets, and the file does not.
    let forgets = Stub::new(|request| match request.body["executionArn"] == CHILD {
        true => Reply::refusal("ExecutionDoesNotExist", "gone"),
        false => answer(request),
    });
    program.run(&["record", ARN, "-o", "r.sfn.json", "--endpoint-url", &forgets.url()]).expect(3);
    let now = program.read("r.sfn.json");
    assert_eq!(child(&program), (1, 24));
    for member in ["bookmarks", "logs", "mine"] {
        assert_eq!(now[member], recording[member], "{member}");
    }
}

#[test]
fn what_would_take_something_away_asks_for_force() {
    let stub = Stub::new(answer);
    let program = program(&stub);
    program.live(&["record", ARN, "-o", "r.sfn.json"]).expect(0);
    let refused = program.live(&["record", ARN, "-o", "r.sfn.json", "--children", "none"]).expect(2);
    assert_eq!(
        refused.said(),
        "error: r.sfn.json has 1 execution it started, which --children none would leave out.\n\
         hint: Leave --children out to keep them, or add --force to drop them.\n"
    );
    assert_eq!(child(&program), (1, 24));
    program.live(&["record", ARN, "-o", "r.sfn.json", "--children", "none", "--force"]).expect(0);
    assert_eq!(child(&program), (0, 0));

    program.live(&["record", ARN, "-o", "clean.sfn.json", "--redact", "secret", "--redact", "/x{9}/"]).expect(0);
    let refused = program.live(&["record", ARN, "-o", "clean.sfn.json"]).expect(2);
    assert!(refused.said().contains("clean.sfn.json was redacted ($..secret)"), "{}", refused.said());
    let again = ["record", ARN, "-o", "clean.sfn.json", "--redact", "secret", "--redact", "/x{9}/"];
    program.live(&again).expect(0);
    assert!(!program.read("clean.sfn.json").to_string().contains("s3cr3t"));
}

#[test]
fn a_file_is_not_made_smaller_by_whoever_interrupts() {
    let stub = Stub::new(answer);
    let program = program(&stub);
    program.live(&["record", ARN, "-o", "r.sfn.json"]).expect(0);
    let slow = Stub::new(|request| match request.body["executionArn"] == CHILD {
        true => Reply::Late(std::time::Duration::from_secs(20), Box::new(answer(request))),
        false => answer(request),
    });
    let arguments = ["record", ARN, "-o", "r.sfn.json", "--endpoint-url", &slow.url()];
    let process = program.command(&arguments).spawn().unwrap();
    while slow.count("GetExecutionHistory") == 0 || slow.count("DescribeExecution") < 2 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let id = i32::try_from(process.id()).unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(id).unwrap(), rustix::process::Signal::INT).unwrap();
    assert_eq!(process.wait_with_output().unwrap().status.code(), Some(130));
    assert_eq!(child(&program), (1, 24));
}

#[test]
fn commands_about_definitions_and_many_runs_take_what_is_in_aws() {
    let stub = Stub::new(|request| match request.operation.as_str() {
        "DescribeStateMachine" => {
            let mut machine = crate::aws::service::machine();
            machine["definition"] = "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Next\":\"B\"}}}".into();
            machine["type"] = "EXPRESS".into();
            machine.into()
        }
        _ => answer(request),
    });
    let program = program(&stub);
    let checked = program.live(&["check", MACHINE, "--json"]).expect(1).json();
    assert_eq!((&checked["file"], &checked["result"]), (&json!(MACHINE), &json!("FAIL")));
    assert_eq!(program.live(&["check", ARN, "--json"]).expect(0).json()["result"], "OK");
    let grouped = program.live(&["fleet", ARN]).expect(1).told();
    assert!(grouped.contains("1 execution: 1 failed") && grouped.contains("at 2025-11-20 03:"), "{grouped}");
}
