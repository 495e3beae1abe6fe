//! Every input shape, as small texts, and what is made of damage.

use super::*;
use crate::event::EventId;
use crate::recording::{Damage, MachineType, Status};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;

/// The history of an execution with one state, as the service tells it.
fn history() -> Vec<Value> {
    let data = json!({"truncated": false});
    let at = |second: u32| format!("2026-11-20T03:14:{second:02}.412000+00:00");
    vec![
        json!({"timestamp": at(7), "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
               "executionStartedEventDetails": {"input": "{\"n\": 1}", "inputDetails": data, "roleArn": "arn:role"}}),
        json!({"timestamp": at(8), "type": "PassStateEntered", "id": 2, "previousEventId": 0,
               "stateEnteredEventDetails": {"name": "Greet \u{1f44b}", "input": "{\"n\": 1}", "inputDetails": data}}),
        json!({"timestamp": at(9), "type": "PassStateExited", "id": 3, "previousEventId": 2,
               "stateExitedEventDetails": {"name": "Greet \u{1f44b}", "output": "\"a\\\\\\\"b\"", "outputDetails": data}}),
        json!({"timestamp": at(9), "type": "ExecutionSucceeded", "id": 4, "previousEventId": 3,
               "executionSucceededEventDetails": {"output": "\"a\\\\\\\"b\"", "outputDetails": data}}),
    ]
}

fn described() -> Value {
    json!({"executionArn": "arn:aws:states:eu-west-1:1:execution:Greeter:morning", "name": "morning",
           "stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:Greeter", "status": "SUCCEEDED",
           "startDate": 1_795_144_447.412, "stopDate": 1_795_144_449.412, "input": "{\"n\": 1}"})
}

fn definition() -> Value {
    json!({"StartAt": "Greet", "States": {"Greet": {"Type": "Pass", "End": true}}})
}

fn machine() -> Value {
    json!({"stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:Greeter", "name": "Greeter",
           "roleArn": "arn:role", "type": "STANDARD", "definition": definition().to_string()})
}

/// A log line for each event.
fn log(arn: &str) -> Vec<Value> {
    let line = |event: &Value| {
        let details = event.as_object().unwrap().iter().find(|(name, _)| name.ends_with("EventDetails"));
        let millis = 1_795_144_447_000_u64 + event["id"].as_u64().unwrap();
        json!({"id": event["id"].to_string(), "type": event["type"], "details": details.unwrap().1,
               "previous_event_id": event["previousEventId"].to_string(), "event_timestamp": millis.to_string(),
               "execution_arn": arn, "redrive_count": "0"})
    };
    history().iter().map(line).collect()
}

const EXPRESS: &str = "arn:aws:states:eu-west-1:1:express:Greeter:evening:5f3c";

fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

fn opened(text: impl Into<String>) -> Result<Opened, SourceError> {
    open_bytes(text.into().into_bytes())
}

fn one(text: impl Into<String>) -> Recording {
    match opened(text).unwrap() {
        Opened::One(recording) => *recording,
        other => panic!("not one recording: {other:?}"),
    }
}

