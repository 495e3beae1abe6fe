//! Trying a state out.

use super::catch;
use super::inspection::Watcher;
use super::mapped;
use super::mock::{self, Answer};
use super::refusal::Refusal;
use super::request::{FieldValidation, InspectionLevel, Request};
use super::response::{Outcome, Response};
use super::scene::Scene;
use crate::asl::{Definition, Format, Machine, MachineKind, Resource, State, StateKind, Target, Transition, services};
use crate::event::{Failure, Timestamp};
use crate::interpreter::data::{self, Exit};
use crate::interpreter::error::{StateError, TIMEOUT};
use crate::interpreter::options::MAX_PAYLOAD;
use crate::interpreter::variables as limits;
use serde_json::{Map, Value};
use std::sync::Arc;

/// TestState gives up on a state after five minutes.
const LONGEST_WAIT_MICROS: i64 = 300_000_000;

/// What a request does not hold: when it is made, and where chance starts.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings {
    /// The time.
    pub now: Timestamp,
    /// The same seed gives the same ids and random numbers.
    pub seed: u64,
}

/// How far a state got.
enum Passage {
    /// It is left.
    Left { exit: Exit, next: Option<Arc<str>> },
    /// It ends its flow with an error of its own, which nothing catches.
    Ended(Failure),
}

/// Why a state is not left.
pub(super) enum Stop {
    /// The request cannot be answered.
    Refused(Refusal),
    /// The state fails.
    Failed(StateError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Self::Failed(error)
    }
}

/// Tries out the state of a request.
pub fn test_state(request: &Request, around: Surroundings) -> Result<Response, Refusal> {
    request.check()?;
    let machine = parse(request)?;
    let name = request.state_name.as_deref().unwrap_or("StateName");
    let state = machine.find(name).ok_or(Refusal::StateNotFound)?;
    check_configuration(request, state)?;
    let answer = mock::answer(request, &state.kind)?;
    check_call(request, state, answer.as_ref())?;
    let mut scene = Scene::new(request, state, around)?;
    let mut watcher = Watcher::new(state, scene.input.text());
    let outcome = match pass_through(request, state, answer.as_ref(), &scene, &mut watcher) {
        Ok(Passage::Ended(failure)) => Outcome::Failed(failure),
        Ok(Passage::Left { exit, next }) => {
            let assigned = exit.assigned.as_deref().unwrap_or_default();
            match limits::refused(assigned, MAX_PAYLOAD, name) {
                // What is too large ends the execution: no catcher takes it.
                Some(error) => Outcome::Failed(error.bare()),
                None => {
                    scene.variables.assign(assigned);
                    Outcome::Succeeded { output: exit.output, next }
                }
            }
        }
        Err(Stop::Refused(refusal)) => return Err(refusal),
        Err(Stop::Failed(error)) => catch::handle(&error, state, &mut scene, retried(request), &mut watcher),
    };
    if outcome.output().is_some() {
        watcher.seen.variables = variables(&scene);
    }
    let inspection = (request.level()? != InspectionLevel::Info).then_some(watcher.seen);
    let uncompared = uncompared(request, state)?;
    Ok(Response { outcome, inspection, uncompared })
}

/// Returns the call whose result is mocked and should have been compared with a model that nothing is known of.
fn uncompared(request: &Request, state: &State) -> Result<Option<String>, Refusal> {
    let (StateKind::Task(task), Some(mock)) = (&state.kind, &request.mock) else { return Ok(None) };
    let Resource::Service(call) = &task.resource else { return Ok(None) };
    let wanted = mock.result.is_some() && mock.validation()? != FieldValidation::None;
    Ok((wanted && !services::knows_result(call)).then(|| call.arn.clone()))
}

fn parse(request: &Request) -> Result<Machine, Refusal> {
    let text = request.definition.as_deref().unwrap_or_default();
    let definition = Definition::read(text, Format::of_text(text));
    let (machine, diagnostics) = match request.state_name {
        Some(_) => definition.parse(MachineKind::Standard),
        None => definition.parse_state(),
    };
    machine.ok_or(Refusal::Definition(diagnostics))
}

