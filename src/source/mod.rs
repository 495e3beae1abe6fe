//! The only door through which histories come in: files, folders and streams, recognised by what they hold; and AWS,
//! by the names it gives.
//!
//! Names of files mean nothing here; shapes do. What comes out is a recording, or a choice between several, or the
//! news that it is something else. This module must not know screens.

mod assemble;
#[cfg_attr(not(any(feature = "aws", test)), expect(dead_code, reason = "without the feature only the nouns are used"))]
pub mod aws;
mod bookmark;
mod bytes;
mod error;
mod folder;
mod form;
mod good;
mod logs;
mod mapping;
mod notice;
mod noun;
mod parts;
mod pieces;
mod replacement;
mod results;
mod save;
#[cfg(test)]
mod tests;
mod text;

pub use crate::recording::remote;
pub use bookmark::bookmark;
pub use error::SourceError;
pub use folder::{Entry, Problem, Summary, each, folder};
pub use good::last_good;
pub use mapping::lost::{last_words_as_ever, last_words_to};
pub use replacement::{Existing, Replacement, is_stream};
pub use save::{replace, replace_or_keep, save, save_or_keep};

use crate::json::SharedBytes;
use crate::recording::{Recording, StateMachine};
use bytes::Content;
use std::io;
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
    pub machine: Option<Box<StateMachine>>,
}

/// Opens a file or a folder.
pub fn open(path: &Path) -> Result<Opened, SourceError> {
    if path.is_dir() {
        return parts::open_folder(path);
    }
    // A pipe can be read only once.
    if path.is_file()
        && let Some(results) = results::of_file(path)
    {
        return Ok(Opened::One(Box::new(results?)));
    }
    recognise(bytes::of_file(path)?)
}

/// Opens what comes in on standard input.
pub fn open_stdin() -> Result<Opened, SourceError> {
    recognise(bytes::of_reader(&mut io::stdin().lock())?)
}

/// Opens bytes that were read elsewhere.
pub fn open_bytes(bytes: impl Into<SharedBytes>) -> Result<Opened, SourceError> {
    recognise(bytes::unpack(bytes.into())?)
}

/// Opens a recording and nothing else; several executions, a definition or a folder are errors with a hint.
pub fn open_recording(path: &Path) -> Result<Recording, SourceError> {
    open(path)?.into_recording()
}

impl Opened {
    /// Returns the recording if it is one and nothing else.
    pub fn into_recording(self) -> Result<Recording, SourceError> {
        match self {
            Self::One(recording) => Ok(*recording),
            Self::Several(recordings) => Err(SourceError::Several(recordings.iter().map(Recording::label).collect())),
            Self::Definition(_) => Err(SourceError::Definition),
            Self::Folder(_) => Err(SourceError::Folder),
        }
    }
}

/// Returns the text of a file, unpacked; what is no UTF-8 in it is replaced.
pub fn text(path: &Path) -> Result<String, SourceError> {
    let Content { bytes, .. } = bytes::of_file(path)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn recognise(content: Content) -> Result<Opened, SourceError> {
    match results::of_bytes(&content) {
        Some(results) => Ok(Opened::One(Box::new(results))),
        None => assemble::assemble(text::pieces(content)?),
    }
}
