//! What happened in an execution: its events folded into visits of states.
//!
//! A history is fed event by event, page by page, and always holds the best reading of what it has seen: visits with
//! their attempts and outcomes, the branches and iterations they stand in, and which of these each event belongs to.
//! It never fails: what does not fit becomes an [`Anomaly`]. It must not know the definition (except to label
//! branches), files or screens.
//!
//! Parents (`previousEventId`) carry all lineage: a state begins after the exit, iteration start or Parallel start it
//! names; everything in a state descends from its entry; a Map or Parallel ends after the last event of one of its
//! flows, found by climbing out of them.

mod anomaly;
mod branches;
mod changes;
mod family;
mod fold;
mod id;
mod index;
mod lineage;
mod scope;
#[cfg(test)]
pub(crate) mod tests;
mod visit;
mod world;

pub use anomaly::Anomaly;
pub use family::{Described, Family, Link, Member, MemberId, nested_tasks};
pub use id::{AttemptId, ScopeId, VisitId};
pub use lineage::Lineage;
pub use scope::{Place, Scope, ScopeOutcome};
pub use visit::{Attempt, AttemptKind, AttemptOutcome, Ending, Outcome, Visit};
pub use world::{Variable, World};

use crate::event::{Details, Event, EventId, Failure, Timestamp, Variables};
use crate::json::Payload;
use branches::Branches;
use changes::Changes;
use fold::Fold;
use id::Table;
use index::EventIndex;
use lineage::Thread;
use std::collections::BTreeSet;

/// The events of an execution and what they mean together.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    events: Vec<Event>,
    index: EventIndex,
    threads: Vec<Thread>,
    visits: Table<VisitId, Visit>,
    attempts: Table<AttemptId, Attempt>,
    scopes: Table<ScopeId, Scope>,
    changes: Changes,
    anomalies: Vec<Anomaly>,
    fold: Fold,
    /// Up to when nothing else has happened, where that is known.
    seen: Option<Timestamp>,
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}

impl FromIterator<Event> for History {
    fn from_iter<T: IntoIterator<Item = Event>>(events: T) -> Self {
        let mut history = Self::new();
        history.extend(events);
        history
    }
}

impl Extend<Event> for History {
    fn extend<T: IntoIterator<Item = Event>>(&mut self, events: T) {
        for event in events {
            self.push(event);
        }
    }
}

impl History {
    /// A history without events.
    pub fn new() -> Self {
        let mut scopes = Table::new();
        scopes.push(Scope::new(Place::Root, None));
        Self {
            events: Vec::new(),
            index: EventIndex::default(),
            threads: Vec::new(),
            visits: Table::new(),
            attempts: Table::new(),
            scopes,
            changes: Changes::default(),
            anomalies: Vec::new(),
            fold: Fold::default(),
            seen: None,
        }
    }

    /// Notes when somebody looked at what goes on: until then nothing else had happened.
    pub fn set_seen(&mut self, at: Timestamp) {
        self.seen = Some(at);
    }

