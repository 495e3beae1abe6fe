//! All recordings of a folder, replayed.

use super::edits::Unfit;
use super::{Args, cover, edits, play};
use crate::cli::junit::{self, Case};
use crate::cli::{Failure, Output, Verdict, coverage};
use crate::recording::Recording;
use crate::replay::{Judgement, Outcome, judge};
use crate::report;
use crate::source::{self, Opened};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// One recording of the folder, as far as it is told: of twenty thousand replays nothing else is kept.
struct Row {
    judgement: Judgement,
    agrees: bool,
    /// How it is called.
    word: &'static str,
    told: Told,
    /// The same for a build server.
    case: Case,
}

/// What is told of a recording.
enum Told {
    Line(String),
    Json(Value),
}

/// Tells whether the target is a folder of recordings, and not of the parts of one.
pub(super) fn is_one(args: &Args) -> Result<bool, Failure> {
    let path = args.target.path();
    if args.target.is_stdin() || !path.is_dir() {
        return Ok(false);
    }
    match source::open(path) {
        Ok(opened) => Ok(matches!(opened, Opened::Folder(_))),
        Err(error) => Err(Failure::input(error.about(&args.target.to_string()))),
    }
}

pub(super) fn run(args: &Args, edits: &edits::Read, output: &mut Output) -> Result<Verdict, Failure> {
    let folder = args.target.path();
    if args.history.is_some() {
        return Err(Failure::input("--history is for one recording, and the target is a folder."));
    }
    let covered = args.coverage.collect();
    let ask = Asked { edits, folder, json: args.json, covered: &covered };
    let rows = source::each(folder, |path, recording| ask.row(path, recording));
    let rows = rows.map_err(|error| Failure::input(error.about(&args.target.to_string())))?;
    let rows: Vec<Row> = rows.into_iter().flatten().collect::<Result<_, _>>()?;
    if let Some(path) = &args.junit {
        junit::write(path, "stepback replay", &rows.iter().map(|row| row.case.clone()).collect::<Vec<_>>())?;
    }
    let finding = is_finding(&rows, edits);
    if args.json {
        print_json(rows, &covered, output)?;
    } else {
        print(rows, output)?;
        covered.print(args.layout.paper(output), output)?;
    }
    Ok(if finding { Verdict::Finding } else { Verdict::Fine })
}

fn is_finding(rows: &[Row], edits: &edits::Read) -> bool {
    let bad = |row: &Row| match edits.changes_the_run() {
        true => matches!(row.judgement, Judgement::NewlyBroken | Judgement::StillFailing),
        false => !row.agrees,
    };
    let undecided = edits.changes_the_run() && rows.iter().all(|row| row.judgement == Judgement::NotDecidable);
    undecided || rows.iter().any(bad)
}

/// What is asked of each recording.
struct Asked<'a> {
    edits: &'a edits::Read,
    folder: &'a Path,
    json: bool,
    covered: &'a coverage::Collected,
}

