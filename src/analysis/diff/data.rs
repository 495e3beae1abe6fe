//! What differs between the data of two visits.

use super::run::Run;
use crate::event::Failure;
use crate::history::{AttemptId, History, MemberId, VisitId};
use crate::json::Payload;
use crate::json::diff::{At, Change, Judge, Kind, Word, diff_with, in_words};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Which data of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// A field of a definition.
    Field,
    /// The input of the execution.
    ExecutionInput,
    /// The output of the execution.
    ExecutionOutput,
    /// The input of the state.
    Input,
    /// What the task was called with.
    Parameters,
    /// What the task answered.
    Answer,
    /// The error and cause it failed with.
    Failure,
    /// A variable it assigned.
    Assigned(Arc<str>),
    /// The output of the state.
    Output,
    /// The way from the input of a state to its output.
    Through,
}

/// A difference of data, independent of the documents it was found in.
#[derive(Debug, Clone, PartialEq)]
pub struct DataChange {
    /// Which data.
    pub part: Part,
    /// Where in it.
    pub at: At,
    /// Where it was, if that is elsewhere.
    pub was_at: Option<At>,
    /// What happened to the value.
    pub kind: Kind,
    /// The old value.
    pub old: Option<Value>,
    /// The new value.
    pub new: Option<Value>,
}

impl DataChange {
    /// Returns the values of a change of a long string as pieces they share and pieces they do not.
    pub fn words(&self) -> Option<Vec<Word<'_>>> {
        in_words(self.old.as_ref()?, self.new.as_ref()?)
    }
}

/// The differences of some data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Data {
    /// What differs.
    pub changes: Vec<DataChange>,
    /// How many values differ, but are volatile.
    pub excused: usize,
}

impl Part {
    /// Returns the word for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::ExecutionInput => "executionInput",
            Self::ExecutionOutput => "executionOutput",
            Self::Input => "input",
            Self::Parameters => "parameters",
            Self::Answer => "answer",
            Self::Failure => "failure",
            Self::Assigned(_) => "assigned",
            Self::Output => "output",
            Self::Through => "through",
        }
    }
}

impl Data {
    pub(super) fn add(&mut self, other: Self) {
        self.changes.extend(other.changes);
        self.excused += other.excused;
    }

    /// Compares two payloads; one that is there on one side only says nothing.
    pub fn between(part: &Part, old: Option<&Payload>, new: Option<&Payload>, judge: &dyn Judge) -> Self {
        match (old, new) {
            (Some(old), Some(new)) if old.text() != new.text() => Self::of(part, &parsed(old), &parsed(new), judge),
            _ => Self::default(),
        }
    }

    pub(super) fn of(part: &Part, old: &Value, new: &Value, judge: &dyn Judge) -> Self {
        let node = diff_with(old, new, judge);
        let change = |change: Change<'_>| DataChange {
            part: part.clone(),
            at: change.at,
            was_at: change.was_at,
            kind: change.kind,
            old: change.old.cloned(),
            new: change.new.cloned(),
        };
        Self { changes: node.changes().into_iter().map(change).collect(), excused: node.excused() }
    }
}

/// Histories hold very many payloads, so this one is not kept parsed.
fn parsed(payload: &Payload) -> Value {
    serde_json::from_str(payload.text()).unwrap_or_else(|_| payload.text().into())
}

/// Compares what two attempts were called with and what came of them.
pub fn attempts(old: (&History, AttemptId), new: (&History, AttemptId), judge: &dyn Judge) -> Data {
    let mut data = Data::between(&Part::Parameters, old.0.attempt_input(old.1), new.0.attempt_input(new.1), judge);
    data.add(Data::between(&Part::Answer, old.0.attempt_output(old.1), new.0.attempt_output(new.1), judge));
    let failure = |(history, attempt): (&'_ History, AttemptId)| {
        history.attempt(attempt).outcome.failure().and_then(|event| history.failure_at(event)).map(failed)
    };
    if let (Some(old), Some(new)) = (failure(old), failure(new)) {
        data.add(Data::of(&Part::Failure, &old, &new, judge));
    }
    data
}

/// Returns an error and cause as one document.
fn failed(failure: &Failure) -> Value {
    json!({ "error": failure.error, "cause": failure.cause })
}

