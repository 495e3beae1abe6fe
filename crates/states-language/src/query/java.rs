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

/// Returns a double as `Double.toString` does: plain between 0.001 and 10,000,000, otherwise with an exponent.
fn double_text(value: f64) -> String {
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
