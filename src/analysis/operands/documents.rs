//! The documents an expression of a visited state could look into, as far as they were recorded.

use crate::analysis::explain::effective_input;
use crate::analysis::provenance::Story;
use crate::analysis::scene::{Draws, Scene};
use crate::asl::StateKind;
use crate::event::EventType;
use crate::history::{AttemptId, History, MemberId, VisitId};
use crate::interpreter::data::{self, Inspect, Piece, Stage};
use crate::interpreter::{ContextFacts, Redrive};
use crate::json::Payload;
use serde_json::{Map, Value};

/// What was there when a state failed.
pub(super) struct Documents {
    /// The state's input.
    pub(super) input: Option<Value>,
    /// What its work came to.
    pub(super) result: Option<Value>,
    /// The error it caught.
    pub(super) error: Option<Value>,
    /// The variables in force.
    pub(super) variables: Map<String, Value>,
    /// The context object; without a definition only what every state is told.
    pub(super) context: Value,
    /// What `$` may have meant, the likeliest first.
    pub(super) data: Vec<Value>,
    /// Whether the definition is known.
    pub(super) is_defined: bool,
    /// Whether variables that are not there were not assigned; else nobody knows.
    pub(super) has_all_variables: bool,
}

/// Keeps what the fields of a state let through.
#[derive(Default)]
struct Seen(Vec<Value>);

impl Inspect for Seen {
    fn see(&mut self, _stage: Stage, piece: &Piece<'_>) {
        self.0.push(piece.value().clone());
    }
}

impl Documents {
    /// Collects them for a visit.
    pub(super) fn of(story: Story<'_>, member: MemberId, visit: VisitId) -> Self {
        let history = story.history(member);
        let attempt = history.visit(visit).attempts.last().copied();
        let scene = Scene::of(story.programs, member, history, visit, attempt).ok();
        let raw = history.input(visit);
        let result = result(history, visit, attempt);
        let error = error(history, visit);
        let entered = history.visit(visit).entered;
        let variables = entered.and_then(|entered| history.world_at(entered)).map(|world| world.variables());
        let variables = variables.unwrap_or_default().into_iter();
        let variables =
            variables.filter_map(|it| Some((it.name.to_string(), it.value.value().ok()?.clone()))).collect();
        let whole = story.family.member(member).described.missing.is_empty();
        Self {
            input: raw.and_then(|raw| raw.value().ok()).cloned(),
            data: data(scene.as_ref(), raw, result.as_ref()),
            result: result.as_ref().and_then(|result| result.value().ok()).cloned(),
            error,
            variables,
            context: match &scene {
                Some(scene) => scene.evaluate(&Draws::low(scene.now()), |around| around.context.value().clone()),
                None => context(story, member, visit),
            },
            is_defined: scene.is_some(),
            has_all_variables: whole && raw.is_some() && entered.is_some(),
        }
    }
}

/// Returns what the work of a visit came to: a task's answer, or what its flows gave.
fn result(history: &History, visit: VisitId, attempt: Option<AttemptId>) -> Option<Payload> {
    let attempt = attempt?;
    if !history.visit(visit).kind.is_container() {
        let answered = history.events_of_attempt(attempt).filter(|event| {
            matches!(
                event.kind,
                EventType::TaskSucceeded | EventType::LambdaFunctionSucceeded | EventType::ActivitySucceeded
            )
        });
        return answered.filter_map(|event| event.details.output()).last().cloned();
    }
    let scopes = history.visit(visit).children.iter().map(|scope| history.scope(*scope));
    let mut flows: Vec<_> = scopes.filter(|scope| scope.attempt() == Some(attempt)).collect();
    flows.sort_by_key(|scope| scope.index());
    let outputs = flows.iter().map(|scope| history.output(*scope.visits.last()?)?.value().ok().cloned());
    let outputs: Option<Vec<Value>> = outputs.collect();
    outputs.filter(|outputs| !outputs.is_empty()).map(|outputs| Payload::from_value(outputs.into()))
}

/// Returns the error that a catcher of the visit was given.
fn error(history: &History, visit: VisitId) -> Option<Value> {
    let failed = history.events_of(visit).filter(|event| event.kind.fails_task()).last()?;
    Some(data::error_object(failed.details.failure()?))
}

/// Takes the data through the fields of the state once more, and keeps what `$` meant in them.
fn data(scene: Option<&Scene<'_>>, raw: Option<&Payload>, result: Option<&Payload>) -> Vec<Value> {
    let Some(raw) = raw else { return Vec::new() };
    let mut seen = Seen::default();
    if let Some(scene) = scene {
        through(scene, raw, result, &mut seen);
    }
    let mut data: Vec<Value> = Vec::new();
    let effective = scene.map(|scene| effective_input(scene, &Draws::low(scene.now())));
    let whole = [result, Some(raw)].into_iter().flatten().filter_map(|payload| payload.value().ok()).cloned();
    // What a field saw last is what the field behind it failed on. The items of a Map are chosen from its input.
    let of_map = scene.is_some_and(|scene| matches!(scene.state.kind, StateKind::Map(_)));
    let (first, last) = if of_map { (effective, None) } else { (None, effective) };
    for value in first.into_iter().chain(seen.0.into_iter().rev()).chain(last).chain(whole) {
        if !data.contains(&value) {
            data.push(value);
        }
    }
    data
}

fn through(scene: &Scene<'_>, raw: &Payload, result: Option<&Payload>, seen: &mut Seen) {
    let draws = Draws::low(scene.now());
    scene.evaluate(&draws, |around| match &scene.state.kind {
        StateKind::Pass(state) => drop(data::pass(state, around, raw, seen)),
        StateKind::Succeed(state) => drop(data::succeed(state, around, raw, seen)),
        StateKind::Choice(state) => drop(data::decide(state, around, raw, seen)),
        StateKind::Wait(state) => drop(data::delay(state, around, raw, scene.now(), seen)),
        StateKind::Fail(state) => drop(data::fail(state, around, raw, seen)),
        StateKind::Task(state) => {
            drop(data::task_call(state, around, raw, seen));
            result.map(|result| drop(data::task_exit(state, around, raw, result, seen))).unwrap_or_default();
        }
        StateKind::Map(state) => {
            if let Ok(input) = data::map_input(state, around, raw, seen) {
                drop(data::map_items(state, around, &input, seen));
            }
            result.map(|result| drop(data::map_exit(state, around, raw, result, seen))).unwrap_or_default();
        }
        StateKind::Parallel(state) => {
            drop(data::parallel_input(state, around, raw, seen));
            result.map(|result| drop(data::parallel_exit(state, around, raw, result, seen))).unwrap_or_default();
        }
    });
}

/// What every state is told, whatever its definition says.
fn context(story: Story<'_>, member: MemberId, visit: VisitId) -> Value {
    let history = story.history(member);
    let Some(identity) = story.programs.identity(member) else { return Value::Null };
    let nothing = Payload::from_value(Value::Null);
    let entered = history.visit(visit).entered.and_then(|entered| history.event(entered));
    let Some(entered) = entered.or_else(|| history.events().first()) else { return Value::Null };
    let redrive = Redrive { count: u32::try_from(history.redrives().len()).unwrap_or(u32::MAX), time: None };
    let facts = ContextFacts {
        identity,
        input: story.programs.input(member).unwrap_or(&nothing),
        redrive,
        state: &history.visit(visit).name,
        entered: entered.timestamp,
        retries: None,
        token: None,
        item: None,
    };
    facts.object()
}
