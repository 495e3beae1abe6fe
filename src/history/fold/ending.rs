//! Failures and ends: what they close, and as what.

use super::super::{Anomaly, AttemptOutcome, History, Lineage, Outcome, Place, ScopeId, ScopeOutcome, VisitId};
use crate::event::{Event, EventId, EventType, StateType};

/// A run of abort events. They carry no name, only the failure they come from, and stand in the order of the flows
/// they abort; each `MapIteration…` event is followed by the aborts of what is open in that iteration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wave {
    by: Option<EventId>,
    within: Option<ScopeId>,
    left: Option<Vec<VisitId>>,
}

impl Wave {
    pub(super) fn in_iteration(by: Option<EventId>, scope: ScopeId) -> Self {
        Self { by, within: Some(scope), left: None }
    }
}

impl History {
    /// Ends a visit.
    pub(super) fn settle(&mut self, visit: VisitId, outcome: Outcome, ended: EventId) {
        let attempt = match outcome {
            Outcome::Open => return,
            Outcome::Exited => AttemptOutcome::Succeeded,
            Outcome::Failed { by } | Outcome::TimedOut { by } | Outcome::Caught { failure: by } => {
                self.attempt_failed(by)
            }
            Outcome::Aborted { by } => AttemptOutcome::Aborted { by },
        };
        self.end_attempt(visit, attempt, ended);
        self.set_closed(visit);
        let visit = &mut self.visits[visit];
        visit.outcome = outcome;
        visit.ended = Some(ended);
    }

    pub(super) fn is_time_out(&self, event: EventId) -> bool {
        self.kind_is(event, |kind| {
            matches!(kind, EventType::TaskTimedOut | EventType::LambdaFunctionTimedOut | EventType::ActivityTimedOut)
        })
    }

    /// A state that is open is aborted because something else failed; the state that failed is listed among them.
    pub(super) fn abort(&mut self, event: &Event, kind: StateType) -> Lineage {
        let parent = self.parent(event);
        let Some(visit) = self.next_aborted(parent.map(|parent| (parent.id, parent.lineage)), kind) else {
            return self.never_began(event, parent.map(|parent| parent.lineage));
        };
        let by = parent.map_or(event.id, |parent| self.fold_origin(parent.id));
        let failed = parent.is_some_and(|parent| parent.lineage.visit == Some(visit));
        if failed {
            self.settle(visit, self.failed(by), by);
        } else if self.visits[visit].outcome.is_open() {
            self.close_inside(visit, Outcome::Aborted { by }, event.id);
            self.settle(visit, Outcome::Aborted { by }, event.id);
        }
        self.lineage_in(visit)
    }

    /// Returns the next state of a type that a failure aborts.
    fn next_aborted(&mut self, by: Option<(EventId, Lineage)>, kind: StateType) -> Option<VisitId> {
        let id = by.map(|(id, _)| id);
        let wave = self.fold.wave.take().filter(|wave| wave.by == id);
        let mut wave = wave.unwrap_or(Wave { by: id, within: None, left: None });
        let mut left = match (wave.left.take(), wave.within, by) {
            (Some(left), _, _) => left,
            (None, Some(scope), _) => self.open_under(vec![scope], by),
            (None, None, Some((_, lineage))) => self.open_beside(lineage, by),
            (None, None, None) => self.fold.open.iter().copied().collect(),
        };
        left.retain(|visit| kind.is_container() || !self.lies_before_gap(*visit));
        let found = left.iter().position(|visit| self.visits[*visit].kind == kind);
        let visit = found.map(|position| left.remove(position));
        wave.left = Some(left);
        self.fold.wave = Some(wave);
        visit
    }

    /// Returns what is open in the container around a failure, with what failed.
    fn open_beside(&self, lineage: Lineage, by: Option<(EventId, Lineage)>) -> Vec<VisitId> {
        let running = |visit: &VisitId| {
            let visit = &self.visits[*visit];
            visit.kind.is_container()
                && visit.outcome.is_open()
                && self.last_attempt(visit).is_none_or(|a| a.ended.is_none())
        };
        let container = self.outward(lineage).find(running);
        match container {
            Some(container) => {
                let last = self.visits[container].attempts.last().copied();
                let children = self.visits[container].children.iter().copied();
                let scopes = children.filter(|scope| self.scopes[*scope].attempt() == last).collect();
                self.open_under(scopes, by)
            }
            None => self.fold.open.iter().copied().collect(),
        }
    }

