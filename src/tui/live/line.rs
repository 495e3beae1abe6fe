//! A line of text being typed.

use crate::tui::key::{Code, Key};
use unicode_segmentation::UnicodeSegmentation;

/// A line of text being typed, with the cursor at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub String);

/// What a key did to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// It is text, or took some away.
    Typed,
    /// The line is finished.
    Finished,
    /// The line is given up.
    GivenUp,
    /// The program is to end.
    Quit,
    /// Nothing.
    Nothing,
}

impl Line {
    /// Takes in a key.
    pub fn key(&mut self, key: Key) -> Edited {
        match (key.code, key.ctrl) {
            (Code::Enter, _) => return Edited::Finished,
            (Code::Esc, _) => return Edited::GivenUp,
            (Code::Char('c'), true) => return Edited::Quit,
            (Code::Char('u'), true) => self.0.clear(),
            (Code::Char('w'), true) => {
                let kept = self.0.trim_end().rfind([' ', '/']).map_or(0, |at| at + 1);
                self.0.truncate(kept);
            }
            (Code::Char(c), false) => self.0.push(c),
            (Code::Backspace, _) => {
                let kept = self.0.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
                self.0.truncate(kept);
            }
            _ => return Edited::Nothing,
        }
        Edited::Typed
    }

    /// Takes in pasted text, of which a line has only the first line.
    pub fn paste(&mut self, text: &str) {
        self.0.push_str(text.lines().next().unwrap_or_default());
    }
}
