//! The variables of flows: each scope has its own and reads those around it.

use super::error::StateError;
use crate::json::Payload;
use crate::query::Variables;
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

/// The variables of one flow, on top of those of the flow around it.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    own: IndexMap<Arc<str>, Payload>,
    outer: Option<Arc<Layer>>,
}

impl Layer {
    /// The variables of a flow inside another one: it has none of its own yet.
    pub fn inside(outer: &Arc<Self>) -> Self {
        Self { own: IndexMap::new(), outer: Some(Arc::clone(outer)) }
    }

    /// Sets variables of this flow.
    pub fn assign(&mut self, assigned: &[(Arc<str>, Payload)]) {
        for (name, value) in assigned {
            self.own.insert(Arc::clone(name), value.clone());
        }
    }

    /// Returns the value of a variable as a payload.
    pub fn payload(&self, name: &str) -> Option<&Payload> {
        let mut layer = self;
        loop {
            if let Some(found) = layer.own.get(name) {
                return Some(found);
            }
            layer = layer.outer.as_deref()?;
        }
    }

    /// Returns the bytes that this flow's own variables take once some are assigned anew.
    pub(super) fn own_bytes(&self, assigned: &[(Arc<str>, Payload)]) -> usize {
        let kept = self.own.iter().filter(|(name, _)| assigned.iter().all(|(anew, _)| anew != *name));
        let kept: usize = kept.map(|(_, value)| value.size()).sum();
        kept + assigned.iter().map(|(_, value)| value.size()).sum::<usize>()
    }

    /// Returns every variable that can be read here, the outermost first.
    pub fn all(&self) -> IndexMap<Arc<str>, Payload> {
        let mut all = self.outer.as_deref().map(Self::all).unwrap_or_default();
        all.extend(self.own.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
        all
    }
}

/// AWS's limit on all variables that are in force in an execution, in bytes.
pub(super) const MAX_TOTAL: usize = 10_485_760;

/// Returns what AWS says of variables that are larger than `limit` bytes of JSON text, one of them or all that the state
/// assigns together.
pub(super) fn refused(assigned: &[(Arc<str>, Payload)], limit: usize, state: &str) -> Option<StateError> {
    let fits = assigned.iter().try_fold(limit, |room, (_, value)| room.checked_sub(value.most_bytes())).is_some();
    if fits {
        return None;
    }
    let refused = |cause: String| Some(StateError::Variables { cause });
    if let Some((name, value)) = assigned.iter().find(|(_, value)| value.size() > limit) {
        let size = value.size();
        return refused(format!(
            "Variable size limit exceeded. Variable '{name}' in state '{state}' was assigned {size} bytes."
        ));
    }
    let mut total = 0;
    for (name, value) in assigned {
        let size = value.size();
        total += size;
        if total > limit {
            let excess = total - limit;
            return refused(format!(
                "State total variable size limit exceeded. Variable '{name}' in state '{state}' was assigned {size} bytes, \
                 which caused the size of variables assigned in the state to exceed its limit by {excess} bytes."
            ));
        }
    }
    None
}

/// Returns what AWS says when all variables together are too large by so many bytes.
pub(super) fn total_exceeded(state: &str, excess: usize) -> StateError {
    let cause = format!(
        "Execution total variable size limit exceeded. State '{state}' assigned variables that exceed the total execution \
         limit by {excess} bytes."
    );
    StateError::Variables { cause }
}

impl Variables for Layer {
    fn get(&self, name: &str) -> Option<&Value> {
        self.payload(name)?.value().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_limits_by_themselves_and_together() {
        let text = |bytes: usize| Payload::from_value(Value::from("x".repeat(bytes - 2)));
        for (sizes, expected) in [
            (vec![("x", 262_144)], None),
            (
                vec![("x", 262_145)],
                Some("Variable size limit exceeded. Variable 'x' in state 'Name' was assigned 262145 bytes."),
            ),
            (vec![("x", 131_072), ("y", 131_072)], None),
            (
                vec![("x", 131_073), ("y", 131_073)],
                Some(
                    "State total variable size limit exceeded. Variable 'y' in state 'Name' was assigned 131073 bytes, which \
                     caused the size of variables assigned in the state to exceed its limit by 2 bytes.",
                ),
            ),
            // One that is too large by itself is named, wherever it stands.
            (
                vec![("x", 200_000), ("y", 300_000)],
                Some("Variable size limit exceeded. Variable 'y' in state 'Name' was assigned 300000 bytes."),
            ),
        ] {
            let assigned: Vec<(Arc<str>, Payload)> =
                sizes.iter().map(|&(name, bytes)| (name.into(), text(bytes))).collect();
            let found = refused(&assigned, 262_144, "Name").map(|error| error.bare().cause.unwrap_or_default());
            assert_eq!(found.as_deref(), expected, "{sizes:?}");
        }
    }
}
