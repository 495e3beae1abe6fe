//! An execution at a glance.

use super::limits::{Tight, tight};
use crate::event::{EventId, Timestamp};
use crate::history::{AttemptKind, AttemptOutcome, Described, Family, MemberId, Outcome};
use crate::json::Payload;
use crate::recording::{Counts, Missing, Status};
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
    /// The microseconds it took, from its beginning to its end as AWS says or else from its first event to its last; of
    /// one that goes on, its age when somebody looked.
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
    /// What AWS says about it, when there is nothing else.
    pub told: Option<Box<Told>>,
    /// How the items of its Map Run stand, when there is nothing else.
    pub items: Option<Box<Counts>>,
    /// What else whoever made the recording says.
    pub notes: Arc<[Arc<str>]>,
    /// What of it is not in the recording.
    pub missing: Arc<[Missing]>,
}

/// What AWS says about an execution as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// Its input.
    pub input: Option<Payload>,
    /// Its output.
    pub output: Option<Payload>,
    /// How often it was redriven.
    pub redrives: Option<u64>,
}

impl Told {
    fn of(described: &Described) -> Option<Box<Self>> {
        described.status.as_ref().filter(|status| !status.is_unseen())?;
        let (started, stopped) = described.times;
        let (input, output) = (described.input.clone(), described.output.clone());
        Some(Box::new(Self { started, stopped, input, output, redrives: described.redrives }))
    }
}

/// Returns an execution at a glance.
pub fn overview(family: &Family, execution: MemberId) -> Overview {
    let member = family.member(execution);
    let history = &member.history;
    let outcomes = |test: fn(Outcome) -> bool| history.visits().filter(|(_, visit)| test(visit.outcome)).count();
    let (began, stopped) = member.described.times;
    let first = began.or(history.started_at());
    // Of part of a history the time between its events says nothing about the execution.
    let part = history.events().is_empty() || history.events().first().is_some_and(|event| event.id != EventId::FIRST);
    let unseen = member.status().is_unseen();
    let missing = &member.described.missing;
    // Lines of a log that came without their own times tell no duration.
    let told = |micros: &i64| *micros > 0 || missing.is_empty();
    let whole = began.is_some() && stopped.is_some();
    let micros = member.micros().filter(|micros| whole || !part && !unseen && told(micros));
    Overview {
        name: member.described.name.clone(),
        status: member.status(),
        started: first,
        micros,
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
        told: Told::of(&member.described).filter(|_| history.events().is_empty()),
        items: items(family, execution).map(Box::new),
        notes: Arc::clone(&member.described.notes),
        missing: Arc::clone(&member.described.missing),
    }
}

fn items(family: &Family, execution: MemberId) -> Option<Counts> {
    let no_event = execution == MemberId::ROOT && family.root().events().is_empty();
    let mut counts = family.map_runs().filter_map(|(_, run)| run.item_counts.clone());
    no_event.then(|| counts.next())?
}

fn failed(outcome: AttemptOutcome) -> bool {
    matches!(outcome, AttemptOutcome::Failed { .. } | AttemptOutcome::TimedOut { .. })
}
