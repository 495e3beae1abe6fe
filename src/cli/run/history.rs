//! The events of a run, written as they come.

use crate::cli::{Failure, writing};
use crate::event::Event;
use crate::source::{Existing, Replacement};
use crate::tasks::Progress;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// How much text is gathered before it is written.
const CHUNK: usize = 1 << 16;

/// How many batches of events may wait for the writer: it is the run that waits then, and memory does not grow.
const WAITING: usize = 4;

/// Takes the events of a run: into a file as GetExecutionHistory prints them, into memory, or only to be counted.
pub(super) struct HistoryFile {
    writer: Option<Writer>,
    events: usize,
    /// All events, if they are wanted together.
    kept: Option<Vec<Event>>,
}

impl HistoryFile {
    pub(super) fn create(written: Option<(&Path, Existing)>, keep: bool) -> Result<Self, Failure> {
        let writer = written.map(|(path, existing)| Writer::begin(path, existing)).transpose()?;
        Ok(Self { writer, events: 0, kept: keep.then(Vec::new) })
    }

    /// Ends the list, and returns how many events it has and, if they are wanted together, all of them.
    pub(super) fn finish(&mut self) -> Result<(usize, Option<Vec<Event>>), Failure> {
        self.writer.take().map_or(Ok(()), Writer::finish)?;
        Ok((self.events, self.kept.take()))
    }

    /// Returns how many events there were.
    pub(super) fn count(&self) -> usize {
        self.events
    }
}

impl Progress for HistoryFile {
    type Error = Failure;

    fn events(&mut self, events: Vec<Event>) -> Result<(), Failure> {
        self.events += events.len();
        self.kept.iter_mut().for_each(|kept| kept.extend_from_slice(&events));
        // A writer that has stopped takes no more, and says why when it is asked.
        match &self.writer {
            Some(writer) if !events.is_empty() && writer.batches.send(events).is_err() => self.finish().map(drop),
            _ => Ok(()),
        }
    }
}

/// Writes events in a thread of its own, so that the run goes on while they are printed.
struct Writer {
    batches: SyncSender<Vec<Event>>,
    thread: JoinHandle<Result<Target, Failure>>,
}

impl Writer {
    fn begin(path: &Path, existing: Existing) -> Result<Self, Failure> {
        let file = Replacement::of(path, existing).map_err(|error| writing::cannot(path, &error))?;
        let (batches, taken) = sync_channel(WAITING);
        let target = Target { file, path: path.to_owned(), text: b"{\"events\":[".to_vec() };
        let thread = std::thread::spawn(move || target.write_all(&taken));
        Ok(Self { batches, thread })
    }

    /// Waits until all is written, and puts the file in its place.
    fn finish(self) -> Result<(), Failure> {
        drop(self.batches);
        let stopped = || Err(Failure::input("The history could not be written."));
        let Target { file, path, .. } = self.thread.join().unwrap_or_else(|_| stopped())?;
        file.commit().map_err(|error| writing::cannot(&path, &error))
    }
}

/// The file, and the text that has not been written to it.
struct Target {
    file: Replacement,
    path: PathBuf,
    text: Vec<u8>,
}

impl Target {
    fn write_all(mut self, batches: &Receiver<Vec<Event>>) -> Result<Self, Failure> {
        let mut separator: &[u8] = b"\n";
        for event in batches.iter().flatten() {
            self.text.extend_from_slice(separator);
            separator = b",\n";
            serde_json::to_writer(&mut self.text, &event)
                .map_err(|error| Failure::input(format!("Cannot write event {}: {error}.", event.id)))?;
            if self.text.len() > CHUNK {
                self.flush()?;
            }
        }
        self.text.extend_from_slice(b"\n]}\n");
        self.flush()?;
        Ok(self)
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.file.write_all(&self.text).map_err(|error| writing::cannot(&self.path, &error.into()))?;
        self.text.clear();
        Ok(())
    }
}
