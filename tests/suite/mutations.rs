//! Runs with one thing changed: the first divergence is named at the event where that shows first.

use super::random_machines::recorded_run;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use stepback::asl::{Definition, Format};
use stepback::event::{Event, EventId};
use stepback::history::{Attempt, History, Place, ScopeId};
use stepback::json::Patch;
use stepback::recording::Recording;
use stepback::replay::{Edits, Outcome, Replay, Verdict, answers_file, case};
use stepback::source::{Opened, open, open_bytes};
use stepback::tasks::{AnswersFile, task_key};

/// The recordings we ship that hold their definition.
fn shipped() -> Vec<(PathBuf, Recording)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let opened = files.into_iter().filter_map(|path| match open(&path) {
        Ok(Opened::One(recording)) if recording.definition().is_some() => Some((path, *recording)),
        _ => None,
    });
    opened.collect()
}

fn replay(recording: &Recording, edits: Edits) -> Outcome {
    let mut replay = Replay::of(recording, edits).unwrap();
    while replay.advance(1_000) {}
    replay.finish()
}

/// The recorded event of the first divergence, and the place inside its details.
fn named(outcome: &Outcome) -> Option<(EventId, String)> {
    let divergence = outcome.divergence.as_ref()?;
    let path = divergence.difference.as_ref().map(|difference| difference.path.clone()).unwrap_or_default();
    Some((divergence.recorded.as_ref()?.id, path))
}

fn key(history: &History, attempt: &Attempt) -> String {
    let visit = history.visit(attempt.visit);
    let index = |scope: ScopeId| match history.scope(scope).place {
        Place::Iteration { index, .. } => Some(u32::try_from(index).unwrap()),
        _ => None,
    };
    let mut path: Vec<u32> = history.scopes_above(visit.scope).filter_map(index).collect();
    path.reverse();
    task_key(&visit.name, &path)
}

/// The recorded answers of one task with one of them changed.
fn with_changed_answer(answers: &Value, key: &str, number: usize) -> Option<Edits> {
    let mut entries = answers["states"][key].as_array()?.clone();
    let entry = entries.get_mut(number)?.as_object_mut()?;
    // So that the run goes on as before: whatever an answer leads to may overtake what was recorded before it.
    match entry.get_mut("result") {
        Some(Value::Object(result)) => result.insert("changed".to_owned(), json!(true)),
        Some(result) => Some(std::mem::replace(result, json!({ "changed": true }))),
        None => Some(std::mem::replace(entry.get_mut("cause")?, json!("changed"))),
    };
    let states = Map::from_iter([(key.to_owned(), Value::Array(entries))]);
    let answers = AnswersFile::parse(&json!({ "states": states }).to_string()).unwrap();
    Some(Edits { answers: Some(Box::new(answers)), ..Edits::default() })
}

/// Changes every `stride`th answer of a recording, each in a replay of its own.
fn change_answers(recording: &Recording, stride: usize) -> Result<usize, String> {
    let history: History = recording.events.iter().collect();
    let answers = answers_file(recording);
    let (mut numbers, mut tried) = (std::collections::HashMap::new(), 0);
    for (place, (_, attempt)) in history.attempts().enumerate() {
        let scheduled = history.event(attempt.scheduled).is_some_and(|event| event.kind.schedules_task());
        let Some(ended) = attempt.ended.filter(|_| scheduled) else { continue };
        let answered = |event: &Event| event.kind.completes_task() || event.kind.fails_task();
        let key = key(&history, attempt);
        let number = numbers.entry(key.clone()).or_insert(0);
        let edits = with_changed_answer(&answers, &key, *number);
        *number += 1;
        let Some(edits) = edits.filter(|_| place % stride == 0 && history.event(ended).is_some_and(answered)) else {
            continue;
        };
        let outcome = replay(recording, edits);
        let found = named(&outcome);
        if found.as_ref().map(|(event, _)| *event) != Some(ended) {
            return Err(format!("answer {number} of {key}: {found:?} instead of {ended}"));
        }
        tried += 1;
    }
    Ok(tried)
}

#[test]
fn a_changed_answer_is_named_where_it_arrives() {
    let mut tried = 0;
    for (path, recording) in shipped() {
        // Of the longest not every answer: each is a replay of its own.
        let stride = recording.events.len() / 100 * 3 + 1;
        tried += change_answers(&recording, stride).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()));
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn a_changed_field_of_the_input_is_named_at_the_first_event() {
    let mut tried = 0;
    for (path, recording) in shipped() {
        let input = recording.input().unwrap().value().unwrap().clone();
        for field in input.as_object().unwrap().keys() {
            let mut changed = input.clone();
            changed[field] = json!({ "changed": input[field] });
            let input = Some(stepback::json::Payload::from_value(changed));
            let outcome = replay(&recording, Edits { input, ..Edits::default() });
            let (event, place) = named(&outcome).unwrap();
            assert_eq!(event, EventId::FIRST, "{} {field}", path.display());
            assert!(place.starts_with(&format!("input.{field}")), "{} {field}: {place}", path.display());
            tried += 1;
        }
    }
    assert!(tried > 30, "{tried}");
}

/// The first recorded event that satisfies a test.
fn first(recording: &Recording, test: impl Fn(&History, &Event) -> bool) -> Option<EventId> {
    let history: History = recording.events.iter().collect();
    history.events().iter().find(|event| test(&history, event)).map(|event| event.id)
}

fn is_of(history: &History, event: &Event, state: &str) -> bool {
    history.visit_of(event.id).is_some_and(|visit| *history.visit(visit).name == *state)
}

