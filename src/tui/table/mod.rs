//! The table: one row for each state with how often it was visited and how long that took, or one for each item of a
//! Map. The row of the cursor is the one whose state or item the cursor's event belongs to.

mod keys;
mod rows;
mod view;

pub(super) use keys::{find, up, within};
pub use rows::{Column, Row};
pub(super) use view::paint;

use super::execution::{Place, Scroll};
use super::subject::Subject;
use crate::history::{MemberId, Place as Flow};
use std::sync::Arc;

/// What of the table is on the screen.
#[derive(Debug, Clone, Default)]
pub struct TablePane {
    /// The visible part.
    pub scroll: Scroll,
    /// The Map whose items the rows are; `None` for the states of the execution.
    map: Option<Arc<str>>,
    sort: Column,
    rows: Vec<Row>,
    /// The row selected last: the cursor's event tells it, except of items that are executions of their own.
    row: usize,
    /// What the rows were made of: the execution and how many events it had.
    made_of: Option<(MemberId, usize)>,
}

impl TablePane {
    /// Returns the rows, sorted.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the column they are sorted by.
    pub fn sort(&self) -> Column {
        self.sort
    }

    /// Returns the Map whose items are shown.
    pub fn map(&self) -> Option<&str> {
        self.map.as_deref()
    }

    /// Sorts by the next column.
    pub fn sort_next(&mut self) -> Column {
        self.sort = self.sort.next(self.map.is_some());
        self.arrange();
        self.sort
    }

    /// Shows the items of a Map, or the states again.
    pub fn show(&mut self, map: Option<Arc<str>>) {
        // What items are asked for is which was slowest or failed; their order is that of the input.
        self.sort = if map.is_some() { Column::Longest } else { Column::default() };
        self.map = map;
        self.row = 0;
        self.renew();
    }

    /// Selects a row, where the cursor's event does not tell which.
    pub fn select(&mut self, row: usize) {
        self.row = row;
    }

    /// Makes the rows anew at the next occasion.
    pub fn renew(&mut self) {
        self.made_of = None;
    }

    /// Makes the rows if they are not those of the execution at the cursor, and brings the cursor's into view.
    pub fn settle(&mut self, subject: &Subject, place: Place, height: usize) {
        let made_of = Some((place.member, subject.history(place.member).events().len()));
        if self.made_of != made_of {
            self.made_of = made_of;
            self.rows = match &self.map {
                Some(map) => rows::items(subject, place.member, map),
                None => rows::states(subject.history(place.member)),
            };
            self.arrange();
        }
        let selected = self.selected(subject, place).unwrap_or(0);
        // The first line names the columns.
        self.scroll.show(selected, height.saturating_sub(1), self.rows.len());
    }

    /// Returns the row the cursor's event belongs to; of items that are executions of their own, the one selected.
    pub fn selected(&self, subject: &Subject, place: Place) -> Option<usize> {
        let history = subject.history(place.member);
        let lineage = history.lineage(place.event)?;
        match &self.map {
            None => {
                let name = &history.visit(lineage.visit?).name;
                self.rows.iter().position(|row| row.name == **name)
            }
            Some(_) => {
                let around = |scope| self.rows.iter().position(|row| row.flow == Some(scope));
                let selected = || self.rows.get(self.row).filter(|row| row.flow.is_none()).map(|_| self.row);
                history.scopes_above(lineage.scope).find_map(around).or_else(selected)
            }
        }
    }

    fn arrange(&mut self) {
        let column = self.sort;
        self.rows.sort_by(|one, other| column.order(one, other));
    }
}

/// Tells whether a flow is an item of a Map of that name.
fn is_item_of(history: &crate::history::History, flow: Flow, map: &str) -> bool {
    matches!(flow, Flow::Iteration { of, .. } if *history.visit(of).name == *map)
}
