//! The tools over shipped recordings, called as the protocol would.

use super::{Args, desk as made};
use crate::mcp::{Answer, Desk, Unanswered};
use clap::Parser;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

/// Returns a desk as the command line makes one.
pub(super) fn desk(arguments: &[&str]) -> Desk {
    let line = Line::try_parse_from(std::iter::once(&"mcp").chain(arguments)).unwrap();
    made(&line.args).unwrap()
}

fn shipped() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").display().to_string()
}

/// Returns all recordings that come with the sources.
pub(super) fn recordings() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(shipped()).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.retain(|path| path.display().to_string().contains(".sfn.json"));
    files.extend(crate::corpus::shipped_executions());
    files
}

/// Calls a tool.
pub(super) fn call(desk: &Desk, tool: &str, arguments: &Value) -> Answer {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    desk.call(tool, &arguments, &Arc::new(AtomicBool::new(false))).unwrap()
}

fn told(desk: &Desk, tool: &str, arguments: &Value) -> Value {
    match call(desk, tool, arguments) {
        Answer::Told(value) => value,
        Answer::Failed(reason) => panic!("{tool} {arguments}: {reason}"),
    }
}

fn refused(desk: &Desk, tool: &str, arguments: &Value) -> String {
    match call(desk, tool, arguments) {
        Answer::Told(value) => panic!("{tool} {arguments}: {value}"),
        Answer::Failed(reason) => reason,
    }
}

#[test]
fn each_tool_has_a_schema_in_the_words_of_the_help() {
    let tools = desk(&[&shipped()]).tools();
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(
        names,
        [
            "open",
            "why",
            "show",
            "trace",
            "diff",
            "explain",
            "flow",
            "replay",
            "run",
            "test_state",
            "query",
            "check",
            "fleet"
        ]
    );
    for tool in &tools {
        let schema = &tool["inputSchema"];
        assert_eq!(schema["type"], "object");
        for (name, property) in schema["properties"].as_object().unwrap() {
            assert!(!property["description"].as_str().unwrap().is_empty(), "{}: {name}", tool["name"]);
        }
        for name in schema["required"].as_array().unwrap() {
            assert!(schema["properties"].get(name.as_str().unwrap()).is_some());
        }
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
    }
    let whole = json!(tools).to_string();
    assert!(whole.len() < 16_000, "an assistant reads all of it: {}", whole.len());
}

#[test]
fn a_proven_fix_takes_few_calls_and_bytes() {
    let desk = desk(&[&shipped()]);
    let file = "loan-quote-missing-field.sfn.json";
    let mut bytes = 0;
    let mut ask = |tool: &str, arguments: Value| {
        let answer = told(&desk, tool, &arguments);
        bytes += answer.to_string().len();
        answer
    };
    let why = ask("why", json!({ "target": file }));
    let cause = &why["causes"][0];
    let operand = cause["operands"].as_array().unwrap().iter().find(|operand| operand["is"] == "missing").unwrap();
    let trace = ask("trace", json!({ "target": file, "path": operand["after"], "event": cause["place"]["event"] }));
    let origin = trace["hops"].as_array().unwrap().iter().find(|hop| hop["how"] == "origin").unwrap();
    assert_eq!(origin["origin"], "answer");
    // Who answered, and what the state after it wants of an answer: a definition is no payload.
    let state = trace["hops"][0]["fields"][0]["state"].as_str().unwrap().to_owned();
    let explain = ask("explain", json!({ "target": file, "state": "ReportReady?" }));
    let test = explain["visits"][0]["choice"]["rules"][0]["test"]["text"].as_str().unwrap().to_owned();
    let wanted = test.split('\'').nth(1).unwrap().to_owned();
    let unedited = ask("replay", json!({ "target": file }));
    assert_eq!(unedited["fidelity"]["verdict"], "agrees");
    let report = json!({ "status": wanted, "score": 700, "adjustments": { "margin": 35 } });
    let fixed = ask(
        "replay",
        json!({ "target": file, "answers": {
        state.as_str(): [{ "result": { "Payload": report } }],
        "OfferTerms": [{ "result": { "Payload": { "offer": 1 } } }],
    } }),
    );
    assert_eq!(fixed["status"], "SUCCEEDED", "{fixed}");
    assert!(fixed.get("unanswered").is_none(), "{fixed}");
    assert!(bytes < 12_000, "{bytes}");
}

