//! What a changed field of a definition means for a run.

use super::super::DataChange;
use crate::json::{Step, Value};

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Another state follows, or under other conditions.
    Rewired,
    /// Something waits, is retried or times out otherwise.
    Retimed,
}

/// Fields that say how long something takes, or how often.
const TIMES: [&str; 13] = [
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
    "IntervalSeconds",
    "BackoffRate",
    "MaxAttempts",
    "MaxDelaySeconds",
    "JitterStrategy",
];

/// Fields that say what follows.
const WAYS: [&str; 4] = ["Next", "End", "Default", "StartAt"];

impl Effect {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rewired => "rewired",
            Self::Retimed => "retimed",
        }
    }
}

/// Tells what a changed field means, if it is about ways or times.
pub fn effect(change: &DataChange) -> Option<Effect> {
    let mut members = change.at.0.iter().filter_map(|step| match step {
        Step::Member(name) => Some(&**name),
        _ => None,
    });
    let first = members.next()?;
    let last = members.next_back().unwrap_or(first);
    let leads = |value: &Option<Value>| value.as_ref().is_some_and(|value| value.get("Next").is_some());
    match first {
        "Choices" => Some(Effect::Rewired),
        "Catch" if last == "Next" || last == "Catch" && (leads(&change.old) || leads(&change.new)) => {
            Some(Effect::Rewired)
        }
        "Branches" | "Iterator" | "ItemProcessor" if last == "StartAt" => Some(Effect::Rewired),
        "Retry" if TIMES.contains(&last) || last == "Retry" => Some(Effect::Retimed),
        name if WAYS.contains(&name) => Some(Effect::Rewired),
        name if TIMES.contains(&name) => Some(Effect::Retimed),
        _ => None,
    }
}

impl std::fmt::Display for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
