//! The fold: what each event does to a history.

mod container;
mod ending;
mod find;
mod flow;
mod orphan;
mod task;

use super::{Anomaly, AttemptId, History, Lineage, Outcome, Scope, ScopeId, ScopeOutcome, Thread, Visit, VisitId};
use crate::event::{Event, EventId, EventType};
use ending::Wave;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What the fold remembers from event to event, beside the tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Fold {
    end: Option<EventId>,
    redrives: Vec<EventId>,
    open: BTreeSet<VisitId>,
    /// The visits entered under each name; those that have ended are dropped when they are met.
    open_named: HashMap<Arc<str>, Vec<VisitId>>,
    iterations: HashMap<(VisitId, u64), ScopeId>,
    ends: Vec<Ends>,
    last_task: Option<AttemptId>,
    wave: Option<Wave>,
    greatest: Option<EventId>,
    /// The first event behind the last gap.
    behind_gap: Option<EventId>,
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
        if !self.admit(&event) {
            return;
        }
        let lineage = self.trace(&event);
        self.append(event, lineage);
    }

    /// Checks the number of an event against those before; the second of two equal ones is dropped, as a log that
    /// delivers at least once repeats itself.
    fn admit(&mut self, event: &Event) -> bool {
        let greatest = self.fold.greatest;
        let expected = greatest.map_or(EventId::FIRST, EventId::next);
        if event.id > expected {
            self.note(Anomaly::Gap { after: greatest, next: event.id });
            self.fold.behind_gap = Some(event.id);
            (self.fold.last_task, self.fold.wave) = (None, None);
            if self.fold.end.is_some() {
                // Something goes on behind it, so the redrive lies in the gap.
                self.fold.end = None;
                self.resume_scope(ScopeId::ROOT, event.id);
            }
        } else if event.id < expected {
            if self.place_of(event.id).is_some() {
                self.note(Anomaly::Repeated { event: event.id });
                return false;
            }
            self.note(Anomaly::OutOfOrder { event: event.id });
        }
        self.fold.greatest = greatest.max(Some(event.id));
        if self.fold.end.is_some() && event.kind != EventType::ExecutionRedriven {
            self.note(Anomaly::AfterEnd { event: event.id });
        }
        true
    }

    /// Notes an anomaly; not one that a gap explains, which says it once for all.
    fn note(&mut self, anomaly: Anomaly) {
        if self.fold.behind_gap.is_none() || !anomaly.may_follow_from_gap() {
            self.anomalies.push(anomaly);
        }
    }

    /// Does what an event says and returns where it belongs.
    fn trace(&mut self, event: &Event) -> Lineage {
        use EventType::{
            EvaluationFailed, ExecutionAborted, ExecutionFailed, ExecutionRedriven, ExecutionStarted,
            ExecutionSucceeded, ExecutionTimedOut, MapIterationAborted, MapIterationFailed, MapIterationStarted,
            MapIterationSucceeded, MapRunAborted, MapRunFailed, MapRunRedriven, MapRunStarted, MapRunSucceeded,
            MapStateFailed, MapStateStarted, MapStateSucceeded, ParallelStateFailed, ParallelStateStarted,
            ParallelStateSucceeded, Unknown,
        };
        match &event.kind {
            ExecutionStarted => self.execution_started(event),
            ExecutionRedriven => self.execution_redriven(event),
            ExecutionSucceeded | ExecutionFailed | ExecutionAborted | ExecutionTimedOut => self.execution_ended(event),
            MapStateStarted | ParallelStateStarted => self.container_started(event),
            MapStateSucceeded | ParallelStateSucceeded => self.container_succeeded(event),
            MapStateFailed | ParallelStateFailed => self.container_failed(event),
            MapIterationStarted => self.iteration_started(event),
            MapIterationSucceeded | MapIterationFailed | MapIterationAborted => self.iteration_ended(event),
            MapRunStarted | MapRunSucceeded | MapRunFailed | MapRunAborted => self.map_run(event),
            MapRunRedriven => self.map_run_redriven(event),
            EvaluationFailed => self.evaluation_failed(event),
            Unknown(kind) => {
                self.note(Anomaly::UnknownType { event: event.id, kind: kind.clone() });
                event.parent.and_then(|parent| self.lineage(parent)).unwrap_or(Lineage::ROOT)
            }
            kind if kind.schedules_task() => self.task_scheduled(event),
            kind => {
                if let Some(state) = kind.enters() {
                    self.enter(event, state)
                } else if let Some(state) = kind.exits() {
                    self.exit(event, state)
                } else if let Some(state) = kind.aborts() {
                    self.abort(event, state)
                } else {
                    self.task_went_on(event)
                }
            }
        }
    }

    fn execution_started(&mut self, event: &Event) -> Lineage {
        self.scopes[ScopeId::ROOT].started = Some(event.id);
        Lineage::ROOT
    }

    /// Appends the event and ties it to the event of the same visit before it.
    fn append(&mut self, event: Event, lineage: Lineage) {
        let previous = lineage.visit.and_then(|visit| self.note_event_of(visit, event.id));
        if let Some(place) = previous.and_then(|previous| self.place_of(previous))
            && let Some(thread) = self.threads.get_mut(place)
        {
            thread.next = Some(event.id);
        }
        self.index.note(event.id, self.events.len());
        self.threads.push(Thread { lineage, previous, next: None });
        self.events.push(event);
    }

    /// Returns the event of the visit before this one.
    fn note_event_of(&mut self, visit: VisitId, event: EventId) -> Option<EventId> {
        match self.fold.ends.get_mut(visit.index()) {
            Some(ends) if ends.first == event => None,
            Some(ends) => Some(std::mem::replace(&mut ends.last, event)),
            None => None,
        }
    }

    /// Adds a visit and opens it.
    fn open_visit(&mut self, visit: Visit, event: EventId) -> VisitId {
        let (scope, name) = (visit.scope, visit.name.clone());
        self.resume_scope(scope, event);
        let id = self.visits.push(visit);
        self.fold.ends.push(Ends { first: event, last: event });
        self.scopes[scope].visits.push(id);
        self.set_open(id);
        self.fold.open_named.entry(name).or_default().push(id);
        id
    }

    fn set_open(&mut self, visit: VisitId) {
        self.changes.opened(self.events.len(), visit, &self.fold.open);
        self.fold.open.insert(visit);
        let scope = self.visits[visit].scope;
        self.scopes[scope].open.push(visit);
    }

    fn set_closed(&mut self, visit: VisitId) {
        if !self.fold.open.contains(&visit) {
            return;
        }
        self.changes.closed(self.events.len(), visit, &self.fold.open);
        self.fold.open.remove(&visit);
        let scope = self.visits[visit].scope;
        let open = &mut self.scopes[scope].open;
        if let Some(position) = open.iter().rposition(|other| *other == visit) {
            open.remove(position);
        }
    }

    /// Adds a scope to a container.
    fn add_scope(&mut self, container: VisitId, scope: Scope) -> ScopeId {
        let id = self.scopes.push(scope);
        self.visits[container].children.push(id);
        id
    }

    /// Takes a scope and everything around it up again after its end, as a redrive does.
    pub(super) fn resume_scope(&mut self, scope: ScopeId, event: EventId) {
        let mut next = Some(scope);
        while let Some(id) = next {
            let scope = &mut self.scopes[id];
            let container = scope.container();
            if scope.outcome != ScopeOutcome::Open {
                scope.outcome = ScopeOutcome::Open;
                scope.ended = None;
            }
            next = container.filter(|container| !self.visits[*container].outcome.is_open()).map(|container| {
                self.resume(container, event);
                self.visits[container].scope
            });
        }
    }

    /// Takes one visit up again, keeping how it had ended.
    pub(super) fn resume(&mut self, visit: VisitId, event: EventId) {
        let resumed = &mut self.visits[visit];
        if resumed.outcome.is_open() {
            return;
        }
        resumed.earlier.push(super::Ending { outcome: resumed.outcome, ended: resumed.ended, resumed: event });
        resumed.outcome = Outcome::Open;
        resumed.ended = None;
        let (name, attempt) = (resumed.name.clone(), resumed.attempts.last().copied());
        if let Some(attempt) = attempt.filter(|_| resumed.kind.is_container()) {
            self.attempts[attempt].outcome = super::AttemptOutcome::Open;
            self.attempts[attempt].ended = None;
        }
        self.set_open(visit);
        self.fold.open_named.entry(name).or_default().push(visit);
    }
}
