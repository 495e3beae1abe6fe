//! One evaluation by jsonata-core.

use super::convert::{NoJson, to_value};
use super::failure::{FailureKind, Limit};
use super::references::References;
use super::session::Session;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;

/// Evaluates a tree; there is no context item, so `$` and `$$` are undefined outside of paths and functions.
pub(super) fn evaluate(tree: &AstNode, references: &References, session: &Session<'_>) -> Result<Value, FailureKind> {
    let mut context = Context::new();
    if let Some(states) = session.states(references) {
        context.bind("states".to_owned(), states);
    }
    for name in references.variables() {
        if let Some(value) = session.variable(name) {
            context.bind(name.to_owned(), value);
        }
    }
    let mut evaluator = Evaluator::with_options(context, options());
    let result = evaluator.evaluate(tree, &JValue::Undefined).map_err(|error| failure(&error))?;
    to_value(&result).map_err(|reason| match reason {
        NoJson::Undefined => FailureKind::Undefined,
        NoJson::Function => FailureKind::Unsupported,
        NoJson::TooLarge => FailureKind::Limit(Limit::Memory),
    })
}

fn options() -> EvaluatorOptions {
    EvaluatorOptions {
        timeout_ms: Some(5_000),
        cancel: None,
        max_stack_depth: None,
        max_sequence_length: Some(1_000_000),
    }
}

fn failure(error: &EvaluatorError) -> FailureKind {
    let (code, message) = split_code(error.message());
    match code {
        Some("D1011" | "U1001") => FailureKind::Limit(Limit::Depth),
        Some("D1012") => FailureKind::Limit(Limit::Time),
        Some("D2015") => FailureKind::Limit(Limit::Memory),
        _ => FailureKind::Thrown { code: code.map(Into::into), message: message.into() },
    }
}

/// Splits `T2001: The left side …` into code and message.
pub(super) fn split_code(message: &str) -> (Option<&str>, &str) {
    match jsonata_core::evaluator::error_code_prefix(message) {
        Some(code) => (Some(code), message[code.len() + 1..].trim_start()),
        None => (None, message),
    }
}
