//! Succeed: the scope ends well.

use crate::asl::compiled::JsonataTemplate;
use crate::asl::setting::Selection;

/// A Succeed state.
#[derive(Debug, Clone)]
pub struct Succeed {
    /// How data flows through it.
    pub data: SucceedData,
}

/// How data flows through a Succeed state.
#[derive(Debug, Clone)]
pub enum SucceedData {
    /// With paths.
    JsonPath {
        /// `InputPath`.
        input_path: Option<Selection>,
        /// `OutputPath`.
        output_path: Option<Selection>,
    },
    /// With JSONata.
    Jsonata {
        /// `Output`; absent: the input.
        output: Option<JsonataTemplate>,
    },
}
