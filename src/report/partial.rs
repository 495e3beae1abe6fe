//! What is not in a recording, and what the service says where there is no event: for people and for programs.

use super::page::{Page, Paper, Role};
use super::quantity::{counted, duration, moment_iso, moment_utc};
use crate::analysis::{Overview, Told};
use crate::recording::{Missing, Status};
use serde_json::{Value, json};
use std::sync::Arc;

/// What is said of what is missing before "and more".
const TOLD: usize = 6;
/// Lines of a payload that are shown.
const PAYLOAD_LINES: usize = 14;

/// Returns how an execution stands, in the words of the screen.
pub fn status_words(status: &Status) -> &str {
    match status {
        Status::CutOff => "CUT OFF",
        Status::NotKnown => "END NOT KNOWN",
        status => status.name(),
    }
}

/// Returns what is missing as sentences; of very much, how much more there is.
pub fn missing_words(missing: &[Missing]) -> Vec<String> {
    let mut words: Vec<String> = missing.iter().take(TOLD).map(Missing::to_string).collect();
    if missing.len() > TOLD {
        words.push(format!("And {} more places.", missing.len() - TOLD));
    }
    words
}

/// Adds what is missing, and what else was said of the recording.
pub(super) fn missing(page: &mut Page, overview: &Overview) {
    for words in missing_words(&overview.missing) {
        page.text(2, Role::Changed, &words, 4);
    }
    let said = |note: &Arc<str>| overview.missing.iter().any(|it| matches!(it, Missing::Said(said) if said == note));
    for note in overview.notes.iter().filter(|note| !said(note)).take(TOLD) {
        page.text(2, Role::Dim, note, 4);
    }
}

/// Returns whether everything is there, and what is not.
pub fn missing_json(missing: &[Missing]) -> (Value, Value) {
    let one = |missing: &Missing| {
        let mut value = json!({ "kind": missing.kind(), "text": missing.to_string() });
        if let (Missing::Unread { damage, .. }, Some(object)) = (missing, value.as_object_mut()) {
            object.insert("byte".to_owned(), json!(damage.byte));
            object.insert("afterEvent".to_owned(), json!(damage.after));
        }
        if let (Missing::Events(gap), Some(object)) = (missing, value.as_object_mut()) {
            object.insert("from".to_owned(), json!(gap.start()));
            object.insert("to".to_owned(), json!(gap.end()));
        }
        value
    };
    (json!(missing.is_empty()), missing.iter().map(one).collect())
}

/// Adds what the service says about an execution of which no event is there.
pub(super) fn told(page: &mut Page, told: &Told) {
    let Told { started, stopped, input, output, redrives } = told;
    if let Some(started) = started {
        page.labelled("started", Role::Plain, &moment_utc(*started), 1);
    }
    if let Some(stopped) = stopped {
        let took = started.map(|started| format!(", after {}", duration(stopped.micros_since(started))));
        page.labelled("stopped", Role::Plain, &format!("{}{}", moment_utc(*stopped), took.unwrap_or_default()), 1);
    }
    if let Some(redrives) = redrives.filter(|redrives| *redrives > 0) {
        page.labelled("redriven", Role::Plain, &redrives.to_string(), 1);
    }
    for (label, payload) in [("input", input), ("output", output)] {
        if let Some(payload) = payload {
            page.payload(label, payload, PAYLOAD_LINES);
        }
    }
}

/// The same for programs.
pub(super) fn told_json(overview: &Overview) -> Value {
    let payload = |payload: &Option<_>| payload.as_ref().map(super::why_json::payload);
    overview.told.as_ref().map_or(Value::Null, |told| {
        json!({
            "startedAt": told.started.map(moment_iso),
            "stoppedAt": told.stopped.map(moment_iso),
            "input": payload(&told.input),
            "output": payload(&told.output),
        })
    })
}

/// What of a file is not among the many that are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetGap {
    /// The file; empty when it is nothing of a file.
    pub file: String,
    /// What is missing, as a sentence that names what it is missing of.
    pub words: String,
    /// Whether it could not be read, or how it ended is not known; otherwise it is only less than there could be.
    pub is_unread: bool,
}

/// Returns what could not be read, and what is not all there, line by line.
pub fn fleet_gaps(gaps: &[FleetGap], paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    let (files, others): (Vec<&FleetGap>, Vec<&FleetGap>) = gaps.iter().partition(|gap| !gap.file.is_empty());
    for gap in others {
        page.gap();
        page.text(0, Role::Changed, &gap.words, 3);
    }
    let (unread, less): (Vec<&FleetGap>, Vec<&FleetGap>) = files.into_iter().partition(|gap| gap.is_unread);
    for (gaps, words) in [(unread, "could not be read to its end"), (less, "is not all there is")] {
        if gaps.is_empty() {
            continue;
        }
        page.gap();
        let plural =
            if words.starts_with("could") { "could not be read to their ends" } else { "are not all there is" };
        let mut files: Vec<&str> = gaps.iter().map(|gap| gap.file.as_str()).collect();
        files.dedup();
        let verb = if files.len() == 1 { words } else { plural };
        page.line(&[(Role::Changed, &format!("{} {verb}:", counted(files.len(), "file", "files")))]);
        for gap in gaps.iter().take(TOLD) {
            page.text(2, Role::Plain, &gap.words, 3);
        }
        if gaps.len() > TOLD {
            page.text(2, Role::Dim, &format!("… and {} more", gaps.len() - TOLD), 1);
        }
    }
    page.into_lines()
}

pub(super) fn gap_json(gap: &FleetGap) -> Value {
    json!({ "file": gap.file, "text": gap.words, "unread": gap.is_unread })
}
