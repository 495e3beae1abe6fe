//! Numbers: 64-bit integers where they fit, doubles otherwise, and how JavaScript writes them.

use serde_json::{Number as JsonNumber, Value as Json};
use std::cmp::Ordering;
use std::fmt;

/// A number. A double that is a whole number within the range of the integers is never kept as a double.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Int(i64),
    Double(f64),
}

/// The first whole number beyond the integers.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

/// Reads a number as it is written in JSON.
pub(super) fn parse(text: &str) -> Option<Number> {
    text.parse().map(Number::Int).ok().or_else(|| text.parse().map(Number::of).ok())
}

/// The digits of a number and the power of ten of the first; digits beyond `count` are rounded, halves away from zero.
fn digits(value: f64, count: Option<usize>) -> (String, i64) {
    /// More than tells a half from what is nearly one.
    const MORE: usize = 40;
    let shown = match count {
        Some(count) => format!("{:.*e}", count + MORE, value.abs()),
        None => format!("{:e}", value.abs()),
    };
    let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let exponent: i64 = exponent.parse().unwrap_or_default();
    let all: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    match count {
        Some(count) => rounded(&all, count, exponent),
        None => (all, exponent),
    }
}

fn rounded(all: &str, count: usize, exponent: i64) -> (String, i64) {
    let up = all.as_bytes().get(count).is_some_and(|digit| *digit >= b'5');
    let mut kept: Vec<u8> = all.bytes().take(count).collect();
    if up {
        let mut carry = true;
        for digit in kept.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                carry = false;
                break;
            }
        }
        if carry {
            kept.insert(0, b'1');
            let length = count.max(1);
            kept.truncate(length);
            return (String::from_utf8_lossy(&kept).into_owned(), exponent + 1);
        }
    }
    (String::from_utf8_lossy(&kept).into_owned(), exponent)
}

/// Rounds to as many significant digits, as `Number(x.toPrecision(15))` does.
fn to_precision(value: f64, count: usize) -> f64 {
    if !value.is_finite() || value == 0.0 {
        return value;
    }
    let (digits, exponent) = digits(value, Some(count));
    let scale = exponent - digits.len() as i64 + 1;
    let rounded: f64 = format!("{digits}e{scale}").parse().unwrap_or(value);
    rounded.copysign(value)
}

/// Writes a number with as many digits behind the point, as `toFixed` does.
pub(super) fn to_fixed(value: f64, places: usize) -> String {
    if value.abs() >= 1e21 || !value.is_finite() {
        return javascript(value);
    }
    let shown = format!("{:.*}", places + 40, value.abs());
    let (whole, fraction) = shown.split_once('.').unwrap_or((&shown, ""));
    let all = format!("{whole}{fraction}");
    let (mut digits, grown) = rounded(&all, whole.len() + places, 0);
    let mut point = whole.len();
    if grown > 0 {
        point += 1;
        digits.push('0');
    }
    let fraction = digits.split_off(point);
    let sign = if value < 0.0 && digits.bytes().chain(fraction.bytes()).any(|digit| digit != b'0') { "-" } else { "" };
    if places == 0 { format!("{sign}{digits}") } else { format!("{sign}{digits}.{fraction}") }
}

/// Writes a double as JavaScript does.
pub(super) fn javascript(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}Infinity");
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let (digits, exponent) = digits(value, None);
    let (count, point) = (digits.len() as i64, exponent + 1);
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    if count <= point && point <= 21 {
        return format!("{sign}{digits}{}", zeros(point - count));
    }
    if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or_default().min(digits.len()));
        return format!("{sign}{whole}.{fraction}");
    }
    if -6 < point && point <= 0 {
        return format!("{sign}0.{}{digits}", zeros(-point));
    }
    let (first, rest) = digits.split_at(1);
    let dot = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{dot}{rest}e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

impl Number {
    /// Returns a number, as an integer when it is one.
    #[expect(clippy::cast_possible_truncation, reason = "checked to fit")]
    pub(super) fn of(value: f64) -> Self {
        if value.fract() == 0.0 && (-BEYOND..BEYOND).contains(&value) {
            Self::Int(value as i64)
        } else {
            Self::Double(value)
        }
    }

