//! What came of the work of a state: recorded for a Task, put together from its flows for a Parallel or Map.

use super::{Data, Missing};
use crate::analysis::scene::Scene;
use crate::asl::StateKind;
use crate::asl::state::MapMode;
use crate::event::{Event, EventId, EventType, Failure};
use crate::history::{Outcome, ScopeId, ScopeOutcome};
use crate::json::Payload;

/// What came of the work of a state.
pub(super) enum Work {
    /// A result.
    Done(Payload),
    /// An error, told by an event.
    Failed(Failure, EventId),
    /// Nothing that is known.
    Unknown(Missing),
}

/// Returns what came of the work in the attempt of a scene.
pub(super) fn of(scene: &Scene<'_>) -> Work {
    let history = scene.history;
    let Some(attempt) = scene.attempt.map(|attempt| history.attempt(attempt)) else {
        // The state's own fault can come before any attempt; otherwise there is nothing yet.
        return Work::Unknown(Missing::NotReached);
    };
    if let Some(by) = attempt.outcome.failure()
        && !own_fault(scene, by)
    {
        return Work::Failed(scene.failure(by).unwrap_or_default(), by);
    }
    let result = match &scene.state.kind {
        StateKind::Task(_) => task_result(scene).ok_or(Missing::NotReached),
        StateKind::Parallel(parallel) => flows_result(scene, parallel.branches.len()),
        StateKind::Map(map) => match map.mode {
            MapMode::Inline => flows_result(scene, item_count(scene)),
            MapMode::Distributed(_) => Err(Missing::InChildren),
        },
        _ => Err(Missing::NotReached),
    };
    let left = history.visit(scene.visit).outcome == Outcome::Exited;
    match result {
        Ok(result) => Work::Done(result),
        Err(Missing::NotReached) if left => Work::Unknown(Missing::NotRecorded),
        Err(why) => Work::Unknown(why),
    }
}

/// Returns how a result is known.
pub(super) fn data_of(scene: &Scene<'_>, result: Payload) -> Data {
    match (&scene.state.kind, answer(scene).map(|event| event.id)) {
        (StateKind::Task(_), Some(event)) => Data::Recorded(result, event),
        (StateKind::Parallel(_) | StateKind::Map(_), _) => Data::Joined(result),
        _ => Data::Computed(result),
    }
}

/// Tells whether a failure came after the work was done: an expression behind it, or an output too large.
fn own_fault(scene: &Scene<'_>, by: EventId) -> bool {
    let history = scene.history;
    let kind = history.event(by).map(|event| &event.kind);
    let evaluation = kind.is_some_and(|kind| *kind == EventType::EvaluationFailed);
    let own = history.lineage(by).is_some_and(|lineage| lineage.visit == Some(scene.visit));
    let ends = kind.is_some_and(|kind| kind.ends_execution());
    (evaluation && own) || ends
}

fn task_result(scene: &Scene<'_>) -> Option<Payload> {
    answer(scene)?.details.output().cloned()
}

/// The event with which a task succeeded.
fn answer<'a>(scene: &Scene<'a>) -> Option<&'a Event> {
    scene.history.events_of_attempt(scene.attempt?).find(|event| event.kind.completes_task())
}

fn item_count(scene: &Scene<'_>) -> usize {
    let count = scene.attempt.map_or(0, |attempt| scene.history.items_of(scene.visit, attempt));
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Strings the outputs of the flows of an attempt together, in their order.
fn flows_result(scene: &Scene<'_>, expected: usize) -> Result<Payload, Missing> {
    let history = scene.history;
    let mut flows: Vec<(u64, ScopeId)> = history
        .visit(scene.visit)
        .children
        .iter()
        .filter(|scope| history.scope(**scope).attempt() == scene.attempt)
        .filter_map(|scope| Some((history.scope(*scope).index()?, *scope)))
        .collect();
    flows.sort_unstable();
    flows.dedup_by(|later, kept| {
        // An iteration that a redrive began anew stands for the one before it.
        let again = later.0 == kept.0;
        if again {
            kept.1 = later.1;
        }
        again
    });
    if flows.len() < expected || flows.iter().any(|(_, scope)| history.scope(*scope).outcome != ScopeOutcome::Succeeded)
    {
        return Err(Missing::NotReached);
    }
    let output = |scope: ScopeId| history.output(*history.scope(scope).visits.last()?);
    let outputs: Option<Vec<&Payload>> = flows.iter().map(|(_, scope)| output(*scope)).collect();
    outputs.map(Payload::array_of).ok_or(Missing::NotRecorded)
}
