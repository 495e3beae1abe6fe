//! Map and Parallel: their runs, iterations and map runs.

use super::super::{
    Anomaly, AttemptOutcome, History, Lineage, Outcome, Place, Scope, ScopeId, ScopeOutcome, Visit, VisitId,
};
use super::find::Parent;
use crate::event::{Details, Event, EventId, EventType, StateType};

/// Returns the type of container an event speaks of.
fn container_of(kind: &EventType) -> StateType {
    match kind {
        EventType::ParallelStateStarted | EventType::ParallelStateSucceeded | EventType::ParallelStateFailed => {
            StateType::Parallel
        }
        _ => StateType::Map,
    }
}

impl History {
    /// All flows of a Map or Parallel begin: after its entry for the first time, after the failure of one of them
    /// when a retrier asks for it (then the attempt before has no `…StateFailed`).
    pub(super) fn container_started(&mut self, event: &Event) -> Lineage {
        let kind = container_of(&event.kind);
        let parent = self.parent(event);
        let entered = parent.filter(|parent| self.kind_is(parent.id, |parent| parent.enters() == Some(kind)));
        let visit = match entered {
            Some(parent) => parent.lineage.visit,
            None => parent.and_then(|parent| self.running_around(parent.lineage, kind)),
        };
        let Some(visit) = visit.or_else(|| self.open_of_kind(kind)) else {
            return self.never_began(event, parent.map(|parent| parent.lineage));
        };
        self.resume_scope(self.visits[visit].scope, event.id);
        self.resume(visit, event.id);
        if let Some(failure) = parent.filter(|_| entered.is_none()) {
            let by = self.fold_origin(failure.id);
            self.fail_inside(visit, by, event.id);
            self.end_attempt(visit, self.attempt_failed(by), event.id);
        }
        self.begin_attempt(visit, event.id, entered.is_some());
        self.lineage_in(visit)
    }

    /// All flows of a Map or Parallel have ended well: the event descends from the last event of the last of them.
    pub(super) fn container_succeeded(&mut self, event: &Event) -> Lineage {
        let kind = container_of(&event.kind);
        let parent = self.parent(event);
        let Some(visit) = self.container_around(event, kind, parent) else {
            return self.never_began(event, parent.map(|parent| parent.lineage));
        };
        self.end_attempt(visit, AttemptOutcome::Succeeded, event.id);
        self.end_branches(visit);
        self.lineage_in(visit)
    }

    /// A flow of a Map or Parallel failed, or its map run, or an expression of its own; nothing retries it.
    pub(super) fn container_failed(&mut self, event: &Event) -> Lineage {
        let kind = container_of(&event.kind);
        let parent = self.parent(event);
        let Some(visit) = self.container_around(event, kind, parent) else {
            return self.never_began(event, parent.map(|parent| parent.lineage));
        };
        let by = parent.map_or(event.id, |parent| self.fold_origin(parent.id));
        self.fail_inside(visit, by, event.id);
        self.end_attempt(visit, self.attempt_failed(by), event.id);
        self.lineage_in(visit)
    }

    /// Returns the container whose flows a parent ends.
    fn container_around(&mut self, event: &Event, kind: StateType, parent: Option<Parent>) -> Option<VisitId> {
        let own = parent.filter(|parent| self.kind_is(parent.id, |kind| *kind == EventType::EvaluationFailed));
        let own = own.and_then(|parent| parent.lineage.visit).filter(|visit| self.visits[*visit].kind == kind);
        let found = own.or_else(|| self.running_around(parent?.lineage, kind));
        if let Some(parent) = parent.filter(|parent| found.is_none() && !parent.guessed) {
            self.note(Anomaly::WrongParent { event: event.id, parent: parent.id });
        }
        found.or_else(|| self.open_of_kind(kind))
    }

