//! What was computed, held against what the history recorded at the same stage.

use super::{Data, Stage, Step, error_document};
use crate::analysis::scene::Scene;
use crate::asl::StateKind;
use crate::event::{EventId, Failure, Timestamp};
use crate::history::ScopeId;
use crate::json::Payload;
use crate::json::diff::{Judge, diff, diff_with};
use crate::replay::is_taken_out;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the history says about a computed stage.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// It says nothing about it.
    Unchecked,
    /// It says the same, with this event.
    Agrees(EventId),
    /// It says the same but for ids, tokens, times and random numbers, which are drawn anew or were taken out of the
    /// recording; what was recorded stands in the stage.
    Drawn(EventId),
    /// It says something else.
    Differs {
        /// The event that says it.
        event: EventId,
        /// What it says.
        recorded: Payload,
    },
}

impl Check {
    /// Tells whether the history says the same.
    pub fn agrees(&self) -> bool {
        matches!(self, Self::Agrees(_) | Self::Drawn(_))
    }

    /// Tells whether the history says something else.
    pub fn differs(&self) -> bool {
        matches!(self, Self::Differs { .. })
    }
}

/// Checks every stage the history says something about; `other` is the same way with other time and chance. Tells
/// whether anything differs.
pub(super) fn against_history(scene: &Scene<'_>, steps: &mut [Step], other: Option<&[Step]>) -> bool {
    let last = steps.len().saturating_sub(1);
    for (place, step) in steps.iter_mut().enumerate() {
        let other = other.and_then(|other| other.get(place)).filter(|other| other.stage == step.stage);
        check(scene, step, place == last, other);
    }
    steps.iter().any(|step| step.check.differs())
}

fn check(scene: &Scene<'_>, step: &mut Step, is_last: bool, other: Option<&Step>) {
    if let Data::Failed(failure, None) = &step.data {
        if let Some((event, recorded)) = recorded_failure(scene) {
            step.check = compare_failures(failure, &recorded, event);
        }
        return;
    }
    let Data::Computed(computed) = &step.data else { return };
    let Some((event, recorded)) = recorded(scene, step.stage, is_last, computed) else { return };
    step.check = match other.and_then(|other| other.data.payload()) {
        None => compare(computed, recorded, event),
        Some(other) if step.check.differs() => excused(computed, other, recorded, event),
        Some(_) => return,
    };
    if let Check::Drawn(_) = step.check
        && let Some((_, recorded)) = self::recorded(scene, step.stage, is_last, computed)
    {
        step.data = Data::Computed(recorded);
    }
}

fn compare(computed: &Payload, recorded: Payload, event: EventId) -> Check {
    if *computed == recorded {
        return Check::Agrees(event);
    }
    match (computed.value(), recorded.value()) {
        (Ok(ours), Ok(theirs)) if ours == theirs => Check::Agrees(event),
        (Ok(ours), Ok(theirs)) if !diff_with(ours, theirs, &TakenOut).differs() => Check::Drawn(event),
        _ => Check::Differs { event, recorded },
    }
}

/// Excuses times that were taken out of a recording before it was handed on.
struct TakenOut;

impl Judge for TakenOut {
    fn excuses(&self, _: &str, old: &Value, new: &Value) -> bool {
        let is_time = old.as_str().is_some_and(|text| Timestamp::parse_iso(text).is_some());
        is_time && new.as_str().is_some_and(|text| is_taken_out(text, old))
    }
}

/// Excuses what comes out otherwise with other draws.
fn excused(computed: &Payload, other: &Payload, recorded: Payload, event: EventId) -> Check {
    let (Ok(low), Ok(high), Ok(real)) = (computed.value(), other.value(), recorded.value()) else {
        return Check::Differs { event, recorded };
    };
    let drawn = Drawn(diff(low, high).changes().iter().filter_map(|change| change.old.cloned()).collect());
    if diff_with(low, real, &drawn).differs() { Check::Differs { event, recorded } } else { Check::Drawn(event) }
}

