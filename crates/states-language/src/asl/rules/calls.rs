//! Parameters that a service will not take.

use super::subject::Subject;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::{Data, Node};
use crate::asl::resource::{Resource, ServiceCall};
use crate::asl::services::{self, ParameterProblem, Recognition};
use crate::asl::state::{State, StateKind};
use serde_json::{Map, Value};

/// `UNKNOWN_SERVICE`: the table knows nothing of the service, so nothing was checked.
/// `PARAMETER_REFUSED`: AWS creates the machine, and the task fails with `States.Runtime` whatever the input.
pub(super) fn check(subject: &mut Subject<'_>) {
    for (state, node) in subject.states() {
        let StateKind::Task(task) = &state.kind else { continue };
        let Resource::Service(call) = &task.resource else { continue };
        if node.get("Resource").is_some_and(Node::is_substitution) {
            continue;
        }
        if services::recognize(call) == Recognition::Unheard {
            unheard(subject, state, node, call);
        }
        let field = match state.language {
            QueryLanguage::JsonPath => "Parameters",
            QueryLanguage::Jsonata => "Arguments",
        };
        if let Some(parameters) = node.get(field) {
            refused(subject, call, parameters, &format!("{}/{field}", state.place.pointer));
        }
    }
}

fn unheard(subject: &mut Subject<'_>, state: &State, node: &Node, call: &ServiceCall) {
    let location = format!("{}/Resource", state.place.pointer);
    let span = node.get("Resource").map_or(node.span, |resource| resource.span);
    let service = call.service.trim_start_matches("aws-sdk:");
    let message = format!("stepback knows no service '{service}': what the task sends was not checked");
    subject.warn("UNKNOWN_SERVICE", location, span, message);
    subject.hint(format!("Its table of APIs was made from {}.", services::models_version()));
}

fn refused(subject: &mut Subject<'_>, call: &ServiceCall, parameters: &Node, location: &str) {
    for problem in services::parameter_problems(call, &as_far_as_known(parameters)) {
        // What is missing is an error, and AWS's own.
        if matches!(problem, ParameterProblem::Missing(_)) {
            continue;
        }
        subject.warn("PARAMETER_REFUSED", location.to_owned(), parameters.span, problem.to_string());
        let similar = match &problem {
            ParameterProblem::NotSupported(name) => services::members(call).and_then(|known| known.similar(name)),
            _ => None,
        };
        subject.hint(match similar {
            Some(similar) => format!("Perhaps '{similar}' is meant. The task would fail with States.Runtime."),
            None => "The task would fail with States.Runtime.".to_owned(),
        });
    }
}

/// Returns what is sent, with null in place of all that is only known when the state runs.
fn as_far_as_known(node: &Node) -> Value {
    match &node.data {
        Data::Text(text) if text.starts_with("{%") || node.is_substitution() => Value::Null,
        Data::Object(_) if node.is_substitution() => Value::Null,
        Data::Object(members) => {
            let known = |key: &str, value: &Node| match key.strip_suffix(".$") {
                Some(key) => (key.to_owned(), Value::Null),
                None => (key.to_owned(), as_far_as_known(value)),
            };
            Value::Object(members.iter().map(|member| known(&member.key, &member.value)).collect::<Map<_, _>>())
        }
        Data::List(items) => Value::Array(items.iter().map(as_far_as_known).collect()),
        _ => node.to_value(),
    }
}
