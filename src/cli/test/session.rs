//! Cases run side by side, and what came of each.

use super::Args;
use super::definitions::{Definitions, beneath, sentence};
use super::files::{Found, Held};
use crate::cases::{Case, Mismatch, OTHER, Places, Ran, Setting, Written, expected, updated};
use crate::cli::coverage::Collected;
use crate::cli::junit::{self, Outcome as Judged};
use crate::cli::{Failure, file, writing};
use crate::json::Payload;
use crate::source::Existing;
use crate::tasks::{Answers, AnswersFile, Nobody};
use crate::template::Options;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What all cases of a command share.
pub(super) struct Session<'a> {
    args: &'a Args,
    options: Options,
    definitions: Definitions,
    cancelled: Arc<AtomicBool>,
    pub collected: Collected,
}

/// What came of a case.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub file: PathBuf,
    pub line: u32,
    pub name: String,
    pub outcome: Outcome,
    /// The status it ended with, if it ran.
    pub status: Option<&'static str>,
    /// Keys of answers no task asked for.
    pub unused: Vec<String>,
    /// The files it depends on.
    pub touches: Vec<PathBuf>,
}

/// Whether a run is what was expected.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    Passed,
    /// It is not.
    Failed(Vec<Mismatch>),
    /// It could not be run, or not to its end; why, as a sentence.
    Stopped(String),
    /// It was not, and what it came to is expected from now on.
    Updated,
}

impl Row {
    /// Tells whether nothing is wrong.
    pub(super) fn passes(&self) -> bool {
        matches!(self.outcome, Outcome::Passed | Outcome::Updated)
    }

    /// Returns the word for what came of it.
    pub(super) fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed(_) => "failed",
            Outcome::Stopped(_) => "stopped",
            Outcome::Updated => "updated",
        }
    }

    /// The same for a build server.
    pub(super) fn case(&self) -> junit::Case {
        let outcome = match &self.outcome {
            Outcome::Passed | Outcome::Updated => Judged::Passed,
            Outcome::Stopped(reason) => {
                Judged::Failed(reason.clone(), format!("{}:{}", self.file.display(), self.line))
            }
            Outcome::Failed(mismatches) => {
                let lines: Vec<String> = mismatches.iter().map(told).collect();
                let place = format!("{}:{}", self.file.display(), self.line);
                Judged::Failed(lines.first().cloned().unwrap_or_default(), format!("{place}\n{}", lines.join("\n")))
            }
        };
        junit::Case { name: self.name.clone(), file: self.file.display().to_string(), outcome }
    }

    fn to_json(&self) -> Value {
        let mut told = Map::new();
        told.insert("file".to_owned(), self.file.display().to_string().into());
        told.insert("line".to_owned(), self.line.into());
        told.insert("name".to_owned(), self.name.as_str().into());
        told.insert("result".to_owned(), self.word().into());
        told.insert("status".to_owned(), self.status.into());
        match &self.outcome {
            Outcome::Failed(mismatches) => {
                let one = |it: &Mismatch| json!({ "what": it.what, "expected": it.expected, "actual": it.actual });
                told.insert("mismatches".to_owned(), mismatches.iter().map(one).collect());
            }
            Outcome::Stopped(reason) => {
                told.insert("reason".to_owned(), reason.as_str().into());
            }
            Outcome::Passed | Outcome::Updated => {}
        }
        if !self.unused.is_empty() {
            told.insert("unusedAnswers".to_owned(), json!(self.unused));
        }
        Value::Object(told)
    }
}

/// A mismatch in a line.
pub(super) fn told(mismatch: &Mismatch) -> String {
    format!("{}: expected {}, was {}", mismatch.what, mismatch.expected, mismatch.actual)
}

/// A setting, what its machine is called, and what it was read from; or why there is none.
type Set = Result<(Setting, String, Vec<PathBuf>), (String, Vec<PathBuf>)>;

impl<'a> Session<'a> {
    pub(super) fn new(args: &'a Args, cancelled: Arc<AtomicBool>) -> Result<Self, Failure> {
        if let Some(path) = args.definition.as_deref().filter(|path| !path.exists()) {
            return Err(Failure::input(format!("There is no file or folder '{}' (--definition).", path.display())));
        }
        let (options, collected) = (args.given.options()?, args.coverage.collect());
        Ok(Self { args, options, definitions: Definitions::default(), cancelled, collected })
    }

    /// Tells whether somebody wants the command to end.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Forgets what was read from files that have changed.
    pub(super) fn forget(&self, changed: &dyn Fn(&Path) -> bool) {
        self.definitions.forget(changed);
    }

    /// Runs all cases; their order is that of the files.
    pub(super) fn run(&self, found: &Found) -> Vec<Row> {
        let cases: Vec<(&Held, &Case)> =
            found.files.iter().flat_map(|held| held.cases.iter().map(move |case| (held, case))).collect();
        cases.into_par_iter().map(|(held, case)| self.row(held, case)).collect()
    }

    /// Runs one case.
    pub(super) fn row(&self, held: &Held, case: &Case) -> Row {
        let (outcome, ran, mut touches) = match self.setting(held, case) {
            Err((reason, files)) => (Outcome::Stopped(reason), None, files),
            Ok((setting, machine, files)) => {
                let ran = Ran::of(case, setting, 0);
                self.collected.add(Some(&machine), &ran.recording);
                (judged(case, &ran), Some(ran), files)
            }
        };
        touches.push(held.path.clone());
        let unused = ran.iter().flat_map(|ran| &ran.unused).map(|unused| unused.key.clone()).collect();
        let status = ran.as_ref().map(|ran| ran.status);
        let (file, line, name) = (held.path.clone(), case.places.line, case.name.clone());
        Row { file, line, name, outcome, status, unused, touches }
    }

