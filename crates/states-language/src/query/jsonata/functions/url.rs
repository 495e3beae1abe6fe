//! `$base64encode`, `$base64decode`, `$encodeUrl` and its like.

use super::super::evaluate::Run;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::text::{has_half, units};
use super::super::value::Value;
use super::{argument, text_at};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// As `java.util.Base64` decodes: padding may be missing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The lower halves of the text's units as bytes.
pub(in super::super) fn base64encode<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len() * 2)?;
    let bytes: Vec<u8> = units(text).into_iter().map(|unit| unit.to_le_bytes()[0]).collect();
    Ok(Value::text(BASE64.encode(bytes)))
}

/// Each byte as a character. What is no Base64 is an internal error at AWS (measured).
pub(in super::super) fn base64decode<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len())?;
    let bytes = BASE64.decode(text.as_bytes()).map_err(|_| Fault::Internal)?;
    Ok(Value::text(bytes.into_iter().map(char::from).collect::<String>()))
}

/// Characters that are never escaped.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// Characters that separate the parts of a URL.
fn is_reserved(byte: u8) -> bool {
    b";/?:@&=+$,#".contains(&byte)
}

fn encode<'v>(run: &Run<'v>, arguments: &[Value<'v>], name: &'static str, stays: impl Fn(u8) -> bool) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    if has_half(text) {
        return Err(malformed(name, argument(arguments, 0)));
    }
    run.spend(text.len() * 3)?;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if stays(byte) { encoded.push(char::from(byte)) } else { encoded.push_str(&format!("%{byte:02X}")) }
    }
    Ok(Value::text(encoded))
}

fn malformed(name: &'static str, value: &Value<'_>) -> Fault {
    Thrown { token: Some(name.into()), ..Thrown::about("D3140", value) }.into()
}

pub(in super::super) fn encode_url_component<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    encode(run, arguments, "encodeUrlComponent", is_unreserved)
}

pub(in super::super) fn encode_url<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    encode(run, arguments, "encodeUrl", |byte| is_unreserved(byte) || is_reserved(byte))
}

fn decode<'v>(run: &Run<'v>, arguments: &[Value<'v>], name: &'static str, stays: fn(u8) -> bool) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len())?;
    let decoded = decoded(text.as_bytes(), stays).and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map(Value::text).ok_or_else(|| malformed(name, argument(arguments, 0)))
}

fn decoded(text: &[u8], stays: fn(u8) -> bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte != b'%' {
            bytes.push(byte);
            at += 1;
            continue;
        }
        let escape = text.get(at..at + 3)?;
        let digits = std::str::from_utf8(escape.get(1..)?).ok()?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let value = u8::from_str_radix(digits, 16).ok()?;
        if stays(value) {
            bytes.extend_from_slice(escape);
        } else {
            bytes.push(value);
        }
        at += 3;
    }
    Some(bytes)
}

pub(in super::super) fn decode_url_component<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    decode(run, arguments, "decodeUrlComponent", |_| false)
}

pub(in super::super) fn decode_url<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    decode(run, arguments, "decodeUrl", is_reserved)
}
