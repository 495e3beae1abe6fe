//! A JSONata expression, compiled once.

use super::bare;
use super::direct::{Direct, Surprise};
use super::engine;
use super::explanation::Explanation;
use super::failure::{Failure, FailureKind, ValueType};
use super::guard;
use super::references::References;
use super::session::Session;
use jsonata_core::ast::AstNode;
use jsonata_core::parser;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// A compiled JSONata expression; cheap to clone and shared between threads.
#[derive(Clone)]
pub struct Expression {
    compiled: Arc<Compiled>,
}

struct Compiled {
    source: Box<str>,
    direct: Option<Direct>,
    tree: AstNode,
    references: References,
    bare_names: Vec<Box<str>>,
}

impl Expression {
    /// Compiles the text between `{%` and `%}`.
    pub fn compile(text: &str) -> Result<Self, CompileError> {
        let source = text.trim();
        let mut tree = parser::parse(source).map_err(|error| CompileError::from_message(&error.display_message()))?;
        let mut references = References::of(&tree);
        let bare_names = bare::names(&tree);
        let direct = Direct::of(&tree);
        guard::instrument(&mut tree);
        references.add_functions_of(&tree);
        Ok(Self { compiled: Arc::new(Compiled { source: source.into(), direct, tree, references, bare_names }) })
    }

    /// Returns the text between `{%` and `%}`, trimmed.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }

    /// Returns what the expression refers to, found without evaluating it.
    pub fn references(&self) -> &References {
        &self.compiled.references
    }

    /// Returns the names the expression reads where there is nothing to read them from; AWS refuses such expressions.
    pub fn bare_names(&self) -> &[Box<str>] {
        &self.compiled.bare_names
    }

    /// Evaluates the expression; `field` is the path of the field it stands in, such as `Output/result`.
    pub fn evaluate(&self, session: &Session<'_>, field: &(impl fmt::Display + ?Sized)) -> Result<Value, Failure> {
        let value = match self.evaluate_directly(session) {
            Ok(value) => value.ok_or(FailureKind::Undefined),
            Err(Surprise) => self.evaluate_fully(session),
        };
        value.map_err(|kind| self.failure(field, kind))
    }

    /// Evaluates the expression the short way, if there is one; `None` stands for undefined.
    pub(super) fn evaluate_directly(&self, session: &Session<'_>) -> Result<Option<Value>, Surprise> {
        self.compiled.direct.as_ref().ok_or(Surprise)?.evaluate(session)
    }

    /// Evaluates the expression by jsonata-core, which knows the whole language.
    pub(super) fn evaluate_fully(&self, session: &Session<'_>) -> Result<Value, FailureKind> {
        engine::evaluate(&self.compiled.tree, &self.compiled.references, session)
    }

    /// Returns what the expression reads and how its value comes about, step by step.
    pub fn explain(&self, session: &Session<'_>) -> Explanation {
        let Compiled { tree, references, .. } = &*self.compiled;
        Explanation::of(references, &engine::operations(tree, references, session), session)
    }

    /// Evaluates the expression and insists on the type of the value.
    pub fn evaluate_as(
        &self,
        expected: ValueType,
        session: &Session<'_>,
        field: &(impl fmt::Display + ?Sized),
    ) -> Result<Value, Failure> {
        let value = self.evaluate(session, field)?;
        if expected.admits(&value) {
            return Ok(value);
        }
        Err(self.failure(field, FailureKind::UnexpectedType { expected, value }))
    }

    /// Evaluates a condition.
    pub fn evaluate_bool(&self, session: &Session<'_>, field: &(impl fmt::Display + ?Sized)) -> Result<bool, Failure> {
        Ok(self.evaluate_as(ValueType::Boolean, session, field)? == Value::Bool(true))
    }

    fn failure(&self, field: &(impl fmt::Display + ?Sized), kind: FailureKind) -> Failure {
        Failure { field: field.to_string().into(), expression: self.compiled.source.clone(), kind }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source()).finish()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source()
    }
}

/// Text that is not a JSONata expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// JSONata's code such as `S0207`, when the mistake has one.
    pub code: Option<Box<str>>,
    /// What is wrong, without the code.
    pub message: Box<str>,
}

impl CompileError {
    fn from_message(message: &str) -> Self {
        let message = message.strip_prefix("Parse error: ").unwrap_or(message);
        let message = message.strip_prefix("Invalid syntax: ").unwrap_or(message);
        let (code, message) = engine::split_code(message);
        Self { code: code.map(Into::into), message: message.into() }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{code}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for CompileError {}
