//! What of a recording could not be read.

use crate::event::{EventId, ReadError};
use std::fmt;

/// A place in a recording that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Where, in bytes from the beginning (of the uncompressed text).
    pub byte: u64,
    /// The last event before it that could be read.
    pub after: Option<EventId>,
    /// What is wrong there.
    pub reason: DamageReason,
}

/// What is wrong with a damaged place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DamageReason {
    /// The text ends there.
    Truncated,
    /// The text is no JSON there; what follows was not read.
    Json(String),
    /// An element of the events is no event; it was left out.
    NoEvent(ReadError),
    /// A member that is known has a value that cannot be; it was left out.
    Member(&'static str),
    /// The compressed data cannot be unpacked any further.
    Compression(String),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let byte = self.byte;
        match &self.reason {
            DamageReason::Truncated => write!(f, "The recording ends abruptly at byte {byte}")?,
            DamageReason::Json(reason) => write!(f, "The recording is no JSON at byte {byte} ({reason})")?,
            DamageReason::NoEvent(error) => write!(f, "At byte {byte} something is no event: {error}")?,
            DamageReason::Member(name) => write!(f, "At byte {byte} \"{name}\" has a value that cannot be")?,
            DamageReason::Compression(reason) => {
                write!(f, "The recording cannot be unpacked after byte {byte} ({reason})")?;
            }
        }
        match self.after {
            Some(event) => write!(f, ", after event {event}."),
            None => f.write_str(", before the first event."),
        }
    }
}
