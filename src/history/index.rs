//! Finding an event by its id.

use crate::event::EventId;
use std::collections::HashMap;

/// Where the event of an id stands. AWS numbers without gaps from 1, which needs no table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum EventIndex {
    /// Event n stands at place n - 1.
    #[default]
    Dense,
    /// Anything else.
    Sparse(HashMap<EventId, usize>),
}

impl EventIndex {
    /// Returns the place of an event among that many.
    pub(super) fn place_of(&self, id: EventId, events: usize) -> Option<usize> {
        match self {
            Self::Dense => Some(id.index()).filter(|place| *place < events),
            Self::Sparse(places) => places.get(&id).copied(),
        }
    }

    /// Notes an event that is appended at a place.
    pub(super) fn note(&mut self, id: EventId, place: usize) {
        match self {
            Self::Dense if id.index() == place => {}
            Self::Dense => {
                let mut places: HashMap<EventId, usize> = (0..place).map(|place| (EventId::at(place), place)).collect();
                places.insert(id, place);
                *self = Self::Sparse(places);
            }
            Self::Sparse(places) => {
                places.insert(id, place);
            }
        }
    }
}
