//! Which rows are folded, and so which are visible.

use super::{NO_PARENT, Rows};

/// Rows that stand below one another: each row's own follow it, up to its end.
pub trait Outline {
    /// Returns how many rows there are.
    fn len(&self) -> usize;

    /// Returns the row above that a row belongs to.
    fn parent(&self, row: usize) -> Option<usize>;

    /// Returns the first row after a row that does not belong to it.
    fn end(&self, row: usize) -> usize;

    /// Tells whether there are no rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether rows stand below a row.
    fn is_foldable(&self, row: usize) -> bool {
        self.end(row) > row + 1
    }
}

impl Outline for Rows {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn parent(&self, row: usize) -> Option<usize> {
        let parent = self.rows.get(row)?.parent;
        (parent != NO_PARENT).then_some(parent as usize)
    }

    fn end(&self, row: usize) -> usize {
        self.rows.get(row).map_or(row + 1, |row| row.end as usize)
    }
}

/// The folded rows of an [`Outline`] and the list of visible ones, made anew only when a fold changes.
#[derive(Debug, Clone, Default)]
pub struct Folds {
    closed: Vec<bool>,
    visible: Vec<u32>,
}

impl Folds {
    /// Everything unfolded.
    pub fn none(rows: &(impl Outline + ?Sized)) -> Self {
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
    pub fn toggle(&mut self, rows: &(impl Outline + ?Sized), row: usize) {
        if rows.is_foldable(row)
            && let Some(closed) = self.closed.get_mut(row)
        {
            *closed = !*closed;
            self.renew(rows);
        }
    }

    /// Unfolds every row above a row, so that it is visible.
    pub fn reveal(&mut self, rows: &(impl Outline + ?Sized), row: usize) {
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
    pub fn open_all(&mut self, rows: &(impl Outline + ?Sized)) {
        self.closed.fill(false);
        self.renew(rows);
    }

    /// Folds the given rows and unfolds all others.
    pub fn close_where(&mut self, rows: &(impl Outline + ?Sized), folded: impl Fn(usize) -> bool) {
        for (row, closed) in self.closed.iter_mut().enumerate() {
            *closed = folded(row);
        }
        self.renew(rows);
    }

    fn renew(&mut self, rows: &(impl Outline + ?Sized)) {
        self.visible.clear();
        let mut index = 0;
        while index < rows.len() {
            self.visible.push(u32::try_from(index).unwrap_or(u32::MAX));
            index = if self.is_closed(index) { rows.end(index).max(index + 1) } else { index + 1 };
        }
    }
}