/// What to change in a state that was visited, and the first event in which that has to show.
fn change(recording: &Recording, state: &str, fields: &Value) -> Option<(Value, EventId)> {
    let scheduled = |history: &History, event: &Event| event.kind.schedules_task() && is_of(history, event, state);
    let left = |_: &History, event: &Event| {
        event.kind.exits().is_some() && event.details.name().is_some_and(|it| **it == *state)
    };
    let failed = |history: &History, event: &Event| {
        event.kind.is_failure()
            && event.parent.is_some_and(|entered| is_of(history, history.event(entered).unwrap(), state))
    };
    for template in ["Parameters", "Arguments"] {
        if fields["Type"] == "Task" && fields[template].is_object() {
            return Some((json!({ template: { "changed": true } }), first(recording, scheduled)?));
        }
    }
    match fields["Type"].as_str()? {
        "Pass" if fields["Result"].is_object() => {
            Some((json!({ "Result": { "changed": true } }), first(recording, left)?))
        }
        "Fail" if fields["Error"].is_string() => Some((json!({ "Error": "Changed.Error" }), first(recording, failed)?)),
        _ => None,
    }
}

/// All states of a definition with the pointers that lead to them.
fn states(value: &Value, way: &[&str], found: &mut Vec<(Vec<String>, String, Value)>) {
    let Value::Object(members) = value else { return };
    for (name, member) in members {
        let longer: Vec<&str> = way.iter().copied().chain([name.as_str()]).collect();
        if name == "States" {
            for (state, fields) in member.as_object().into_iter().flatten() {
                let own: Vec<String> = longer.iter().map(|step| (*step).to_owned()).chain([state.clone()]).collect();
                let borrowed: Vec<&str> = own.iter().map(String::as_str).collect();
                states(fields, &borrowed, found);
                found.push((own.clone(), state.clone(), fields.clone()));
            }
        } else {
            states(member, &longer, found);
        }
    }
}

#[test]
fn a_changed_field_of_the_definition_is_named_where_it_shows() {
    let mut tried = HashSet::new();
    for (path, recording) in shipped() {
        let text = recording.definition().unwrap().text().to_owned();
        let definition = Definition::read(text.clone(), Format::Json);
        let mut all = Vec::new();
        states(&serde_json::from_str(&text).unwrap(), &[], &mut all);
        for (way, state, fields) in all {
            let Some((changed, event)) = change(&recording, &state, &fields) else { continue };
            let merge = way.iter().rev().fold(changed, |inside, step| json!({ step: inside }));
            let patched = definition.patched(&[Patch::read(&merge.to_string()).unwrap()]).unwrap();
            let machine = patched.parse(Default::default()).0.unwrap().into();
            let outcome = replay(&recording, Edits { machine: Some(machine), ..Edits::default() });
            let found = named(&outcome).map(|(event, _)| event);
            assert_eq!(found, Some(event), "{} {state} {merge}", path.display());
            let rule = outcome.divergence.unwrap().rule.unwrap_or_else(|| panic!("no rule for {merge}"));
            assert_eq!(rule.state.as_deref(), Some(state.as_str()));
            tried.insert((path.clone(), state));
        }
    }
    assert!(tried.len() > 30, "{}", tried.len());
}

#[test]
fn every_recording_becomes_a_case_that_agrees() {
    for (path, recording) in shipped() {
        let mut text = Vec::new();
        case(&recording).to_writer(&mut text).unwrap();
        let again = open_bytes(text).unwrap().into_recording().unwrap();
        let outcome = replay(&again, Edits::default());
        assert_eq!(outcome.fidelity.verdict, Verdict::Agrees, "{}: {:?}", path.display(), outcome.divergence);
        assert_eq!(outcome.fidelity.agreed, recording.events.len(), "{}", path.display());
        assert!(outcome.agrees(), "{}", path.display());
    }
}

#[test]
fn recorded_answers_given_back_change_nothing() {
    let mut tried = 0;
    for (path, recording) in shipped() {
        let answers = AnswersFile::parse(&answers_file(&recording).to_string()).unwrap();
        tried += 1;
        let outcome = replay(&recording, Edits { answers: Some(Box::new(answers)), ..Edits::default() });
        assert!(outcome.fidelity.verdict == Verdict::Agrees, "{}: {:?}", path.display(), outcome.divergence);
        assert!(outcome.unused_given.is_empty(), "{}: {:?}", path.display(), outcome.unused_given);
    }
    assert!(tried >= 12, "{tried}");
}

proptest! {
    #![proptest_config(crate::random_machines::repeatable(1_000))]

    #[test]
    fn runs_of_random_machines_are_reproduced_and_changed_answers_named(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let Some(recording) = recorded_run(&bytes) else { return Ok(()) };
        let outcome = replay(&recording, Edits::default());
        prop_assert!(outcome.fidelity.verdict == Verdict::Agrees, "{:?} {:?} {:?}", outcome.divergence, outcome.unanswered, recording.definition());
        prop_assert!(outcome.unanswered.is_empty() && outcome.unused.is_empty(), "{:?} {:?} {:?}", outcome.unanswered, outcome.unused, recording.definition());
        let answers = AnswersFile::parse(&answers_file(&recording).to_string()).unwrap();
        let given = replay(&recording, Edits { answers: Some(Box::new(answers)), ..Edits::default() });
        prop_assert!(given.fidelity.verdict == Verdict::Agrees, "{:?} {:?}", given.divergence, recording.definition());
        let changed = change_answers(&recording, 3);
        prop_assert!(changed.is_ok(), "{changed:?} {:?}", recording.definition());
    }
}
