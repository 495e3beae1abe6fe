//! The values a failure speaks of: what its message quotes, and what a good run had otherwise, in the data of the state.
//!
//! Nothing is guessed: a value that is only similar does not count.

use super::Mentions;
use super::cause::Finding;
use super::diff::{Divergence, Part};
use super::provenance::{Document, Spot, Story, What};
use crate::json::diff::{At, Step};
use serde_json::Value;

/// How many values of a document are looked at.
const MOST_VALUES: usize = 20_000;

/// Returns the places of the values a failure speaks of, the likeliest first: those a path in its message leads to, those
/// the message quotes, those that differed from a good run and that the state reads.
pub fn suspects(story: Story<'_>, finding: &Finding, differed: Option<&Divergence>) -> Vec<Spot> {
    let Some(input) = input_of(story, finding) else { return Vec::new() };
    let mentions = finding.cause.as_ref().map(|cause| Mentions::of(&cause.summary)).unwrap_or_default();
    let mut found: Vec<Spot> = Vec::new();
    let mut keep = |spot: Spot| {
        if !found.contains(&spot) {
            found.push(spot);
        }
    };
    let read = differed.into_iter().flat_map(|differed| &differed.because).filter(|reason| reason.read);
    let read: Vec<At> =
        read.filter(|reason| reason.change.part == Part::Input).map(|reason| reason.change.at.clone()).collect();
    for at in mentions.paths.iter().chain(&read) {
        let spot = input.clone().at(reached(story, &input, at));
        if !spot.at.0.is_empty() {
            keep(spot);
        }
    }
    let task = finding.place.attempt.map(|attempt| story.history(finding.place.execution).attempt(attempt).scheduled);
    let task = task.map(|event| Document::new(finding.place.execution, event, What::Input));
    for value in &mentions.values {
        let documents = task.iter().chain([&input]);
        let place =
            documents.filter_map(|document| Some((document, place_of(&*document.value(story)?, value)?))).next();
        if let Some((document, at)) = place {
            keep(document.clone().at(at));
        }
    }
    found
}

fn input_of(story: Story<'_>, finding: &Finding) -> Option<Document> {
    let entered = story.history(finding.place.execution).visit(finding.place.visit?).entered?;
    Some(Document::new(finding.place.execution, entered, What::Input))
}

/// Returns as much of a way as leads somewhere.
fn reached(story: Story<'_>, document: &Document, at: &At) -> At {
    let Some(value) = document.value(story) else { return At::default() };
    let mut known = At::default();
    for step in &at.0 {
        let next = known.clone().join(std::slice::from_ref(step));
        if next.find(&value).is_none() {
            break;
        }
        known = next;
    }
    known
}

/// Returns the place of the first string or number that reads like this, as a person reads it.
fn place_of(document: &Value, wanted: &str) -> Option<At> {
    let mut left: Vec<(At, &Value)> = vec![(At::default(), document)];
    let mut looked = 0;
    while let Some((at, value)) = left.pop() {
        looked += 1;
        if looked > MOST_VALUES {
            return None;
        }
        let step = |step: Step| at.clone().join(&[step]);
        match value {
            Value::String(text) if text == wanted => return Some(at),
            Value::Number(number) if number.to_string() == wanted => return Some(at),
            Value::Object(members) => {
                left.extend(
                    members.iter().rev().map(|(name, value)| (step(Step::Member(name.as_str().into())), value)),
                );
            }
            Value::Array(items) => {
                left.extend(items.iter().enumerate().rev().map(|(index, value)| (step(Step::Item(index)), value)));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_value_that_is_the_same_is_found() {
        let document = json!({ "a": ["x", { "b": "JPY", "n": 17 }], "c": "JPY" });
        for (wanted, at) in [("JPY", Some("$.a[1].b")), ("17", Some("$.a[1].n")), ("jpy", None), ("1", None)] {
            assert_eq!(place_of(&document, wanted).map(|at| at.to_string()).as_deref(), at, "{wanted}");
        }
    }
}
