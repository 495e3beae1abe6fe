//! Map Runs whose items failed: how many did, as the service counted them, what failed in them, and how much of that is
//! not in the recording.

use super::{Fate, Finding, trace};
use crate::analysis::Place;
use crate::history::{Family, Link, MemberId, Outcome, VisitId};
use crate::recording::{Counts, Status};
use std::sync::Arc;

/// How the items of a Map Run stand.
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
    /// How the Map stands.
    pub stands: MapStands,
}

/// How a Map stands whose items are executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapStands {
    /// It goes on.
    Open,
    /// It went on in spite of the items that failed.
    Passed,
    /// It failed with them.
    Failed,
    /// It was stopped.
    Stopped,
}

/// Returns the Map Runs of which there is something to say that no finding says, in order: those that did not fail with
/// the items that failed, and those of whose items something is missing.
pub(super) fn map_runs(family: &Family) -> Vec<MapRunItems> {
    let found = maps(family).filter_map(|(member, map)| MapRunItems::of(family, member, map));
    found.filter(|run| run.stands != MapStands::Failed || run.missing > 0 || run.failed.is_none()).collect()
}

/// Returns what failed in the items of the Map Runs that did not fail with them.
pub(super) fn tolerated(family: &Family) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (member, map) in maps(family).filter(|(member, map)| stands(family, *member, *map) != MapStands::Failed) {
        let place = Place::of_visit(family, member, map);
        let by = &family.member(member).history.visit(map).name;
        let failed = family.items_of(member, map).filter(|child| has_failed(family, *child));
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

/// The distributed Maps of the execution asked about, and of those its tasks started. What items started themselves is
/// told with the items.
fn maps(family: &Family) -> impl Iterator<Item = (MemberId, VisitId)> {
    let members = family.members().filter(|(_, member)| !matches!(member.link, Link::Item { .. }));
    members.flat_map(|(id, member)| {
        let maps = member.history.visits().filter(|(_, visit)| visit.map_run_arn.is_some());
        maps.map(move |(visit, _)| (id, visit))
    })
}

fn has_failed(family: &Family, child: MemberId) -> bool {
    matches!(family.member(child).status(), Status::Failed | Status::TimedOut)
}

fn stands(family: &Family, member: MemberId, map: VisitId) -> MapStands {
    match family.member(member).history.visit(map).outcome {
        Outcome::Open => MapStands::Open,
        Outcome::Exited => MapStands::Passed,
        Outcome::Failed { .. } | Outcome::TimedOut { .. } | Outcome::Caught { .. } => MapStands::Failed,
        Outcome::Aborted { .. } => MapStands::Stopped,
    }
}

/// How many failed or timed out, where that was counted.
fn failed(counts: &Counts) -> Option<u64> {
    let (failed, timed_out) = (counts.failed, counts.timed_out);
    (failed.is_some() || timed_out.is_some()).then(|| failed.unwrap_or(0).saturating_add(timed_out.unwrap_or(0)))
}

impl MapRunItems {
    /// Counts the items of a visit of a Map: as the service counted them, or else by the executions that are recorded.
    /// `None` when it is no distributed Map, or none of its items failed.
    pub fn of(family: &Family, member: MemberId, map: VisitId) -> Option<Self> {
        let visit = family.member(member).history.visit(map);
        let run = family.map_run(visit.map_run_arn.as_deref()?);
        let (known, recorded) = family
            .items_of(member, map)
            .fold((0, 0), |(known, bad), child| (known + 1, bad + u64::from(has_failed(family, child))));
        let of_items = run.and_then(|run| run.item_counts.as_ref());
        let of_executions = run.and_then(|run| run.execution_counts.as_ref());
        let counts = of_items.or(of_executions);
        let told = counts.and_then(failed);
        let missing = of_executions.and_then(failed).or(told).unwrap_or(0).saturating_sub(recorded);
        let unseen = told.is_none() && known == 0;
        let failed = told.unwrap_or(0).max(recorded);
        (unseen || failed > 0).then(|| Self {
            map: Arc::clone(&visit.name),
            place: Place::of_visit(family, member, map),
            failed: (!unseen).then_some(failed),
            total: counts.and_then(|counts| counts.total).unwrap_or(0).max(known),
            counts_items: of_items.is_some(),
            missing,
            stands: stands(family, member, map),
        })
    }
}
