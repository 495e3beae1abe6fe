//! Documents as flat rows: what a person scrolls through, folds and points at.
//!
//! The text is scanned once, without building a tree; a row is a few numbers that say where in the text it stands.
//! Strings that hold JSON again (`Cause`, `Body`, `Payload`) are taken apart in place, and strings of several lines
//! into lines. Strings are decoded only when somebody looks at their row.

mod folds;
mod nesting;
mod path;
mod scan;
mod search;
#[cfg(test)]
mod tests;

pub use folds::{Folds, Outline};
pub use nesting::Nesting;
pub use path::Step;
pub use search::Needle;

use super::{Payload, PayloadError, SharedBytes};
use std::borrow::Cow;

/// How many rows are made at most: a document that needs more is cut there, and says so.
const MOST_ROWS: usize = 400_000;

/// One or several documents, flattened.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    texts: Vec<Payload>,
    names: Vec<Box<str>>,
    rows: Vec<Row>,
}

/// One row: a value with its label. Which rows stand below it, [`Outline::end`] tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// How deep it stands; 0 for a document.
    pub depth: u16,
    /// What its value is.
    pub kind: Kind,
    /// How many rows stand directly below it.
    pub count: u32,
    parent: u32,
    end: u32,
    text: u32,
    label: Place,
    value: Span,
}

/// The kind of a row's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string without anything worth taking apart.
    String,
    /// A string that holds JSON: its rows are those of the document inside.
    Encoded {
        /// How often it is encoded: a string inside a string counts twice.
        times: u8,
        /// Whether the document inside is an array, not an object.
        array: bool,
    },
    /// A string of several lines: its rows are the lines.
    Lines,
    /// A line of such a string, or of a text that is no JSON.
    Line,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// A document that is not JSON, shown as lines.
    NoJson,
    /// The place where a document that has too many rows is cut.
    Cut,
}

/// What stands in front of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label<'a> {
    /// The name given to a document.
    Name(&'a str),
    /// The key in an object, decoded.
    Key(Cow<'a, str>),
    /// The position in an array.
    Index(u32),
    /// Nothing: a line of text.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Name(u32),
    Key(Span),
    Index(u32),
    Nothing,
}

const NO_PARENT: u32 = u32::MAX;

impl Rows {
    /// The rows of one document.
    pub fn of(name: &str, document: &Payload) -> Self {
        let mut rows = Self::default();
        rows.push(name, document);
        rows
    }

    /// Adds a document below those already there.
    pub fn push(&mut self, name: &str, document: &Payload) {
        let label = Place::Name(self.keep_name(name));
        scan::document(self, label, document);
    }

    /// Adds a text that is not meant to be JSON, such as an error's name, or that may be JSON or not, such as a cause.
    pub fn push_text(&mut self, name: &str, text: &str) {
        let literal = Payload::from_value(serde_json::Value::from(text));
        self.push(name, &literal);
    }

    /// Returns a row.
    pub fn get(&self, index: usize) -> Option<&Row> {
        self.rows.get(index)
    }

    /// Returns what stands in front of a row's value.
    pub fn label(&self, index: usize) -> Label<'_> {
        let Some(row) = self.rows.get(index) else { return Label::Nothing };
        match row.label {
            Place::Name(name) => Label::Name(self.names.get(name as usize).map_or("", |name| name)),
            Place::Key(span) => Label::Key(decoded(self.cut(row.text, span))),
            Place::Index(index) => Label::Index(index),
            Place::Nothing => Label::Nothing,
        }
    }

    /// Returns a row's value as the text says it, quotes and escapes included.
    pub fn source(&self, index: usize) -> &str {
        let Some(row) = self.rows.get(index) else { return "" };
        self.cut(row.text, row.value)
    }

    /// Returns a row's value as a person reads it: strings decoded, everything else as the text says it.
    pub fn value(&self, index: usize) -> Cow<'_, str> {
        let source = self.source(index);
        match self.rows.get(index).map(|row| row.kind) {
            Some(Kind::String | Kind::Encoded { .. } | Kind::Lines) => decoded(source),
            _ => Cow::Borrowed(source),
        }
    }

    /// Returns how many bytes a row's value takes in its document.
    pub fn size(&self, index: usize) -> usize {
        self.rows.get(index).map_or(0, |row| (row.value.end - row.value.start) as usize)
    }

    /// Returns why a document is not JSON, for a row of kind [`Kind::NoJson`].
    pub fn problem(&self, index: usize) -> Option<&PayloadError> {
        let row = self.rows.get(index).filter(|row| row.kind == Kind::NoJson)?;
        self.texts.get(row.text as usize)?.value().err()
    }

    fn cut(&self, text: u32, span: Span) -> &str {
        let text = self.texts.get(text as usize).map_or("", |payload| payload.text());
        text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    fn keep_name(&mut self, name: &str) -> u32 {
        self.names.push(name.into());
        u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
    }
}

/// Returns what a string literal says; the literal itself when nothing in it is escaped.
fn decoded(literal: &str) -> Cow<'_, str> {
    let inside = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(literal);
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let payload = Payload::from_literal(SharedBytes::from(literal.to_owned()));
    Cow::Owned(payload.text().to_owned())
}
