//! Whether a service takes the parameters of a task.

use super::table::{Api, Kind, Member, Shape};
use serde_json::{Map, Value};
use std::fmt;

/// Why a service does not take a task's parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterProblem {
    /// A member that it does not know.
    NotSupported(String),
    /// A member that it cannot do without.
    Missing(String),
    /// A member that must be a text, and is a number or a truth value.
    NotText(String),
    /// A member that is a plain value in place of a list, a map or a structure, or the other way round.
    Format(String),
}

/// AWS's words for all but a missing member, which has those of the definition's check.
impl fmt::Display for ParameterProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSupported(field) => write!(f, "The field \"{field}\" is not supported by Step Functions"),
            Self::Missing(field) => write!(f, "The field '{field}' is required but was missing"),
            Self::NotText(field) => write!(f, "The value for the field '{field}' must be a STRING"),
            Self::Format(field) => write!(f, "The value of the field '{field}' has an invalid format"),
        }
    }
}

/// Finds what is wrong with the parameters of a call.
pub(super) fn of_value(api: &Api, parameters: &Value) -> Vec<ParameterProblem> {
    let mut found = Vec::new();
    if let Value::Object(members) = parameters {
        let input = api.input();
        structure(input, members, &mut found);
        // What is missing further inside, the service itself complains about.
        let missing = input.members().filter(|member| member.required);
        let missing = missing.filter(|member| !members.keys().any(|name| name.eq_ignore_ascii_case(member.name)));
        found.extend(missing.map(|member| ParameterProblem::Missing(member.name.to_owned())));
    }
    found
}

/// Finds a member by its name as Step Functions writes it: the first letter is a capital, and within the name the case
/// may differ, as the SDKs write acronyms in different ways.
fn find<'a>(structure: &Shape<'a>, name: &str) -> Option<Member<'a>> {
    let fits = |member: &Member<'_>| {
        // The SDK for Java cannot have a member called `null`.
        member.name.eq_ignore_ascii_case(name) || member.name == "NULL" && name == "Nul"
    };
    structure.members().find(fits).filter(|member| member.name.get(..1) == name.get(..1))
}

fn structure(shape: Shape<'_>, members: &Map<String, Value>, found: &mut Vec<ParameterProblem>) {
    if shape.is_open() {
        return;
    }
    for (name, value) in members {
        match find(&shape, name) {
            Some(member) => self::value(member.shape, name, value, found),
            None => found.push(ParameterProblem::NotSupported(name.clone())),
        }
    }
}

fn value(shape: Shape<'_>, name: &str, value: &Value, found: &mut Vec<ParameterProblem>) {
    match (shape.kind(), value) {
        (Kind::Text, Value::Number(_) | Value::Bool(_)) => found.push(ParameterProblem::NotText(name.to_owned())),
        (Kind::List, Value::Array(items)) => {
            if let Some(inner) = shape.inner() {
                items.iter().for_each(|item| self::value(inner, name, item, found));
            }
        }
        (Kind::Map, Value::Object(members)) => {
            let Some(inner) = shape.inner() else { return };
            if inner.kind() == Kind::List && members.values().any(|value| !value.is_array() && !value.is_null()) {
                // API Gateway wants a list for each header, and names the whole map.
                return found.push(ParameterProblem::Format(name.to_owned()));
            }
            members.iter().for_each(|(key, value)| self::value(inner, key, value, found));
        }
        (Kind::Structure, Value::Object(members)) => structure(shape, members, found),
        (Kind::List | Kind::Map | Kind::Structure, Value::Null) => {}
        (Kind::List | Kind::Map | Kind::Structure, _) => found.push(ParameterProblem::Format(name.to_owned())),
        _ => {}
    }
}
