//! A comparison as rows: what a screen scrolls through, folds and jumps in.

use super::words::{Word, long_in_words};
use super::{Node, Pairing};
use serde_json::Value;
use std::ops::Range;

/// Rows of a comparison.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    rows: Vec<Row>,
    changes: Vec<usize>,
}

/// One row: a member, an item or the document, with its old and new value.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How deep it stands; 0 for the document.
    pub depth: u16,
    /// The member's name or the item's number; empty for documents.
    pub label: Box<str>,
    /// What happened to it.
    pub sign: Sign,
    /// The old value: JSON of what has nothing inside, a bracket pair with a count for what has; `None` if it is new.
    pub old: Option<Box<str>>,
    /// The new value; `None` if it is gone. The same text as the old one where nothing differs.
    pub new: Option<Box<str>>,
    /// How many rows stand below it.
    pub inside: usize,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Nothing, here and below.
    Same,
    /// Nothing that counts.
    Excused,
    /// Something below it differs.
    Inside,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
    /// It stands elsewhere; something below it may differ as well.
    Moved,
}

/// What is shown of the rows when equal parts are folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A row.
    Row(usize),
    /// Rows that are all the same on both sides, with those below them.
    Folded(Range<usize>),
}

impl Row {
    /// Returns the values of a change of a long string as pieces they share and pieces they do not, quotes and escapes
    /// as they stand in the row.
    pub fn words(&self) -> Option<Vec<Word<'_>>> {
        let (old, new) = (self.old.as_deref()?, self.new.as_deref()?);
        let changed = self.sign == Sign::Changed && old.starts_with('"') && new.starts_with('"');
        if changed { long_in_words(old, new) } else { None }
    }
}

impl Sign {
    /// Tells whether next and previous change stop here.
    pub fn is_change(self) -> bool {
        matches!(self, Self::Added | Self::Removed | Self::Changed | Self::Moved)
    }
}

impl Rows {
    pub(super) fn of(node: &Node<'_>) -> Self {
        let mut rows = Self::default();
        rows.node(String::new(), 0, node, None);
        rows.changes = (0..rows.rows.len()).filter(|at| rows.rows[*at].sign.is_change()).collect();
        rows
    }

