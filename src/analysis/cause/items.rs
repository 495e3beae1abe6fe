//! Failing items of a Map beside the others: how many, and what they share.

use super::Finding;
use crate::analysis::fleet::{self, Item, Outcome};
use crate::history::{AttemptId, Family, History, MemberId, Place as ScopePlace, VisitId};
use serde_json::Value;
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
    /// What the failed ones share and few others have.
    pub shared: Vec<Shared>,
}

/// A value that failed items share.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// Where it stands in the items' input.
    pub path: String,
    /// The value.
    pub value: Value,
    /// How many of the items that went well have it too.
    pub also: usize,
}

/// Returns the items of the innermost Map around a failure, inline or distributed.
pub(super) fn items(family: &Family, finding: &Finding) -> Option<Items> {
    let places = std::iter::once(&finding.place).chain(&finding.through);
    places.into_iter().find_map(|place| {
        let history = &family.member(place.execution).history;
        let visit = place.visit?;
        if history.visit(visit).map_run_arn.is_some() {
            return distributed(family, place.execution, visit);
        }
        let mut scopes = history.scopes_above(history.visit(visit).scope);
        scopes.find_map(|scope| match history.scope(scope).place {
            ScopePlace::Iteration { of, attempt, .. } => Some(inline(history, of, attempt)),
            _ => None,
        })
    })
}

fn inline(history: &History, map: VisitId, attempt: Option<AttemptId>) -> Items {
    let all = fleet::iterations(history, map, attempt);
    let failed: Vec<&Item> = all.iter().filter(|item| item.outcome.is_failed()).collect();
    let mut indexes: Vec<u64> = failed.iter().filter_map(|item| item.index).collect();
    indexes.sort_unstable();
    let length = attempt.map_or(0, |attempt| history.items_of(map, attempt));
    let (total, shared) = (length.max(all.len() as u64), shared(&all));
    Items { map: history.visit(map).name.clone(), failed: failed.len(), indexes, total, tolerated: None, shared }
}

fn distributed(family: &Family, execution: MemberId, map: VisitId) -> Option<Items> {
    let visit = family.member(execution).history.visit(map);
    let all = fleet::children(family, execution, map);
    let failed = all.iter().filter(|item| item.outcome.is_failed()).count();
    let run = family.map_run(visit.map_run_arn.as_deref()?);
    let counts = run.and_then(|run| run.item_counts.as_ref());
    let known = all.len() as u64;
    let total = counts.and_then(|counts| counts.total).unwrap_or(known).max(known);
    let failed = counts.and_then(|counts| usize::try_from(counts.failed?).ok()).unwrap_or(failed).max(failed);
    let tolerated = run.and_then(|run| run.tolerated_failure_count);
    let (map, shared) = (visit.name.clone(), shared(&all));
    (total > 0).then(|| Items { map, failed, indexes: Vec::new(), total, tolerated, shared })
}

/// Returns the values that all failing inputs have in the same place and few of the others have there.
fn shared(all: &[Item]) -> Vec<Shared> {
    let inputs = |wanted: fn(&Outcome) -> bool| {
        all.iter().filter(|item| wanted(&item.outcome)).filter_map(|item| item.input.as_ref()).collect::<Vec<_>>()
    };
    let (failing, passing) = (inputs(Outcome::is_failed), inputs(|outcome| *outcome == Outcome::Passed));
    let traits = fleet::contrast(&failing, &passing).traits.into_iter();
    let values = traits.filter_map(|it| match it.shape {
        fleet::Shape::Value(value) => Some(Shared { path: it.path, value, also: it.also }),
        _ => None,
    });
    values.collect()
}
