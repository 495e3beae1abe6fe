//! What differs between two definitions, state by state.

mod effect;
mod flat;
mod rename;
#[cfg(test)]
mod tests;

pub use effect::{Effect, effect};

use super::{Data, DataChange, Part};
use crate::json::diff::Strict;
use flat::Flat;
use serde_json::Value;

/// What differs between two definitions. Where a state stands in the text means nothing, nor does the order of members
/// and of the names in an `ErrorEquals`. What only follows from a new name is no difference of its own.
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
    /// It is still there and has another name, another place or other fields.
    Changed {
        /// Its name.
        name: String,
        /// Its old name, if it had another one.
        was: Option<String>,
        /// Where it stood and where it stands, if that is inside of other states.
        moved: Option<[String; 2]>,
        /// Its fields; states inside it are told by themselves.
        fields: Vec<DataChange>,
    },
}

impl StateDiff {
    /// Returns the name of the state: the new one, of one that is there.
    pub fn name(&self) -> &str {
        match self {
            Self::Added(name) | Self::Removed(name) | Self::Changed { name, .. } => name,
        }
    }

    /// Returns in few words what happened to it: `renamed, retimed`.
    pub fn words(&self) -> String {
        let (was, moved, fields) = match self {
            Self::Added(_) => return "added".to_owned(),
            Self::Removed(_) => return "removed".to_owned(),
            Self::Changed { was, moved, fields, .. } => (was, moved, fields),
        };
        let has = |wanted: Option<Effect>| fields.iter().any(|change| effect(change) == wanted);
        let all = [
            (was.is_some(), "renamed"),
            (moved.is_some(), "moved"),
            (has(Some(Effect::Rewired)), "rewired"),
            (has(Some(Effect::Retimed)), "retimed"),
            (has(None), "changed"),
        ];
        all.into_iter().filter_map(|(is, word)| is.then_some(word)).collect::<Vec<_>>().join(", ")
    }
}

impl DefinitionDiff {
    /// Compares two definitions.
    pub fn of(old: &Value, new: &Value) -> Self {
        let (mut old, new) = (Flat::of(old), Flat::of(new));
        let names = rename::names(&old, &new);
        old.rename(&names);
        let fields = |old: &Value, new: &Value| Data::of(&Part::Field, old, new, &Strict).changes;
        let mut states = Vec::new();
        for (name, state) in &new.states {
            let Some(before) = old.states.get(name) else {
                states.push(StateDiff::Added(name.clone()));
                continue;
            };
            let was = names.iter().find(|(_, new)| new == name).map(|(old, _)| old.clone());
            let moved = (before.place != state.place).then(|| [before.place.clone(), state.place.clone()]);
            if was.is_some() || moved.is_some() || before.fields != state.fields {
                let fields = fields(&before.fields, &state.fields);
                states.push(StateDiff::Changed { name: name.clone(), was, moved, fields });
            }
        }
        let gone = old.states.keys().filter(|name| !new.states.contains_key(*name));
        states.extend(gone.map(|name| StateDiff::Removed(name.clone())));
        Self { machine: fields(&old.rest, &new.rest), states }
    }

    /// Tells whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.machine.is_empty() && self.states.is_empty()
    }

    /// Returns in few words what happened to which states, for one line: `Charge retimed, Refund added`.
    pub fn words(&self) -> String {
        const MOST: usize = 6;
        let mut told: Vec<String> =
            self.states.iter().take(MOST).map(|state| format!("{} {}", state.name(), state.words())).collect();
        if self.states.len() > MOST {
            told.push(format!("{} more states", self.states.len() - MOST));
        }
        if !self.machine.is_empty() {
            told.push("fields of the machine changed".to_owned());
        }
        told.join("; ")
    }
}
