//! Every input shape, as small texts, and what is made of damage.

use super::*;
use crate::event::EventId;
use crate::recording::{Damage, MachineType, Missing, Status};
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

/// What a recording says that it lacks, by the words programs know it by.
fn kinds(recording: &Recording) -> Vec<&'static str> {
    recording.missing().iter().map(Missing::kind).collect()
}

#[test]
fn what_a_log_cannot_tell_is_told() {
    let failures = |kinds: &[&str]| -> Vec<Value> {
        let lines = kinds.iter().zip(4..).map(|(kind, id)| {
            let mut line = log(EXPRESS)[3].clone();
            (line["type"], line["id"], line["previous_event_id"]) = (json!(kind), json!(id.to_string()), json!("3"));
            line
        });
        lines.collect()
    };
    let of = |values: &[Value]| one(lines(values));
    let words = |recording: &Recording| recording.missing()[0].to_string();
    let error = of(&failures(&["TaskFailed", "ExecutionFailed"]));
    assert_eq!((kinds(&error), error.status()), (vec!["level"], Status::Failed));
    assert!(words(&error).contains("level ERROR") && words(&error).contains("includeExecutionData"));
    let fatal = of(&failures(&["ExecutionFailed"]));
    assert!(words(&fatal).contains("level FATAL"));
    let lambda = of(&failures(&["LambdaFunctionFailed"]));
    assert_eq!((kinds(&lambda), lambda.status()), (vec!["level", "end"], Status::NotKnown));
    let gap = of(&log(EXPRESS)[2..]);
    assert_eq!((kinds(&gap), words(&gap).as_str()), (vec!["events"], "Events 1 to 2 are not here."));
    let unended = of(&log(EXPRESS)[..3]);
    assert_eq!((kinds(&unended), unended.status()), (vec!["end"], Status::NotKnown));
    let mut cut = log(EXPRESS);
    cut[1]["details"]["inputDetails"]["truncated"] = json!(true);
    assert_eq!(kinds(&of(&cut)), ["executionData"]);
    let mut bare = log(EXPRESS);
    bare.iter_mut().for_each(|line| line["details"] = json!({"name": line["details"]["name"]}));
    assert!(words(&of(&bare)).contains("includeExecutionData is off"));
}

/// Log lines as tools print, export and send them.
pub(super) fn log_forms() -> Vec<(&'static str, Vec<u8>)> {
    let log = log(EXPRESS);
    let (stream, time) = ("states/Greeter/2026-11-20-03-14/0a1b2c3d", "2026-11-20T03:14:07.412000+00:00");
    let each = |line: &dyn Fn(&Value) -> String| log.iter().map(line).collect::<String>();
    let pretty = |line: &Value| serde_json::to_string_pretty(line).unwrap();
    let quoted = |line: &Value| format!("\"{}\"", line.to_string().replace('"', "\"\""));
    let message = |line: &Value| json!({"id": "3", "timestamp": 1, "message": line.to_string()});
    let sent = json!({"messageType": "DATA_MESSAGE", "logGroup": "/aws/vendedlogs/states/x", "logStream": stream,
                      "subscriptionFilters": ["f"], "logEvents": log.iter().map(message).collect::<Vec<_>>()});
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let base64 = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(gzip(sent.to_string().as_bytes()))
    };
    let halves = [
        json!({"logEvents": sent["logEvents"].as_array().unwrap()[..2]}),
        json!({"logEvents": sent["logEvents"].as_array().unwrap()[2..]}),
    ];
    let firehose: Vec<u8> = halves.iter().flat_map(|half| gzip(half.to_string().as_bytes())).collect();
    vec![
        ("tail", each(&|line| format!("{time} {stream} {line}\n")).into()),
        ("tail --format short", each(&|line| format!("2026-11-20T03:14:07 {line}\n")).into()),
        ("tail --format json", each(&|line| format!("{time} {stream} {}\n", pretty(line))).into()),
        ("sam logs", each(&|line| format!("{stream} {time} {}\n", pretty(line))).into()),
        (
            "sam logs in colours",
            each(&|line| format!("\u{1b}[36m{stream}\u{1b}[0m \u{1b}[33m{time}\u{1b}[0m {line}\n")).into(),
        ),
        (
            "get-log-events --output text",
            format!("b/3\tf/3\n{}", each(&|line| format!("EVENTS\t1\t{line}\t1795144447412\n"))).into(),
        ),
        ("S3 export", gzip(each(&|line| format!("2026-11-20T03:14:07.412Z {line}\n")).as_bytes())),
        (
            "Insights CSV",
            format!(
                "@timestamp,@message,@logStream\n{}",
                each(&|line| format!("2026-11-20 03:14:07.412,{},{stream}\n", quoted(line)))
            )
            .into(),
        ),
        (
            "the log viewer's CSV",
            format!("timestamp,message\n{}", each(&|line| format!("1795144447412,{}\n", quoted(line)))).into(),
        ),
        (
            "get-log-events",
            json!({"events": log.iter().map(message).collect::<Vec<_>>(), "nextForwardToken": "f/3"})
                .to_string()
                .into(),
        ),
        ("a subscription's event", json!({"awslogs": {"data": base64}}).to_string().into()),
        (
            "Kinesis",
            json!({"Records": [{"kinesis": {"partitionKey": "x", "data": base64}, "eventSource": "aws:kinesis"}]})
                .to_string()
                .into(),
        ),
        ("get-records", json!({"Records": [{"Data": base64, "PartitionKey": "x"}]}).to_string().into()),
        ("base64", format!("{base64}\n").into()),
        ("Firehose", firehose.clone()),
        ("Firehose, packed twice", gzip(&firehose)),
    ]
}

