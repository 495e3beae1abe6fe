//! Tasks: scheduled, started, handed over, answered.

use super::super::{Anomaly, Attempt, AttemptId, AttemptKind, AttemptOutcome, History, Lineage, VisitId};
use crate::event::{Event, EventId, EventType, StateType};

impl History {
    /// A task is tried: for the first time after its entry, again after a failure (a retrier asked for it) or after
    /// its entry once more (a redrive).
    pub(super) fn task_scheduled(&mut self, event: &Event) -> Lineage {
        let parent = self.parent(event);
        if parent.is_none() && event.parent.is_some() {
            // Its state was entered in a part of the history that is missing: none of those before the gap is it.
            self.fold.last_task = None;
            return self.never_began(event, None);
        }
        let lineage = parent.map_or(Lineage::ROOT, |parent| parent.lineage);
        let found = lineage.visit.filter(|visit| self.visits[*visit].kind == StateType::Task);
        let Some(visit) = found.or_else(|| self.open_of_kind(StateType::Task)) else {
            return self.never_began(event, Some(lineage));
        };
        if let Some(parent) = parent.filter(|parent| found.is_none() && !parent.guessed) {
            self.note(Anomaly::WrongParent { event: event.id, parent: parent.id });
        }
        let after_entry = parent.is_some_and(|parent| self.kind_is(parent.id, |kind| kind.enters().is_some()));
        self.resume_scope(self.visits[visit].scope, event.id);
        self.resume(visit, event.id);
        self.end_attempt(visit, AttemptOutcome::Aborted { by: event.id }, event.id);
        let attempt = self.begin_attempt(visit, event.id, after_entry);
        self.fold.last_task = Some(attempt);
        self.lineage_in(visit)
    }

    /// Begins the next attempt of a visit.
    pub(super) fn begin_attempt(&mut self, visit: VisitId, event: EventId, after_entry: bool) -> AttemptId {
        let tried = self.visits[visit].attempts.len();
        let kind = match (tried, after_entry) {
            (0, _) => AttemptKind::First,
            (_, true) => AttemptKind::Redrive,
            (_, false) => AttemptKind::Retry,
        };
        let number = u32::try_from(tried).unwrap_or(u32::MAX - 1) + 1;
        let outcome = AttemptOutcome::Open;
        let attempt =
            Attempt { visit, number, kind, scheduled: event, started: None, submitted: None, ended: None, outcome };
        let attempt = self.attempts.push(attempt);
        self.visits[visit].attempts.push(attempt);
        attempt
    }

    /// Ends the last attempt of a visit, if it still goes on.
    pub(super) fn end_attempt(&mut self, visit: VisitId, outcome: AttemptOutcome, event: EventId) {
        let Some(attempt) = self.visits[visit].attempts.last().copied() else { return };
        let attempt = &mut self.attempts[attempt];
        if attempt.outcome == AttemptOutcome::Open {
            attempt.outcome = outcome;
        }
        attempt.ended.get_or_insert(event);
    }

    /// Something became known about a task that was scheduled.
    pub(super) fn task_went_on(&mut self, event: &Event) -> Lineage {
        let parent = self.parent(event);
        let by_parent = parent.and_then(|parent| parent.lineage.attempt).filter(|attempt| {
            let visit = self.attempts[*attempt].visit;
            self.visits[visit].kind == StateType::Task
        });
        let Some(attempt) = by_parent.or(self.fold.last_task.filter(|_| parent.is_some())) else {
            return self.never_began(event, parent.map(|parent| parent.lineage));
        };
        let contradicts = self.contradicts(attempt, event) || by_parent.is_none();
        if let Some(parent) = parent.filter(|parent| contradicts && !parent.guessed) {
            self.note(Anomaly::WrongParent { event: event.id, parent: parent.id });
        }
        self.note_progress(attempt, event);
        let visit = self.attempts[attempt].visit;
        Lineage { scope: self.visits[visit].scope, visit: Some(visit), attempt: Some(attempt) }
    }

    /// Tells whether an event reports what is known already.
    fn contradicts(&self, attempt: AttemptId, event: &Event) -> bool {
        let attempt = &self.attempts[attempt];
        match &event.kind {
            kind if kind.starts_task() => attempt.started.is_some(),
            EventType::TaskSubmitted => attempt.submitted.is_some(),
            _ => attempt.ended.is_some(),
        }
    }

    fn note_progress(&mut self, attempt: AttemptId, event: &Event) {
        let id = event.id;
        let attempt = &mut self.attempts[attempt];
        match &event.kind {
            kind if kind.starts_task() => {
                attempt.started.get_or_insert(id);
                return;
            }
            EventType::TaskSubmitted => {
                attempt.submitted.get_or_insert(id);
                return;
            }
            EventType::TaskTimedOut | EventType::LambdaFunctionTimedOut | EventType::ActivityTimedOut => {
                attempt.outcome = AttemptOutcome::TimedOut { by: id };
            }
            kind if kind.fails_task() => attempt.outcome = AttemptOutcome::Failed { by: id },
            _ => attempt.outcome = AttemptOutcome::Succeeded,
        }
        attempt.ended = Some(id);
    }
}
