//! What is expected of a run, and how a run is not that.

use super::pattern::{Miss, Pattern, shown};
use super::run::Ran;
use crate::json::{At, Value};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// What is expected of a run. Without a status, it is that the run succeeds, unless an error or a cause is expected.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// The status, in AWS's word.
    pub status: Option<String>,
    /// The output.
    pub output: Option<Pattern>,
    /// The name of the error.
    pub error: Option<Pattern>,
    /// The cause.
    pub cause: Option<Pattern>,
    /// The states in order, see [`path`](super::path()).
    pub path: Option<Pattern>,
    /// How often states are entered, by name.
    pub visits: BTreeMap<String, u64>,
    /// The same as it was written.
    pub written: Option<Value>,
}

/// How a run is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What of the run: `status`, `output $.total`.
    pub what: String,
    /// What was expected, in words.
    pub expected: String,
    /// What there was.
    pub actual: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Members {
    status: Option<String>,
    #[serde(deserialize_with = "present")]
    output: Option<Value>,
    error: Option<Value>,
    cause: Option<Value>,
    path: Option<Value>,
    visits: BTreeMap<String, u64>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// How a run can end; nobody stops it.
const STATUSES: [&str; 3] = ["SUCCEEDED", "FAILED", "TIMED_OUT"];

impl Expectation {
    /// Reads the object `expect` of a case. An error comes with its line inside of the text, from 1.
    pub fn read(text: &str) -> Result<Self, (u32, String)> {
        let members: Members = serde_json::from_str(text).map_err(|error| {
            let told = error.to_string();
            let reason = told.rsplit_once(" at line ").map_or(told.as_str(), |(reason, _)| reason).to_owned();
            (u32::try_from(error.line().max(1)).unwrap_or(u32::MAX), reason)
        })?;
        let status = members.status;
        if let Some(status) = status.as_deref().filter(|status| !STATUSES.contains(status)) {
            return Err((1, format!("\"status\": '{status}' is not one of {}", STATUSES.join(", "))));
        }
        if members.output.is_some() && (members.error.is_some() || members.cause.is_some()) {
            return Err((1, "\"output\" excludes \"error\" and \"cause\": a run has one or the other".to_owned()));
        }
        let pattern = |name: &str, value: Option<Value>| {
            let read = value.as_ref().map(Pattern::read).transpose();
            read.map_err(|error| (1, format!("in \"{name}\": {error}")))
        };
        Ok(Self {
            status,
            output: pattern("output", members.output)?,
            error: pattern("error", members.error)?,
            cause: pattern("cause", members.cause)?,
            path: pattern("path", members.path)?,
            visits: members.visits,
            written: serde_json::from_str(text).ok(),
        })
    }

    /// Returns how a run is not what is expected; nothing when it is.
    pub fn mismatches(&self, ran: &Ran) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.status(ran, &mut found);
        if let Some(pattern) = &self.output {
            match &ran.output {
                Some(output) => compare("output", pattern, output, &mut found),
                None => found.push(Mismatch::of("output", pattern.to_string(), "no output")),
            }
        }
        for (what, pattern, text) in [("error", &self.error, &ran.error), ("cause", &self.cause, &ran.cause)] {
            match (pattern, text) {
                (Some(pattern), Some(text)) => compare(what, pattern, &Value::from(&**text), &mut found),
                (Some(pattern), None) => found.push(Mismatch::of(what, pattern.to_string(), format!("no {what}"))),
                (None, _) => {}
            }
        }
        if let Some(pattern) = &self.path {
            path(pattern, &ran.path, &mut found);
        }
        for (state, expected) in &self.visits {
            let actual = ran.visits(state);
            if actual != *expected {
                found.push(Mismatch::of(&format!("visits of {state}"), expected.to_string(), actual.to_string()));
            }
        }
        found
    }

    fn status(&self, ran: &Ran, found: &mut Vec<Mismatch>) {
        let told = match (&ran.error, &ran.cause) {
            _ if ran.status == "SUCCEEDED" => String::new(),
            (None, None) => String::new(),
            (error, cause) => {
                let parts = [error.as_deref(), cause.as_deref()].into_iter().flatten().collect::<Vec<_>>();
                format!(" ({})", shown(&Value::from(parts.join(": "))).trim_matches('"'))
            }
        };
        let actual = format!("{}{told}", ran.status);
        match &self.status {
            Some(status) if *status == ran.status => {}
            Some(status) => found.push(Mismatch::of("status", status.clone(), actual)),
            None if self.error.is_some() || self.cause.is_some() => {
                if ran.status == "SUCCEEDED" {
                    found.push(Mismatch::of("status", "not SUCCEEDED", actual));
                }
            }
            None if ran.status == "SUCCEEDED" => {}
            None => found.push(Mismatch::of("status", "SUCCEEDED", actual)),
        }
    }
}

impl Mismatch {
    fn of(what: &str, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { what: what.to_owned(), expected: expected.into(), actual: actual.into() }
    }
}

fn compare(what: &str, pattern: &Pattern, value: &Value, found: &mut Vec<Mismatch>) {
    let mut misses = Vec::new();
    pattern.compare(value, &At::default(), &mut misses);
    found.extend(misses.into_iter().map(|Miss { at, expected, actual }| {
        let what = if at.0.is_empty() { what.to_owned() } else { format!("{what} {at}") };
        Mismatch { what, expected, actual }
    }));
}

/// Tells of a path where it first leaves what was expected: what follows is another way.
fn path(pattern: &Pattern, actual: &[String], found: &mut Vec<Mismatch>) {
    let Pattern::List(expected) = pattern else {
        let actual = actual.iter().map(|state| Value::from(state.as_str())).collect();
        return compare("path", pattern, &actual, found);
    };
    let fits = |(pattern, state): (&Pattern, &String)| pattern.matches(&Value::from(state.as_str()));
    let common = expected.iter().zip(actual).take_while(|pair| fits(*pair)).count();
    if common == expected.len() && common == actual.len() {
        return;
    }
    let step = match common.checked_sub(1).and_then(|last| actual.get(last)) {
        Some(before) => format!("path after {before} (step {common})"),
        None => "path".to_owned(),
    };
    let name = |pattern: &Pattern| match pattern {
        Pattern::Value(Value::String(name)) => name.clone(),
        pattern => pattern.to_string(),
    };
    let expected = expected.get(common).map_or_else(|| "the end".to_owned(), name);
    found.push(Mismatch::of(&step, expected, actual.get(common).map_or("the end", String::as_str)));
}
