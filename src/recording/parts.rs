//! What stepback itself adds to a recording: how it was made, and what was taken out since.

use super::field::object;
use crate::event::Timestamp;
use std::sync::Arc;

object! {
    /// Who recorded an execution, when, and what is missing.
    pub struct Recorded {
        /// When it was recorded.
        at: Timestamp = "at",
        /// The program that recorded it.
        by: Arc<str> = "by",
        /// The region it was recorded in.
        region: Arc<str> = "region",
        /// Whether everything there was to record is in it.
        complete: bool = "complete",
        /// Where the events come from, when not from the history the service keeps: [`FROM_LOG`](super::FROM_LOG).
        source: Arc<str> = "source",
        /// Whether the service had more events than were fetched.
        more_pages: bool = "morePages",
        /// What is missing and why, in words.
        notes: Vec<Arc<str>> = "notes",
    }
}

object! {
    /// Something that was taken out of every payload.
    pub struct Redaction {
        /// The path it stood at.
        path: Arc<str> = "path",
        /// The pattern it matched.
        pattern: Arc<str> = "pattern",
        /// How often it was found.
        count: u64 = "count",
    }
}

impl Recorded {
    /// Adds a remark about what is missing.
    pub fn note(&mut self, note: impl Into<Arc<str>>) {
        self.notes.get_or_insert_default().push(note.into());
    }
}
