//! What of a recording could not be read.

use crate::event::{EventId, ReadError};
use crate::json::scan::Surprise;
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
    /// A line among others that is something else, such as a message of a program; it was left out.
    Stray {
        /// Its number, from 1.
        line: usize,
        /// How it begins.
        text: String,
    },
}

impl Damage {
    /// The damage that surprised a scanner, in a text that starts at byte `base` of its file.
    pub fn structural(text: &[u8], base: u64, surprise: Surprise, after: Option<EventId>) -> Self {
        let rest = text.get(surprise.at..).unwrap_or_default();
        let truncated = rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
        let reason = if truncated { DamageReason::Truncated } else { DamageReason::Json(unexpected(rest)) };
        Self { byte: base + surprise.at as u64, after, reason }
    }

    /// Tells whether what follows the place was not read either.
    pub fn hides_what_follows(&self) -> bool {
        match self.reason {
            DamageReason::Truncated | DamageReason::Json(_) | DamageReason::Compression(_) => true,
            DamageReason::NoEvent(_) | DamageReason::Member(_) | DamageReason::Stray { .. } => false,
        }
    }

    /// Tells whether the place is sound JSON that is no event.
    pub fn is_no_event(&self) -> bool {
        matches!(self.reason, DamageReason::NoEvent(_))
    }
}

fn unexpected(rest: &[u8]) -> String {
    let shown: String = String::from_utf8_lossy(rest.get(..40).unwrap_or(rest)).chars().take(12).collect();
    format!("unexpected {shown:?}")
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
            DamageReason::Stray { line, text } => {
                return write!(f, "Line {line}, at byte {byte}, does not belong there and was left out: {text}");
            }
        }
        match self.after {
            Some(event) => write!(f, ", after event {event}."),
            None => f.write_str(", before the first event."),
        }
    }
}