    /// Reads what a case is run with.
    fn setting(&self, held: &Held, case: &Case) -> Set {
        let folder = held.path.parent().unwrap_or(Path::new(""));
        let known = self.definitions.of(case, folder, self.args.definition.as_deref(), &self.options)?;
        let mut files = known.files;
        let input = Self::input(held, case, folder, &mut files).map_err(|reason| (reason, files.clone()))?;
        let answers = answers(held, case, folder, &mut files).map_err(|reason| (reason, files.clone()))?;
        let mut machines = std::collections::HashMap::new();
        for (name, file) in &case.machines {
            let (machine, beside) = self.definitions.started(name, beneath(folder, file))?;
            files.extend(beside);
            machines.insert(name.clone(), machine);
        }
        let s3 = case.s3.as_ref().map(|name| beneath(folder, name));
        let cancelled = Arc::clone(&self.cancelled);
        let (machine, definition) = (known.machine, known.definition);
        let name = known.name.or_else(|| case.machine.clone()).unwrap_or_else(|| case.name.clone());
        Ok((Setting { machine, definition, input, answers, machines, s3, cancelled }, name, files))
    }

    fn input(held: &Held, case: &Case, folder: &Path, files: &mut Vec<PathBuf>) -> Result<Payload, String> {
        let (text, shown) = match &case.input {
            None => return Ok(Payload::from_text("{}")),
            Some(Written::Here(text, line)) => (text.clone(), format!("{}:{line}", held.path.display())),
            Some(Written::File(name)) => {
                let path = beneath(folder, name);
                files.push(path.clone());
                let text = file::text(&path).map_err(|failure| sentence(&failure))?;
                (text.trim_end().to_owned(), path.display().to_string())
            }
        };
        let input = Payload::from_text(text);
        if let Err(error) = input.value() {
            return Err(format!("The input in '{shown}' is {error}."));
        }
        const MOST: usize = crate::interpreter::MAX_PAYLOAD;
        if input.exceeds(MOST) {
            return Err(format!("The input has {} bytes; AWS refuses more than {MOST}.", input.size()));
        }
        Ok(input)
    }

    /// Writes what came out into the files, where it is not what was expected.
    pub(super) fn update(&self, found: &Found, rows: &mut [Row]) -> Result<(), Failure> {
        let mut left = rows;
        for held in &found.files {
            let (own, rest) = std::mem::take(&mut left).split_at_mut(held.cases.len());
            left = rest;
            let mut changes: Vec<(&Places, Value)> = Vec::new();
            for (case, row) in held.cases.iter().zip(own.iter_mut()) {
                let writable = case.places.end.is_some();
                let fails = matches!(row.outcome, Outcome::Failed(_)) || case.expect.written.is_none();
                let stopped = matches!(row.outcome, Outcome::Stopped(_));
                if !writable || !fails || stopped {
                    continue;
                }
                let run = |other| self.setting(held, case).ok().map(|(setting, ..)| Ran::of(case, setting, other));
                if let (Some(ran), Some(again)) = (run(0), run(OTHER)) {
                    changes.push((&case.places, expected(case, &ran, &again)));
                    row.outcome = Outcome::Updated;
                }
            }
            if !changes.is_empty() {
                writing::text(&held.path, Existing::Replace, &updated(&held.text, changes))?;
            }
        }
        Ok(())
    }

    pub(super) fn to_json(&self, rows: &[Row]) -> Value {
        let count = |word: &str| rows.iter().filter(|row| row.word() == word).count();
        let mut told = Map::new();
        told.insert("format".to_owned(), "stepback.tests/1".into());
        let counts = ["passed", "failed", "stopped", "updated"].map(|word| (word.to_owned(), count(word).into()));
        told.insert("counts".to_owned(), Value::Object(counts.into_iter().collect()));
        told.insert("cases".to_owned(), rows.iter().map(Row::to_json).collect());
        told.extend(self.collected.to_json().map(|coverage| ("coverage".to_owned(), coverage)));
        Value::Object(told)
    }
}

/// Judges a run. Of a mock configuration's test case nothing is expected but that it ends.
fn judged(case: &Case, ran: &Ran) -> Outcome {
    if let Some(reason) = &ran.stopped {
        return Outcome::Stopped(reason.clone());
    }
    if case.places.end.is_none() {
        return Outcome::Passed;
    }
    match case.expect.mismatches(ran) {
        mismatches if mismatches.is_empty() => Outcome::Passed,
        mismatches => Outcome::Failed(mismatches),
    }
}

/// Reads the answers of a case.
fn answers(
    held: &Held,
    case: &Case,
    folder: &Path,
    files: &mut Vec<PathBuf>,
) -> Result<Box<dyn Answers + Send>, String> {
    let (text, shown) = match &case.answers {
        None => return Ok(Box::new(Nobody)),
        Some(Written::Here(text, line)) => (text.clone(), format!("{}:{line}", held.path.display())),
        Some(Written::File(name)) => {
            let path = beneath(folder, name);
            files.push(path.clone());
            // A mock configuration is its own file of answers.
            let text = if path == held.path { Ok(held.text.clone()) } else { file::text(&path) };
            (text.map_err(|failure| sentence(&failure))?, path.display().to_string())
        }
    };
    let machine = case.machine.as_deref().unwrap_or_default();
    AnswersFile::read(&text, machine, case.test_case.as_deref()).map_err(|error| format!("'{shown}': {error}"))
}
