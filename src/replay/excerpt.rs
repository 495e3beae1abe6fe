//! The part of a recording that is replayed: all of it, or what follows from one visit.

use super::edits::From;
use super::outcome::Standing;
use super::recorded::{Script, path};
use super::subject::NotReplayable;
use crate::event::{Details, Event, EventId};
use crate::history::{History, ScopeId, ScopeOutcome, Visit, VisitId};
use crate::interpreter::{MapItem, Start};
use crate::json::Payload;
use crate::recording::{Recording, Status};
use std::collections::HashSet;
use std::sync::Arc;

/// Which part of an execution is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// From one visit to the end.
    Rest,
    /// From one visit to the end of the branch or iteration it belongs to.
    Scope,
}

/// What of a recording is replayed.
pub(super) struct Excerpt {
    /// What the world did to it.
    pub(super) script: Script,
    /// What is to come out: all recorded events, or those of a part.
    pub(super) events: Vec<Event>,
    /// How it ended.
    pub(super) standing: Standing,
    pub(super) part: Part,
    /// The entry of the visit it begins with.
    pub(super) began: Option<EventId>,
}

impl Excerpt {
    pub(super) fn of(
        recording: &Recording,
        history: &History,
        beginning: Option<&Beginning>,
        until: Option<&str>,
    ) -> Self {
        let mut excerpt = match beginning {
            None => Self {
                script: Script::of(history),
                events: history.events().to_vec(),
                standing: Standing::recorded(recording),
                part: Part::Whole,
                began: None,
            },
            Some(beginning) => beginning.excerpt(recording, history),
        };
        if let Some(left) = until.and_then(|until| excerpt.events.iter().position(|event| leaves(event, until))) {
            excerpt.events.truncate(left + 1);
            excerpt.standing = Standing::left(&excerpt.events);
        }
        excerpt
    }
}

/// A visit to begin with, as it was found.
pub(super) struct Beginning {
    pub(super) start: Start,
    entered: EventId,
    /// The indexes of the Map iterations it stands in.
    pub(super) path: Vec<u32>,
    scope: ScopeId,
}

impl Beginning {
    /// Finds the visit to begin with: the one an event belongs to, or the last of a state.
    pub(super) fn find(history: &History, from: &From, input: Option<&Payload>) -> Result<Self, NotReplayable> {
        let visit = match from {
            From::Event(event) => history.visit_of(*event),
            From::Iteration(name, at) => {
                let there = |visit: &Visit| visit.name == *name && path(history, visit.scope) == *at;
                history.visits().rev().find(|(_, visit)| there(visit)).map(|(id, _)| id)
            }
            From::State(name) => history.visits().rev().find(|(_, visit)| visit.name == *name).map(|(id, _)| id),
        };
        let never = || NotReplayable::NeverVisited(from.to_string());
        let (id, entered) = visit.and_then(|id| Some((id, history.visit(id).entered?))).ok_or_else(never)?;
        let visit = history.visit(id);
        let recorded = history.input(id).cloned();
        let world = history.world_at(entered).ok_or_else(never)?;
        let variables = world.variables();
        let start = Start {
            state: Arc::clone(&visit.name),
            input: input.cloned().or(recorded).ok_or(NotReplayable::NoInput)?,
            variables: variables.iter().map(|it| (Arc::clone(it.name), it.value.clone())).collect(),
            item: item(history, id),
            at: world.event().timestamp,
        };
        Ok(Self { start, entered, path: path(history, visit.scope), scope: visit.scope })
    }

    fn excerpt(&self, recording: &Recording, history: &History) -> Excerpt {
        let events = self.events(history);
        let kept: HashSet<EventId> = events.iter().map(|event| event.id).collect();
        let script = Script::among(history, |event| kept.contains(&event));
        let part = if self.scope == ScopeId::ROOT { Part::Rest } else { Part::Scope };
        Excerpt { script, events, standing: self.standing(history, recording), part, began: Some(self.entered) }
    }

    /// Returns the recorded events that follow from the visit, up to the end of its scope.
    fn events(&self, history: &History) -> Vec<Event> {
        let inside = |event: &&Event| {
            let scope = history.lineage(event.id).map_or(ScopeId::ROOT, |lineage| lineage.scope);
            // What the container around the scope writes: iterations, and that it aborted what was open.
            let around = matches!(event.details, Details::MapIteration(_)) || event.kind.aborts().is_some();
            let bounds = around && scope == self.scope && scope != ScopeId::ROOT;
            event.id >= self.entered && !bounds && history.scopes_above(scope).any(|above| above == self.scope)
        };
        history.events().iter().filter(inside).cloned().collect()
    }

    /// Returns how the scope of the visit ended.
    fn standing(&self, history: &History, recording: &Recording) -> Standing {
        let scope = history.scope(self.scope);
        let (status, failed) = match scope.outcome {
            _ if self.scope == ScopeId::ROOT => return Standing::recorded(recording),
            ScopeOutcome::Open => (Status::Running, None),
            ScopeOutcome::Succeeded => (Status::Succeeded, None),
            ScopeOutcome::Failed { by } => (Status::Failed, Some(by)),
            ScopeOutcome::Aborted { by } => (Status::Aborted, Some(by)),
        };
        let failure = failed.and_then(|by| history.failure_at(by)).cloned().unwrap_or_default();
        let last = scope.visits.last().filter(|_| status == Status::Succeeded);
        Standing { status, output: last.and_then(|last| history.output(*last)).cloned(), failure }
    }
}

/// The item of the innermost iteration around a visit: its value is what the first state of the iteration was given,
/// which is the item itself unless an ItemSelector made something else of it.
fn item(history: &History, visit: VisitId) -> Option<MapItem> {
    let scopes = history.scopes_above(history.visit(visit).scope);
    let (index, scope) = scopes.filter_map(|id| iteration(history, id)).next()?;
    let first = history.scope(scope).visits.first()?;
    Some(MapItem { index, key: None, value: history.input(*first)?.clone(), source: None })
}

fn iteration(history: &History, scope: ScopeId) -> Option<(u32, ScopeId)> {
    match history.scope(scope).place {
        crate::history::Place::Iteration { index, .. } => Some((u32::try_from(index).ok()?, scope)),
        _ => None,
    }
}

/// Returns the names of the states in the order they were entered.
pub(super) fn route(events: &[Event]) -> Vec<Arc<str>> {
    let entered = events.iter().filter_map(|event| match &event.details {
        Details::StateEntered(entered) => Some(Arc::clone(&entered.name)),
        _ => None,
    });
    entered.collect()
}

/// Tells whether an event is the exit of a state.
pub(super) fn leaves(event: &Event, state: &str) -> bool {
    matches!(&event.details, Details::StateExited(exited) if *exited.name == *state)
}
