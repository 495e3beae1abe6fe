//! What a state does about errors.

use super::compiled::{JsonataTemplate, Template};
use super::machine::Target;
use super::place::Place;
use super::setting::ResultPath;

/// One entry of `ErrorEquals`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorPattern {
    /// `States.ALL`.
    All,
    /// `States.TaskFailed`: every error of a task but a time-out.
    TaskFailed,
    /// An error by its name.
    Name(String),
}

/// Whether delays are drawn at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Jitter {
    /// Delays are exact.
    #[default]
    None,
    /// A delay is drawn between 0 and the computed one.
    Full,
}

/// One entry of `Retry`, defaults filled in.
#[derive(Debug, Clone)]
pub struct Retrier {
    /// The errors it is for.
    pub error_equals: Vec<ErrorPattern>,
    /// Seconds before the first retry; 1 by default.
    pub interval_seconds: u32,
    /// How often it may retry; 3 by default, 0 forbids it.
    pub max_attempts: u32,
    /// What the delay is multiplied with from retry to retry; 2.0 by default.
    pub backoff_rate: f64,
    /// The longest delay in seconds.
    pub max_delay_seconds: Option<u32>,
    /// Whether delays are drawn at random.
    pub jitter: Jitter,
    /// Where it stands.
    pub place: Place,
}

/// One entry of `Catch`.
#[derive(Debug, Clone)]
pub struct Catcher {
    /// The errors it is for.
    pub error_equals: Vec<ErrorPattern>,
    /// The state that takes over.
    pub next: Target,
    /// What becomes of the error object.
    pub data: CatchData,
    /// The comment.
    pub comment: Option<String>,
    /// Which of the state's catchers it is, counted from 0.
    pub index: usize,
    /// Where it stands.
    pub place: Place,
}

/// What a catcher makes of the error object.
#[derive(Debug, Clone)]
pub enum CatchData {
    /// Of a JSONPath state.
    JsonPath {
        /// Where in the state's raw input the error object goes; absent: it replaces the input.
        result_path: Option<ResultPath>,
        /// Variables to set.
        assign: Option<Template>,
    },
    /// Of a JSONata state.
    Jsonata {
        /// The output; absent: the error object.
        output: Option<JsonataTemplate>,
        /// Variables to set.
        assign: Option<JsonataTemplate>,
    },
}
