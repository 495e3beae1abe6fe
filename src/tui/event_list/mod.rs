//! The event list: which events are listed, on which row each stands, and what is looked for in them.
//!
//! An event that is not listed, because a filter leaves it out or it is folded into the end of its work, stands on the
//! row before it, so that the list follows the cursor wherever that is.

mod filter;
mod keys;
mod row;
mod view;

pub use filter::{Filter, TERMS};
pub(super) use keys::{apply_filter, begin_filter, clear_filter, fold};
pub(super) use view::paint;

use super::execution::Scroll;
use crate::event::{Event, EventId, StateType};
use crate::history::{AttemptId, History};
use crate::json::rows::Needle;
use std::collections::HashSet;

/// What of the events is on the screen.
#[derive(Debug, Clone, Default)]
pub struct EventsPane {
    /// The visible part.
    pub scroll: Scroll,
    filter: Option<Filter>,
    /// Whether the events of one work stand on one line, and the works that do not all the same.
    folded: bool,
    open: HashSet<AttemptId>,
    /// The places of the events that are listed, in order; `None` when all are.
    listed: Option<Vec<usize>>,
    /// The places of the events that hold what is looked for.
    matches: Vec<usize>,
}

impl EventsPane {
    /// Returns how many rows there are.
    pub fn len(&self, history: &History) -> usize {
        self.listed.as_ref().map_or(history.events().len(), Vec::len)
    }

    /// Returns the event on a row.
    pub fn event_at<'h>(&self, history: &'h History, row: usize) -> Option<&'h Event> {
        let place = match &self.listed {
            Some(listed) => *listed.get(row)?,
            None => row,
        };
        history.events().get(place)
    }

    /// Returns the row an event stands on: its own, or that of the work it is folded into, or the last one before it.
    pub fn row_of(&self, history: &History, event: EventId) -> usize {
        let Some(listed) = &self.listed else { return history.place_of(event).unwrap_or(0) };
        let shown = self.folded_into(history, event).unwrap_or(event);
        let place = history.place_of(shown).unwrap_or(0);
        listed.partition_point(|listed| *listed <= place).saturating_sub(1)
    }

    /// Returns what the list is filtered by.
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// Lists only what a filter lets through.
    pub fn set_filter(&mut self, filter: Option<Filter>, history: &History) {
        self.filter = filter;
        self.list(history);
    }

    /// Tells whether the events of one work stand on one line.
    pub fn is_folded(&self) -> bool {
        self.folded
    }

    /// Puts the events of each work on one line, or on a line each.
    pub fn fold_all(&mut self, folded: bool, history: &History) {
        self.folded = folded;
        self.open.clear();
        self.list(history);
    }

    /// Unfolds the work of an event, or folds it; tells whether the event belongs to one.
    pub fn toggle(&mut self, history: &History, event: EventId) -> bool {
        let Some(work) = work_of(history, event) else { return false };
        if !self.folded {
            self.folded = true;
            // All others stay as they are.
            self.open = works(history).filter(|other| *other != work).collect();
        } else if !self.open.remove(&work) {
            self.open.insert(work);
        }
        self.list(history);
        true
    }

    /// Returns how many events are folded into the line of an event.
    pub fn inside(&self, history: &History, event: EventId) -> usize {
        let work = self.folded_work(history, event);
        work.map_or(0, |work| events_of(history, work).count().saturating_sub(1))
    }

    /// Looks for something in all that is listed, payloads too.
    pub fn find(&mut self, history: &History, needle: Option<&Needle>) {
        self.matches.clear();
        let Some(needle) = needle else { return };
        let holds = |place: &usize| history.events().get(*place).is_some_and(|it| row::holds(history, it, needle));
        match &self.listed {
            Some(listed) => self.matches.extend(listed.iter().copied().filter(holds)),
            None => self.matches.extend((0..history.events().len()).filter(holds)),
        }
    }

    /// Returns the number of the match an event is, from 1 (0 when it is none), and how many there are.
    pub fn progress(&self, history: &History, event: EventId) -> (usize, usize) {
        let at = history.place_of(event).and_then(|place| self.matches.binary_search(&place).ok());
        (at.map_or(0, |at| at + 1), self.matches.len())
    }

    /// Returns the next event that holds what is looked for, or the one before, going around at the ends.
    pub fn next_match(&self, history: &History, from: EventId, forward: bool) -> Option<EventId> {
        let place = history.place_of(from).unwrap_or(0);
        let found = if forward {
            self.matches.get(self.matches.partition_point(|at| *at <= place)).or(self.matches.first())
        } else {
            let before = self.matches.partition_point(|at| *at < place).checked_sub(1);
            before.and_then(|at| self.matches.get(at)).or(self.matches.last())
        };
        Some(history.events().get(*found?)?.id)
    }

    /// Lists anew, after events came or the cursor went to another execution.
    pub fn renew(&mut self, history: &History) {
        self.open.clear();
        self.list(history);
    }

    fn list(&mut self, history: &History) {
        self.matches.clear();
        if self.filter.is_none() && !self.folded {
            self.listed = None;
            return;
        }
        let passes = |event: &Event| self.filter.as_ref().is_none_or(|filter| filter.lets_through(history, event));
        // A line that stands for a work is listed for any of its events.
        let shown = |event: &Event| match self.folded_work(history, event.id) {
            Some(work) => last_of(history, work) == Some(event.id) && events_of(history, work).any(passes),
            None => passes(event),
        };
        let events = history.events().iter().enumerate();
        self.listed = Some(events.filter(|(_, event)| shown(event)).map(|(place, _)| place).collect());
    }

    /// Returns the event on whose line another one stands, when its work is folded.
    fn folded_into(&self, history: &History, event: EventId) -> Option<EventId> {
        let last = last_of(history, self.folded_work(history, event)?)?;
        (last != event).then_some(last)
    }

    fn folded_work(&self, history: &History, event: EventId) -> Option<AttemptId> {
        if !self.folded {
            return None;
        }
        work_of(history, event).filter(|work| !self.open.contains(work))
    }
}

/// Returns the try of a task that an event tells of.
fn work_of(history: &History, event: EventId) -> Option<AttemptId> {
    let attempt = history.attempt_of(event)?;
    // That a state was left after its last attempt is no part of that.
    let within = history.attempt(attempt).ended.is_none_or(|ended| event <= ended);
    (within && is_work(history, attempt)).then_some(attempt)
}

/// Returns the events that tell of a try of a task.
fn events_of(history: &History, work: AttemptId) -> impl Iterator<Item = &Event> {
    let ended = history.attempt(work).ended;
    history.events_of_attempt(work).take_while(move |event| ended.is_none_or(|ended| event.id <= ended))
}

fn last_of(history: &History, work: AttemptId) -> Option<EventId> {
    events_of(history, work).last().map(|event| event.id)
}

fn works(history: &History) -> impl Iterator<Item = AttemptId> {
    history.attempts().map(|(attempt, _)| attempt).filter(|attempt| is_work(history, *attempt))
}

/// Maps and Parallels have attempts too, of which the events inside are no part.
fn is_work(history: &History, attempt: AttemptId) -> bool {
    history.visit(history.attempt(attempt).visit).kind == StateType::Task
}
