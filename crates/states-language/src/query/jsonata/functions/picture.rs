//! `$formatNumber`: numbers by a picture such as `#,##0.00`, as XPath defines them.

use super::super::evaluate::Run;
use super::super::failure::Limit;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::number::{self, Number};
use super::super::value::Value;
use super::number::rounded;
use super::{argument, number_at, text_at};

/// The characters a picture is made of.
struct Symbols {
    decimal: String,
    grouping: String,
    exponent: String,
    minus: String,
    percent: String,
    per_mille: String,
    zero: String,
    digit: String,
    separator: String,
    /// The ten digits.
    family: Vec<char>,
}

/// The parts of a picture for one sign.
struct Parts {
    prefix: String,
    suffix: String,
    active: String,
    mantissa: String,
    exponent: Option<String>,
    integer: String,
    fraction: String,
    whole: String,
}

/// What a picture asks for.
#[derive(Clone)]
struct Layout {
    prefix: String,
    suffix: String,
    whole: String,
    positions: Vec<usize>,
    regular: usize,
    fraction_positions: Vec<usize>,
    least_integer: usize,
    scaling: usize,
    least_fraction: usize,
    most_fraction: usize,
    exponent: usize,
}

pub(in super::super) fn format_number<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let value = number_at(arguments, 0)?.as_f64();
    let picture = text_at(arguments, 1)?;
    run.spend(picture.len().saturating_mul(16))?;
    let symbols = Symbols::of(argument(arguments, 2))?;
    let pictures: Vec<&str> = picture.split(symbols.separator.as_str()).collect();
    if pictures.len() > 2 {
        return Err(Thrown::new("D3080").into());
    }
    let parts: Vec<Parts> = pictures.iter().map(|picture| symbols.parts(picture)).collect::<Result<_, _>>()?;
    for part in &parts {
        if let Some(code) = symbols.mistake(part) {
            return Err(Thrown::new(code).into());
        }
    }
    let layouts: Vec<Layout> = parts.into_iter().map(|part| symbols.layout(part)).collect();
    let Some(positive) = layouts.first() else { return Err(Fault::Internal) };
    let layout = if value >= 0.0 {
        positive.clone()
    } else {
        let negative = || Layout { prefix: format!("{}{}", symbols.minus, positive.prefix), ..positive.clone() };
        layouts.get(1).cloned().unwrap_or_else(negative)
    };
    symbols.format(value, &layout).map(Value::text)
}

impl Symbols {
    fn of(options: &Value<'_>) -> Result<Self, Fault> {
        let symbol = |name: &str, default: &str| match options.member(name) {
            Value::Undefined => Ok(default.to_owned()),
            Value::Text(symbol) => Ok(symbol.to_string()),
            _ => Err(Fault::Internal),
        };
        let zero = symbol("zero-digit", "0")?;
        let first = zero.chars().next().map_or(0, u32::from);
        let family = (first..first + 10).map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect();
        Ok(Self {
            decimal: symbol("decimal-separator", ".")?,
            grouping: symbol("grouping-separator", ",")?,
            exponent: symbol("exponent-separator", "e")?,
            minus: symbol("minus-sign", "-")?,
            percent: symbol("percent", "%")?,
            per_mille: symbol("per-mille", "\u{2030}")?,
            digit: symbol("digit", "#")?,
            separator: symbol("pattern-separator", ";")?,
            zero,
            family,
        })
    }

    fn is(symbol: &str, character: char) -> bool {
        let mut characters = symbol.chars();
        characters.next() == Some(character) && characters.next().is_none()
    }

    fn is_digit(&self, character: char) -> bool {
        self.family.contains(&character)
    }

    fn is_place(&self, character: char) -> bool {
        self.is_digit(character) || Self::is(&self.digit, character)
    }

    fn is_active(&self, character: char) -> bool {
        self.is_place(character)
            || [&self.decimal, &self.exponent, &self.grouping, &self.separator]
                .iter()
                .any(|symbol| Self::is(symbol, character))
    }

    fn parts(&self, picture: &str) -> Result<Parts, Fault> {
        let begins = |character: char| self.is_active(character) && !Self::is(&self.exponent, character);
        let start = picture.find(begins).ok_or(Fault::Internal)?;
        let last = picture.rfind(begins).ok_or(Fault::Internal)?;
        let end = last + picture.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let part = |from: usize, to: usize| picture.get(from..to).unwrap_or_default().to_owned();
        let (prefix, suffix, active) = (part(0, start), part(end, picture.len()), part(start, end));
        let from_start = picture.get(start..).unwrap_or_default();
        let exponent_at = from_start.find(self.exponent.as_str()).map(|at| start + at).filter(|at| *at <= end);
        let (mantissa, exponent) = match exponent_at {
            None => (active.clone(), None),
            // The reference implementation counts from the start of the picture here, not of its active part.
            Some(at) => {
                let cut = |from: usize, to: usize| active.get(from.min(active.len())..to.min(active.len()));
                (
                    cut(0, at).unwrap_or_default().to_owned(),
                    Some(cut(at + 1, active.len()).unwrap_or_default().to_owned()),
                )
            }
        };
        let (integer, fraction) = match mantissa.split_once(self.decimal.as_str()) {
            Some((integer, fraction)) => (integer.to_owned(), fraction.to_owned()),
            None => (mantissa.clone(), suffix.clone()),
        };
        Ok(Parts { prefix, suffix, active, mantissa, exponent, integer, fraction, whole: picture.to_owned() })
    }

