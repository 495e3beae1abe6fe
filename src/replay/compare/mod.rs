//! Compares a replayed history with the recorded one, branch by branch.
//!
//! Every event is compared with the one that has the same causes, whatever the interleaving across branches: its type
//! and its details. Numbers of events in causes are compared by what they point at.

mod chains;
mod details;
mod form;
mod origin;
mod placeholder;
mod same;
#[cfg(test)]
mod tests;

pub use same::{Difference, Unchecked, is_taken_out};

use super::rule::Rule;
use crate::asl::{Definition, Format};
use crate::event::{Details, Event, EventId, Timestamp};
use crate::json::Payload;
use chains::{Chains, Interner, Links, name};
use details::{details, leave_out_missing, names_events};
use origin::Origins;
use same::Comparer;
use serde_json::Value;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// A value that was not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// The recorded event.
    pub event: EventId,
    /// The place inside its details.
    pub path: String,
    /// Why.
    pub reason: Unchecked,
}

/// The first event in which a replay is not what was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Divergence {
    /// The recorded event; absent when the replay has one more.
    pub recorded: Option<Event>,
    /// The event of the replay in its place, if there is one.
    pub replayed: Option<Event>,
    /// The state it belongs to.
    pub state: Option<Arc<str>>,
    /// Where the details differ, when both have the event.
    pub difference: Option<Box<Difference>>,
    /// What made the interpreter do what it did, when it can be told.
    pub rule: Option<Rule>,
}

/// What came out of a comparison.
#[derive(Debug, Clone, Default)]
pub(super) struct Comparison {
    /// How many recorded events were compared.
    pub(super) compared: usize,
    /// How many of them are in the replay.
    pub(super) agreed: usize,
    pub(super) not_checked: Vec<NotChecked>,
    pub(super) divergence: Option<Divergence>,
    /// How many events of the replay are not in the recording.
    pub(super) extra: usize,
    /// The events that are the same: the recorded one, and that of the replay.
    pub(super) same: Vec<(EventId, EventId)>,
}

/// Two histories to be compared.
pub(super) struct Pair<'a> {
    pub(super) recorded: &'a [Event],
    pub(super) replayed: &'a [Event],
    pub(super) definition: Option<&'a Payload>,
    /// What the interpreter made up.
    pub(super) drawn: &'a HashSet<Arc<str>>,
    /// Texts that stand for what nobody recorded of who the execution was.
    pub(super) missing: &'a [&'static str],
    /// Whether the recording says that something was taken out of it.
    pub(super) redacted: bool,
}

/// Compares the histories of a pair, the recorded one in the form AWS gives it today.
pub(super) fn compare(pair: &Pair<'_>) -> Comparison {
    let Some((recorded, older)) = form::modern(pair.recorded) else { return compare_as_is(pair) };
    let mut comparison = compare_as_is(&Pair { recorded: &recorded, ..*pair });
    comparison.not_checked.extend(older);
    comparison
}

/// Compares the histories of a pair: as they stand, and when they are not the same event for event, by their chains.
fn compare_as_is(pair: &Pair<'_>) -> Comparison {
    let yaml = pair.definition.filter(|text| text.value().is_err());
    let yaml = yaml.and_then(|text| Definition::read(text.text(), Format::of_text(text.text())).to_value());
    let definition = yaml.as_ref().or_else(|| pair.definition?.value().ok());
    let origins = || Origins::new(pair, definition, window(pair));
    let links = (Links::of(pair.recorded), Links::of(pair.replayed));
    if let Some(not_checked) = exactly(pair, &links.0, &mut origins()) {
        let (compared, extra) = (pair.recorded.len(), pair.replayed.len() - pair.recorded.len());
        let same = pair.recorded.iter().zip(pair.replayed).map(|(recorded, replayed)| (recorded.id, replayed.id));
        let same = same.collect();
        return Comparison { compared, agreed: compared, not_checked, divergence: None, extra, same };
    }
    let maps = definition.map(one_by_one).unwrap_or_default();
    let mut interner = Interner::default();
    let recorded = Chains::of(&links.0, &maps, &mut interner);
    let replayed = Chains::of(&links.1, &maps, &mut interner);
    let mut buckets: HashMap<u32, VecDeque<usize>> = HashMap::new();
    for (place, number) in replayed.numbers().iter().enumerate() {
        buckets.entry(*number).or_default().push_back(place);
    }
    let matching = Matching {
        pair,
        links: &links,
        recorded,
        replayed,
        origins: origins(),
        buckets,
        pairs: vec![None; pair.recorded.len()],
        taken: vec![false; pair.replayed.len()],
        comparison: Comparison::default(),
    };
    matching.all()
}

