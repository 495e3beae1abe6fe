//! A field of a definition that a value came through.

use crate::asl::Position;
use std::sync::Arc;

/// A field of a state that a value came through.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The state.
    pub state: Arc<str>,
    /// The way to the field inside the state, such as `Parameters`, `order`, `id.$`.
    pub way: Vec<Box<str>>,
    /// The path or expression written there.
    pub text: Option<Box<str>>,
    /// Where it stands in the definition.
    pub position: Option<Position>,
}

impl Field {
    /// Returns the way to the field as one word: `Parameters/order/id.$`.
    pub fn name(&self) -> String {
        self.way.join("/")
    }
}
