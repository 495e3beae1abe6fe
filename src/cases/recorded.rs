//! A recording written down as a case.

use super::expect::Mismatch;
use super::file::{Case, CaseFile, FORMAT};
use super::pattern::{Kind, literally};
use super::run::{OTHER, Ran, Setting, as_value, labelled};
use super::update::drawn;
use crate::asl::{Definition, Format, Machine, MachineKind, Severity};
use crate::event::{EventType, Failure, Timestamp};
use crate::history::History;
use crate::json::{At, Payload, Step, Value};
use crate::recording::Recording;
use crate::replay::{answers_file, timed_answers_file};
use crate::tasks::{AnswersFile, Known, identity_of, kind_of};
use serde_json::Map;
use std::collections::HashMap;
use std::sync::Arc;

/// A recording as a case.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The case file.
    pub file: Value,
    /// The values that are only expected by their kind.
    pub drawn: Vec<Drawn>,
    /// How a run of the case is not what was recorded: nothing, for a case that is worth keeping.
    pub mismatches: Vec<Mismatch>,
    /// Why a run of it cannot go on.
    pub stopped: Option<String>,
}

/// A value of a recording that every run draws anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Where it stands: `output $.id`.
    pub at: String,
    /// The kind that is expected.
    pub kind: &'static str,
}

/// Writes a recording down as a case. An error is a sentence.
///
/// Which values are drawn anew is found out by running the case twice, with other time and chance. How long the answers
/// took is only written down where the run does not come to the same without.
pub fn case_of(recording: &Recording, name: &str) -> Result<Exported, String> {
    let definition = recording.definition().ok_or("The recording does not hold the definition of its machine.")?;
    let input = recording.input().ok_or("The recording does not hold the input of the execution.")?;
    let kind = kind_of(recording);
    let text = definition.text();
    let (machine, findings) = Definition::read(text, Format::of_text(text)).parse(kind);
    let machine = machine.map(Arc::new).ok_or_else(|| {
        let error = findings.iter().find(|finding| finding.severity == Severity::Error);
        let told = error.map(|error| error.message.clone()).unwrap_or_default();
        format!("AWS would refuse the definition: {told}.")
    })?;
    let history = labelled(recording.events.iter().collect(), &machine);
    refuse(&history)?;
    let mut case = Map::new();
    case.insert("format".to_owned(), Value::from(FORMAT));
    case.insert("name".to_owned(), Value::from(name));
    // What a template left open stands outside of quotes, which is not JSON.
    let written = Definition::read(text, Format::of_text(text)).to_value();
    case.insert("definition".to_owned(), written.unwrap_or_else(|| as_value(definition)));
    if let Some(machine) = recording.machine_name() {
        case.insert("machine".to_owned(), Value::from(machine));
    }
    if kind == MachineKind::Express {
        case.insert("type".to_owned(), Value::from("EXPRESS"));
    }
    if let Some(execution) = execution(&identity_of(recording, kind)) {
        case.insert("execution".to_owned(), execution);
    }
    case.insert("input".to_owned(), as_value(&input));
    let draft = Draft { recording, history: &history, machine, definition, input: &input, case };
    let plain = draft.with(answers_file(recording))?;
    if plain.mismatches.is_empty() && plain.stopped.is_none() {
        return Ok(plain);
    }
    let timed = draft.with(timed_answers_file(recording))?;
    Ok(if timed.mismatches.is_empty() && timed.stopped.is_none() { timed } else { plain })
}

/// A case runs once and nobody interferes.
fn refuse(history: &History) -> Result<(), String> {
    if !history.redrives().is_empty() {
        return Err("The execution was redriven, and a case runs once.".to_owned());
    }
    if history.end().is_some_and(|end| end.kind == EventType::ExecutionAborted) {
        return Err("The execution was stopped from outside, and in a case nobody stops it.".to_owned());
    }
    Ok(())
}

/// A case without answers, and what it is made of.
struct Draft<'a> {
    recording: &'a Recording,
    history: &'a History,
    machine: Arc<Machine>,
    definition: &'a Payload,
    input: &'a Payload,
    case: Map<String, Value>,
}

