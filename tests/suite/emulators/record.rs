//! `stepback record`: everything into one file, which then needs nobody.

use super::{ministack, moto};
use crate::program::Done;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A flow whose Charge fails after a while, with a secret in its input.
fn orders(seconds: u32) -> Value {
    json!({ "StartAt": "Check", "States": {
        "Check": { "Type": "Pass", "Parameters": { "order.$": "$.order", "card": "4111111111111111" }, "Next": "Hold" },
        "Hold": { "Type": "Wait", "Seconds": seconds, "Next": "Known" },
        "Known": { "Type": "Choice", "Choices": [{ "Variable": "$.order", "NumericLessThan": 0, "Next": "Refused" }], "Default": "Done" },
        "Refused": { "Type": "Fail", "Error": "Order.Refused", "Cause": "there is no such order" },
        "Done": { "Type": "Succeed" }
    }})
}

#[test]
fn a_recording_is_opened_explained_and_replayed_without_aws() {
    let Some(account) = moto("eu-west-1") else { return };
    let machine = account.machine("orders", &orders(0));
    let execution = account.run(&machine, "refused", &json!({ "order": -1 }));
    let program = account.program();
    let told = program.live(&["record", &execution, "--json"]).expect(0).json();
    assert_eq!((&told["status"], &told["complete"]), (&json!("FAILED"), &json!(true)));
    assert_eq!(told["file"], "orders-refused.sfn.json");
    let why = program.run(&["why", "orders-refused.sfn.json"]).expect(1).told();
    assert!(why.contains("Order.Refused") && why.contains("there is no such order"), "{why}");
    let shown = program.run(&["show", "orders-refused.sfn.json"]).told();
    assert!(["Check", "Hold", "Known", "Refused"].iter().all(|state| shown.contains(state)), "{shown}");
    let replayed = program.run(&["replay", "orders-refused.sfn.json", "--json"]).json();
    assert_eq!(replayed["fidelity"]["verdict"], "agrees", "{replayed}");
    let compared = &replayed["fidelity"]["compared"];
    assert_eq!((compared, &replayed["fidelity"]["agreed"]), (&told["events"], &told["events"]));
}

#[test]
fn a_console_address_and_a_compressed_file_will_do() {
    let Some(account) = ministack("us-east-1") else { return };
    let machine = account.machine("console", &orders(0));
    let execution = account.run(&machine, "fine", &json!({ "order": 1 }));
    let address = format!(
        "https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/{execution}"
    );
    let program = account.program();
    program.live(&["record", &address, "-o", "fine.sfn.json.gz"]).expect(0);
    assert_eq!(std::fs::read(program.path("fine.sfn.json.gz")).unwrap()[..2], [0x1f, 0x8b]);
    program.run(&["why", "fine.sfn.json.gz"]).expect(0);
    program.run(&["record", "fine.sfn.json.gz", "-o", "plain.sfn.json"]).expect(0);
    assert_eq!(program.read("plain.sfn.json")["execution"]["executionArn"], *execution);
}

/// Counts up to `$.most` one event after the other, in JSONata: six events a round.
fn counter() -> Value {
    json!({ "QueryLanguage": "JSONata", "StartAt": "Count", "States": {
        "Count": { "Type": "Pass", "Output": "{% {'n': $states.input.n + 1, 'most': $states.input.most} %}", "Next": "More" },
        "More": { "Type": "Choice", "Choices": [{ "Condition": "{% $states.input.n < $states.input.most %}", "Next": "Count" }], "Default": "Done" },
        "Done": { "Type": "Succeed" }
    }})
}

#[test]
fn a_history_of_many_pages_is_recorded_whole() {
    let Some(account) = ministack("us-east-2") else { return };
    let machine = account.machine("counter", &counter());
    let execution = account.run(&machine, "long", &json!({ "n": 0, "most": 1300 }));
    let program = account.program();
    let told = program.live(&["record", &execution, "-o", "long.sfn.json", "--json"]).expect(0).json();
    let recording = program.read("long.sfn.json");
    let ids: Vec<u64> =
        recording["events"].as_array().unwrap().iter().map(|event| event["id"].as_u64().unwrap()).collect();
    assert!(ids.len() > 5_000, "{}", ids.len());
    assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
    assert_eq!(told["events"], ids.len());
    assert_eq!(recording["execution"]["status"], "SUCCEEDED");
    // Six pages: from both ends no more than one after the other would take; two more calls describe.
    assert!(told["calls"].as_u64().unwrap() <= 6 + 2 + 2, "{told}");
    let again = program.live(&["record", &execution, "-o", "long.sfn.json", "--json"]).expect(0).json();
    assert!(again["calls"].as_u64() < told["calls"].as_u64(), "what is in the file is not fetched again: {again}");
    assert_eq!(program.read("long.sfn.json")["events"], recording["events"]);
}

