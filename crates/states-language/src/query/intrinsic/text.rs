//! The functions about text.

use super::Refusal;
use super::arguments::{Arguments, refuse};
use crate::query::digest::Algorithm;
use crate::query::java;
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use serde_json::Value;

/// How many characters the functions take that encode, decode or hash.
const ENCODED: usize = 10_000;

/// Reads Base64 as Java does, which does not insist on padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Puts values in the place of each `{}`; `\{`, `\}`, `\'` and `\\` stand for themselves.
///
/// Text goes in without quotes, arrays and objects as Java prints them: `{a=1, b=[]}`. A brace that stands for itself
/// without a backslash makes the template invalid.
pub(super) fn format(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let resolved = arguments.text(0)?;
    // A template that comes from a path is taken as it is; in one written here, escaped braces count for nothing.
    let template = arguments.written(0).unwrap_or(&resolved);
    let mut result = String::with_capacity(template.len() + 16);
    let (mut rest, mut used) = (template, 0);
    while let Some(at) = rest.find(['\\', '{', '}']) {
        let (before, special) = rest.split_at(at);
        result.push_str(before);
        if let Some(after) = special.strip_prefix("{}") {
            used += 1;
            write(arguments, used, &mut result)?;
            rest = after;
        } else if special.starts_with('{') {
            return Err(Refusal::Template("matching '}' not found for '{'"));
        } else if special.starts_with('}') {
            return Err(Refusal::Template("matching '{' not found for '}'"));
        } else {
            let escaped = special.strip_prefix('\\').unwrap_or(special);
            let length = escaped.chars().next().map_or(0, char::len_utf8);
            let (character, after) = escaped.split_at(length);
            result.push_str(character);
            rest = after;
        }
    }
    result.push_str(rest);
    if used + 1 != arguments.count() {
        return refuse(format!("The template has {used} '{{}}' for {} arguments", arguments.count() - 1));
    }
    arguments.budget.spend(result.len())?;
    Ok(Value::String(result))
}

fn write(arguments: &Arguments<'_>, at: usize, result: &mut String) -> Result<(), Refusal> {
    if at < arguments.count() {
        let value = arguments.get(at)?;
        arguments.budget.measure(&value)?;
        java::write_text(&value, result);
    }
    Ok(())
}

/// Reads JSON; nothing but blanks is null.
pub(super) fn to_json(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let text = arguments.text(0)?;
    arguments.budget.spend(text.len())?;
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    match serde_json::from_str(&text) {
        Ok(value) if text.contains("-0") && !text.contains("-0.") => Ok(without_negative_zero(value)),
        Ok(value) => Ok(value),
        Err(error) => refuse(format!("The string is not JSON: {error}")),
    }
}

/// Turns the `-0` that was read as a float into the integer Java reads.
fn without_negative_zero(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_f64() == Some(0.0) => 0.into(),
        Value::Array(items) => items.into_iter().map(without_negative_zero).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(key, member)| (key, without_negative_zero(member))).collect()
        }
        other => other,
    }
}

pub(super) fn of_json(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let value = arguments.get(0)?;
    arguments.budget.measure(&value)?;
    Ok(Value::String(java::json_text(&value)))
}

/// Splits text at each of the given characters; empty pieces are dropped.
pub(super) fn split(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let (text, delimiters) = (arguments.text(0)?, arguments.text(1)?);
    arguments.budget.spend(text.len().saturating_mul(delimiters.len().clamp(1, 64)))?;
    let pieces = text.split(|character| delimiters.contains(character)).filter(|piece| !piece.is_empty());
    Ok(pieces.map(Value::from).collect())
}

pub(super) fn encode(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let text = short(&arguments.text(0)?)?;
    Ok(Value::String(STANDARD.encode(text)))
}

pub(super) fn decode(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let text = short(&arguments.text(0)?)?;
    match LENIENT.decode(text) {
        Ok(bytes) => Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) => refuse(format!("The string is not Base64: {error}")),
    }
}

/// Hashes text, or the JSON text of any other value.
pub(super) fn hash(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let value = arguments.get(0)?;
    arguments.budget.measure(&value)?;
    let text = match value.as_ref() {
        Value::String(text) => short(text)?,
        other => short(&java::json_text(other))?,
    };
    let name = arguments.text(1)?;
    match Algorithm::named(&name) {
        Some(algorithm) => Ok(Value::String(algorithm.hex(text.as_bytes()))),
        None => refuse(format!("'{name}' is none of MD5, SHA-1, SHA-256, SHA-384 and SHA-512")),
    }
}

fn short(text: &str) -> Result<String, Refusal> {
    if text.encode_utf16().take(ENCODED + 1).count() > ENCODED {
        return refuse(format!("The string has more than {ENCODED} characters"));
    }
    Ok(text.to_owned())
}
