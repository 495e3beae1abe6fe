//! The only door through which histories come in: files, folders and streams, recognised by what they hold.
//!
//! Names of files mean nothing here; shapes do. What comes out is a recording, or a choice between several, or the
//! news that it is something else. This module must not know screens.

mod error;
mod folder;

pub use error::SourceError;
pub use folder::{Entry, Problem, Summary, folder};

use crate::json::SharedBytes;
use crate::recording::Recording;
use std::path::{Path, PathBuf};

/// What was found behind a name.
#[derive(Debug, Clone)]
pub enum Opened {
    /// A recording.
    One(Box<Recording>),
    /// Several executions in one file, as in a log: the reader chooses.
    Several(Vec<Recording>),
    /// The definition of a machine, which has no history yet.
    Definition(Definition),
    /// A folder of recordings, to be listed with [`folder`].
    Folder(PathBuf),
}

/// The text of a machine's definition.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The text: JSON or YAML.
    pub text: SharedBytes,
    /// The machine, when the definition came in the answer of `DescribeStateMachine`.
    pub machine: Option<Box<crate::recording::StateMachine>>,
}

/// Opens a file or a folder.
pub fn open(path: &Path) -> Result<Opened, SourceError> {
    let _ = path;
    Err(SourceError::Empty)
}

/// Opens what comes in on standard input.
pub fn open_stdin() -> Result<Opened, SourceError> {
    Err(SourceError::Empty)
}

/// Opens a recording and nothing else; several executions, a definition or a folder are errors with a hint.
pub fn open_recording(path: &Path) -> Result<Recording, SourceError> {
    match open(path)? {
        Opened::One(recording) => Ok(*recording),
        Opened::Several(recordings) => {
            Err(SourceError::Several(recordings.iter().filter_map(|one| one.arn().cloned()).collect()))
        }
        Opened::Definition(_) => Err(SourceError::Definition),
        Opened::Folder(_) => Err(SourceError::Folder),
    }
}

/// Opens the bytes of a file that were read elsewhere.
pub fn open_bytes(bytes: SharedBytes) -> Result<Opened, SourceError> {
    let _ = bytes;
    Err(SourceError::Empty)
}

/// Writes a recording in the stepback/1 form: into a temporary file beside it first, so that a crash leaves the old
/// file or the new one. A name ending in `.gz` or `.zst` is compressed.
pub fn save(recording: &Recording, path: &Path) -> Result<(), SourceError> {
    let _ = (recording, path);
    Err(SourceError::Empty)
}