#[test]
fn an_interrupted_recording_is_completed() {
    let Some(account) = ministack("us-west-1") else { return };
    let machine = account.machine("counter", &counter());
    let execution = account.run(&machine, "cut", &json!({ "n": 0, "most": 1300 }));
    let program = account.program();
    program.live(&["record", &execution, "-o", "cut.sfn.json", "--no-cache"]).expect(0);
    let whole = program.read("cut.sfn.json");
    let mut cut = whole.clone();
    let events = cut["events"].as_array_mut().unwrap();
    let rest = events.split_off(4_000);
    events.drain(1_500..2_000);
    cut["recorded"]["complete"] = json!(false);
    cut["bookmarks"] = json!([{ "event": 7, "note": "here" }]);
    cut["team"] = json!("payments");
    std::fs::write(program.path("cut.sfn.json"), cut.to_string()).unwrap();
    assert!(rest.len() > 1_000);
    let told = program.live(&["record", &execution, "-o", "cut.sfn.json", "--no-cache", "--json"]).expect(0).json();
    let after = program.read("cut.sfn.json");
    assert_eq!(after["events"], whole["events"]);
    assert_eq!(
        (&told["complete"], &after["team"], &after["bookmarks"][0]["note"]),
        (&json!(true), &json!("payments"), &json!("here"))
    );
}

#[test]
fn a_running_execution_is_followed_to_its_end() {
    let Some(account) = ministack("eu-central-1") else { return };
    let machine = account.machine("orders", &orders(3));
    let execution = account.start(&machine, "slow", &json!({ "order": -1 }));
    let program = account.program();
    let early = program.live(&["record", &execution, "-o", "early.sfn.json", "--json"]).expect(0).json();
    assert_eq!((&early["status"], &early["complete"]), (&json!("RUNNING"), &json!(false)));
    let told = program.live(&["record", &execution, "-o", "early.sfn.json", "--follow", "--json"]).expect(0).json();
    assert_eq!((&told["status"], &told["complete"]), (&json!("FAILED"), &json!(true)));
    let recording = program.read("early.sfn.json");
    assert_eq!(recording["events"].as_array().unwrap().last().unwrap()["type"], "ExecutionFailed");
    assert_eq!(recording["execution"]["error"], "Order.Refused");
}

#[test]
#[cfg(unix)]
fn ctrl_c_leaves_a_file_that_can_be_opened() {
    let Some(account) = ministack("ap-south-1") else { return };
    let machine = account.machine("orders", &orders(600));
    let execution = account.start(&machine, "endless", &json!({ "order": 1 }));
    let program = account.program();
    let child = program.begin(&["record", &execution, "-o", "endless.sfn.json", "--follow"]);
    // Long enough for the first look; were it not, the test would be told by what the program says.
    let patience = Instant::now() + Duration::from_secs(60);
    let process = rustix::process::Pid::from_child(&child);
    std::thread::sleep(Duration::from_secs(4));
    assert!(Instant::now() < patience);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    let done = Done(child.wait_with_output().unwrap()).expect(130);
    assert!(done.said().contains("Run the same command again to go on."), "{}", done.said());
    let recording = program.read("endless.sfn.json");
    assert_eq!(recording["recorded"]["complete"], false);
    assert!(recording["recorded"]["notes"].to_string().contains("interrupted"), "{}", recording["recorded"]);
    assert!(program.run(&["show", "endless.sfn.json"]).told().contains("Hold"));
    account.states("StopExecution", &json!({ "executionArn": execution }));
}