/// Returns what was not checked when the replay is the recording event for event, as far as that goes.
fn exactly(pair: &Pair<'_>, links: &Links<'_>, origins: &mut Origins<'_>) -> Option<Vec<NotChecked>> {
    let open = pair.recorded.last().is_none_or(|last| !last.kind.ends_execution());
    if pair.replayed.len() < pair.recorded.len() || !open && pair.replayed.len() > pair.recorded.len() {
        return None;
    }
    let mut not_checked = Vec::new();
    for (place, (expected, actual)) in pair.recorded.iter().zip(pair.replayed).enumerate() {
        if (expected.id, expected.parent) != (actual.id, actual.parent) {
            return None;
        }
        let unchecked = same_event((expected, None), (actual, None), (links, place), origins).ok()?;
        let listed = unchecked.into_iter().map(|(path, reason)| NotChecked { event: expected.id, path, reason });
        not_checked.extend(listed);
    }
    Some(not_checked)
}

/// When the histories began and ended.
fn window(pair: &Pair<'_>) -> (Timestamp, Timestamp) {
    let epoch = Timestamp::from_micros(0);
    let first = pair.replayed.first().or(pair.recorded.first()).map(|event| event.timestamp);
    let last = pair.replayed.last().or(pair.recorded.last()).map(|event| event.timestamp);
    (first.unwrap_or(epoch), last.unwrap_or(epoch))
}

/// An event, and the chains its causes are told by; without them the numbers in causes have to be the same.
type Told<'e, 'c, 'l, 'a> = (&'e Event, Option<&'c Chains<'l, 'a>>);

/// Tells whether two events are the same, but for what is returned.
fn same_event(
    (expected, left): Told<'_, '_, '_, '_>,
    (actual, right): Told<'_, '_, '_, '_>,
    (links, place): (&Links<'_>, usize),
    origins: &mut Origins<'_>,
) -> Result<Vec<(String, Unchecked)>, Option<Box<Difference>>> {
    if expected.kind != actual.kind {
        return Err(None);
    }
    if expected.details == Details::None && actual.details != Details::None {
        return Ok(vec![(String::new(), Unchecked::NotRecorded)]);
    }
    if expected.details == actual.details && (left.is_none() || !names_events(&expected.details)) {
        return Ok(Vec::new());
    }
    let (mut left, mut right) = (details(expected, left), details(actual, right));
    let mut comparer = Comparer::new(origins, [name(expected), links.state_before(place)]);
    leave_out_missing(expected, actual, &mut left, &mut right, &mut comparer);
    comparer.same(&left, &right).map_err(Some)?;
    Ok(comparer.unchecked)
}

struct Matching<'p, 'l, 'a> {
    pair: &'p Pair<'a>,
    links: &'l (Links<'a>, Links<'a>),
    recorded: Chains<'l, 'a>,
    replayed: Chains<'l, 'a>,
    origins: Origins<'p>,
    /// By chain: events of the replay that have not been matched.
    buckets: HashMap<u32, VecDeque<usize>>,
    /// By place of a recorded event: that of the replay it was matched with.
    pairs: Vec<Option<usize>>,
    /// By place in the replay: whether the event was matched.
    taken: Vec<bool>,
    comparison: Comparison,
}

