//! What an execution waits for, or waited for when it was stopped.

use super::ends::{Ends, Limits};
use super::{Place, build};
use crate::event::{Details, EventId, EventType, StateType, Timestamp};
use crate::history::{AttemptOutcome, Family, History, MemberId, Outcome, Visit, VisitId};
use crate::recording::Status;
use std::collections::HashSet;
use std::sync::Arc;

/// Something an execution waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The state that waits.
    pub place: Place,
    /// What it waits for.
    pub what: WaitingFor,
    /// The event it waits since.
    pub since: EventId,
    /// When that was.
    pub since_at: Option<Timestamp>,
    /// When somebody looked at what goes on, or when the execution was stopped; `None` when nobody knows.
    pub seen: Option<Timestamp>,
    /// The microseconds it has waited until then.
    pub micros: Option<i64>,
    /// The seconds a task may take, if there is a limit.
    pub timeout_seconds: Option<u64>,
    /// The seconds a task may be silent, if there is a limit.
    pub heartbeat_seconds: Option<u64>,
    /// When it goes on or gives up by itself.
    pub ends: Option<Ends>,
    /// How many states of that name wait, with this one.
    pub count: usize,
}

/// What a state waits for.
#[derive(Debug, Clone, PartialEq)]
pub enum WaitingFor {
    /// A point in time.
    Time,
    /// Somebody to return a task token.
    Token {
        /// What handed the token over.
        task: Option<Arc<str>>,
    },
    /// A job to end.
    Job {
        /// What runs it.
        task: Option<Arc<str>>,
    },
    /// An answer.
    Answer {
        /// What was called.
        task: Option<Arc<str>>,
    },
    /// A worker to take an activity up.
    Worker {
        /// The activity.
        activity: Option<Arc<str>>,
    },
    /// A worker that took an activity up.
    Work {
        /// The activity.
        activity: Option<Arc<str>>,
        /// The worker.
        worker: Option<Arc<str>>,
    },
    /// A retrier to try again.
    Retry {
        /// The error of the attempt before.
        error: Option<Arc<str>>,
    },
    /// A map run.
    MapRun,
    /// Its next step.
    Step,
}

/// Returns what an execution waits for, or waited for when it was stopped from outside.
pub(in crate::analysis) fn waiting(family: &Family, execution: MemberId) -> Vec<Waiting> {
    let history = &family.member(execution).history;
    let stopped =
        history.end().filter(|end| matches!(end.kind, EventType::ExecutionTimedOut | EventType::ExecutionAborted));
    let mut visits: Vec<VisitId> = match (stopped, family.member(execution).status()) {
        (Some(end), _) => {
            let by = Outcome::Aborted { by: end.id };
            history.visits().filter(|(_, visit)| visit.outcome == by).map(|(id, _)| id).collect()
        }
        (None, Status::Running) => history.open().collect(),
        _ => Vec::new(),
    };
    visits.sort_by_cached_key(|visit| history.order_of(*visit));
    let mut found: Vec<Waiting> = Vec::new();
    let containers: HashSet<VisitId> =
        visits.iter().filter_map(|visit| history.scope(history.visit(*visit).scope).container()).collect();
    for id in visits.iter().filter(|visit| !containers.contains(visit)).copied() {
        let waits = one(family, execution, id);
        match found.iter_mut().find(|other| other.place.states() == waits.place.states() && other.what == waits.what) {
            Some(same) => same.count += 1,
            None => found.push(waits),
        }
    }
    found
}

fn one(family: &Family, execution: MemberId, id: VisitId) -> Waiting {
    let history = &family.member(execution).history;
    let visit = history.visit(id);
    let (what, since) = what(history, visit);
    let at = |event: EventId| history.event(event).map(|event| event.timestamp);
    let seen = history.until();
    let micros = seen.zip(at(since)).map(|(seen, since)| seen.micros_since(since));
    let asked = !matches!(what, WaitingFor::Time | WaitingFor::Retry { .. } | WaitingFor::MapRun | WaitingFor::Step);
    let attempt = visit.attempts.last().filter(|_| asked).map(|attempt| history.attempt(*attempt));
    let limits = attempt.map(|attempt| Limits::of(history, attempt)).unwrap_or_default();
    let ends = attempt.and_then(|attempt| limits.ends(history, attempt));
    let mut place = Place::of_visit(family, execution, id);
    place.event = since;
    let Limits { timeout: timeout_seconds, heartbeat: heartbeat_seconds } = limits;
    let since_at = at(since);
    Waiting { place, what, since, since_at, seen, micros, timeout_seconds, heartbeat_seconds, ends, count: 1 }
}

fn what(history: &History, visit: &Visit) -> (WaitingFor, EventId) {
    let entered = visit.entered.unwrap_or(EventId::FIRST);
    if visit.kind == StateType::Wait {
        return (WaitingFor::Time, entered);
    }
    let Some(attempt) = visit.attempts.last().map(|attempt| history.attempt(*attempt)) else {
        return (WaitingFor::Step, entered);
    };
    if visit.map_run_arn.is_some() {
        return (WaitingFor::MapRun, attempt.started.unwrap_or(attempt.scheduled));
    }
    if let (AttemptOutcome::Failed { by } | AttemptOutcome::TimedOut { by }, Some(ended)) =
        (attempt.outcome, attempt.ended)
    {
        let error = build::failure_of(history, by, Some(attempt.visit)).error;
        return (WaitingFor::Retry { error }, ended);
    }
    let task = build::called(history, attempt);
    let latest = attempt.submitted.or(attempt.started).unwrap_or(attempt.scheduled);
    match history.event(attempt.scheduled).map(|event| &event.details) {
        Some(Details::TaskScheduled(scheduled)) => {
            let resource = scheduled.task.resource.as_deref().unwrap_or_default();
            let what = if resource.ends_with(".waitForTaskToken") {
                WaitingFor::Token { task }
            } else if resource.contains(".sync") {
                WaitingFor::Job { task }
            } else {
                WaitingFor::Answer { task }
            };
            (what, latest)
        }
        Some(Details::ActivityScheduled(_)) => {
            let started = attempt.started.and_then(|started| history.event(started));
            let what = match started.map(|event| &event.details) {
                Some(Details::ActivityStarted(worker)) => WaitingFor::Work { activity: task, worker: worker.clone() },
                Some(_) => WaitingFor::Work { activity: task, worker: None },
                None => WaitingFor::Worker { activity: task },
            };
            (what, latest)
        }
        Some(Details::LambdaScheduled(_)) => (WaitingFor::Answer { task }, latest),
        _ => (WaitingFor::Step, latest),
    }
}
