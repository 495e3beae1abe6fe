//! A path that selected nothing, and Jayway's sentences about it, which AWS passes on.

use super::Root;
use serde_json::Value;
use std::fmt;

/// A path that selected nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// The path as written.
    pub path: Box<str>,
    /// Where it starts, and so in what it was searched.
    pub root: Root,
    /// What was in the way.
    pub reason: MissReason,
}

/// What was in a path's way; places are in bracket form.
#[derive(Debug, Clone, PartialEq)]
pub enum MissReason {
    /// The last step selects nothing.
    NoResults(String),
    /// A step before the last one selects nothing.
    MissingProperty(String),
    /// A name is asked of something that is no object.
    NoProperty {
        /// The name in brackets.
        property: String,
        /// Where it was asked for.
        place: String,
    },
    /// What stands behind an index cannot be evaluated at all.
    OutOfBounds(String),
    /// An index or slice is asked of null, or of an element that is not there.
    NullArray(String),
    /// An index or slice is asked of something that is no array.
    NotAnArray {
        /// The rest of the path.
        filter: String,
        /// What is there, as Java prints it.
        found: String,
    },
    /// A filter is applied to something without parts.
    Primitive {
        /// The rest of the path.
        filter: String,
        /// What is there, as Java prints it.
        found: String,
    },
    /// Several names with more steps behind them.
    NotALeaf(String),
    /// A filter cannot do with the values it compares.
    Failed(&'static str),
    /// The path is applied to a payload that is null. Only Step Functions says so: the library takes null for a value.
    NullInput,
    /// There is no variable of this name.
    NoVariable(Box<str>),
    /// The result would be too large, or took too long to find.
    TooLarge,
}

/// How much of a value a message quotes.
const QUOTED: usize = 2_000;

impl Miss {
    /// Returns AWS's sentence for fields that are a path: `Invalid path '$.a' : No results for path: $['a']`.
    pub fn invalid_path(&self) -> String {
        match self.reason {
            MissReason::NullInput => self.reason.to_string(),
            _ => format!("Invalid path '{}' : {}", self.path, self.reason),
        }
    }
}

/// Returns a value as a message quotes it: text that stood in an object without its quotes, all else as JSON.
pub(super) fn quoted(value: &Value, unwrapped: bool) -> String {
    let mut text = String::new();
    if crate::query::budget::Budget::new().measure(value).is_ok() {
        text = match value {
            Value::String(value) if unwrapped => value.clone(),
            value => crate::query::java::node_text(value),
        };
    }
    if text.len() > QUOTED {
        text.truncate(text.floor_char_boundary(QUOTED));
        text.push('…');
    }
    text
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.invalid_path())
    }
}

impl std::error::Error for Miss {}

impl fmt::Display for MissReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoResults(place) => write!(f, "No results for path: {place}"),
            Self::MissingProperty(place) => write!(f, "Missing property in path {place}"),
            Self::NoProperty { property, place } => write!(f, "Property {property} not found in path {place}"),
            Self::OutOfBounds(place) => write!(f, "Index out of bounds when evaluating path {place}"),
            Self::NullArray(place) => write!(f, "The path {place} is null"),
            Self::NotAnArray { filter, found } => {
                write!(f, "Filter: {filter} can only be applied to arrays. Current context is: {found}")
            }
            Self::Primitive { filter, found } => {
                write!(f, "Filter: {filter} can not be applied to primitives. Current context is: {found}")
            }
            Self::NotALeaf(place) => write!(f, "Multi properties can only be used as path leafs: {place}"),
            Self::Failed(reason) => f.write_str(reason),
            Self::NullInput => f.write_str("Unable to apply Path transformation to null or empty input."),
            Self::NoVariable(name) => write!(f, "The variable '{name}' does not exist"),
            Self::TooLarge => super::super::budget::TooLarge.fmt(f),
        }
    }
}
