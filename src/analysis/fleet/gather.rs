//! Summaries of executions, of iterations, and of the children of Map Runs.

use super::{Failed, Item, Outcome, Ran};
use crate::analysis::status::failure_of_item;
use crate::analysis::{Message, diagnose};
use crate::event::{EventId, Failure, Timestamp};
use crate::history::{AttemptId, Family, History, Member, MemberId, ScopeId, ScopeOutcome, VisitId};
use crate::recording::{Execution, Recording, Status};
use std::sync::Arc;

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
            at: moment(recording),
            input: recording.input(),
            ran: Ran::of(recording),
        }
    }

    /// The summary of an execution of which there is no more than a list says. How one that failed did so is not told
    /// there: of its failure it has what the list has, if anything.
    pub fn listed(execution: &Execution) -> Self {
        let recording = Recording { execution: Some(execution.clone()), ..Recording::default() };
        let outcome = match recording.status() {
            Status::Succeeded => Outcome::Passed,
            Status::Failed | Status::TimedOut => {
                let failure = Failure { error: execution.error.clone(), cause: execution.cause.clone() };
                Outcome::Failed(failed(None, &failure))
            }
            _ => Outcome::Open,
        };
        Self {
            label: recording.label(),
            machine: recording.machine_name().map(Into::into),
            index: None,
            outcome,
            at: moment(&recording),
            input: recording.input(),
            ran: Ran::of(&recording),
        }
    }
}

impl Ran {
    /// What a recording says of its execution.
    pub fn of(recording: &Recording) -> Self {
        let execution = recording.execution.as_ref();
        let last = |arn: fn(&Execution) -> Option<&Arc<str>>| {
            let arn = execution.and_then(arn)?;
            arn.rsplit(':').next().filter(|last| !last.is_empty()).map(Arc::from)
        };
        let described = execution.and_then(|execution| execution.redrive_count);
        Self {
            arn: recording.arn().cloned(),
            status: Some(recording.status()),
            version: last(|execution| execution.state_machine_version_arn.as_ref()),
            alias: last(|execution| execution.state_machine_alias_arn.as_ref()),
            started: recording.started(),
            stopped: recording.stopped(),
            redrives: described.unwrap_or(0),
        }
    }
}

/// When it ended or, while it has not, began or was redriven.
fn moment(recording: &Recording) -> Option<Timestamp> {
    let redriven = recording.execution.as_ref().and_then(|execution| execution.redrive_date);
    recording.stopped().or_else(|| redriven.max(recording.started()))
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
        ran: Ran::default(),
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
        ran: Ran::default(),
    }
}

fn failed(state: Option<&str>, failure: &Failure) -> Failed {
    let cause = failure.cause.as_ref().map(|cause| Message::told(failure.error.as_deref(), cause).summary);
    Failed { state: state.map(Into::into), error: failure.error.clone(), cause }
}