/// What happened to the state before only matters to a mock.
fn check_configuration(request: &Request, state: &State) -> Result<(), Refusal> {
    if let (Some(configuration), Some(_)) = (&request.state_configuration, &request.mock)
        && configuration.map_iteration_failure_count.is_some()
        && !matches!(state.kind, StateKind::Map(_))
    {
        return Err(Refusal::NotMap);
    }
    let (Some(configuration), None) = (&request.state_configuration, &request.mock) else { return Ok(()) };
    let given = [
        (configuration.map_iteration_failure_count.is_some(), "MapIterationFailureCount"),
        (configuration.retrier_retry_count.is_some(), "RetrierRetryCount"),
        (configuration.error_caused_by_state.is_some(), "ErrorCausedByState"),
        (configuration.map_item_reader_data.is_some(), "MapItemReaderData"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, member)) => Err(Refusal::OnlyWithMock(member)),
        None => Ok(()),
    }
}

fn check_call(request: &Request, state: &State, answer: Option<&Answer>) -> Result<(), Refusal> {
    if answer.is_some() {
        return Ok(());
    }
    if request.context.is_some() {
        return Err(Refusal::OnlyWithMock("Context"));
    }
    let StateKind::Task(task) = &state.kind else { return Ok(()) };
    if request.role_arn.is_none() {
        return Err(Refusal::RoleMissing);
    }
    Err(Refusal::NotCalled { state: state.name.to_string(), resource: task.resource.arn().to_owned() })
}

fn retried(request: &Request) -> u32 {
    let configuration = request.state_configuration.as_ref();
    let count = configuration.and_then(|configuration| configuration.retrier_retry_count).unwrap_or(0);
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn pass_through(
    request: &Request,
    state: &State,
    answer: Option<&Answer>,
    scene: &Scene,
    watcher: &mut Watcher<'_>,
) -> Result<Passage, Stop> {
    let (environment, raw) = (scene.environment(), &scene.input);
    let (exit, next) = match &state.kind {
        StateKind::Pass(pass) => (data::pass(pass, environment, raw, watcher)?, follows(state)),
        StateKind::Succeed(succeed) => (data::succeed(succeed, environment, raw, watcher)?, None),
        StateKind::Fail(fail) => return Ok(Passage::Ended(data::fail(fail, environment, raw, watcher)?)),
        StateKind::Choice(choice) => {
            let decision = data::decide(choice, environment, raw, watcher)?;
            (decision.exit, Some(name(decision.next)))
        }
        StateKind::Wait(wait) => {
            let until = data::delay(wait, environment, raw, scene.now, watcher)?;
            if until.micros_since(scene.now) > LONGEST_WAIT_MICROS {
                return Ok(Passage::Ended(Failure { error: Some(TIMEOUT.into()), cause: None }));
            }
            (data::wait_exit(wait, environment, raw)?, follows(state))
        }
        StateKind::Task(task) => {
            data::task_call(task, environment, raw, watcher)?;
            let result = given(answer)?;
            (data::task_exit(task, environment, raw, result, watcher)?, follows(state))
        }
        StateKind::Parallel(parallel) => {
            data::parallel_input(parallel, environment, raw, watcher)?;
            let result = given(answer)?;
            (data::parallel_exit(parallel, environment, raw, result, watcher)?, follows(state))
        }
        StateKind::Map(map) => {
            mapped::enter(map, scene, request.state_configuration.as_ref(), answer, watcher)?;
            let result = given(answer)?;
            (data::map_exit(map, environment, raw, result, watcher)?, follows(state))
        }
    };
    if exit.output.size() > MAX_PAYLOAD {
        return Err(StateError::too_large(&state.name).into());
    }
    Ok(Passage::Left { exit, next })
}

/// What the work of a state comes to; that there is an answer was checked before the state was entered.
fn given(answer: Option<&Answer>) -> Result<&crate::json::Payload, StateError> {
    match answer {
        Some(Answer::Result(result)) => Ok(result),
        Some(Answer::Error(failure)) => Err(StateError::Failed(failure.clone())),
        None => Err(StateError::runtime("The state has no result.")),
    }
}

fn follows(state: &State) -> Option<Arc<str>> {
    match state.transition() {
        Some(Transition::Next(target)) => Some(name(target)),
        _ => None,
    }
}

fn name(target: &Target) -> Arc<str> {
    Arc::clone(&target.name)
}

/// All variables as one JSON object; nothing when there are none.
fn variables(scene: &Scene) -> Option<String> {
    let all = scene.variables.all();
    let member = |(name, value): (&Arc<str>, &crate::json::Payload)| {
        (name.to_string(), value.value().cloned().unwrap_or_default())
    };
    let object: Map<String, Value> = all.iter().map(member).collect();
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}
