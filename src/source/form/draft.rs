//! JSON being written, value by value, by readers that need not know where commas go.

use super::{Places, Translation};
use crate::recording::DamageReason;

/// How deep values may be nested.
pub(super) const DEPTH: usize = 128;

/// JSON being written. What is not closed stays open: the JSON of a broken text is broken as well.
#[derive(Debug, Default)]
pub(super) struct Draft {
    json: String,
    places: Places,
    /// Whether the next value or name needs a comma before it.
    comma: bool,
    pub(super) notes: Vec<&'static str>,
}

impl Draft {
    /// Returns how much is written.
    pub(super) fn len(&self) -> usize {
        self.json.len()
    }

    /// Takes back everything behind that length, which must be where a value began.
    pub(super) fn cut(&mut self, len: usize, comma: bool) {
        self.json.truncate(len);
        self.comma = comma;
    }

    /// Tells whether a comma would come next.
    pub(super) fn comma(&self) -> bool {
        self.comma
    }

    /// Notes where in the text the next value comes from.
    pub(super) fn from(&mut self, origin: usize) {
        self.places.note(self.json.len(), origin);
    }

    fn separate(&mut self) {
        if self.comma {
            self.json.push(',');
        }
    }

    /// Opens an object or array.
    pub(super) fn open(&mut self, bracket: char) {
        self.separate();
        self.json.push(bracket);
        self.comma = false;
    }

    /// Closes an object or array.
    pub(super) fn close(&mut self, bracket: char) {
        self.json.push(bracket);
        self.comma = true;
    }

    /// Writes a member's name.
    pub(super) fn name(&mut self, name: &str) {
        self.separate();
        self.literal(name);
        self.json.push(':');
        self.comma = false;
    }

    /// Writes text.
    pub(super) fn string(&mut self, text: &str) {
        self.separate();
        self.literal(text);
        self.comma = true;
    }

    /// Writes what is JSON already: a number, `true`, `false` or `null`.
    pub(super) fn raw(&mut self, json: &str) {
        self.separate();
        self.json.push_str(json);
        self.comma = true;
    }

    /// Starts another document.
    pub(super) fn next_document(&mut self) {
        if !self.json.is_empty() {
            self.json.push('\n');
        }
        self.comma = false;
    }

    fn literal(&mut self, text: &str) {
        // Text can always be written.
        self.json.push_str(&serde_json::to_string(text).unwrap_or_default());
    }

    /// Adds a remark, once.
    pub(super) fn note(&mut self, note: &'static str) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(super) fn finish(self, broken: Option<(usize, DamageReason)>) -> Translation {
        Translation { json: self.json, places: self.places, broken, notes: self.notes, ..Translation::default() }
    }
}

/// Tells whether a word is a number as JSON has them.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && serde_json::from_str::<serde_json::Number>(word).is_ok()
}
