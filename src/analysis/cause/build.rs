//! One failing event made into a finding.

use super::{Aborted, Fate, Finding, FunctionLog, Message, Place, Report, Stage, Try, openers, task_name};
use crate::event::{Details, EventId, EventType, Failure};
use crate::history::{
    Attempt, AttemptId, AttemptKind, Family, History, MemberId, Outcome, Place as ScopePlace, ScopeOutcome, Visit,
    VisitId,
};
use serde_json::Value;
use std::sync::Arc;

pub(super) fn report(event: Option<EventId>, failure: &Failure) -> Report {
    let cause = failure.cause.as_ref().filter(|cause| !cause.is_empty());
    let cause = cause.map(|cause| Message::told(failure.error.as_deref(), cause));
    // Who stops an execution may give an error that is empty: that is no name.
    let error = failure.error.clone().filter(|error| !error.is_empty());
    Report { event, error, cause }
}

/// Makes a finding of the event a failure began with.
pub(super) fn finding(family: &Family, execution: MemberId, event: EventId) -> Finding {
    let history = &family.member(execution).history;
    let place = Place::of(family, execution, event);
    let attempt = place.attempt.map(|attempt| (attempt, history.attempt(attempt)));
    let attempt = attempt.filter(|(_, attempt)| attempt.outcome.failure() == Some(event));
    let Report { error, cause, .. } = failure_of(history, event, place.visit);
    let input = match (attempt, place.visit) {
        (Some((attempt, _)), _) => history.attempt_input(attempt),
        (None, Some(visit)) => history.input(visit),
        (None, None) => None,
    };
    let input = input.cloned();
    Finding {
        openers: openers::of(family, execution, event, cause.as_ref(), input.as_ref()),
        stage: stage(history, event, place.visit),
        fate: fate(history, event, place.visit),
        task: attempt
            .or_else(|| last_attempt(history, place.visit))
            .and_then(|(_, attempt)| called(history, attempt))
            .or_else(|| called_by(history, event)),
        attempt: attempt.map(|(_, attempt)| (attempt.number, attempts_of(history, attempt.visit))),
        micros: match attempt {
            Some((id, _)) => history.attempt_micros(id),
            None => place.visit.and_then(|visit| history.duration_micros(visit)),
        },
        tries: attempt.map(|(id, _)| tries(history, id)).unwrap_or_default(),
        runs: place.visit.map(|visit| runs(history, visit)).unwrap_or_default(),
        input,
        log: family.member(execution).log_of(event).map(FunctionLog::of),
        items: None,
        operands: Vec::new(),
        aborted: Aborted::default(),
        ended_in: None,
        through: Vec::new(),
        alike: Vec::new(),
        count: 1,
        place,
        error,
        cause,
    }
}

fn last_attempt(history: &History, visit: Option<VisitId>) -> Option<(AttemptId, &Attempt)> {
    let attempt = *history.visit(visit?).attempts.last()?;
    Some((attempt, history.attempt(attempt)))
}

fn attempts_of(history: &History, visit: VisitId) -> u32 {
    u32::try_from(history.visit(visit).attempts.len()).unwrap_or(u32::MAX)
}

/// Returns what an attempt called.
pub(super) fn called(history: &History, attempt: &Attempt) -> Option<Arc<str>> {
    match &history.event(attempt.scheduled)?.details {
        Details::TaskScheduled(scheduled) => task_name(&scheduled.task),
        Details::LambdaScheduled(scheduled) => scheduled.resource.clone(),
        Details::ActivityScheduled(scheduled) => scheduled.resource.clone(),
        _ => None,
    }
}

/// Returns what a failed task called, as its failure itself says.
fn called_by(history: &History, event: EventId) -> Option<Arc<str>> {
    match &history.event(event)?.details {
        Details::TaskFailure(failed) => task_name(&failed.task),
        _ => None,
    }
}

fn stage(history: &History, event: EventId, visit: Option<VisitId>) -> Stage {
    match history.event(event).map(|event| &event.kind) {
        Some(EventType::EvaluationFailed) => Stage::Evaluation,
        Some(EventType::FailStateEntered) => Stage::FailState,
        Some(EventType::MapRunFailed) => Stage::MapRun,
        Some(EventType::TaskTimedOut | EventType::ActivityTimedOut | EventType::LambdaFunctionTimedOut) => {
            Stage::TimeOut
        }
        Some(kind) if kind.fails_task() => Stage::Task,
        _ if visit.is_some() => Stage::State,
        // What it follows from would tell.
        Some(EventType::ExecutionFailed) if leads_nowhere(history, event) => Stage::NotRecorded,
        _ => Stage::Execution,
    }
}

/// Tells whether what an event follows from is missing.
fn leads_nowhere(history: &History, event: EventId) -> bool {
    let parent = history.event(event).and_then(|event| event.parent);
    parent.is_some_and(|parent| history.event(parent).is_none())
}

/// Returns the error and cause of a failure. A Fail state's stand where it arrives: in the end of the execution, or in
/// the output of the catcher that took it.
pub(super) fn failure_of(history: &History, event: EventId, visit: Option<VisitId>) -> Report {
    if let Some(failure) = history.failure_at(event) {
        return report(Some(event), failure);
    }
    if let Some(end) = history.end().filter(|end| history.origin(end.id) == event)
        && let Some(failure) = end.details.failure()
    {
        return report(Some(end.id), failure);
    }
    let caught = visit.and_then(|visit| catcher(history, visit, event));
    let arrived = caught.and_then(|(container, _)| arrived_failure(history, container));
    report(Some(event), &arrived.unwrap_or_default())
}

