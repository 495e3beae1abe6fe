//! Recordings that are read and written back, and the index against the full parser.

use super::*;
use crate::event::{Event, EventId};
use crate::json::SharedBytes;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn read(text: impl Into<String>) -> Recording {
    Recording::read(&SharedBytes::from(text.into())).unwrap()
}

fn event(id: u32) -> Value {
    json!({"timestamp": "2026-11-20T03:14:07.412000+00:00", "type": "PassStateEntered", "id": id, "previousEventId": id - 1,
           "stateEnteredEventDetails": {"name": format!("S{id}"), "input": "{\"a\":\"\\\"]}\"}"}})
}

#[test]
fn everything_survives_a_round_trip() {
    let document = json!({
        "format": "stepback/1",
        "recorded": {"at": "2026-11-20T03:20:00Z", "by": "stepback 1.0", "region": "eu-west-1", "complete": false,
                     "notes": ["one"], "weather": "rain"},
        "execution": {"executionArn": "arn:e", "status": "PENDING_REDRIVE", "startDate": 1_763_608_447.412, "input": "{}",
                      "inputDetails": {"included": true}, "redriveCount": 2, "traceHeader": null},
        "stateMachine": {"name": "M", "definition": "{}", "loggingConfiguration": {"level": "OFF"}, "type": "EXPRESS",
                         "variableReferences": {"S": ["x"]}},
        "events": [event(1), event(2)],
        "mapRuns": [{"mapRun": {"mapRunArn": "arn:m", "itemCounts": {"failed": 3, "pendingRedrive": 0}, "maxConcurrency": 0,
                                "toleratedFailurePercentage": 12.5},
                     "executions": [{"format": "stepback/1", "events": [event(1)], "more": 1}], "label": "x"}],
        "children": [{"format": "stepback/1", "execution": {"name": "child"}, "events": []}],
        "logs": [{"line": 1}, "text"],
        "bookmarks": [{"event": 2, "note": "here", "color": "red"},
                      {"letter": "q", "execution": "arn:c", "event": 1}, {"event": 1, "letter": "too long"}],
        "redactions": [{"path": "$.card", "count": 7}, {"pattern": "[0-9]{16}", "count": 1}],
        "future": {"is": ["bright", 1.50]},
    });
    let recording = read(document.to_string());
    assert_eq!(serde_json::to_value(&recording).unwrap(), document);
    assert_eq!(recording.damage, []);
    assert_eq!(recording.status(), Status::PendingRedrive);
    let map_run = recording.map_runs.first().unwrap();
    assert_eq!(map_run.map_run.as_ref().unwrap().item_counts.as_ref().unwrap().failed, Some(3));
    assert_eq!(map_run.executions.first().unwrap().events.len(), 1);
    let letters: Vec<_> = recording.bookmarks.iter().map(|bookmark| bookmark.letter).collect();
    assert_eq!(letters, [None, Letter::new('q'), None]);
    let mut text = Vec::new();
    recording.to_writer(&mut text).unwrap();
    assert_eq!(read(String::from_utf8(text).unwrap()).events.len(), 2);
}

#[test]
fn known_members_of_the_wrong_shape_are_kept_and_reported() {
    let document = json!({"format": "stepback/1", "events": [event(1)], "execution": 3, "children": [1], "logs": null,
                          "stateMachine": {"name": 4}});
    let recording = read(document.to_string());
    assert_eq!(serde_json::to_value(&recording).unwrap(), document);
    let reasons: Vec<_> = recording.damage.iter().map(|damage| damage.reason.clone()).collect();
    assert_eq!(reasons, [DamageReason::Member("execution"), DamageReason::Member("children")]);
}

#[test]
fn nesting_without_end_is_kept_unread() {
    let depth = 5_000;
    let text = format!("{}{{\"events\":[]}}{}", "{\"events\":[],\"children\":[".repeat(depth), "]}".repeat(depth));
    let mut recording = read(text);
    let mut levels = 0;
    while let Some(child) = recording.children.pop() {
        (recording, levels) = (child, levels + 1);
    }
    assert_eq!((levels, recording.unknown.len()), (32, 1));
}

#[test]
fn events_that_were_computed_and_events_that_were_read_are_alike() {
    let read = read(json!({"events": [event(1), event(2), event(3)]}).to_string()).events;
    let built = Events::from(read.iter().collect::<Vec<_>>());
    for events in [&read, &built] {
        assert_eq!(events.facts(2).unwrap().name.as_deref(), Some("S3"));
        assert_eq!(events.position(EventId::at(1)), Some(1));
        assert_eq!(events.get(1).unwrap().id.get(), 2);
        assert!(events.get(3).is_none() && events.facts(3).is_none());
    }
    assert!(read.iter().eq(built.iter()));
}

