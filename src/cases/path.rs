//! The path an execution took, told so that it does not depend on how long anything took.

use crate::history::{AttemptId, History, Place, ScopeId};
use crate::tasks::task_key;

/// Flows inside flows are followed this deep.
const DEPTH: usize = 64;

/// Returns the states an execution was in, in order. What ran side by side stands branch by branch and item by item,
/// after the state that holds it. A state in a Map is written as in an answers file, with the index of its item:
/// `Charge[3]`.
pub fn path(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    walk(history, ScopeId::ROOT, &mut Vec::new(), 0, &mut found);
    found
}

fn walk(history: &History, scope: ScopeId, indexes: &mut Vec<u32>, depth: usize, found: &mut Vec<String>) {
    for id in &history.scope(scope).visits {
        let visit = history.visit(*id);
        found.push(task_key(&visit.name, indexes));
        if depth >= DEPTH {
            continue;
        }
        let mut inside: Vec<((Option<AttemptId>, u64), ScopeId)> =
            visit.children.iter().map(|scope| (place(history, *scope), *scope)).collect();
        inside.sort_by_key(|(place, _)| *place);
        for ((_, index), scope) in inside {
            let is_item = matches!(history.scope(scope).place, Place::Iteration { .. });
            if is_item {
                indexes.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
            walk(history, scope, indexes, depth + 1, found);
            if is_item {
                indexes.pop();
            }
        }
    }
}

/// Where a flow stands among those of its container.
fn place(history: &History, scope: ScopeId) -> (Option<AttemptId>, u64) {
    match history.scope(scope).place {
        Place::Root => (None, 0),
        Place::Branch { attempt, index, .. } => (attempt, u64::from(index)),
        Place::Iteration { attempt, index, .. } => (attempt, index),
    }
}
