//! Pass: input becomes output.

use crate::asl::compiled::{JsonataTemplate, Template};
use crate::asl::machine::Transition;
use crate::asl::setting::{ResultPath, Selection};
use serde_json::Value;

/// A Pass state.
#[derive(Debug, Clone)]
pub struct Pass {
    /// How data flows through it.
    pub data: PassData,
    /// What follows.
    pub next: Transition,
}

/// How data flows through a Pass state.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a state is boxed, and a machine seldom mixes languages")]
pub enum PassData {
    /// With paths.
    JsonPath {
        /// `InputPath`.
        input_path: Option<Selection>,
        /// `Parameters`.
        parameters: Option<Template>,
        /// `Result`, the output to use instead of the effective input; a `null` counts as absent, as recorded.
        result: Option<Value>,
        /// `ResultPath`.
        result_path: Option<ResultPath>,
        /// `Assign`.
        assign: Option<Template>,
        /// `OutputPath`.
        output_path: Option<Selection>,
    },
    /// With JSONata.
    Jsonata {
        /// `Output`; absent: the input.
        output: Option<JsonataTemplate>,
        /// `Assign`.
        assign: Option<JsonataTemplate>,
    },
}
