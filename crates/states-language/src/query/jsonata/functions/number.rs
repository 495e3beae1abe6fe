//! Functions of numbers: `$number`, `$abs`, `$floor`, `$ceil`, `$round`, `$sqrt`, `$power`, `$formatBase`.

use super::super::evaluate::Run;
use super::super::fault::{Fault, Outcome, Thrown, shown};
use super::super::number::{self as numbers, Number, javascript};
use super::super::value::Value;
use super::{argument, number_at, optional_number};

pub(in super::super) fn number<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let value = argument(arguments, 0);
    let number = match value {
        Value::Undefined => return Ok(Value::Undefined),
        Value::Number(number) => Some(*number),
        Value::Bool(value) => Some(Number::Int(i64::from(*value))),
        Value::Text(text) => number_in(text),
        _ => None,
    };
    match number {
        Some(number) => Ok(Value::Number(number)),
        None => Err(Thrown::about("D3030", value).into()),
    }
}

fn number_in(text: &str) -> Option<Number> {
    if is_decimal(text) {
        return numbers::parse(text).filter(|number| number.is_finite());
    }
    // The reference implementation's pattern is bound to the start in its first part, and to the end in its last.
    let digits = |text: &str, letter: char, radix: u32, to_the_end: bool| {
        let mut rest = text;
        while let Some(at) = rest.find('0') {
            let after = rest.get(at + 1..).unwrap_or_default();
            if let Some(digits) = after.strip_prefix([letter, letter.to_ascii_uppercase()]) {
                let count = digits.chars().take_while(|digit| digit.is_digit(radix)).count();
                if count > 0 && (!to_the_end || count == digits.len()) {
                    return Some(at);
                }
            }
            rest = after;
        }
        None
    };
    let is_number = digits(text, 'x', 16, false).is_some() && digits(text.get(..3)?, 'x', 16, false) == Some(0)
        || digits(text, 'o', 8, false).is_some()
        || digits(text, 'b', 2, true).is_some();
    is_number.then(|| Number::of(as_number(text)))
}

/// What JavaScript's `Number` makes of a text with a prefix.
fn as_number(text: &str) -> f64 {
    let text = text.trim();
    let prefixes = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
    let (digits, radix) = prefixes
        .iter()
        .find_map(|(prefix, radix)| text.strip_prefix(prefix).map(|digits| (digits, *radix)))
        .unwrap_or(("", 10));
    if digits.is_empty() {
        return f64::NAN;
    }
    let add = |number: f64, digit: char| Some(number * f64::from(radix) + f64::from(digit.to_digit(radix)?));
    digits.chars().try_fold(0.0, add).unwrap_or(f64::NAN)
}

/// `-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?`
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    exponent_fits
        && match mantissa.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(mantissa),
        }
}

/// A function from a number to a number.
fn mapped<'v>(arguments: &[Value<'v>], change: impl Fn(Number) -> Number) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    number_at(arguments, 0).map(|number| Value::Number(change(number)))
}

pub(in super::super) fn abs<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    mapped(arguments, |number| if number.as_f64() < 0.0 { number.negated() } else { number })
}

/// Rounds a double; an integer is whole already.
fn whole(number: Number, round: fn(f64) -> f64) -> Number {
    match number {
        Number::Int(_) => number,
        Number::Double(value) => Number::of(round(value)),
    }
}

pub(in super::super) fn floor<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    mapped(arguments, |number| whole(number, f64::floor))
}

pub(in super::super) fn ceil<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    mapped(arguments, |number| whole(number, f64::ceil))
}

pub(in super::super) fn round<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let precision = optional_number(arguments, 1)?.filter(|precision| !precision.is_zero());
    mapped(arguments, |number| rounded(number, precision))
}

