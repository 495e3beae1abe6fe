//! Large files as memory, without reading them.
//!
//! A mapping is only sound, and its reader only safe from `SIGBUS`, while the file keeps its length. Therefore only
//! files that somebody has finished writing are mapped: see [`Mapped::of`]. stepback itself never writes into a file
//! in place; it replaces it, which leaves a mapping of the old one untouched. Where another program shortens a file all
//! the same, [`lost`] says which.

pub(super) mod lost;

use memmap2::{Mmap, MmapOptions};
use std::fs::{File, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Smaller files are read: that costs little and needs no promises.
const SMALLEST: u64 = 8 << 20;

/// A file changed more recently than this may still be being written.
const SETTLED: Duration = Duration::from_secs(2);

/// The content of a file that is mapped into memory.
#[derive(Debug)]
pub(super) struct Mapped {
    memory: Mmap,
    watched: Option<lost::Watch>,
}

impl Mapped {
    /// Maps a large regular file that has not changed for a moment at `now`; `None` when it should be read instead.
    pub(super) fn of(path: &Path, file: &File, metadata: &Metadata, now: SystemTime) -> Option<Self> {
        let age = metadata.modified().ok().and_then(|modified| now.duration_since(modified).ok());
        let settled = age.is_some_and(|age| age >= SETTLED);
        let memory = (metadata.is_file() && metadata.len() >= SMALLEST && settled).then(|| map(file))??;
        let watched = lost::watch(memory.as_ptr_range(), &path.display().to_string());
        Some(Self { memory, watched })
    }
}

#[expect(unsafe_code, reason = "mapping a file asks for the promise that nobody shortens or changes it")]
fn map(file: &File) -> Option<Mmap> {
    // SAFETY: the mapping is read-only and private, and the file was settled when it was opened. What remains is
    // another program that rewrites a finished recording in place while it is open here: shortening it ends this
    // process with SIGBUS, which reads no wrong memory; changing it changes bytes that are checked anew at each use,
    // since nothing here relies on text it has validated before (payloads are copied when decoded).
    unsafe { MmapOptions::new().populate().map(file) }.ok()
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.memory
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        // No longer watched before it is no longer there.
        self.watched = None;
    }
}
