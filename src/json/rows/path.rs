//! Where a row stands, in words that can be pasted elsewhere.

use super::{Kind, Label, Outline, Rows};
use crate::json::diff::{At, Step as In};
use std::fmt::Write as _;

/// One step from a document to a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into an object's member.
    Key(String),
    /// Into an array's element.
    Index(u32),
    /// Into the document that a string holds, encoded that often.
    Decode(u8),
}

impl Rows {
    /// Returns the name of the document a row belongs to, and the steps from there to the row.
    pub fn steps(&self, index: usize) -> (&str, Vec<Step>) {
        let mut steps = Vec::new();
        let mut at = index;
        loop {
            match self.label(at) {
                Label::Key(key) => steps.push(Step::Key(key.into_owned())),
                Label::Index(index) => steps.push(Step::Index(index)),
                Label::Nothing | Label::Name(_) => {}
            }
            let Some(parent) = self.parent(at) else { break };
            if let Some(Kind::Encoded { times, .. }) = self.get(parent).map(|row| row.kind) {
                steps.push(Step::Decode(times));
            }
            at = parent;
        }
        steps.reverse();
        let name = match self.label(at) {
            Label::Name(name) => name,
            _ => "",
        };
        (name, steps)
    }

    /// Returns the rows of the documents with their names.
    pub fn documents(&self) -> impl Iterator<Item = (usize, &str)> {
        let next = |row: &usize| Some(self.end(*row)).filter(|row| *row < self.len());
        let first = (self.len() > 0).then_some(0);
        std::iter::successors(first, next).map(|row| match self.label(row) {
            Label::Name(name) => (row, name),
            Label::Key(_) | Label::Index(_) | Label::Nothing => (row, ""),
        })
    }

    /// Follows a place into a document as far as the document has it: the row reached, and how many of the steps it took.
    pub fn descend(&self, document: usize, place: &At) -> (usize, usize) {
        let mut row = document;
        for (taken, step) in place.0.iter().enumerate() {
            let Some(child) = self.children(row).find(|child| self.is_at(*child, step)) else { return (row, taken) };
            row = child;
        }
        (row, place.0.len())
    }

    fn is_at(&self, row: usize, step: &In) -> bool {
        match (self.label(row), step) {
            (Label::Key(key), In::Member(name)) => *key == **name,
            (Label::Index(index), In::Item(item)) => index as usize == *item,
            _ => false,
        }
    }

    /// Returns the rows directly below one that is an object or an array itself.
    fn children(&self, row: usize) -> impl Iterator<Item = usize> {
        let holds = self.get(row).is_some_and(|row| matches!(row.kind, Kind::Object | Kind::Array));
        let end = if holds { self.end(row) } else { row };
        let first = Some(row + 1).filter(|first| *first < end);
        std::iter::successors(first, move |child| Some(self.end(*child)).filter(|next| *next < end))
    }

    /// Returns a row's place as a JSONPath; a new `$` begins inside each decoded string.
    pub fn json_path(&self, index: usize) -> String {
        let mut path = String::from("$");
        for step in self.steps(index).1 {
            // Writing to a string cannot fail.
            let _ = match step {
                Step::Key(key) if is_plain(&key) => write!(path, ".{key}"),
                Step::Key(key) => write!(path, "['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
                Step::Index(index) => write!(path, "[{index}]"),
                Step::Decode(_) => write!(path, " decoded $"),
            };
        }
        path
    }

    /// Returns a row's place as a filter for `jq`.
    pub fn jq_path(&self, index: usize) -> String {
        let mut path = String::new();
        for step in self.steps(index).1 {
            let _ = match step {
                Step::Key(key) if is_plain(&key) => write!(path, ".{key}"),
                Step::Key(key) => write!(path, "{}[{}]", dot(&path), serde_json::Value::from(key)),
                Step::Index(index) => write!(path, "{}[{index}]", dot(&path)),
                Step::Decode(times) => write!(path, "{} | ", " | fromjson".repeat(times.into())),
            };
        }
        let path = path.trim_end_matches([' ', '|']);
        let path = path.trim_start_matches([' ', '|']);
        if path.is_empty() { ".".to_owned() } else { path.to_owned() }
    }
}

/// A bracket needs a dot in front where a path begins.
fn dot(path: &str) -> &'static str {
    if path.is_empty() || path.ends_with(' ') { "." } else { "" }
}

fn is_plain(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
