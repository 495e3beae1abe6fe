//! Recordings of real executions fold without anomalies.

use super::*;
use crate::corpus::executions;
use crate::event::Event;
use crate::json::{Members, SharedBytes};

fn history(text: String) -> History {
    let text = SharedBytes::from(text);
    let events = Members::of(&text).unwrap().take("events").unwrap();
    let events: Vec<&serde_json::value::RawValue> = serde_json::from_slice(&events).unwrap();
    events.into_iter().map(|event| Event::read(&SharedBytes::from(event.get().to_owned())).unwrap()).collect()
}

#[test]
fn recordings_of_real_executions_fold_without_anomalies() {
    let mut failures = Vec::new();
    for file in executions() {
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
