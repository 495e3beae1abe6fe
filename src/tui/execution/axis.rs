//! Time as a line: where a moment stands on it, and how much happened in each part of it.

use super::Failures;
use crate::event::{EventId, Timestamp};
use crate::history::History;
use std::ops::Range;

/// The time of one execution laid out from 0 to 1, long idle stretches folded when wanted.
#[derive(Debug, Clone, Default)]
pub struct Axis {
    pieces: Vec<Piece>,
    cells: Vec<Cell>,
}

/// A stretch of time and the part of the line it takes.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: i64,
    to: i64,
    start: f64,
    end: f64,
    folded: bool,
}

/// One column of the timeline.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cell {
    /// How many events happened in it.
    pub events: u32,
    /// Whether something failed in it.
    pub failed: bool,
    /// Whether what failed in it ended the run.
    pub ended: bool,
    /// Whether it stands for idle time that is folded.
    pub idle: bool,
    /// The last event up to it.
    pub last: Option<EventId>,
}

/// The part of the line a folded stretch takes.
const FOLDED_PART: f64 = 0.15;

impl Axis {
    /// Lays out the time of a history. Unless told, idle time is folded when it would fill most of the line.
    pub fn new(history: &History, folded: Option<bool>) -> Self {
        let times: Vec<i64> = history.events().iter().map(|event| event.timestamp.as_micros()).collect();
        Self::of_times(&times, folded)
    }

    /// Lays out the time of events, given in microseconds and in order.
    pub fn of_times(times: &[i64], folded: Option<bool>) -> Self {
        let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { return Self::default() };
        let total = (last - first).max(1);
        let gaps = |least: i64| -> Vec<(i64, i64)> {
            let pairs = times.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
            pairs.filter(|(from, to)| to - from > least).collect()
        };
        let wanted = folded.unwrap_or_else(|| !gaps(total / 10 * 9).is_empty());
        let idle = if wanted { longest(gaps(total / 12)) } else { Vec::new() };
        Self { pieces: pieces(*first, first + total, &idle), cells: Vec::new() }
    }

    /// Tells whether idle time is folded somewhere.
    pub fn is_folded(&self) -> bool {
        self.pieces.iter().any(|piece| piece.folded)
    }

    /// Returns where on the line a moment stands.
    pub fn part(&self, time: Timestamp) -> f64 {
        let time = time.as_micros();
        let at = self.pieces.partition_point(|piece| piece.to < time);
        let Some(piece) = self.pieces.get(at).or(self.pieces.last()) else { return 0.0 };
        let inside = (time - piece.from) as f64 / (piece.to - piece.from).max(1) as f64;
        piece.start + (piece.end - piece.start) * inside.clamp(0.0, 1.0)
    }

    /// Returns the column of a moment on a line of that many.
    pub fn column(&self, time: Timestamp, columns: usize) -> usize {
        let last = columns.saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part lies between 0 and 1")]
        let column = (self.part(time) * columns as f64) as usize;
        column.min(last)
    }

    /// Returns the columns of each folded stretch on a line of that many, and how many microseconds it stands for.
    pub fn folds(&self, columns: usize) -> impl Iterator<Item = (Range<usize>, i64)> + '_ {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part lies between 0 and 1")]
        let column = move |part: f64| (part * columns as f64).round() as usize;
        let folded = self.pieces.iter().filter(|piece| piece.folded);
        folded.map(move |piece| (column(piece.start)..column(piece.end), piece.to - piece.from))
    }

    /// Returns each folded stretch, as a part of the line, and how many microseconds it stands for.
    pub fn folded(&self) -> impl Iterator<Item = (Range<f64>, i64)> + '_ {
        let folded = self.pieces.iter().filter(|piece| piece.folded);
        folded.map(|piece| (piece.start..piece.end, piece.to - piece.from))
    }

    /// Returns the moment at a part of the line, in microseconds.
    pub fn moment(&self, part: f64) -> i64 {
        let at = self.pieces.partition_point(|piece| piece.end < part);
        let Some(piece) = self.pieces.get(at).or(self.pieces.last()) else { return 0 };
        let inside = ((part - piece.start) / (piece.end - piece.start).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, reason = "a part of a stretch of time")]
        let passed = (inside * (piece.to - piece.from) as f64) as i64;
        piece.from + passed
    }

    /// Counts what happened in each column, unless that is known already.
    pub fn measure(&mut self, history: &History, failures: &Failures, columns: usize) {
        if self.cells.len() == columns {
            return;
        }
        let mut cells = vec![Cell::default(); columns];
        for (stretch, _) in self.folds(columns) {
            for cell in cells.get_mut(stretch).unwrap_or_default() {
                cell.idle = true;
            }
        }
        for event in history.events() {
            if let Some(cell) = cells.get_mut(self.column(event.timestamp, columns)) {
                cell.events += 1;
                cell.last = Some(event.id);
            }
        }
        for event in failures.all().iter().filter_map(|id| history.event(*id)) {
            if let Some(cell) = cells.get_mut(self.column(event.timestamp, columns)) {
                cell.failed = true;
                cell.ended |= failures.ended_run(event.id);
            }
        }
        self.cells = cells;
    }

    /// Returns the columns that were measured last.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Returns the last event up to a column.
    pub fn event_at(&self, column: usize) -> Option<EventId> {
        let cells = self.cells.get(..=column.min(self.cells.len().checked_sub(1)?))?;
        let before = cells.iter().rev().find_map(|cell| cell.last);
        before.or_else(|| self.cells.iter().find_map(|cell| cell.last))
    }
}

/// Folding too many stretches would leave no room for what happened between them.
fn longest(mut gaps: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    gaps.sort_by_key(|(from, to)| from - to);
    gaps.truncate(4);
    gaps.sort_unstable();
    gaps
}

fn pieces(first: i64, last: i64, idle: &[(i64, i64)]) -> Vec<Piece> {
    let busy_time = (last - first) - idle.iter().map(|(from, to)| to - from).sum::<i64>();
    let busy_part = 1.0 - FOLDED_PART * idle.len() as f64;
    let mut pieces = Vec::with_capacity(idle.len() * 2 + 1);
    let mut start = 0.0;
    let mut push = |from: i64, to: i64, part: f64, folded: bool| {
        pieces.push(Piece { from, to, start, end: start + part, folded });
        start += part;
    };
    let mut from = first;
    for (idle_from, idle_to) in idle {
        push(from, *idle_from, busy_part * (idle_from - from) as f64 / busy_time.max(1) as f64, false);
        push(*idle_from, *idle_to, FOLDED_PART, true);
        from = *idle_to;
    }
    push(from, last, busy_part * (last - from) as f64 / busy_time.max(1) as f64, false);
    pieces
}
