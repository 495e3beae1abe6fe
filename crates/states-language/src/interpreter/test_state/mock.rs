//! Whether a mock fits the state it is for.

use super::refusal::{MockProblem, Refusal};
use super::request::{FieldValidation, Request};
use crate::asl::services::{self, Comparison};
use crate::asl::state::{Map, MapMode};
use crate::asl::{Pattern, Resource, StateKind};
use crate::event::Failure;
use crate::json::Payload;
use serde_json::Value;

/// What the work of a state comes to.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// It gives this.
    Result(Payload),
    /// It fails.
    Error(Failure),
}

/// Checks the mock of a request against the state, and that a state has one that cannot do without.
pub(super) fn answer(request: &Request, state: &StateKind) -> Result<Option<Answer>, Refusal> {
    let Some(mock) = &request.mock else { return without(state).map(|()| None) };
    if let kind @ ("Pass" | "Wait" | "Choice" | "Succeed" | "Fail") = state.name() {
        return Err(MockProblem::StateType(kind).into());
    }
    if request.reveal_secrets {
        return Err(MockProblem::RevealSecrets.into());
    }
    match (&mock.result, &mock.error_output) {
        (None, None) => Err(MockProblem::Empty.into()),
        (Some(_), Some(_)) => Err(MockProblem::Both.into()),
        (None, Some(error)) if error.error.as_deref().is_none_or(str::is_empty) => {
            Err(MockProblem::ErrorMissing.into())
        }
        (None, Some(error)) => {
            let text = |text: &Option<String>| text.as_deref().map(Into::into);
            Ok(Some(Answer::Error(Failure { error: text(&error.error), cause: text(&error.cause) })))
        }
        (Some(result), None) => {
            let result = Payload::from_text(result.as_str());
            check(&result, state)?;
            compare(&result, state, mock.validation()?)?;
            Ok(Some(Answer::Result(result)))
        }
    }
}

/// AWS makes the call of a Task itself, unless it is one that somebody else has to finish.
fn without(state: &StateKind) -> Result<(), Refusal> {
    match state {
        StateKind::Map(_) | StateKind::Parallel(_) => Err(Refusal::ContainerWithoutMock),
        StateKind::Task(task) if is_finished_by_others(&task.resource) => Err(Refusal::PatternWithoutMock),
        _ => Ok(()),
    }
}

fn is_finished_by_others(resource: &Resource) -> bool {
    match resource {
        Resource::Activity { .. } => true,
        Resource::Service(call) => call.pattern != Pattern::RequestResponse,
        Resource::Lambda { .. } => false,
    }
}

/// Checks the shape of a result: an array with a place for each branch or iteration, an object for a service.
///
/// This does not depend on the validation mode, which is about the fields.
fn check(result: &Payload, state: &StateKind) -> Result<(), MockProblem> {
    let value = result.value().map_err(|_| MockProblem::NotJson)?;
    if let StateKind::Task(task) = state
        && !matches!(task.resource, Resource::Service(_))
    {
        // Functions and workers may answer with any JSON.
        return Ok(());
    }
    match (state, value) {
        (_, Value::Null) => Err(MockProblem::Null),
        (StateKind::Parallel(parallel), Value::Array(results)) if results.len() == parallel.branches.len() => Ok(()),
        (StateKind::Parallel(_), Value::Array(_)) => Err(MockProblem::BranchCount),
        (StateKind::Parallel(_), _) => Err(MockProblem::NotArray),
        (StateKind::Map(map), _) if !writes_results(map) => {
            if value.is_array() {
                Ok(())
            } else {
                Err(MockProblem::NotArray)
            }
        }
        (_, Value::Object(_)) => Ok(()),
        _ => Err(MockProblem::NotObject),
    }
}

/// Compares the fields of a task's result with the model of the service.
fn compare(result: &Payload, state: &StateKind, validation: FieldValidation) -> Result<(), MockProblem> {
    let comparison = match validation {
        FieldValidation::Strict => Comparison::Strict,
        FieldValidation::Present => Comparison::Present,
        FieldValidation::None => return Ok(()),
    };
    let (StateKind::Task(task), Ok(value)) = (state, result.value()) else { return Ok(()) };
    let Resource::Service(call) = &task.resource else { return Ok(()) };
    services::check_mock(call, value, comparison).map(drop).map_err(MockProblem::Schema)
}

/// With a `ResultWriter` that writes to a bucket the result of a Map says where, instead of being the outputs.
pub(super) fn writes_results(map: &Map) -> bool {
    let MapMode::Distributed(distributed) = &map.mode else { return false };
    distributed.writer.as_ref().is_some_and(|writer| writer.resource.is_some())
}