    /// Returns how an attempt ends that failed by an event.
    pub(super) fn attempt_failed(&self, by: EventId) -> AttemptOutcome {
        if self.is_time_out(by) { AttemptOutcome::TimedOut { by } } else { AttemptOutcome::Failed { by } }
    }

    /// Branches end without an event of their own: with the last one the Parallel succeeds.
    fn end_branches(&mut self, parallel: VisitId) {
        for scope in self.running_scopes(parallel) {
            if matches!(self.scopes[scope].place, Place::Branch { .. }) && self.scopes[scope].open.is_empty() {
                self.end_branch(scope);
            }
        }
    }

    /// Ends a branch in which nothing is open as its last state ended.
    pub(super) fn end_branch(&mut self, scope: ScopeId) {
        let last = self.scopes[scope].visits.last().map(|visit| &self.visits[*visit]);
        let outcome = match last.map(|visit| visit.outcome) {
            Some(Outcome::Aborted { by }) => ScopeOutcome::Aborted { by },
            Some(Outcome::Failed { by } | Outcome::TimedOut { by }) => ScopeOutcome::Failed { by },
            _ => ScopeOutcome::Succeeded,
        };
        let ended = last.and_then(|visit| visit.ended);
        self.end_scope(scope, outcome, ended);
    }

    /// Returns the scopes of a container's last attempt that have not ended.
    pub(super) fn running_scopes(&self, container: VisitId) -> Vec<ScopeId> {
        let Visit { attempts, children, .. } = &self.visits[container];
        let last = attempts.last().copied();
        let scopes = children.iter().rev().copied().take_while(|scope| self.scopes[*scope].attempt() == last);
        let mut scopes: Vec<ScopeId> =
            scopes.filter(|scope| self.scopes[*scope].outcome == ScopeOutcome::Open).collect();
        scopes.reverse();
        scopes
    }

    pub(super) fn end_scope(&mut self, scope: ScopeId, outcome: ScopeOutcome, ended: Option<EventId>) {
        let scope = &mut self.scopes[scope];
        if scope.outcome == ScopeOutcome::Open {
            scope.outcome = outcome;
            scope.ended = ended;
        }
    }

    /// An iteration begins: after `MapStateStarted`, or after the last event of the iteration it waited for.
    pub(super) fn iteration_started(&mut self, event: &Event) -> Lineage {
        let parent = self.parent(event);
        let (map, index) = self.map_and_index(event, parent);
        self.resume_scope(self.visits[map].scope, event.id);
        self.resume(map, event.id);
        let scope = self.add_iteration(map, index, event.id);
        self.lineage_of_iteration(scope)
    }

    pub(super) fn add_iteration(&mut self, map: VisitId, index: u64, event: EventId) -> ScopeId {
        let attempt = self.visits[map].attempts.last().copied();
        let scope = self.add_scope(map, Scope::new(Place::Iteration { of: map, attempt, index }, Some(event)));
        self.fold.iterations.insert((map, index), scope);
        scope
    }

    /// An iteration ends: well after its last event, badly after a failure in it, aborted after a failure in another.
    pub(super) fn iteration_ended(&mut self, event: &Event) -> Lineage {
        let parent = self.parent(event);
        let (map, index) = self.map_and_index(event, parent);
        let scope = self.fold.iteration(map, index).unwrap_or_else(|| {
            self.never_began(event, None);
            let scope = self.add_iteration(map, index, event.id);
            self.scopes[scope].started = None;
            if let Some(parent) = parent.filter(|parent| !parent.guessed) {
                self.bring_home(parent.id, scope);
            }
            scope
        });
        let by = parent.map_or(event.id, |parent| self.fold_origin(parent.id));
        let outcome = match event.kind {
            EventType::MapIterationSucceeded => ScopeOutcome::Succeeded,
            EventType::MapIterationFailed => ScopeOutcome::Failed { by },
            _ => ScopeOutcome::Aborted { by },
        };
        if event.kind == EventType::MapIterationFailed {
            self.fail_outward(by, Some(map), event.id);
        }
        self.scopes[scope].outcome = ScopeOutcome::Open;
        self.end_scope(scope, outcome, Some(event.id));
        self.fold.wave = Some(super::Wave::in_iteration(parent.map(|parent| parent.id), scope));
        self.lineage_of_iteration(scope)
    }

