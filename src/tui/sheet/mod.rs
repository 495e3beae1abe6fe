//! Answers and definitions as rows one can scroll through, fold and search: what the data pane shows when it does not
//! show documents.
//!
//! A sheet is made once for what it is about and kept; making one may take long, so it is done in the background when
//! there is much to look at. This module must not know keys, nor colours beyond their roles.

mod answers;
mod definition;
mod study;

pub use study::{Study, Subjects};

use super::theme::Role;
use crate::event::EventId;
use crate::json::rows::{Needle, Nesting, Outline};
use crate::report::{Entry, Mark};

/// Rows of words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    rows: Vec<Row>,
    nesting: Nesting,
    /// Why there is nothing, when there is nothing.
    pub nothing: String,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How deep it stands.
    pub depth: u16,
    /// What stands in front of it.
    pub front: Front,
    /// The words.
    pub words: Vec<(Role, Box<str>)>,
    /// All of it, when it is shown cut or in parts.
    pub whole: Option<Box<str>>,
    /// Whether what stands below it is folded at first.
    pub closed: bool,
    /// The event it is about.
    pub event: Option<EventId>,
}

/// What stands in front of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// The sign of an answer.
    Mark(Mark),
    /// The number of a line of the definition.
    Line(u32),
    /// A remark on the line above it.
    Remark,
}

impl Sheet {
    /// A sheet of these rows.
    pub fn new(rows: Vec<Row>) -> Self {
        let nesting = Nesting::of(rows.iter().map(|row| row.depth));
        Self { rows, nesting, nothing: String::new() }
    }

    /// A sheet that says why it has no rows.
    pub fn empty(nothing: impl Into<String>) -> Self {
        Self { nothing: nothing.into(), ..Self::default() }
    }

    /// Returns a row.
    pub fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(at)
    }

    /// Returns the rows that hold what is looked for.
    pub fn find(&self, needle: &Needle) -> Vec<u32> {
        let holds = |row: &Row| needle.find(&row.text()).is_some();
        let found = self.rows.iter().enumerate().filter(|(_, row)| holds(row));
        found.filter_map(|(at, _)| u32::try_from(at).ok()).collect()
    }

    /// Returns the row of a line of the definition.
    pub fn row_of_line(&self, line: u32) -> Option<usize> {
        self.rows.iter().position(|row| row.front == Front::Line(line))
    }

    /// Returns the first remark about a failure between two rows.
    pub fn failure_between(&self, from: usize, to: usize) -> Option<usize> {
        let failed = |row: &Row| row.front == Front::Remark && row.words.iter().any(|(role, _)| *role == Role::Failed);
        (from..to).find(|at| self.rows.get(*at).is_some_and(failed))
    }

    /// Returns the columns the numbers of lines take.
    pub fn gutter(&self) -> usize {
        let last = self.rows.iter().rev().find_map(|row| match row.front {
            Front::Line(line) => Some(line),
            _ => None,
        });
        last.map_or(0, |line| line.to_string().len())
    }
}

impl Outline for Sheet {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn parent(&self, row: usize) -> Option<usize> {
        self.nesting.parent(row)
    }

    fn end(&self, row: usize) -> usize {
        self.nesting.end(row)
    }
}

impl Row {
    /// Returns the row as text: all of it, as one would copy it.
    pub fn text(&self) -> String {
        match (&self.whole, self.front) {
            (Some(whole), _) => whole.to_string(),
            (None, Front::Line(_)) => self.words.iter().map(|(_, word)| &**word).collect(),
            (None, _) => self.words.iter().map(|(_, word)| &**word).collect::<Vec<_>>().join("  "),
        }
    }
}

impl From<Entry> for Row {
    fn from(entry: Entry) -> Self {
        let words = entry.words.into_iter().map(|(role, word)| (shown_as(role, &word), word)).collect();
        Self {
            depth: entry.depth,
            front: Front::Mark(entry.mark),
            words,
            whole: entry.whole,
            closed: entry.closed,
            event: entry.event,
        }
    }
}

/// Returns how the screen shows a role of an answer.
fn shown_as(role: crate::report::Role, word: &str) -> Role {
    use crate::report::Role as Said;
    match role {
        Said::Plain => Role::Text,
        Said::Strong => Role::Title,
        Said::Dim => Role::Dim,
        Said::Failed => Role::Failed,
        Said::Caught => Role::Caught,
        Said::Succeeded => Role::Succeeded,
        Said::Running => Role::Running,
        Said::Aborted => Role::Aborted,
        Said::Added => Role::Added,
        Said::Removed => Role::Removed,
        Said::Changed => Role::Warning,
        Said::Key => Role::JsonKey,
        Said::Value => match word.as_bytes().first() {
            Some(b'"') => Role::JsonString,
            Some(b'0'..=b'9' | b'-') => Role::JsonNumber,
            Some(b't' | b'f' | b'n') => Role::JsonWord,
            _ => Role::Text,
        },
    }
}
