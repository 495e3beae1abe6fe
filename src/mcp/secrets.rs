//! What the payloads of a recording hold: the values that must not leave, and the texts in which they may.

use super::words::{cause, without_json};
use crate::recording::Recording;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Strings of fewer bytes are told apart from nothing: they are in any sentence.
const SHORTEST: usize = 4;

/// What stands where a value was.
const HIDDEN: &str = "<hidden>";

/// The values of payloads, and what is known without them: definitions, error texts and names.
#[derive(Debug, Default)]
pub struct Secrets {
    /// By their first bytes, so that a text is gone through once however many there are.
    leaves: HashMap<[u8; SHORTEST], HashSet<String>>,
    public: String,
    /// The names of members, each said once.
    names: HashSet<String>,
}

impl Secrets {
    /// Collects those of recordings and of the executions in them.
    pub fn of(recordings: &[Recording]) -> Self {
        let mut secrets = Self::default();
        recordings.iter().for_each(|recording| secrets.take(recording));
        secrets
    }

    fn take(&mut self, recording: &Recording) {
        for event in recording.events.iter() {
            let event = serde_json::to_value(&event).unwrap_or_default();
            self.event("", &event);
        }
        let execution = recording.execution.as_ref().and_then(|it| serde_json::to_value(it).ok());
        self.event("", &execution.unwrap_or_default());
        if let Some(definition) = recording.definition() {
            self.say(definition.text());
        }
        for name in [recording.name(), recording.machine_name(), recording.arn().map(|arn| &**arn)] {
            self.say(name.unwrap_or_default());
        }
        for log in &recording.logs {
            self.payload(log.text());
        }
        recording.children.iter().for_each(|child| self.take(child));
        recording.map_runs.iter().flat_map(|run| &run.executions).for_each(|child| self.take(child));
    }

    fn say(&mut self, text: &str) {
        self.public.push_str(text);
        self.public.push('\n');
    }

    /// Goes through what AWS answered: payloads are JSON in strings, all else is said openly.
    fn event(&mut self, key: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let inherits = matches!(key, "assignedVariables" | "inputs");
                    self.event(if inherits { "input" } else { name }, value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.event(key, item)),
            Value::String(text) if matches!(key, "cause" | "error") => self.texts(&cause(text)),
            Value::String(text) if is_payload(key) => self.payload(text),
            Value::String(text) => self.say(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn name(&mut self, name: &str) {
        if self.names.insert(name.to_owned()) {
            self.say(name);
        }
    }

    /// The texts of a cause, also of one that is JSON.
    fn texts(&mut self, cause: &Value) {
        match cause {
            Value::Object(members) => members.values().for_each(|value| self.texts(value)),
            Value::Array(items) => items.iter().for_each(|item| self.texts(item)),
            Value::String(text) => self.say(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn payload(&mut self, text: &str) {
        match serde_json::from_str::<Value>(text) {
            Ok(value) => self.leaf(&value),
            Err(_) => self.leaf(&Value::from(text)),
        }
    }

    fn leaf(&mut self, value: &Value) {
        let text = match value {
            // Names of members are told with every shape.
            Value::Object(members) => {
                return members.iter().for_each(|(name, value)| {
                    self.name(name);
                    self.leaf(value);
                });
            }
            Value::Array(items) => return items.iter().for_each(|item| self.leaf(item)),
            Value::Null | Value::Bool(_) => return,
            Value::Number(number) => number.to_string(),
            Value::String(text) => {
                // JSON in a string in JSON: its leaves count as well.
                if text.starts_with(['{', '['])
                    && let Ok(inner) = serde_json::from_str::<Value>(text)
                {
                    self.leaf(&inner);
                }
                text.clone()
            }
        };
        if let Some(first) = text.as_bytes().first_chunk::<SHORTEST>() {
            self.leaves.entry(*first).or_default().insert(text);
        }
    }

    /// Returns a text without the values of payloads that nothing else says.
    pub fn hide(&self, text: &str) -> String {
        let mut found = HashSet::new();
        for (at, first) in text.as_bytes().windows(SHORTEST).enumerate() {
            let begins = first.first_chunk::<SHORTEST>().and_then(|first| self.leaves.get(first));
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            found.extend(begins.into_iter().flatten().filter(|leaf| rest.starts_with(leaf.as_bytes())));
        }
        let mut found: Vec<&String> = found.into_iter().filter(|leaf| !self.public.contains(leaf.as_str())).collect();
        // The longest first: what is inside another goes with it.
        found.sort_by_key(|leaf| (std::cmp::Reverse(leaf.len()), *leaf));
        found.into_iter().fold(text.to_owned(), |text, leaf| text.replace(leaf.as_str(), HIDDEN))
    }

    /// Tells whether a text is said openly by a recording: in a definition, an error or a cause.
    pub fn is_public(&self, text: &str) -> bool {
        self.public.contains(&without_json(text))
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }
}

/// The members of events and of described executions that hold data.
fn is_payload(key: &str) -> bool {
    matches!(key, "input" | "output" | "parameters" | "result" | "taskToken")
}
