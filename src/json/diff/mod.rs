//! What differs between two JSON documents, by structure: members and items, not lines.
//!
//! The order of an object's members means nothing. Items of arrays are recognised by what names them (an `id`, an
//! `orderId`), else by being equal or similar, so that an insertion does not make everything after it different. JSON
//! inside strings is compared as JSON. What comes out is a tree over both documents ([`Node`]), a list of its changes
//! ([`Change`]), or rows for a screen ([`Rows`]). This module must not know what the documents mean; what counts as the
//! same although it is not equal, a [`Judge`] decides.

mod align;
mod changes;
mod compare;
mod items;
mod rows;
mod sketch;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub use align::align;
pub use changes::{Change, Kind};
pub use items::{Pairing, pair};
pub use rows::{Row, Rows, Shown, Sign};
pub use states_language::json::{At, Step};
pub use value::Held;
pub use words::{Word, in_words, words};

use serde_json::Value;
use std::borrow::Cow;

/// Decides which values that are not equal are the same nevertheless, such as times and ids drawn anew by each run.
pub trait Judge: Sync {
    /// Tells whether two values that differ count as the same; `name` is that of the nearest object member, or empty.
    fn excuses(&self, name: &str, old: &Value, new: &Value) -> bool;
}

/// The judge that excuses nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Strict;

impl Judge for Strict {
    fn excuses(&self, _: &str, _: &Value, _: &Value) -> bool {
        false
    }
}

/// A value of two documents, compared.
#[derive(Debug, Clone, PartialEq)]
pub enum Node<'a> {
    /// In both and equal.
    Same(Held<'a>),
    /// In both and not equal, but excused by the judge.
    Excused {
        /// The old value.
        old: Held<'a>,
        /// The new value.
        new: Held<'a>,
    },
    /// Only in the new document.
    Added(Held<'a>),
    /// Only in the old document.
    Removed(Held<'a>),
    /// Another value, perhaps of another type.
    Changed {
        /// The old value.
        old: Held<'a>,
        /// The new value.
        new: Held<'a>,
    },
    /// Two objects that are not equal: all members, in the old order, those that are new at the end.
    Object(Vec<Member<'a>>),
    /// Two arrays that are not equal: all items, in the new order, those that are gone where they were.
    Array(Vec<Item<'a>>),
    /// Two strings with JSON inside; they may differ in nothing but how that is written.
    Decoded {
        /// The old string.
        old: Held<'a>,
        /// The new string.
        new: Held<'a>,
        /// What is inside, compared.
        inner: Box<Node<'a>>,
    },
}

/// A member of two objects, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its values.
    pub node: Node<'a>,
}

/// An item of two arrays, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<'a> {
    /// Where it was and is.
    pub pairing: Pairing,
    /// Its values.
    pub node: Node<'a>,
}

/// Compares two documents.
pub fn diff<'a>(old: &'a Value, new: &'a Value) -> Node<'a> {
    diff_with(old, new, &Strict)
}

/// Compares two documents; what the judge excuses counts as the same.
pub fn diff_with<'a>(old: &'a Value, new: &'a Value, judge: &dyn Judge) -> Node<'a> {
    compare::compare(old, new, judge)
}

impl<'a> Node<'a> {
    /// Tells whether anything differs that is not excused.
    pub fn differs(&self) -> bool {
        match self {
            Self::Same(_) | Self::Excused { .. } => false,
            Self::Added(_) | Self::Removed(_) | Self::Changed { .. } => true,
            Self::Object(members) => members.iter().any(|member| member.node.differs()),
            Self::Array(items) => items.iter().any(|item| item.pairing.moved || item.node.differs()),
            Self::Decoded { inner, .. } => inner.differs(),
        }
    }

    /// Returns how many values were excused.
    pub fn excused(&self) -> usize {
        match self {
            Self::Excused { .. } => 1,
            Self::Same(_) | Self::Added(_) | Self::Removed(_) | Self::Changed { .. } => 0,
            Self::Object(members) => members.iter().map(|member| member.node.excused()).sum(),
            Self::Array(items) => items.iter().map(|item| item.node.excused()).sum(),
            Self::Decoded { inner, .. } => inner.excused(),
        }
    }

    /// Returns the changes in the order of the documents.
    pub fn changes(&self) -> Vec<Change<'_>> {
        changes::of(self)
    }

    /// Returns the document as rows with both values.
    pub fn rows(&self) -> Rows {
        Rows::of(self)
    }

    /// Makes the comparison independent of the documents.
    pub fn into_owned(self) -> Node<'static> {
        let owned = Held::into_owned;
        match self {
            Self::Same(value) => Node::Same(owned(value)),
            Self::Excused { old, new } => Node::Excused { old: owned(old), new: owned(new) },
            Self::Added(value) => Node::Added(owned(value)),
            Self::Removed(value) => Node::Removed(owned(value)),
            Self::Changed { old, new } => Node::Changed { old: owned(old), new: owned(new) },
            Self::Object(members) => Node::Object(members.into_iter().map(Member::into_owned).collect()),
            Self::Array(items) => Node::Array(items.into_iter().map(Item::into_owned).collect()),
            Self::Decoded { old, new, inner } => {
                Node::Decoded { old: owned(old), new: owned(new), inner: Box::new(inner.into_owned()) }
            }
        }
    }

    /// Returns the new document: what is the same as in the old one, and every change applied.
    pub fn new_document(&self) -> Option<Value> {
        Some(match self {
            Self::Removed(_) => return None,
            Self::Same(value) | Self::Added(value) => Value::clone(value),
            Self::Excused { new, .. } | Self::Changed { new, .. } | Self::Decoded { new, .. } => Value::clone(new),
            Self::Object(members) => {
                let present =
                    members.iter().filter_map(|member| Some((member.name.to_string(), member.node.new_document()?)));
                Value::Object(present.collect())
            }
            Self::Array(items) => Value::Array(items.iter().filter_map(|item| item.node.new_document()).collect()),
        })
    }
}

impl Member<'_> {
    fn into_owned(self) -> Member<'static> {
        Member { name: Cow::Owned(self.name.into_owned()), node: self.node.into_owned() }
    }
}

impl Item<'_> {
    fn into_owned(self) -> Item<'static> {
        Item { pairing: self.pairing, node: self.node.into_owned() }
    }
}
