//! Every call to AWS, as the command that would have made it.

use crate::event::Timestamp;
use std::collections::VecDeque;

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
}

/// The calls of this sitting, the latest last.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    calls: VecDeque<Call>,
    /// The line the cursor is on.
    pub selected: usize,
    /// How many there were in all.
    pub made: u64,
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
            Self::Done(micros, _) | Self::Refused(micros, _) => *micros,
        }
    }
}
