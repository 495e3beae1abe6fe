//! The program against servers that behave like AWS: MiniStack and moto, each for what it does well.
//!
//! They are installed from PyPI on the first run. Without Python or a network these tests are skipped and say so;
//! `STEPBACK_REQUIRE_EMULATORS=1` makes that a failure.

mod account;
mod http;
mod install;
mod server;

use account::Account;
use serde_json::{Value, json};

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
