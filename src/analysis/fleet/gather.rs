//! Summaries of executions, of iterations, and of the children of Map Runs.

use super::{Failed, Item, Outcome};
use crate::analysis::status::failure_of_item;
use crate::analysis::{Message, diagnose};
use crate::event::{EventId, Failure};
use crate::history::{AttemptId, Family, History, Member, MemberId, ScopeId, ScopeOutcome, VisitId};
use crate::recording::{Recording, Status};

impl Item {
    /// The summary of a recording: it failed where its failure began, wherever it was reported.
    pub fn of(recording: &Recording, label: String) -> Self {
        let family = Family::of(recording);
        let diagnosis = diagnose(&family);
        let outcome = match diagnosis.status {
            Status::Succeeded => Outcome::Passed,
            Status::Failed | Status::TimedOut => Outcome::Failed(match diagnosis.causes.first() {
                Some(cause) => Failed {
                    state: cause.place.state().cloned(),
                    error: cause.error.clone(),
                    cause: cause.cause.as_ref().map(|cause| cause.summary.clone()),
                },
                None => failed(None, family.member(MemberId::ROOT).failure()),
            }),
            _ => Outcome::Open,
        };
        Self {
            label,
            machine: recording.machine_name().map(Into::into),
            index: None,
            outcome,
            at: recording.stopped().or_else(|| recording.started()),
            input: recording.input(),
        }
    }
}

/// Returns the iterations of one run of an inline Map. One that went on after something was caught counts as
/// failed.
pub fn iterations(history: &History, map: VisitId, attempt: Option<AttemptId>) -> Vec<Item> {
    let scopes = history.visit(map).children.iter().copied();
    let of_attempt = scopes.filter(|scope| history.scope(*scope).attempt() == attempt);
    of_attempt.map(|scope| iteration(history, scope)).collect()
}

pub(super) fn iteration(history: &History, id: ScopeId) -> Item {
    let scope = history.scope(id);
    let outcome = match (failure_of_item(history, id), scope.outcome) {
        (Some(by), _) => Outcome::Failed(failed_at(history, by)),
        (None, ScopeOutcome::Succeeded) => Outcome::Passed,
        (None, _) => Outcome::Open,
    };
    let first = scope.visits.first().copied();
    let last = scope.visits.last().and_then(|last| history.visit(*last).ended);
    Item {
        label: scope.index().map(|index| format!("[{index}]")).unwrap_or_default(),
        machine: None,
        index: scope.index(),
        outcome,
        at: last.and_then(|last| history.event(last)).map(|event| event.timestamp),
        input: first.and_then(|first| history.input(first)).cloned(),
    }
}

fn failed_at(history: &History, by: EventId) -> Failed {
    let origin = history.origin(by);
    let visit = history.visit_of(origin).map(|visit| &history.visit(visit).name);
    let failure = history.failure_at(origin).or_else(|| history.failure_at(by)).cloned().unwrap_or_default();
    Failed { state: visit.cloned(), ..failed(None, &failure) }
}

/// Returns the executions of a distributed Map's items.
pub fn children(family: &Family, execution: MemberId, map: VisitId) -> Vec<Item> {
    family.items_of(execution, map).map(|child| self::child(family.member(child))).collect()
}

pub(super) fn child(child: &Member) -> Item {
    let outcome = match child.status() {
        Status::Succeeded => Outcome::Passed,
        Status::Failed | Status::TimedOut => Outcome::Failed(match child.history.end() {
            Some(end) => failed_at(&child.history, end.id),
            None => failed(None, child.failure()),
        }),
        _ => Outcome::Open,
    };
    Item {
        label: child.described.name.as_deref().unwrap_or_default().to_owned(),
        machine: None,
        index: None,
        outcome,
        at: child.history.last_at().or(child.described.times.1).or(child.described.times.0),
        input: child.input().cloned(),
    }
}

fn failed(state: Option<&str>, failure: &Failure) -> Failed {
    let cause = failure.cause.as_ref().map(|cause| Message::told(failure.error.as_deref(), cause).summary);
    Failed { state: state.map(Into::into), error: failure.error.clone(), cause }
}
