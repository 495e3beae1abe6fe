//! Where in a definition something stands.

use std::sync::Arc;

/// A range of bytes of the definition text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Tells whether another range lies within this one.
    pub fn encloses(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A place in a definition: the JSON pointer that names it and the text that says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The location as AWS writes it, such as `/States/Charge`.
    pub pointer: Arc<str>,
    /// The text of the value standing there.
    pub span: Span,
}
