//! The steps of the JSONata data flow that several types of state share.

use super::jsonpath::{Assigned, variables};
use super::{Environment, Exit, value_of};
use crate::asl::compiled::JsonataTemplate;
use crate::interpreter::error::StateError;
use crate::json::Payload;
use crate::query::jsonata::Session;
use std::fmt;

/// What a state's expressions see before its work is done.
pub(super) fn session<'a>(environment: Environment<'a>, input: &'a Payload) -> Session<'a> {
    Session::new(environment.scope(value_of(input)))
}

/// What holds the fields `Output` and `Assign`, as causes name it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holder {
    State,
    Rule(usize),
    Catcher(usize),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State => Ok(()),
            Self::Rule(index) => write!(f, "Choices[{index}]/"),
            Self::Catcher(index) => write!(f, "Catch[{index}]/"),
        }
    }
}

/// The variables an `Assign` sets.
pub(super) fn assign(
    template: Option<&JsonataTemplate>,
    session: &Session<'_>,
    holder: Holder,
) -> Result<Assigned, StateError> {
    let Some(template) = template else { return Ok(None) };
    Ok(Some(variables(template.evaluate(session, &format_args!("{holder}Assign"))?)))
}

/// What leaves a state: `Output`, or what it would put out by itself, and `Assign`. Both see the same variables.
pub(super) fn exit(
    output: Option<&JsonataTemplate>,
    assigning: Option<&JsonataTemplate>,
    session: &Session<'_>,
    holder: Holder,
    default: &Payload,
) -> Result<Exit, StateError> {
    let assigned = assign(assigning, session, holder)?;
    let output = match output {
        Some(output) => Payload::from_value(output.evaluate(session, &format_args!("{holder}Output"))?),
        None => default.clone(),
    };
    Ok(Exit { output, assigned })
}
