//! States that begin and end.

use super::super::{Anomaly, History, Lineage, Outcome, Place, Scope, ScopeId, ScopeOutcome, Visit, VisitId};
use super::find::Parent;
use crate::event::{Details, Event, EventId, EventType, StateType};
use std::sync::Arc;

impl Visit {
    pub(super) fn new(name: Arc<str>, kind: StateType, scope: ScopeId, entered: Option<EventId>) -> Self {
        Self {
            name,
            kind,
            scope,
            entered,
            ended: None,
            outcome: Outcome::Open,
            previous: None,
            next: None,
            attempts: Vec::new(),
            children: Vec::new(),
            map_run_arn: None,
            earlier: Vec::new(),
        }
    }
}

impl History {
    /// A state begins after the exit, iteration start or Parallel start its parent is; the first one after nothing.
    pub(super) fn enter(&mut self, event: &Event, kind: StateType) -> Lineage {
        let (scope, previous) = match self.parent(event) {
            None => (ScopeId::ROOT, None),
            Some(parent) => self.flow_after(event, parent),
        };
        let name = self.name_in(event);
        let mut visit = Visit::new(name, kind, scope, Some(event.id));
        visit.previous = previous;
        let visit = self.open_visit(visit, event.id);
        if let Some(previous) = previous {
            self.visits[previous].next = Some(visit);
        }
        if kind == StateType::Fail {
            self.settle(visit, Outcome::Failed { by: event.id }, event.id);
        }
        self.lineage_in(visit)
    }

    /// Returns the flow that goes on behind an event, and the visit it comes from.
    fn flow_after(&mut self, event: &Event, parent: Parent) -> (ScopeId, Option<VisitId>) {
        let Lineage { scope, visit, .. } = parent.lineage;
        match (self.kind(parent.id), visit) {
            (Some(EventType::ExecutionStarted | EventType::ExecutionRedriven), _) => (ScopeId::ROOT, None),
            (Some(EventType::MapIterationStarted), _) => (scope, None),
            (Some(EventType::ParallelStateStarted), Some(visit)) => (self.add_branch(visit, event.id), None),
            (Some(kind), Some(visit)) if kind.exits().is_some() => (scope, Some(visit)),
            _ => self.flow_near(event, parent),
        }
    }

    /// The parent cannot lead to a state. If what it speaks of has ended, the flow goes on behind that; if it goes on,
    /// the state runs beside it; if it is a container, inside of it.
    fn flow_near(&mut self, event: &Event, parent: Parent) -> (ScopeId, Option<VisitId>) {
        if !parent.guessed {
            self.note(Anomaly::WrongParent { event: event.id, parent: parent.id });
        }
        let Lineage { scope, visit, .. } = parent.lineage;
        let Some(visit) = visit else {
            let closed = self.scopes[scope].outcome != ScopeOutcome::Open;
            let container = self.scopes[scope].container().filter(|_| closed);
            return (container.map_or(scope, |container| self.visits[container].scope), None);
        };
        let found = &self.visits[visit];
        match (found.outcome.is_open(), found.kind) {
            (false, _) => (scope, Some(visit)),
            (true, StateType::Parallel) => (self.add_branch(visit, event.id), None),
            (true, StateType::Map) => {
                let index = self.visits[visit].children.len() as u64;
                (self.add_iteration(visit, index, event.id), None)
            }
            (true, _) => match self.scopes[scope].place {
                Place::Branch { of, .. } => (self.add_branch(of, event.id), None),
                _ => (scope, None),
            },
        }
    }

    fn add_branch(&mut self, parallel: VisitId, event: EventId) -> ScopeId {
        let attempt = self.visits[parallel].attempts.last().copied();
        let children = self.visits[parallel].children.iter().rev();
        let index = children.take_while(|scope| self.scopes[**scope].attempt() == attempt).count();
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.add_scope(parallel, Scope::new(Place::Branch { of: parallel, attempt, index }, Some(event)))
    }

