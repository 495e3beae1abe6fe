//! Recordings of real executions fold without anomalies.

use super::*;
use crate::event::Event;
use crate::json::{Members, SharedBytes};
use std::path::{Path, PathBuf};

/// Returns the recordings beside this checkout, if there are any.
fn recordings() -> Vec<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.map(|folder| folder.join("shared/conformance/executions")).find(|folder| folder.is_dir());
    let Some(folder) = found else {
        eprintln!("SKIPPED: there is no shared/conformance/executions beside the checkout.");
        return Vec::new();
    };
    let groups = std::fs::read_dir(folder).unwrap().map(|group| group.unwrap().path());
    let files = groups.flat_map(|group| std::fs::read_dir(group).unwrap().map(|file| file.unwrap().path()));
    files.filter(|file| file.to_string_lossy().ends_with(".sfn.json")).collect()
}

fn history(text: String) -> History {
    let text = SharedBytes::from(text);
    let events = Members::of(&text).unwrap().take("events").unwrap();
    let events: Vec<&serde_json::value::RawValue> = serde_json::from_slice(&events).unwrap();
    events.into_iter().map(|event| Event::read(&SharedBytes::from(event.get().to_owned())).unwrap()).collect()
}

#[test]
fn recordings_of_real_executions_fold_without_anomalies() {
    let mut failures = Vec::new();
    for file in recordings() {
        let text = std::fs::read_to_string(&file).unwrap();
        if text.contains("event-ids-normalised") {
            continue;
        }
        let history = history(text);
        if std::env::var_os("DUMP").is_some() {
            println!("== {}\n{}", file.display(), describe(&history));
        }
        if !history.anomalies().is_empty() {
            failures.push(format!("{}\n{}", file.display(), describe(&history)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
