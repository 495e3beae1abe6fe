//! Failing items of a Map beside the others: how many, and what they share.

use super::Finding;
use crate::analysis::fleet::{self, Contrast, Item, Survey};
use crate::history::{AttemptId, Family, History, Link, MemberId, Place as ScopePlace, VisitId};
use std::collections::HashMap;
use std::sync::Arc;

/// The items of a Map in which something failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Items {
    /// The Map.
    pub map: Arc<str>,
    /// In how many of its items something failed, caught or not.
    pub failed: usize,
    /// Which these are, in order; empty for a distributed Map, whose items have no recorded number.
    pub indexes: Vec<u64>,
    /// How many items there are, as far as is known.
    pub total: u64,
    /// How many may fail, where that is known.
    pub tolerated: Option<u64>,
    /// What the inputs of the failed ones have that those of the others have not.
    pub contrast: Contrast,
}

/// A run of a Map.
type Run = (MemberId, VisitId, Option<AttemptId>);

/// The items around failures. Many failures are in the same Map, and its items may be very many: each Map is looked at
/// once.
#[derive(Default)]
pub(super) struct Surroundings {
    known: HashMap<Run, Option<Items>>,
    /// Those of a Map Run of which only the results are known.
    loose: Option<Option<Items>>,
}

impl Surroundings {
    /// Returns the items of the innermost Map around a failure, inline or distributed.
    pub(super) fn items(&mut self, family: &Family, finding: &Finding) -> Option<Items> {
        if let Link::Item { parent, map: None } = family.member(finding.place.execution).link {
            return self.loose.get_or_insert_with(|| loose(family, parent)).clone();
        }
        let places = std::iter::once(&finding.place).chain(&finding.through);
        places.into_iter().find_map(|place| {
            let run = around(family, place.execution, place.visit?)?;
            self.known.entry(run).or_insert_with(|| items(family, run)).clone()
        })
    }
}

fn around(family: &Family, execution: MemberId, visit: VisitId) -> Option<Run> {
    let history = &family.member(execution).history;
    if history.visit(visit).map_run_arn.is_some() {
        return Some((execution, visit, None));
    }
    let mut scopes = history.scopes_above(history.visit(visit).scope);
    scopes.find_map(|scope| match history.scope(scope).place {
        ScopePlace::Iteration { of, attempt, .. } => Some((execution, of, attempt)),
        _ => None,
    })
}

fn items(family: &Family, (execution, map, attempt): Run) -> Option<Items> {
    let history = &family.member(execution).history;
    match history.visit(map).map_run_arn.is_some() {
        true => distributed(family, execution, map),
        false => Some(inline(history, map, attempt)),
    }
}

fn inline(history: &History, map: VisitId, attempt: Option<AttemptId>) -> Items {
    let all = fleet::iterations(history, map, attempt);
    let failed: Vec<&Item> = all.iter().filter(|item| item.outcome.is_failed()).collect();
    let mut indexes: Vec<u64> = failed.iter().filter_map(|item| item.index).collect();
    indexes.sort_unstable();
    let length = attempt.map_or(0, |attempt| history.items_of(map, attempt));
    let (total, contrast) = (length.max(all.len() as u64), fleet::contrast_of(&all));
    Items { map: history.visit(map).name.clone(), failed: failed.len(), indexes, total, tolerated: None, contrast }
}

/// The items of a Map Run of which only the results are known, and of them only some.
fn loose(family: &Family, execution: MemberId) -> Option<Items> {
    let survey = Survey::of_results(family, execution);
    let contrast = fleet::contrast_of(&survey.items);
    let (failed, total) = (survey.fleet.failed, survey.total());
    (total > 0).then_some(Items { map: survey.map, failed, indexes: Vec::new(), total, tolerated: None, contrast })
}

fn distributed(family: &Family, execution: MemberId, map: VisitId) -> Option<Items> {
    let visit = family.member(execution).history.visit(map);
    let all = fleet::children(family, execution, map);
    let failed = all.iter().filter(|item| item.outcome.is_failed()).count();
    let run = family.map_run(visit.map_run_arn.as_deref()?);
    let counts = run.and_then(|run| run.item_counts.as_ref());
    let known = all.len() as u64;
    let total = counts.and_then(|counts| counts.total).unwrap_or(known).max(known);
    let told = counts.map(|counts| counts.failed.unwrap_or(0).saturating_add(counts.timed_out.unwrap_or(0)));
    let failed = told.and_then(|told| usize::try_from(told).ok()).unwrap_or(failed).max(failed);
    let tolerated = run.and_then(|run| run.tolerated_failure_count);
    let (map, contrast) = (visit.name.clone(), fleet::contrast_of(&all));
    // Where something failed, "none of them" can only mean that they are not here.
    (failed > 0).then(|| Items { map, failed, indexes: Vec::new(), total, tolerated, contrast })
}
