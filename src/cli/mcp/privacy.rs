//! No value of a payload leaves: all tools, over all recordings there are, and over copies of them in which each value of
//! a payload is another one. What an answer says of both is not made of payloads.

use super::tests::{call, desk, recordings};
use crate::mcp::{Answer, Desk};
use crate::source;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// The members with data: JSON in a string. Tokens and log lines are data as well.
const DATA: [&str; 5] = ["input", "output", "parameters", "taskToken", "result"];

/// The leaves of payloads that are long enough to be told from other text, and all that is said openly.
#[derive(Default)]
struct Said {
    leaves: BTreeSet<String>,
    open: String,
}

fn walk(value: &Value, key: &str, said: &mut Said) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            walk(value, if key == "assignedVariables" { "input" } else { name }, said);
        }),
        Value::Array(items) => items.iter().for_each(|item| walk(item, key, said)),
        Value::String(text) if DATA.contains(&key) => leaves(&parsed(text), &mut said.leaves),
        Value::String(text) => said.open.push_str(text),
        _ => {}
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| leaves(value, found)),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::String(text) if text.len() >= 4 => drop(found.insert(text.clone())),
        Value::Number(number) if number.to_string().len() >= 4 => drop(found.insert(number.to_string())),
        _ => {}
    }
}

/// What stands in the place of a value; the same for the same, so that runs still hang together.
fn stand_in(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    7_300_000_000 + hasher.finish() % 99_999_999
}

/// Replaces the values of payloads, but for those a definition knows: runs should go where they went.
fn marked(value: &Value, key: &str, definition: &str) -> Value {
    match value {
        Value::Object(members) => {
            let inner = |name: &String| if key == "assignedVariables" { "input".to_owned() } else { name.clone() };
            members.iter().map(|(name, value)| (name.clone(), marked(value, &inner(name), definition))).collect()
        }
        Value::Array(items) => items.iter().map(|item| marked(item, key, definition)).collect(),
        Value::String(text) if DATA.contains(&key) => leaf(&parsed(text), definition).to_string().into(),
        other => other.clone(),
    }
}

fn leaf(value: &Value, definition: &str) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), leaf(value, definition))).collect(),
        Value::Array(items) => items.iter().map(|item| leaf(item, definition)).collect(),
        Value::String(text) if !text.is_empty() && !definition.contains(text.as_str()) => {
            format!("zq{}zq", stand_in(text)).into()
        }
        Value::Number(number) if number.to_string().len() >= 4 && !definition.contains(&number.to_string()) => {
            stand_in(&number.to_string()).into()
        }
        other => other.clone(),
    }
}

/// What is asked about a recording; also what would carry data out if the server let it.
fn questions(file: &str) -> Vec<(&'static str, Value)> {
    let big = 60_000;
    let fails = |cause: &str| json!({ "StartAt": "Leak", "States": { "Leak": { "Type": "Fail", "Error": "Leak", "CausePath": cause } } });
    let jsonata = json!({
        "StartAt": "Leak", "QueryLanguage": "JSONata",
        "States": { "Leak": { "Type": "Fail", "Error": "{% $string($states.input) %}", "Cause": "{% 'made: ' & $string($states.input) %}" } },
    });
    let raised = json!({
        "StartAt": "Leak", "QueryLanguage": "JSONata",
        "States": { "Leak": { "Type": "Pass", "Output": "{% $error($string($states.input)) %}", "End": true } },
    });
    vec![
        ("open", json!({ "target": file, "bytes": big })),
        ("why", json!({ "target": file, "bytes": big })),
        ("show", json!({ "target": file, "bytes": big })),
        ("show", json!({ "target": file, "what": "events", "bytes": big })),
        ("show", json!({ "target": file, "what": "budget", "bytes": big })),
        ("show", json!({ "target": file, "what": "bookmarks", "bytes": big })),
        ("show", json!({ "target": file, "at": 5, "bytes": big })),
        ("trace", json!({ "target": file, "path": "$", "bytes": big })),
        ("trace", json!({ "target": file, "path": "$.*", "event": 1, "forward": true, "bytes": big })),
        ("explain", json!({ "target": file, "bytes": big })),
        ("explain", json!({ "target": file, "at": 5, "bytes": big })),
        ("flow", json!({ "target": file, "bytes": big })),
        ("flow", json!({ "target": file, "at": 5, "bytes": big })),
        ("diff", json!({ "target": file, "bytes": big })),
        ("replay", json!({ "target": file, "bytes": big })),
        ("replay", json!({ "target": file, "input": { "given": "by me" }, "bytes": big })),
        ("replay", json!({ "target": file, "definition": fails("States.JsonToString($)"), "bytes": big })),
        ("replay", json!({ "target": file, "definition": jsonata, "bytes": big })),
        ("replay", json!({ "target": file, "definition": raised, "bytes": big })),
        ("run", json!({ "definition": file, "bytes": big })),
        ("check", json!({ "definition": file, "bytes": big })),
        ("fleet", json!({ "paths": [file], "bytes": big })),
    ]
}

fn text(desk: &Desk, tool: &str, arguments: &Value) -> String {
    match call(desk, tool, arguments) {
        Answer::Told(value) => value.to_string(),
        Answer::Failed(reason) => reason,
    }
}

/// Asks everything of a recording and of its marked copy, of a server started with these options.
fn leaks(path: &Path, options: &[&str]) -> Vec<String> {
    let Ok(whole) = source::text(path) else { return Vec::new() };
    let Ok(recording) = serde_json::from_str::<Value>(&whole) else { return Vec::new() };
    let mut said = Said::default();
    walk(&recording, "", &mut said);
    let folder = tempfile::tempdir().unwrap();
    let copy = |name: &str, value: &Value| std::fs::write(folder.path().join(name), value.to_string()).unwrap();
    copy("r.sfn.json", &recording);
    copy("m.sfn.json", &marked(&recording, "", &said.open));
    let folder_name = folder.path().display().to_string();
    let desk = desk(&[options, &[&folder_name]].concat());
    let mut found = Vec::new();
    for ((tool, real), (_, other)) in questions("r.sfn.json").into_iter().zip(questions("m.sfn.json")) {
        let (real_text, other_text) = (text(&desk, tool, &real), text(&desk, tool, &other));
        let at = |leaf: &str| format!("{} of {}: {real} tells {leaf}", tool, path.display());
        if let Some(mark) = other_text.find("zq73") {
            found.push(at(other_text.get(mark.saturating_sub(60)..mark + 14).unwrap_or("a value")));
        }
        let openly = |leaf: &&String| real_text.contains(leaf.as_str()) && !other_text.contains(leaf.as_str());
        let told = said.leaves.iter().filter(openly).filter(|leaf| !said.open.contains(leaf.as_str()));
        found.extend(told.map(|it| at(it)));
    }
    found
}

#[test]
fn no_tool_tells_a_value_of_a_payload() {
    let all = recordings();
    assert!(all.len() > 20, "{}", all.len());
    let found: Vec<String> = all.par_iter().flat_map(|path| leaks(path, &[])).collect();
    assert!(
        found.is_empty(),
        "{} leaks:\n{}",
        found.len(),
        found.get(..found.len().min(30)).unwrap_or_default().join("\n")
    );
}

/// The test above would see it.
#[test]
fn values_that_are_served_are_seen() {
    let path = recordings().into_iter().find(|path| path.ends_with("loan-quote-missing-field.sfn.json")).unwrap();
    let found = leaks(&path, &["--payloads"]).join("\n");
    for tool in ["show of", "trace of"] {
        assert!(found.contains(tool), "{tool} is not seen to tell values:\n{found}");
    }
}
