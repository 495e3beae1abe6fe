//! The variables of flows: each scope has its own and reads those around it.

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

    /// Returns every variable that can be read here, the outermost first.
    pub fn all(&self) -> IndexMap<Arc<str>, Payload> {
        let mut all = self.outer.as_deref().map(Self::all).unwrap_or_default();
        all.extend(self.own.iter().map(|(name, value)| (Arc::clone(name), value.clone())));
        all
    }
}

impl Variables for Layer {
    fn get(&self, name: &str) -> Option<&Value> {
        self.payload(name)?.value().ok()
    }
}
