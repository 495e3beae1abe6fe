//! A JSONata expression, compiled once.

use super::evaluate::Run;
use super::explanation::Explanation;
use super::failure::{CompileError, Failure, FailureKind};
use super::parse::Tree;
use super::references::References;
use super::refusal::{self, Refusal};
use super::session::Session;
use super::trace::Trace;
use super::value::{NoJson, to_json};
use crate::json::Kind;
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
    tree: Tree,
    references: References,
    refusals: Vec<Refusal>,
}

impl Expression {
    /// Compiles the text between `{%` and `%}`.
    pub fn compile(text: &str) -> Result<Self, CompileError> {
        let source = text.trim();
        let tree = Tree::parse(source)?;
        let references = References::of(&tree.root);
        let refusals = refusal::all(&tree.root);
        Ok(Self { compiled: Arc::new(Compiled { source: source.into(), tree, references, refusals }) })
    }

    /// Returns the text between `{%` and `%}`, trimmed.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }

    /// Returns what the expression refers to, found without evaluating it.
    pub fn references(&self) -> &References {
        &self.compiled.references
    }

    /// Returns what AWS refuses about the expression when a machine is created, wherever the expression stands.
    pub fn refusals(&self) -> &[Refusal] {
        &self.compiled.refusals
    }

    /// Evaluates the expression; `field` is the path of the field it stands in, such as `Output/result`.
    pub fn evaluate(&self, session: &Session<'_>, field: &(impl fmt::Display + ?Sized)) -> Result<Value, Failure> {
        self.value(session).map_err(|kind| self.failure(field, kind))
    }

    fn value(&self, session: &Session<'_>) -> Result<Value, FailureKind> {
        let Compiled { tree, references, .. } = &*self.compiled;
        let run = Run::new(tree, references, session);
        let result = run.whole().map_err(FailureKind::from).and_then(|value| {
            to_json(&value).map_err(|reason| match reason {
                NoJson::Undefined => FailureKind::Undefined,
                NoJson::Function => FailureKind::Unsupported,
                NoJson::TooLarge => FailureKind::Limit(super::failure::Limit::Memory),
            })
        });
        run.finish();
        result
    }

    /// Returns what the expression reads and how its value comes about, step by step.
    pub fn explain(&self, session: &Session<'_>) -> Explanation {
        let Compiled { tree, references, .. } = &*self.compiled;
        let mut run = Run::new(tree, references, session);
        run.watch(Trace::default());
        // A failure ends the list of operations; the reader is told of it by the evaluation proper.
        drop(run.whole());
        let explanation = Explanation::of(references, &run.operations(), session);
        run.finish();
        explanation
    }

    /// Evaluates the expression and insists on the type of the value.
    pub fn evaluate_as(
        &self,
        expected: Kind,
        session: &Session<'_>,
        field: &(impl fmt::Display + ?Sized),
    ) -> Result<Value, Failure> {
        let value = self.evaluate(session, field)?;
        if Kind::of(&value) == expected {
            return Ok(value);
        }
        Err(self.failure(field, FailureKind::UnexpectedType { expected, value }))
    }

    /// Evaluates a condition.
    pub fn evaluate_bool(&self, session: &Session<'_>, field: &(impl fmt::Display + ?Sized)) -> Result<bool, Failure> {
        Ok(self.evaluate_as(Kind::Boolean, session, field)? == Value::Bool(true))
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
