//! A path that selected nothing, and Jayway's sentences about it, which AWS passes on.

use super::evaluate::Stop;
use super::step::Step;
use super::{Path, Root};
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
    NotAnObject {
        /// The name in brackets.
        property: String,
        /// Where it was asked for.
        place: String,
        /// What is there, as Java calls it.
        found: &'static str,
    },
    /// An index or slice is asked of something that is no array.
    NotAnArray {
        /// The rest of the path.
        filter: String,
        /// Where it was asked for.
        place: String,
        /// What is there, as Java prints it; `null` is a case of its own.
        found: String,
    },
    /// A filter is applied to something without parts.
    Primitive {
        /// The rest of the path.
        filter: String,
        /// What is there, as Java prints it.
        found: String,
    },
    /// A function or operator cannot do with what it is given.
    Failed(&'static str),
    /// There is no variable of this name.
    NoVariable(Box<str>),
    /// The result would be too large, or took too long to find.
    TooLarge,
}

/// How much of a value a message quotes.
const QUOTED: usize = 2_000;

impl Miss {
    pub(super) fn of(path: &Path, stop: &Stop, root: &Value) -> Self {
        Self { path: path.text.clone(), root: path.root.clone(), reason: reason(path, stop, root) }
    }

    /// Returns AWS's sentence for fields that are a path: `Invalid path '$.a' : No results for path: $['a']`.
    pub fn invalid_path(&self) -> String {
        format!("Invalid path '{}' : {}", self.path, self.reason)
    }
}

fn reason(path: &Path, stop: &Stop, root: &Value) -> MissReason {
    let query = &path.query;
    match *stop {
        Stop::NoResult => MissReason::NoResults(query.text_after_root()),
        Stop::Missing(at) => MissReason::MissingProperty(query.place(at + 1)),
        Stop::NotAnObject(at) => MissReason::NotAnObject {
            property: query.steps.get(at).map(Step::text).unwrap_or_default(),
            place: query.place(at),
            found: reached(path, at, root).map_or("null", java_class),
        },
        Stop::NotAnArray(at) => MissReason::NotAnArray {
            filter: query.text_from(at),
            place: query.place(at),
            found: reached(path, at, root).map(quoted).unwrap_or_default(),
        },
        Stop::Primitive(at) => MissReason::Primitive {
            filter: query.text_from(at),
            found: reached(path, at, root).map(quoted).unwrap_or_default(),
        },
        Stop::OutOfBounds => MissReason::Failed("the index is out of bounds"),
        Stop::Refused => MissReason::Failed("an operand has the wrong type"),
        Stop::Failed(reason) => MissReason::Failed(reason),
        Stop::TooLarge => MissReason::TooLarge,
    }
}

/// Walks to the value before a step once more; functions on the way cannot be walked.
fn reached<'v>(path: &Path, at: usize, root: &'v Value) -> Option<&'v Value> {
    path.reference_steps().take(at).try_fold(root, |value, step| match step {
        Step::Name(name) => value.get(&**name),
        Step::Index(index) => super::evaluate::element(value.as_array()?, *index),
        _ => None,
    })
}

fn java_class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(number) if number.is_f64() => "java.lang.Double",
        Value::Number(number) if number.as_i64().is_some_and(|value| i32::try_from(value).is_ok()) => {
            "java.lang.Integer"
        }
        Value::Number(_) => "java.lang.Long",
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "java.util.ArrayList",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}

fn quoted(value: &Value) -> String {
    let mut text = String::new();
    if crate::query::budget::Budget::new().measure(value).is_ok() {
        crate::query::java::write_text(value, &mut text);
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
            Self::NotAnObject { property, place, found } => write!(
                f,
                "Expected to find an object with property {property} in path {place} but found '{found}'. This is not \
                 a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'."
            ),
            Self::NotAnArray { place, found, .. } if found == "null" => write!(f, "The path {place} is null"),
            Self::NotAnArray { filter, found, .. } => {
                write!(f, "Filter: {filter} can only be applied to arrays. Current context is: {found}")
            }
            Self::Primitive { filter, found } => {
                write!(f, "Filter: {filter} can not be applied to primitives. Current context is: {found}")
            }
            Self::Failed(reason) => f.write_str(reason),
            Self::NoVariable(name) => write!(f, "The variable '{name}' does not exist"),
            Self::TooLarge => super::super::budget::TooLarge.fmt(f),
        }
    }
}
