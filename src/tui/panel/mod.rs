//! Two sides compared, as rows over the middle of the execution screen: two payloads, two runs, a run and its replay.
//!
//! What is compared is worked out in the modules below; here are the rows, what is folded of them, and the cursor
//! among them. This module must not know keys or colours.

mod course;
mod data;
mod replay;
mod runs;

pub use data::{here, items, marked};
pub use replay::Replayed;
pub use runs::runs;

use super::execution::{Place, Scroll};
use crate::analysis::Status;
use crate::json::diff::{self, Shown, Sign};
use crate::json::rows::Needle;
use std::ops::Range;

/// A comparison on the screen.
#[derive(Debug, Clone)]
pub struct Panel {
    /// What is compared.
    pub kind: Kind,
    /// What stands on the upper edge.
    pub title: String,
    /// What the two sides are called, the old one first.
    pub sides: [String; 2],
    /// What stands on the edge beside how many changes there are.
    pub note: String,
    /// The visible part.
    pub scroll: Scroll,
    /// What is looked for in it.
    pub search: Option<Needle>,
    /// What it was opened from, and is shown again when it is closed.
    pub under: Option<Box<Panel>>,
    /// The first row that stands for a part of both runs.
    tree: usize,
    rows: Vec<Row>,
    /// The rows next and previous change stop at.
    changes: Vec<usize>,
    /// What is shown at first, and again when everything is folded.
    folded: Vec<Shown>,
    shown: Vec<Shown>,
    line: usize,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What the visit or attempt under the cursor was given and made; it follows the cursor.
    Here,
    /// Two marked places.
    Marked,
    /// This run and the last good one.
    Runs,
    /// This run and its replay.
    Replay,
    /// A part of this run and its counterpart in the replay.
    Pair,
}

/// A row: what something is on either side.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How deep it stands.
    pub depth: u16,
    /// What it is called.
    pub label: Box<str>,
    /// What happened to it.
    pub sign: Sign,
    /// What it is on the old side.
    pub old: Option<Box<str>>,
    /// What it is on the new side.
    pub new: Option<Box<str>>,
    /// How many rows stand below it.
    pub inside: usize,
    /// Where the cursor goes from here.
    pub place: Option<Place>,
    /// How it stands on either side, for what can stand well or badly.
    pub tones: [Option<Status>; 2],
}

impl Row {
    /// A row without values.
    fn words(depth: u16, label: &str, sign: Sign, place: Option<Place>) -> Self {
        Self { depth, label: label.into(), sign, old: None, new: None, inside: 0, place, tones: [None; 2] }
    }

    /// Tells whether it holds what is looked for.
    fn holds(&self, needle: &Needle) -> bool {
        let texts = [Some(&self.label), self.old.as_ref(), self.new.as_ref()];
        texts.into_iter().flatten().any(|text| needle.is_in(text))
    }
}

impl Panel {
    fn new(kind: Kind, title: String, sides: [String; 2], rows: Vec<Row>, folded: Vec<Shown>) -> Self {
        let changes = changes(&rows);
        let shown = folded.clone();
        let (note, scroll) = (String::new(), Scroll::default());
        let (search, under, tree, line) = (None, None, 0, 0);
        let mut panel =
            Self { kind, title, sides, note, scroll, search, under, tree, rows, changes, folded, shown, line };
        if let Some(first) = panel.changes.first().copied() {
            panel.reveal(first);
        }
        panel
    }

    /// A comparison of documents.
    fn of_data(kind: Kind, title: String, sides: [String; 2], rows: &diff::Rows) -> Self {
        let row = |row: &diff::Row| Row {
            depth: row.depth,
            label: if row.label.is_empty() { "$".into() } else { row.label.clone() },
            sign: row.sign,
            old: row.old.clone(),
            new: row.new.clone(),
            inside: row.inside,
            place: None,
            tones: [None; 2],
        };
        Self::new(kind, title, sides, rows.all().iter().map(row).collect(), rows.folded(1))
    }

