//! The program against servers that behave like AWS: MiniStack and moto, each for what it does well.
//!
//! They are installed from PyPI on the first run. Without Python or a network these tests are skipped and say so;
//! `STEPBACK_REQUIRE_EMULATORS=1` makes that a failure.

mod account;
mod fleet;
mod http;
mod install;
mod logs;
mod readers;
mod record;
mod schemas;
mod server;

use account::Account;
use serde_json::{Value, json};
use std::io::Write as _;

/// Says something that is seen although the test passes.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Returns a region of MiniStack that is this test's alone.
fn ministack(region: &'static str) -> Option<Account> {
    server::ministack().map(|server| Account::new(server, region))
}

/// The same of moto.
fn moto(region: &'static str) -> Option<Account> {
    server::moto().map(|server| Account::new(server, region))
}

#[test]
fn the_emulators_run_machines() {
    let machine = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Result": 7, "End": true } } });
    for account in [ministack("us-east-1"), moto("us-east-1")].into_iter().flatten() {
        let arn = account.machine("smoke", &machine);
        let execution = account.start(&arn, "one", &json!({}));
        assert_eq!(account.wait(&execution), "SUCCEEDED");
        let history = account.states("GetExecutionHistory", &json!({ "executionArn": execution }));
        let types: Vec<&Value> = history["events"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
        assert_eq!(types, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
    }
}

#[test]
fn doctor_tells_what_is_allowed_without_telling_secrets() {
    let Some(account) = ministack("ca-central-1") else { return };
    let machine = account.machine("any", &json!({ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }));
    account.run(&machine, "one", &json!({}));
    let program = account.program();
    let told = program.live(&["doctor", "--aws", "--json"]).expect(0).json();
    assert_eq!(told["format"], "stepback.doctor/1");
    let state = |name: &str| {
        let checks = told["checks"].as_array().unwrap();
        checks.iter().find(|check| check["name"] == name).map(|check| check["state"].clone())
    };
    for allowed in
        ["states:ListStateMachines", "states:DescribeExecution", "states:GetExecutionHistory", "states:ListMapRuns"]
    {
        assert_eq!(state(allowed), Some(json!("good")), "{allowed}");
    }
    assert_eq!(state("states:DescribeMapRun"), Some(json!("note")));
    assert!(told.to_string().contains("keys in the environment"));
    let nobody = program.run(&["doctor", "--aws", "--endpoint-url", "http://127.0.0.1:9"]).expect(1);
    assert!(nobody.told().contains("Cannot reach AWS"), "{}", nobody.told());
    let quiet = program.run(&["doctor"]).expect(0);
    assert!(!quiet.told().contains("AWS permissions"));
}
