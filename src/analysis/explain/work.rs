//! Work and time: what a state asks for, how long it waits, and what became of its flows.

use super::given::{self, Given};
use crate::analysis::scene::{Draws, Scene};
use crate::asl::state::{self, Delay, MapMode};
use crate::asl::{Pattern, Resource};
use crate::event::Timestamp;
use crate::history::{Outcome, ScopeOutcome};
use crate::interpreter::data;

/// How many iterations an inline Map runs at once when nothing or 0 is said.
const INLINE_CONCURRENCY: u64 = 40;

/// How many children a Map Run has at once at most.
const MAX_CHILDREN: u64 = 10_000;

/// How long a Wait waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// `Seconds`, `Timestamp` or their paths.
    pub given: Given,
    /// When it was entered.
    pub entered: Timestamp,
    /// Until when it waits, or AWS's sentence about why it cannot.
    pub until: Result<Timestamp, String>,
    /// When it went on; absent when it did not.
    pub left: Option<Timestamp>,
}

/// What a Task asks for, and how long it lets that take.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// `Resource`, and its line.
    pub resource: (String, Option<u32>),
    /// How long a service integration waits for its answer; absent for functions and activities.
    pub pattern: Option<Pattern>,
    /// Whether it came so far that it was asked for.
    pub scheduled: bool,
    /// The seconds the attempt was given, as recorded.
    pub timeout: Option<u64>,
    /// The seconds of silence it was given.
    pub heartbeat: Option<u64>,
}

/// The flows inside a Map or Parallel, those of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flows {
    /// How many there are to be.
    pub expected: u64,
    /// How many ended well.
    pub succeeded: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were stopped.
    pub aborted: u64,
    /// How many go on.
    pub open: u64,
}

/// How a Map runs its items.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// Whether the items are executions of their own.
    pub distributed: bool,
    /// What became of the iterations. Those of a Map Run are executions of their own and not counted here.
    pub flows: Flows,
    /// How many run at once.
    pub concurrency: u64,
    /// `MaxConcurrency` or its path, if the state has one.
    pub max_concurrency: Option<Given>,
    /// `ToleratedFailureCount` or its path.
    pub tolerated_count: Option<Given>,
    /// `ToleratedFailurePercentage` or its path.
    pub tolerated_percentage: Option<Given>,
}

pub(super) fn wait(scene: &Scene<'_>, state: &state::Wait, draws: &Draws) -> Wait {
    let given = match &state.delay {
        Delay::Seconds(seconds) => given::setting(scene, seconds, ["Seconds", "SecondsPath"], draws),
        Delay::Timestamp(moment) => given::moment(scene, moment, ["Timestamp", "TimestampPath"], draws),
    };
    let history = scene.history;
    let visit = history.visit(scene.visit);
    let until = match history.input(scene.visit) {
        Some(raw) => scene
            .evaluate(draws, |around| data::delay(state, around, raw, scene.now(), &mut ()))
            .map_err(|error| error.bare().cause.as_deref().unwrap_or_default().to_owned()),
        None => Err("The history was recorded without data.".to_owned()),
    };
    let left = visit.ended.filter(|_| visit.outcome == Outcome::Exited).and_then(|event| history.event(event));
    Wait { given, entered: scene.now(), until, left: left.map(|left| left.timestamp) }
}

pub(super) fn task(scene: &Scene<'_>, state: &state::Task) -> Task {
    let scheduled = scene.attempt.and_then(|attempt| scene.history.event(scene.history.attempt(attempt).scheduled));
    let (timeout, heartbeat) = scheduled.map(|event| event.details.limits()).unwrap_or_default();
    let line = scene.program.field(&scene.state.place, &["Resource"]).map(|(_, line)| line);
    let pattern = match &state.resource {
        Resource::Service(call) => Some(call.pattern),
        Resource::Lambda { .. } | Resource::Activity { .. } => None,
    };
    Task {
        resource: (state.resource.arn().to_owned(), line),
        pattern,
        scheduled: scheduled.is_some(),
        timeout,
        heartbeat,
    }
}

pub(super) fn map(scene: &Scene<'_>, state: &state::Map, draws: &Draws) -> Map {
    let distributed = matches!(state.mode, MapMode::Distributed(_));
    let expected = scene.attempt.map_or(0, |attempt| scene.history.items_of(scene.visit, attempt));
    let most = if distributed { MAX_CHILDREN } else { INLINE_CONCURRENCY };
    let given = state.max_concurrency.as_ref();
    let max_concurrency = given.map(|it| given::setting(scene, it, ["MaxConcurrency", "MaxConcurrencyPath"], draws));
    let said = max_concurrency.as_ref().and_then(|given| given.value.as_ref().ok()?.as_u64()).unwrap_or(0);
    let count = ["ToleratedFailureCount", "ToleratedFailureCountPath"];
    let percentage = ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"];
    Map {
        distributed,
        flows: flows(scene, expected),
        concurrency: if said == 0 { most } else { said.min(most) },
        max_concurrency,
        tolerated_count: state.tolerated_count.as_ref().map(|it| given::setting(scene, it, count, draws)),
        tolerated_percentage: state
            .tolerated_percentage
            .as_ref()
            .map(|it| given::setting(scene, it, percentage, draws)),
    }
}

pub(super) fn branches(scene: &Scene<'_>, branches: usize) -> Flows {
    flows(scene, branches as u64)
}

fn flows(scene: &Scene<'_>, expected: u64) -> Flows {
    let history = scene.history;
    let children = history.visit(scene.visit).children.iter().map(|scope| history.scope(*scope));
    let mut flows = Flows { expected, ..Flows::default() };
    for scope in children.filter(|scope| scope.attempt() == scene.attempt) {
        match scope.outcome {
            ScopeOutcome::Succeeded => flows.succeeded += 1,
            ScopeOutcome::Failed { .. } => flows.failed += 1,
            ScopeOutcome::Aborted { .. } => flows.aborted += 1,
            ScopeOutcome::Open => flows.open += 1,
        }
    }
    flows
}