    /// Returns a row.
    pub fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(at)
    }

    /// Tells whether a line leads to a place.
    fn leads(&self, shown: &Shown) -> bool {
        matches!(shown, Shown::Row(at) if self.rows.get(*at).is_some_and(|row| row.place.is_some()))
    }

    /// Returns the lines: rows, and parts that are folded.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Returns the line of the cursor.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Puts the cursor on a line.
    pub fn select_line(&mut self, line: usize) {
        self.line = line.min(self.shown.len().saturating_sub(1));
    }

    /// Returns the row under the cursor, unless that is a folded part.
    pub fn selected(&self) -> Option<&Row> {
        match self.shown.get(self.line)? {
            Shown::Row(at) => self.rows.get(*at),
            Shown::Folded(_) => None,
        }
    }

    /// Returns both values of the row under the cursor, whole; one when they are the same; the words of a row without.
    pub fn both_values(&self) -> Option<String> {
        let row = self.selected()?;
        if row.old.is_none() && row.new.is_none() {
            return Some(row.label.to_string());
        }
        let [old, new] = [&row.old, &row.new].map(|value| value.as_deref().unwrap_or("nothing"));
        let [before, after] = &self.sides;
        Some(if old == new { old.to_owned() } else { format!("{before}:\n{old}\n\n{after}:\n{new}") })
    }

    /// Returns the number of the row under the cursor.
    pub fn selected_row(&self) -> Option<usize> {
        self.shown.get(self.line).map(start)
    }

    /// Tells whether the rows below the row on a line are not shown.
    pub fn is_closed(&self, line: usize) -> bool {
        let Some(Shown::Row(at)) = self.shown.get(line) else { return false };
        let below = at + 1..at + 1 + self.rows.get(*at).map_or(0, |row| row.inside);
        let next = self.shown.get(line + 1).map_or(self.rows.len(), start);
        !below.is_empty() && (next >= below.end || self.folds_away(line + 1, &below))
    }

    fn folds_away(&self, line: usize, below: &Range<usize>) -> bool {
        matches!(self.shown.get(line), Some(Shown::Folded(range)) if range == below)
    }

    /// Goes to the next row that holds what is looked for (or the one before), going around at the ends; tells whether
    /// there is one.
    pub fn find(&mut self, forward: bool) -> bool {
        let Some(needle) = &self.search else { return false };
        let from = self.selected_row().unwrap_or(0);
        let len = self.rows.len();
        let at = |step: usize| if forward { (from + step) % len } else { (from + len - step % len) % len };
        let found = (1..=len).map(at).find(|row| self.rows.get(*row).is_some_and(|row| row.holds(needle)));
        if let Some(row) = found {
            self.reveal(row);
        }
        found.is_some()
    }

    /// Returns the number of the change at or before the cursor, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let at = self.shown.get(self.line).map_or(0, start);
        (self.changes.partition_point(|change| *change <= at), self.changes.len())
    }

    /// Goes to the next change, or to the one before; tells whether there is one.
    pub fn step(&mut self, forward: bool) -> bool {
        let at = self.shown.get(self.line).map_or(0, start);
        let found = match forward {
            true => self.changes.get(self.changes.partition_point(|change| *change <= at)),
            false => self.changes.partition_point(|change| *change < at).checked_sub(1).map(|at| &self.changes[at]),
        };
        let found = found.copied();
        if let Some(row) = found {
            self.reveal(row);
        }
        found.is_some()
    }

    /// Unfolds what is folded under the cursor, or folds what stands below it; tells whether there was anything.
    pub fn toggle(&mut self) -> bool {
        match self.shown.get(self.line) {
            Some(Shown::Folded(range)) => self.unfold(self.line, range.clone()),
            Some(Shown::Row(at)) => {
                let below = *at + 1..*at + 1 + self.rows.get(*at).map_or(0, |row| row.inside);
                if below.is_empty() {
                    return false;
                }
                if self.folds_away(self.line + 1, &below) {
                    self.unfold(self.line + 1, below);
                } else if self.is_closed(self.line) {
                    let line = self.line + 1;
                    self.shown.splice(line..line, below.map(Shown::Row));
                } else {
                    self.fold(below);
                }
            }
            None => return false,
        }
        true
    }

    /// Unfolds everything.
    pub fn open_all(&mut self) {
        let at = self.shown.get(self.line).map_or(0, start);
        self.shown = (0..self.rows.len()).map(Shown::Row).collect();
        self.line = at.min(self.shown.len().saturating_sub(1));
    }

    /// Folds what is equal, as at first.
    pub fn close_all(&mut self) {
        let at = self.shown.get(self.line).map_or(0, start);
        self.shown.clone_from(&self.folded);
        self.line = self.line_of(at);
    }

    /// Puts the cursor on a row and unfolds what hides it.
    fn reveal(&mut self, row: usize) {
        self.line = self.line_of(row);
        match self.shown.get(self.line) {
            Some(Shown::Folded(range)) => self.unfold(self.line, range.clone()),
            Some(Shown::Row(at)) if *at < row => {
                let next = self.shown.get(self.line + 1).map_or(self.rows.len(), start);
                let line = self.line + 1;
                self.shown.splice(line..line, (*at + 1..next).map(Shown::Row).collect::<Vec<_>>());
            }
            _ => return,
        }
        self.line = self.line_of(row);
    }

    /// The line that shows or hides a row.
    fn line_of(&self, row: usize) -> usize {
        self.shown.partition_point(|shown| start(shown) <= row).saturating_sub(1)
    }

    fn unfold(&mut self, line: usize, range: Range<usize>) {
        self.shown.splice(line..=line, range.map(Shown::Row));
    }

    fn fold(&mut self, below: Range<usize>) {
        let first = self.line + 1;
        let end = self.shown.partition_point(|shown| start(shown) < below.end);
        // A replay has so many equal visits that a line for each of them would be in the way.
        let line = (self.kind != Kind::Replay).then_some(Shown::Folded(below));
        self.shown.splice(first..end.max(first), line);
    }
}

