//! Failing items of a Map beside the others: how many, and what they share.

use super::Finding;
use crate::history::{
    AttemptId, Family, History, MemberId, Outcome, Place as ScopePlace, ScopeId, ScopeOutcome, VisitId,
};
use crate::json::Payload;
use crate::recording::Status;
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

/// Items compared, for either kind.
const COMPARED: usize = 200;
/// Values looked at in one item.
const LEAVES: usize = 400;
/// Larger inputs are not compared.
const LARGEST: usize = 64 * 1024;

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
    let visit = history.visit(map);
    let (mut indexes, mut failing, mut fine) = (Vec::new(), Vec::new(), Vec::new());
    let (mut count, mut failed) = (0, 0);
    for id in &visit.children {
        let scope = history.scope(*id);
        if scope.attempt() != attempt {
            continue;
        }
        count += 1;
        let input = scope.visits.first().and_then(|first| history.input(*first));
        if has_failure(history, *id) {
            failed += 1;
            indexes.extend(scope.index());
            failing.extend(input);
        } else if scope.outcome == ScopeOutcome::Succeeded {
            fine.extend(input);
        }
    }
    indexes.sort_unstable();
    let length = attempt.map_or(0, |attempt| history.items_of(map, attempt));
    let (total, shared) = (length.max(count), shared(&failing, &fine));
    Items { map: visit.name.clone(), failed, indexes, total, tolerated: None, shared }
}

fn has_failure(history: &History, scope: ScopeId) -> bool {
    let scope = history.scope(scope);
    let caught = |visit: &VisitId| matches!(history.visit(*visit).outcome, Outcome::Caught { .. });
    matches!(scope.outcome, ScopeOutcome::Failed { .. }) || scope.visits.iter().any(caught)
}

fn distributed(family: &Family, execution: MemberId, map: VisitId) -> Option<Items> {
    let visit = family.member(execution).history.visit(map);
    let (mut failed, mut failing, mut fine) = (0, Vec::new(), Vec::new());
    for child in family.items_of(execution, map) {
        let child = family.member(child);
        match child.status() {
            Status::Failed | Status::TimedOut => {
                failed += 1;
                failing.extend(child.input());
            }
            Status::Succeeded => fine.extend(child.input()),
            _ => {}
        }
    }
    let run = family.map_run(visit.map_run_arn.as_deref()?);
    let counts = run.and_then(|run| run.item_counts.as_ref());
    let known = family.items_of(execution, map).count() as u64;
    let total = counts.and_then(|counts| counts.total).unwrap_or(known).max(known);
    let failed = counts.and_then(|counts| usize::try_from(counts.failed?).ok()).unwrap_or(failed).max(failed);
    let tolerated = run.and_then(|run| run.tolerated_failure_count);
    let (map, shared) = (visit.name.clone(), shared(&failing, &fine));
    (total > 0).then(|| Items { map, failed, indexes: Vec::new(), total, tolerated, shared })
}

/// Returns the values that all failing inputs have in the same place and few of the others have there.
fn shared(failing: &[&Payload], fine: &[&Payload]) -> Vec<Shared> {
    let values = |payloads: &[&Payload]| -> Vec<Value> {
        let small = payloads.iter().take(COMPARED).filter(|payload| payload.size() <= LARGEST);
        small.filter_map(|payload| payload.value().ok().cloned()).collect()
    };
    let (failing, fine) = (values(failing), values(fine));
    let Some((first, others)) = failing.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Vec::new();
    };
    if fine.is_empty() {
        return Vec::new();
    }
    let mut leaves = Vec::new();
    collect(first, &mut String::new(), &mut Vec::new(), &mut leaves);
    let mut found: Vec<Shared> = leaves
        .into_iter()
        .filter(|(_, pointer, value)| others.iter().all(|other| other.pointer(pointer) == Some(value)))
        .map(|(path, pointer, value)| {
            let also = fine.iter().filter(|other| other.pointer(&pointer) == Some(&value)).count();
            Shared { path, value, also }
        })
        .filter(|shared| shared.also * 10 <= fine.len())
        .collect();
    found.sort_by_key(|shared| shared.also);
    found.truncate(3);
    found
}

/// Collects the scalars of a document with their path and JSON pointer.
fn collect(value: &Value, path: &mut String, pointer: &mut Vec<String>, leaves: &mut Vec<(String, String, Value)>) {
    if leaves.len() >= LEAVES || pointer.len() > 8 {
        return;
    }
    let mut inside = |name: &str, step: String, value: &Value| {
        let length = path.len();
        path.push_str(&step);
        pointer.push(name.replace('~', "~0").replace('/', "~1"));
        collect(value, path, pointer, leaves);
        pointer.pop();
        path.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| inside(name, format!(".{name}"), value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| inside(&index.to_string(), format!("[{index}]"), value));
        }
        Value::Null => {}
        scalar => {
            let pointer = pointer.iter().map(|step| format!("/{step}")).collect();
            leaves.push((format!("${path}"), pointer, scalar.clone()));
        }
    }
}
