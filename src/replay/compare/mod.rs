//! Compares a replayed history with the recorded one, branch by branch.
//!
//! Every event is compared with the one that has the same causes, whatever the interleaving across branches: its type
//! and its details. Numbers of events in causes are compared by what they point at.

mod chains;
mod origin;
mod placeholder;
mod same;

pub use same::{Difference, Unchecked};

use crate::event::{Data, Details, Event, EventId, Truncation};
use crate::json::Payload;
use chains::{Chains, Interner, name};
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
    pub difference: Option<Difference>,
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
}

/// Two histories to be compared.
pub(super) struct Pair<'a> {
    pub(super) recorded: &'a [Event],
    pub(super) replayed: &'a [Event],
    pub(super) definition: Option<&'a Payload>,
    /// What the interpreter made up.
    pub(super) drawn: &'a HashSet<Arc<str>>,
}

/// Compares the histories of a pair.
pub(super) fn compare(pair: &Pair<'_>) -> Comparison {
    let definition = pair.definition.and_then(|text| text.value().ok());
    let maps = definition.map(one_by_one).unwrap_or_default();
    let mut interner = Interner::default();
    let recorded = Chains::of(pair.recorded, &maps, &mut interner);
    let replayed = Chains::of(pair.replayed, &maps, &mut interner);
    let first = pair.replayed.first().or(pair.recorded.first()).map(|event| event.timestamp);
    let last = pair.replayed.last().or(pair.recorded.last()).map(|event| event.timestamp);
    let epoch = crate::event::Timestamp::from_micros(0);
    let window = (first.unwrap_or(epoch), last.unwrap_or(epoch));
    let origins = Origins::new(pair.drawn, definition, window);
    let mut buckets: HashMap<u32, VecDeque<usize>> = HashMap::new();
    for (place, number) in replayed.numbers().iter().enumerate() {
        buckets.entry(*number).or_default().push_back(place);
    }
    Matching { pair, recorded, replayed, origins, buckets, comparison: Comparison::default() }.all()
}

struct Matching<'p, 'a> {
    pair: &'p Pair<'a>,
    recorded: Chains<'a>,
    replayed: Chains<'a>,
    origins: Origins<'p>,
    /// By chain: events of the replay that have not been matched.
    buckets: HashMap<u32, VecDeque<usize>>,
    comparison: Comparison,
}

impl<'a> Matching<'_, 'a> {
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
        let number = self.recorded.numbers().get(place).copied().unwrap_or_default();
        let candidates = self.buckets.get(&number).cloned().unwrap_or_default();
        for (index, candidate) in candidates.into_iter().enumerate() {
            if let Ok(unchecked) = self.same_event(place, candidate) {
                let Some(event) = self.pair.recorded.get(place) else { return false };
                let listed = unchecked.into_iter().map(|(path, reason)| NotChecked { event: event.id, path, reason });
                self.comparison.not_checked.extend(listed);
                self.buckets.entry(number).or_default().remove(index);
                return true;
            }
        }
        false
    }

    fn same_event(&mut self, recorded: usize, replayed: usize) -> Result<Vec<(String, Unchecked)>, Option<Difference>> {
        let (Some(expected), Some(actual)) = (self.pair.recorded.get(recorded), self.pair.replayed.get(replayed))
        else {
            return Err(None);
        };
        if expected.kind != actual.kind {
            return Err(None);
        }
        if expected.details == actual.details && !names_events(&expected.details) {
            return Ok(Vec::new());
        }
        let mut left = details(expected, &self.recorded);
        let mut right = details(actual, &self.replayed);
        let before = self.recorded.state_before(recorded);
        let mut comparer = Comparer::new(&mut self.origins, [name(expected), before]);
        leave_out_missing(expected, actual, &mut left, &mut right, &mut comparer);
        comparer.same(&left, &right).map_err(Some)?;
        Ok(comparer.unchecked)
    }

    fn divergence(&mut self, place: usize, left: &[usize]) -> Divergence {
        let number = self.recorded.numbers().get(place).copied().unwrap_or_default();
        let same_causes = self.buckets.get(&number).and_then(|bucket| bucket.front()).copied();
        let parent = self.recorded.parent(place);
        let instead = same_causes.or_else(|| left.iter().copied().find(|it| self.replayed.parent(*it) == parent));
        let difference = same_causes.and_then(|replayed| self.same_event(place, replayed).err().flatten());
        Divergence {
            recorded: self.pair.recorded.get(place).cloned(),
            replayed: instead.and_then(|it| self.pair.replayed.get(it)).cloned(),
            state: state_of(self.pair.recorded, &self.recorded, place),
            difference,
        }
    }

    fn surplus(&self, place: usize) -> Divergence {
        Divergence {
            recorded: None,
            replayed: self.pair.replayed.get(place).cloned(),
            state: state_of(self.pair.replayed, &self.replayed, place),
            difference: None,
        }
    }
}