/// Two visits to be compared.
pub(super) struct Visits<'a> {
    pub(super) old: (&'a History, VisitId),
    pub(super) new: (&'a History, VisitId),
}

impl<'a> Visits<'a> {
    pub(super) fn of(runs: [&Run<'a>; 2], old: (MemberId, VisitId), new: (MemberId, VisitId)) -> Self {
        let [was, is] = runs;
        Self { old: (was.history(old.0), old.1), new: (is.history(new.0), new.1) }
    }

    pub(super) fn input(&self, judge: &dyn Judge) -> Data {
        Data::between(&Part::Input, self.old.0.input(self.old.1), self.new.0.input(self.new.1), judge)
    }

    /// Compares everything of two visits except what cannot be news: an input that is the output of the visits before,
    /// an output that is the input.
    pub(super) fn news(&self, judge: &dyn Judge) -> Data {
        let mut data = if follows(self.old) && follows(self.new) { Data::default() } else { self.input(judge) };
        data.add(self.work(judge));
        if !(passes(self.old) && passes(self.new)) {
            data.add(self.output(judge));
        }
        data
    }

    /// Compares everything of two visits.
    pub(super) fn all(&self, judge: &dyn Judge) -> Data {
        let mut data = self.input(judge);
        data.add(self.work(judge));
        data.add(self.output(judge));
        data
    }

    fn output(&self, judge: &dyn Judge) -> Data {
        Data::between(&Part::Output, self.old.0.output(self.old.1), self.new.0.output(self.new.1), judge)
    }

    /// The first call's parameters, the last call's answer, the failure, and the variables.
    fn work(&self, judge: &dyn Judge) -> Data {
        let (old, new) = (self.old.0.visit(self.old.1), self.new.0.visit(self.new.1));
        let mut data = Data::default();
        if let (Some(was), Some(is)) = (old.attempts.first(), new.attempts.first()) {
            let parameters = |(history, _): (&'a History, VisitId), attempt| {
                history.event(history.attempt(attempt).scheduled).and_then(|event| event.details.input())
            };
            let (left, right) = (parameters(self.old, *was), parameters(self.new, *is));
            // What is called with the input as it is tells nothing that the input does not.
            let same = |of: (&History, VisitId), parameters: Option<&Payload>| {
                of.0.input(of.1).zip(parameters).is_some_and(|(input, given)| input.text() == given.text())
            };
            if !(same(self.old, left) && same(self.new, right)) {
                data.add(Data::between(&Part::Parameters, left, right, judge));
            }
        }
        if let (Some(was), Some(is)) = (old.attempts.last(), new.attempts.last()) {
            let answers = (self.old.0.attempt_output(*was), self.new.0.attempt_output(*is));
            data.add(Data::between(&Part::Answer, answers.0, answers.1, judge));
        }
        let failure = |(history, visit): (&'a History, VisitId)| {
            history.visit(visit).outcome.failure().and_then(|event| history.failure_at(event))
        };
        if let (Some(was), Some(is)) = (failure(self.old), failure(self.new))
            && was != is
        {
            data.add(Data::of(&Part::Failure, &failed(was), &failed(is), judge));
        }
        if let (Some(was), Some(is)) = (self.old.0.assigned(self.old.1), self.new.0.assigned(self.new.1)) {
            for (name, value) in &was.values {
                data.add(Data::between(&Part::Assigned(name.clone()), Some(value), is.values.get(name), judge));
            }
        }
        data
    }
}

/// Tells whether the input of a visit is the output of the one before it.
fn follows((history, visit): (&History, VisitId)) -> bool {
    let before = history.visit(visit).previous.and_then(|before| history.output(before));
    let input = history.input(visit);
    before.zip(input).is_some_and(|(before, input)| before.text() == input.text())
}

/// Tells whether a visit hands on what it was given.
fn passes((history, visit): (&History, VisitId)) -> bool {
    let both = history.input(visit).zip(history.output(visit));
    both.is_some_and(|(input, output)| input.text() == output.text())
}

/// Where a difference was seen first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The step; `None` for the input of the execution.
    pub step: Option<usize>,
    /// Which data of it.
    pub part: Part,
}

/// The differences seen so far, so that one that is merely handed on is told once.
#[derive(Debug, Default)]
pub(super) struct Seen {
    first: HashMap<u64, Origin>,
}

impl Seen {
    /// Keeps of some differences those that are new, and returns how many were not.
    pub(super) fn keep_news(&mut self, step: Option<usize>, changes: &mut Vec<DataChange>) -> usize {
        let before = changes.len();
        changes.retain(|change| {
            let keys = keys(change);
            let known = keys.iter().flatten().any(|key| self.first.contains_key(key));
            for key in keys.into_iter().flatten() {
                self.first.entry(key).or_insert_with(|| Origin { step, part: change.part.clone() });
            }
            !known
        });
        before - changes.len()
    }

    pub(super) fn origin(&self, change: &DataChange) -> Option<&Origin> {
        keys(change).iter().flatten().find_map(|key| self.first.get(key))
    }
}

/// Returns what a difference is known by: its values and the name of its member; values that are hardly found twice by
/// chance suffice alone, for they may be handed on under another name.
fn keys(change: &DataChange) -> [Option<u64>; 2] {
    let key = |name: &str| {
        let mut hasher = DefaultHasher::new();
        let moved = (change.kind == Kind::Moved).then_some((&change.at, &change.was_at));
        (name, change.kind, &change.old, &change.new, moved).hash(&mut hasher);
        hasher.finish()
    };
    let distinctive = |value: &Option<Value>| match value {
        Some(Value::String(text)) => text.len() >= 4,
        Some(Value::Number(number)) => number.as_f64().is_some_and(|number| number.abs() >= 1000.0),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        _ => false,
    };
    let alone = match change.kind {
        Kind::Moved => false,
        _ => distinctive(&change.old) || distinctive(&change.new),
    };
    [Some(key(change.at.name())), alone.then(|| key("\0"))]
}
