//! `stepback fleet` against servers that run the machines.

use super::account::Account;
use super::{ministack, moto};
use serde_json::{Value, json};

/// Runs executions of a machine: every third fails, with a number of its own in the cause.
fn run_some(account: &Account, machine: &str, count: usize) {
    let executions: Vec<String> = (0..count)
        .map(|number| account.start(machine, &format!("run-{number}"), &json!({ "n": number, "bad": number % 3 == 0 })))
        .collect();
    executions.iter().for_each(|execution| drop(account.wait(execution)));
}

#[test]
fn the_failures_of_a_machine_are_clustered() {
    let definition = json!({ "StartAt": "Check", "States": {
        "Check": { "Type": "Choice", "Choices": [{ "Variable": "$.bad", "BooleanEquals": true, "Next": "Refuse" }],
                   "Default": "Done" },
        "Refuse": { "Type": "Fail", "Error": "Order.Refused", "Cause": "order 4711 was refused" },
        "Done": { "Type": "Succeed" } } });
    for account in [ministack("us-west-2"), moto("us-west-2")].into_iter().flatten() {
        let machine = account.machine("fleet", &definition);
        run_some(&account, &machine, 30);
        let program = account.program();
        let told: Value = program.live(&["fleet", &machine, "--since", "1h", "--json"]).expect(1).json();
        assert_eq!((&told["failed"], &told["succeeded"]), (&json!(10), &json!(20)), "{told}");
        let [cluster] = told["clusters"].as_array().unwrap().as_slice() else { panic!("{told}") };
        assert_eq!(cluster["error"], "Order.Refused");
        // MiniStack does not say which event led to which: the end of an execution belongs to no state there.
        let state = if account.server.account == "000000000000" { Value::Null } else { json!("Refuse") };
        assert_eq!(cluster["state"], state);
        assert_eq!(cluster["cause"], "order <n> was refused");
        let bad = cluster["contrast"]["traits"].as_array().unwrap().iter().any(|it| it["path"] == "$.bad");
        assert!(bad, "{cluster}");
    }
}
