//! The steps of the JSONPath data flow that several types of state share.

use super::{Environment, Piece, value_of};
use crate::asl::compiled::{Path, ReferencePath, Template};
use crate::asl::{ResultPath, Selection};
use crate::interpreter::error::{StateError, failure};
use crate::json::Payload;
use crate::query::path::Root;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// Variables to set, in the order of the definition.
pub(super) type Assigned = Option<Vec<(Arc<str>, Payload)>>;

/// What `InputPath` or `OutputPath` lets through. A path that is just `$` leaves the text alone.
pub(super) fn select<'a>(
    selection: Option<&Selection>,
    environment: Environment<'_>,
    from: &Piece<'a>,
) -> Result<Piece<'a>, StateError> {
    match selection {
        None => Ok(from.clone()),
        Some(Selection::Null) => Ok(Piece::from(Value::Object(Map::new()))),
        Some(Selection::Path(path)) if is_whole(path) => Ok(from.clone()),
        Some(Selection::Path(path)) => Ok(Piece::from(look_up(path, environment, from.value())?.into_owned())),
    }
}

/// What a path selects, or AWS's sentence about an invalid one.
pub(super) fn look_up<'a>(
    path: &Path,
    environment: Environment<'a>,
    input: &'a Value,
) -> Result<Cow<'a, Value>, StateError> {
    path.select(&environment.scope(input)).map_err(|miss| StateError::runtime(miss.invalid_path()))
}

/// Tells whether a path selects all of the input.
pub(super) fn is_whole(path: &Path) -> bool {
    *path.root() == Root::Input && path.text() == "$"
}

/// What a payload template makes of its input; without a template the input itself.
pub(super) fn compose<'a>(
    template: Option<&'a Template>,
    environment: Environment<'_>,
    input: &Piece<'a>,
) -> Result<Piece<'a>, StateError> {
    match template {
        None => Ok(input.clone()),
        Some(template) => evaluate(template, environment, input.value()).map(Piece::from),
    }
}

/// The value of a payload template, with AWS's sentence when a path of it selects nothing.
pub(super) fn evaluate(template: &Template, environment: Environment<'_>, input: &Value) -> Result<Value, StateError> {
    let scope = environment.scope(input);
    match template.evaluate(&scope) {
        Ok(value) => Ok(value.into_owned()),
        Err(error) => Err(StateError::runtime(error.aws_cause(&scope))),
    }
}

/// Puts a result into the raw input where `ResultPath` says; without one the result replaces the input.
pub(super) fn merge<'a>(path: Option<&ResultPath>, raw: &Payload, result: Piece<'a>) -> Result<Piece<'a>, StateError> {
    match path {
        None => Ok(result),
        Some(ResultPath::Discard) => Ok(Piece::from(raw)),
        Some(ResultPath::Into(path)) if is_whole(path.path()) => Ok(result),
        Some(ResultPath::Into(path)) => write(path, value_of(raw), result.into_value()).map(Piece::from),
    }
}

fn write(path: &ReferencePath, document: &Value, result: Value) -> Result<Value, StateError> {
    path.write(document.clone(), result).map_err(|error| {
        let cause = format!("Unable to apply ReferencePath {} to input {document}", error.path);
        StateError::Failed(failure("States.ReferencePathConflict", cause))
    })
}

/// The variables an `Assign` sets when `$` means `data`.
pub(super) fn assign(
    template: Option<&Template>,
    environment: Environment<'_>,
    data: &Piece<'_>,
) -> Result<Assigned, StateError> {
    template.map(|template| evaluate(template, environment, data.value()).map(variables)).transpose()
}

/// Takes the object of an `Assign` apart.
pub(super) fn variables(object: Value) -> Vec<(Arc<str>, Payload)> {
    match object {
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name.into(), Payload::from_value(value))).collect()
        }
        _ => Vec::new(),
    }
}
