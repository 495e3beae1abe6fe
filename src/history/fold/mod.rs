//! The fold: what each event does to a history.

use super::{AttemptId, History, ScopeId, VisitId};
use crate::event::{Event, EventId};
use std::collections::{BTreeSet, HashMap};

/// What the fold remembers from event to event, beside the tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Fold {
    end: Option<EventId>,
    redrives: Vec<EventId>,
    open: BTreeSet<VisitId>,
    iterations: HashMap<(VisitId, u64), ScopeId>,
    ends: Vec<Ends>,
    last_task: Option<AttemptId>,
}

/// The first and last event of a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ends {
    first: EventId,
    last: EventId,
}

impl Fold {
    pub(super) fn end(&self) -> Option<EventId> {
        self.end
    }

    pub(super) fn redrives(&self) -> &[EventId] {
        &self.redrives
    }

    pub(super) fn open(&self) -> &BTreeSet<VisitId> {
        &self.open
    }

    pub(super) fn iteration(&self, map: VisitId, index: u64) -> Option<ScopeId> {
        self.iterations.get(&(map, index)).copied()
    }

    pub(super) fn first_event(&self, visit: VisitId) -> Option<EventId> {
        self.ends.get(visit.index()).map(|ends| ends.first)
    }
}

impl History {
    /// Takes in the next event.
    pub fn push(&mut self, event: Event) {
        self.index.note(event.id, self.events.len());
        self.events.push(event);
    }

    pub(super) fn fold_origin(&self, failure: EventId) -> EventId {
        failure
    }
}
