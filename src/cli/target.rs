//! What a command is pointed at: a file, a folder, standard input, an execution in AWS.

use super::{Failure, Output, aws};
use crate::analysis::{Diagnosis, Overview, Programs, diagnose, overview};
use crate::event::Timestamp;
use crate::history::{Family, MemberId};
use crate::recording::{Recording, Status};
use crate::report::Paper;
use crate::source::{self, Opened, SourceError};
use std::path::Path;

/// A recording opened and looked into.
pub(super) struct Target {
    pub(super) family: Family,
    pub(super) diagnosis: Diagnosis,
    pub(super) overview: Overview,
    pub(super) programs: Programs,
    /// When it was recorded.
    pub(super) recorded: Option<Timestamp>,
}

impl Target {
    pub(super) fn of(recording: &Recording) -> Self {
        let family = Family::of(recording);
        let diagnosis = diagnose(&family);
        let overview = overview(&family, MemberId::ROOT);
        let programs = Programs::of(recording, &family);
        let recorded = recording.recorded.at;
        Self { family, diagnosis, overview, programs, recorded }
    }

    /// Tells whether the execution ended badly.
    pub(super) fn failed(&self) -> bool {
        matches!(self.overview.status, Status::Failed | Status::TimedOut | Status::Aborted)
    }
}

/// Opens the recordings behind a name: usually one; a log may hold several, of which `only` picks those whose name or
/// ARN contains it.
pub(super) fn open(
    name: &str,
    only: Option<&str>,
    reach: &aws::Reach,
    output: &mut Output,
) -> Result<Vec<Target>, Failure> {
    Ok(recordings(name, only, reach, output)?.iter().map(Target::of).collect())
}

/// The same as they were captured.
pub(super) fn recordings(
    name: &str,
    only: Option<&str>,
    reach: &aws::Reach,
    output: &mut Output,
) -> Result<Vec<Recording>, Failure> {
    if let Some(remote) = aws::named(name)? {
        return Ok(vec![aws::recording(&remote, reach, output)?]);
    }
    let opened = if name == "-" { source::open_stdin() } else { source::open(Path::new(name)) };
    let failure = |error: &SourceError| {
        let subject = if name == "-" { "The standard input" } else { name };
        let failure = Failure::input(error.about(subject));
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    };
    let mut recordings = match opened {
        Ok(Opened::Several(recordings)) => recordings,
        Ok(one) => vec![one.into_recording().map_err(|error| failure(&error))?],
        Err(error) => return Err(failure(&error)),
    };
    if let Some(only) = only {
        recordings.retain(|recording| {
            recording.arn().is_some_and(|arn| arn.contains(only)) || recording.name() == Some(only)
        });
        if recordings.is_empty() {
            return Err(Failure::input(format!("No execution in {name} is called {only}.")));
        }
    }
    for damage in recordings.iter().flat_map(|recording| &recording.damage) {
        output.note(format!("warning: {damage}"));
    }
    Ok(recordings)
}

/// Returns what text is printed on: the terminal, or a width that suits most readers in a pipe.
pub(super) fn paper(width: Option<u16>, output: &Output) -> Paper {
    let width = width.or_else(|| output.width()).unwrap_or(100);
    Paper { width: usize::from(width).max(40), color: output.color(), unicode: output.unicode() }
}
