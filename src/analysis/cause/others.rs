//! Failures that did not end the execution.

use super::{Fate, Finding, build, trace};
use crate::event::EventId;
use crate::history::{Family, History, MemberId, Visit, VisitId};
use std::collections::HashSet;

/// Returns what failed in the execution asked about without ending it, in order.
pub(super) fn others(family: &Family, causes: &[Finding]) -> Vec<Finding> {
    let history = &family.member(MemberId::ROOT).history;
    let mut told: HashSet<EventId> = HashSet::new();
    for cause in causes {
        let places = std::iter::once(&cause.place).chain(&cause.through);
        let here = places.filter(|place| place.execution == MemberId::ROOT);
        told.extend(here.map(|place| place.event));
        told.extend(cause.tries.iter().map(|tried| tried.event));
        told.extend(cause.ended_in.iter().filter_map(|(_, report)| history.origin(report.event?).into()));
    }
    let mut events: Vec<EventId> = history.visits().flat_map(|(id, visit)| own_failures(history, id, visit)).collect();
    events.sort_unstable();
    events.dedup();
    events.retain(|event| !told.contains(event));
    let findings = events.into_iter().flat_map(|event| {
        let fate = build::fate(history, event, history.visit_of(event));
        match fate {
            Fate::Caught { .. } | Fate::Redriven => trace::trace(family, MemberId::ROOT, event),
            _ => vec![build::finding(family, MemberId::ROOT, event)],
        }
    });
    trace::alike(findings.filter(|found| found.place.execution != MemberId::ROOT || !told.contains(&found.place.event)))
}

/// Returns the failures that happened in a visit itself: its last one, those a redrive undid; of a task that got over
/// its failures the last. What happened inside of a Map or Parallel belongs to the visits there.
fn own_failures(history: &History, id: VisitId, visit: &Visit) -> Vec<EventId> {
    let mut events: Vec<EventId> = Vec::new();
    events.extend(visit.outcome.failure());
    events.extend(visit.earlier.iter().filter_map(|ending| ending.outcome.failure()));
    if events.is_empty() {
        let attempts = visit.attempts.iter().rev();
        events.extend(attempts.filter_map(|attempt| history.attempt(*attempt).outcome.failure()).next());
    }
    events.retain(|event| history.lineage(*event).and_then(|lineage| lineage.visit) == Some(id));
    events
}
