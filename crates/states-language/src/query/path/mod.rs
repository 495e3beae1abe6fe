//! JSONPath in the dialect of Jayway's library, which is the one Step Functions evaluates.
//!
//! A path is text, steps once compiled, and a walk over a document. Its roots are ours: `$` the input, `$$` the context
//! object, `$name` a variable. Everything after the root is Jayway's, its surprises included; they are described where
//! they happen.

mod cursor;
mod evaluate;
mod explain;
mod filter;
mod function;
mod loose;
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
            Root::Input => parse::path(text, parse::NESTING)?,
            _ => {
                let skipped = text.len() - rest.len();
                parse::path(&format!("${rest}"), parse::NESTING).map_err(|error| error.shifted(skipped - 1))?
            }
        };
        Ok(Self { text: text.into(), root, query })
    }

    /// Compiles a path that may leave out its `$.`, as Jayway allows and definitions do not.
    pub fn compile_bare(text: &str) -> Result<Self, SyntaxError> {
        let trimmed = text.trim_matches(' ');
        match trimmed.strip_prefix('@') {
            _ if trimmed.starts_with('$') => Self::compile(trimmed),
            Some(rest) => Self::compile(&format!("${rest}")),
            None => Self::compile(&format!("$.{trimmed}")),
        }
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

    /// Returns what the path selects: borrowed when it is one place of a document, a new array when it may be several.
    pub fn select<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Miss> {
        self.select_within(scope, &Budget::new())
    }

    pub(super) fn select_within<'a>(&self, scope: &Scope<'a>, budget: &Budget) -> Result<Cow<'a, Value>, Miss> {
        let root = self.document(scope).ok_or_else(|| self.no_variable())?;
        self.query.select(root, root, budget).map_err(|stop| Miss::of(self, &stop, root))
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
        Miss { path: self.text.clone(), root: self.root.clone(), reason: MissReason::NoVariable(name) }
    }

    /// Returns the names and indexes of a path that has nothing else.
    fn reference_steps(&self) -> impl Iterator<Item = &Step> {
        self.query.steps.iter()
    }
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
