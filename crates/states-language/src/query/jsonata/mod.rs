//! JSONata as Step Functions evaluates it: AWS's bindings, functions, limits and wording around the crate jsonata-core.
//!
//! An [`Expression`] is compiled once and evaluated against a [`Session`], what the expressions of one state may look
//! at. A [`Template`] is any JSON with expressions among its strings. Nothing outside this module names jsonata-core.

mod bare;
mod convert;
mod direct;
mod engine;
mod explanation;
mod expression;
mod failure;
mod functions;
mod guard;
mod limits;
mod references;
mod session;
mod template;
#[cfg(test)]
mod tests;
mod trace;
mod tree;
mod wording;

pub use explanation::{Explanation, Part, Step};
pub use expression::{CompileError, Expression};
pub use failure::{Failure, FailureKind, Limit, ValueType};
pub use references::{Binding, Reference, References};
pub use session::Session;
pub use template::{Template, TemplateError};

/// Tells whether a string of a definition is a JSONata expression: it starts with `{%` and ends with `%}`.
pub fn is_expression(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}

/// Returns the trimmed text between `{%` and `%}`, or `None` when the string is plain text.
pub fn expression_text(text: &str) -> Option<&str> {
    is_expression(text).then(|| text[2..text.len() - 2].trim())
}
