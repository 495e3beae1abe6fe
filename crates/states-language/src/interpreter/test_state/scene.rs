//! What surrounds the state while it is tried out: an execution made up for it, the time, chance and variables.

use super::context;
use super::refusal::Refusal;
use super::request::Request;
use super::run::Surroundings;
use crate::asl::{MachineKind, State, StateKind};
use crate::event::Timestamp;
use crate::interpreter::chance::Chance;
use crate::interpreter::context::{ContextFacts, Redrive};
use crate::interpreter::data::Environment;
use crate::interpreter::identity::Identity;
use crate::interpreter::variables::Layer;
use crate::json::Payload;
use crate::query::Sources;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What surrounds the state while it is tried out.
pub(super) struct Scene {
    pub(super) now: Timestamp,
    pub(super) input: Payload,
    pub(super) variables: Layer,
    chance: Chance,
    context: Value,
}

impl Scene {
    /// Reads the input, the variables and the context object of a request, and makes up what is not in it.
    pub(super) fn new(request: &Request, state: &State, around: Surroundings) -> Result<Self, Refusal> {
        let context = request.context.as_deref().map(|text| context::read(text, &state.kind)).transpose()?;
        let input = input(request.input.as_deref().unwrap_or("{}"))?;
        let variables = variables(request.variables.as_deref())?;
        let chance = Chance::new(around.seed);
        chance.set_time(around.now);
        let context = context.unwrap_or_else(|| made_up(request, state, &input, &chance, around.now));
        Ok(Self { now: around.now, input, variables, chance, context })
    }

    /// Returns what the state's expressions see.
    pub(super) fn environment(&self) -> Environment<'_> {
        self.with(&self.context)
    }

    /// The same with another context object.
    pub(super) fn with<'a>(&'a self, context: &'a Value) -> Environment<'a> {
        Environment { context, variables: &self.variables, sources: &self.chance }
    }

    /// Returns a copy of the context object, to which the items of a Map can be added one after the other.
    pub(super) fn context(&self) -> Value {
        self.context.clone()
    }
}

/// TestState runs the state as if in an Express execution of a machine with a random name.
fn made_up(request: &Request, state: &State, input: &Payload, chance: &Chance, now: Timestamp) -> Value {
    let (machine, name) = (chance.uuid(), chance.uuid());
    let local = Identity::local(MachineKind::Express, now);
    let role = request.role_arn.as_deref().unwrap_or(&local.role_arn);
    let part = |arn: &str, index: usize| arn.split(':').nth(index).filter(|part| !part.is_empty()).map(str::to_owned);
    let of_role = |index| part(role, index).or_else(|| part(&local.arn, index)).unwrap_or_default();
    let (partition, account) = (of_role(1), of_role(4));
    let place = format!("arn:{partition}:states:{}:{account}", local.region());
    let identity = Identity {
        arn: format!("{place}:express:{machine}:{name}").into(),
        name: name.into(),
        role_arn: role.into(),
        machine_arn: format!("{place}:stateMachine:{machine}").into(),
        machine_name: machine.into(),
        ..local
    };
    let token = has_token(&state.kind).then(|| chance.token());
    let can_retry = matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_));
    let facts = ContextFacts {
        identity: &identity,
        input,
        redrive: Redrive { count: 0, time: None },
        // Recorded: also when the state is one of a machine.
        state: &Arc::from("StateName"),
        entered: now,
        // The retries a request tells of belong to one retrier and are not counted here.
        retries: can_retry.then_some(0),
        token: token.as_deref(),
        item: None,
    };
    let mut object = facts.object();
    if let Some(Value::Object(execution)) = object.get_mut("Execution") {
        if request.role_arn.is_none() {
            execution.insert("RoleArn".to_owned(), Value::Null);
        }
        // Recorded: unlike an execution, TestState lists these by name.
        execution.sort_keys();
    }
    object
}

fn has_token(state: &StateKind) -> bool {
    matches!(state, StateKind::Task(task) if task.resource.has_token())
}

fn input(text: &str) -> Result<Payload, Refusal> {
    let payload = Payload::from_text(text);
    if payload.value().is_ok() {
        return Ok(payload);
    }
    let complaint = crate::asl::json_complaint(text);
    Err(Refusal::Input(complaint.unwrap_or_else(|| "Invalid execution input.".to_owned())))
}

fn variables(text: Option<&str>) -> Result<Layer, Refusal> {
    let mut layer = Layer::default();
    let Some(text) = text else { return Ok(layer) };
    let Ok(members) = serde_json::from_str::<Map<String, Value>>(text) else { return Err(Refusal::Variables) };
    let given: Vec<(Arc<str>, Payload)> =
        members.into_iter().map(|(name, value)| (name.into(), Payload::from_value(value))).collect();
    layer.assign(&given);
    Ok(layer)
}
