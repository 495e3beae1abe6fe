//! The recordings in a folder, for the browser: a line for each.

use super::{Opened, SourceError, open, parts};
use crate::event::{EventType, Timestamp};
use crate::recording::{Recording, Status};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::path::{Path, PathBuf};

/// How far back from the end of a history the state that failed is looked for.
const LOOK_BACK: usize = 50;

/// A file that can be opened, or could be if it were not broken.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// What it holds, or why that cannot be told.
    pub summary: Result<Summary, Problem>,
}

/// What can be told of a recording at a glance.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// The execution's name.
    pub name: Option<String>,
    /// The machine's name.
    pub machine: Option<String>,
    /// How it stands.
    pub status: Option<Status>,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// The state that failed, when it is easily told.
    pub state: Option<String>,
    /// The error it failed with.
    pub error: Option<String>,
    /// How many events it has; of a log with several executions, those of all.
    pub events: usize,
    /// How many executions the file holds: one, except for logs.
    pub executions: usize,
    /// Whether it is damaged.
    pub damaged: bool,
    /// Whether it is the results of a Map Run, which do not say how the Map Run stands.
    pub results: bool,
    /// What of it is not there, as sentences.
    pub missing: Vec<String>,
}

/// Why a file that looked like a recording could not be opened, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(pub String);

/// Lists what can be opened in a folder, the latest execution first. Files that are something else are left out.
pub fn folder(path: &Path) -> Result<Vec<Entry>, SourceError> {
    let files = parts::files(path)?;
    let mut entries: Vec<Entry> = files.into_par_iter().filter_map(entry).collect();
    if entries.is_empty() {
        return Err(SourceError::EmptyFolder);
    }
    let unread = |path: PathBuf| Entry { summary: Err(no_file(&path)), path, size: 0 };
    entries.extend(parts::others(path).into_iter().map(unread));
    let began = |entry: &Entry| entry.summary.as_ref().ok().and_then(|summary| summary.started);
    entries.sort_by(|a, b| Reverse(began(a)).cmp(&Reverse(began(b))).then_with(|| a.path.cmp(&b.path)));
    Ok(entries)
}

/// Opens every recording in a folder and does something with it, several at a time; what should be a recording and is
/// none comes with the reason as a sentence. The results come in the order of the files' names.
pub fn each<T: Send>(
    path: &Path,
    act: impl Fn(&Path, Result<Recording, String>) -> T + Sync,
) -> Result<Vec<Vec<T>>, SourceError> {
    let files = parts::files(path)?;
    let done = files.par_iter().map(|file| match open(file) {
        Ok(Opened::One(recording)) => vec![act(file, Ok(*recording))],
        Ok(Opened::Several(recordings)) => recordings.into_iter().map(|recording| act(file, Ok(recording))).collect(),
        Ok(Opened::Definition(_) | Opened::Folder(_)) => Vec::new(),
        Err(error) => problem(file, &error).into_iter().map(|problem| act(file, Err(problem.0))).collect(),
    });
    let mut done: Vec<Vec<T>> = done.collect();
    if done.iter().all(Vec::is_empty) {
        return Err(SourceError::EmptyFolder);
    }
    done.extend(parts::others(path).iter().map(|path| vec![act(path, Err(no_file(path).0))]));
    Ok(done)
}

/// What is neither a file nor a folder is not opened in passing.
fn no_file(path: &Path) -> Problem {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Problem(format!("{name} is not a file: it was not read."))
}

fn entry(path: PathBuf) -> Option<Entry> {
    let size = path.metadata().map_or(0, |metadata| metadata.len());
    let summary = match open(&path) {
        Ok(Opened::One(recording)) => Ok(Summary::of(&recording)),
        Ok(Opened::Several(recordings)) => Ok(Summary::of_several(&recordings)),
        Ok(Opened::Definition(_) | Opened::Folder(_)) => return None,
        Err(error) => Err(problem(&path, &error)?),
    };
    Some(Entry { path, size, summary })
}