/// Error outputs are `{"Error": …, "Cause": …}`; a catcher's ResultPath puts them somewhere near the top.
fn arrived_failure(history: &History, catcher: VisitId) -> Option<Failure> {
    let output = history.output(catcher)?.value().ok()?;
    let read = |value: &Value| {
        let (error, cause) = (value.get("Error")?, value.get("Cause")?);
        let text = |value: &Value| value.as_str().map(Arc::from);
        Some(Failure { error: text(error), cause: text(cause) })
    };
    read(output).or_else(|| output.as_object()?.values().find_map(read))
}

/// Returns the visit whose catcher took a failure, at or around the visit it happened in, and where that led.
fn catcher(history: &History, visit: VisitId, event: EventId) -> Option<(VisitId, Option<Arc<str>>)> {
    let mut path = history.path_of(visit);
    path.reverse();
    let catcher = path.into_iter().find(|visit| history.visit(*visit).outcome == Outcome::Caught { failure: event })?;
    let next = history.visit(catcher).next.map(|next| history.visit(next).name.clone());
    Some((catcher, next))
}

/// Returns what came of a failure.
pub(super) fn fate(history: &History, event: EventId, visit: Option<VisitId>) -> Fate {
    let ended = history.end().is_some_and(|end| end.id == event || history.origin(end.id) == event);
    let Some(visit) = visit else { return if ended { Fate::EndedRun } else { Fate::Pending } };
    if let Some((by, to)) = catcher(history, visit, event) {
        return Fate::Caught { by: history.visit(by).name.clone(), visit: by, to };
    }
    let path = history.path_of(visit);
    let again = path.iter().rev().find(|container| {
        let attempts = history.visit(**container).attempts.iter();
        let failed = attempts.map(|attempt| history.attempt(*attempt).outcome.failure()).collect::<Vec<_>>();
        **container != visit && failed.split_last().is_some_and(|(_, before)| before.contains(&Some(event)))
    });
    if let Some(container) = again {
        return Fate::RunAgain { by: history.visit(*container).name.clone() };
    }
    let earlier =
        |visit: &VisitId| history.visit(*visit).earlier.iter().any(|ending| ending.outcome.failure() == Some(event));
    if ended {
        return Fate::EndedRun;
    }
    if path.iter().any(earlier) {
        return Fate::Redriven;
    }
    match history.visit(visit).outcome {
        Outcome::Exited | Outcome::Caught { .. } => Fate::Recovered,
        // Before the service has written what it takes up again.
        _ if history.redrives().last().is_some_and(|redriven| *redriven > event) => Fate::Redriven,
        Outcome::Aborted { .. } | Outcome::Failed { .. } | Outcome::TimedOut { .. } => Fate::Overtaken,
        Outcome::Open => Fate::Pending,
    }
}

/// Returns the failed attempts before one, back to the start or the last redrive.
fn tries(history: &History, attempt: AttemptId) -> Vec<Try> {
    let visit = history.visit(history.attempt(attempt).visit);
    let mut tries = Vec::new();
    let up_to = visit.attempts.iter().position(|other| *other == attempt).unwrap_or(0);
    let mut next = history.attempt(attempt);
    for before in visit.attempts.get(..up_to).unwrap_or_default().iter().rev() {
        if next.kind == AttemptKind::Redrive {
            break;
        }
        let before = history.attempt(*before);
        if let Some(event) = before.outcome.failure() {
            let Report { error, cause, .. } = failure_of(history, event, Some(before.visit));
            let at = |event: EventId| history.event(event).map(|event| event.timestamp);
            let waited = at(next.scheduled).zip(at(event)).map(|(next, failed)| next.micros_since(failed));
            tries.push(Try { event, error, cause, waited });
        }
        next = before;
    }
    tries.reverse();
    tries
}

/// Returns the Maps and Parallels around a visit that ran more than once, outermost first.
fn runs(history: &History, visit: VisitId) -> Vec<(Arc<str>, u32, u32)> {
    let mut runs = Vec::new();
    let scope = history.visit(visit).scope;
    for scope in history.scopes_above(scope) {
        let scope = history.scope(scope);
        let (Some(container), Some(attempt)) = (scope.container(), scope.attempt()) else { continue };
        let of = attempts_of(history, container);
        if of > 1 {
            runs.push((history.visit(container).name.clone(), history.attempt(attempt).number, of));
        }
    }
    runs.reverse();
    runs
}

/// Adds what was aborted because of a failure, in its execution.
pub(super) fn add_aborted(family: &Family, finding: &mut Finding) {
    let history = &family.member(finding.place.execution).history;
    let by = finding.place.event;
    let aborted = &mut finding.aborted;
    let is_aborted = |(_, visit): &(VisitId, &Visit)| {
        let earlier = visit.earlier.iter().any(|ending| ending.outcome == Outcome::Aborted { by });
        earlier || visit.outcome == (Outcome::Aborted { by })
    };
    let mut visits: Vec<(VisitId, &Visit)> = history.visits().filter(is_aborted).collect();
    visits.sort_by_cached_key(|(id, _)| history.order_of(*id));
    for (_, visit) in visits {
        match aborted.states.iter_mut().find(|(name, _)| *name == visit.name) {
            Some((_, count)) => *count += 1,
            None => aborted.states.push((visit.name.clone(), 1)),
        }
    }
    for (_, scope) in history.scopes() {
        match scope.place {
            _ if scope.outcome != (ScopeOutcome::Aborted { by }) => {}
            ScopePlace::Iteration { .. } => aborted.items += 1,
            ScopePlace::Branch { .. } => aborted.branches += 1,
            ScopePlace::Root => {}
        }
    }
}