    pub(super) fn of_size(value: usize) -> Self {
        i64::try_from(value).map_or(Self::Double(value as f64), Self::Int)
    }

    /// Returns a number of a document.
    pub(super) fn of_json(number: &JsonNumber) -> Self {
        number.as_i64().map_or_else(|| Self::of(number.as_f64().unwrap_or(f64::NAN)), Self::Int)
    }

    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Double(value) => value,
        }
    }

    pub(super) fn is_finite(self) -> bool {
        self.as_f64().is_finite()
    }

    pub(super) fn is_nan(self) -> bool {
        self.as_f64().is_nan()
    }

    pub(super) fn is_zero(self) -> bool {
        self.as_f64() == 0.0
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Int(value) => value.checked_neg().map_or_else(|| Self::of(-(value as f64)), Self::Int),
            Self::Double(value) => Self::of(-value),
        }
    }

    /// Rounds down to an integer; what is beyond the integers saturates.
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    pub(super) fn floor(self) -> i64 {
        match self {
            Self::Int(value) => value,
            Self::Double(value) => value.floor() as i64,
        }
    }

    /// Cuts the fraction off; what is beyond the integers saturates.
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, as Java's does")]
    pub(super) fn truncated(self) -> i64 {
        match self {
            Self::Int(value) => value,
            Self::Double(value) => value as i64,
        }
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(&right)),
            (left, right) => left.as_f64().partial_cmp(&right.as_f64()),
        }
    }

    fn either(self, other: Self, exact: impl Fn(i64, i64) -> Option<i64>, double: impl Fn(f64, f64) -> f64) -> Self {
        if let (Self::Int(left), Self::Int(right)) = (self, other)
            && let Some(value) = exact(left, right)
        {
            return Self::Int(value);
        }
        Self::of(double(self.as_f64(), other.as_f64()))
    }

    pub(super) fn plus(self, other: Self) -> Self {
        self.either(other, i64::checked_add, |left, right| left + right)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        self.either(other, i64::checked_sub, |left, right| left - right)
    }

    pub(super) fn times(self, other: Self) -> Self {
        self.either(other, i64::checked_mul, |left, right| left * right)
    }

    pub(super) fn divided_by(self, other: Self) -> Self {
        let exact = |left: i64, right: i64| {
            if left.checked_rem(right)? == 0 { left.checked_div(right) } else { None }
        };
        self.either(other, exact, |left, right| left / right)
    }

    pub(super) fn remainder(self, other: Self) -> Self {
        self.either(other, i64::checked_rem, |left, right| left % right)
    }

    /// Writes the number as `$string` does: a double with 15 digits at most.
    pub(super) fn text(self) -> String {
        match self {
            Self::Int(value) => value.to_string(),
            Self::Double(value) => javascript(to_precision(value, 15)),
        }
    }

    /// Rounds as a value is rounded that is written and read again.
    pub(super) fn rewritten(self) -> Self {
        match self {
            Self::Int(value) => Self::Int(value),
            Self::Double(value) => Self::of(to_precision(value, 15)),
        }
    }

    /// Returns the number as JSON, as AWS puts it out: what is no number in JSON is a text.
    pub(super) fn to_json(self) -> Json {
        match self {
            Self::Int(value) => Json::from(value),
            Self::Double(value) if !value.is_finite() => Json::from(javascript(value)),
            Self::Double(value) if value.fract() == 0.0 => {
                // Only as many digits as tell the double apart, then zeros; a cast would show digits it has not.
                let digits = value.to_string();
                digits.parse::<u64>().map_or_else(|_| double(value), Json::from)
            }
            Self::Double(value) => double(value),
        }
    }
}

fn double(value: f64) -> Json {
    JsonNumber::from_f64(value).map_or(Json::Null, Json::Number)
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Some(Ordering::Equal)
    }
}

/// The number as JavaScript writes it, with all its digits.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::Double(value) => f.write_str(&javascript(*value)),
        }
    }
}
