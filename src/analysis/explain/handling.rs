//! What became of each failure of a visit: which retriers and catchers were meant for it, and what they did.

use crate::analysis::scene::Scene;
use crate::asl::{ErrorPattern, Jitter, Retrier};
use crate::event::{EventId, Failure};
use crate::history::{AttemptId, AttemptKind, Outcome};
use crate::interpreter::{Fault, catcher, matches, retrier};
use std::sync::Arc;

/// What became of one failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Handling {
    /// The attempt that failed; absent when the state failed without one.
    pub attempt: Option<(AttemptId, u32)>,
    /// The event the failure began with.
    pub event: EventId,
    /// The failure.
    pub failure: Failure,
    /// The retriers in order.
    pub retriers: Vec<RetrierSeen>,
    /// The catchers in order.
    pub catchers: Vec<CatcherSeen>,
    /// What became of it.
    pub fate: Fate,
}

/// A retrier, and whether it was for the failure.
#[derive(Debug, Clone, PartialEq)]
pub struct RetrierSeen {
    /// The line on which it begins.
    pub line: u32,
    /// `ErrorEquals`.
    pub errors: Vec<String>,
    /// What it made of the failure.
    pub verdict: RetryVerdict,
}

/// What a retrier made of a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum RetryVerdict {
    /// It is for other errors.
    OtherErrors,
    /// Nothing retries `States.Runtime`.
    Never,
    /// It let the state try again.
    Retried {
        /// Which of its retries this is, from 1.
        retry: u32,
        /// How many it has.
        of: u32,
        /// How long it waits.
        delay: Delay,
        /// The microseconds that passed until the state was tried again; absent when it was not, so far.
        waited: Option<i64>,
    },
    /// It had used up its attempts.
    UsedUp {
        /// How many it has.
        of: u32,
    },
    /// An earlier one was for the error.
    NotAsked,
}

/// How long a retrier waits before a retry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delay {
    /// `IntervalSeconds`.
    pub interval: u32,
    /// `BackoffRate`.
    pub rate: f64,
    /// How often it was multiplied with the rate.
    pub times: u32,
    /// The seconds that makes, at most `MaxDelaySeconds`.
    pub seconds: f64,
    /// `MaxDelaySeconds`, if that was less than the rate makes.
    pub capped: Option<u32>,
    /// Whether the delay was drawn between 0 and that.
    pub jitter: bool,
}

/// A catcher, and whether it was for the failure.
#[derive(Debug, Clone, PartialEq)]
pub struct CatcherSeen {
    /// The line on which it begins.
    pub line: u32,
    /// `ErrorEquals`.
    pub errors: Vec<String>,
    /// Where it leads.
    pub next: Arc<str>,
    /// What it made of the failure.
    pub verdict: CatchVerdict,
}

/// What a catcher made of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchVerdict {
    /// It is for other errors.
    OtherErrors,
    /// Nothing catches `States.Runtime`.
    Never,
    /// It took the failure.
    Caught,
    /// A retrier or an earlier catcher took it.
    NotAsked,
}

/// What became of a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// The state was tried again with this event.
    Retried(EventId),
    /// It waits to be tried again.
    Waiting,
    /// A catcher led to this state.
    Caught(Arc<str>),
    /// Nothing took it: it ended the state, and what is around it was told.
    Uncaught,
}

/// Looks at every failure of a visit in order.
pub(super) fn of(scene: &Scene<'_>) -> Vec<Handling> {
    let history = scene.history;
    let visit = history.visit(scene.visit);
    let mut used = vec![0_u32; scene.state.retriers().len()];
    let mut handled = Vec::new();
    for (place, id) in visit.attempts.iter().enumerate() {
        let attempt = history.attempt(*id);
        if attempt.kind == AttemptKind::Redrive {
            used.fill(0);
        }
        let Some(event) = attempt.outcome.failure() else { continue };
        let next = visit.attempts.get(place + 1).map(|next| history.attempt(*next));
        let retried = next.filter(|next| next.kind == AttemptKind::Retry).map(|next| next.scheduled);
        let last = next.is_none();
        handled.push(one(scene, Some((*id, attempt.number)), event, retried, last, &mut used));
    }
    let own = visit.outcome.failure().filter(|event| !handled.iter().any(|handling| handling.event == *event));
    handled.extend(own.map(|event| one(scene, None, event, None, true, &mut used)));
    handled
}

