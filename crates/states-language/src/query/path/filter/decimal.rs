//! Decimal numbers of any length, as Java's `BigDecimal` reads and compares them.

use crate::query::java;
use std::cmp::Ordering;

/// A decimal number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decimal {
    /// One that is written without fraction and exponent, and fits.
    Integer(i64),
    /// Any other.
    Long(Long),
}

/// A sign, the digits behind `0.` without zeros at either end, and a power of ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Long {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Reads a number as `BigDecimal` does: no blanks, no hexadecimal, no infinity.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.parse() {
            Ok(integer) => Some(Self::Integer(integer)),
            Err(_) => Long::parse(text).map(Self::Long),
        }
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => left.cmp(right),
            (left, right) => left.long().order(&right.long()),
        }
    }

    fn long(&self) -> Long {
        match self {
            Self::Long(long) => long.clone(),
            Self::Integer(integer) => Long::parse(&integer.to_string()).unwrap_or(Long::ZERO),
        }
    }
}

impl Long {
    const ZERO: Self = Self { negative: false, digits: Vec::new(), exponent: 0 };

    fn parse(text: &str) -> Option<Self> {
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, power) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, exponent(power)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let scale = i64::try_from(fraction.chars().count()).ok()? - power;
        i32::try_from(scale).ok()?;
        let digits: Vec<u8> = whole
            .chars()
            .chain(fraction.chars())
            .map(digit)
            .collect::<Option<_>>()
            .filter(|all: &Vec<u8>| !all.is_empty())?;
        Some(Self::of(negative, &digits, scale))
    }

    fn of(negative: bool, digits: &[u8], scale: i64) -> Self {
        let Some(first) = digits.iter().position(|digit| *digit != 0) else { return Self::ZERO };
        let last = digits.iter().rposition(|digit| *digit != 0).unwrap_or(first);
        let before_point = i64::try_from(digits.len() - first).unwrap_or(i64::MAX) - scale;
        Self { negative, digits: digits.get(first..=last).unwrap_or_default().to_vec(), exponent: before_point }
    }

    fn order(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let (left, right) = (sign(self), sign(other));
        if left != right || left == 0 {
            return left.cmp(&right);
        }
        let size = self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits));
        if left < 0 { size.reverse() } else { size }
    }
}

/// Reads the digits behind an `e`; ten of them at most count.
fn exponent(text: &str) -> Option<i64> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let read = digits.chars().map(digit).collect::<Option<Vec<_>>>().filter(|read| !read.is_empty())?;
    let significant = read.get(read.len().saturating_sub(10)..).unwrap_or_default();
    if read.iter().rev().skip(10).any(|digit| *digit != 0) {
        return None;
    }
    let value = significant.iter().fold(0i64, |value, digit| value * 10 + i64::from(*digit));
    let value = if negative { -value } else { value };
    i32::try_from(value).ok().map(i64::from)
}

fn digit(character: char) -> Option<u8> {
    java::digit(character).and_then(|digit| u8::try_from(digit).ok())
}
