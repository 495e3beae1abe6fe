//! What led to an event, as one number: two events of two histories have the same number if the same things happened
//! before them on their branch, whatever the interleaving across branches.
//!
//! Joins hang on their container, not on the branch that happened to end last.

use crate::event::{Details, Event, EventId, EventType};
use std::collections::{HashMap, HashSet};

/// Numbers for chains of causes, shared by the histories that are compared. 0 is the empty chain.
#[derive(Debug, Default)]
pub(super) struct Interner {
    known: HashMap<(u32, String), u32>,
}

impl Interner {
    fn number(&mut self, parent: u32, label: String) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX - 1) + 1;
        *self.known.entry((parent, label)).or_insert(next)
    }
}

/// Events that can be followed back to what led to them.
pub(super) struct Links<'a> {
    events: &'a [Event],
    /// Where ids stand that do not stand where they should.
    places: Option<HashMap<EventId, usize>>,
}

/// The chains of a history.
pub(super) struct Chains<'l, 'a> {
    links: &'l Links<'a>,
    numbers: Vec<u32>,
    /// The place of the event that each chain hangs on.
    parents: Vec<Option<usize>>,
    /// Whether each event names another parent than AWS would today.
    older: Vec<bool>,
    /// The entry of the Map each `MapIterationStarted` belongs to.
    maps: HashMap<usize, Option<usize>>,
}

impl<'a> Links<'a> {
    pub(super) fn of(events: &'a [Event]) -> Self {
        let dense = events.iter().enumerate().all(|(place, event)| event.id.index() == place);
        let places = || events.iter().enumerate().map(|(place, event)| (event.id, place)).collect();
        Self { events, places: (!dense).then(places) }
    }

    /// Returns the name of the nearest state or Map among what led to an event.
    pub(super) fn state_before(&self, place: usize) -> Option<&'a str> {
        let mut before = self.back(place).filter_map(|place| self.events.get(place));
        before.find_map(name)
    }

    fn place(&self, id: EventId) -> Option<usize> {
        match &self.places {
            None => Some(id.index()).filter(|place| *place < self.events.len()),
            Some(places) => places.get(&id).copied(),
        }
    }

    fn parent_of(&self, event: &Event) -> Option<usize> {
        let parent = event.parent.filter(|parent| *parent < event.id)?;
        self.place(parent)
    }

    /// The events that led to one, nearest first.
    fn back(&self, place: usize) -> impl Iterator<Item = usize> {
        let parent = |place: &usize| self.parent_of(self.events.get(*place)?);
        std::iter::successors(parent(&place), parent)
    }
}

impl<'l, 'a> Chains<'l, 'a> {
    /// The chains of events; iterations of the Maps named `one_by_one` come in order.
    pub(super) fn of(links: &'l Links<'a>, one_by_one: &HashSet<String>, interner: &mut Interner) -> Self {
        let events = links.events;
        let (numbers, parents) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
        let mut chains = Self { links, numbers, parents, older: vec![false; events.len()], maps: HashMap::new() };
        for (place, event) in events.iter().enumerate() {
            let (parent, label) = chains.link(place, event, one_by_one);
            chains.numbers.push(interner.number(chains.number(parent), label));
            chains.parents.push(parent);
        }
        chains
    }

    /// Returns the number of each event's chain, in order.
    pub(super) fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// Returns the place of the event that the chain of another hangs on.
    pub(super) fn parent(&self, place: usize) -> Option<usize> {
        self.parents.get(place).copied().flatten()
    }

    /// Returns the number of the chain of the event at a place; 0 for none.
    pub(super) fn number(&self, place: Option<usize>) -> u32 {
        place.and_then(|place| self.numbers.get(place)).copied().unwrap_or_default()
    }

    /// Tells whether an event names another parent than AWS would today.
    pub(super) fn is_older(&self, place: usize) -> bool {
        self.older.get(place).copied().unwrap_or_default()
    }

    /// Returns the number of the chain of an event by its id.
    pub(super) fn number_of(&self, id: u32) -> Option<u32> {
        self.numbers.get(self.links.place(EventId::new(id)?)?).copied()
    }

