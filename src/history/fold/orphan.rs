//! Events and states whose beginning is missing, as in the last page of a history: what comes later may tell where they
//! belong.

use super::super::{History, Lineage, ScopeId, VisitId};
use super::Ends;
use crate::event::EventId;

impl History {
    /// Gives a visit of which nothing but its end is told the events of its task, which stood alone until now.
    pub(super) fn adopt(&mut self, visit: VisitId, last: EventId) {
        let mut orphans = Vec::new();
        let mut next = Some(last);
        while let Some(event) = next.and_then(|id| self.event(id)) {
            let alone = self.lineage(event.id).is_some_and(|lineage| lineage.visit.is_none());
            let of_task =
                event.kind.completes_task() || event.kind.fails_task() || event.kind.name().ends_with("Started");
            if !alone || !of_task || event.kind.name().starts_with("Map") {
                break;
            }
            orphans.push(event.id);
            next = event.parent.filter(|parent| *parent < event.id);
        }
        orphans.reverse();
        let (Some(first), Some(last)) = (orphans.first().copied(), orphans.last().copied()) else { return };
        let lineage = self.lineage_in(visit);
        for (at, event) in orphans.iter().enumerate() {
            let neighbours = (at.checked_sub(1).and_then(|before| orphans.get(before)), orphans.get(at + 1));
            let (previous, next) = (neighbours.0.copied(), neighbours.1.copied());
            if let Some(place) = self.place_of(*event)
                && let Some(thread) = self.threads.get_mut(place)
            {
                (thread.lineage, thread.previous, thread.next) = (lineage, previous, next);
            }
        }
        if let Some(ends) = self.fold.ends.get_mut(visit.index()) {
            *ends = Ends { first, last };
        }
    }

    /// Moves what led to the end of an iteration into it. The iteration began in a part that is missing, so that all of
    /// this was taken for the execution's own flow.
    pub(super) fn bring_home(&mut self, last: EventId, scope: ScopeId) {
        let mut next = Some(last);
        while let Some(event) = next.and_then(|id| self.event(id)) {
            let (id, parent) = (event.id, event.parent);
            let Some(lineage) = self.lineage(id) else { return };
            if lineage.scope == ScopeId::ROOT {
                match lineage.visit {
                    Some(visit) => self.move_visit(visit, scope),
                    None => self.set_lineage(id, Lineage { scope, ..lineage }),
                }
            }
            next = parent.filter(|parent| *parent < id);
        }
    }

    fn move_visit(&mut self, visit: VisitId, scope: ScopeId) {
        // The Map itself, and what is around it, stays where it is.
        if self.scopes_above(scope).any(|above| self.scopes[above].container() == Some(visit)) {
            return;
        }
        self.visits[visit].scope = scope;
        self.scopes[ScopeId::ROOT].visits.retain(|other| *other != visit);
        self.scopes[scope].visits.insert(0, visit);
        if self.scopes[ScopeId::ROOT].open.contains(&visit) {
            self.scopes[ScopeId::ROOT].open.retain(|other| *other != visit);
            self.scopes[scope].open.insert(0, visit);
        }
        let events: Vec<EventId> = self.events_of(visit).map(|event| event.id).collect();
        for event in events {
            if let Some(lineage) = self.lineage(event) {
                self.set_lineage(event, Lineage { scope, ..lineage });
            }
        }
    }

    fn set_lineage(&mut self, event: EventId, lineage: Lineage) {
        if let Some(place) = self.place_of(event)
            && let Some(thread) = self.threads.get_mut(place)
        {
            thread.lineage = lineage;
        }
    }
}
