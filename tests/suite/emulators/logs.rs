//! CloudWatch Logs: Express executions rebuilt from them, the log lines of failed functions, and what is said when
//! they are not there. The lines are put there by the tests, as AWS would have written them.

use super::account::Account;
use super::{ministack, moto};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Makes an Express machine that logs at a level into a group of its own.
fn express(account: &Account, name: &str, level: &str) -> String {
    let group = format!("/aws/vendedlogs/states/{name}");
    account.logs("CreateLogGroup", &json!({ "logGroupName": group }));
    account.logs("CreateLogStream", &json!({ "logGroupName": group, "logStreamName": "s" }));
    let definition = json!({ "StartAt": "Go", "States": { "Go": { "Type": "Fail", "Error": "E", "Cause": "C" } } });
    let arn = format!("arn:aws:logs:{}:{}:log-group:{group}:*", account.region, account.server.account);
    let made = account.states(
        "CreateStateMachine",
        &json!({
            "name": name, "definition": definition.to_string(), "type": "EXPRESS",
            "roleArn": format!("arn:aws:iam::{}:role/states", account.server.account),
            "loggingConfiguration": { "level": level, "includeExecutionData": level == "ALL",
                                      "destinations": [{ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }] }
        }),
    );
    made["stateMachineArn"].as_str().unwrap().replace(":stateMachine:", ":express:")
}

/// The records of a failed run, as AWS writes them: out of order, and one of them twice.
fn records(execution: &str, level: &str) -> Vec<Value> {
    let at = now();
    let account = execution.split(':').nth(4).unwrap();
    let role = format!("arn:aws:iam::{account}:role/states");
    let record = |id: u32, kind: &str, details: Value| {
        json!({ "id": id.to_string(), "type": kind, "details": details, "previous_event_id": if id == 3 { "2" } else { "0" },
                "event_timestamp": (at + i64::from(id)).to_string(), "execution_arn": execution, "redrive_count": "0" })
    };
    let failed = record(3, "ExecutionFailed", json!({ "error": "E", "cause": "C" }));
    let entered = record(
        2,
        "FailStateEntered",
        json!({ "name": "Go", "input": "{\"a\":1}", "inputDetails": { "truncated": false } }),
    );
    let started = record(
        1,
        "ExecutionStarted",
        json!({ "input": "{\"a\":1}", "inputDetails": { "truncated": false }, "roleArn": role }),
    );
    match level {
        "ALL" => vec![failed, entered.clone(), started, entered],
        "ERROR" => vec![failed, entered],
        _ => vec![failed],
    }
}

fn put(account: &Account, group: &str, messages: &[String]) {
    let events: Vec<_> = messages.iter().map(|message| json!({ "timestamp": now(), "message": message })).collect();
    account.logs("PutLogEvents", &json!({ "logGroupName": group, "logStreamName": "s", "logEvents": events }));
}

#[test]
fn an_express_execution_is_rebuilt_from_its_log() {
    let Some(account) = ministack("eu-west-2") else { return };
    let machine = express(&account, "quick", "ALL");
    let (execution, other) = (format!("{machine}:run:11-22"), format!("{machine}:other:33-44"));
    let messages = [records(&execution, "ALL"), records(&other, "ALL")].concat();
    let messages: Vec<String> = messages.iter().map(Value::to_string).collect();
    put(&account, "/aws/vendedlogs/states/quick", &messages);
    let program = account.program();
    let told = program.live(&["record", &execution, "--json"]).expect(0).json();
    assert_eq!((&told["file"], &told["events"]), (&json!("quick-run.sfn.json"), &json!(3)));
    assert_eq!((&told["status"], &told["complete"], &told["notes"]), (&json!("FAILED"), &json!(true), &json!([])));
    let recording = program.read("quick-run.sfn.json");
    assert_eq!(recording["stateMachine"]["type"], "EXPRESS");
    assert_eq!(recording["execution"]["input"], "{\"a\":1}");
    assert!(program.run(&["why", "quick-run.sfn.json"]).expect(1).told().contains("Go"));
    let replayed = program.run(&["replay", "quick-run.sfn.json", "--json"]).json();
    assert_eq!(replayed["fidelity"]["verdict"], "agrees", "{replayed}");
}

