//! The context object: the one of the request, or one made up.

use super::refusal::{ContextProblem, Refusal};
use crate::asl::{Pattern, Resource, StateKind};
use serde_json::{Map, Value};

const TEXT: &str = "a string";
const INTEGER: &str = "an integer";
const OBJECT: &str = "an object";

/// The fields of a member and what each must be; nothing means that it may be anything.
type Fields = [(&'static str, Option<&'static str>)];

/// The members a context object may have.
const MEMBERS: [(&str, &Fields); 4] = [
    (
        "Execution",
        &[
            ("Id", Some(TEXT)),
            ("Input", None),
            ("Name", Some(TEXT)),
            ("RoleArn", Some(TEXT)),
            ("StartTime", Some(TEXT)),
            ("RedriveCount", Some(INTEGER)),
            ("RedriveTime", Some(TEXT)),
        ],
    ),
    ("State", &[("Name", Some(TEXT)), ("EnteredTime", Some(TEXT)), ("RetryCount", Some(INTEGER))]),
    ("StateMachine", &[("Id", Some(TEXT)), ("Name", Some(TEXT))]),
    ("Task", &[("Token", Some(TEXT))]),
];

/// Reads the context object of a request, which replaces the usual one entirely.
pub(super) fn read(text: &str, state: &StateKind) -> Result<Value, Refusal> {
    let Ok(Value::Object(object)) = serde_json::from_str(text) else {
        return Err(ContextProblem::NotObject.into());
    };
    for (name, value) in &object {
        check_member(name, value)?;
    }
    if object.contains_key("Task") && !waits_for_others(state) {
        return Err(ContextProblem::Task.into());
    }
    Ok(Value::Object(object))
}

fn check_member(name: &str, value: &Value) -> Result<(), ContextProblem> {
    if name == "Map" {
        return Err(ContextProblem::Map);
    }
    let Some((_, fields)) = MEMBERS.iter().find(|(known, _)| *known == name) else {
        return Err(ContextProblem::NotAllowed(name.to_owned()));
    };
    match value {
        Value::Object(members) => check_fields(name, members, fields),
        _ => Err(ContextProblem::WrongType { path: name.to_owned(), expected: OBJECT }),
    }
}

fn check_fields(name: &str, members: &Map<String, Value>, fields: &Fields) -> Result<(), ContextProblem> {
    for (field, value) in members {
        let Some((_, expected)) = fields.iter().find(|(known, _)| known == field) else {
            return Err(ContextProblem::NotAllowed(field.clone()));
        };
        let fits = match *expected {
            Some(TEXT) => value.is_string(),
            Some(INTEGER) => value.is_i64() || value.is_u64(),
            _ => true,
        };
        if let (false, Some(expected)) = (fits, *expected) {
            return Err(ContextProblem::WrongType { path: format!("{name}.{field}"), expected });
        }
    }
    Ok(())
}

fn waits_for_others(state: &StateKind) -> bool {
    let StateKind::Task(task) = state else { return false };
    matches!(&task.resource, Resource::Service(call) if call.pattern != Pattern::RequestResponse)
}