/// What must be the same of each shape.
fn assert_is_history(recording: &Recording, shape: &str) {
    let kinds: Vec<_> = recording.events.iter().map(|event| event.kind.to_string()).collect();
    assert_eq!(kinds, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"], "{shape}");
    assert_eq!(recording.events.facts(1).unwrap().name.unwrap(), "Greet \u{1f44b}", "{shape}");
    assert_eq!(recording.input().unwrap().value().unwrap(), &json!({"n": 1}), "{shape}");
    assert_eq!(recording.output().unwrap().value().unwrap(), &json!("a\\\"b"), "{shape}");
    assert_eq!(recording.status(), Status::Succeeded, "{shape}");
    assert_eq!(recording.damage, [], "{shape}");
}

#[test]
fn histories_of_every_shape_are_recognised() {
    let events = history();
    let (first, second) = events.split_at(2);
    let reversed: Vec<_> = events.iter().rev().collect();
    let epoch = {
        let mut events = events.clone();
        for (second, event) in events.iter_mut().enumerate() {
            event["timestamp"] = json!(1_795_144_447.412 + second as f64);
            event["__type"] = json!("com.amazonaws.swf.base.model#HistoryEvent");
        }
        events
    };
    let bare = {
        let mut events = events.clone();
        events[0]["executionStartedEventDetails"]["input"] = json!({"n": 1});
        events[3]["executionSucceededEventDetails"]["output"] = json!("\"a\\\\\\\"b\"");
        events
    };
    let shapes = [
        ("stepback/1", json!({"format": "stepback/1", "events": events}).to_string()),
        ("CLI", serde_json::to_string_pretty(&json!({"events": events})).unwrap()),
        ("byte order mark", format!("\u{feff}{}", json!({"events": events}))),
        ("array", Value::from(events.clone()).to_string()),
        ("reversed", json!({"events": reversed}).to_string()),
        ("pages", format!("{}\n{}", json!({"events": first, "nextToken": "AAA"}), json!({"events": second}))),
        ("pages in a list", json!([{"events": first, "nextToken": "AAA"}, {"events": second}]).to_string()),
        ("overlapping pages", format!("{}{}", json!({"events": events}), json!({"events": second}))),
        ("epoch times of the wire", json!({"events": epoch}).to_string()),
        ("payloads as values", json!({"events": bare}).to_string()),
        ("wrapped", json!({"execution": {"history": {"events": events}}, "took": 3}).to_string()),
        ("JSON lines of events", lines(&events)),
        ("log lines", lines(&log(EXPRESS))),
        ("log tail", lines(&log(EXPRESS)).replace("{\"id", "2026-11-20T03:14:07Z states/x {\"id")),
    ];
    for (shape, text) in shapes {
        assert_is_history(&one(text), shape);
    }
}

#[test]
fn log_shapes_are_recognised() {
    let mut log = log(EXPRESS);
    log.reverse();
    log.push(log[1].clone());
    let messages: Vec<_> = log.iter().map(|line| json!({"timestamp": 1, "message": line.to_string()})).collect();
    let field = |name: &str, value: String| json!({"field": name, "value": value});
    let rows: Vec<_> =
        log.iter().map(|line| json!([field("@message", line.to_string()), field("@ptr", "x".into())])).collect();
    let parsed: Vec<_> = log.iter().map(|line| json!({"@timestamp": "t", "@message": line})).collect();
    let columns = |line: &Value| -> Value {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        line.as_object().unwrap().iter().map(|(name, value)| field(name, text(value))).collect()
    };
    let columns: Vec<_> = log.iter().map(columns).collect();
    let shapes = [
        ("JSON lines", lines(&log)),
        ("array", Value::from(log.clone()).to_string()),
        ("filter-log-events", json!({"events": messages, "searchedLogStreams": []}).to_string()),
        ("Insights", json!({"results": rows, "statistics": {}, "status": "Complete"}).to_string()),
        ("Insights, columns", json!({"results": columns, "status": "Complete"}).to_string()),
        ("Insights, exported", Value::from(parsed).to_string()),
    ];
    for (shape, text) in shapes {
        let recording = one(text);
        assert_is_history(&recording, shape);
        assert_eq!(recording.name(), Some("evening"), "{shape}");
        assert_eq!(recording.machine_name(), Some("Greeter"), "{shape}");
        let machine = recording.state_machine.as_ref().unwrap();
        assert_eq!(machine.machine_type, Some(MachineType::Express), "{shape}");
        assert_eq!((recording.recorded.complete, &recording.recorded.notes), (Some(true), &None), "{shape}");
    }
}

#[test]
fn several_executions_are_a_choice() {
    let two = [log(EXPRESS), log("arn:aws:states:eu-west-1:1:express:Greeter:night:77")].concat();
    let Opened::Several(recordings) = opened(lines(&two)).unwrap() else { panic!() };
    let names: Vec<_> = recordings.iter().map(|recording| recording.name().unwrap()).collect();
    assert_eq!(names, ["evening", "night"]);

    let mut other = history();
    other[0]["timestamp"] = json!("2026-11-21T00:00:00Z");
    let text = format!("{}{}", json!({"events": history()}), json!({"events": other}));
    let Opened::Several(recordings) = opened(text).unwrap() else { panic!() };
    assert_eq!(recordings.len(), 2);
    let error = Opened::Several(recordings).into_recording().unwrap_err();
    assert_eq!(error.about("x.json"), "x.json holds 2 executions; one is wanted.");
}

#[test]
fn what_a_log_cannot_tell_is_noted() {
    let failures = [log(EXPRESS)[3].clone()].map(|mut line| {
        line["type"] = json!("ExecutionFailed");
        line
    });
    let notes = |lines: &str| one(lines).recorded.notes.unwrap_or_default().join(" ");
    assert!(notes(&lines(&failures)).contains("ERROR or FATAL"));
    assert!(notes(&lines(&log(EXPRESS)[1..])).contains("missing"));
    let mut cut = log(EXPRESS);
    cut[1]["details"]["inputDetails"]["truncated"] = json!(true);
    cut[0]["details"].as_object_mut().unwrap().remove("input");
    let notes = notes(&lines(&cut));
    assert!(notes.contains("includeExecutionData") && notes.contains("too large"), "{notes}");
}

#[test]
fn a_broken_log_line_costs_only_itself() {
    let mut text = lines(&log(EXPRESS));
    let middle = text.find("\"previous_event_id\":\"2\"").unwrap();
    text.replace_range(middle..middle + 1, "}}\"");
    let recording = one(text);
    let ids: Vec<_> = recording.events.iter().map(|event| event.id.get()).collect();
    assert_eq!(ids, [1, 2, 4]);
    assert!(!recording.damage.is_empty());
}

#[test]
fn more_pages_are_missed() {
    let recording = one(json!({"events": &history()[..2], "nextToken": "AAA"}).to_string());
    assert_eq!(recording.recorded.complete, Some(false));
    assert_eq!(recording.status(), Status::Running);
    assert!(recording.unknown.is_empty());
}

#[test]
fn definitions_and_descriptions_are_told_apart() {
    for text in [definition().to_string(), machine().to_string(), "Comment: x\nStartAt: Greet\nStates:\n".to_owned()] {
        let Opened::Definition(found) = opened(text.clone()).unwrap() else { panic!("{text}") };
        assert!(String::from_utf8_lossy(&found.text).contains("StartAt"), "{text}");
        let error = opened(text).unwrap().into_recording().unwrap_err();
        assert!(error.hint().unwrap().contains("stepback run"));
    }
    let recording = one(described().to_string());
    assert_eq!((recording.name(), recording.events.len()), (Some("morning"), 0));
    let recording = one(format!("{}{}{}", described(), machine(), json!({"events": history()})));
    assert_is_history(&recording, "answers one after the other");
    assert_eq!(recording.machine_name(), Some("Greeter"));
    assert_eq!(recording.definition().unwrap().value().unwrap(), &definition());
}

#[test]
fn what_is_no_history_is_named() {
    let error = |text: &str| {
        let error = opened(text).unwrap_err();
        (error.about("x"), error.hint().is_some())
    };
    assert_eq!(error(""), ("x is empty.".to_owned(), true));
    assert_eq!(error(" \n"), ("x is empty.".to_owned(), true));
    assert_eq!(error("hello"), ("x is not JSON: unexpected \"hello\".".to_owned(), true));
    assert_eq!(error("{\"a\": 1} x").0, "x is not JSON at byte 9: unexpected \"x\".");
    assert_eq!(error("{\"a\":").0, "x is not JSON at byte 5: it ends there.");
    let no_history = "x is JSON, but no execution history: it is";
    assert_eq!(error("{\"a\": 1, \"b\": []}").0, format!("{no_history} an object with \"a\", \"b\"."));
    assert_eq!(error("[1, 2]").0, format!("{no_history} a list."));
    assert_eq!(error("17").0, format!("{no_history} a single value."));
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(matches!(open_bytes(utf16).unwrap_err(), SourceError::Utf16));
    assert!(matches!(opened("{\"events\": []}").unwrap(), Opened::One(_)));
}

#[test]
fn compressed_data_is_unpacked_as_far_as_it_goes() {
    let text = serde_json::to_vec_pretty(&json!({"events": history()})).unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&text).unwrap();
    let gzip = packer.finish().unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(text.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
    for packed in [gzip, zstd] {
        assert_is_history(&open_bytes(packed.clone()).unwrap().into_recording().unwrap(), "packed");
        for end in 5..packed.len() {
            match open_bytes(packed[..end].to_vec()) {
                Ok(Opened::One(recording)) => {
                    assert!(recording.damage.iter().any(|damage| damage.to_string().contains("unpacked")));
                }
                Ok(other) => panic!("{other:?}"),
                Err(SourceError::Compression(_) | SourceError::NotJson { .. } | SourceError::Empty) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_history_cut_anywhere_opens_up_to_the_cut() {
    for text in [
        serde_json::to_string_pretty(&json!({"events": history()})).unwrap(),
        json!({"format": "stepback/1", "execution": described(), "events": history()}).to_string(),
        Value::from(history()).to_string(),
    ] {
        // Each event ends with the last brace before the next one, or before the end of the array.
        let starts: Vec<usize> = text.match_indices("\"timestamp\"").map(|(at, _)| at).chain(text.rfind(']')).collect();
        let ends: Vec<usize> = starts[1..].iter().map(|next| text[..*next].rfind('}').unwrap() + 1).collect();
        for cut in (1..text.trim_end().len()).filter(|cut| text.is_char_boundary(*cut)) {
            let whole = ends.iter().filter(|end| **end <= cut).count();
            match opened(&text[..cut]) {
                Ok(Opened::One(recording)) => {
                    assert_eq!(recording.events.len(), whole, "cut at {cut}");
                    let Damage { byte, after, .. } = recording.damage.first().unwrap();
                    assert_eq!(
                        (*byte, after.map(EventId::get)),
                        (cut as u64, u32::try_from(whole).ok().filter(|id| *id > 0))
                    );
                }
                Ok(other) => panic!("cut at {cut}: {other:?}"),
                Err(error) => assert_eq!(whole, 0, "cut at {cut}: {error}"),
            }
        }
    }
}

#[test]
fn an_element_that_is_no_event_is_left_out() {
    let mut events = history();
    events.insert(1, json!({"type": "PassStateEntered", "id": 9}));
    let recording = one(json!({"events": events}).to_string());
    assert_eq!(recording.events.len(), 4);
    let damage = recording.damage.first().unwrap().to_string();
    assert!(damage.ends_with("something is no event: it has no usable \"timestamp\", after event 1."), "{damage}");
}

#[test]
fn files_side_by_side_are_one_recording() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, value: &Value| fs::write(folder.path().join(name), value.to_string()).unwrap();
    assert!(matches!(open(folder.path()), Err(SourceError::EmptyFolder)));
    write("a.json", &json!({"events": &history()[2..]}));
    write("b.json", &json!({"events": &history()[..2], "nextToken": "AAA"}));
    write("c.json", &described());
    write("d.txt", &definition());
    fs::write(folder.path().join("README"), "How these were made.").unwrap();
    let recording = open_recording(folder.path()).unwrap();
    assert_is_history(&recording, "folder");
    assert_eq!(recording.name(), Some("morning"));
    assert_eq!(recording.definition().unwrap().value().unwrap(), &definition());
    write("e.json", &json!({"format": "stepback/1", "events": history()}));
    assert!(matches!(open(folder.path()).unwrap(), Opened::Folder(_)));
}

#[test]
fn a_folder_is_listed_newest_first() {
    let path = tempfile::tempdir().unwrap();
    let keep = |name: &str, recording: &Recording| save(recording, &path.path().join(name)).unwrap();
    let mut failed = history();
    failed[3] = json!({"timestamp": "2026-11-21T00:00:00Z", "type": "ExecutionFailed", "id": 4, "previousEventId": 3,
                       "executionFailedEventDetails": {"error": "Boom", "cause": "x"}});
    failed[0]["timestamp"] = json!("2026-11-20T23:00:00Z");
    keep(
        "a.sfn.json",
        &one(json!({"format": "stepback/1", "execution": described(), "events": history()}).to_string()),
    );
    keep("b.sfn.json.gz", &one(json!({"events": failed}).to_string()));
    keep("c.sfn.json.zst", &one(json!({"events": &history()[..2]}).to_string()));
    fs::write(path.path().join("d.sfn.json"), "").unwrap();
    fs::write(path.path().join("notes.json"), "{\"a\": 1}").unwrap();
    fs::write(path.path().join("e.log"), lines(&log(EXPRESS))).unwrap();
    let entries = folder(path.path()).unwrap();
    let line = |entry: &Entry| {
        let file = entry.path.file_name().unwrap().to_string_lossy().into_owned();
        let told = match &entry.summary {
            Ok(Summary { name, status, state, error, events, .. }) => {
                let or = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
                format!("{} {} {} {} {events}", or(name), status.clone().unwrap(), or(state), or(error))
            }
            Err(Problem(problem)) => problem.clone(),
        };
        format!("{file}: {told}")
    };
    let shown: Vec<_> = entries.iter().map(line).collect();
    assert_eq!(
        shown,
        [
            "b.sfn.json.gz: - FAILED Greet \u{1f44b} Boom 4",
            "a.sfn.json: morning SUCCEEDED - - 4",
            "c.sfn.json.zst: - RUNNING - - 2",
            "e.log: evening SUCCEEDED - - 4",
            "d.sfn.json: d.sfn.json is empty.",
        ]
    );
}

#[test]
fn a_failed_evaluation_names_its_state_in_a_list() {
    let mut events = history();
    events.truncate(3);
    events.push(json!({"timestamp": "2026-11-20T03:14:09Z", "type": "TaskStateEntered", "id": 4, "previousEventId": 3,
                       "stateEnteredEventDetails": {"name": "Greet again", "input": "{}"}}));
    events.push(json!({"timestamp": "2026-11-20T03:14:09Z", "type": "EvaluationFailed", "id": 5, "previousEventId": 3,
                       "evaluationFailedEventDetails": {"error": "States.QueryEvaluationError", "state": "Greet again"}}));
    events.push(json!({"timestamp": "2026-11-20T03:14:09Z", "type": "ExecutionFailed", "id": 6, "previousEventId": 5,
                       "executionFailedEventDetails": {"error": "States.QueryEvaluationError", "cause": "x"}}));
    let summary = Summary::of(&one(json!({"events": events}).to_string()));
    assert_eq!(summary.state.as_deref(), Some("Greet again"));
}

#[test]
fn saving_replaces_a_file_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.sfn.json");
    let recording = one(json!({"events": history()}).to_string());
    save(&recording, &path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\n  \"format\": \"stepback/1\",\n  \"events\": ["), "{text}");
    let failed = replace(&path, |writer| {
        writer.write_all(b"half")?;
        Err(io::Error::other("the disk is full"))
    });
    assert!(failed.is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_is_history(&open_recording(&path).unwrap(), "saved");
    assert!(save(&recording, &folder.path().join("no/such/folder")).is_err());
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = open(&folder.path().join("none.json")).unwrap_err();
    assert_eq!(error.about("none.json"), "There is no none.json.");
}

#[test]
fn pages_without_end_do_not_fill_the_memory() {
    let recording = one("{\"events\":[]}\n".repeat(100_000));
    assert!(recording.damage.first().unwrap().to_string().contains("more pages than a history can have"));
    let recording = one(format!("{}{}", json!({"events": history()}), "[[1, 1, 1], {\"a\": {}}]".repeat(1000)));
    assert_is_history(&recording, "a history and a lot of nothing");
}