impl Asked<'_> {
    fn row(&self, path: &Path, recording: Result<Recording, String>) -> Result<Row, Failure> {
        let recording = match recording {
            Ok(recording) => recording,
            Err(reason) => return Ok(self.told(path, "", &Err(reason), Judgement::NotDecidable)),
        };
        let outcome = match play(&recording, self.edits, &AtomicBool::new(false)) {
            Ok(outcome) => Ok(outcome),
            Err(Unfit::Nowhere(reason)) => Err(reason.to_string()),
            Err(Unfit::Here(reason)) => Err(reason),
            Err(Unfit::Given(failure)) => return Err(failure),
        };
        if let Ok(outcome) = &outcome {
            cover(self.covered, &recording, outcome, self.edits);
        }
        let judgement = outcome.as_ref().map_or(Judgement::NotDecidable, |outcome| judge(&recording, outcome));
        Ok(self.told(path, &recording.label(), &outcome, judgement))
    }

    fn told(&self, path: &Path, execution: &str, outcome: &Result<Outcome, String>, judgement: Judgement) -> Row {
        let word = self.word(outcome, judgement);
        let told = match self.json {
            true => Told::Json(told_json(path, execution, outcome, word)),
            false => {
                let file = path.strip_prefix(self.folder).unwrap_or(path).display().to_string();
                let remark = self.remark(outcome, judgement);
                Told::Line(format!("{word:<14} {}  {remark}", report::shown(&file)))
            }
        };
        let case = self.case(&path.display().to_string(), execution, outcome, judgement);
        Row { judgement, agrees: outcome.as_ref().is_ok_and(Outcome::agrees), word, told, case }
    }

    fn word(&self, outcome: &Result<Outcome, String>, judgement: Judgement) -> &'static str {
        match (outcome, self.edits.changes_the_run()) {
            (_, true) => judgement.name(),
            (Ok(outcome), false) => outcome.fidelity.verdict.name(),
            (Err(_), false) => "stopped",
        }
    }

    /// Tells a build server what came of a recording.
    fn case(&self, file: &str, execution: &str, outcome: &Result<Outcome, String>, judgement: Judgement) -> Case {
        let edited = self.edits.changes_the_run();
        let fine = match (outcome, edited) {
            (_, true) => !matches!(judgement, Judgement::NewlyBroken | Judgement::StillFailing),
            (outcome, false) => outcome.as_ref().is_ok_and(Outcome::agrees),
        };
        let words = || format!("{}: {}", self.word(outcome, judgement), self.remark(outcome, judgement));
        let outcome = match outcome {
            Err(reason) if edited => junit::Outcome::Skipped(reason.clone()),
            Err(reason) => junit::Outcome::Failed(format!("stopped: {reason}"), String::new()),
            Ok(_) if edited && judgement == Judgement::NotDecidable => junit::Outcome::Skipped(words()),
            Ok(_) if fine => junit::Outcome::Passed,
            Ok(_) => junit::Outcome::Failed(words(), String::new()),
        };
        let name = if execution.is_empty() { file } else { execution };
        Case { name: name.to_owned(), file: file.to_owned(), outcome }
    }

    /// What is worth saying about a replay in a few words.
    fn remark(&self, outcome: &Result<Outcome, String>, judgement: Judgement) -> String {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(reason) => return report::shown(reason),
        };
        if self.edits.changes_the_run() {
            let error = outcome.standing.failure.error.as_deref();
            let reason = report::replay_reason(outcome).filter(|_| judgement == Judgement::NotDecidable);
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
}

fn told_json(path: &Path, execution: &str, outcome: &Result<Outcome, String>, word: &str) -> Value {
    let mut told = match outcome {
        Ok(outcome) => report::replay_json(outcome),
        Err(reason) => json!({ "fidelity": { "verdict": "stopped" }, "reason": reason }),
    };
    if let Value::Object(members) = &mut told {
        members.shift_remove("format");
        members.shift_insert(0, "file".to_owned(), json!(path));
        members.shift_insert(1, "execution".to_owned(), json!(execution));
        members.shift_insert(2, "judgement".to_owned(), json!(word));
    }
    told
}

fn print_json(rows: Vec<Row>, covered: &coverage::Collected, output: &mut Output) -> Result<(), Failure> {
    let mut counts = serde_json::Map::new();
    for row in &rows {
        let count = counts.entry(row.word).or_insert(Value::from(0));
        *count = Value::from(count.as_u64().unwrap_or_default() + 1);
    }
    let recordings = rows.into_iter().filter_map(|row| match row.told {
        Told::Json(told) => Some(told),
        Told::Line(_) => None,
    });
    let recordings: Vec<Value> = recordings.collect();
    let mut told = json!({ "format": "stepback.replays/1", "counts": counts, "recordings": recordings });
    if let (Value::Object(members), Some(coverage)) = (&mut told, covered.to_json()) {
        members.insert("coverage".to_owned(), coverage);
    }
    output.json(&told)
}

fn print(rows: Vec<Row>, output: &mut Output) -> Result<(), Failure> {
    let mut counts: std::collections::BTreeMap<&str, usize> = Default::default();
    let all = rows.len();
    for row in rows {
        *counts.entry(row.word).or_default() += 1;
        if let Told::Line(line) = row.told {
            output.line(line)?;
        }
    }
    let told: Vec<String> = counts.into_iter().map(|(word, count)| format!("{count} {word}")).collect();
    output.line(format!("{all} recordings: {}.", told.join(", ")))
}
