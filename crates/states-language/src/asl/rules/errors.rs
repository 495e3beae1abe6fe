//! Retriers and catchers that cannot do anything.

use super::subject::Subject;
use crate::asl::node::Node;
use crate::asl::setting::Text;
use crate::asl::state::{State, StateKind};
use std::collections::HashSet;

/// The reserved names that an error can have or a pattern can be.
const KNOWN: [&str; 17] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

/// Errors that `States.TaskFailed` does not stand for.
const NOT_TASK_FAILED: [&str; 4] = ["States.ALL", "States.Timeout", "States.Runtime", "States.HeartbeatTimeout"];

/// `SHADOWED_RETRIER`, `SHADOWED_CATCHER`: an earlier one takes every error it is for.
/// `UNKNOWN_ERROR_NAME`: Step Functions has no such error. `UNCATCHABLE_ERROR`: nothing catches `States.Runtime`.
pub(super) fn check(subject: &mut Subject<'_>) {
    let raised = raised(subject);
    for (state, node) in subject.states() {
        for (field, code, noun) in [("Retry", "SHADOWED_RETRIER", "retrier"), ("Catch", "SHADOWED_CATCHER", "catcher")]
        {
            let list = node.get(field).and_then(Node::items).unwrap_or_default();
            names(subject, state, field, list, raised.as_ref());
            shadows(subject, state, (field, code, noun), list);
        }
    }
}

fn errors(entry: &Node) -> impl Iterator<Item = &Node> {
    entry.get("ErrorEquals").and_then(Node::items).unwrap_or_default().iter()
}

/// Returns the errors that Fail states raise; `None` when one of them takes its error from the input.
///
/// The prefix is reserved, and yet AWS lets a Fail state raise `States.Anything`, and catches it.
fn raised<'a>(subject: &Subject<'a>) -> Option<HashSet<&'a str>> {
    let errors = subject.machine.states().filter_map(|state| match &state.kind {
        StateKind::Fail(fail) => fail.error.as_ref(),
        _ => None,
    });
    let fixed = errors.map(|error| match error {
        Text::Fixed(name) => Some(name.as_str()),
        _ => None,
    });
    fixed.collect()
}

fn names(subject: &mut Subject<'_>, state: &State, field: &str, list: &[Node], raised: Option<&HashSet<&str>>) {
    let known = |name: &str| {
        KNOWN.contains(&name)
            || name.starts_with("States.Http.StatusCode.")
            || raised.is_none_or(|raised| raised.contains(name))
    };
    for (index, entry) in list.iter().enumerate() {
        for (number, error) in errors(entry).enumerate() {
            let Some(name) = error.text().filter(|name| name.starts_with("States.") && !error.is_substitution()) else {
                continue;
            };
            let location = format!("{}/{field}[{index}]/ErrorEquals[{number}]", state.place.pointer);
            if name == "States.Runtime" {
                let message = "States.Runtime can neither be retried nor caught";
                subject.warn("UNCATCHABLE_ERROR", location, error.span, message);
            } else if !known(name) {
                let message = format!("There is no error called '{name}'");
                subject.warn("UNKNOWN_ERROR_NAME", location, error.span, message);
                subject.hint("Names that start with 'States.' are reserved; of your own errors, leave it out.");
            }
        }
    }
}

fn shadows(subject: &mut Subject<'_>, state: &State, (field, code, noun): (&str, &'static str, &str), list: &[Node]) {
    let is_task = matches!(state.kind, StateKind::Task(_));
    let mut earlier: Vec<(usize, &str)> = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let own: Vec<&str> = errors(entry).filter_map(Node::text).collect();
        let taken = |name: &str| {
            let by = |(_, other): &&(usize, &str)| {
                *other == name || is_task && *other == "States.TaskFailed" && !NOT_TASK_FAILED.contains(&name)
            };
            earlier.iter().find(by).map(|(index, _)| *index)
        };
        let by: Vec<Option<usize>> = own.iter().map(|name| taken(name)).collect();
        if let Some(Some(first)) = by.first()
            && by.iter().all(Option::is_some)
        {
            let location = format!("{}/{field}[{index}]", state.place.pointer);
            let message = format!("This {noun} is never used: earlier ones take every error it is for");
            subject.warn(code, location, entry.span, message);
            subject.hint(format!("See {field}[{first}]; the first that fits decides."));
        }
        earlier.extend(own.into_iter().map(|name| (index, name)));
    }
}
