//! What a command is pointed at: a file, a folder, standard input, an execution in AWS.

use super::{Failure, Output, Verdict, aws, zone};
use crate::analysis::{Diagnosis, Marked, Overview, Programs, Whereabouts, diagnose_with, marked, overview};
use crate::event::Timestamp;
use crate::history::{Family, MemberId};
use crate::recording::{Missing, Recording, Status};
use crate::report::{Bearings, Paper};
use crate::source::remote::Remote;
use crate::source::{self, Opened, SourceError};
use std::ffi::OsString;
use std::fmt;
use std::path::Path;

/// The execution a command is about.
#[derive(Debug, clap::Args)]
pub(super) struct Subject {
    /// A recording, a folder of its parts, an execution's ARN or console address, or - for standard input.
    #[arg(value_name = "TARGET")]
    pub(super) target: Name,
    /// Use the execution of this name, when the target holds several.
    #[arg(long, value_name = "NAME")]
    pub(super) execution: Option<String>,
    #[command(flatten)]
    pub(super) aws: aws::Reach,
}

impl Subject {
    /// Returns the recordings that are meant: usually one; a log may hold several.
    pub(super) fn recordings(&self, output: &mut Output) -> Result<Vec<Recording>, Failure> {
        recordings(&self.target, self.execution.as_deref(), &self.aws, output)
    }

    /// The same, looked into.
    pub(super) fn open(&self, output: &mut Output) -> Result<Vec<Target>, Failure> {
        Ok(self.recordings(output)?.iter().map(Target::of).collect())
    }
}

/// What a command is pointed at, as it was typed: a path, which need not be UTF-8, an address in AWS, or `-`.
#[derive(Debug, Clone)]
pub(super) struct Name(OsString);

impl Name {
    /// Returns it as a path.
    pub(super) fn path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// Returns the address in AWS, if it is one.
    pub(super) fn remote(&self) -> Result<Option<Remote>, Failure> {
        self.0.to_str().map_or(Ok(None), aws::named)
    }

    /// Tells whether it is `-`.
    pub(super) fn is_stdin(&self) -> bool {
        self.0 == "-"
    }
}

impl From<OsString> for Name {
    fn from(name: OsString) -> Self {
        Self(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().display().fmt(f)
    }
}

/// How text is laid out.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Layout {
    /// Width in columns.
    #[arg(long, value_name = "N")]
    width: Option<u16>,
}

impl Layout {
    /// Returns what text is printed on: so many columns, those of the terminal, or what suits most readers in a pipe.
    pub(super) fn paper(self, output: &Output) -> Paper {
        let width = self.width.or_else(|| output.width()).unwrap_or(100);
        Paper { width: usize::from(width).max(40), color: output.color(), unicode: output.unicode() }
    }
}

/// A recording opened and looked into.
pub(super) struct Target {
    pub(super) family: Family,
    pub(super) diagnosis: Diagnosis,
    pub(super) overview: Overview,
    pub(super) programs: Programs,
    /// When it was recorded.
    pub(super) recorded: Option<Timestamp>,
    /// The places somebody marked in it.
    pub(super) bookmarks: Vec<Marked>,
    /// What it is called in AWS, and when it failed.
    found: Whereabouts,
}

impl Target {
    pub(super) fn of(recording: &Recording) -> Self {
        let family = Family::of(recording);
        let programs = Programs::of(recording, &family);
        let diagnosis = diagnose_with(&family, &programs);
        let overview = overview(&family, MemberId::ROOT);
        let recorded = recording.recorded.at;
        let bookmarks = marked(&family, &recording.bookmarks);
        let found = Whereabouts::of(recording, &family, &diagnosis);
        Self { family, diagnosis, overview, programs, recorded, bookmarks, found }
    }

    /// Returns where the execution is found and how one gets back to it, having opened it from a target of that name.
    pub(super) fn bearings(&self, name: &Name) -> Bearings {
        Bearings::new(self.found.clone(), &name.to_string(), &zone::zone())
    }

    /// Tells whether the execution ended badly.
    pub(super) fn failed(&self) -> bool {
        let unseen = self.overview.status.is_unseen() && !self.diagnosis.causes.is_empty();
        matches!(self.overview.status, Status::Failed | Status::TimedOut | Status::Aborted) || unseen
    }

    /// Tells whether how it ended is not known, or something that was given could not be read.
    pub(super) fn is_partial(&self) -> bool {
        let unseen = self.overview.status.is_unseen() && self.overview.items.is_none();
        unseen || self.overview.missing.iter().any(Missing::is_unread)
    }
}

/// Returns what a command about executions exits with: whether any ended badly, or else whether all could be told.
pub(super) fn verdict(targets: &[Target]) -> Verdict {
    match () {
        () if targets.iter().any(Target::failed) => Verdict::Finding,
        () if targets.iter().any(Target::is_partial) => Verdict::Partial,
        () => Verdict::Fine,
    }
}

/// Opens the recordings behind a name: usually one; a log may hold several, of which `only` picks those whose name or
/// ARN contains it.
pub(super) fn recordings(
    name: &Name,
    only: Option<&str>,
    reach: &aws::Reach,
    output: &mut Output,
) -> Result<Vec<Recording>, Failure> {
    if let Some(remote) = name.remote()? {
        return Ok(vec![aws::recording(&remote, reach, output)?]);
    }
    let opened = if name.is_stdin() { source::open_stdin() } else { source::open(name.path()) };
    let failure = |error: &SourceError| {
        let subject = if name.is_stdin() { "The standard input".to_owned() } else { name.to_string() };
        let failure = Failure::input(error.about(&subject));
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