fn one(
    scene: &Scene<'_>,
    attempt: Option<(AttemptId, u32)>,
    event: EventId,
    retried: Option<EventId>,
    last: bool,
    used: &mut [u32],
) -> Handling {
    let history = scene.history;
    let fault = scene.fault(event).unwrap_or_default();
    let waiting = last && history.visit(scene.visit).outcome == Outcome::Open;
    let catcher = catcher(scene.state.catchers(), &fault);
    let caught = last && matches!(history.visit(scene.visit).outcome, Outcome::Caught { .. });
    let fate = match (retried, catcher) {
        (Some(event), _) => Fate::Retried(event),
        (None, Some((_, catcher))) if caught => Fate::Caught(Arc::clone(&catcher.next.name)),
        (None, _) if waiting => Fate::Waiting,
        _ => Fate::Uncaught,
    };
    let retriers = retriers(scene, &fault, event, retried, matches!(fate, Fate::Waiting), used);
    let catchers = catchers(scene, &fault, catcher.filter(|_| caught).map(|(place, _)| place));
    Handling { attempt, event, failure: fault.failure, retriers, catchers, fate }
}

fn retriers(
    scene: &Scene<'_>,
    fault: &Fault,
    failed: EventId,
    retried: Option<EventId>,
    waiting: bool,
    used: &mut [u32],
) -> Vec<RetrierSeen> {
    let chosen = retrier(scene.state.retriers(), fault).map(|(place, _)| place);
    let mut seen = Vec::new();
    for (place, retrier) in scene.state.retriers().iter().enumerate() {
        let before = used.get(place).copied().unwrap_or(0);
        let verdict = match chosen {
            Some(chosen) if chosen == place && (retried.is_some() || waiting && before < retrier.max_attempts) => {
                if let Some(count) = used.get_mut(place) {
                    *count += 1;
                }
                let waited = retried.and_then(|next| waited(scene, failed, next));
                RetryVerdict::Retried {
                    retry: before + 1,
                    of: retrier.max_attempts,
                    delay: delay(retrier, before),
                    waited,
                }
            }
            Some(chosen) if chosen == place => RetryVerdict::UsedUp { of: retrier.max_attempts },
            Some(chosen) if chosen < place => RetryVerdict::NotAsked,
            None if is_runtime(&fault.failure) => RetryVerdict::Never,
            _ => RetryVerdict::OtherErrors,
        };
        let errors = retrier.error_equals.iter().map(name).collect();
        seen.push(RetrierSeen { line: scene.program.line_of(&retrier.place), errors, verdict });
    }
    seen
}

fn catchers(scene: &Scene<'_>, fault: &Fault, caught: Option<usize>) -> Vec<CatcherSeen> {
    let seen = scene.state.catchers().iter().enumerate().map(|(place, catcher)| CatcherSeen {
        line: scene.program.line_of(&catcher.place),
        errors: catcher.error_equals.iter().map(name).collect(),
        next: Arc::clone(&catcher.next.name),
        verdict: match caught {
            Some(caught) if caught == place => CatchVerdict::Caught,
            _ if is_runtime(&fault.failure) => CatchVerdict::Never,
            _ if !matches(&catcher.error_equals, fault) => CatchVerdict::OtherErrors,
            _ => CatchVerdict::NotAsked,
        },
    });
    seen.collect()
}

/// `States.Runtime` is the one error nothing takes.
fn is_runtime(failure: &Failure) -> bool {
    failure.error.as_deref() == Some("States.Runtime")
}

/// The time between a failure and the next try. A container's own failure is told by the event the next try follows.
fn waited(scene: &Scene<'_>, failed: EventId, next: EventId) -> Option<i64> {
    let next = scene.history.event(next)?;
    let failed = next.parent.and_then(|parent| scene.history.event(parent)).or(scene.history.event(failed))?;
    Some(next.timestamp.micros_since(failed.timestamp))
}

fn delay(retrier: &Retrier, used: u32) -> Delay {
    let seconds = crate::interpreter::delay_seconds(retrier, used, || 1.0);
    let exponent = i32::try_from(used).unwrap_or(i32::MAX);
    let free = f64::from(retrier.interval_seconds) * retrier.backoff_rate.powi(exponent);
    Delay {
        interval: retrier.interval_seconds,
        rate: retrier.backoff_rate,
        times: used,
        seconds,
        capped: retrier.max_delay_seconds.filter(|most| free > f64::from(*most)),
        jitter: retrier.jitter == Jitter::Full,
    }
}

/// Returns an entry of `ErrorEquals` as it is written.
pub(in crate::analysis) fn name(pattern: &ErrorPattern) -> String {
    match pattern {
        ErrorPattern::All => "States.ALL".to_owned(),
        ErrorPattern::TaskFailed => "States.TaskFailed".to_owned(),
        ErrorPattern::Name(name) => name.clone(),
    }
}
