//! Parallel: branches run side by side.

use crate::asl::compiled::{JsonataTemplate, Template};
use crate::asl::machine::{ScopeId, Transition};
use crate::asl::retry::{Catcher, Retrier};
use crate::asl::setting::{ResultPath, Selection};

/// A Parallel state.
#[derive(Debug, Clone)]
pub struct Parallel {
    /// `Branches`, in order; never empty.
    pub branches: Vec<ScopeId>,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// How data flows through it.
    pub data: ParallelData,
    /// What follows.
    pub next: Transition,
}

/// How data flows through a Parallel state.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a state is boxed, and a machine seldom mixes languages")]
pub enum ParallelData {
    /// With paths.
    JsonPath {
        /// `InputPath`.
        input_path: Option<Selection>,
        /// `Parameters`.
        parameters: Option<Template>,
        /// `ResultSelector`.
        result_selector: Option<Template>,
        /// `ResultPath`.
        result_path: Option<ResultPath>,
        /// `Assign`.
        assign: Option<Template>,
        /// `OutputPath`.
        output_path: Option<Selection>,
    },
    /// With JSONata.
    Jsonata {
        /// `Arguments`: the input of every branch; absent: the state's input.
        arguments: Option<JsonataTemplate>,
        /// `Output`; absent: the result.
        output: Option<JsonataTemplate>,
        /// `Assign`.
        assign: Option<JsonataTemplate>,
    },
}