/// A file that is something else, whole and sound, is no problem; one that cannot be read is, and one that is empty.
fn problem(path: &Path, error: &SourceError) -> Option<Problem> {
    let name = path.file_name()?.to_string_lossy();
    let something_else = match error {
        SourceError::NoHistory { found } => super::noun::hint(found).is_none(),
        // Prose, and forms nobody knows.
        SourceError::NotJson { byte, .. } => *byte == 0,
        SourceError::Empty => !name.contains(".json") && !name.contains(".log"),
        _ => false,
    };
    (!something_else || name.contains(".sfn.json")).then(|| Problem(error.about(&name)))
}

impl Summary {
    /// Returns what can be told of a recording at a glance.
    pub fn of(recording: &Recording) -> Self {
        let status = recording.status();
        let failed = !matches!(status, Status::Succeeded | Status::Running) && !status.is_unseen();
        // Where the events end before the execution does, the last of them tell nothing of how it ended.
        let ended = recording.events.last_facts().is_some_and(|last| last.kind.ends_execution());
        let described = recording.execution.as_ref().and_then(|execution| execution.error.as_deref());
        let error = || described.map(str::to_owned).or_else(|| last_error(recording));
        if recording.is_map_run_results() {
            return Self::of_results(recording);
        }
        Self {
            name: recording.name().map(str::to_owned),
            machine: recording.machine_name().map(str::to_owned),
            started: recording.started(),
            stopped: recording.stopped(),
            state: if failed && ended { failed_state(recording) } else { None },
            error: if failed { error() } else { None },
            status: Some(status),
            events: recording.events.len(),
            executions: 1,
            results: false,
            damaged: !recording.damage.is_empty(),
            missing: recording.missing().iter().map(ToString::to_string).collect(),
        }
    }

    /// Of the results of a Map Run, the first error that any item failed with.
    fn of_results(recording: &Recording) -> Self {
        let runs = recording.map_runs.iter().flat_map(|run| &run.executions);
        let error = runs.filter_map(|child| child.execution.as_ref()?.error.clone()).next();
        Self {
            name: recording.name().map(str::to_owned),
            machine: recording.machine_name().map(str::to_owned),
            started: recording.started(),
            stopped: recording.stopped(),
            error: error.map(|error| error.to_string()),
            status: Some(recording.status()),
            results: true,
            executions: 1,
            damaged: !recording.damage.is_empty(),
            missing: recording.missing().iter().map(ToString::to_string).collect(),
            ..Self::default()
        }
    }

    /// Of several executions, the latest that went wrong stands for all; if none did, the latest.
    pub fn of_several(recordings: &[Recording]) -> Self {
        let mut summaries: Vec<Self> = recordings.iter().map(Self::of).collect();
        let rank = |summary: &Self| {
            let bad = matches!(summary.status, Some(Status::Failed | Status::TimedOut | Status::Aborted));
            (bad || summary.error.is_some() || summary.state.is_some(), summary.started)
        };
        summaries.sort_by_key(rank);
        let (events, executions) = (summaries.iter().map(|summary| summary.events).sum(), summaries.len());
        let damaged = summaries.iter().any(|summary| summary.damaged);
        let missing = summaries.iter_mut().flat_map(|summary| std::mem::take(&mut summary.missing)).collect();
        Self { events, executions, damaged, missing, ..summaries.pop().unwrap_or_default() }
    }
}

fn last_error(recording: &Recording) -> Option<String> {
    let last = recording.events.get(recording.events.len().checked_sub(1)?)?;
    last.details.failure()?.error.as_deref().map(str::to_owned)
}

/// The state entered last before the failing end, following the chain of parents. AWS lets a failed evaluation follow
/// the event before the entry of its state, but names the state. An analysis tells it better; this tells it cheaply.
fn failed_state(recording: &Recording) -> Option<String> {
    let events = &recording.events;
    let mut at = events.len().checked_sub(1)?;
    if matches!(events.facts(at)?.kind, EventType::ExecutionAborted | EventType::ExecutionTimedOut) {
        at = at.checked_sub(1)?;
    }
    for _ in 0..LOOK_BACK {
        let facts = events.facts(at)?;
        let names_its_state = facts.kind == EventType::EvaluationFailed && facts.name.is_some();
        if names_its_state || facts.kind.enters().is_some() || facts.kind.exits().is_some() {
            return facts.name.map(|name| name.into_owned());
        }
        at = events.position(facts.parent?)?;
    }
    None
}