impl Matching<'_, '_, '_> {
    fn all(mut self) -> Comparison {
        let mut unmatched = None;
        for place in 0..self.pair.recorded.len() {
            self.comparison.compared += 1;
            if self.take_match(place) {
                self.comparison.agreed += 1;
            } else {
                unmatched = unmatched.or(Some(place));
            }
        }
        let mut left: Vec<usize> = self.buckets.values().flatten().copied().collect();
        left.sort_unstable();
        self.comparison.extra = left.len();
        self.comparison.divergence = match unmatched {
            Some(place) => Some(self.divergence(place, &left)),
            None => left.first().map(|&place| self.surplus(place)),
        };
        self.comparison
    }

    /// Finds the event of the replay that a recorded one is, and takes it out.
    fn take_match(&mut self, place: usize) -> bool {
        let number = self.recorded.number(Some(place));
        let candidates = self.buckets.get(&number).cloned().unwrap_or_default();
        for (index, candidate) in candidates.into_iter().enumerate() {
            if !self.may_follow(place, candidate) {
                continue;
            }
            if let Ok(mut unchecked) = self.same_event(place, candidate) {
                let Some(event) = self.pair.recorded.get(place) else { return false };
                if self.recorded.is_older(place) && !self.replayed.is_older(candidate) {
                    unchecked.push(("previousEventId".to_owned(), Unchecked::OlderForm));
                }
                let listed = unchecked.into_iter().map(|(path, reason)| NotChecked { event: event.id, path, reason });
                self.comparison.not_checked.extend(listed);
                self.comparison.same.extend(self.pair.replayed.get(candidate).map(|it| (event.id, it.id)));
                self.buckets.entry(number).or_default().remove(index);
                self.pairs.get_mut(place).into_iter().for_each(|pair| *pair = Some(candidate));
                self.taken.get_mut(candidate).into_iter().for_each(|taken| *taken = true);
                return true;
            }
        }
        false
    }

    /// Tells whether two events may be the same by what they hang on. Chains alone do not tell the tries of a retried
    /// Map apart, and the answer of one is not to be found in the next.
    fn may_follow(&self, recorded: usize, replayed: usize) -> bool {
        match (self.recorded.parent(recorded), self.replayed.parent(replayed)) {
            (Some(recorded), Some(replayed)) => match self.pairs.get(recorded).copied().flatten() {
                Some(pair) => pair == replayed,
                None => !self.taken.get(replayed).copied().unwrap_or_default(),
            },
            _ => true,
        }
    }

    fn same_event(
        &mut self,
        recorded: usize,
        replayed: usize,
    ) -> Result<Vec<(String, Unchecked)>, Option<Box<Difference>>> {
        let (Some(expected), Some(actual)) = (self.pair.recorded.get(recorded), self.pair.replayed.get(replayed))
        else {
            return Err(None);
        };
        let (left, right) = ((expected, Some(&self.recorded)), (actual, Some(&self.replayed)));
        same_event(left, right, (&self.links.0, recorded), &mut self.origins)
    }

    fn divergence(&mut self, place: usize, left: &[usize]) -> Divergence {
        let bucket = self.buckets.get(&self.recorded.number(Some(place)));
        let same_causes = bucket.and_then(|bucket| bucket.iter().copied().find(|it| self.may_follow(place, *it)));
        let parent = self.recorded.number(self.recorded.parent(place));
        let same_parent = |it: &usize| self.replayed.number(self.replayed.parent(*it)) == parent;
        let instead = same_causes.or_else(|| left.iter().copied().find(same_parent));
        let difference = same_causes.and_then(|replayed| self.same_event(place, replayed).err().flatten());
        Divergence {
            recorded: self.pair.recorded.get(place).cloned(),
            replayed: instead.and_then(|it| self.pair.replayed.get(it)).cloned(),
            state: state_of(self.pair.recorded, &self.links.0, place),
            difference,
            rule: None,
        }
    }

    fn surplus(&self, place: usize) -> Divergence {
        Divergence {
            recorded: None,
            replayed: self.pair.replayed.get(place).cloned(),
            state: state_of(self.pair.replayed, &self.links.1, place),
            difference: None,
            rule: None,
        }
    }
}

fn state_of(events: &[Event], links: &Links<'_>, place: usize) -> Option<Arc<str>> {
    let own = events.get(place).and_then(name);
    own.or_else(|| links.state_before(place)).map(Arc::from)
}

/// Names of the Map states with `MaxConcurrency` 1.
fn one_by_one(definition: &Value) -> HashSet<String> {
    fn walk(value: &Value, found: &mut HashSet<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            Value::Object(members) => {
                for (name, member) in members {
                    if member.get("Type").is_some_and(|kind| kind == "Map")
                        && member.get("MaxConcurrency").and_then(Value::as_f64) == Some(1.0)
                    {
                        found.insert(name.clone());
                    }
                    walk(member, found);
                }
            }
            _ => {}
        }
    }
    let mut found = HashSet::new();
    walk(definition, &mut found);
    found
}
