//! Follows a value back, hop by hop, and checks each.

use super::alike::{alike, same};
use super::derived::{Derived, From};
use super::{Document, Gap, Hop, Making, Spot, Step, Story, Trace, What};
use crate::json::diff::At;
use serde_json::Value;
use std::collections::HashSet;

/// The most places a trace tells of.
const MOST_HOPS: usize = 300;

/// How many places with the same value are told of where nothing better is known.
const ALIKE: usize = 4;

/// Follows the value at a place back to where it was made.
///
/// Each hop that claims to be a copy has been checked: the value at its source is the value that was followed.
pub fn trace(story: Story<'_>, spot: Spot) -> Trace {
    let mut tracer = Tracer { story, trace: Trace { hops: Vec::new(), cut: false }, known: HashSet::new() };
    tracer.follow(spot, 0);
    tracer.trace
}

/// Returns the place where a value was made, and by whom or of what: the end of the way that [`trace`] tells whole.
/// `None` when nobody knows, or when finding out would take documents of more bytes than that.
pub fn maker(story: Story<'_>, spot: Spot, most_bytes: usize) -> Option<Hop> {
    let mut known = HashSet::new();
    let mut left = most_bytes;
    let mut next = spot;
    while known.len() < MOST_HOPS && known.insert(next.clone()) {
        let spot = next;
        left = left.checked_sub(spot.document.size(story))?;
        let value = spot.value(story);
        let Derived { fields, from } = story.derive(&spot);
        let step = match checked(story, from, value.as_ref()) {
            From::Place(document, at) => {
                next = document.at(at);
                continue;
            }
            From::Made(making, places) => Step::Made(making, places.len()),
            From::Origin(origin) => Step::Origin(origin),
            From::Gap(_) => return None,
        };
        return Some(Hop { depth: 0, spot, value, step, fields });
    }
    None
}

struct Tracer<'a> {
    story: Story<'a>,
    trace: Trace,
    known: HashSet<Spot>,
}

impl Tracer<'_> {
    fn follow(&mut self, spot: Spot, depth: u16) {
        let mut next = Some(spot);
        while let Some(spot) = next.take() {
            if self.trace.hops.len() >= MOST_HOPS {
                self.trace.cut = true;
                return;
            }
            let value = spot.value(self.story);
            if !self.known.insert(spot.clone()) {
                self.trace.hops.push(Hop { depth, spot, value, step: Step::Above, fields: Vec::new() });
                return;
            }
            let Derived { fields, from } = self.story.derive(&spot);
            let from = checked(self.story, from, value.as_ref());
            let from = match from {
                From::Gap(gap) => self.otherwise(&spot, value.as_ref(), gap),
                known => known,
            };
            let (step, sources) = match from {
                From::Place(document, at) => {
                    next = Some(document.at(at));
                    (Step::Copied, Vec::new())
                }
                From::Made(making, places) => (Step::Made(making, places.len()), places),
                From::Origin(origin) => (Step::Origin(origin), Vec::new()),
                From::Gap(gap) => (Step::Gap(gap), Vec::new()),
            };
            self.trace.hops.push(Hop { depth, spot, value, step, fields });
            match <[_; 1]>::try_from(sources) {
                Ok([(document, at)]) => next = Some(document.at(at)),
                Err(sources) => sources.into_iter().for_each(|(document, at)| self.follow(document.at(at), depth + 1)),
            }
        }
    }

    /// Where nothing is known, says at least where the same value is: in what the state saw last.
    fn otherwise(&self, spot: &Spot, value: Option<&Value>, gap: Gap) -> From<Document> {
        let telling = value.filter(|value| tells_something(value));
        let (Some(value), Some(before)) = (telling, self.before(spot)) else { return From::Gap(gap) };
        let places = before.into_iter().flat_map(|document| {
            let found = document.value(self.story).map(|inside| alike(&inside, &At::default(), value, ALIKE));
            found.unwrap_or_default().into_iter().map(move |at| (document.clone(), at))
        });
        let places: Vec<_> = places.take(ALIKE).collect();
        if places.is_empty() { From::Gap(gap) } else { From::Made(Making::Alike, places) }
    }

    /// The documents a state had before it made this one.
    fn before(&self, spot: &Spot) -> Option<Vec<Document>> {
        let Document { member, event, .. } = spot.document;
        let history = self.story.history(member);
        let visit = history.visit(history.visit_of(event)?);
        let answers = visit.attempts.iter().rev().filter_map(|attempt| history.attempt(*attempt).ended);
        let answers = answers.map(|event| Document::new(member, event, What::Output));
        let input = visit.entered.map(|event| Document::new(member, event, What::Input));
        Some(answers.chain(input).filter(|before| before.event < event).collect())
    }
}

/// Values that are everywhere say nothing by being the same.
fn tells_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() >= 10.0),
        Value::String(text) => text.chars().count() > 1,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// Keeps a copy only when what stands at its source is what was copied.
fn checked(story: Story<'_>, from: From<Document>, value: Option<&Value>) -> From<Document> {
    let From::Place(document, at) = from else { return from };
    let source = Spot { document, at };
    let found = source.value(story);
    let agrees = match (value, &found) {
        (Some(value), Some(found)) => agree(value, found),
        // What was not recorded cannot be compared; the way it came is known all the same.
        (None, None) => source.document.value(story).is_none(),
        _ => false,
    };
    match agrees {
        true => From::Place(source.document, source.at),
        false if source.document.value(story).is_none() => From::Gap(Gap::NotRecorded),
        false => From::Gap(Gap::Differs(found)),
    }
}

/// Tells whether two values are the same; a text that holds JSON is what it holds.
pub(super) fn agree(left: &Value, right: &Value) -> bool {
    let decoded = |text: &Value, value: &Value| match text {
        Value::String(text) => serde_json::from_str::<Value>(text).is_ok_and(|text| same(&text, value)),
        _ => false,
    };
    same(left, right) || decoded(left, right) || decoded(right, left)
}