    /// Returns the visits that are open in some scopes, outer before inner, flow by flow.
    fn open_under(&self, scopes: Vec<ScopeId>, by: Option<(EventId, Lineage)>) -> Vec<VisitId> {
        let failed = by.and_then(|(_, lineage)| lineage.visit);
        let mut found = Vec::new();
        let mut left = scopes;
        left.reverse();
        while let Some(scope) = left.pop() {
            let scope = &self.scopes[scope];
            let closed = failed.filter(|visit| scope.visits.last() == Some(visit) && !scope.open.contains(visit));
            for visit in scope.open.iter().copied().chain(closed) {
                found.push(visit);
                let inside = self.visits[visit].children.iter().rev().copied();
                left.extend(inside.filter(|scope| !self.scopes[*scope].open.is_empty()));
            }
        }
        found
    }

    /// Returns how a visit ends that failed by an event.
    pub(super) fn failed(&self, by: EventId) -> Outcome {
        if self.is_time_out(by) { Outcome::TimedOut { by } } else { Outcome::Failed { by } }
    }

    /// Ends what failed by an event and the containers and flows around it, up to a container or to the root.
    pub(super) fn fail_outward(&mut self, by: EventId, until: Option<VisitId>, event: EventId) {
        let Some(lineage) = self.lineage(by) else { return };
        self.fail_from(lineage, by, until, event);
    }

    fn fail_from(&mut self, lineage: Lineage, by: EventId, until: Option<VisitId>, event: EventId) {
        let chain: Vec<VisitId> = self.outward(lineage).take_while(|visit| Some(*visit) != until).collect();
        let containers: Vec<VisitId> = chain.iter().copied().filter(|visit| Some(*visit) != lineage.visit).collect();
        let scopes = std::iter::once(lineage.scope).chain(chain.iter().map(|visit| self.visits[*visit].scope));
        let scopes: Vec<ScopeId> = scopes.filter(|scope| *scope != ScopeId::ROOT).collect();
        for visit in chain {
            if self.visits[visit].outcome.is_open() {
                let ended = if Some(visit) == lineage.visit && by < event { by } else { event };
                self.settle(visit, self.failed(by), ended);
            }
        }
        for scope in scopes {
            self.end_scope(scope, ScopeOutcome::Failed { by }, Some(event));
        }
        for container in containers {
            self.close_inside(container, Outcome::Aborted { by }, event);
        }
    }

    /// Ends everything in a container: what failed and what was aborted with it.
    pub(super) fn fail_inside(&mut self, container: VisitId, by: EventId, event: EventId) {
        let inside = self.lineage(by).is_some_and(|lineage| self.outward(lineage).any(|visit| visit == container));
        if inside && self.lineage(by).is_some_and(|lineage| lineage.visit != Some(container)) {
            self.fail_outward(by, Some(container), event);
        }
        self.close_inside(container, Outcome::Aborted { by }, event);
    }

    /// Ends everything that is still open in a container.
    pub(super) fn close_inside(&mut self, container: VisitId, outcome: Outcome, event: EventId) {
        let by = match outcome {
            Outcome::Failed { by } | Outcome::TimedOut { by } | Outcome::Caught { failure: by } => by,
            Outcome::Aborted { by } => by,
            Outcome::Open | Outcome::Exited => event,
        };
        let mut left = self.running_scopes(container);
        while let Some(scope) = left.pop() {
            let open = self.scopes[scope].open.clone();
            let (lost, open): (Vec<_>, Vec<_>) = open.into_iter().partition(|visit| self.lies_before_gap(*visit));
            self.scopes[scope].open = lost;
            if open.is_empty() && matches!(self.scopes[scope].place, Place::Branch { .. }) {
                self.end_branch(scope);
            }
            for visit in &open {
                left.extend(self.running_scopes(*visit));
                self.settle(*visit, Outcome::Aborted { by }, event);
            }
            self.end_scope(scope, ScopeOutcome::Aborted { by }, Some(event));
        }
    }

    /// The execution ends, and everything in it.
    pub(super) fn execution_ended(&mut self, event: &Event) -> Lineage {
        self.fold.end = Some(event.id);
        let by = self.origin_of(event);
        let failed = if event.kind == EventType::ExecutionFailed { self.fail_execution(event, by) } else { None };
        if event.kind == EventType::ExecutionSucceeded {
            self.note_never_ended();
        }
        let open: Vec<VisitId> = self.fold.open.iter().copied().filter(|visit| !self.lies_before_gap(*visit)).collect();
        for visit in open {
            self.close_inside(visit, Outcome::Aborted { by }, event.id);
            self.settle(visit, Outcome::Aborted { by }, event.id);
        }
        let outcome = match event.kind {
            EventType::ExecutionSucceeded => ScopeOutcome::Succeeded,
            EventType::ExecutionFailed => ScopeOutcome::Failed { by },
            _ => ScopeOutcome::Aborted { by },
        };
        self.end_scope(ScopeId::ROOT, outcome, Some(event.id));
        failed.map_or(Lineage::ROOT, |visit| self.lineage_in(visit))
    }

