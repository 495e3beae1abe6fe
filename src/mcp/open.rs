//! What there is to ask about: the recordings below the served folders, and what is in one of them.

use super::places::Places;
use crate::recording::Recording;
use crate::source::{self, Entry, Opened};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Folders below a served one that are looked into.
const DEEP: usize = 6;

/// Lists all that is served: a line for each recording and definition, the latest execution of a folder first.
pub fn listing(places: &Places) -> Value {
    let mut found = Vec::new();
    for root in places.roots() {
        match root.is_dir() {
            true => folder(root, places, 0, &mut found),
            false => found.extend(file(root, places)),
        }
    }
    json!({ "format": "stepback.open/1", "holds": "folder", "files": found })
}

/// Tells what is in a file or a folder, which the client calls so; the reason as a sentence when it is nothing.
pub fn inside(
    path: &Path,
    named: &str,
    places: &Places,
    recordings: Result<Vec<Recording>, String>,
) -> Result<Value, String> {
    if path.is_dir() {
        let mut found = Vec::new();
        folder(path, places, 0, &mut found);
        if let (true, Ok(recordings)) = (found.is_empty(), &recordings) {
            return Ok(executions(named, recordings));
        }
        return Ok(json!({ "format": "stepback.open/1", "holds": "folder", "file": named, "files": found }));
    }
    if let Ok(Opened::Definition(definition)) = source::open(path) {
        let text = String::from_utf8_lossy(&definition.text).into_owned();
        return Ok(json!({
            "format": "stepback.open/1", "holds": "definition", "file": named, "definition": text,
        }));
    }
    recordings.map(|recordings| executions(named, &recordings))
}

fn executions(named: &str, recordings: &[Recording]) -> Value {
    let told: Vec<Value> = recordings.iter().map(execution).collect();
    json!({ "format": "stepback.open/1", "holds": "executions", "file": named, "executions": told })
}

/// An execution at a glance, with the states of its machine and the executions it started.
fn execution(recording: &Recording) -> Value {
    let summary = source::Summary::of(recording);
    let definition = recording.definition().and_then(|definition| definition.value().ok());
    let states = definition.and_then(|it| it.get("States")).and_then(Value::as_object);
    let states = states.into_iter().flatten().map(|(name, state)| json!({ "state": name, "type": state.get("Type") }));
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    recording.events.iter().filter(|event| event.details.failure().is_some()).for_each(|event| {
        *types.entry(event.kind.name().to_owned()).or_default() += 1;
    });
    let failures: Vec<Value> = types.into_iter().map(|(kind, count)| json!({ "type": kind, "count": count })).collect();
    let mut told = glance(&summary);
    told["startAt"] = json!(definition.and_then(|it| it.get("StartAt")));
    told["queryLanguage"] = json!(definition.and_then(|it| it.get("QueryLanguage")));
    told["states"] = states.collect();
    told["failures"] = failures.into();
    told["child"] = recording.children.iter().take(50).map(|child| glance(&source::Summary::of(child))).collect();
    told["mapRuns"] = json!(recording.map_runs.len());
    told["bookmarks"] = json!(recording.bookmarks.len());
    told
}

fn glance(summary: &source::Summary) -> Value {
    json!({
        "execution": summary.name,
        "machine": summary.machine,
        "status": summary.status.as_ref().map(|status| status.name()),
        "startedAt": summary.started.map(|at| at.in_iso().to_string()),
        "stoppedAt": summary.stopped.map(|at| at.in_iso().to_string()),
        "events": summary.events,
        "state": summary.state,
        "error": summary.error,
        "damaged": summary.damaged.then_some(true),
        "missing": summary.missing,
    })
}

fn entry(entry: &Entry, places: &Places) -> Value {
    let file = places.told(&entry.path);
    match &entry.summary {
        Err(problem) => json!({ "file": file, "problem": problem.0 }),
        Ok(summary) => {
            let mut told = json!({ "file": file, "status": summary.status.as_ref().map(|status| status.name()) });
            told["machine"] = json!(summary.machine);
            told["state"] = json!(summary.state);
            told["error"] = json!(summary.error);
            told["startedAt"] = json!(summary.started.map(|at| at.in_iso().to_string()));
            told["events"] = json!(summary.events);
            if summary.executions > 1 {
                told["executions"] = json!(summary.executions);
            }
            told
        }
    }
}

fn folder(path: &Path, places: &Places, depth: usize, found: &mut Vec<Value>) {
    // What links out of the served folders is not listed either.
    let is_served = |entry: &&Entry| places.real(&entry.path.display().to_string()).is_ok();
    let entries = source::folder(path).unwrap_or_default();
    found.extend(entries.iter().filter(is_served).map(|it| entry(it, places)));
    let Ok(inside) = std::fs::read_dir(path) else { return };
    let mut folders: Vec<_> =
        inside.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).collect();
    folders.sort_by_key(std::fs::DirEntry::file_name);
    let is_hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    for inner in folders.iter().filter(|inner| depth < DEEP && !is_hidden(&inner.file_name())) {
        folder(&inner.path(), places, depth + 1, found);
    }
}

fn file(path: &Path, places: &Places) -> Option<Value> {
    let recording = source::open_recording(path).ok()?;
    let mut told = glance(&source::Summary::of(&recording));
    told["file"] = places.told(path).into();
    Some(told)
}
