//! A family of executions along the time: a lane for each flow, and in it the visits one after the other.

use crate::analysis::status::is_waiting;
use crate::event::{StateType, Timestamp};
use crate::history::{AttemptOutcome, Family, History, Link, MemberId, ScopeId, VisitId};

/// One flow: in it at most one visit goes on at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// The execution.
    pub member: MemberId,
    /// Its flow.
    pub scope: ScopeId,
    /// How many flows it stands in.
    pub depth: usize,
    /// The visit around it: a Parallel, a Map, or a task that started the execution; with the execution that visit is
    /// of.
    pub container: Option<(MemberId, VisitId)>,
}

/// A stretch of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// When it began.
    pub from: Timestamp,
    /// When it ended; of something that goes on the time of the last event.
    pub to: Timestamp,
    /// What happened in it.
    pub kind: StretchKind,
}

/// What happened in a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StretchKind {
    /// Work was done.
    Working,
    /// Something outside, or the clock, was waited for.
    Waiting,
    /// An attempt had failed, and the next was not yet due.
    Delay,
    /// Flows inside did the work.
    Holding,
}

impl StretchKind {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Waiting => "waiting",
            Self::Delay => "retry delay",
            Self::Holding => "holding",
        }
    }
}

/// Returns the flows of a family: the execution's own first, each before those inside of it, in the order of branches,
/// items and beginnings.
pub fn lanes(family: &Family) -> Vec<Lane> {
    let root = Lane { member: MemberId::ROOT, scope: ScopeId::ROOT, depth: 0, container: None };
    let mut lanes = Vec::new();
    let mut left = vec![root];
    while let Some(lane) = left.pop() {
        lanes.push(lane);
        let mut inside = inside(family, &lane);
        inside.reverse();
        left.append(&mut inside);
    }
    lanes
}

/// The flows directly inside of one.
fn inside(family: &Family, lane: &Lane) -> Vec<Lane> {
    let history = &family.member(lane.member).history;
    let mut found = Vec::new();
    for visit in &history.scope(lane.scope).visits {
        let container = Some((lane.member, *visit));
        let depth = lane.depth + 1;
        let mut scopes = history.visit(*visit).children.clone();
        scopes.sort_by_key(|scope| history.scope(*scope).index());
        found.extend(scopes.into_iter().map(|scope| Lane { member: lane.member, scope, depth, container }));
        let attempts = history.visit(*visit).attempts.iter();
        let nested = attempts.flat_map(|attempt| family.nested_in(lane.member, *attempt));
        let started = nested.chain(family.items_of(lane.member, *visit));
        found.extend(started.map(|member| Lane { member, scope: ScopeId::ROOT, depth, container }));
    }
    if lane.container.is_none() {
        // What nothing is known to have started belongs to the whole.
        let stray = family.member(lane.member).children.iter().copied();
        let stray = stray.filter(|child| {
            matches!(family.member(*child).link, Link::Nested { task: None, .. } | Link::Item { map: None, .. })
        });
        found.extend(stray.map(|member| Lane { member, scope: ScopeId::ROOT, depth: lane.depth + 1, container: None }));
    }
    found
}

/// Returns when a visit began and ended; of one that goes on the time of the last event. `None` for a visit of which
/// neither is known.
pub fn span(history: &History, visit: VisitId) -> Option<(Timestamp, Timestamp)> {
    let visit = history.visit(visit);
    let at = |event: Option<_>| Some(history.event(event?)?.timestamp);
    let from = at(visit.entered).or_else(|| at(visit.ended))?;
    let to = if visit.outcome.is_open() { history.last_at() } else { at(visit.ended) };
    Some((from, to.unwrap_or(from).max(from)))
}

/// Returns what a visit did, stretch by stretch.
pub fn stretches(history: &History, id: VisitId) -> Vec<Stretch> {
    let Some((from, to)) = span(history, id) else { return Vec::new() };
    let visit = history.visit(id);
    let whole = |kind| vec![Stretch { from, to, kind }];
    match visit.kind {
        StateType::Map | StateType::Parallel => return whole(StretchKind::Holding),
        StateType::Wait => return whole(StretchKind::Waiting),
        _ if visit.attempts.is_empty() => return whole(StretchKind::Working),
        _ => {}
    }
    let mut stretches = Vec::new();
    let mut add = |from: Timestamp, to: Timestamp, kind| {
        if to > from || (kind == StretchKind::Working && to == from) {
            stretches.push(Stretch { from, to, kind });
        }
    };
    let mut before: Option<Timestamp> = None;
    for attempt in &visit.attempts {
        let attempt = history.attempt(*attempt);
        let at = |event: Option<_>| Some(history.event(event?)?.timestamp);
        let Some(scheduled) = at(Some(attempt.scheduled)) else { continue };
        if let Some(before) = before {
            add(before, scheduled, StretchKind::Delay);
        }
        let ended = at(attempt.ended).or_else(|| history.last_at()).unwrap_or(scheduled);
        let started = at(attempt.started).unwrap_or(scheduled).min(ended);
        // From the hand-over on, somebody else is waited for.
        let submitted = at(attempt.submitted).filter(|_| waits(history, id)).unwrap_or(ended).clamp(started, ended);
        add(scheduled, started, StretchKind::Waiting);
        add(started, submitted, StretchKind::Working);
        add(submitted, ended, StretchKind::Waiting);
        before = Some(ended);
    }
    if let Some(before) = before.filter(|_| visit.outcome.is_open() && !is_waiting(history, id)) {
        add(before, to, StretchKind::Delay);
    }
    stretches
}

fn waits(history: &History, visit: VisitId) -> bool {
    is_waiting(history, visit)
        || history.visit(visit).attempts.iter().any(|attempt| history.attempt(*attempt).submitted.is_some())
}

/// Returns when attempts of a visit failed.
pub fn failures(history: &History, visit: VisitId) -> impl Iterator<Item = Timestamp> {
    let attempts = history.visit(visit).attempts.iter().map(|attempt| history.attempt(*attempt));
    let failed = attempts
        .filter(|attempt| matches!(attempt.outcome, AttemptOutcome::Failed { .. } | AttemptOutcome::TimedOut { .. }));
    failed.filter_map(|attempt| Some(history.event(attempt.ended?)?.timestamp))
}
