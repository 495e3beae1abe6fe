//! Map Runs that went on in spite of failures: how many items failed, and what failed in them.

use super::{Fate, Finding, trace};
use crate::analysis::Place;
use crate::history::{Family, MemberId, Outcome, VisitId};
use crate::recording::Status;
use std::sync::Arc;

/// How the items of a Map Run stand that has not failed.
#[derive(Debug, Clone, PartialEq)]
pub struct MapRunItems {
    /// The Map.
    pub map: Arc<str>,
    /// Where it is.
    pub place: Place,
    /// How many failed or timed out; `None` when neither AWS's counts nor the executions are in the recording.
    pub failed: Option<u64>,
    /// How many there are.
    pub total: u64,
    /// Whether items are counted; else executions, each of which may have been given several.
    pub counts_items: bool,
    /// How many of the executions that failed are not in the recording.
    pub missing: u64,
    /// Whether the Map has ended.
    pub ended: bool,
}

/// Returns the Map Runs of the execution asked about of which there is something to say, in order.
pub(super) fn map_runs(family: &Family) -> Vec<MapRunItems> {
    survivors(family).filter_map(|map| items(family, map)).collect()
}

/// Returns what failed in the items of such Map Runs.
pub(super) fn tolerated(family: &Family) -> Vec<Finding> {
    let mut findings = Vec::new();
    for map in survivors(family) {
        let place = Place::of_visit(family, MemberId::ROOT, map);
        let by = &family.root().visit(map).name;
        let failed = family.items_of(MemberId::ROOT, map).filter(|child| has_failed(family, *child));
        for mut finding in trace::alike(failed.flat_map(|child| trace::causes(family, child))) {
            if finding.fate == Fate::EndedRun {
                finding.fate = Fate::Tolerated { by: Arc::clone(by) };
            }
            finding.through.push(place.clone());
            findings.push(finding);
        }
    }
    findings
}

/// The distributed Maps that have not failed.
fn survivors(family: &Family) -> impl Iterator<Item = VisitId> {
    let visits = family.root().visits();
    let maps = visits.filter(|(_, visit)| visit.map_run_arn.is_some());
    maps.filter(|(_, visit)| matches!(visit.outcome, Outcome::Exited | Outcome::Open)).map(|(id, _)| id)
}

fn has_failed(family: &Family, child: MemberId) -> bool {
    matches!(family.member(child).status(), Status::Failed | Status::TimedOut)
}

fn items(family: &Family, map: VisitId) -> Option<MapRunItems> {
    let visit = family.root().visit(map);
    let children: Vec<MemberId> = family.items_of(MemberId::ROOT, map).collect();
    let recorded = children.iter().filter(|child| has_failed(family, **child)).count() as u64;
    let run = visit.map_run_arn.as_deref().and_then(|arn| family.map_run(arn));
    let failed = |counts: &crate::recording::Counts| {
        counts.failed.map(|failed| failed.saturating_add(counts.timed_out.unwrap_or(0)))
    };
    let of_items = run.and_then(|run| run.item_counts.as_ref());
    let of_executions = run.and_then(|run| run.execution_counts.as_ref());
    let counts = of_items.or(of_executions);
    let told = counts.and_then(failed);
    let missing = of_executions.and_then(failed).or(told).unwrap_or(0).saturating_sub(recorded);
    let unseen = told.is_none() && children.is_empty();
    let failed = told.unwrap_or(0).max(recorded);
    (unseen || failed > 0).then(|| MapRunItems {
        map: Arc::clone(&visit.name),
        place: Place::of_visit(family, MemberId::ROOT, map),
        failed: (!unseen).then_some(failed),
        total: counts.and_then(|counts| counts.total).unwrap_or(0).max(children.len() as u64),
        counts_items: of_items.is_some(),
        missing,
        ended: !visit.outcome.is_open(),
    })
}
