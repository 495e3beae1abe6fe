//! Which visits are open after each event, kept so that any event can be asked about at once.

use super::VisitId;
use std::collections::BTreeSet;

/// The openings and closings of visits in the order of events, with the full set noted now and then.
///
/// A note is taken when as many changes have happened as it would be long, so notes never take more room than the
/// changes, and going to any event costs no more than the set it finds there.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Changes {
    changes: Vec<Change>,
    notes: Vec<Note>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Change {
    place: u32,
    visit: VisitId,
    opens: bool,
}

/// The set of open visits before the change with that number.
#[derive(Debug, Clone, PartialEq)]
struct Note {
    change: usize,
    open: Vec<VisitId>,
}

const LEAST_CHANGES_BETWEEN_NOTES: usize = 256;

impl Changes {
    pub(super) fn opened(&mut self, place: usize, visit: VisitId, open: &BTreeSet<VisitId>) {
        self.note(open);
        self.push(place, visit, true);
    }

    pub(super) fn closed(&mut self, place: usize, visit: VisitId, open: &BTreeSet<VisitId>) {
        self.note(open);
        self.push(place, visit, false);
    }

    fn push(&mut self, place: usize, visit: VisitId, opens: bool) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.changes.push(Change { place, visit, opens });
    }

    fn note(&mut self, open: &BTreeSet<VisitId>) {
        let since = self.changes.len() - self.notes.last().map_or(0, |note| note.change);
        if since >= LEAST_CHANGES_BETWEEN_NOTES.max(open.len()) {
            self.notes.push(Note { change: self.changes.len(), open: open.iter().copied().collect() });
        }
    }

    /// Returns the visits that are open after the event at that place.
    pub(super) fn open_after(&self, place: usize) -> Vec<VisitId> {
        let end = self.changes.partition_point(|change| change.place as usize <= place);
        let note = self.notes.partition_point(|note| note.change <= end).checked_sub(1);
        let note = note.and_then(|note| self.notes.get(note));
        let mut open: BTreeSet<VisitId> = note.map(|note| note.open.iter().copied().collect()).unwrap_or_default();
        for change in self.changes.get(note.map_or(0, |note| note.change)..end).unwrap_or_default() {
            if change.opens {
                open.insert(change.visit);
            } else {
                open.remove(&change.visit);
            }
        }
        open.into_iter().collect()
    }
}
