//! Wait: time passes.

use crate::asl::compiled::{JsonataTemplate, Template};
use crate::asl::machine::Transition;
use crate::asl::setting::{Selection, Setting};

/// A Wait state.
#[derive(Debug, Clone)]
pub struct Wait {
    /// How long it waits.
    pub delay: Delay,
    /// How data flows through it.
    pub data: WaitData,
    /// What follows.
    pub next: Transition,
}

/// How long a Wait state waits.
#[derive(Debug, Clone)]
pub enum Delay {
    /// `Seconds` or `SecondsPath`.
    Seconds(Setting<u32>),
    /// `Timestamp` or `TimestampPath`; a fixed one is an RFC 3339 timestamp.
    Timestamp(Setting<String>),
}

/// How data flows through a Wait state.
#[derive(Debug, Clone)]
pub enum WaitData {
    /// With paths.
    JsonPath {
        /// `InputPath`.
        input_path: Option<Selection>,
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
