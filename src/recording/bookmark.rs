//! Bookmarks: places somebody wants to find again, or show to somebody else, and what they said about them.
//!
//! They stand in the member `bookmarks` of a recording, those in executions it started as well:
//!
//! ```text
//! "bookmarks": [
//!   { "letter": "a", "event": 41, "note": "the bank answers 402 from here on" },
//!   { "letter": "b", "execution": "arn:aws:states:…", "event": 7 }
//! ]
//! ```
//!
//! Everything but `event` may be absent. `execution` is the ARN of the execution the event belongs to, when that is not
//! the recorded one itself. Members nobody knows stay with their bookmark when its note or its place changes.

use super::field::{Field, object};
use crate::event::EventId;
use crate::json::SharedBytes;
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

object! {
    /// A place somebody marked.
    pub struct Bookmark {
        /// What it is called by.
        letter: Letter = "letter",
        /// The ARN of the execution the event belongs to, when that is not the recorded one itself.
        execution: Arc<str> = "execution",
        /// The event.
        event: EventId = "event",
        /// What they said about it.
        note: Arc<str> = "note",
    }
}

impl Eq for Bookmark {}

/// The letter a bookmark is called by, from a to z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Letter(char);

/// What is to be different among the bookmarks of a recording. It is said as a change and not as the new list, so that
/// what somebody else wrote into the file meanwhile is not lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookmarkChange {
    /// This one is there, instead of the one with the same letter.
    Set(Bookmark),
    /// This is said about the one, or nothing is.
    Note(Bookmark, Option<Arc<str>>),
    /// This one is not there any more.
    Remove(Bookmark),
}

impl Bookmark {
    /// Tells whether both are the same bookmark, whatever is said about it.
    pub fn is(&self, other: &Self) -> bool {
        (self.letter, self.event) == (other.letter, other.event) && self.execution == other.execution
    }

    /// Tells the same of two of which several may be at one place: without a letter they differ by their notes.
    fn is_that(&self, other: &Self) -> bool {
        self.is(other) && (self.letter.is_some() || self.note == other.note)
    }
}

impl BookmarkChange {
    /// Makes the change.
    pub fn apply(&self, bookmarks: &mut Vec<Bookmark>) {
        match self {
            Self::Set(new) => {
                let replaced = |old: &&mut Bookmark| new.letter.is_some() && old.letter == new.letter;
                match bookmarks.iter_mut().find(replaced) {
                    Some(old) => *old = Bookmark { unknown: std::mem::take(&mut old.unknown), ..new.clone() },
                    None => bookmarks.push(new.clone()),
                }
            }
            Self::Note(of, note) => match bookmarks.iter_mut().find(|old| old.is_that(of)) {
                Some(old) => old.note.clone_from(note),
                None => bookmarks.push(Bookmark { note: note.clone(), ..of.clone() }),
            },
            Self::Remove(gone) => {
                let place = bookmarks.iter().position(|old| old.is_that(gone));
                place.map(|place| bookmarks.remove(place));
            }
        }
    }
}

impl Letter {
    /// Returns the letter, or `None` when it is not one from a to z.
    pub fn new(c: char) -> Option<Self> {
        c.is_ascii_lowercase().then_some(Self(c))
    }

    /// Returns it as a character.
    pub fn get(self) -> char {
        self.0
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Letter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_char(self.0)
    }
}

impl Field for Letter {
    fn read(value: &SharedBytes) -> Option<Self> {
        let text = <Arc<str>>::read(value)?;
        let mut chars = text.chars();
        let letter = Self::new(chars.next()?)?;
        chars.next().is_none().then_some(letter)
    }
}
