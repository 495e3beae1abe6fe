//! The command line as something to be called: what the tools ask for answers.

use crate::recording::Recording;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The commands of the program, and the recordings they open.
pub trait Commands: Send + Sync {
    /// Returns the options of a command, as its help has them; none of a command that is not there.
    fn options(&self, command: &str) -> Vec<Opt>;

    /// Runs a command with these arguments, its name first. Setting `stop` ends it early, with whatever it has by then.
    fn run(&self, arguments: &[OsString], stop: &Arc<AtomicBool>) -> Told;

    /// Opens what is in a file or folder; the reason as a sentence when there is no recording.
    fn open(&self, path: &Path) -> Result<Vec<Recording>, String>;

    /// Fetches an execution from AWS by its ARN or console address; `None` when the text is neither.
    fn fetch(&self, address: &str) -> Option<Result<Recording, String>>;
}

/// An option of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opt {
    /// Its long name without the dashes, or the name of a positional argument in lower case.
    pub name: String,
    /// What it does, as the help has it.
    pub help: String,
    /// The values it takes, if only some are taken.
    pub values: Vec<String>,
}

/// What a command said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The exit code: 0 and 1 are answers, 4 is one in part, all others are failures.
    pub exit: u8,
    /// The result.
    pub text: String,
    /// What was said beside it: notes and, of a failure, the reason and a hint.
    pub notes: Vec<String>,
}

impl Told {
    /// Tells whether the command could not do its work.
    pub fn is_failure(&self) -> bool {
        !matches!(self.exit, 0 | 1 | 4)
    }
}