    fn link(&mut self, place: usize, event: &Event, one_by_one: &HashSet<String>) -> (Option<usize>, String) {
        let mut label = event.kind.name().to_owned();
        match &event.details {
            Details::MapIteration(iteration) => label.push_str(&format!(":{}:{}", iteration.name, iteration.index)),
            _ => label.extend(name(event).into_iter().flat_map(|name| [":", name])),
        }
        let mut parent = self.links.parent_of(event);
        if is_join(&event.kind) {
            if event.kind.name().starts_with("MapState")
                && let Some(last) = parent.and_then(|last| self.links.events.get(last))
            {
                label.push_str("<-");
                label.push_str(last.kind.name());
            }
            parent = self.container(place, event).or(parent);
        }
        if let Details::MapIteration(iteration) = &event.details
            && event.kind == EventType::MapIterationStarted
            && one_by_one.contains(&*iteration.name)
        {
            let last = self.iteration_before(place, &iteration.name);
            label.push_str(&format!("+after{last:?}"));
        }
        if event.kind == EventType::ExecutionFailed
            && let Some(entry) = self.entry_told(event)
        {
            self.older.get_mut(place).into_iter().for_each(|older| *older = event.parent.is_none());
            parent = Some(entry);
        }
        if event.kind.name().ends_with("Aborted") && event.kind != EventType::ExecutionAborted {
            parent = None;
        }
        (parent, label)
    }

    /// The entry of the state that the cause of a failure names by its number: some histories have nothing else that
    /// tells what the end of the execution follows from.
    fn entry_told(&self, failed: &Event) -> Option<usize> {
        let cause = failed.details.failure()?.cause.as_deref()?;
        let (_, number) = cause.split_once("' (entered at the event id #")?;
        let number = number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        self.links.place(EventId::new(number)?)
    }

    /// The entry of the Map or Parallel a join belongs to, whichever branch happened to end last and however deep they
    /// nest.
    fn container(&mut self, place: usize, event: &Event) -> Option<usize> {
        let found =
            if event.kind.name().starts_with("Map") { self.map(place, event) } else { self.parallel(place, event) };
        if event.kind == EventType::MapIterationStarted {
            self.maps.insert(place, found);
        }
        found
    }

    fn map(&self, place: usize, event: &Event) -> Option<usize> {
        let (mut wanted, mut depth) = (name(event), 0_u32);
        for place in self.links.back(place) {
            let before = self.links.events.get(place)?;
            if wanted.is_none() && matches!(before.details, Details::MapIteration(_)) {
                wanted = name(before);
            }
            match before.kind {
                // Whatever comes before an earlier iteration of the same Map was looked through for that one.
                EventType::MapIterationStarted if wanted.is_some() && wanted == name(before) => {
                    if let Some(known) = self.maps.get(&place) {
                        return *known;
                    }
                }
                EventType::MapStateExited if wanted.is_none() => depth += 1,
                EventType::MapStateEntered if wanted.is_some() && wanted != name(before) => {}
                EventType::MapStateEntered if wanted.is_some() || depth == 0 => return Some(place),
                EventType::MapStateEntered => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn parallel(&self, place: usize, event: &Event) -> Option<usize> {
        let (wanted, mut depth) = (name(event), 0_u32);
        for place in self.links.back(place) {
            let before = self.links.events.get(place)?;
            match before.kind {
                EventType::ParallelStateExited if wanted.is_none() => depth += 1,
                EventType::ParallelStateEntered if wanted.is_some() && wanted != name(before) => {}
                EventType::ParallelStateEntered if wanted.is_some() || depth == 0 => return Some(place),
                EventType::ParallelStateEntered => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// The index of the innermost iteration of a Map that an event lies in.
    fn iteration_before(&self, place: usize, map: &str) -> Option<u64> {
        self.links.back(place).find_map(|place| {
            let before = self.links.events.get(place)?;
            match &before.details {
                Details::MapIteration(iteration) if before.kind == EventType::MapIterationStarted => {
                    (*iteration.name == *map).then_some(iteration.index)
                }
                _ => None,
            }
        })
    }
}

/// Returns the name of the state or Map in an event's details.
pub(super) fn name(event: &Event) -> Option<&str> {
    match &event.details {
        Details::StateEntered(entered) => Some(&entered.name),
        Details::StateExited(exited) => Some(&exited.name),
        Details::MapIteration(iteration) => Some(&iteration.name),
        _ => None,
    }
}

fn is_join(kind: &EventType) -> bool {
    use EventType::{
        MapIterationStarted, MapStateExited, MapStateFailed, MapStateSucceeded, ParallelStateExited,
        ParallelStateFailed, ParallelStateSucceeded,
    };
    matches!(
        kind,
        MapIterationStarted
            | MapStateExited
            | MapStateFailed
            | MapStateSucceeded
            | ParallelStateExited
            | ParallelStateFailed
            | ParallelStateSucceeded
    )
}
