//! The events of a recording: an index over text, or events that were computed.

use super::Status;
use super::index::Index;
use crate::event::{Event, EventId, EventType, Timestamp};
use std::borrow::Cow;
use std::sync::Arc;

/// The events of one execution by id, oldest first. Cheap to clone; events from a file are decoded when asked for.
#[derive(Debug, Clone)]
pub struct Events(Store);

#[derive(Debug, Clone)]
enum Store {
    Built(Arc<[Event]>),
    Indexed(Arc<Index>),
}

/// What can be said of an event without looking at its payloads.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts<'a> {
    /// The event's number.
    pub id: EventId,
    /// The event that led to it.
    pub parent: Option<EventId>,
    /// When it happened.
    pub timestamp: Timestamp,
    /// Its type.
    pub kind: EventType,
    /// The name of the state, for events that enter or exit one, and of the Map for its iterations.
    pub name: Option<Cow<'a, str>>,
}

impl Events {
    /// Puts the events of several pages together.
    pub fn joined<'a>(pages: impl IntoIterator<Item = &'a Self>) -> Self {
        let pages: Vec<&Self> = pages.into_iter().collect();
        let index = |page: &&Self| match &page.0 {
            Store::Indexed(index) => Some(Arc::clone(index)),
            Store::Built(_) => None,
        };
        match pages.iter().map(index).collect::<Option<Vec<_>>>() {
            Some(indexes) => Index::joined(indexes.iter().map(|index| &**index)).into(),
            None => pages.into_iter().flat_map(Self::iter).collect::<Vec<_>>().into(),
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Store::Built(events) => events.len(),
            Store::Indexed(index) => index.len(),
        }
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the event at that place, from 0.
    pub fn get(&self, index: usize) -> Option<Event> {
        match &self.0 {
            Store::Built(events) => events.get(index).cloned(),
            Store::Indexed(events) => events.get(index),
        }
    }

    /// Returns what can be said of the event at that place without looking at its payloads.
    pub fn facts(&self, index: usize) -> Option<Facts<'_>> {
        match &self.0 {
            Store::Built(events) => events.get(index).map(|event| Facts {
                id: event.id,
                parent: event.parent,
                timestamp: event.timestamp,
                kind: event.kind.clone(),
                name: event.details.name().map(|name| Cow::Borrowed(&**name)),
            }),
            Store::Indexed(events) => events.facts(index),
        }
    }

    /// Returns the number of the event at that place.
    pub fn id(&self, index: usize) -> Option<EventId> {
        match &self.0 {
            Store::Built(events) => events.get(index).map(|event| event.id),
            Store::Indexed(events) => events.id(index),
        }
    }

    /// Returns the type of the event at that place.
    pub fn kind(&self, index: usize) -> Option<&EventType> {
        match &self.0 {
            Store::Built(events) => events.get(index).map(|event| &event.kind),
            Store::Indexed(events) => events.kind(index),
        }
    }

    /// Returns the facts of the last event.
    pub fn last_facts(&self) -> Option<Facts<'_>> {
        self.facts(self.len().checked_sub(1)?)
    }

    /// Returns how the execution ended, as its events tell: by the last event that ends one, unless it was redriven
    /// since. What comes behind that changes nothing.
    pub fn ending(&self) -> Option<Status> {
        for index in (0..self.len()).rev() {
            let kind = self.facts(index)?.kind;
            if kind == EventType::ExecutionRedriven {
                return None;
            }
            if let Some(status) = Status::after(&kind) {
                return Some(status);
            }
        }
        None
    }

    /// Returns the place of the event with that id. In a gapless history that is the id less one.
    pub fn position(&self, id: EventId) -> Option<usize> {
        let id_at = |index| self.facts(index).map(|facts| facts.id);
        if id_at(id.index()) == Some(id) {
            return Some(id.index());
        }
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match id_at(middle)?.cmp(&id) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Returns the events one after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Event> + DoubleEndedIterator + '_ {
        (0..self.len()).map(|index| self.get(index).expect("an index below the length has an event"))
    }
}

impl Default for Events {
    fn default() -> Self {
        Self(Store::Built(Arc::from([])))
    }
}

/// Puts events in the order of their ids; of several with the same id the first is kept.
impl From<Vec<Event>> for Events {
    fn from(mut events: Vec<Event>) -> Self {
        if !events.is_sorted_by(|earlier, later| earlier.id < later.id) {
            events.sort_by_key(|event| event.id);
            events.dedup_by_key(|event| event.id);
        }
        Self(Store::Built(events.into()))
    }
}

impl From<Index> for Events {
    fn from(mut index: Index) -> Self {
        index.sort();
        Self(Store::Indexed(Arc::new(index)))
    }
}
