//! Why a state fails before, during or after its work.

use crate::event::Failure;
use std::sync::Arc;

/// `States.Runtime`: nothing catches it.
pub const RUNTIME: &str = "States.Runtime";
/// The error of every JSONata expression that gave no usable value.
pub const QUERY_EVALUATION: &str = "States.QueryEvaluationError";
/// A result larger than a payload may be.
pub const DATA_LIMIT: &str = "States.DataLimitExceeded";
/// A task, a state or an execution that took too long, and a heartbeat that did not come.
pub const TIMEOUT: &str = "States.Timeout";
/// How `ErrorEquals` may call a heartbeat that did not come; histories and error objects say `States.Timeout`.
pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";

/// An error on its way through retriers, catchers and containers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fault {
    /// What histories and error objects say.
    pub failure: Failure,
    /// Whether a heartbeat did not come, which [`HEARTBEAT_TIMEOUT`] matches too.
    pub missed_heartbeat: bool,
}

impl Fault {
    /// A task that was silent for too long.
    pub fn missed_heartbeat() -> Self {
        Self { failure: bare_failure(TIMEOUT), missed_heartbeat: true }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self { failure, missed_heartbeat: false }
    }
}

/// A state whose own data or settings cannot be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub enum StateError {
    /// `States.Runtime`, which ends the execution whatever surrounds the state.
    Runtime {
        /// AWS's sentence, without the prefix that names the state.
        cause: String,
        /// Whether that prefix goes before it.
        prefix: Prefix,
    },
    /// `States.QueryEvaluationError`, told in an event of its own and catchable.
    Evaluation {
        /// AWS's sentence, without the prefix that names the state.
        cause: String,
        /// The field of the state, such as `Output/total`.
        location: Option<Arc<str>>,
    },
    /// `States.DataLimitExceeded` for the variables a state sets, told in an event of its own and catchable.
    Variables {
        /// AWS's sentence, which names the state and has no prefix.
        cause: String,
    },
    /// An error like a task's: it can be retried and caught.
    Failed(Failure),
}

/// Whether a cause begins with the sentence that names the state and the event it was entered at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// It does, as nearly always.
    State,
    /// It does not.
    None,
}

impl StateError {
    /// A `States.Runtime` in the usual form.
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self::Runtime { cause: cause.into(), prefix: Prefix::State }
    }

    /// A result that is larger than a payload may be; `name` is the state's, or for a task the resource's.
    pub fn too_large(name: &str) -> Self {
        let cause = format!(
            "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
        );
        Self::Failed(failure(DATA_LIMIT, cause))
    }

    /// Returns the error and the cause as AWS's TestState reports them, without the prefix.
    pub fn bare(&self) -> Failure {
        match self {
            Self::Runtime { cause, .. } => failure(RUNTIME, cause.clone()),
            Self::Evaluation { cause, .. } => failure(QUERY_EVALUATION, cause.clone()),
            Self::Variables { cause } => failure(DATA_LIMIT, cause.clone()),
            Self::Failed(failure) => failure.clone(),
        }
    }
}

impl From<crate::query::jsonata::Failure> for StateError {
    fn from(failure: crate::query::jsonata::Failure) -> Self {
        Self::Evaluation { cause: failure.aws_cause(), location: Some(failure.field.into()) }
    }
}

/// An error with a cause.
pub(super) fn failure(error: &str, cause: impl Into<Arc<str>>) -> Failure {
    Failure { error: Some(error.into()), cause: Some(cause.into()) }
}

/// An error without a cause.
pub(super) fn bare_failure(error: &str) -> Failure {
    Failure { error: Some(error.into()), cause: None }
}