#[test]
fn logs_of_every_form_are_recognised() {
    for (form, bytes) in log_forms() {
        let recording = open_bytes(bytes).unwrap().into_recording().unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_is_history(&recording, form);
        assert_eq!(recording.name(), Some("evening"), "{form}");
        assert_eq!(recording.missing(), [], "{form}");
    }
}

#[test]
fn chosen_fields_of_a_query_tell_what_they_have() {
    let rows = [
        "2026-11-20 03:14:09.000,4,ExecutionFailed,,Boom",
        "2026-11-20 03:14:08.000,3,TaskFailed,,Boom",
        "2026-11-20 03:14:07.000,2,TaskStateEntered,Charge,",
        "2026-11-20 03:14:07.000,1,ExecutionStarted,,",
    ];
    let csv = |columns: &str, row: &dyn Fn(&str) -> String| {
        format!("{columns}\n{}", rows.iter().map(|line| format!("{}\n", row(line))).collect::<String>())
    };
    let with_arn =
        csv("@timestamp,id,type,details.name,details.error,execution_arn", &|row| format!("{row},{EXPRESS}"));
    let without = csv("@timestamp,type,details.name,error", &|row| {
        let cells: Vec<&str> = row.split(',').collect();
        [cells[0], cells[2], cells[3], cells[4]].join(",")
    });
    for (text, name) in [(with_arn, Some("evening")), (without, None)] {
        let recording = one(text.clone());
        let told: Vec<_> =
            recording.events.iter().map(|event| (event.id.get(), event.parent.map(EventId::get))).collect();
        assert_eq!(told, [(1, None), (2, None), (3, Some(2)), (4, Some(3))], "{text}");
        assert_eq!((recording.status(), recording.name()), (Status::Failed, name), "{text}");
        assert_eq!(recording.events.facts(1).unwrap().name.unwrap(), "Charge");
        assert_eq!(recording.events.get(2).unwrap().details.failure().unwrap().error.as_deref(), Some("Boom"));
        assert_eq!(kinds(&recording), ["executionData"]);
        assert!(recording.missing()[0].to_string().contains("did not ask for inputs"));
        assert!(recording.recorded.notes.unwrap().iter().any(|note| note.contains("previous_event_id")));
    }
}

#[test]
fn damage_among_several_executions_is_told_of_those_it_may_have_cut() {
    let two = [log(EXPRESS), log("arn:aws:states:eu-west-1:1:express:Greeter:night:77")].concat();
    let text = lines(&two);
    for cut in [text.len() - 30, text.len() - 200, text.rfind('{').unwrap() + 3] {
        let Opened::Several(recordings) = opened(&text[..cut]).unwrap() else { panic!("cut at {cut}") };
        let stand: Vec<Status> = recordings.iter().map(Recording::status).collect();
        assert_eq!(stand, [Status::Succeeded, Status::CutOff], "cut at {cut}");
        let words = recordings[1].missing()[0].to_string();
        let expected = format!("CUT OFF after event 3: the file ends at byte {cut}; how it ended is not known.");
        assert_eq!(words, expected);
        assert_eq!(recordings[0].damage, []);
    }
}

