//! A value of one of the documents, or one that was decoded on the way.

use serde_json::Value;
use std::ops::Deref;
use std::sync::Arc;

/// A value, borrowed from a document as long as that is compared. Small, for comparisons hold very many.
#[derive(Debug, Clone)]
pub enum Held<'a> {
    /// Part of a document.
    Borrowed(&'a Value),
    /// Decoded from a string, or taken out of its document.
    Shared(Arc<Value>),
}

impl Held<'_> {
    /// Makes the value independent of its document.
    pub fn into_owned(self) -> Held<'static> {
        match self {
            Self::Borrowed(value) => Held::Shared(Arc::new(value.clone())),
            Self::Shared(value) => Held::Shared(value),
        }
    }
}

impl Deref for Held<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        match self {
            Self::Borrowed(value) => value,
            Self::Shared(value) => value,
        }
    }
}

impl PartialEq for Held<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
