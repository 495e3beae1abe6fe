//! When what waits goes on or gives up by itself, as far as history and definition tell.

use super::{Waiting, WaitingFor};
use crate::analysis::explain::{About, Explanation, RetryVerdict};
use crate::analysis::{Programs, Scene};
use crate::event::{Details, Timestamp};
use crate::history::{Attempt, Family, History};

/// When something that waits goes on or gives up by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// When.
    pub at: Timestamp,
    /// What happens then.
    pub by: EndsBy,
}

/// What happens when a time of waiting is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndsBy {
    /// A Wait state goes on.
    Wait,
    /// A retrier tries again.
    Retry,
    /// The task times out.
    TimeOut,
    /// The execution times out.
    Execution,
}

/// What AWS writes when a state sets no limit.
const ENDLESS: u64 = 99_999_999;

/// The limits of a task: the seconds it may take, and how long it may be silent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) timeout: Option<u64>,
    pub(super) heartbeat: Option<u64>,
}

impl Limits {
    /// Returns what the event says that scheduled an attempt.
    pub(super) fn of(history: &History, attempt: &Attempt) -> Self {
        let scheduled = history.event(attempt.scheduled);
        let (timeout, heartbeat) = scheduled.map(|event| event.details.limits()).unwrap_or_default();
        let limited = |seconds: Option<u64>| seconds.filter(|seconds| *seconds < ENDLESS);
        Self { timeout: limited(timeout), heartbeat: limited(heartbeat) }
    }

    /// Returns when the task times out. Its time begins when it is started, not when it is scheduled; an activity nobody
    /// has taken up is not started.
    pub(super) fn ends(self, history: &History, attempt: &Attempt) -> Option<Ends> {
        let scheduled = history.event(attempt.scheduled)?;
        let waits_for_worker = matches!(scheduled.details, Details::ActivityScheduled(_)) && attempt.started.is_none();
        let started = attempt.started.and_then(|started| history.event(started)).unwrap_or(scheduled);
        let seconds = self.timeout.filter(|_| !waits_for_worker)?;
        Some(Ends { at: later(started.timestamp, i64::try_from(seconds).ok()?), by: EndsBy::TimeOut })
    }
}

/// Tells of what waits when it goes on, where only the definition says so: of Wait states, of retriers, and of machines
/// that time out before anything else happens.
pub(in crate::analysis) fn tell_ends(waiting: &mut [Waiting], family: &Family, programs: &Programs) {
    for waits in waiting.iter_mut().filter(|it| matches!(it.what, WaitingFor::Time | WaitingFor::Retry { .. })) {
        waits.ends = ends(waits, family, programs);
    }
    for waits in waiting.iter_mut() {
        let execution = of_execution(waits, family, programs);
        waits.ends = waits.ends.into_iter().chain(execution).min_by_key(|ends| ends.at);
    }
}

/// Returns when the execution times out that something waits in. Rule: its time begins with it, and anew with a redrive.
fn of_execution(waits: &Waiting, family: &Family, programs: &Programs) -> Option<Ends> {
    let member = waits.place.execution;
    let history = &family.member(member).history;
    let seconds = programs.program(member).ok()?.machine.timeout?;
    let redriven = history.redrives().last().and_then(|id| history.event(*id)).map(|event| event.timestamp);
    let begun = redriven.or_else(|| history.started_at())?;
    Some(Ends { at: later(begun, i64::from(seconds)), by: EndsBy::Execution })
}

fn ends(waits: &Waiting, family: &Family, programs: &Programs) -> Option<Ends> {
    let (execution, visit) = (waits.place.execution, waits.place.visit?);
    let history = &family.member(execution).history;
    let scene = Scene::of(programs, execution, history, visit, None).ok()?;
    let explained = Explanation::of(&scene).ok()?;
    if let About::Wait(wait) = explained.about {
        return Some(Ends { at: wait.until.ok()?, by: EndsBy::Wait });
    }
    let tried = explained.handling.last()?.retriers.iter().find_map(|retrier| match &retrier.verdict {
        RetryVerdict::Retried { delay, waited: None, .. } if !delay.jitter => Some(delay.seconds),
        _ => None,
    })?;
    #[expect(clippy::cast_possible_truncation, reason = "a delay of a retrier is a year at most")]
    Some(Ends { at: later(waits.since_at?, tried.round() as i64), by: EndsBy::Retry })
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_micros(at.as_micros().saturating_add(seconds.saturating_mul(1_000_000)))
}