    /// Ends what made the execution fail: the state of the failure it collects or, when the failure has no event of
    /// its own, the state it descends from. Returns that state in the second case.
    fn fail_execution(&mut self, event: &Event, by: EventId) -> Option<VisitId> {
        if by != event.id {
            self.fail_outward(by, None, event.id);
            return None;
        }
        let parent = event.parent.or_else(|| self.entry_named_in(event));
        let lineage = self.lineage(parent?)?;
        let visit = self.outward(lineage).next().filter(|visit| self.visits[*visit].outcome.is_open())?;
        self.fail_from(self.lineage_in(visit), by, None, event.id);
        Some(visit)
    }

    /// Returns the entry of the state that a failure names in its cause, as one that follows from no event does: `An
    /// error occurred while executing the state 'X' (entered at the event id #8).`
    fn entry_named_in(&self, event: &Event) -> Option<EventId> {
        let cause = event.details.failure()?.cause.as_deref()?;
        let (_, named) = cause.split_once("while executing the state '")?;
        let (state, rest) = named.split_once("' (entered at the event id #")?;
        let entry: u32 = rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        let entry = self.event(EventId::new(entry)?)?;
        let is_it = entry.kind.enters().is_some() && entry.details.name().is_some_and(|name| **name == *state);
        is_it.then_some(entry.id)
    }

    fn note_never_ended(&mut self) {
        let open = self.fold.open.iter().map(|visit| &self.visits[*visit]);
        let open = open.filter_map(|visit| Some((visit.entered?, visit.name.clone())));
        for (entered, state) in open.collect::<Vec<_>>() {
            self.note(Anomaly::NeverEnded { entered, state });
        }
    }

    /// Tells whether a gap separates a visit from all that came later: it may have ended in there, and stays as it was
    /// seen last.
    pub(in super::super) fn lies_before_gap(&self, visit: VisitId) -> bool {
        let last = self.fold.ends.get(visit.index()).map(|ends| ends.last);
        last.is_some_and(|last| self.fold.behind_gap.is_some_and(|behind| last < behind))
    }

    pub(super) fn execution_redriven(&mut self, event: &Event) -> Lineage {
        self.fold.end = None;
        self.fold.redrives.push(event.id);
        let waiting = self.aborted_waits();
        self.resume_scope(ScopeId::ROOT, event.id);
        for wait in waiting {
            self.resume_scope(self.visits[wait].scope, event.id);
            self.resume(wait, event.id);
        }
        Lineage::ROOT
    }

    /// Returns the Wait states that were aborted where flows had come to when the execution ended. A redrive lets them
    /// go on without a word; whatever else it takes up has an event to say so.
    fn aborted_waits(&self) -> Vec<VisitId> {
        let (mut found, mut left) = (Vec::new(), vec![ScopeId::ROOT]);
        while let Some(scope) = left.pop() {
            let Some(last) = self.scopes[scope].visits.last() else { continue };
            let visit = &self.visits[*last];
            if visit.kind == StateType::Wait && matches!(visit.outcome, Outcome::Aborted { .. }) {
                found.push(*last);
            } else if !matches!(visit.outcome, Outcome::Exited | Outcome::Caught { .. }) {
                let attempt = visit.attempts.last().copied();
                left.extend(visit.children.iter().filter(|scope| self.scopes[**scope].attempt() == attempt));
            }
        }
        found
    }

    /// Returns the event the failure began with that an event about to be appended reports.
    fn origin_of(&self, event: &Event) -> EventId {
        let reports = |parent: &EventId| *parent < event.id && self.kind_is(*parent, leads_on);
        event.parent.filter(reports).map_or(event.id, |parent| self.fold_origin(parent))
    }

    /// Follows the parents of events that only collect a failure.
    pub(in super::super) fn fold_origin(&self, failure: EventId) -> EventId {
        let mut origin = failure;
        while let Some(event) = self.event(origin).filter(|event| collects(&event.kind))
            && let Some(parent) = event.parent.filter(|parent| *parent < origin && self.kind_is(*parent, leads_on))
        {
            origin = parent;
        }
        origin
    }
}

/// Tells whether an event only passes on a failure that its parent reports.
fn collects(kind: &EventType) -> bool {
    matches!(
        kind,
        EventType::MapStateFailed
            | EventType::ParallelStateFailed
            | EventType::MapIterationFailed
            | EventType::MapIterationAborted
            | EventType::ExecutionFailed
            | EventType::ExecutionRedriven
    ) || kind.aborts().is_some()
}

fn leads_on(kind: &EventType) -> bool {
    kind.is_failure() || *kind == EventType::ExecutionRedriven
}