    /// The last rule a picture breaks.
    fn mistake(&self, parts: &Parts) -> Option<&'static str> {
        let whole = parts.whole.as_str();
        let several = |symbol: &str| whole.find(symbol) != whole.rfind(symbol);
        let decimal = whole.find(self.decimal.as_str());
        let (percent, per_mille) = (whole.contains(&self.percent), whole.contains(&self.per_mille));
        let mut mistake = None;
        let mut check = |wrong: bool, code| {
            if wrong {
                mistake = Some(code);
            }
        };
        check(several(&self.decimal), "D3081");
        check(several(&self.percent), "D3082");
        check(several(&self.per_mille), "D3083");
        check(percent && per_mille, "D3084");
        check(!parts.mantissa.chars().any(|character| self.is_place(character)), "D3085");
        check(parts.active.chars().any(|character| !self.is_active(character)), "D3086");
        match decimal {
            Some(at) => {
                let before = whole.get(..at).is_some_and(|before| before.ends_with(&self.grouping));
                let after = whole.get(at + self.decimal.len().min(1)..).unwrap_or_default();
                check(before || after.starts_with(&self.grouping), "D3087");
            }
            None => check(parts.integer.ends_with(&self.grouping), "D3088"),
        }
        check(whole.contains(&format!("{0}{0}", self.grouping)), "D3089");
        let digits = |text: &str| text.chars().any(|character| self.is_digit(character));
        let optional = parts.integer.find(self.digit.as_str());
        check(optional.is_some_and(|at| digits(parts.integer.get(..at).unwrap_or_default())), "D3090");
        let optional = parts.fraction.rfind(self.digit.as_str());
        check(optional.is_some_and(|at| digits(parts.fraction.get(at..).unwrap_or_default())), "D3091");
        if let Some(exponent) = &parts.exponent {
            check(!exponent.is_empty() && (percent || per_mille), "D3092");
            check(exponent.is_empty() || exponent.chars().any(|character| !self.is_digit(character)), "D3093");
        }
        mistake
    }

    fn layout(&self, parts: Parts) -> Layout {
        let count = |text: &str| text.chars().filter(|character| self.is_digit(*character)).count();
        let positions = self.positions(&parts.integer, &parts.integer, false);
        let fraction_positions = self.positions(&parts.fraction, &parts.integer, true);
        let mut least_integer = count(&parts.integer);
        let scaling = least_integer;
        let mut least_fraction = count(&parts.fraction);
        let mut most_fraction = parts.fraction.chars().filter(|character| self.is_place(*character)).count();
        let has_exponent = parts.exponent.is_some();
        if least_integer == 0 && most_fraction == 0 {
            if has_exponent { (least_fraction, most_fraction) = (1, 1) } else { least_integer = 1 }
        }
        if has_exponent && least_integer == 0 && parts.integer.contains(&self.digit) {
            least_integer = 1;
        }
        if least_integer == 0 && least_fraction == 0 {
            least_fraction = 1;
        }
        Layout {
            regular: regular(&positions),
            exponent: parts.exponent.as_deref().map_or(0, count),
            positions,
            fraction_positions,
            least_integer,
            scaling,
            least_fraction,
            most_fraction,
            prefix: parts.prefix,
            suffix: parts.suffix,
            whole: parts.whole,
        }
    }

    /// How many places there are on one side of each grouping separator.
    fn positions(&self, part: &str, integer: &str, to_left: bool) -> Vec<usize> {
        let mut positions = Vec::new();
        let mut next = part.find(self.grouping.as_str());
        while let Some(at) = next {
            let side = if to_left { part.get(..at.min(part.len())) } else { part.get(at.min(part.len())..) };
            let places = side.unwrap_or_default().chars().filter(|character| self.is_place(*character)).count();
            positions.push(places);
            // The reference implementation looks for the next separator in the integer part, whichever part this is.
            next = integer.get(at + 1..).and_then(|rest| rest.find(self.grouping.as_str())).map(|found| at + 1 + found);
        }
        positions
    }

    fn format(&self, value: f64, layout: &Layout) -> Result<String, Fault> {
        let adjusted = if layout.whole.contains(&self.percent) {
            value * 100.0
        } else if layout.whole.contains(&self.per_mille) {
            value * 1000.0
        } else {
            value
        };
        let (mantissa, exponent) =
            if layout.exponent == 0 { (adjusted, None) } else { scaled(adjusted, layout.scaling)? };
        let places = Some(Number::of_size(layout.most_fraction)).filter(|places| !places.is_zero());
        let rounded = rounded(Number::of(mantissa), places);
        let digits = self.digits(rounded.as_f64(), layout.most_fraction)?;
        let zero = self.zero.chars().next().unwrap_or('0');
        let zeros = |count: usize| zero.to_string().repeat(count);
        let missing = |wanted: usize, text: &str| zeros(wanted.saturating_sub(text.chars().count()));
        let (integer, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let (integer, fraction) = (integer.trim_start_matches(zero), fraction.trim_end_matches(zero));
        let integer = format!("{}{integer}", missing(layout.least_integer, integer));
        let fraction = format!("{fraction}{}", missing(layout.least_fraction, fraction));
        let number = self.grouped(&integer, &fraction, layout);
        let mut text = format!("{}{number}", layout.prefix);
        if let Some(exponent) = exponent {
            let digits = self.digits(f64::from(exponent), 0)?;
            text.push_str(&self.exponent);
            text.push_str(if exponent < 0 { &self.minus } else { "" });
            text.push_str(&missing(layout.exponent, &digits));
            text.push_str(&digits);
        }
        text.push_str(&layout.suffix);
        Ok(text)
    }

    /// The digits of a number, in the digits of the picture.
    fn digits(&self, value: f64, places: usize) -> Result<String, Fault> {
        if places > 100 {
            return Err(Fault::Internal);
        }
        let text = number::to_fixed(value.abs(), places);
        let digit = |character: char| match character.to_digit(10) {
            Some(digit) => self.family.get(digit as usize).copied().unwrap_or(character),
            None => character,
        };
        Ok(text.chars().map(digit).collect())
    }

    /// Puts the parts of a number together, with separators where the picture has them. What stands where there are
    /// fewer digits than that is decided by JavaScript's `slice`, for which a negative position counts from the end.
    fn grouped(&self, integer: &str, fraction: &str, layout: &Layout) -> String {
        let mut text: Vec<char> = integer.chars().collect();
        let mut point = text.len();
        text.extend(self.decimal.chars().chain(fraction.chars()));
        let insert = |text: &mut Vec<char>, at: i64| {
            let length = text.len();
            let distance = usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX);
            let at = if at < 0 { length.saturating_sub(distance) } else { distance.min(length) };
            text.splice(at..at, self.grouping.chars());
        };
        let place = |point: usize, position: usize| {
            i64::try_from(point).unwrap_or(i64::MAX).saturating_sub(i64::try_from(position).unwrap_or(i64::MAX))
        };
        if let Some(groups) = point.saturating_sub(1).checked_div(layout.regular) {
            for group in 1..=groups {
                insert(&mut text, place(point, group * layout.regular));
            }
        } else {
            for position in &layout.positions {
                insert(&mut text, place(point, *position));
                point += 1;
            }
        }
        let point = self.point(&text);
        for position in &layout.fraction_positions {
            insert(&mut text, place(position + point + 1, 0));
        }
        if !layout.whole.contains(&self.decimal) || self.point(&text) + 1 == text.len() {
            text.pop();
        }
        text.into_iter().collect()
    }

    /// Where the decimal separator stands.
    fn point(&self, text: &[char]) -> usize {
        let separator: Vec<char> = self.decimal.chars().collect();
        text.windows(separator.len().max(1)).position(|part| part == separator).unwrap_or(0)
    }
}

/// The distance at which separators stand regularly; 0 when they do not.
fn regular(positions: &[usize]) -> usize {
    let Some(factor) = positions.iter().copied().reduce(greatest_common_divisor) else { return 0 };
    if (1..=positions.len()).all(|index| positions.contains(&(index * factor))) { factor } else { 0 }
}

pub(super) fn greatest_common_divisor(left: usize, right: usize) -> usize {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}

/// Shifts a number so that it has as many digits before the point as the picture.
fn scaled(value: f64, digits: usize) -> Result<(f64, Option<i32>), Fault> {
    let digits = i32::try_from(digits).map_err(|_| Fault::Internal)?;
    let (least, most) = (10f64.powi(digits - 1), 10f64.powi(digits));
    let (mut mantissa, mut exponent) = (value, 0);
    // With nothing to scale the reference implementation goes on for ever.
    if mantissa <= 0.0 || mantissa.is_infinite() {
        return Err(Limit::Time.into());
    }
    while mantissa < least {
        mantissa *= 10.0;
        exponent -= 1;
    }
    while mantissa > most {
        mantissa /= 10.0;
        exponent += 1;
    }
    Ok((mantissa, Some(exponent)))
}