/// Excuses values that were drawn.
struct Drawn(Vec<Value>);

impl Judge for Drawn {
    fn excuses(&self, _: &str, old: &Value, _: &Value) -> bool {
        self.0.contains(old)
    }
}

/// What the history recorded at a stage.
fn recorded(scene: &Scene<'_>, stage: Stage, is_last: bool, computed: &Payload) -> Option<(EventId, Payload)> {
    let history = scene.history;
    match (stage, &scene.state.kind) {
        (Stage::AfterParameters | Stage::AfterArguments, StateKind::Task(_)) => {
            let scheduled = history.event(history.attempt(scene.attempt?).scheduled)?;
            Some((scheduled.id, scheduled.details.input()?.clone()))
        }
        (Stage::AfterParameters | Stage::AfterArguments, StateKind::Parallel(_)) => first_inputs(scene, None),
        (Stage::AfterItemSelector, StateKind::Map(_)) => first_inputs(scene, Some(computed)),
        (Stage::Output, _) if is_last => {
            let exit = history.visit(scene.visit).ended?;
            Some((exit, history.event(exit)?.details.output()?.clone()))
        }
        (Stage::Variables, _) => {
            let exit = history.visit(scene.visit).ended?;
            let assigned = history.assigned(scene.visit)?;
            // What was there before is not recorded again.
            let mut all = computed.value().ok()?.as_object()?.clone();
            for (name, value) in &assigned.values {
                all.insert(name.to_string(), value.value().ok()?.clone());
            }
            Some((exit, Payload::from_value(Value::Object(all))))
        }
        _ => None,
    }
}

/// What the flows inside were given. Branches are all given the same; of iterations, those count that have begun.
fn first_inputs(scene: &Scene<'_>, items: Option<&Payload>) -> Option<(EventId, Payload)> {
    let history = scene.history;
    let first = |scope: ScopeId| {
        let visit = *history.scope(scope).visits.first()?;
        Some((history.visit(visit).entered?, history.input(visit)?))
    };
    let children = history.visit(scene.visit).children.iter().copied();
    let mut flows = children.filter(|scope| history.scope(*scope).attempt() == scene.attempt);
    let Some(items) = items else {
        return flows.find_map(first).map(|(event, input)| (event, input.clone()));
    };
    let begun: BTreeMap<u64, (EventId, &Payload)> =
        flows.filter_map(|scope| Some((history.scope(scope).index()?, first(scope)?))).collect();
    let items = items.value().ok()?.as_array()?;
    let known = |(index, item): (usize, &Value)| match begun.get(&(index as u64)) {
        Some((_, input)) => (*input).clone(),
        None => Payload::from_value(item.clone()),
    };
    let given: Vec<Payload> = items.iter().enumerate().map(known).collect();
    let (event, _) = *begun.values().next()?;
    Some((event, Payload::array_of(given.iter())))
}

/// How the history tells that the visit, or this attempt of it, failed.
fn recorded_failure(scene: &Scene<'_>) -> Option<(EventId, Failure)> {
    let history = scene.history;
    let attempt = scene.attempt.and_then(|attempt| history.attempt(attempt).outcome.failure());
    let event = attempt.or_else(|| history.visit(scene.visit).outcome.failure())?;
    if let Some(failure) = history.failure_at(event) {
        return Some((event, failure.clone()));
    }
    // What a Fail state says stands where it arrives.
    let end = history.end().filter(|end| history.origin(end.id) == event)?;
    Some((end.id, end.details.failure()?.clone()))
}

/// AWS puts a sentence that names the state before most causes.
fn compare_failures(computed: &Failure, recorded: &Failure, event: EventId) -> Check {
    let cause = |failure: &Failure| failure.cause.as_deref().unwrap_or_default().to_owned();
    let same = computed.error == recorded.error && cause(recorded).ends_with(&cause(computed));
    if same { Check::Agrees(event) } else { Check::Differs { event, recorded: error_document(recorded) } }
}
