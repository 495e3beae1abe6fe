//! Text to a syntax tree, in two passes: words by binding power, then paths made flat and calls in tail position found.

mod grammar;
mod lexer;
mod process;

use super::failure::CompileError;
use super::tree::{Kind, Node};

/// A parsed expression.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Node,
    /// The names under which the values of `%` are looked up, by slot.
    pub(super) labels: Vec<Box<str>>,
}

/// Why a text could not be parsed.
#[derive(Debug)]
enum Refused {
    Error(CompileError),
    /// Nested deeper than an evaluation may go, and than is good for the stack.
    TooDeep,
}

impl From<CompileError> for Refused {
    fn from(error: CompileError) -> Self {
        Self::Error(error)
    }
}

type Parsed<T> = Result<T, Refused>;

fn error(code: &str, message: impl Into<Box<str>>) -> CompileError {
    CompileError::new(code, message)
}

impl Tree {
    /// Parses an expression. One nested too deeply parses to a tree that overflows when it is evaluated.
    pub(super) fn parse(text: &str) -> Result<Self, CompileError> {
        let parsed = grammar::parse(text).and_then(process::process);
        match parsed {
            Ok(tree) => Ok(tree),
            Err(Refused::Error(error)) => Err(error),
            Err(Refused::TooDeep) => Ok(Self { root: Node::new(Kind::TooDeep), labels: Vec::new() }),
        }
    }
}
