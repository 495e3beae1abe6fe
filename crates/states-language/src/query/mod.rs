//! The two query languages of the Amazon States Language, as text compiled once and evaluated many times.
//!
//! JSONPath in the dialect of Jayway's library, `States.*` intrinsic functions, payload templates and the comparison
//! rules of Choice states. Everything is evaluated against a [`Scope`], purely and totally: any text and any document
//! give a value or an error, in bounded time and space.
//!
//! This module knows neither states nor histories. Errors carry values; AWS's sentences are made where they are shown.

mod budget;
pub mod choice;
mod digest;
mod error;
pub mod expression;
pub mod intrinsic;
mod java;
pub mod jsonata;
pub mod operand;
pub mod path;
mod scope;
mod similar;
pub mod template;

pub use budget::TooLarge;
pub use digest::Algorithm;
pub use error::{EvaluationError, EvaluationFailure, SyntaxError, SyntaxProblem};
pub use java::hash_map_order;
pub use scope::{Context, FixedSources, NoContext, NoVariables, Scope, Sources, Variables};
pub use similar::closest;
