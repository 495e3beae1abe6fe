//! Settings that are written down, pointed at, or computed.

use super::{Environment, jsonpath};
use crate::asl::{Setting, Text};
use crate::interpreter::error::StateError;
use crate::json::Kind;
use crate::query::jsonata::Session;
use serde_json::Value;

/// Evaluates settings of one state: paths against its input, expressions in its session.
pub(super) struct Settings<'s, 'a> {
    pub(super) environment: Environment<'a>,
    pub(super) input: &'a Value,
    pub(super) session: &'s Session<'a>,
}

impl Settings<'_, '_> {
    /// A whole number that must not be negative.
    pub(super) fn whole(&self, setting: &Setting<u32>, field: &str) -> Result<u64, StateError> {
        match setting {
            Setting::Fixed(value) => Ok(u64::from(*value)),
            Setting::Path(path) => {
                let found = jsonpath::look_up(path, self.environment, self.input)?;
                parsed_integer(&found)
                    .and_then(|value| u64::try_from(value).ok())
                    .ok_or_else(|| StateError::runtime(no_integer(field, &found, path.text())))
            }
            Setting::Expression(expression) => {
                let found = expression.evaluate_as(Kind::Number, self.session, field)?;
                let whole = integer(&found).and_then(|value| u64::try_from(value).ok());
                whole.ok_or_else(|| StateError::Evaluation {
                    cause: format!("The {field} field must be a positive integer but was: {found}"),
                    location: Some(field.into()),
                })
            }
        }
    }

    /// A whole number that may turn out to be negative.
    pub(super) fn integer(&self, setting: &Setting<u64>, field: &str) -> Result<i64, StateError> {
        match setting {
            Setting::Fixed(value) => Ok(i64::try_from(*value).unwrap_or(i64::MAX)),
            Setting::Path(path) => {
                let found = jsonpath::look_up(path, self.environment, self.input)?;
                parsed_integer(&found).ok_or_else(|| StateError::runtime(no_integer(field, &found, path.text())))
            }
            Setting::Expression(expression) => {
                let found = expression.evaluate_as(Kind::Number, self.session, field)?;
                integer(&found).ok_or_else(|| StateError::Evaluation {
                    cause: format!("The {field} field must be an integer but was: {found}"),
                    location: Some(field.into()),
                })
            }
        }
    }

    /// Any number.
    pub(super) fn float(&self, setting: &Setting<f64>, field: &str) -> Result<f64, StateError> {
        match setting {
            Setting::Fixed(value) => Ok(*value),
            Setting::Path(path) => {
                let found = jsonpath::look_up(path, self.environment, self.input)?;
                parsed_float(&found).ok_or_else(|| {
                    let shown = shown(&found);
                    let text = path.text();
                    let cause =
                        format!("The {field}Path field refers to value \"{shown}\" which is not a valid float: {text}");
                    StateError::runtime(cause)
                })
            }
            Setting::Expression(expression) => {
                let found = expression.evaluate_as(Kind::Number, self.session, field)?;
                Ok(found.as_f64().unwrap_or_default())
            }
        }
    }

    /// A text; a value of another type is a failure.
    pub(super) fn text(&self, text: &Text, field: &str) -> Result<String, StateError> {
        match text {
            Text::Fixed(text) => Ok(text.clone()),
            Text::Path(path) => {
                let scope = self.environment.scope(self.input);
                let found = path.select(&scope).map_err(|miss| {
                    let searched = match miss.root {
                        crate::query::path::Root::Context => self.environment.context.value(),
                        _ => self.input,
                    };
                    let path = path.text();
                    let cause = format!(
                        "The JSONPath '{path}' specified for the field '{field}Path' could not be found in the input '{searched}'"
                    );
                    StateError::runtime(cause)
                })?;
                string(&found, field)
            }
            Text::Call(call) => {
                let scope = self.environment.scope(self.input);
                let found = call.evaluate(&scope).map_err(|error| StateError::runtime(error.aws_cause(&scope)))?;
                string(&found, field)
            }
            Text::Expression(expression) => match expression.evaluate_as(Kind::String, self.session, field)? {
                Value::String(text) => Ok(text),
                other => Ok(other.to_string()),
            },
        }
    }
}

fn string(found: &Value, field: &str) -> Result<String, StateError> {
    match found {
        Value::String(text) => Ok(text.clone()),
        other => {
            let cause = format!("The value for the field '{field}Path' must be a string but was: {other}");
            Err(StateError::runtime(cause))
        }
    }
}

fn no_integer(field: &str, found: &Value, path: &str) -> String {
    let found = shown(found);
    format!("The {field}Path field refers to value \"{found}\" which is not a valid integer: {path}")
}

/// A value as AWS prints it inside a sentence: strings bare, everything else as JSON.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns what a path selected as a whole number; a text of digits counts too, as recorded.
fn parsed_integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => integer(other),
    }
}

fn parsed_float(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        other => other.as_f64(),
    }
}

/// Returns a number that is whole, also when it is written as `2.0`.
pub(super) fn integer(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        let whole = float.fract() == 0.0 && float.abs() < 9e15;
        #[expect(clippy::cast_possible_truncation, reason = "the value was just checked to be whole and to fit")]
        whole.then_some(float as i64)
    })
}