    fn lineage_of_iteration(&self, scope: ScopeId) -> Lineage {
        Lineage { scope, visit: None, attempt: self.scopes[scope].attempt() }
    }

    /// Returns the Map an iteration's event names, and the item.
    fn map_and_index(&mut self, event: &Event, parent: Option<Parent>) -> (VisitId, u64) {
        let name = self.name_in(event);
        let index = match &event.details {
            Details::MapIteration(iteration) => iteration.index,
            _ => 0,
        };
        let around = parent.and_then(|parent| self.named_around(parent.lineage, &name));
        if let Some(map) = around {
            return (map, index);
        }
        if let Some(map) = self.open_named(&name) {
            if let Some(parent) = parent.filter(|parent| !parent.guessed) {
                self.note(Anomaly::WrongParent { event: event.id, parent: parent.id });
            }
            return (map, index);
        }
        let near = self.never_began(event, parent.map(|parent| parent.lineage));
        (self.open_visit(Visit::new(name, StateType::Map, near.scope, None), event.id), index)
    }

    /// A map run does the work of a distributed Map; its items are executions of their own.
    pub(super) fn map_run(&mut self, event: &Event) -> Lineage {
        let parent = self.parent(event);
        let Some(visit) = self.container_around(event, StateType::Map, parent) else {
            return self.never_began(event, parent.map(|parent| parent.lineage));
        };
        if let Details::MapRunStarted(Some(arn)) = &event.details {
            self.visits[visit].map_run_arn = Some(arn.clone());
        }
        if let Some(attempt) = self.visits[visit].attempts.last().copied() {
            let attempt = &mut self.attempts[attempt];
            match event.kind {
                EventType::MapRunStarted => attempt.started = Some(event.id),
                EventType::MapRunFailed => attempt.outcome = AttemptOutcome::Failed { by: event.id },
                EventType::MapRunAborted => attempt.outcome = AttemptOutcome::Aborted { by: event.id },
                _ => {}
            }
        }
        self.lineage_in(visit)
    }

    /// A redrive takes a map run up again: the event descends from `MapStateStarted`.
    pub(super) fn map_run_redriven(&mut self, event: &Event) -> Lineage {
        let parent = self.parent(event);
        let near = parent.map(|parent| parent.lineage);
        let found = near.and_then(|near| self.outward(near).find(|visit| self.visits[*visit].kind == StateType::Map));
        let Some(visit) = found.or_else(|| self.open_of_kind(StateType::Map)) else {
            return self.never_began(event, near);
        };
        self.resume_scope(self.visits[visit].scope, event.id);
        self.resume_redriven_map(visit, event);
        self.lineage_in(visit)
    }

    fn resume_redriven_map(&mut self, visit: VisitId, event: &Event) {
        let last = self.visits[visit].attempts.last().copied();
        let before = last.map(|attempt| (self.attempts[attempt].outcome, self.attempts[attempt].ended));
        self.resume(visit, event.id);
        if let (Some(attempt), Some((outcome, ended))) = (last, before) {
            self.attempts[attempt].outcome = outcome;
            self.attempts[attempt].ended = ended;
        }
        self.end_attempt(visit, AttemptOutcome::Aborted { by: event.id }, event.id);
        let attempt = self.begin_attempt(visit, event.id, true);
        self.attempts[attempt].started = Some(event.id);
        if let Details::MapRunRedriven(redriven) = &event.details
            && let Some(arn) = &redriven.map_run_arn
        {
            self.visits[visit].map_run_arn = Some(arn.clone());
        }
    }
}