#[test]
fn what_a_log_lacks_is_said_exactly() {
    let Some(account) = ministack("eu-west-3") else { return };
    let machine = express(&account, "sparse", "ERROR");
    let execution = format!("{machine}:run:11-22");
    let messages: Vec<String> = records(&execution, "ERROR").iter().map(Value::to_string).collect();
    put(&account, "/aws/vendedlogs/states/sparse", &messages);
    let program = account.program();
    let told = program.live(&["record", &execution, "--json"]).expect(0).json();
    assert_eq!((&told["complete"], &told["events"]), (&json!(false), &json!(2)));
    let notes = told["notes"].to_string();
    assert!(notes.contains("logs at level ERROR") && notes.contains("includeExecutionData is false"), "{notes}");

    let absent = program.live(&["record", &format!("{machine}:gone:1-1"), "--since", "2h"]).expect(3);
    let said = absent.said();
    assert!(
        said.contains("Nothing of") && said.contains("/aws/vendedlogs/states/sparse") && said.contains("ERROR"),
        "{said}"
    );
    let silent = express(&account, "silent", "OFF");
    let said = program.live(&["record", &format!("{silent}:run:1-1")]).expect(3).said();
    assert!(said.contains("silent logs nothing: its log level is OFF."), "{said}");
    assert!(said.contains("Set the level of its logging configuration to ALL"), "{said}");
}

#[test]
fn the_lines_of_a_failed_function_are_recorded_and_shown() {
    let Some(account) = moto("eu-west-2") else { return };
    let machine = account.machine(
        "payments",
        &json!({ "StartAt": "Charge", "States": { "Charge": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Parameters": { "FunctionName": "charge", "Payload": {} }
        }}}),
    );
    let execution = account.run(&machine, "p-1", &json!({}));
    let described = account.states("DescribeExecution", &json!({ "executionArn": execution }));
    let cause = described["cause"].as_str().unwrap();
    let id = cause.split_once("Request ID: ").and_then(|(_, rest)| rest.split(';').next()).unwrap();
    let group = "/aws/lambda/charge";
    account.logs("CreateLogGroup", &json!({ "logGroupName": group }));
    account.logs("CreateLogStream", &json!({ "logGroupName": group, "logStreamName": "s" }));
    let lines = [
        "START RequestId: earlier Version: 1",
        "REPORT RequestId: earlier Duration: 1 ms",
        &format!("START RequestId: {id} Version: 1"),
        "connecting to the card network",
        &format!("REPORT RequestId: {id} Duration: 9 ms"),
    ];
    let at = now();
    let events: Vec<_> = (0..).zip(lines).map(|(n, line)| json!({ "timestamp": at + n, "message": line })).collect();
    account.logs("PutLogEvents", &json!({ "logGroupName": group, "logStreamName": "s", "logEvents": events }));
    let program = account.program();
    let told = program.live(&["record", &execution, "--logs", "--json"]).expect(0).json();
    assert_eq!((&told["logs"], &told["notes"]), (&json!(1), &json!([])));
    let log = &program.read("payments-p-1.sfn.json")["logs"][0];
    assert_eq!((&log["event"], &log["requestId"]), (&json!(5), &json!(id)));
    assert_eq!(log["events"].as_array().unwrap().len(), 3, "{log}");
    let why = program.run(&["why", "payments-p-1.sfn.json"]).expect(1).told();
    assert!(why.contains("connecting to the card network") && !why.contains("earlier"), "{why}");
    let again = program.live(&["record", &execution, "--logs", "--json"]).expect(0).json();
    assert_eq!(again["logs"], 1, "lines that are there are not recorded twice");
}

#[test]
fn a_function_without_a_log_is_said_and_is_no_failure() {
    let Some(account) = moto("ap-northeast-1") else { return };
    let machine = account.machine(
        "payments",
        &json!({ "StartAt": "Charge", "States": { "Charge": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Parameters": { "FunctionName": "charge", "Payload": {} }
        }}}),
    );
    let execution = account.run(&machine, "p-2", &json!({}));
    let program = account.program();
    let told = program.live(&["record", &execution, "--logs", "--json"]).expect(0).json();
    assert!(told["notes"][0].as_str().unwrap().starts_with("/aws/lambda/charge: there is no such log group"), "{told}");
}