    /// Returns the events in the order they came.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns an event by its id.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.get(self.place_of(id)?)
    }

    /// Returns the place of an event in [`Self::events`].
    pub fn place_of(&self, id: EventId) -> Option<usize> {
        self.index.place_of(id, self.events.len())
    }

    /// Returns where an event belongs.
    pub fn lineage(&self, event: EventId) -> Option<Lineage> {
        Some(self.thread(event)?.lineage)
    }

    /// Returns the visit an event belongs to; for the events of an iteration itself the Map.
    pub fn visit_of(&self, event: EventId) -> Option<VisitId> {
        let lineage = self.lineage(event)?;
        lineage.visit.or_else(|| self.scope(lineage.scope).container())
    }

    /// Returns the attempt an event belongs to.
    pub fn attempt_of(&self, event: EventId) -> Option<AttemptId> {
        self.lineage(event)?.attempt
    }

    /// Returns the next event of the same visit.
    pub fn next_of_visit(&self, event: EventId) -> Option<EventId> {
        self.thread(event)?.next
    }

    /// Returns the event before it of the same visit.
    pub fn previous_of_visit(&self, event: EventId) -> Option<EventId> {
        self.thread(event)?.previous
    }

    /// Returns the events of a visit in order, those of the states inside it left out.
    pub fn events_of(&self, visit: VisitId) -> impl Iterator<Item = &Event> {
        let first = self.fold.first_event(visit);
        std::iter::successors(first, |event| self.next_of_visit(*event)).filter_map(|event| self.event(event))
    }

    /// Returns the events of an attempt in order, those of the states inside it left out.
    pub fn events_of_attempt(&self, attempt: AttemptId) -> impl Iterator<Item = &Event> {
        let first = Some(self.attempt(attempt).scheduled);
        std::iter::successors(first, |event| self.next_of_visit(*event))
            .filter_map(|event| self.event(event))
            .filter(move |event| self.attempt_of(event.id) == Some(attempt))
    }

    /// Returns all visits in the order they were entered.
    pub fn visits(&self) -> impl DoubleEndedIterator<Item = (VisitId, &Visit)> + ExactSizeIterator {
        self.visits.iter()
    }

    /// Returns a visit of this history.
    pub fn visit(&self, id: VisitId) -> &Visit {
        &self.visits[id]
    }

    /// Returns all attempts in the order they began.
    pub fn attempts(&self) -> impl DoubleEndedIterator<Item = (AttemptId, &Attempt)> + ExactSizeIterator {
        self.attempts.iter()
    }

    /// Returns an attempt of this history.
    pub fn attempt(&self, id: AttemptId) -> &Attempt {
        &self.attempts[id]
    }

    /// Returns all scopes in the order they began; the first is [`ScopeId::ROOT`].
    pub fn scopes(&self) -> impl DoubleEndedIterator<Item = (ScopeId, &Scope)> + ExactSizeIterator {
        self.scopes.iter()
    }

    /// Returns a scope of this history.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id]
    }

    /// Returns a scope and those around it, out to the root.
    pub fn scopes_above(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |scope| self.scope(*scope).container().map(|of| self.visit(of).scope))
    }

    /// Returns the visit and the containers around it, outermost first.
    pub fn path_of(&self, visit: VisitId) -> Vec<VisitId> {
        let outward = std::iter::successors(Some(visit), |visit| self.scope(self.visit(*visit).scope).container());
        let mut path: Vec<VisitId> = outward.collect();
        path.reverse();
        path
    }

    /// Returns the latest scope for an item of a Map.
    pub fn iteration(&self, map: VisitId, index: u64) -> Option<ScopeId> {
        self.fold.iteration(map, index)
    }

    /// Returns how many items an attempt of a Map has: as `MapStateStarted` says (which is 0 for an item reader) or as
    /// many as have begun.
    pub fn items_of(&self, map: VisitId, attempt: AttemptId) -> u64 {
        let begun = self.visit(map).children.iter().filter(|scope| self.scope(**scope).attempt() == Some(attempt));
        let length = match self.event(self.attempt(attempt).scheduled).map(|event| &event.details) {
            Some(Details::MapStateStarted(Some(length))) => *length,
            _ => 0,
        };
        length.max(begun.count() as u64)
    }

    /// Returns the input of a visit.
    pub fn input(&self, visit: VisitId) -> Option<&Payload> {
        self.event(self.visit(visit).entered?)?.details.input()
    }

    /// Returns the output of a visit.
    pub fn output(&self, visit: VisitId) -> Option<&Payload> {
        self.event(self.visit(visit).ended?)?.details.output()
    }

    /// Returns the variables a visit assigned.
    pub fn assigned(&self, visit: VisitId) -> Option<&Variables> {
        self.assigned_by(self.visit(visit).ended?)
    }

    /// Returns what an attempt was called with: a task's parameters or input, else the visit's input.
    pub fn attempt_input(&self, attempt: AttemptId) -> Option<&Payload> {
        let attempt = self.attempt(attempt);
        let scheduled = self.event(attempt.scheduled).and_then(|event| event.details.input());
        scheduled.or_else(|| self.input(attempt.visit))
    }

    /// Returns what an attempt came back with.
    pub fn attempt_output(&self, attempt: AttemptId) -> Option<&Payload> {
        self.event(self.attempt(attempt).ended?)?.details.output()
    }

    /// Returns the first failure in a flow that a catcher of its own states took.
    pub fn caught_in(&self, scope: ScopeId) -> Option<EventId> {
        self.scope(scope).visits.iter().find_map(|visit| match self.visit(*visit).outcome {
            Outcome::Caught { failure } => Some(failure),
            _ => None,
        })
    }

    /// Returns the error and cause an event carries.
    pub fn failure_at(&self, event: EventId) -> Option<&Failure> {
        self.event(event)?.details.failure()
    }

    /// Tells whether a failure began with a task that was silent for too long: it timed out before its whole time was
    /// over. Histories say `States.Timeout` for both; `ErrorEquals` can tell them apart.
    pub fn missed_heartbeat(&self, failure: EventId) -> bool {
        let found = || {
            let ended = self.event(self.origin(failure))?;
            let attempt = self.attempt(self.attempt_of(ended.id)?);
            let started = attempt.started.and_then(|event| self.event(event));
            Some(ended.missed_heartbeat(self.event(attempt.scheduled)?, started))
        };
        found().unwrap_or(false)
    }

    /// Returns the input of the execution.
    pub fn execution_input(&self) -> Option<&Payload> {
        self.event(EventId::FIRST)?.details.input()
    }

    /// Returns the event that ended the execution; `None` while it goes on, also after a redrive.
    pub fn end(&self) -> Option<&Event> {
        self.event(self.fold.end()?)
    }

    /// Returns the `ExecutionRedriven` events.
    pub fn redrives(&self) -> &[EventId] {
        self.fold.redrives()
    }

    /// Returns the visits that are open now, in the order they were entered.
    pub fn open(&self) -> impl DoubleEndedIterator<Item = VisitId> {
        self.fold.open().iter().copied()
    }

    /// Tells whether a visit is only seen as open because its end lies in a gap, or may: nothing of it comes behind.
    pub fn is_lost(&self, visit: VisitId) -> bool {
        self.visit(visit).outcome.is_open() && self.lies_before_gap(visit)
    }

    /// Returns the event a failure began with: the way from a collector (`MapStateFailed`, `ParallelStateFailed`,
    /// `MapIterationFailed`, `ExecutionFailed`) down to what it collects.
    pub fn origin(&self, failure: EventId) -> EventId {
        self.fold_origin(failure)
    }

    /// Returns the microseconds a visit took or, of an open one, has taken up to when somebody looked; `None` when its end
    /// is missing, or nobody knows when that was.
    pub fn duration_micros(&self, visit: VisitId) -> Option<i64> {
        if self.is_lost(visit) {
            return None;
        }
        let visit = self.visit(visit);
        self.micros_between(visit.entered?, visit.ended)
    }

    /// Returns the microseconds an attempt took or, of an open one, has taken up to when somebody looked.
    pub fn attempt_micros(&self, attempt: AttemptId) -> Option<i64> {
        let attempt = self.attempt(attempt);
        self.micros_between(attempt.scheduled, attempt.ended)
    }

    /// Returns the microseconds a scope took or, of an open one, has taken up to when somebody looked.
    pub fn scope_micros(&self, scope: ScopeId) -> Option<i64> {
        let scope = self.scope(scope);
        self.micros_between(scope.started?, scope.ended)
    }

    /// Returns when the first event happened.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.events.first().map(|event| event.timestamp)
    }

    /// Returns when the last event happened.
    pub fn last_at(&self) -> Option<Timestamp> {
        self.events.last().map(|event| event.timestamp)
    }

    /// Returns when the execution ended or, of one that goes on, when somebody last looked.
    pub fn until(&self) -> Option<Timestamp> {
        let ended = self.end().map(|end| end.timestamp);
        ended.or_else(|| Some(self.seen?.max(self.last_at()?)))
    }

    /// Returns the state of the execution right after an event.
    pub fn world_at(&self, event: EventId) -> Option<World<'_>> {
        World::new(self, event)
    }

    /// Returns what does not fit, in the order it was found.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// Numbers branches by the definition it ran, JSON, and puts them in its order.
    pub fn label_by(&mut self, definition: &Payload) {
        Branches::of(definition).label(self);
    }

    /// Returns where a visit stands in the order of the definition: by container, number of the branch or item, and time.
    pub fn order_of(&self, visit: VisitId) -> Vec<(VisitId, u64)> {
        let scopes = self.scopes_above(self.visit(visit).scope);
        let mut order: Vec<(VisitId, u64)> =
            scopes.filter_map(|scope| self.scope(scope).container().zip(self.scope(scope).index())).collect();
        order.reverse();
        order.push((visit, 0));
        order
    }

    /// Numbers branches by the definition and puts them in its order: asks for the place of the branch of a Parallel
    /// that has a state.
    pub fn label_branches(&mut self, mut branch: impl FnMut(&str, &str) -> Option<u32>) {
        let mut labelled = BTreeSet::new();
        for scope in self.scopes.iter_mut() {
            let Place::Branch { of, index, .. } = &mut scope.place else { continue };
            let Some(first) = scope.visits.first() else { continue };
            if let Some(label) = branch(&self.visits[*of].name, &self.visits[*first].name) {
                *index = label;
                labelled.insert(*of);
            }
        }
        for parallel in labelled {
            let mut children = std::mem::take(&mut self.visits[parallel].children);
            children.sort_by_key(|scope| (self.scopes[*scope].attempt(), self.scopes[*scope].index()));
            self.visits[parallel].children = children;
        }
    }

    fn thread(&self, event: EventId) -> Option<&Thread> {
        self.threads.get(self.place_of(event)?)
    }

    fn assigned_by(&self, exit: EventId) -> Option<&Variables> {
        match &self.event(exit)?.details {
            Details::StateExited(exited) => exited.assigned.as_deref(),
            _ => None,
        }
    }

    fn micros_between(&self, from: EventId, to: Option<EventId>) -> Option<i64> {
        let to = match to {
            Some(to) => self.event(to)?.timestamp,
            None => self.until()?,
        };
        Some(to.micros_since(self.event(from)?.timestamp))
    }
}