/// Rounds to a number of decimal places, halves to the even digit.
pub(super) fn rounded(number: Number, precision: Option<Number>) -> Number {
    match (number, precision) {
        (Number::Int(_), None) => number,
        (Number::Int(_), Some(precision)) if precision.as_f64() > 0.0 && precision.as_f64().fract() == 0.0 => number,
        (number, None) => Number::of(to_even(number.as_f64())),
        (number, Some(precision)) => {
            let shifted = shift(number.as_f64(), precision.as_f64());
            Number::of(shift(to_even(shifted), -precision.as_f64()))
        }
    }
}

/// Moves the decimal point without touching the digits.
fn shift(value: f64, places: f64) -> f64 {
    let text = javascript(value);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse::<f64>().unwrap_or_default() + places;
    format!("{mantissa}e{}", javascript(exponent)).parse().unwrap_or(f64::NAN)
}

fn to_even(value: f64) -> f64 {
    let floor = value.floor();
    let result = if value - floor >= 0.5 { floor + 1.0 } else { floor };
    #[expect(clippy::float_cmp, reason = "a half is exact")]
    let is_tie = (result - value).abs() == 0.5 && (result % 2.0).abs() == 1.0;
    if is_tie { result - 1.0 } else { result }
}

pub(in super::super) fn sqrt<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let value = argument(arguments, 0);
    if value.is_undefined() {
        return Ok(Value::Undefined);
    }
    let number = number_at(arguments, 0)?.as_f64();
    if number < 0.0 {
        return Err(Thrown::about("D3060", value).into());
    }
    Ok(Value::double(number.sqrt()))
}

pub(in super::super) fn power<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (base, exponent) = (argument(arguments, 0), argument(arguments, 1));
    if base.is_undefined() {
        return Ok(Value::Undefined);
    }
    let (number, by) = (number_at(arguments, 0)?, optional_number(arguments, 1)?);
    let result = match (number, by) {
        (Number::Int(number), Some(Number::Int(by))) => {
            let exact = u32::try_from(by).ok().and_then(|by| number.checked_pow(by)).map(Number::Int);
            exact.unwrap_or_else(|| Number::of((number as f64).powf(by as f64)))
        }
        (number, by) => Number::of(power_of(number.as_f64(), by.map_or(f64::NAN, Number::as_f64))),
    };
    if !result.is_finite() {
        return Err(Thrown { other: shown(exponent), ..Thrown::about("D3061", base) }.into());
    }
    Ok(Value::Number(result))
}

/// `Math.pow`, to which 1 to the power of what is no number is none either.
fn power_of(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() { f64::NAN } else { base.powf(exponent) }
}

pub(in super::super) fn format_base<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let value = rounded(number_at(arguments, 0)?, None);
    let radix = optional_number(arguments, 1)?.map_or(Number::Int(10), |radix| rounded(radix, None));
    let Number::Int(base @ 2..=36) = radix else {
        return Err(Thrown::about("D3100", &Value::Number(radix)).into());
    };
    let base = u32::try_from(base).map_err(|_| Fault::Internal)?;
    Ok(Value::text(in_base(value, base)))
}

fn in_base(value: Number, base: u32) -> String {
    if base == 10 || !value.is_finite() {
        return value.to_string();
    }
    /// From here on doubles are not told apart by their last digits.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let mut digits: Vec<char> = Vec::new();
    let mut rest = match value {
        Number::Int(value) => value.unsigned_abs(),
        Number::Double(value) => {
            let mut value = value.abs();
            while value >= EXACT {
                value /= f64::from(base);
                digits.push('0');
            }
            Number::of(value.floor()).floor().unsigned_abs()
        }
    };
    while rest > 0 || digits.is_empty() {
        let digit = u32::try_from(rest % u64::from(base)).unwrap_or_default();
        digits.push(char::from_digit(digit, base).unwrap_or('0'));
        rest /= u64::from(base);
    }
    if value.as_f64() < 0.0 {
        digits.push('-');
    }
    digits.iter().rev().collect()
}
