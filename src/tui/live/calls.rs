//! Every call to AWS, as the command that would have made it.

use crate::event::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// A call that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it began.
    pub at: Timestamp,
    /// The `aws` command that does the same.
    pub command: String,
    /// How it ended.
    pub end: CallEnd,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEnd {
    /// Well, after so many microseconds: what came, in words.
    Done(i64, String),
    /// Not well, after so many microseconds: why, as a sentence.
    Refused(i64, String),
    /// Its answer did not come within so many microseconds: why, as a sentence.
    Lost(i64, String),
}

/// News of a call that is sent more than once, or is long in being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeating {
    /// The call of that number is waited for: how it stands, in words.
    Again(u64, String),
    /// It has ended.
    Over(u64),
}

/// The calls of this sitting, the latest last.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    calls: VecDeque<Call>,
    /// The line the cursor is on.
    pub selected: usize,
    /// How many there were in all.
    pub made: u64,
    /// Those that will be sent again, by their number, with how they stand.
    repeating: BTreeMap<u64, String>,
}

/// How many are kept.
const KEPT: usize = 2_000;

impl Calls {
    /// Takes in a call. On the last one, the cursor goes on to the new last one.
    pub fn note(&mut self, call: Call) {
        let at_end = self.selected + 1 >= self.calls.len();
        self.made += 1;
        self.calls.push_back(call);
        if self.calls.len() > KEPT {
            self.calls.pop_front();
            self.selected = self.selected.saturating_sub(1);
        }
        if at_end {
            self.selected = self.calls.len() - 1;
        }
    }

    /// Takes in that a call will be sent again, or has ended.
    pub fn repeat(&mut self, repeating: Repeating) {
        match repeating {
            Repeating::Again(call, words) => self.repeating.insert(call, words),
            Repeating::Over(call) => self.repeating.remove(&call),
        };
    }

    /// Returns how the call stands that is being sent again, if one is: `retrying, 2 of 5, last: …`.
    pub fn repeating(&self) -> Option<&str> {
        self.repeating.values().next_back().map(String::as_str)
    }

    /// Returns them.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Call> + '_ {
        self.calls.iter()
    }

    /// Returns the one under the cursor.
    pub fn current(&self) -> Option<&Call> {
        self.calls.get(self.selected)
    }

    /// Moves the cursor to a line.
    pub fn select(&mut self, line: usize) {
        self.selected = line.min(self.calls.len().saturating_sub(1));
    }
}

impl CallEnd {
    /// Returns how long the call took, in microseconds.
    pub fn micros(&self) -> i64 {
        match self {
            Self::Done(micros, _) | Self::Refused(micros, _) | Self::Lost(micros, _) => *micros,
        }
    }
}
