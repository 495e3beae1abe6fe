//! Why a command could not do its work, in words for the person who typed it.

use std::fmt;
use std::io;

/// A command that could not do its work: what happened and what to do next.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    exit_code: u8,
    closed_pipe: bool,
}

impl Failure {
    /// A wrong use of the command or an input that cannot be read (exit code 2).
    pub fn input(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit_code: 2, closed_pipe: false }
    }

    /// Something AWS refused, or could not be asked (exit code 3).
    #[cfg(feature = "aws")]
    pub fn refused(message: impl Into<String>) -> Self {
        Self { exit_code: 3, ..Self::input(message) }
    }

    /// Somebody stopped it (exit code 130, as shells have it).
    pub fn interrupted(message: impl Into<String>) -> Self {
        Self { exit_code: 130, ..Self::input(message) }
    }

    /// Adds the next step for the reader.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns what happened, as a sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the exit code of the process.
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// Tells whether the reader of our output went away, which is no failure of ours.
    pub fn is_closed_pipe(&self) -> bool {
        self.closed_pipe
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self { message: format!("Cannot write the result: {error}."), hint: None, exit_code: 2, closed_pipe }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}
