//! An execution on the screen that is still coming in, or still going on.

use crate::tui::msg::{Ticket, Trouble};
use crate::tui::subject::Subject;
use crate::tui::text;

/// The state of an execution that came from AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The question its parts answer.
    pub ticket: Ticket,
    /// How far it is.
    pub stage: Stage,
    /// Why AWS does not answer just now, while what happens is followed all the same.
    pub silent: Option<Trouble>,
}

impl Fetch {
    /// A question that was just put.
    pub fn new(ticket: Ticket, stage: Stage) -> Self {
        Self { ticket, stage, silent: None }
    }
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// More is on its way.
    Fetching(Progress),
    /// Somebody stopped it; the rest can be fetched later.
    Stopped(Progress),
    /// It could not go on; the rest can be fetched later.
    Broken(Trouble),
    /// All that had happened when it was fetched is there.
    Whole,
    /// What happens is fetched as it happens.
    Following,
}

/// How much of a history is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Events that are there.
    pub events: usize,
    /// Events there are, when that is known.
    pub of: Option<usize>,
    /// Histories of executions it started: how many are wanted, and how many are there.
    pub executions: Option<(usize, usize)>,
}

/// What came of an execution that is fetched or followed.
#[derive(Debug)]
pub enum Came {
    /// So much of it, and more is on its way.
    Part(Box<Subject>, Progress),
    /// All that has happened up to now.
    Whole(Box<Subject>),
    /// It could not go on. What is there stays.
    Broken(Trouble),
    /// AWS does not answer just now; it is asked again.
    Silent(Trouble),
    /// AWS answers again.
    Heard,
}

impl Progress {
    /// Returns it in words: `1,000 of 25,000 events`, then `3 of 12 executions`.
    pub fn words(self) -> String {
        let events = text::count(self.events);
        if let Some((wanted, there)) = self.executions.filter(|_| self.of == Some(self.events)) {
            return format!("{} of {} executions", text::count(there), text::count(wanted));
        }
        match self.of {
            Some(of) => format!("{events} of {} events", text::count(of)),
            None => format!("{events} events so far"),
        }
    }
}

impl Stage {
    /// Tells whether something is expected to come.
    pub fn is_going_on(&self) -> bool {
        matches!(self, Self::Fetching(_) | Self::Following)
    }

    /// Tells whether a part of the history is missing.
    pub fn is_partial(&self) -> bool {
        matches!(self, Self::Fetching(_) | Self::Stopped(_) | Self::Broken(_))
    }
}