#[test]
fn ids_with_gaps_are_found() {
    let events = read(json!({"events": [event(9), event(4), event(40)]}).to_string()).events;
    let positions = [4, 9, 40, 5, 1, 41].map(|id| events.position(EventId::new(id).unwrap()));
    assert_eq!(positions, [Some(0), Some(1), Some(2), None, None, None]);
}

/// An event whose members come in any order and layout.
fn any_event() -> impl Strategy<Value = String> {
    let members = Just(vec![
        r#""id": 7"#,
        r#""previousEventId":6"#,
        r#""type": "TaskStateEntered""#,
        r#""timestamp":"2026-11-20T03:14:07.412+00:00""#,
        r#""stateEnteredEventDetails" : {"input":"{\"x\":\"}]\\\\\"}" ,"name":"A\u00e9"}"#,
        r#""later": [{"events": [1, "\"]"]}]"#,
    ]);
    let odd = prop::sample::select(vec![
        "",
        "",
        r#""id": 7.0"#,
        r#""i\u0064": 7"#,
        r#""type": 3"#,
        r#""id": 8"#,
        r#""timestamp": 1.5"#,
        r#""x": {}}"#,
        r#""stateEnteredEventDetails": 1"#,
        r#""y" 1"#,
    ]);
    let blank = prop::sample::select(vec!["", " ", "\n    "]);
    (members.prop_shuffle(), 3..7_usize, odd, blank).prop_map(|(members, count, odd, blank)| {
        let mut chosen: Vec<_> = members.into_iter().take(count).collect();
        if !odd.is_empty() {
            chosen.push(odd);
        }
        format!("{{{blank}{}{blank}}}", chosen.join(&format!(",{blank}")))
    })
}

proptest! {
    /// What the quick scan indexes is what the full parser reads; what it cannot, it says.
    #[test]
    fn the_index_agrees_with_the_parser(texts in prop::collection::vec(any_event(), 0..5), tail in "[ \n]{0,3}") {
        let text = format!("{{\"events\": [{}{tail}]}}", texts.join(","));
        let recording = read(text.clone());
        if serde_json::from_str::<Value>(&text).is_ok() {
            let sound: Vec<_> = texts.iter().filter_map(|text| Event::read(&text.clone().into()).ok()).collect();
            let expected = Events::from(sound);
            prop_assert!(recording.events.iter().eq(expected.iter()), "{:?}", recording);
            for index in 0..expected.len() {
                prop_assert_eq!(recording.events.facts(index), expected.facts(index));
            }
            let left_out = texts.iter().any(|text| Event::read(&text.clone().into()).is_err());
            prop_assert_eq!(left_out, !recording.damage.is_empty() || !recording.unknown.is_empty());
        } else {
            prop_assert!(!recording.damage.is_empty() || !recording.unknown.is_empty());
        }
    }

    #[test]
    fn changed_bytes_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let text = json!({"format": "stepback/1", "events": [event(1), event(2), event(3)], "children": [{"events": [event(1)]}]});
        let mut bytes = text.to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for document in Documents::of(&SharedBytes::new(bytes), 0) {
            let Some(recording) = Recording::from_document(document, 0) else { continue };
            prop_assert_eq!(recording.events.iter().count(), recording.events.len());
            let _ = (serde_json::to_string(&recording), recording.status(), recording.output(), recording.label());
        }
    }
}

fn recordings_in(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            recordings_in(&entry.path(), found);
        } else if entry.path().to_string_lossy().ends_with(".sfn.json") {
            found.push(entry.path());
        }
    }
}

#[test]
fn real_recordings_are_read_and_written_back_equal() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../shared", "../../shared"].map(|place| project.join(place).join("conformance/executions"));
    let Some(folder) = places.iter().find(|place| place.is_dir()) else {
        eprintln!("SKIPPED: no real recordings beside the project ({})", places[0].display());
        return;
    };
    let mut files = Vec::new();
    recordings_in(folder, &mut files);
    assert!(files.len() > 300);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let recording = read(text.clone());
        assert_eq!(recording.damage, [], "{}", file.display());
        let written = serde_json::to_value(&recording).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(&text).unwrap(), "{}", file.display());
    }
}
