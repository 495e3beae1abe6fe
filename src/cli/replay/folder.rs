//! All recordings of a folder, replayed.

use super::edits::Unfit;
use super::{Args, edits, play};
use crate::cli::junit::{self, Case};
use crate::cli::{Failure, Output, Verdict};
use crate::recording::Recording;
use crate::replay::{Judgement, Outcome, judge};
use crate::report;
use crate::source::{self, Opened};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// One recording of the folder.
struct Row {
    file: PathBuf,
    execution: String,
    /// What came out, or why nothing did.
    outcome: Result<Outcome, String>,
    judgement: Judgement,
}

/// Tells whether the target is a folder of recordings, and not of the parts of one.
pub(super) fn is_one(args: &Args) -> Result<bool, Failure> {
    let path = Path::new(&args.target);
    if args.target == "-" || !path.is_dir() {
        return Ok(false);
    }
    match source::open(path) {
        Ok(opened) => Ok(matches!(opened, Opened::Folder(_))),
        Err(error) => Err(Failure::input(error.about(&args.target))),
    }
}

pub(super) fn run(args: &Args, edits: &edits::Read, output: &mut Output) -> Result<Verdict, Failure> {
    let folder = Path::new(&args.target);
    if args.history.is_some() {
        return Err(Failure::input("--history is for one recording, and the target is a folder."));
    }
    let rows = source::each(folder, |path, recording| row(path, recording, edits));
    let rows = rows.map_err(|error| Failure::input(error.about(&args.target)))?;
    let rows: Vec<Row> = rows.into_iter().flatten().collect::<Result<_, _>>()?;
    if let Some(path) = &args.junit {
        junit::write(path, "stepback replay", &rows.iter().map(|row| case(row, edits)).collect::<Vec<_>>())?;
    }
    if args.json {
        print_json(&rows, edits, output)?;
    } else {
        print(&rows, edits, folder, output)?;
    }
    let bad = |row: &&Row| match edits.changes_the_run() {
        true => matches!(row.judgement, Judgement::NewlyBroken | Judgement::StillFailing),
        false => !agrees(row),
    };
    let undecided = edits.changes_the_run() && rows.iter().all(|row| row.judgement == Judgement::NotDecidable);
    Ok(if undecided || rows.iter().any(|row| bad(&row)) { Verdict::Finding } else { Verdict::Fine })
}

fn row(path: &Path, recording: Result<Recording, String>, edits: &edits::Read) -> Result<Row, Failure> {
    let file = path.to_owned();
    let recording = match recording {
        Ok(recording) => recording,
        Err(reason) => {
            let judgement = Judgement::NotDecidable;
            return Ok(Row { file, execution: String::new(), outcome: Err(reason), judgement });
        }
    };
    let outcome = match play(&recording, edits) {
        Ok(outcome) => Ok(outcome),
        Err(Unfit::Nowhere(reason)) => Err(reason.to_string()),
        Err(Unfit::Here(reason)) => Err(reason),
        Err(Unfit::Given(failure)) => return Err(failure),
    };
    let judgement = outcome.as_ref().map_or(Judgement::NotDecidable, |outcome| judge(&recording, outcome));
    Ok(Row { file, execution: recording.label(), outcome, judgement })
}

/// Tells a build server what came of a recording.
fn case(row: &Row, edits: &edits::Read) -> Case {
    let file = row.file.display().to_string();
    let fine = match edits.changes_the_run() {
        true => !matches!(row.judgement, Judgement::NewlyBroken | Judgement::StillFailing),
        false => agrees(row),
    };
    let outcome = match &row.outcome {
        Err(reason) if edits.changes_the_run() => junit::Outcome::Skipped(reason.clone()),
        Err(reason) => junit::Outcome::Failed(format!("stopped: {reason}"), String::new()),
        Ok(_) if edits.changes_the_run() && row.judgement == Judgement::NotDecidable => {
            junit::Outcome::Skipped(format!("{}: {}", word(row, edits), remark(row, edits)))
        }
        Ok(_) if fine => junit::Outcome::Passed,
        Ok(_) => junit::Outcome::Failed(format!("{}: {}", word(row, edits), remark(row, edits)), String::new()),
    };
    let name = if row.execution.is_empty() { file.clone() } else { row.execution.clone() };
    Case { name, file, outcome }
}

fn agrees(row: &Row) -> bool {
    row.outcome.as_ref().is_ok_and(|outcome| outcome.agrees())
}

fn word(row: &Row, edits: &edits::Read) -> &'static str {
    match (&row.outcome, edits.changes_the_run()) {
        (_, true) => row.judgement.name(),
        (Ok(outcome), false) => outcome.fidelity.verdict.name(),
        (Err(_), false) => "stopped",
    }
}

fn print_json(rows: &[Row], edits: &edits::Read, output: &mut Output) -> Result<(), Failure> {
    let mut counts = serde_json::Map::new();
    for row in rows {
        let count = counts.entry(word(row, edits)).or_insert(Value::from(0));
        *count = Value::from(count.as_u64().unwrap_or_default() + 1);
    }
    let recordings = rows.iter().map(|row| {
        let mut told = match &row.outcome {
            Ok(outcome) => report::replay_json(outcome),
            Err(reason) => json!({ "fidelity": { "verdict": "stopped" }, "reason": reason }),
        };
        if let Value::Object(members) = &mut told {
            members.shift_remove("format");
            members.shift_insert(0, "file".to_owned(), json!(row.file));
            members.shift_insert(1, "execution".to_owned(), json!(row.execution));
            members.shift_insert(2, "judgement".to_owned(), json!(word(row, edits)));
        }
        told
    });
    let recordings: Vec<Value> = recordings.collect();
    output.json(&json!({ "format": "stepback.replays/1", "counts": counts, "recordings": recordings }))
}

fn print(rows: &[Row], edits: &edits::Read, folder: &Path, output: &mut Output) -> Result<(), Failure> {
    let mut counts: std::collections::BTreeMap<&str, usize> = Default::default();
    for row in rows {
        *counts.entry(word(row, edits)).or_default() += 1;
        let file = row.file.strip_prefix(folder).unwrap_or(&row.file).display().to_string();
        output.line(format!("{:<14} {}  {}", word(row, edits), report::shown(&file), remark(row, edits)))?;
    }
    let told: Vec<String> = counts.into_iter().map(|(word, count)| format!("{count} {word}")).collect();
    output.line(format!("{} recordings: {}.", rows.len(), told.join(", ")))
}

/// What is worth saying about a row in a few words.
fn remark(row: &Row, edits: &edits::Read) -> String {
    let outcome = match &row.outcome {
        Ok(outcome) => outcome,
        Err(reason) => return report::shown(reason),
    };
    if edits.changes_the_run() {
        let error = outcome.standing.failure.error.as_deref();
        let reason = report::replay_reason(outcome).filter(|_| row.judgement == Judgement::NotDecidable);
        return report::shown(&reason.or(error.map(str::to_owned)).unwrap_or_default());
    }
    match &outcome.divergence {
        Some(divergence) => {
            let event = divergence.recorded.as_ref().or(divergence.replayed.as_ref());
            let event = event.map(|event| format!("at event {} {}", event.id, event.kind)).unwrap_or_default();
            let state = divergence.state.as_deref().map(|state| format!(" ({state})")).unwrap_or_default();
            report::shown(&format!("{event}{state}"))
        }
        None => report::shown(&report::replay_reason(outcome).unwrap_or_default()),
    }
}
