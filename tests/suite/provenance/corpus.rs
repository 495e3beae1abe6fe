//! Every value of the recordings we ship, and of real ones beside the checkout.

use super::{Run, leaves};
use crate::corpus::executions;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use stepback::analysis::provenance::{Gap, Hop, Making, Step, Story, trace};
use stepback::report;
use stepback::source::{self, Opened};

/// Leaves of one document that are traced.
const LEAVES: usize = 24;

/// Documents of one recording whose leaves are traced.
const DOCUMENTS: usize = 400;

#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, usize>,
    gaps: Vec<String>,
}

impl Tally {
    fn take(&mut self, name: &str, run: &Run) {
        for document in run.documents().into_iter().take(DOCUMENTS) {
            let Some(value) = document.value(run.story()) else { continue };
            for at in leaves(&value).into_iter().take(LEAVES) {
                let trace = trace(run.story(), document.clone().at(at));
                self.hops(name, run.story(), &trace.hops);
            }
        }
    }

    fn hops(&mut self, name: &str, story: Story<'_>, hops: &[Hop]) {
        assert!(!hops.is_empty());
        let next = hops.iter().skip(1).map(Some).chain([None]);
        for (hop, next) in hops.iter().zip(next) {
            let word = match &hop.step {
                Step::Copied => {
                    let next = next.unwrap_or_else(|| panic!("{name}: a copy has a source: {hop:?}"));
                    let text = |value: &Option<Value>| value.as_ref().map(canonical);
                    assert_eq!(text(&hop.value), text(&next.value), "{name}: {hop:?}");
                    assert_eq!(hop.depth, next.depth, "{name}: {hop:?}");
                    "copied"
                }
                Step::Made(Making::Collected, _) => "collected",
                Step::Made(Making::Computed, _) => "computed",
                Step::Made(Making::Alike, _) => "alike",
                Step::Origin(_) => "origin",
                Step::Above => "above",
                Step::Gap(Gap::NoProgram(_)) => "no program",
                Step::Gap(Gap::NotRecorded) => "not recorded",
                Step::Gap(gap) => {
                    let document = report::document_words(story, &hop.spot.document);
                    let event = hop.spot.document.event;
                    self.gaps.push(format!("{name}: {} {document}, event {event}: {gap:?}", hop.spot.at));
                    "gap"
                }
            };
            *self.counts.entry(word).or_default() += 1;
        }
    }

    fn count(&self, word: &str) -> usize {
        self.counts.get(word).copied().unwrap_or_default()
    }
}

/// A value in one form, whether it was text or JSON, `1` or `1.0`.
fn canonical(value: &Value) -> String {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner) if !inner.is_string() => canonical(&inner),
            _ => text.clone(),
        },
        Value::Number(number) => number.as_f64().unwrap_or_default().to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{key}:{}", canonical(value)));
            let mut members: Vec<_> = members.collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}

#[test]
fn every_copy_in_real_executions_is_one() {
    let files = executions();
    if files.is_empty() {
        return;
    }
    let mut tally = Tally::default();
    for file in &files {
        let recording = source::open_recording(file).unwrap();
        tally.take(&file.file_stem().unwrap().to_string_lossy(), &Run::of(&recording));
    }
    // Where recordings were normalised, one event's text is not the other's any more.
    tally.gaps.retain(|gap| !gap.contains("<uuid:"));
    assert!(tally.gaps.is_empty(), "{}", tally.gaps.join("\n"));
    println!("{:?}", tally.counts);
    assert!(tally.count("copied") > 20 * tally.count("alike"), "{:?}", tally.counts);
    assert_eq!(tally.count("no program"), 0);
}

#[test]
fn every_value_of_the_recordings_we_ship_is_followed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let mut tally = Tally::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match source::open(&path) {
            Ok(Opened::One(recording)) => tally.take(&name, &Run::of(&recording)),
            Ok(Opened::Several(recordings)) => recordings.iter().for_each(|one| tally.take(&name, &Run::of(one))),
            _ => {}
        }
    }
    println!("{:?}", tally.counts);
    assert!(tally.gaps.is_empty(), "{}", tally.gaps.join("\n"));
    assert_eq!(tally.count("not recorded"), 0, "{:?}", tally.counts);
}
