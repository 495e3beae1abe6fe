//! Whether two values are the same: JSON texts compared as JSON, 1 apart from 1.0, and what cannot be checked put on a
//! list.

use super::form;
use super::origin::Origins;
use super::placeholder;
use serde_json::Value;

/// Why a value was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unchecked {
    /// The recording has a placeholder in its place.
    TakenOut,
    /// An id, a token or a name that AWS makes up anew.
    MadeUp,
    /// A time.
    Time,
    /// A random number.
    Random,
    /// The recording does not hold the data.
    NotRecorded,
    /// What nobody recorded of who the execution was, such as its name.
    Identity,
    /// How far an execution had come when it was stopped with others: that depends on real time.
    Race,
    /// AWS wrote this in another form then.
    OlderForm,
    /// What an ItemReader read: the children were given what they were recorded with.
    ItemReader,
}

impl Unchecked {
    /// Returns the reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::TakenOut => "the recording has a placeholder here",
            Self::MadeUp => "AWS makes this up anew in every run",
            Self::Time => "a time",
            Self::Random => "a random number",
            Self::Race => "how far it had come when it was stopped depends on real time",
            Self::OlderForm => "AWS wrote this in another form then",
            Self::NotRecorded => "the recording does not hold this",
            Self::Identity => "the recording does not say which execution it is of",
            Self::ItemReader => {
                "what the ItemReader read is not in the recording: its children have their recorded inputs"
            }
        }
    }
}

/// Where two values differ first.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The place inside the details.
    pub path: String,
    /// What was recorded there; absent if nothing was.
    pub expected: Option<Value>,
    /// What the replay has there; absent if it has nothing.
    pub actual: Option<Value>,
}

/// A comparison of two values.
pub(super) struct Comparer<'a, 'o> {
    pub(super) origins: &'a mut Origins<'o>,
    /// The states the values may come from.
    pub(super) states: [Option<&'a str>; 2],
    path: Vec<Step>,
    pub(super) unchecked: Vec<(String, Unchecked)>,
}

enum Step {
    Member(String),
    Item(usize),
}

impl<'a, 'o> Comparer<'a, 'o> {
    pub(super) fn new(origins: &'a mut Origins<'o>, states: [Option<&'a str>; 2]) -> Self {
        Self { origins, states, path: Vec::new(), unchecked: Vec::new() }
    }

    /// Compares what was recorded with what the replay has.
    pub(super) fn same(&mut self, expected: &Value, actual: &Value) -> Result<(), Box<Difference>> {
        match (expected, actual) {
            (Value::Object(left), Value::Object(right)) => {
                for (name, expected) in left {
                    let Some(actual) = right.get(name) else {
                        return Err(self.inside(Step::Member(name.clone()), Some(expected), None));
                    };
                    self.within(Step::Member(name.clone()), |this| this.same(expected, actual))?;
                }
                let new = |name: &str| !left.contains_key(name);
                if right.keys().any(|name| new(name) && form::is_new_member(left, name)) {
                    self.note(Unchecked::OlderForm);
                }
                match right.iter().find(|(name, _)| new(name) && !form::is_new_member(left, name)) {
                    Some((name, actual)) => Err(self.inside(Step::Member(name.clone()), None, Some(actual))),
                    None => Ok(()),
                }
            }
            (Value::Array(left), Value::Array(right)) => {
                for (index, (expected, actual)) in left.iter().zip(right).enumerate() {
                    self.within(Step::Item(index), |this| this.same(expected, actual))?;
                }
                let common = left.len().min(right.len());
                let (missing, extra) = (left.get(common), right.get(common));
                if missing.is_some() || extra.is_some() {
                    return Err(self.inside(Step::Item(common), missing, extra));
                }
                Ok(())
            }
            _ => self.leaf(expected, actual),
        }
    }

    fn leaf(&mut self, expected: &Value, actual: &Value) -> Result<(), Box<Difference>> {
        if expected == actual {
            return Ok(());
        }
        if let Value::String(text) = expected
            && (stands_for(text, actual) && self.origins.is_drawn(actual)
                || placeholder::is_word(text) && self.origins.stood_here(text, actual, self.states))
        {
            self.note(Unchecked::TakenOut);
            return Ok(());
        }
        if self.origins.redacted && placeholder::is_redacted(expected, actual) {
            self.note(Unchecked::TakenOut);
            return Ok(());
        }
        if let (Value::String(left), Value::String(right)) = (expected, actual)
            && let (Some(inside), Some(other)) = (container(left), container(right))
        {
            let before = self.unchecked.len();
            let compared = self.same(&inside, &other);
            if compared.is_ok() || !placeholder::has_placeholder(left) {
                return compared;
            }
            self.unchecked.truncate(before);
        }
        if let Some(reason) = self.origins.excuse(expected, actual, self.states) {
            self.note(reason);
            return Ok(());
        }
        let (expected, actual) = (Some(expected.clone()), Some(actual.clone()));
        Err(Box::new(Difference { path: self.path_text(), expected, actual }))
    }

    fn within<T>(&mut self, step: Step, compare: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let compared = compare(self);
        self.path.pop();
        compared
    }

    fn inside(&mut self, step: Step, expected: Option<&Value>, actual: Option<&Value>) -> Box<Difference> {
        let path = self.within(step, |this| this.path_text());
        Box::new(Difference { path, expected: expected.cloned(), actual: actual.cloned() })
    }

    pub(super) fn note(&mut self, reason: Unchecked) {
        self.unchecked.push((self.path_text(), reason));
    }

    /// Notes a member of the details that is not compared.
    pub(super) fn note_at(&mut self, member: &str, reason: Unchecked) {
        self.within(Step::Member(member.to_owned()), |this| this.note(reason));
    }

    fn path_text(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            match step {
                Step::Item(index) => text.push_str(&format!("[{index}]")),
                Step::Member(name) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Step::Member(name) => text.push_str(&format!("[{}]", Value::from(name.as_str()))),
            }
        }
        text
    }
}

/// Returns the array or object a text holds.
fn container(text: &str) -> Option<Value> {
    let start = text.trim_start();
    if !start.starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Tells whether a recorded text stands in the place of something like the value, which was taken out of the recording.
/// Of a value that AWS does not draw anew that says nothing.
pub fn is_taken_out(text: &str, actual: &Value) -> bool {
    placeholder::is_word(text) || stands_for(text, actual)
}

/// Tells whether a recorded text is a placeholder, or holds such, and stands for anything like the value.
fn stands_for(text: &str, actual: &Value) -> bool {
    match actual {
        Value::String(actual) => placeholder::has_placeholder(text) && placeholder::matches(text, actual),
        _ => placeholder::is_placeholder(text),
    }
}