#[test]
fn map_runs_come_with_their_executions() {
    let Some(account) = ministack("sa-east-1") else { return };
    let machine = account.machine("lines", &json!({ "StartAt": "Lines", "States": { "Lines": {
        "Type": "Map", "ItemsPath": "$.lines", "End": true, "ToleratedFailureCount": 9,
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "Good", "States": {
            "Good": { "Type": "Choice", "Choices": [{ "Variable": "$.bad", "BooleanEquals": true, "Next": "Bad" }], "Default": "Fine" },
            "Bad": { "Type": "Fail", "Error": "Line.Bad", "Cause": "this line is bad" },
            "Fine": { "Type": "Succeed" }
        }}
    }}}));
    let lines: Vec<Value> = (0..20).map(|line| json!({ "bad": line % 5 == 0 })).collect();
    let execution = account.run(&machine, "all", &json!({ "lines": lines }));
    let program = account.program();
    // MiniStack knows no definition of a map run's executions, which is said, and is not fatal.
    let told = program.live(&["record", &execution, "-o", "lines.sfn.json", "--json"]).json();
    assert_eq!(told["executions"], 20);
    let recording = program.read("lines.sfn.json");
    let run = &recording["mapRuns"][0];
    assert_eq!(run["mapRun"]["itemCounts"]["failed"], 4);
    let statuses = run["executions"].as_array().unwrap().iter().map(|child| &child["execution"]["status"]);
    assert_eq!(statuses.filter(|status| **status == "FAILED").count(), 4);
    let none =
        program.live(&["record", &execution, "-o", "none.sfn.json", "--children", "none", "--json"]).expect(0).json();
    assert_eq!(none["executions"], 0);
}

#[test]
fn secrets_are_taken_out_before_anything_is_written() {
    let Some(account) = moto("us-east-2") else { return };
    let machine = account.machine("secrets", &orders(0));
    let execution =
        account.run(&machine, "s", &json!({ "order": 1, "password": "hunter2", "mail": "ada@example.com" }));
    let program = account.program();
    let rules = ["--redact", r"/\d{16}/", "--redact", "password", "--redact", "$.mail"];
    let told =
        program.live(&[&["record", &execution, "-o", "s.sfn.json", "--json"], &rules[..]].concat()).expect(0).json();
    let text = std::fs::read_to_string(program.path("s.sfn.json")).unwrap();
    for secret in ["4111111111111111", "hunter2", "ada@example.com"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let counts: Vec<_> =
        told["redactions"].as_array().unwrap().iter().map(|rule| rule["count"].as_u64().unwrap()).collect();
    assert!(counts.iter().all(|count| *count > 0), "{told}");
    program.run(&["show", "s.sfn.json"]).expect(0);
    let wrong = program.live(&["record", &execution, "-o", "x.sfn.json", "--redact", "/("]).expect(2);
    assert!(wrong.said().contains("cannot be redacted"), "{}", wrong.said());
    assert!(!program.path("x.sfn.json").exists());
}

#[test]
fn nothing_else_is_overwritten_and_nothing_half_is_left() {
    let Some(account) = ministack("eu-north-1") else { return };
    let machine = account.machine("orders", &orders(0));
    let (one, other) =
        (account.run(&machine, "one", &json!({ "order": 1 })), account.run(&machine, "other", &json!({ "order": 1 })));
    let program = account.program();
    program.live(&["record", &one, "-o", "r.sfn.json"]).expect(0);
    let refused = program.live(&["record", &other, "-o", "r.sfn.json"]).expect(2);
    assert!(refused.said().contains("--force"), "{}", refused.said());
    assert_eq!(program.read("r.sfn.json")["execution"]["executionArn"], *one);
    program.live(&["record", &other, "-o", "r.sfn.json", "--force"]).expect(0);
    assert_eq!(program.read("r.sfn.json")["execution"]["executionArn"], *other);
    let missing = format!("{one}-that-is-not");
    let gone = program.live(&["record", &missing, "-o", "gone.sfn.json"]).expect(3);
    assert!(gone.said().contains("There is no"), "{}", gone.said());
    let machine = program.live(&["record", &machine]).expect(2);
    assert!(machine.said().contains(&one) && machine.said().contains(&other), "{}", machine.said());
    let files: Vec<_> = std::fs::read_dir(program.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(files.iter().all(|name| name == "r.sfn.json" || name == "cache"), "{files:?}");
}