#[test]
fn what_is_not_in_a_history_is_told() {
    let text = serde_json::to_string_pretty(&json!({ "events": history() })).unwrap();
    let cut = one(&text[..text.rfind("\"id\": 3").unwrap()]);
    assert_eq!((cut.status(), kinds(&cut)), (Status::CutOff, vec!["cutOff"]));
    assert!(cut.missing()[0].to_string().starts_with("CUT OFF after event 2: the file ends at byte "));
    let first = one(json!({"events": &history()[..2], "nextToken": "AAA"}).to_string());
    assert_eq!((first.status(), kinds(&first)), (Status::NotKnown, vec!["pages"]));
    let last = one(json!({"events": &history()[2..]}).to_string());
    assert_eq!((last.status(), kinds(&last)), (Status::Succeeded, vec!["events"]));
    let gap = one(json!([history()[0], history()[3]]).to_string());
    assert_eq!(gap.missing()[0].to_string(), "Events 2 to 3 are not here.");
    let none = one("{\"events\": []}");
    assert_eq!((none.status(), kinds(&none)), (Status::NotKnown, vec!["history"]));
    let running = one(json!({"events": &history()[..2]}).to_string());
    assert_eq!((running.status(), kinds(&running)), (Status::Running, vec![]));
    let mut bare = history();
    bare[0]["executionStartedEventDetails"] = json!({});
    bare[1]["stateEnteredEventDetails"] = json!({"name": "Greet"});
    let bare = one(json!({ "events": bare }).to_string());
    assert!(bare.missing()[0].to_string().contains("--no-include-execution-data"));
}

#[test]
fn files_that_cannot_be_opened_are_listed_with_their_reason() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("good.json", json!({ "events": history() }).to_string().as_bytes());
    write("cut.json", b"{\"events\": [{\"id\"");
    write("broken.gz", b"\x1f\x8bxxxx");
    write("traces.json", b"{\"Traces\": [{\"Id\": \"1\"}]}");
    write("notes.json", b"{\"a\": 1}");
    write("README", b"How these were made.");
    let entries = folder_of(folder.path());
    let told: Vec<_> = entries.iter().map(|(name, problem)| (name.as_str(), problem.is_some())).collect();
    assert_eq!(told, [("good.json", false), ("broken.gz", true), ("cut.json", false), ("traces.json", true)]);
    assert!(entries[3].1.as_ref().unwrap().contains("an X-Ray trace"));
}

fn folder_of(path: &Path) -> Vec<(String, Option<String>)> {
    let told = |entry: Entry| {
        let name = entry.path.file_name().unwrap().to_string_lossy().into_owned();
        (name, entry.summary.err().map(|problem| problem.0))
    };
    folder(path).unwrap().into_iter().map(told).collect()
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
    assert_eq!(recording.status(), Status::NotKnown);
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
    let no_history = "x has no execution history: it is";
    assert_eq!(error("{\"a\": 1, \"b\": []}").0, format!("{no_history} an object with \"a\", \"b\"."));
    assert_eq!(error("[1, 2]").0, format!("{no_history} a list."));
    assert_eq!(error("17").0, format!("{no_history} a single value."));
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

/// What the columns of a list say of evidence that is partial.
#[test]
fn a_list_claims_nothing_that_is_not_known() {
    let summary = |text: String| match open_bytes(text.into_bytes()).unwrap() {
        Opened::Several(recordings) => Summary::of_several(&recordings),
        opened => Summary::of(&opened.into_recording().unwrap()),
    };
    // The service says that it failed; the events end before that does, in a state that may have nothing to do with it.
    let mut execution = described();
    execution["status"] = json!("FAILED");
    execution["error"] = json!("Late");
    let cut = summary(json!({"format": "stepback/1", "execution": execution, "events": &history()[..3]}).to_string());
    assert_eq!((cut.status, cut.state, cut.error.as_deref()), (Some(Status::Failed), None, Some("Late")));
    // Of a list the one that went wrong stands for all, also where no error is told.
    let listed = |name: &str, status: &str, began: u32| {
        json!({"executionArn": format!("arn:aws:states:eu-west-1:123456789012:execution:M:{name}"), "name": name,
               "stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:M", "status": status, "startDate": began})
    };
    let all = [listed("a", "SUCCEEDED", 1), listed("b", "TIMED_OUT", 2), listed("c", "RUNNING", 3)];
    let list = summary(json!({ "executions": all }).to_string());
    assert_eq!((list.executions, list.name.as_deref(), list.status), (3, Some("b"), Some(Status::TimedOut)));
    // The results of a Map Run do not say how the Map Run stands.
    let child = json!({"ExecutionArn": "arn:aws:states:eu-west-1:123456789012:execution:M/Each:x", "Name": "x", "Input": "{}",
                       "StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:M/Each", "Status": "FAILED",
                       "Error": "E", "StartDate": "2026-05-03T08:00:00Z", "StopDate": "2026-05-03T08:00:01Z"});
    let results = summary(json!([child]).to_string());
    assert!(results.results && results.status.is_some_and(|status| status.is_unseen()));
    assert_eq!(results.error.as_deref(), Some("E"));
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
