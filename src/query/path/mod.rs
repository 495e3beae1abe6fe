//! JSONPath in the dialect of Jayway's library, which is the one Step Functions evaluates.

mod reference;

pub use reference::{ReferencePath, WriteError};

use super::error::SyntaxError;
use super::scope::Scope;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// A compiled path.
#[derive(Debug, Clone)]
pub struct Path {
    text: Box<str>,
    root: Root,
}

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// `$`: the input.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(Box<str>),
}

impl Path {
    /// Compiles a path; it starts with `$`, `$$` or `$name`.
    pub fn compile(text: &str) -> Result<Self, SyntaxError> {
        if !text.starts_with('$') {
            return Err(SyntaxError::expected(0, "a path that starts with '$'"));
        }
        Ok(Self { text: text.into(), root: Root::Input })
    }

    /// Returns the path as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where the path starts.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Tells whether the path has only names and indexes, so that it denotes one place.
    pub fn is_reference(&self) -> bool {
        true
    }

    /// Tells whether the path selects one value or none, rather than a list of them.
    pub fn is_definite(&self) -> bool {
        true
    }

    /// Returns what the path selects: borrowed when it is one place of a document, a new array when it may be several.
    pub fn select<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Miss> {
        Ok(Cow::Borrowed(scope.input))
    }
}

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

/// What was in a path's way.
#[derive(Debug, Clone, PartialEq)]
pub enum MissReason {
    /// The last step selects nothing; the place in bracket form.
    NoResults(String),
    /// A step before the last one selects nothing; the place in bracket form.
    MissingProperty(String),
    /// There is no variable of this name.
    NoVariable(Box<str>),
}

impl Miss {
    /// Returns AWS's sentence for fields that are a path: `Invalid path '$.a' : No results for path: $['a']`.
    pub fn invalid_path(&self) -> String {
        format!("Invalid path '{}' : {}", self.path, self.reason)
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.invalid_path())
    }
}

impl fmt::Display for MissReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoResults(place) => write!(f, "No results for path: {place}"),
            Self::MissingProperty(place) => write!(f, "Missing property in path {place}"),
            Self::NoVariable(name) => write!(f, "The variable '{name}' does not exist"),
        }
    }
}
