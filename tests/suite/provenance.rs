//! Where values came from: in the recordings we ship, and in real ones beside the checkout.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use stepback::analysis::provenance::{Document, Gap, Hop, Machines, Making, Step, Story, What, trace};
use stepback::event::Details;
use stepback::history::Family;
use stepback::json::diff::At;
use stepback::json::diff::Step as In;
use stepback::recording::Recording;
use stepback::{report, source};

/// Leaves of one document that are traced.
const LEAVES: usize = 24;

fn leaves(value: &Value, at: At, found: &mut Vec<At>) {
    match value {
        Value::Array(items) => {
            let inner = items.iter().enumerate();
            inner.for_each(|(index, item)| leaves(item, at.clone().join(&[In::Item(index)]), found));
        }
        Value::Object(members) => {
            let inner = members.iter();
            inner.for_each(|(key, item)| leaves(item, at.clone().join(&[In::Member(key.as_str().into())]), found));
        }
        _ => found.push(at),
    }
}

/// Every document that the events of a family carry.
fn documents(family: &Family) -> Vec<Document> {
    let mut found = Vec::new();
    for (member, execution) in family.members() {
        for event in execution.history.events() {
            let document = |what| Document::new(member, event.id, what);
            found.extend(event.details.input().map(|_| document(What::Input)));
            found.extend(event.details.output().map(|_| document(What::Output)));
            found.extend(event.details.failure().map(|_| document(What::Failure)));
            if let Details::StateExited(exited) = &event.details {
                let names = exited.assigned.iter().flat_map(|assigned| assigned.values.keys());
                found.extend(names.map(|name| document(What::Variable(name.clone()))));
            }
        }
    }
    found
}

#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, usize>,
    gaps: Vec<String>,
}

impl Tally {
    fn take(&mut self, name: &str, recording: &Recording) {
        let family = Family::of(recording);
        let machines = Machines::of(recording, &family);
        let story = Story { family: &family, machines: &machines };
        for document in documents(&family) {
            let Some(value) = document.value(story) else { continue };
            let mut places = Vec::new();
            leaves(&value, At::default(), &mut places);
            for at in places.into_iter().take(LEAVES) {
                let trace = trace(story, document.clone().at(at));
                self.hops(name, story, &trace.hops);
            }
        }
    }

    fn hops(&mut self, name: &str, story: Story<'_>, hops: &[Hop]) {
        assert!(!hops.is_empty());
        for (hop, next) in hops.iter().zip(hops.iter().skip(1).map(Some).chain([None])) {
            let word = match &hop.step {
                Step::Copied => {
                    let next = next.unwrap_or_else(|| panic!("{name}: a copy has a source: {hop:?}"));
                    let text = |value: &Option<Value>| value.as_ref().map(canonical);
                    assert_eq!(text(&hop.value), text(&next.value), "{name}: {hop:?}");
                    assert_eq!(hop.depth, next.depth);
                    "copied"
                }
                Step::Made(Making::Collected, _) => "collected",
                Step::Made(Making::Computed, _) => {
                    if std::env::var_os("DUMP").is_some() {
                        let text = hop.fields.iter().filter_map(|f| f.text.as_deref()).collect::<Vec<_>>().join(" | ");
                        self.gaps.push(format!("computed {text}"));
                    }
                    "computed"
                }

                Step::Made(Making::Alike, _) => "alike",
                Step::Origin(_) => "origin",
                Step::Above => "above",
                Step::Gap(Gap::NoDefinition) => "no definition",
                Step::Gap(gap) => {
                    let document = report::document_words(story, &hop.spot.document);
                    self.gaps.push(format!(
                        "{name}: {} {document}, event {}: {gap:?}",
                        hop.spot.at, hop.spot.document.event
                    ));
                    "gap"
                }
            };
            *self.counts.entry(word).or_default() += 1;
        }
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
            let mut members: Vec<_> =
                members.iter().map(|(key, value)| format!("{key}:{}", canonical(value))).collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name)
}

/// The recordings of real executions beside this checkout, if there are any.
fn real() -> Vec<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.map(|folder| folder.join("shared/conformance/executions")).find(|folder| folder.is_dir());
    let Some(folder) = found else {
        eprintln!("SKIPPED: there is no shared/conformance/executions beside the checkout.");
        return Vec::new();
    };
    let groups = std::fs::read_dir(folder).unwrap().map(|group| group.unwrap().path());
    let files = groups.flat_map(|group| std::fs::read_dir(group).unwrap().map(|file| file.unwrap().path()));
    let mut files: Vec<_> = files.filter(|file| file.to_string_lossy().ends_with(".sfn.json")).collect();
    files.sort();
    files
}

#[test]
fn values_of_real_executions_are_followed_and_every_copy_is_one() {
    let mut tally = Tally::default();
    for file in real() {
        let recording = source::open_recording(&file).unwrap();
        tally.take(&file.file_stem().unwrap().to_string_lossy(), &recording);
    }
    if std::env::var_os("DUMP").is_some() {
        let told: std::collections::BTreeSet<_> =
            tally.gaps.iter().filter(|gap| !gap.contains("NotRecorded")).collect();
        println!("{:?}", tally.counts);
        told.iter().for_each(|gap| println!("{gap}"));
    }
}