#[test]
fn what_is_wrong_is_said_for_whoever_asks() {
    let desk = desk(&[&shipped()]);
    let file = "order-payment-declined.sfn.json";
    let cases = [
        ("why", json!({}), "target is missing"),
        ("why", json!({ "target": 7 }), "target must be a path"),
        ("why", json!({ "target": file, "x": 1 }), "does not take x"),
        ("why", json!({ "target": "nothing.json" }), "Nothing to read at nothing.json"),
        ("why", json!({ "target": "../Cargo.toml" }), "Nothing to read"),
        ("why", json!({ "target": "/etc/passwd" }), "Nothing to read"),
        ("why", json!({ "target": "-" }), "Nothing to read"),
        ("why", json!({ "target": "--json" }), "Nothing to read"),
        ("why", json!({ "target": "arn:aws:states:eu-west-1:1:execution:a:b" }), "without --aws"),
        ("show", json!({ "target": file, "state": "Nobody" }), "No state called Nobody"),
        ("show", json!({ "target": file, "what": "secrets" }), "one of tree, events"),
        ("show", json!({ "target": file, "at": "soon" }), "a whole number"),
        ("show", json!({ "target": file, "state": "A", "at": 1 }), "cannot be used"),
        ("show", json!({ "target": file, "part": "visits" }), "is not a place"),
        ("show", json!({ "target": file, "part": "$.nothing" }), "Nothing is at $.nothing"),
        ("trace", json!({ "target": file, "path": "$[" }), "is not a path"),
        ("replay", json!({ "target": file, "patch": "Cargo.toml" }), "patch must be an object"),
        (
            "replay",
            json!({ "target": file, "answers": { "ChargeCard": [{ "command": ["id"] }] } }),
            "is not taken here",
        ),
        (
            "replay",
            json!({ "target": file, "answers": { "ChargeCard": [{ "http": "http://127.0.0.1" }] } }),
            "is not taken here",
        ),
        (
            "replay",
            json!({ "target": file, "answers": { "states": {}, "default": { "command": ["id"] } } }),
            "is not taken here",
        ),
        ("replay", json!({ "target": file, "definition": { "Resources": {} } }), "definition must be"),
        (
            "run",
            json!({ "definition": { "StartAt": "A", "States": {} }, "machine": "a=/etc/passwd" }),
            "machine must be a name",
        ),
        ("run", json!({ "definition": "/etc/passwd" }), "Nothing to read"),
        ("diff", json!({ "target": file, "items": [1], "state": "A" }), "two whole numbers"),
        ("query", json!({ "expression": "$[" }), "Not a valid JSONPath"),
        ("fleet", json!({ "paths": ["/"] }), "Nothing to read"),
    ];
    for (tool, arguments, reason) in cases {
        let said = refused(&desk, tool, &arguments);
        assert!(said.contains(reason), "{tool} {arguments}: {said}");
    }
    let unknown = desk.call("fetch", &Map::new(), &Arc::default());
    assert!(matches!(unknown, Err(Unanswered::Unknown(reason)) if reason.contains("There is no tool fetch")));
    let stopped =
        desk.call("why", &Map::from_iter([("target".to_owned(), json!(file))]), &Arc::new(AtomicBool::new(true)));
    assert_eq!(stopped, Err(Unanswered::Cancelled));
}

#[test]
fn answers_are_small_and_what_is_left_out_can_be_asked_for() {
    let desk = desk(&[&shipped()]);
    for path in recordings().iter().filter(|path| path.starts_with(shipped())) {
        let file = path.file_name().unwrap().to_string_lossy();
        for (tool, more) in
            [("why", json!({})), ("show", json!({})), ("show", json!({ "what": "events" })), ("replay", json!({}))]
        {
            let mut arguments = more.as_object().cloned().unwrap();
            arguments.insert("target".to_owned(), json!(file));
            let answer = told(&desk, tool, &Value::Object(arguments.clone()));
            let length = answer.to_string().len();
            assert!(length < 3600, "{tool} of {file}: {length}");
            if let Some(place) = left_out(&answer) {
                arguments.insert("part".to_owned(), json!(place));
                let part = told(&desk, tool, &Value::Object(arguments));
                assert!(part.get("is").is_some(), "{tool} of {file}: {part}");
            }
        }
    }
}

