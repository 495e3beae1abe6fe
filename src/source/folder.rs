//! The recordings in a folder, for the browser: a line for each, without reading more than that takes.

use super::SourceError;
use crate::event::Timestamp;
use crate::recording::Status;
use std::path::{Path, PathBuf};

/// A file or folder that can be opened, or could be if it were not broken.
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
}

/// Why a file that looked like a recording could not be opened, worded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(pub String);

/// Lists what can be opened in a folder, the latest execution first.
pub fn folder(path: &Path) -> Result<Vec<Entry>, SourceError> {
    let _ = path;
    Err(SourceError::EmptyFolder)
}