fn state_of(events: &[Event], chains: &Chains<'_>, place: usize) -> Option<Arc<str>> {
    let own = events.get(place).and_then(name);
    own.or_else(|| chains.state_before(place)).map(Arc::from)
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

/// Before the number of an event in a cause, as in `… at the event id #12 …`.
const NUMBERED: &str = "event id #";

/// Tells whether a text in the details names an event by its number.
fn names_events(details: &Details) -> bool {
    let in_cause = |cause: &Option<Arc<str>>| cause.as_ref().is_some_and(|cause| cause.contains(NUMBERED));
    let in_payload = |payload: Option<&Payload>| payload.is_some_and(|payload| payload.text().contains(NUMBERED));
    details.failure().is_some_and(|failure| in_cause(&failure.cause))
        || in_payload(details.input())
        || in_payload(details.output())
}

/// Returns the details of an event with its payloads read.
fn details(event: &Event, chains: &Chains<'_>) -> Value {
    let Ok(Value::Object(members)) = serde_json::to_value(event) else { return Value::Null };
    let details = members.into_iter().find(|(name, _)| name.ends_with("EventDetails"));
    let mut details = details.map_or_else(|| Value::Object(Default::default()), |(_, details)| details);
    point(&mut details, chains);
    let Value::Object(members) = &mut details else { return details };
    for name in ["input", "output", "parameters"] {
        members.get_mut(name).into_iter().for_each(read);
    }
    if let Some(Value::Object(variables)) = members.get_mut("assignedVariables") {
        variables.values_mut().for_each(read);
    }
    details
}

fn read(payload: &mut Value) {
    if let Value::String(text) = payload
        && let Ok(value) = serde_json::from_str(text)
    {
        *payload = value;
    }
}

/// Replaces the numbers of events by the numbers of their chains.
fn point(value: &mut Value, chains: &Chains<'_>) {
    match value {
        Value::String(text) if text.contains(NUMBERED) => *text = pointed(text, chains),
        Value::Array(items) => items.iter_mut().for_each(|item| point(item, chains)),
        Value::Object(members) => members.values_mut().for_each(|member| point(member, chains)),
        _ => {}
    }
}

fn pointed(text: &str, chains: &Chains<'_>) -> String {
    let mut parts = text.split(NUMBERED);
    let mut pointed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        let chain = number.parse().ok().and_then(|id| chains.number_of(id));
        pointed.push_str(NUMBERED);
        match (chain, digits) {
            (_, 0) => {}
            (Some(chain), _) => pointed.push_str(&format!("@{chain}")),
            (None, _) => pointed.push('?'),
        }
        pointed.push_str(rest);
    }
    pointed
}

/// Leaves out of both sides what the recording does not hold: data that was not recorded or was cut.
fn leave_out_missing(
    expected: &Event,
    actual: &Event,
    left: &mut Value,
    right: &mut Value,
    comparer: &mut Comparer<'_, '_>,
) {
    let missing = |recorded: Option<&Data>, replayed: Option<&Data>| match (recorded, replayed) {
        (Some(recorded), Some(_)) => recorded.truncation == Truncation::Cut,
        _ => false,
    };
    let sides = (data(&expected.details), data(&actual.details));
    let (Some((member, recorded)), Some((_, replayed))) = sides else { return };
    if missing(recorded, replayed) {
        comparer.note(Unchecked::NotRecorded);
        for side in [left, right] {
            if let Value::Object(members) = side {
                members.shift_remove(member);
                members.shift_remove(&format!("{member}Details"));
            }
        }
    }
}

/// Returns the data that details are about, and the name of the member.
fn data(details: &Details) -> Option<(&'static str, Option<&Data>)> {
    Some(match details {
        Details::ExecutionStarted(started) => ("input", started.input.as_ref()),
        Details::StateEntered(entered) => ("input", entered.input.as_ref()),
        Details::LambdaScheduled(scheduled) => ("input", scheduled.input.as_ref()),
        Details::ActivityScheduled(scheduled) => ("input", scheduled.input.as_ref()),
        Details::Output(output) => ("output", output.as_ref()),
        Details::StateExited(exited) => ("output", exited.output.as_ref()),
        Details::TaskOutput(done) => ("output", done.output.as_ref()),
        _ => return None,
    })
}
