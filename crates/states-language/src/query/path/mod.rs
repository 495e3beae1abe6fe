//! JSONPath as Step Functions evaluates it: Jayway's library in version 2.0.0, over Jackson's nodes.
//!
//! A path is text, steps once compiled, and a walk over a document. Its roots are ours: `$` the input, `$$` the context
//! object, `$name` a variable. Everything after the root is Jayway's, its surprises included; they are described where
//! they happen. Later versions of the library are another language: they have functions, `in`, `===`, indexes that
//! count from the end. `tests/jsonpath` holds answers of the library itself.

mod evaluate;
mod explain;
mod filter;
mod fragment;
mod miss;
mod parse;
mod places;
mod reference;
mod step;
#[cfg(test)]
mod tests;

pub use explain::{Found, Stage, Trail};
pub use miss::{Miss, MissReason};
pub use places::Places;
pub use reference::{ReferencePath, WriteError};

use super::budget::Budget;
use super::error::SyntaxError;
use super::scope::Scope;
use evaluate::{Model, Stop};
use parse::Standing;
use serde_json::Value;
use std::borrow::Cow;
use step::{Query, Step};

/// A compiled path.
#[derive(Debug, Clone)]
pub struct Path {
    text: Box<str>,
    root: Root,
    query: Query,
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
        let (root, rest) = Root::split(text);
        let query = match &root {
            Root::Input => parse::path(text, Standing::Alone)?,
            _ => {
                let skipped = text.len() - rest.len();
                let path = parse::path(&format!("${rest}"), Standing::Alone);
                path.map_err(|error| error.shifted(skipped.saturating_sub(1)))?
            }
        };
        Ok(Self { text: text.into(), root, query })
    }

    /// Compiles a path that may leave out its `$.`, as Jayway allows and definitions do not.
    pub fn compile_bare(text: &str) -> Result<Self, SyntaxError> {
        let trimmed = super::java::trim(text);
        if trimmed.starts_with('$') {
            return Self::compile(trimmed);
        }
        let query = parse::path(text, Standing::Alone)?;
        Ok(Self { text: trimmed.into(), root: Root::Input, query })
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
        self.query.is_reference()
    }

    /// Tells whether the path selects one value or none, rather than a list of them.
    pub fn is_definite(&self) -> bool {
        self.query.is_definite()
    }

    /// Returns the path as AWS's messages show it: one that starts at the context object has lost one `$`.
    pub fn shown(&self) -> &str {
        shown(&self.text)
    }

    /// Returns what the path selects as Step Functions applies it: borrowed when it is one place of a document, a new
    /// array when it may be several. A path is never applied to a payload that is null.
    pub fn select<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Miss> {
        self.select_within(scope, &Budget::new())
    }

    pub(super) fn select_within<'a>(&self, scope: &Scope<'a>, budget: &Budget) -> Result<Cow<'a, Value>, Miss> {
        if self.root == Root::Input && scope.input.is_null() {
            return Err(self.missed(MissReason::NullInput));
        }
        self.read_within(scope, budget)
    }

    /// Returns what the path selects as the library tells it, to which null is a document like any other.
    pub fn read<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Miss> {
        self.read_within(scope, &Budget::new())
    }

    fn read_within<'a>(&self, scope: &Scope<'a>, budget: &Budget) -> Result<Cow<'a, Value>, Miss> {
        let root = self.document(scope).ok_or_else(|| self.no_variable())?;
        self.query.select(Model::document(root), root, budget).map_err(|stop| self.miss(stop))
    }

    /// Returns what the path selects, as an argument of an intrinsic function: an element that is not there is a miss.
    pub(super) fn argument<'a>(&self, scope: &Scope<'a>, budget: &Budget) -> Result<Cow<'a, Value>, Miss> {
        match self.select_within(scope, budget)? {
            Cow::Borrowed(value) if evaluate::is_absent(value) => {
                Err(self.missed(MissReason::NoResults(self.query.place(self.query.steps.len()))))
            }
            value => Ok(value),
        }
    }

    /// Returns the words that filters of the path compare with and that stand there without quotes.
    pub fn bare_words(&self) -> Vec<&str> {
        let filters = self.query.steps.iter().filter_map(|step| match step {
            Step::Filter(filter) => Some(filter),
            _ => None,
        });
        filters.flat_map(|filter| filter.bare_words()).collect()
    }

    /// Returns the document the path looks into; nothing when there is no such variable.
    fn document<'a>(&self, scope: &Scope<'a>) -> Option<&'a Value> {
        match &self.root {
            Root::Input => Some(scope.input),
            Root::Context => Some(scope.context.value()),
            Root::Variable(name) => scope.variables.get(name),
        }
    }

    fn no_variable(&self) -> Miss {
        let name = match &self.root {
            Root::Variable(name) => name.clone(),
            _ => Box::default(),
        };
        self.missed(MissReason::NoVariable(name))
    }

    fn missed(&self, reason: MissReason) -> Miss {
        Miss { path: self.text.clone(), root: self.root.clone(), reason }
    }

    fn miss(&self, stop: Stop) -> Miss {
        self.missed(match stop {
            Stop::Missed(Some(reason)) | Stop::Refused(reason) => *reason,
            Stop::Missed(None) => MissReason::NoResults(format!("${}", self.query.text_from(0))),
            Stop::Failed(reason) => MissReason::Failed(reason),
            Stop::OutOfBounds => MissReason::Failed("an index is out of bounds"),
            Stop::TooLarge => MissReason::TooLarge,
        })
    }

    /// Returns the names and indexes of a path that has nothing else.
    fn reference_steps(&self) -> impl Iterator<Item = &Step> {
        self.query.steps.iter()
    }
}

/// Takes one `$` off a path that starts at the context object, as AWS's messages do.
pub(super) fn shown(path: &str) -> &str {
    path.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(path)
}

impl Root {
    /// Splits the root off a path that starts with `$`.
    fn split(text: &str) -> (Self, &str) {
        let rest = text.strip_prefix('$').unwrap_or(text);
        if let Some(rest) = rest.strip_prefix('$') {
            return (Self::Context, rest);
        }
        let is_name = |character: char| character == '_' || character.is_alphanumeric();
        let end = rest.find(|character| !is_name(character)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() || name.starts_with(char::is_numeric) {
            return (Self::Input, rest);
        }
        (Self::Variable(name.into()), after)
    }
}
