//! Why something could not be opened, and what to do about it.

use std::fmt;
use std::io;
use std::sync::Arc;

/// Why something could not be opened or written.
#[derive(Debug)]
pub enum SourceError {
    /// The operating system refuses.
    Io(io::Error),
    /// There is nothing in it.
    Empty,
    /// It is text in UTF-16, as some shells write when redirecting.
    Utf16,
    /// It is no JSON.
    NotJson {
        /// Where it stops being JSON.
        byte: u64,
        /// What the parser expected.
        reason: String,
    },
    /// It is JSON, but no history.
    NoHistory {
        /// What it is instead, as far as it can be told.
        found: String,
    },
    /// It cannot be unpacked.
    Compression(String),
    /// It would take more memory than is sensible.
    TooLarge {
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// It is a folder in which there is nothing that can be opened.
    EmptyFolder,
    /// It is a folder of recordings where one recording is wanted.
    Folder,
    /// It is a definition where a recording is wanted.
    Definition,
    /// It holds several executions where one is wanted: their ARNs.
    Several(Vec<Arc<str>>),
    /// The recording cannot be written as JSON.
    Write(String),
}

impl SourceError {
    /// Returns the next step for the reader.
    pub fn hint(&self) -> Option<String> {
        None
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for SourceError {}

impl From<io::Error> for SourceError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
