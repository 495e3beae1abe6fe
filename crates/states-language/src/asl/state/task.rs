//! Task: somebody else does the work.

use crate::asl::compiled::{JsonataTemplate, Template};
use crate::asl::machine::Transition;
use crate::asl::resource::Resource;
use crate::asl::retry::{Catcher, Retrier};
use crate::asl::setting::{ResultPath, Selection, Setting, Text};

/// A Task state.
#[derive(Debug, Clone)]
pub struct Task {
    /// Who does the work.
    pub resource: Resource,
    /// `Credentials.RoleArn`: the role to assume for the call.
    pub role: Option<Text>,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`.
    pub timeout: Option<Setting<u32>>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`.
    pub heartbeat: Option<Setting<u32>>,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// How data flows through it.
    pub data: TaskData,
    /// What follows.
    pub next: Transition,
}

/// How data flows through a Task state.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a state is boxed, and a machine seldom mixes languages")]
pub enum TaskData {
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
        /// `Arguments`; absent: the input.
        arguments: Option<JsonataTemplate>,
        /// `Output`; absent: the result.
        output: Option<JsonataTemplate>,
        /// `Assign`.
        assign: Option<JsonataTemplate>,
    },
}

impl TaskData {
    /// Tells whether `Parameters` or `Arguments` say what is sent; otherwise it is the input.
    pub fn names_parameters(&self) -> bool {
        match self {
            Self::JsonPath { parameters, .. } => parameters.is_some(),
            Self::Jsonata { arguments, .. } => arguments.is_some(),
        }
    }
}
