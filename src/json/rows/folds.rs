//! Which rows are folded, and so which are visible.

use super::Rows;

/// The folded rows of some [`Rows`] and the list of visible ones, made anew only when a fold changes.
#[derive(Debug, Clone, Default)]
pub struct Folds {
    closed: Vec<bool>,
    visible: Vec<u32>,
}

impl Folds {
    /// Everything unfolded.
    pub fn none(rows: &Rows) -> Self {
        let mut folds = Self { closed: vec![false; rows.len()], visible: Vec::new() };
        folds.renew(rows);
        folds
    }

    /// Returns the visible rows from top to bottom.
    pub fn visible(&self) -> &[u32] {
        &self.visible
    }

    /// Returns the row on a line.
    pub fn row(&self, line: usize) -> Option<usize> {
        self.visible.get(line).map(|row| *row as usize)
    }

    /// Returns the line on which a row, or the fold it is hidden in, is shown.
    pub fn line(&self, row: usize) -> usize {
        self.visible.partition_point(|visible| *visible as usize <= row).saturating_sub(1)
    }

    /// Tells whether a row is folded.
    pub fn is_closed(&self, row: usize) -> bool {
        self.closed.get(row).copied().unwrap_or(false)
    }

    /// Folds or unfolds a row.
    pub fn toggle(&mut self, rows: &Rows, row: usize) {
        if rows.get(row).is_some_and(|row| row.is_foldable())
            && let Some(closed) = self.closed.get_mut(row)
        {
            *closed = !*closed;
            self.renew(rows);
        }
    }

    /// Unfolds every row above a row, so that it is visible.
    pub fn reveal(&mut self, rows: &Rows, row: usize) {
        let mut above = rows.parent(row);
        while let Some(index) = above {
            if let Some(closed) = self.closed.get_mut(index) {
                *closed = false;
            }
            above = rows.parent(index);
        }
        self.renew(rows);
    }

    /// Unfolds everything.
    pub fn open_all(&mut self, rows: &Rows) {
        self.closed.fill(false);
        self.renew(rows);
    }

    /// Folds everything below the documents themselves.
    pub fn close_all(&mut self, rows: &Rows) {
        for (index, closed) in self.closed.iter_mut().enumerate() {
            *closed = rows.get(index).is_some_and(|row| row.depth > 0 && row.is_foldable());
        }
        self.renew(rows);
    }

    fn renew(&mut self, rows: &Rows) {
        self.visible.clear();
        let mut index = 0;
        while index < rows.len() {
            self.visible.push(u32::try_from(index).unwrap_or(u32::MAX));
            index = if self.is_closed(index) { rows.end(index).max(index + 1) } else { index + 1 };
        }
    }
}
