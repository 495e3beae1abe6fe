//! Finding what an event speaks of, by its parent, and where parents are missing or wrong, by what is likely.

use super::super::{Anomaly, Attempt, History, Lineage, Scope, ScopeId, Visit, VisitId};
use crate::event::{Event, EventId, EventType, StateType};
use std::sync::Arc;

/// The event that led to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    pub(super) id: EventId,
    pub(super) lineage: Lineage,
    /// It is not what the event says, which says nothing or nonsense: an anomaly has been noted.
    pub(super) guessed: bool,
}

/// How far back something is looked for that no parent leads to.
const GUESS_REACH: usize = 64;

impl History {
    /// Returns the event that led to this one. `None` for the first of a flow, and when it lies in a gap.
    ///
    /// Emulators write no parents or the event before; where there is none the event before is assumed.
    pub(super) fn parent(&mut self, event: &Event) -> Option<Parent> {
        match event.parent {
            Some(id) if id < event.id => {
                let lineage = self.lineage(id)?;
                Some(Parent { id, lineage, guessed: false })
            }
            Some(parent) => {
                self.note(Anomaly::WrongParent { event: event.id, parent });
                self.event_before()
            }
            None if self.may_lack_parent(event) => None,
            None => {
                self.note(Anomaly::NoParent { event: event.id });
                self.event_before()
            }
        }
    }

    fn event_before(&self) -> Option<Parent> {
        let before = self.events.last()?;
        Some(Parent { id: before.id, lineage: self.lineage(before.id)?, guessed: true })
    }

    /// The first state has parent 0, not the `ExecutionStarted` event; so has what fails to evaluate in it. An abort
    /// and a time-out of the execution come from nowhere.
    fn may_lack_parent(&self, event: &Event) -> bool {
        let first = self.scopes[ScopeId::ROOT].visits.len();
        match &event.kind {
            EventType::EvaluationFailed => first <= 1,
            kind if kind.enters().is_some() => first == 0,
            kind => kind.ends_execution() || matches!(kind, EventType::ExecutionStarted | EventType::ExecutionRedriven),
        }
    }

    pub(super) fn kind(&self, event: EventId) -> Option<&EventType> {
        self.event(event).map(|event| &event.kind)
    }

    pub(super) fn kind_is(&self, event: EventId, test: impl FnOnce(&EventType) -> bool) -> bool {
        self.kind(event).is_some_and(test)
    }

    /// Returns the visit of a lineage and the containers around it, inside out.
    pub(super) fn outward(&self, from: Lineage) -> impl Iterator<Item = VisitId> {
        let container = |scope: &Scope| scope.container();
        let first = from.visit.or_else(|| container(&self.scopes[from.scope]));
        std::iter::successors(first, move |visit| container(&self.scopes[self.visits[*visit].scope]))
    }

    /// Returns the nearest visit of that name at or around a lineage, whether it has ended or not.
    pub(super) fn named_around(&self, from: Lineage, name: &str) -> Option<VisitId> {
        self.outward(from).find(|visit| &*self.visits[*visit].name == name)
    }

    /// Returns the latest open visit of that name anywhere.
    pub(super) fn open_named(&mut self, name: &Arc<str>) -> Option<VisitId> {
        let visits = self.fold.open_named.get_mut(name)?;
        while let Some(visit) = visits.last().copied() {
            if self.fold.open.contains(&visit) {
                return Some(visit);
            }
            visits.pop();
        }
        None
    }

    /// Returns the latest open visit of that type, among the last ones entered. What was entered before a gap has most
    /// likely ended in it, but for Maps and Parallels, which last.
    pub(super) fn open_of_kind(&self, kind: StateType) -> Option<VisitId> {
        let open = self.fold.open.iter().rev().take(GUESS_REACH).copied();
        let mut open = open.filter(|visit| kind.is_container() || !self.is_lost(*visit));
        open.find(|visit| self.visits[*visit].kind == kind)
    }

    /// Returns the nearest Map or Parallel at or around a lineage whose flows are running.
    pub(super) fn running_around(&self, from: Lineage, kind: StateType) -> Option<VisitId> {
        self.outward(from).find(|visit| {
            let visit = &self.visits[*visit];
            visit.kind == kind && visit.outcome.is_open() && self.last_attempt(visit).is_none_or(|a| a.ended.is_none())
        })
    }

    pub(super) fn last_attempt(&self, visit: &Visit) -> Option<&Attempt> {
        visit.attempts.last().map(|attempt| &self.attempts[*attempt])
    }

    /// Returns the lineage of an event of a visit itself.
    pub(super) fn lineage_in(&self, visit: VisitId) -> Lineage {
        let Visit { scope, attempts, .. } = &self.visits[visit];
        Lineage { scope: *scope, visit: Some(visit), attempt: attempts.last().copied() }
    }

    /// Notes that an event speaks of something that never began, and returns the lineage to go on with.
    pub(super) fn never_began(&mut self, event: &Event, near: Option<Lineage>) -> Lineage {
        self.note(Anomaly::NeverBegan { event: event.id });
        near.unwrap_or(Lineage::ROOT)
    }

    /// Returns the state's name an event carries.
    pub(super) fn name_in(&mut self, event: &Event) -> Arc<str> {
        event.details.name().cloned().unwrap_or_else(|| {
            self.note(Anomaly::NoDetails { event: event.id });
            "?".into()
        })
    }
}
