//! The file a recording goes to, and what is in it already.

use crate::cli::Failure;
use crate::recording::Recording;
use crate::source;
use std::path::{Path, PathBuf};

/// The file a recording goes to.
#[derive(Debug)]
pub(super) struct Destination {
    path: PathBuf,
    /// What is there of the same execution.
    #[cfg_attr(not(any(feature = "aws", test)), expect(dead_code, reason = "without AWS nothing is completed"))]
    existing: Option<Box<Recording>>,
}

impl Destination {
    /// A file for an execution. One that holds something else is left alone, unless it may be replaced.
    pub(super) fn at(path: PathBuf, arn: Option<&str>, force: bool) -> Result<Self, Failure> {
        if source::is_stream(&path) {
            return Ok(Self::replacing(path));
        }
        if path.is_dir() {
            return Err(Failure::input(format!("{} is a folder; a file is wanted.", path.display())));
        }
        if force || !path.exists() {
            return Ok(Self::replacing(path));
        }
        let existing = source::open_recording(&path).ok();
        let same = |recording: &Recording| arn.is_some() && recording.arn().map(|arn| &**arn) == arn;
        match existing.filter(same) {
            Some(existing) => Ok(Self { path, existing: Some(Box::new(existing)) }),
            None => Err(Failure::input(format!("{} holds something else than this execution.", path.display()))
                .hint("Name another file with -o, or add --force to replace it.")),
        }
    }

    /// A file whose content does not matter.
    pub(super) fn replacing(path: PathBuf) -> Self {
        Self { path, existing: None }
    }

    /// Tells whether it is written to as it comes, as a pipe is, and so only once.
    #[cfg(feature = "aws")]
    pub(super) fn is_stream(&self) -> bool {
        source::is_stream(&self.path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes what is there of the same execution: nothing of it is to be lost.
    #[cfg(feature = "aws")]
    pub(super) fn take_existing(&mut self) -> Option<Box<Recording>> {
        self.existing.take()
    }

    pub(super) fn save(&self, recording: &Recording) -> Result<(), Failure> {
        source::save(recording, &self.path).map_err(|error| {
            let failure = Failure::input(format!("Cannot write {}.", self.path.display()));
            failure.hint(error.about(&self.path.display().to_string()))
        })
    }
}

/// Returns the name of a recording's file: the machine's, the execution's.
#[cfg(feature = "aws")]
pub(super) fn file_name(machine: &str, name: &str) -> PathBuf {
    let safe = |text: &str| -> String {
        text.chars().map(|c| if matches!(c, '/' | '\\' | ':') || c.is_control() { '-' } else { c }).collect()
    };
    PathBuf::from(format!("{}-{}.sfn.json", safe(machine), safe(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_executions_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sfn.json");
        let arn = "arn:aws:states:eu-west-1:1:execution:M:run";
        let mut recording = Recording::default();
        recording.execution.get_or_insert_default().execution_arn = Some(arn.into());
        Destination::at(path.clone(), Some(arn), false).unwrap().save(&recording).unwrap();
        assert!(Destination::at(path.clone(), Some(arn), false).unwrap().existing.is_some());
        assert!(Destination::at(path.clone(), Some("arn:other"), false).is_err());
        assert!(Destination::at(path.clone(), None, false).is_err());
        assert!(Destination::at(path.clone(), Some("arn:other"), true).unwrap().existing.is_none());
        std::fs::write(&path, "precious").unwrap();
        assert!(Destination::at(path, Some(arn), false).is_err());
        assert!(Destination::at(folder.path().to_owned(), Some(arn), true).is_err());
    }

    #[test]
    #[cfg(feature = "aws")]
    fn a_files_name_holds_no_folders() {
        assert_eq!(file_name("Orders/Lines", "run-1"), Path::new("Orders-Lines-run-1.sfn.json"));
    }
}
