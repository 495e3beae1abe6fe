//! Which branch of a Parallel is which: histories do not tell, the definition does.

use super::History;
use crate::json::Payload;
use serde_json::Value;
use std::collections::HashMap;

/// The branches of the Parallels of a definition: by Parallel and by a state in a branch, the number of the branch.
/// Names of states are unique in a machine, so any state tells its branch, also where the first is missing.
#[derive(Debug, Default)]
pub(super) struct Branches {
    known: HashMap<(String, String), u32>,
}

impl Branches {
    /// Reads a definition written as JSON; one that cannot be read has no branches.
    pub(super) fn of(definition: &Payload) -> Self {
        let mut branches = Self::default();
        if let Ok(machine) = definition.value() {
            branches.scope(machine);
        }
        branches
    }

    fn scope(&mut self, scope: &Value) {
        let states = scope.get("States").and_then(Value::as_object);
        for (name, state) in states.into_iter().flatten() {
            let branches = state.get("Branches").and_then(Value::as_array);
            for (index, branch) in branches.into_iter().flatten().enumerate() {
                let inside = branch.get("States").and_then(Value::as_object);
                for state in inside.into_iter().flat_map(|states| states.keys()) {
                    let index = u32::try_from(index).unwrap_or(u32::MAX);
                    self.known.insert((name.clone(), state.clone()), index);
                }
                self.scope(branch);
            }
            ["ItemProcessor", "Iterator"].iter().filter_map(|field| state.get(field)).for_each(|it| self.scope(it));
        }
    }

    /// Numbers the branches of a history.
    pub(super) fn label(&self, history: &mut History) {
        if !self.known.is_empty() {
            history.label_branches(|parallel, state| self.known.get(&(parallel.into(), state.into())).copied());
        }
    }
}