impl Draft<'_> {
    /// Makes the case with these answers, and runs it.
    fn with(&self, answers: Value) -> Result<Exported, String> {
        let text = answers.to_string();
        let run = |case: &Case, other: u64| {
            let answers = AnswersFile::parse(&text).map_err(|error| error.to_string())?;
            let setting = Setting {
                machine: Arc::clone(&self.machine),
                definition: self.definition.clone(),
                input: self.input.clone(),
                answers: Box::new(answers),
                machines: HashMap::new(),
                s3: None,
                cancelled: Arc::default(),
            };
            Ok::<_, String>(Ran::of(case, setting, other))
        };
        let mut case = self.case.clone();
        case.insert("answers".to_owned(), answers);
        let asking = read(&case)?;
        let ran = run(&asking, 0)?;
        let (expect, drawn) = expectation(self.recording, self.history, [&ran, &run(&asking, OTHER)?]);
        case.insert("expect".to_owned(), expect);
        let mismatches = read(&case)?.expect.mismatches(&ran);
        Ok(Exported { file: Value::Object(case), drawn, mismatches, stopped: ran.stopped })
    }
}

fn read(case: &Map<String, Value>) -> Result<Case, String> {
    let text = Value::Object(case.clone()).to_string();
    let file = CaseFile::read(&text).map_err(|error| format!("The case cannot be read: {}.", error.reason))?;
    file.cases.into_iter().next().ok_or_else(|| "The case cannot be read.".to_owned())
}

/// What a case says about who the execution is; nothing that was not recorded.
fn execution(known: &Known) -> Option<Value> {
    let identity = &known.identity;
    let is_known = |text: &str| !known.missing.iter().any(|missing| text.contains(missing));
    let mut told = Map::new();
    let arns = [("arn", &identity.arn), ("roleArn", &identity.role_arn), ("stateMachineArn", &identity.machine_arn)];
    for (name, text) in arns {
        if is_known(text) {
            told.insert(name.to_owned(), Value::from(&**text));
        }
    }
    let started = Timestamp::from_micros(identity.started.as_micros()).to_string();
    if Timestamp::parse_iso(&started).is_some() {
        told.insert("startTime".to_owned(), Value::from(started));
    }
    (!told.is_empty()).then_some(Value::Object(told))
}

/// What the recording came to. Where two runs with other time and chance do not come to the same, only the kind of what
/// was recorded is expected.
fn expectation(recording: &Recording, history: &History, [one, other]: [&Ran; 2]) -> (Value, Vec<Drawn>) {
    let failure = history.end().and_then(|end| end.details.failure()).cloned();
    let Failure { error, cause } = failure.unwrap_or_default();
    let text = |text: &Option<Arc<str>>| text.as_deref().map(Value::from);
    let mut expect = Map::new();
    expect.insert("status".to_owned(), Value::from(recording.status().name()));
    let mut all = Vec::new();
    let parts = [
        ("output", recording.output().as_ref().map(as_value), one.output.clone(), other.output.clone()),
        ("error", text(&error), text(&one.error), text(&other.error)),
        ("cause", text(&cause), text(&one.cause), text(&other.cause)),
    ];
    for (name, recorded, one, other) in parts {
        let Some(recorded) = recorded else { continue };
        let mut places = Vec::new();
        if let (Some(one), Some(other)) = (one, other) {
            drawn(&one, &other, &At::default(), &mut places);
        }
        let mut found = Vec::new();
        let written = with_kinds(&recorded, &At::default(), &places, &mut found);
        all.extend(found.into_iter().map(|(at, kind)| {
            let at = if at.0.is_empty() { name.to_owned() } else { format!("{name} {at}") };
            Drawn { at, kind: kind.name() }
        }));
        expect.insert(name.to_owned(), written);
    }
    expect.insert("path".to_owned(), super::path(history).into());
    (Value::Object(expect), all)
}

/// Writes a value down as a pattern in which these places are described by their kind.
fn with_kinds(value: &Value, at: &At, places: &[(At, Kind)], found: &mut Vec<(At, Kind)>) -> Value {
    if let Some((_, kind)) = places.iter().find(|(place, _)| place == at) {
        let kind = if kind.holds(value) { *kind } else { Kind::of_both(value, value) };
        found.push((at.clone(), kind));
        return kind.written();
    }
    let inside = places.iter().any(|(place, _)| place.0.starts_with(&at.0));
    match value {
        Value::Object(members) if inside => {
            let member = |(name, value): (&String, &Value)| {
                let at = at.clone().join(&[Step::Member(name.as_str().into())]);
                (name.clone(), with_kinds(value, &at, places, found))
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) if inside => {
            let items = items.iter().enumerate();
            items.map(|(index, it)| with_kinds(it, &at.clone().join(&[Step::Item(index)]), places, found)).collect()
        }
        value => literally(value),
    }
}
