//! A definition taken apart into its states.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Machines inside machines are followed this deep.
const DEPTH: usize = 32;

/// Fields in which the name of another state stands.
const TARGETS: [&str; 3] = ["Next", "Default", "StartAt"];

/// The states of a definition by name, which is unique in all of it, and what is left without them.
pub(super) struct Flat {
    pub states: IndexMap<String, Flattened>,
    pub rest: Value,
}

/// A state without the states inside it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Flattened {
    /// The state around it, with the branch if it is a Parallel; `the machine` when there is none.
    pub place: String,
    pub fields: Value,
}

impl Flat {
    pub(super) fn of(machine: &Value) -> Self {
        let mut flat = Self { states: IndexMap::new(), rest: Value::Null };
        flat.rest = flat.flatten(machine, "the machine", 0);
        flat
    }

    /// Takes the states out of a machine, also those of machines inside its states, and returns what is left.
    fn flatten(&mut self, machine: &Value, place: &str, depth: usize) -> Value {
        let Value::Object(members) = machine else { return machine.clone() };
        let mut rest = Map::new();
        for (name, member) in members {
            match member {
                Value::Object(found) if name == "States" && depth < DEPTH => {
                    for (name, state) in found {
                        let index = self.states.len();
                        let fields = self.inside(name, state, depth + 1);
                        let flattened = Flattened { place: place.to_owned(), fields };
                        // A container stands before what it holds, as it does in the text.
                        if !self.states.contains_key(name) {
                            self.states.shift_insert(index.min(self.states.len()), name.clone(), flattened);
                        }
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
    fn inside(&mut self, state: &str, fields: &Value, depth: usize) -> Value {
        let Value::Object(members) = fields else { return fields.clone() };
        let member = |(name, member): (&String, &Value)| {
            let member = match (name.as_str(), member) {
                ("Iterator" | "ItemProcessor", machine) => self.flatten(machine, state, depth),
                ("Branches", Value::Array(branches)) => {
                    let branches = branches.iter().enumerate();
                    branches.map(|(index, it)| self.flatten(it, &format!("branch {index} of {state}"), depth)).collect()
                }
                ("Retry" | "Catch", handlers) => sorted(handlers),
                (_, member) => member.clone(),
            };
            (name.clone(), member)
        };
        members.iter().map(member).collect()
    }

    /// Gives states new names, also where others name them.
    pub(super) fn rename(&mut self, names: &[(String, String)]) {
        if names.is_empty() {
            return;
        }
        let renamed = |name: &str| names.iter().find(|(old, _)| old == name).map(|(_, new)| new.clone());
        let states = std::mem::take(&mut self.states);
        for (name, mut state) in states {
            retarget(&mut state.fields, &renamed);
            let (around, container) = match state.place.split_once(" of ") {
                Some((branch, container)) if branch.starts_with("branch ") => (Some(branch.to_owned()), container),
                _ => (None, state.place.as_str()),
            };
            if let Some(new) = renamed(container) {
                state.place = around.map_or_else(|| new.clone(), |branch| format!("{branch} of {new}"));
            }
            self.states.insert(renamed(&name).unwrap_or(name), state);
        }
        retarget(&mut self.rest, &renamed);
    }
}

/// The order of the names in an `ErrorEquals` means nothing.
fn sorted(handlers: &Value) -> Value {
    let mut handlers = handlers.clone();
    for handler in handlers.as_array_mut().into_iter().flatten() {
        if let Some(names) = handler.get_mut("ErrorEquals").and_then(Value::as_array_mut) {
            names.sort_by_key(Value::to_string);
        }
    }
    handlers
}

/// Changes the targets in a state: its own, and those of rules, catchers and inner machines, but not what is data.
pub(super) fn retarget(fields: &mut Value, renamed: &impl Fn(&str) -> Option<String>) {
    let Value::Object(members) = fields else { return };
    for (name, member) in members {
        match member {
            Value::String(target) if TARGETS.contains(&name.as_str()) => {
                if let Some(new) = renamed(target) {
                    *target = new;
                }
            }
            Value::Array(inner) if ["Choices", "Catch", "Branches"].contains(&name.as_str()) => {
                inner.iter_mut().for_each(|inner| retarget(inner, renamed));
            }
            inner if ["Iterator", "ItemProcessor"].contains(&name.as_str()) => retarget(inner, renamed),
            _ => {}
        }
    }
}
