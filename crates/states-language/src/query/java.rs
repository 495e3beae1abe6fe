//! What shows through that Step Functions is written in Java: how values print, how numbers round, how a `HashMap`
//! orders its keys.

use serde_json::{Number, Value};
use std::fmt::Write as _;

/// Writes a value as Java's `toString` does: `{a=1, b=[x, null]}`, strings without quotes.
pub(super) fn write_text(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number_text(number)),
        Value::String(value) => text.push_str(value),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                write_text(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (at, (key, member)) in members.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                text.push_str(key);
                text.push('=');
                write_text(member, text);
            }
            text.push('}');
        }
    }
}

/// Returns a number as Java prints it.
pub(super) fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => double_text(value),
        _ => number.to_string(),
    }
}

/// Returns a value as Jackson prints a node: compact JSON, its numbers as Java prints them.
pub(super) fn node_text(value: &Value) -> String {
    let mut text = String::new();
    write_node(value, &mut text);
    text
}

fn write_node(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                write_node(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (at, (key, member)) in members.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write_node(member, text);
            }
            text.push('}');
        }
        Value::Number(number) => text.push_str(&number_text(number)),
        scalar => text.push_str(&scalar.to_string()),
    }
}

/// Returns a double as `Double.toString` does: plain between 0.001 and 10,000,000, otherwise with an exponent.
pub(super) fn double_text(value: f64) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0.0".to_owned() } else { "0.0".to_owned() };
    }
    if (1e-3..1e7).contains(&value.abs()) {
        return format!("{value:?}");
    }
    let scientific = format!("{value:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => scientific,
    }
}

/// Rounds as `Math.round` does: halves go up, towards positive infinity.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, as Java's does")]
pub(super) fn round(value: f64) -> i64 {
    // Adding 0.5 would round 0.49999999999999994 up.
    let floor = value.floor();
    (if value - floor >= 0.5 { floor + 1.0 } else { floor }) as i64
}

/// Returns `String.hashCode`: over UTF-16 units, wrapping at 32 bits.
fn hash_code(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// Puts keys into the order in which a Java `HashMap` iterates over them; equal buckets keep the given order.
pub fn hash_map_order<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<usize> {
    let hashes: Vec<u32> = keys
        .into_iter()
        .map(|key| {
            let hash = hash_code(key).cast_unsigned();
            hash ^ (hash >> 16)
        })
        .collect();
    let mut capacity = 16usize;
    while hashes.len() * 4 > capacity * 3 {
        capacity *= 2;
    }
    let bucket = |at: usize| hashes.get(at).map_or(0, |hash| *hash as usize & (capacity - 1));
    let mut order: Vec<usize> = (0..hashes.len()).collect();
    order.sort_by_key(|at| bucket(*at));
    order
}

/// Writes a value as compact JSON.
pub(super) fn json_text(value: &Value) -> String {
    let mut text = String::new();
    let written = write!(text, "{value}");
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    text
}

/// Takes off what `String.trim` does: blanks and control characters.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|character| character <= ' ')
}

/// Returns where in a text a part of it starts, in bytes.
pub(super) fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// The zeros of the scripts whose digits `Character.isDigit(char)` knows; the other nine follow each.
const ZEROS: [u32; 37] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/// Returns what a digit of any script counts.
pub(super) fn digit(character: char) -> Option<u32> {
    if character.is_ascii() {
        return character.to_digit(10);
    }
    let code = u32::from(character);
    ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10))
}