    /// Returns all rows.
    pub fn all(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the places of the rows that changed themselves.
    pub fn changes(&self) -> &[usize] {
        &self.changes
    }

    /// Returns the change after a row.
    pub fn next_change(&self, row: usize) -> Option<usize> {
        self.changes.get(self.changes.partition_point(|change| *change <= row)).copied()
    }

    /// Returns the change before a row.
    pub fn previous_change(&self, row: usize) -> Option<usize> {
        self.changes.get(self.changes.partition_point(|change| *change < row).checked_sub(1)?).copied()
    }

    /// Returns what is shown when equal siblings are folded, except so many beside each difference.
    pub fn folded(&self, context: usize) -> Vec<Shown> {
        let mut shown = Vec::new();
        self.fold(0..self.rows.len(), context, &mut shown);
        shown
    }

    /// The rows of one level: those that stand directly inside, in order.
    fn level(&self, range: Range<usize>) -> Vec<usize> {
        let next = |at: &usize| Some(at + 1 + self.rows.get(*at)?.inside).filter(|at| *at < range.end);
        std::iter::successors(Some(range.start).filter(|at| *at < range.end), next).collect()
    }

    fn fold(&self, range: Range<usize>, context: usize, shown: &mut Vec<Shown>) {
        let level = self.level(range.clone());
        let differs = |at: usize| self.rows[at].sign != Sign::Same;
        let places: Vec<usize> = (0..level.len()).filter(|place| differs(level[*place])).collect();
        let near = |place: usize| {
            let next = places.partition_point(|other| *other < place);
            let reaches = |other: Option<&usize>| other.is_some_and(|other| other.abs_diff(place) <= context);
            reaches(places.get(next)) || reaches(next.checked_sub(1).and_then(|before| places.get(before)))
        };
        for (place, at) in level.iter().copied().enumerate() {
            let end = at + 1 + self.rows[at].inside;
            if differs(at) {
                shown.push(Shown::Row(at));
                self.fold(at + 1..end, context, shown);
            } else if near(place) && self.rows[at].inside == 0 {
                shown.push(Shown::Row(at));
            } else {
                match shown.last_mut() {
                    Some(Shown::Folded(before)) if before.end == at => before.end = end,
                    _ => shown.push(Shown::Folded(at..end)),
                }
            }
        }
    }

    fn node(&mut self, label: String, depth: u16, node: &Node<'_>, pairing: Option<Pairing>) {
        let at = self.rows.len();
        let moved = pairing.is_some_and(|pairing| pairing.moved);
        let sign =
            |sign| if moved && matches!(sign, Sign::Same | Sign::Excused | Sign::Inside) { Sign::Moved } else { sign };
        match node {
            Node::Same(value) => self.value(label, depth, sign(Sign::Same), value, [true, true]),
            Node::Added(value) => self.value(label, depth, Sign::Added, value, [false, true]),
            Node::Removed(value) => self.value(label, depth, Sign::Removed, value, [true, false]),
            Node::Excused { old, new } => self.push(label, depth, sign(Sign::Excused), [Some(old), Some(new)]),
            Node::Changed { old, new } => self.push(label, depth, Sign::Changed, [Some(old), Some(new)]),
            Node::Object(members) => {
                let count = |gone: fn(&Node<'_>) -> bool| members.iter().filter(|member| !gone(&member.node)).count();
                let texts = [count(is_added), count(is_removed)].map(|count| Some(brackets("{}", count)));
                self.row(label, depth, sign(Sign::Inside), texts);
                for member in members {
                    self.node(member.name.to_string(), depth.saturating_add(1), &member.node, None);
                }
            }
            Node::Array(items) => {
                let count = |gone: fn(&Node<'_>) -> bool| items.iter().filter(|item| !gone(&item.node)).count();
                let texts = [count(is_added), count(is_removed)].map(|count| Some(brackets("[]", count)));
                self.row(label, depth, sign(Sign::Inside), texts);
                for item in items {
                    self.node(number(item.pairing), depth.saturating_add(1), &item.node, Some(item.pairing));
                }
            }
            Node::Decoded { inner, .. } => {
                self.node(label, depth, inner, pairing);
                let decoded = |text: &mut Option<Box<str>>| {
                    *text = text.as_ref().map(|text| format!("decoded {text}").into_boxed_str());
                };
                if let Some(row) = self.rows.get_mut(at) {
                    decoded(&mut row.old);
                    decoded(&mut row.new);
                }
                return;
            }
        }
        let inside = self.rows.len() - at - 1;
        if let Some(row) = self.rows.get_mut(at) {
            row.inside = inside;
        }
        let excused = self.rows.get(at + 1..).is_some_and(|below| {
            !below.is_empty() && below.iter().all(|row| matches!(row.sign, Sign::Same | Sign::Excused | Sign::Inside))
        });
        if let Some(row) = self.rows.get_mut(at).filter(|row| excused && row.sign == Sign::Inside) {
            row.sign = Sign::Excused;
        }
    }

    /// A value that stands on one side only or is the same on both, with everything inside.
    fn value(&mut self, label: String, depth: u16, sign: Sign, value: &Value, sides: [bool; 2]) {
        let at = self.rows.len();
        self.push(label, depth, sign, sides.map(|side| side.then_some(value)));
        let below = if sign == Sign::Moved { Sign::Same } else { sign };
        match value {
            Value::Object(members) => members
                .iter()
                .for_each(|(name, value)| self.value(name.clone(), depth.saturating_add(1), below, value, sides)),
            Value::Array(items) => items.iter().enumerate().for_each(|(number, value)| {
                self.value(number.to_string(), depth.saturating_add(1), below, value, sides);
            }),
            _ => return,
        }
        let inside = self.rows.len() - at - 1;
        if let Some(row) = self.rows.get_mut(at) {
            row.inside = inside;
        }
    }

    fn push(&mut self, label: String, depth: u16, sign: Sign, values: [Option<&Value>; 2]) {
        self.row(label, depth, sign, values.map(|value| value.map(text)));
    }

    fn row(&mut self, label: String, depth: u16, sign: Sign, [old, new]: [Option<Box<str>>; 2]) {
        self.rows.push(Row { depth, label: label.into(), sign, old, new, inside: 0 });
    }
}

fn is_added(node: &Node<'_>) -> bool {
    matches!(node, Node::Added(_))
}

fn is_removed(node: &Node<'_>) -> bool {
    matches!(node, Node::Removed(_))
}

fn number(pairing: Pairing) -> String {
    match (pairing.old, pairing.new) {
        (Some(old), Some(new)) if pairing.moved => format!("{old} → {new}"),
        (_, Some(place)) | (Some(place), None) => place.to_string(),
        (None, None) => String::new(),
    }
}

fn text(value: &Value) -> Box<str> {
    match value {
        Value::Object(members) => brackets("{}", members.len()),
        Value::Array(items) => brackets("[]", items.len()),
        value => value.to_string().into(),
    }
}

fn brackets(pair: &str, count: usize) -> Box<str> {
    if count == 0 { pair.into() } else { format!("{pair} {count}").into() }
}
