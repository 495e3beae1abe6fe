//! Reference paths: places that can be written to, as `ResultPath` does.

use super::step::Step;
use super::{Path, Places, Root};
use crate::json::{At, Step as In};
use crate::query::Scope;
use crate::query::error::{SyntaxError, SyntaxProblem};
use serde_json::{Map, Value};
use std::fmt;

/// A path that denotes one place of a document.
#[derive(Debug, Clone)]
pub struct ReferencePath {
    path: Path,
}

impl ReferencePath {
    /// Compiles a reference path: a path that has only names and indexes.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        let path = Path::compile(text)?;
        if !path.is_reference() {
            return Err(SyntaxError::new(0, SyntaxProblem::NotAReferencePath));
        }
        Ok(Self { path })
    }

    /// Returns the path as it was written.
    pub fn text(&self) -> &str {
        self.path.text()
    }

    /// Returns where the path starts; only places in the input can be written to.
    pub fn root(&self) -> &Root {
        self.path.root()
    }

    /// Returns the path for reading.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the place it denotes in any document; nothing when that depends on how long an array is.
    pub fn at(&self) -> Option<At> {
        let steps = self.path.reference_steps().map(|step| match step {
            Step::Name(name) => Some(In::Member((**name).into())),
            Step::Index(index) => usize::try_from(*index).ok().map(In::Item),
            _ => None,
        });
        steps.collect::<Option<Vec<_>>>().map(At)
    }

    /// Returns the place in a document that was written to.
    pub fn place(&self, document: &Value) -> Option<At> {
        match self.path.places(&Scope::of(document)) {
            Ok(Places::One(at)) => Some(at),
            _ => None,
        }
    }

    /// Puts a value at this place of a document, whose root the path's root stands for.
    ///
    /// Missing parents are created as objects; a member that is there keeps its position, a new one comes last. An
    /// index must be one that the array has. `null` on the way gives place to an object, any other value is an error.
    pub fn write(&self, mut document: Value, value: Value) -> Result<Value, WriteError> {
        let mut place = &mut document;
        for (at, step) in self.path.reference_steps().enumerate() {
            place = match step {
                Step::Name(name) => self.member(place, name, at)?,
                Step::Index(index) => self.element(place, *index, at)?,
                _ => return Err(self.error(at, place)),
            };
        }
        *place = value;
        Ok(document)
    }

    fn member<'v>(&self, place: &'v mut Value, name: &str, at: usize) -> Result<&'v mut Value, WriteError> {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        match place {
            Value::Object(members) => Ok(members.entry(name).or_insert(Value::Null)),
            other => Err(self.error(at, other)),
        }
    }

    fn element<'v>(&self, place: &'v mut Value, index: i32, at: usize) -> Result<&'v mut Value, WriteError> {
        let length = place.as_array().map_or(0, Vec::len);
        let found = usize::try_from(index).ok().filter(|index| *index < length);
        match (found, place) {
            (Some(found), Value::Array(items)) => items.get_mut(found).ok_or_else(|| self.error(at, &Value::Null)),
            (_, other) => Err(self.error(at, other)),
        }
    }

    fn error(&self, at: usize, found: &Value) -> WriteError {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        WriteError { path: self.text().into(), place: self.path.query.place(at), found }
    }
}

/// A place that cannot be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteError {
    /// The path as written.
    pub path: Box<str>,
    /// The part of the path that was reached, in bracket form.
    pub place: String,
    /// The kind of value found there, with its article.
    pub found: &'static str,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unable to apply ReferencePath {}: there is {} at {}", self.path, self.found, self.place)
    }
}

impl std::error::Error for WriteError {}
