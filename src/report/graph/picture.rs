//! The part of a plan that is looked at, as cells with a role each.

use super::flow::Point;
use super::lines::Lines;
use super::plan::Plan;
use super::signs::Signs;
use crate::analysis::Status;
use crate::analysis::graph::{Course, Graph, Moment, NodeId};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What is painted.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The states.
    pub graph: &'a Graph,
    /// Where they stand.
    pub plan: &'a Plan,
    /// What happened in them.
    pub course: &'a Course,
    /// The signs to paint with.
    pub signs: &'a Signs,
}

/// The part of a plan to be painted, in its cells; it may reach beyond the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// The first column.
    pub left: i32,
    /// The first row.
    pub top: i32,
    /// How many columns.
    pub width: i32,
    /// How many rows.
    pub height: i32,
}

/// Where one is in a run.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Now {
    /// The state one is in; its frame is double.
    pub node: Option<NodeId>,
    /// The event one is at: what comes later is faint.
    pub moment: Option<Moment>,
    /// The state that is selected.
    pub selected: Option<NodeId>,
}

/// What a cell is painted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ink {
    /// Nothing is painted.
    #[default]
    Blank,
    /// The name of a state that was visited.
    Name,
    /// A remark, as a state's type or what a line is taken for.
    Note,
    /// What was not reached.
    Faint,
    /// What is reached only later than now.
    Later,
    /// A line or frame in a machine nobody has run.
    Line,
    /// A line that was taken.
    Path,
    /// A line that a catcher took.
    CaughtPath,
    /// A frame or sign of a state that stands like this.
    Status(Status),
    /// The frame of the state one is in.
    Current,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What stands there; empty for the second column of a wide character.
    pub text: Cow<'static, str>,
    /// What it is painted with.
    pub ink: Ink,
    /// Whether it belongs to the state that is selected.
    pub selected: bool,
}

/// A painted window: rows of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    window: Window,
    cells: Vec<Cell>,
}

impl Window {
    /// The window that shows a whole plan.
    pub fn whole(plan: &Plan) -> Self {
        Self { left: 0, top: 0, width: plan.size.width, height: plan.size.height }
    }

    /// Returns the place of a cell in the rows of this window.
    pub(super) fn place(&self, point: Point) -> Option<usize> {
        let (x, y) = (point.x - self.left, point.y - self.top);
        let inside = (0..self.width).contains(&x) && (0..self.height).contains(&y);
        usize::try_from(y * self.width + x).ok().filter(|_| inside)
    }

    /// Tells whether a rectangle is in sight, at least in part.
    pub(super) fn meets(&self, at: Point, width: i32, height: i32) -> bool {
        at.x < self.left + self.width
            && at.x + width > self.left
            && at.y < self.top + self.height
            && at.y + height > self.top
    }
}

impl Picture {
    /// Paints a window.
    pub fn of(subject: &Subject<'_>, window: Window, now: Now) -> Self {
        let window = Window { width: window.width.max(0), height: window.height.max(0), ..window };
        let cells = usize::try_from(window.width * window.height).unwrap_or(0);
        let mut picture = Self { window, cells: vec![Cell::default(); cells] };
        let lines = Lines::of(subject, window, now.moment);
        picture.lines(subject, &lines);
        picture.texts(subject, now.moment);
        for (id, _) in subject.graph.nodes() {
            if let Some(spot) = subject.plan.spot(id)
                && window.meets(spot.at, spot.size.width, spot.size.height)
            {
                picture.state(subject, &lines, id, spot, now);
            }
        }
        picture
    }

    /// Returns the rows of cells.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(usize::try_from(self.window.width).unwrap_or(1).max(1))
    }

    fn lines(&mut self, subject: &Subject<'_>, lines: &Lines) {
        for (point, strand) in lines.cells() {
            self.put(point, strand.rune(subject.signs.unicode), strand.ink());
        }
        for (upper, length) in &subject.plan.dividers {
            for y in upper.y..upper.y + length {
                let rune = if subject.signs.unicode { "┊" } else { ":" };
                self.put(Point { x: upper.x, y }, rune, Ink::Faint);
            }
        }
        if let Some(entry) = subject.plan.entry {
            self.put(entry, if subject.signs.unicode { "○" } else { "o" }, Ink::Note);
        }
    }

    fn texts(&mut self, subject: &Subject<'_>, now: Option<Moment>) {
        let nobody = subject.course.is_empty();
        for (id, link) in subject.graph.links() {
            let Some((at, text)) = subject.plan.texts.get(id.index()).and_then(Option::as_ref) else { continue };
            if !self.window.meets(*at, subject.plan.text_width(), 1) {
                continue;
            }
            let ink = match subject.course.taken(id) {
                Some(taken) if now.is_none_or(|now| !taken.first.is_after(now)) => {
                    if link.catches {
                        Ink::CaughtPath
                    } else {
                        Ink::Note
                    }
                }
                Some(_) => Ink::Later,
                None if nobody => Ink::Note,
                None => Ink::Faint,
            };
            self.write(*at, text, ink, subject.signs);
        }
    }

    pub(super) fn put(&mut self, point: Point, text: &'static str, ink: Ink) {
        if let Some(cell) = self.cell(point) {
            cell.text = Cow::Borrowed(text);
            cell.ink = ink;
        }
    }

    /// Writes text that was made harmless, and returns the columns it took.
    pub(super) fn write(&mut self, at: Point, text: &str, ink: Ink, signs: &Signs) -> i32 {
        let mut x = at.x;
        for grapheme in text.graphemes(true) {
            let width = i32::try_from(grapheme.width()).unwrap_or(0);
            // The sign for more is part of texts that were cut to fit.
            let shown = if grapheme == "…" { Cow::Borrowed(signs.more) } else { Cow::Owned(grapheme.to_owned()) };
            let whole = (0..width).all(|column| self.window.place(Point { x: x + column, y: at.y }).is_some());
            for column in 0..width {
                if let Some(cell) = self.cell(Point { x: x + column, y: at.y }) {
                    cell.ink = ink;
                    cell.text = match (whole, column) {
                        (false, _) => Cow::Borrowed(" "),
                        (true, 0) => shown.clone(),
                        (true, _) => Cow::Borrowed(""),
                    };
                }
            }
            x += width;
        }
        x - at.x
    }

    /// Marks a rectangle as selected.
    pub(super) fn select(&mut self, at: Point, width: i32, height: i32) {
        for y in at.y..at.y + height {
            for x in at.x..at.x + width {
                if let Some(cell) = self.cell(Point { x, y }) {
                    cell.selected = true;
                }
            }
        }
    }

    pub(super) fn is_blank(&mut self, point: Point) -> bool {
        self.cell(point).is_some_and(|cell| cell.ink == Ink::Blank)
    }

    fn cell(&mut self, point: Point) -> Option<&mut Cell> {
        let place = self.window.place(point)?;
        self.cells.get_mut(place)
    }
}
