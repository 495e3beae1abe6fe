//! An execution at a glance.

use super::limits::{Tight, tight};
use crate::event::Timestamp;
use crate::history::{AttemptKind, AttemptOutcome, Family, MemberId, Outcome};
use crate::recording::Status;
use std::sync::Arc;

/// An execution at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Its name.
    pub name: Option<Arc<str>>,
    /// How it stands.
    pub status: Status,
    /// When it began.
    pub started: Option<Timestamp>,
    /// The microseconds from its first event to its last.
    pub micros: Option<i64>,
    /// How many events there are.
    pub events: usize,
    /// How many visits of states.
    pub visits: usize,
    /// How many of them failed and were not caught.
    pub failed: usize,
    /// How many failed and were caught.
    pub caught: usize,
    /// How many were aborted.
    pub aborted: usize,
    /// How many are open.
    pub open: usize,
    /// How many attempts a retrier asked for.
    pub retries: usize,
    /// How many attempts failed.
    pub failed_attempts: usize,
    /// How often it was redriven.
    pub redrives: usize,
    /// How many other executions it started, as far as they are known.
    pub children: usize,
    /// How many things in the history do not fit.
    pub anomalies: usize,
    /// The limits it came near to.
    pub tight: Vec<Tight>,
}

/// Returns an execution at a glance.
pub fn overview(family: &Family, execution: MemberId) -> Overview {
    let member = family.member(execution);
    let history = &member.history;
    let outcomes = |test: fn(Outcome) -> bool| history.visits().filter(|(_, visit)| test(visit.outcome)).count();
    let between = history.started_at().zip(history.last_at()).map(|(first, last)| last.micros_since(first));
    Overview {
        name: member.described.name.clone(),
        status: member.status(),
        started: history.started_at(),
        micros: between,
        events: history.events().len(),
        visits: history.visits().len(),
        failed: outcomes(|outcome| matches!(outcome, Outcome::Failed { .. } | Outcome::TimedOut { .. })),
        caught: outcomes(|outcome| matches!(outcome, Outcome::Caught { .. })),
        aborted: outcomes(|outcome| matches!(outcome, Outcome::Aborted { .. })),
        open: outcomes(Outcome::is_open),
        retries: history.attempts().filter(|(_, attempt)| attempt.kind == AttemptKind::Retry).count(),
        failed_attempts: history.attempts().filter(|(_, attempt)| failed(attempt.outcome)).count(),
        redrives: history.redrives().len(),
        children: member.children.len(),
        anomalies: history.anomalies().len(),
        tight: tight(member),
    }
}

fn failed(outcome: AttemptOutcome) -> bool {
    matches!(outcome, AttemptOutcome::Failed { .. } | AttemptOutcome::TimedOut { .. })
}
