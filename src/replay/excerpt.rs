//! The part of a recording that is replayed: all of it, or what follows from one visit.

use super::edits::From;
use super::recorded::path;
use super::subject::NotReplayable;
use crate::event::{Details, Event, EventId};
use crate::history::{History, ScopeId, VisitId};
use crate::interpreter::{MapItem, Start};
use crate::json::Payload;
use std::sync::Arc;

/// A visit to begin with, as it was found.
pub(super) struct Beginning {
    pub(super) start: Start,
    /// The entry of the visit.
    pub(super) entered: EventId,
    /// The indexes of the Map iterations it stands in.
    pub(super) path: Vec<u32>,
    scope: ScopeId,
}

impl Beginning {
    /// Finds the visit to begin with: the one an event belongs to, or the last of a state.
    pub(super) fn find(history: &History, from: &From, input: Option<&Payload>) -> Result<Self, NotReplayable> {
        let visit = match from {
            From::Event(event) => history.visit_of(*event),
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

    /// Returns the recorded events that follow from the visit, up to the end of its scope.
    pub(super) fn events(&self, history: &History) -> Vec<Event> {
        let inside = |event: &&Event| {
            let scope = history.lineage(event.id).map_or(ScopeId::ROOT, |lineage| lineage.scope);
            event.id >= self.entered && history.scopes_above(scope).any(|above| above == self.scope)
        };
        history.events().iter().filter(inside).cloned().collect()
    }

    /// Tells whether the visit belongs to the execution's own flow, whose end is that of the execution.
    pub(super) fn is_in_root(&self) -> bool {
        self.scope == ScopeId::ROOT
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

/// Returns the events up to the first exit of a state.
pub(super) fn until(mut events: Vec<Event>, state: &str) -> Vec<Event> {
    let left = events.iter().position(|event| leaves(event, state));
    events.truncate(left.map_or(events.len(), |place| place + 1));
    events
}

/// Tells whether an event is the exit of a state.
pub(super) fn leaves(event: &Event, state: &str) -> bool {
    matches!(&event.details, Details::StateExited(exited) if *exited.name == *state)
}
