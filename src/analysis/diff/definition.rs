//! What differs between two definitions, state by state.

use super::{Data, DataChange, Part};
use crate::json::diff::Strict;
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// What differs between two definitions. Where a state stands in the text means nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DefinitionDiff {
    /// Fields outside of states.
    pub machine: Vec<DataChange>,
    /// The states that differ, in the new order; those that are gone at the end.
    pub states: Vec<StateDiff>,
}

/// A state that differs.
#[derive(Debug, Clone, PartialEq)]
pub enum StateDiff {
    /// It is new.
    Added(String),
    /// It is gone.
    Removed(String),
    /// It has another name and is otherwise the same.
    Renamed {
        /// The old name.
        old: String,
        /// The new name.
        new: String,
    },
    /// It has other fields; states inside it are told by themselves.
    Changed {
        /// Its name.
        name: String,
        /// Its fields.
        fields: Vec<DataChange>,
    },
}

/// Machines inside machines are followed this deep.
const DEPTH: usize = 32;

impl DefinitionDiff {
    /// Compares two definitions.
    pub fn of(old: &Value, new: &Value) -> Self {
        let (mut old_states, mut new_states) = (IndexMap::new(), IndexMap::new());
        let (old, new) = (flatten(old, &mut old_states, 0), flatten(new, &mut new_states, 0));
        let fields = |old: &Value, new: &Value| Data::of(&Part::Field, old, new, &Strict).changes;
        let mut states = Vec::new();
        let mut gone: Vec<&String> = old_states.keys().filter(|name| !new_states.contains_key(*name)).collect();
        for (name, state) in &new_states {
            match old_states.get(name) {
                Some(before) if before == state => {}
                Some(before) => states.push(StateDiff::Changed { name: name.clone(), fields: fields(before, state) }),
                None => match gone.iter().position(|name| old_states.get(*name) == Some(state)) {
                    Some(place) => {
                        states.push(StateDiff::Renamed { old: gone.remove(place).clone(), new: name.clone() });
                    }
                    None => states.push(StateDiff::Added(name.clone())),
                },
            }
        }
        states.extend(gone.into_iter().map(|name| StateDiff::Removed(name.clone())));
        Self { machine: fields(&old, &new), states }
    }

    /// Tells whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.machine.is_empty() && self.states.is_empty()
    }
}

/// Takes the states out of a machine, also those of machines inside its states, and returns what is left.
fn flatten(machine: &Value, states: &mut IndexMap<String, Value>, depth: usize) -> Value {
    let Value::Object(members) = machine else { return machine.clone() };
    let mut rest = Map::new();
    for (name, member) in members {
        match member {
            Value::Object(found) if name == "States" && depth < DEPTH => {
                for (name, state) in found {
                    let state = inside(state, states, depth + 1);
                    states.insert(name.clone(), state);
                }
            }
            member => {
                rest.insert(name.clone(), member.clone());
            }
        }
    }
    Value::Object(rest)
}

/// Takes the states out of the machines inside a state.
fn inside(state: &Value, states: &mut IndexMap<String, Value>, depth: usize) -> Value {
    let Value::Object(members) = state else { return state.clone() };
    let member = |(name, member): (&String, &Value)| {
        let member = match (name.as_str(), member) {
            ("Iterator" | "ItemProcessor", machine) => flatten(machine, states, depth),
            ("Branches", Value::Array(branches)) => {
                branches.iter().map(|branch| flatten(branch, states, depth)).collect()
            }
            (_, member) => member.clone(),
        };
        (name.clone(), member)
    };
    members.iter().map(member).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn states_are_compared_by_name_wherever_they_stand() {
        let old = json!({"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "M"},
            "M": {"Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "r1", "End": true}}}, "Next": "Gone"},
            "Gone": {"Type": "Fail"},
            "Z": {"Type": "Succeed"},
        }});
        let new = json!({"StartAt": "A", "TimeoutSeconds": 9, "States": {
            "M": {"Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "r2", "End": true}}}, "Next": "Y"},
            "A": {"Type": "Pass", "Next": "M"},
            "Y": {"Type": "Wait", "Seconds": 1, "Next": "Done"},
            "Done": {"Type": "Succeed"},
        }});
        let diff = DefinitionDiff::of(&old, &new);
        assert_eq!(diff.machine.iter().map(|change| change.at.to_string()).collect::<Vec<_>>(), ["$.TimeoutSeconds"]);
        let states: Vec<String> = diff
            .states
            .iter()
            .map(|state| match state {
                StateDiff::Added(name) => format!("+{name}"),
                StateDiff::Removed(name) => format!("-{name}"),
                StateDiff::Renamed { old, new } => format!("{old}>{new}"),
                StateDiff::Changed { name, fields } => {
                    format!("{name} {}", fields.iter().map(|field| field.at.to_string()).collect::<Vec<_>>().join(","))
                }
            })
            .collect();
        assert_eq!(states, ["X $.Resource", "M $.Next", "+Y", "Z>Done", "-Gone"]);
        assert!(DefinitionDiff::of(&old, &old).is_empty());
    }
}
