//! Wait: until when, and what leaves it.

use super::setting::integer;
use super::{Environment, Exit, Inspect, Piece, Stage, jsonata, jsonpath};
use crate::asl::Setting;
use crate::asl::state::{Delay, Wait, WaitData};
use crate::event::Timestamp;
use crate::interpreter::error::StateError;
use crate::json::Kind;
use crate::json::Payload;
use serde_json::Value;

/// A wait of this many seconds or more is refused.
const TOO_LONG: i64 = 1 << 31;

/// Returns the moment a Wait state waits for when it is entered at `now`.
pub fn delay(
    state: &Wait,
    environment: Environment<'_>,
    raw: &Payload,
    now: Timestamp,
    inspect: &mut dyn Inspect,
) -> Result<Timestamp, StateError> {
    let selected = match &state.data {
        WaitData::JsonPath { input_path, .. } => jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?,
        WaitData::Jsonata { .. } => Piece::from(raw),
    };
    inspect.see(Stage::AfterInputPath, &selected);
    let until = match &state.delay {
        Delay::Seconds(seconds) => {
            let seconds = seconds_of(seconds, environment, &selected)?;
            Timestamp::from_micros(now.as_micros().saturating_add(seconds.saturating_mul(1_000_000)))
        }
        Delay::Timestamp(timestamp) => moment_of(timestamp, environment, &selected)?,
    };
    if until.micros_since(now) >= TOO_LONG * 1_000_000 {
        return Err(StateError::runtime("Wait state delay is too long."));
    }
    Ok(until)
}

fn seconds_of(setting: &Setting<u32>, environment: Environment<'_>, input: &Piece<'_>) -> Result<i64, StateError> {
    match setting {
        Setting::Fixed(seconds) => Ok(i64::from(*seconds)),
        Setting::Path(path) => {
            let text = path.text();
            let missing =
                || StateError::runtime(format!("The SecondsPath parameter does not reference an input value: {text}"));
            let found = path.select(&environment.scope(input.value())).map_err(|_| missing())?;
            if found.is_null() {
                return Err(missing());
            }
            let shown = super::setting::shown(&found);
            let refused =
                |what: &str| StateError::runtime(format!("The SecondsPath parameter {what}: {text} == {shown}"));
            match parse_seconds(&found) {
                None => Err(refused("cannot be parsed as a long value")),
                Some(seconds) if seconds < 0 => Err(refused("references a negative value")),
                Some(seconds) => Ok(seconds),
            }
        }
        Setting::Expression(expression) => {
            let session = crate::query::jsonata::Session::new(environment.scope(input.value()));
            let found = expression.evaluate_as(Kind::Number, &session, "Seconds")?;
            integer(&found).filter(|seconds| *seconds >= 0).ok_or_else(|| StateError::Evaluation {
                cause: format!("The Seconds field must be a non-negative integer but was: {found}"),
                location: Some("Seconds".into()),
            })
        }
    }
}

/// Whole numbers count, and texts of whole numbers.
fn parse_seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn moment_of(
    setting: &Setting<String>,
    environment: Environment<'_>,
    input: &Piece<'_>,
) -> Result<Timestamp, StateError> {
    const FORM: &str = "ISO-8601 extended offset date-time format string";
    match setting {
        Setting::Fixed(text) => parse_timestamp(text).ok_or_else(|| {
            StateError::runtime(format!("The Timestamp parameter does not reference a valid {FORM}: {text}"))
        }),
        Setting::Path(path) => {
            let text = path.text();
            let found = path.select(&environment.scope(input.value())).map_err(|_| {
                let what = "The TimestampPath parameter does not reference an input value";
                StateError::runtime(format!("{what}: {text}"))
            })?;
            found.as_str().and_then(parse_timestamp).ok_or_else(|| {
                let shown = super::setting::shown(&found);
                let what = "The TimestampPath parameter does not reference a valid";
                StateError::runtime(format!("{what} {FORM}: {text} == {shown}"))
            })
        }
        Setting::Expression(expression) => {
            let session = crate::query::jsonata::Session::new(environment.scope(input.value()));
            let found = expression.evaluate_as(Kind::String, &session, "Timestamp")?;
            found.as_str().and_then(parse_timestamp).ok_or_else(|| {
                let shown = super::setting::shown(&found);
                StateError::Evaluation {
                    cause: format!("The Timestamp field cannot be parsed as an {FORM}: {shown}"),
                    location: Some("Timestamp".into()),
                }
            })
        }
    }
}

/// Reads a time the way a Wait state does: date, `T`, time and offset, each with all its digits.
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':')];
    let shaped = separators.iter().all(|&(at, separator)| bytes.get(at) == Some(&separator));
    let offset = text.ends_with('Z') || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
    if !shaped || !offset {
        return None;
    }
    Timestamp::parse_iso(text)
}

/// Takes data out of a Wait state.
pub fn wait_exit(state: &Wait, environment: Environment<'_>, raw: &Payload) -> Result<Exit, StateError> {
    match &state.data {
        WaitData::JsonPath { input_path, assign, output_path } => {
            let effective = jsonpath::select(input_path.as_ref(), environment, &Piece::from(raw))?;
            let assigned = jsonpath::assign(assign.as_ref(), environment, &effective)?;
            let output = jsonpath::select(output_path.as_ref(), environment, &effective)?;
            Ok(Exit { output: output.into_payload(), assigned })
        }
        WaitData::Jsonata { output, assign } => {
            let session = jsonata::session(environment, raw);
            jsonata::exit(output.as_ref(), assign.as_ref(), &session, jsonata::Holder::State, raw)
        }
    }
}
