//! Why something could not be opened or written, and what to do about it.

use super::noun;
use crate::recording::AmendError;
use std::fmt;
use std::io;

/// Why something could not be opened or written.
#[derive(Debug)]
pub enum SourceError {
    /// The operating system refuses.
    Io(io::Error),
    /// There is nothing in it.
    Empty,
    /// It is no JSON.
    NotJson {
        /// Where it stops being JSON.
        byte: u64,
        /// What is wrong there.
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
    /// It holds several executions where one is wanted: their names or what is known of them.
    Several(Vec<String>),
    /// Nobody may write it.
    ReadOnly,
    /// It cannot be given other bookmarks.
    Bookmarks(AmendError),
    /// It holds another execution than it did when it was opened.
    Replaced,
}

impl SourceError {
    /// Returns what happened as a sentence about the thing of that name, such as a path.
    pub fn about(&self, name: &str) -> String {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => format!("There is no {name}."),
            Self::Io(error) => format!("Cannot open {name}: {}.", plain(error)),
            Self::Empty => format!("{name} is empty."),
            Self::NotJson { byte: 0, reason } => format!("{name} is not JSON: {reason}."),
            Self::NotJson { byte, reason } => format!("{name} is not JSON at byte {byte}: {reason}."),
            Self::NoHistory { found } => format!("{name} has no execution history: it is {found}."),
            Self::Compression(reason) => format!("{name} is compressed, but cannot be unpacked: {reason}."),
            Self::TooLarge { limit } => format!("{name} has more than {} GB when unpacked.", limit >> 30),
            Self::EmptyFolder => format!("The folder {name} has no recordings."),
            Self::Folder => format!("{name} is a folder of recordings; one recording is wanted."),
            Self::Definition => format!("{name} is a definition, not a recording of an execution."),
            Self::Several(all) => format!("{name} holds {} executions; one is wanted.", all.len()),
            Self::ReadOnly => format!("{name} may not be written."),
            Self::Bookmarks(reason) => format!("{name} cannot keep bookmarks: {reason}."),
            Self::Replaced => format!("{name} holds another execution now."),
        }
    }

    /// Returns the next step for the reader.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => "Check who may read it.",
            Self::Io(_) | Self::TooLarge { .. } => return None,
            Self::Empty => "If it was redirected from the AWS CLI, the command probably failed: look at what it said.",
            Self::NoHistory { found } if noun::hint(found).is_some() => noun::hint(found).unwrap_or_default(),
            Self::NotJson { .. } | Self::NoHistory { .. } => {
                "A history is what aws stepfunctions get-execution-history --execution-arn ARN --output json prints."
            }
            Self::Compression(_) => "Was it copied in full? gzip and zstd are understood.",
            Self::EmptyFolder => "Put recordings there, or name a file. stepback --demo shows some.",
            Self::Folder => "Name one of the files in it.",
            Self::ReadOnly | Self::Bookmarks(_) => "Keep the execution as a recording of its own.",
            Self::Replaced => "Open it again.",
            Self::Definition => "stepback check examines a definition, stepback run executes it.",
            Self::Several(all) => {
                let some: Vec<_> = all.iter().take(3).map(String::as_str).collect();
                return Some(format!("Open it without a command to choose among them: {}.", some.join(", ")));
            }
        };
        Some(hint.to_owned())
    }
}

/// The system's message without the error number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.about("The input"))
    }
}

impl std::error::Error for SourceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for SourceError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
