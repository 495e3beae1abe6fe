//! Which places of its input a state looks at, as far as its definition says.

use super::DataChange;
use crate::json::diff::{At, Step};
use serde_json::{Map, Value};

/// Places of the input that a state looks at.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reads(Vec<At>);

/// Fields whose paths lead into the state's result, not its input; and other states.
const ELSEWHERE: [&str; 14] = [
    "Result",
    "ResultPath",
    "ResultSelector",
    "OutputPath",
    "Output",
    "Assign",
    "Catch",
    "Retry",
    "Next",
    "Iterator",
    "ItemProcessor",
    "Branches",
    "Comment",
    "ResultWriter",
];

impl Reads {
    /// Returns what a state of that name looks at.
    pub(super) fn of(definition: &Value, state: &str) -> Self {
        let mut reads = Self::default();
        if let Some(state) = find(definition, state, 0) {
            let fields = state.iter().filter(|(name, _)| !ELSEWHERE.contains(&name.as_str()));
            fields.for_each(|(_, value)| reads.collect(value));
        }
        reads
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Tells whether a difference of the input lies at, in or around a place that is looked at.
    pub(super) fn contains(&self, change: &DataChange) -> bool {
        self.0.iter().any(|read| read.touches(&change.at) || change.was_at.as_ref().is_some_and(|at| read.touches(at)))
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.scan(text),
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(members) => members.values().for_each(|member| self.collect(member)),
            _ => {}
        }
    }

    /// Finds the paths in a text, also in the middle of an intrinsic function or a JSONata expression. A path that
    /// selects everything says nothing.
    fn scan(&mut self, text: &str) {
        for (place, _) in text.match_indices('$') {
            let rest = text.get(place + 1..).unwrap_or_default();
            let rest = rest.strip_prefix("states.input").or(Some(rest)).unwrap_or_default();
            let steps = steps(rest);
            if !steps.is_empty() && !text.get(..place).is_some_and(|before| before.ends_with('$')) {
                self.0.push(At(steps));
            }
        }
    }
}

/// Reads `.name`, `['name']` and `[0]` as far as they go; the path ends at anything more general.
fn steps(mut text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let step = if let Some(rest) = text.strip_prefix('.') {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest.split_at_checked(length)
                .filter(|(name, _)| !name.is_empty())
                .map(|(name, rest)| (Step::Member(name.into()), rest))
        } else if let Some(rest) = text.strip_prefix("['") {
            rest.split_once("']").map(|(name, rest)| (Step::Member(name.into()), rest))
        } else if let Some(rest) = text.strip_prefix('[') {
            rest.split_once(']').and_then(|(index, rest)| Some((Step::Item(index.parse().ok()?), rest)))
        } else {
            None
        };
        match step {
            Some((step, rest)) => {
                steps.push(step);
                text = rest;
            }
            None => return steps,
        }
    }
}

/// Finds a state by its name, wherever it stands.
fn find<'a>(value: &'a Value, name: &str, depth: usize) -> Option<&'a Map<String, Value>> {
    if depth > 100 {
        return None;
    }
    match value {
        Value::Object(members) => {
            let state = members.get("States").and_then(|states| states.get(name)).and_then(Value::as_object);
            state.or_else(|| members.values().find_map(|member| find(member, name, depth + 1)))
        }
        Value::Array(items) => items.iter().find_map(|item| find(item, name, depth + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_into_the_input_are_found() {
        let definition = json!({"States": {"A": {"Type": "Parallel", "Branches": [{"States": {"B": {
            "InputPath": "$.a['b c'][0].d[*].e",
            "Choices": [{"Variable": "$.valid"}],
            "Parameters": {"x.$": "States.Format('{}', $.f.g)", "y": "{% $states.input.h & $v %}", "z.$": "$", "c.$": "$$.Execution.Id"},
            "ResultSelector": {"n.$": "$.not"},
        }}}]}}});
        let mut reads: Vec<String> = Reads::of(&definition, "B").0.iter().map(At::to_string).collect();
        reads.sort();
        assert_eq!(reads, ["$.a['b c'][0].d", "$.f.g", "$.h", "$.valid"]);
    }
}
