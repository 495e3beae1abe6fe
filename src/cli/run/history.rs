//! The events of a run, written as they come.

use crate::cli::Failure;
use crate::event::Event;
use crate::tasks::Progress;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How much text is gathered before it is written.
const CHUNK: usize = 1 << 16;

/// Takes the events of a run: into a file as GetExecutionHistory prints them, into memory, or only to be counted.
pub(super) struct HistoryFile {
    file: Option<(File, PathBuf)>,
    text: Vec<u8>,
    events: usize,
    /// All events, if they are wanted together.
    pub(super) kept: Option<Vec<Event>>,
}

impl HistoryFile {
    pub(super) fn create(path: Option<&Path>, keep: bool) -> Result<Self, Failure> {
        let create = |path: &Path| File::create(path).map(|file| (file, path.to_owned()));
        let file = path.map(|path| create(path).map_err(|error| cannot(path, &error))).transpose()?;
        Ok(Self { file, text: b"{\"events\":[".to_vec(), events: 0, kept: keep.then(Vec::new) })
    }

    /// Ends the list and returns how many events it has.
    pub(super) fn finish(&mut self) -> Result<usize, Failure> {
        self.text.extend_from_slice(b"\n]}\n");
        self.write()?;
        Ok(self.events)
    }

    /// Returns how many events there were.
    pub(super) fn count(&self) -> usize {
        self.events
    }

    fn write(&mut self) -> Result<(), Failure> {
        if let Some((file, path)) = &mut self.file {
            file.write_all(&self.text).map_err(|error| cannot(path, &error))?;
        }
        self.text.clear();
        Ok(())
    }

    fn gather(&mut self, event: &Event) -> Result<(), Failure> {
        self.text.extend_from_slice(if self.events == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut self.text, event)
            .map_err(|error| Failure::input(format!("Cannot write event {}: {error}.", event.id)))?;
        if self.text.len() > CHUNK { self.write() } else { Ok(()) }
    }
}

impl Progress for HistoryFile {
    type Error = Failure;

    fn events(&mut self, events: Vec<Event>) -> Result<(), Failure> {
        for event in &events {
            if self.file.is_some() {
                self.gather(event)?;
            }
            self.events += 1;
        }
        if let Some(kept) = &mut self.kept {
            kept.extend(events);
        }
        Ok(())
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("Cannot write '{}': {error}.", path.display()))
}
