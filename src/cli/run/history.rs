//! The events of a run, written as they come.

use crate::cli::Failure;
use crate::event::Event;
use crate::tasks::Progress;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that takes events as GetExecutionHistory prints them, or nothing but their count.
pub(super) struct HistoryFile {
    file: Option<(BufWriter<File>, PathBuf)>,
    events: usize,
    /// All events, if they are wanted together.
    pub(super) kept: Option<Vec<Event>>,
}

impl HistoryFile {
    pub(super) fn create(path: Option<&Path>, keep: bool) -> Result<Self, Failure> {
        let kept = keep.then(Vec::new);
        let Some(path) = path else { return Ok(Self { file: None, events: 0, kept }) };
        let file = File::create(path).map_err(|error| cannot(path, &error))?;
        Ok(Self { file: Some((BufWriter::new(file), path.to_owned())), events: 0, kept })
    }

    /// Ends the list and returns how many events it has.
    pub(super) fn finish(&mut self) -> Result<usize, Failure> {
        let start = if self.events == 0 { "{\"events\":[" } else { "" };
        if let Some((file, path)) = &mut self.file {
            let written = write!(file, "{start}\n]}}\n").and_then(|()| file.flush());
            written.map_err(|error| cannot(path, &error))?;
        }
        Ok(self.events)
    }
}

impl Progress for HistoryFile {
    type Error = Failure;

    fn events(&mut self, events: Vec<Event>) -> Result<(), Failure> {
        let first = self.events == 0;
        self.events += events.len();
        if let Some((file, path)) = &mut self.file {
            write_events(file, path, &events, first)?;
        }
        if let Some(kept) = &mut self.kept {
            kept.extend(events);
        }
        Ok(())
    }
}

fn write_events(file: &mut BufWriter<File>, path: &Path, events: &[Event], first: bool) -> Result<(), Failure> {
    for (index, event) in events.iter().enumerate() {
        let separator = if first && index == 0 { "{\"events\":[\n" } else { ",\n" };
        let written = file.write_all(separator.as_bytes());
        written.map_err(|error| cannot(path, &error))?;
        serde_json::to_writer(&mut *file, event)
            .map_err(|error| Failure::input(format!("Cannot write '{}': {error}.", path.display())))?;
    }
    Ok(())
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("Cannot write '{}': {error}.", path.display()))
}