    /// A state ends. Its exit descends from its entry, through its task's events or out of its branches and
    /// iterations; when it descends from a failure, a catcher took that.
    pub(super) fn exit(&mut self, event: &Event, kind: StateType) -> Lineage {
        let name = self.name_in(event);
        let parent = self.parent(event);
        let visit = self.leaving(event, kind, &name, parent);
        self.resume(visit, event.id);
        let failure = parent.filter(|parent| self.kind_is(parent.id, EventType::is_failure));
        let outcome = match failure {
            Some(failure) => Outcome::Caught { failure: self.fold_origin(failure.id) },
            None => Outcome::Exited,
        };
        self.close_inside(visit, outcome, event.id);
        self.settle(visit, outcome, event.id);
        self.note_assignments(event, self.visits[visit].scope);
        self.lineage_in(visit)
    }

    /// Returns the visit that an exit ends.
    fn leaving(&mut self, event: &Event, kind: StateType, name: &Arc<str>, parent: Option<Parent>) -> VisitId {
        let around = parent.and_then(|parent| self.named_around(parent.lineage, name));
        if let Some(visit) = around.filter(|visit| self.visits[*visit].outcome.is_open()) {
            return self.check_kind(event, visit, kind);
        }
        if let Some(visit) = self.open_named(name) {
            let placed = |parent: &Parent| !parent.guessed && parent.lineage != Lineage::ROOT;
            if let Some(parent) = parent.filter(placed) {
                self.note(Anomaly::WrongParent { event: event.id, parent: parent.id });
            }
            return self.check_kind(event, visit, kind);
        }
        if let Some(visit) = around {
            return self.check_kind(event, visit, kind);
        }
        let near = self.never_began(event, parent.map(|parent| parent.lineage));
        let visit = self.open_visit(Visit::new(name.clone(), kind, near.scope, None), event.id);
        if let Some(parent) = parent.filter(|parent| !parent.guessed) {
            self.adopt(visit, parent.id);
        }
        visit
    }

    fn check_kind(&mut self, event: &Event, visit: VisitId, kind: StateType) -> VisitId {
        let entered = self.visits[visit].kind;
        if entered != kind {
            self.note(Anomaly::TypeChanged { event: event.id, entered });
        }
        visit
    }

    fn note_assignments(&mut self, event: &Event, scope: ScopeId) {
        let Details::StateExited(exited) = &event.details else { return };
        for name in exited.assigned.iter().flat_map(|assigned| assigned.values.keys()) {
            self.scopes[scope].assignments.entry(name.clone()).or_default().push(event.id);
        }
    }

    /// An expression failed. The event names its state, and descends from that state's events or, as its entry does,
    /// from what led to the state.
    pub(super) fn evaluation_failed(&mut self, event: &Event) -> Lineage {
        let parent = self.parent(event);
        let lineage = parent.map_or(Lineage::ROOT, |parent| parent.lineage);
        let Some(name) = event.details.name().cloned() else {
            self.note(Anomaly::NoDetails { event: event.id });
            return lineage;
        };
        let Some(visit) = self.evaluating(lineage, &name).or_else(|| self.open_named(&name)) else {
            return self.never_began(event, Some(lineage));
        };
        if self.visits[visit].kind == StateType::Fail {
            self.visits[visit].outcome = Outcome::Failed { by: event.id };
        }
        self.lineage_in(visit)
    }

    /// Returns the visit of that name at, around, behind or inside a place.
    fn evaluating(&self, lineage: Lineage, name: &str) -> Option<VisitId> {
        let named = |visit: &VisitId| &*self.visits[*visit].name == name;
        let inside = |visit: VisitId| {
            let scopes = self.visits[visit].children.iter().rev();
            scopes.filter_map(|scope| self.scopes[*scope].visits.last().copied()).find(named)
        };
        let here = self.outward(lineage).find(|visit| named(visit) && self.visits[*visit].outcome.is_open());
        let here = here.or_else(|| self.scopes[lineage.scope].open.iter().rev().copied().find(named));
        here.or_else(|| self.scopes[lineage.scope].visits.last().copied().filter(named))
            .or_else(|| lineage.visit.and_then(inside))
    }
}