fn start(shown: &Shown) -> usize {
    match shown {
        Shown::Row(at) => *at,
        Shown::Folded(range) => range.start,
    }
}

/// Counts what stands below each row.
fn with_inside(mut rows: Vec<Row>) -> Vec<Row> {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..=rows.len() {
        let depth = rows.get(at).map(|row| row.depth);
        while let Some(outer) = open.pop_if(|outer| depth.is_none_or(|depth| rows[*outer].depth >= depth)) {
            rows[outer].inside = at - outer - 1;
        }
        open.push(at);
    }
    rows
}

/// Folds neighbours that are equal on both sides.
fn fold_equal(rows: &[Row]) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match shown.last_mut() {
            Some(Shown::Folded(before)) if row.sign == Sign::Same => before.end = at + 1,
            _ if row.sign == Sign::Same => shown.push(Shown::Folded(at..at + 1)),
            _ => shown.push(Shown::Row(at)),
        }
    }
    // One row takes no more room than the word that it is folded.
    for shown in &mut shown {
        if let Shown::Folded(range) = shown
            && range.len() == 1
        {
            *shown = Shown::Row(range.start);
        }
    }
    shown
}

/// The rows that changed themselves. What is new or gone with everything inside is one change.
fn changes(rows: &[Row]) -> Vec<usize> {
    let mut changes = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        if row.sign.is_change() {
            changes.push(at);
        }
        at += 1 + if matches!(row.sign, Sign::Added | Sign::Removed) { row.inside } else { 0 };
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::diff::diff;
    use serde_json::json;

    fn panel() -> Panel {
        let old = json!({"a": 1, "b": 2, "c": {"d": 3, "e": [1, 2]}, "f": 5, "g": 6, "h": {"i": 1}});
        let new = json!({"a": 1, "b": 2, "c": {"d": 4, "e": [1, 2]}, "f": 5, "g": 6, "j": {"k": 1}});
        Panel::of_data(Kind::Here, String::new(), [String::new(), String::new()], &diff(&old, &new).rows())
    }

    fn labels(panel: &Panel) -> String {
        let label = |shown: &Shown| match shown {
            Shown::Row(at) => panel.row(*at).map(|row| row.label.to_string()).unwrap_or_default(),
            Shown::Folded(range) => format!("({})", range.len()),
        };
        panel.shown().iter().map(label).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn equal_parts_are_folded_and_changes_are_stepped_through() {
        let mut panel = panel();
        assert_eq!(panel.progress(), (1, 3));
        assert_eq!(panel.selected().map(|row| &*row.label), Some("d"));
        let folded = labels(&panel);
        assert!(panel.step(true) && panel.step(true) && !panel.step(true));
        assert_eq!(panel.selected().map(|row| &*row.label), Some("j"));
        panel.open_all();
        assert_eq!(labels(&panel), "$ a b c d e 0 1 f g h i j k");
        assert_eq!(panel.selected().map(|row| &*row.label), Some("j"));
        panel.close_all();
        assert_eq!(labels(&panel), folded);
    }

    #[test]
    fn what_stands_below_a_row_is_folded_and_unfolded() {
        let mut panel = panel();
        panel.open_all();
        panel.select_line(3);
        assert!(panel.toggle());
        assert_eq!(labels(&panel), "$ a b c (4) f g h i j k");
        assert!(panel.step(true), "a change inside a fold is unfolded");
        assert_eq!(panel.selected().map(|row| &*row.label), Some("d"));
        assert!(!panel.toggle());
        panel.select_line(0);
        assert!(panel.toggle());
        assert_eq!(labels(&panel), "$ (13)");
        panel.select_line(1);
        assert!(panel.toggle());
        assert_eq!(labels(&panel), "$ a b c d e 0 1 f g h i j k");
    }
}
