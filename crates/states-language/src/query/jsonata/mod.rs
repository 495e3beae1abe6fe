//! JSONata as Step Functions evaluates it: version 2.0.6 of the language, with AWS's bindings, functions, limits and
//! wording, and numbers that are 64-bit integers where they fit.
//!
//! An [`Expression`] is compiled once and evaluated against a [`Session`], what the expressions of one state may look
//! at. A [`Template`] is any JSON with expressions among its strings.
//!
//! The rules are those of the reference implementation, jsonata 2.0.6 for JavaScript (© IBM Corp., MIT licence,
//! <https://github.com/jsonata-js/jsonata>); the code is our own. Step Functions runs an engine of its own in Java,
//! and where it has been seen to differ, that is said beside the code.

mod builtin;
mod evaluate;
mod explanation;
mod expression;
mod failure;
mod fault;
mod function;
mod functions;
mod number;
mod parse;
mod reach;
mod references;
mod refusal;
mod regex;
mod session;
mod signature;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod trace;
mod tree;
mod value;

pub use explanation::{Explanation, Part, Step};
pub use expression::Expression;
pub use failure::{CompileError, Failure, FailureKind, Limit};
pub use reach::Reach;
pub use references::{Binding, Reference, References};
pub use refusal::Refusal;
pub use session::Session;
pub use template::{Template, TemplateError};

/// Returns the names of the functions an expression can call, without `$`.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    builtin::Builtin::names()
}

/// Tells whether a string of a definition is a JSONata expression: it starts with `{%` and ends with `%}`.
pub fn is_expression(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}

/// Returns the trimmed text between `{%` and `%}`, or `None` when the string is plain text.
pub fn expression_text(text: &str) -> Option<&str> {
    is_expression(text).then(|| text[2..text.len() - 2].trim())
}