/// Returns the first place that an answer says was left out.
fn left_out(answer: &Value) -> Option<String> {
    match answer {
        Value::Array(items) => items.iter().find_map(left_out),
        Value::Object(members) => members.values().find_map(left_out),
        Value::String(text) => text.split_once("part=").map(|(_, place)| place.trim_end_matches(')').to_owned()),
        _ => None,
    }
}

#[test]
fn payloads_are_served_when_that_is_said_and_redacted_when_that_is() {
    let file = "order-payment-declined.sfn.json";
    let ask = json!({ "target": file, "what": "events", "to": 1, "bytes": 9000 });
    let open = told(&desk(&["--payloads", &shipped()]), "show", &ask).to_string();
    let closed = told(&desk(&[&shipped()]), "show", &ask).to_string();
    assert!(open.contains("118432") && !closed.contains("\\\"orderId\\\""), "{open}\n{closed}");
    let redacted = desk(&["--payloads", "--redact", "$.customer", "--redact", "orderId", &shipped()]);
    let told_text = told(&redacted, "show", &ask).to_string();
    assert!(told_text.contains("REDACTED") || told_text.contains("redacted"), "{told_text}");
    assert!(refused(&redacted, "fleet", &json!({ "paths": ["."] })).contains("one by one"));
    let run =
        told(&redacted, "run", &json!({ "definition": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } } }));
    assert_eq!(run["status"], "SUCCEEDED");
}

#[test]
#[cfg(unix)]
fn calls_are_written_down_without_their_data() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("calls.jsonl");
    let desk = desk(&["--log", &log.display().to_string(), &shipped()]);
    told(&desk, "why", &json!({ "target": "order-payment-declined.sfn.json" }));
    told(
        &desk,
        "run",
        &json!({
            "definition": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }, "input": { "password": "hunter2" },
        }),
    );
    refused(&desk, "why", &json!({ "target": "nothing" }));
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<_> =
        lines.iter().map(|line| (line["tool"].as_str().unwrap(), line["outcome"].as_str().unwrap())).collect();
    assert_eq!(said, [("why", "answered"), ("run", "answered"), ("why", "failed")]);
    assert_eq!(lines[0]["arguments"]["target"], "order-payment-declined.sfn.json");
    assert!(!text.contains("hunter2") && !text.contains("password"), "{text}");
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn resources_and_prompts_lead_to_what_is_there() {
    let desk = desk(&[&shipped()]);
    let stop = Arc::new(AtomicBool::new(false));
    let page = desk.resources(None).unwrap();
    let uris: Vec<String> =
        page["resources"].as_array().unwrap().iter().map(|it| it["uri"].as_str().unwrap().to_owned()).collect();
    assert!(uris.contains(&"stepback://definition/order-payment-declined.sfn.json".to_owned()), "{uris:?}");
    for uri in uris.iter().filter(|uri| uri.contains("order-payment")).chain([&"stepback://recordings".to_owned()]) {
        let read = desk.resource(uri, &stop).unwrap();
        let text = read["contents"][0]["text"].as_str().unwrap();
        assert!(serde_json::from_str::<Value>(text).is_ok(), "{uri}: {text}");
    }
    for uri in [
        "stepback://history/../Cargo.toml",
        "stepback://history/%2Fetc%2Fpasswd",
        "stepback://x/y",
        "file:///etc/passwd",
        "",
    ] {
        assert!(matches!(desk.resource(uri, &stop), Err(Unanswered::Unknown(_))), "{uri}");
    }
    assert!(desk.resources(Some("soon")).is_err());
    assert_eq!(desk.prompts()["prompts"].as_array().unwrap().len(), 3);
}
