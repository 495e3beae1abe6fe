//! `$formatInteger` and `$parseInteger`: whole numbers by a picture such as `#,##0`, `Ww` or `I`.

use super::super::evaluate::Run;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::number::Number;
use super::super::value::Value;
use super::picture::greatest_common_divisor;
use super::text::given;
use super::words::{from_letters, from_roman, from_words, to_letters, to_roman, to_words};
use super::{argument, text_at};

/// How a whole number is written.
#[derive(Debug, Clone)]
pub(super) struct IntegerFormat {
    pub(super) style: Style,
    case: Case,
    pub(super) ordinal: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Style {
    Decimal(Decimal),
    Letters,
    Roman,
    Words,
    /// A numbering this implementation has not.
    Sequence(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

/// Decimal digits.
#[derive(Debug, Clone)]
pub(super) struct Decimal {
    zero: u32,
    pub(super) mandatory: usize,
    pub(super) optional: usize,
    pub(super) separators: Separators,
}

#[derive(Debug, Clone)]
pub(super) enum Separators {
    Regular(usize, char),
    /// By position, the rightmost first.
    Irregular(Vec<(usize, char)>),
}

/// The zeros of the decimal digits of Unicode.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

pub(in super::super) fn format_integer<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let value = given(arguments, 0)?.floor();
    let format = IntegerFormat::parse(text_at(arguments, 1)?)?;
    let text = format.write(value)?;
    run.spend(text.len())?;
    Ok(Value::text(text))
}

pub(in super::super) fn parse_integer<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let format = IntegerFormat::parse(text_at(arguments, 1)?)?;
    format.read(text_at(arguments, 0)?).map(|number| Value::Number(Number::of(number)))
}

impl IntegerFormat {
    /// Reads a picture.
    pub(super) fn parse(picture: &str) -> Result<Self, Fault> {
        let (primary, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let ordinal = modifier.starts_with('o');
        let (style, case) = match primary {
            "A" => (Style::Letters, Case::Upper),
            "a" => (Style::Letters, Case::Lower),
            "I" => (Style::Roman, Case::Upper),
            "i" => (Style::Roman, Case::Lower),
            "W" => (Style::Words, Case::Upper),
            "Ww" => (Style::Words, Case::Title),
            "w" => (Style::Words, Case::Lower),
            picture => (decimal(picture)?, Case::Lower),
        };
        Ok(Self { style, case, ordinal })
    }

    /// Returns how many digits there have to be; 0 where there are none.
    pub(super) fn mandatory(&self) -> usize {
        match &self.style {
            Style::Decimal(decimal) => decimal.mandatory,
            _ => 0,
        }
    }

    /// Asks for at least as many digits.
    pub(super) fn widen(&mut self, digits: usize) {
        if let Style::Decimal(decimal) = &mut self.style {
            decimal.mandatory = digits;
        }
    }

    pub(super) fn is_upper(&self) -> bool {
        self.case == Case::Upper
    }

    /// Writes a whole number.
    pub(super) fn write(&self, value: f64) -> Result<String, Fault> {
        let number = value.abs();
        let text = match &self.style {
            Style::Letters => to_letters(number, if self.is_upper() { 'A' } else { 'a' }),
            Style::Roman => self.cased(to_roman(number).ok_or(super::super::failure::Limit::Memory)?, Case::Lower),
            Style::Words => self.cased(to_words(number, self.ordinal), Case::Title),
            Style::Decimal(decimal) => self.decimal(number, decimal),
            Style::Sequence(token) => return Err(Thrown::about_text("D3130", token).into()),
        };
        Ok(if value < 0.0 { format!("-{text}") } else { text })
    }

    fn cased(&self, text: String, made: Case) -> String {
        match self.case {
            case if case == made => text,
            Case::Upper => text.to_uppercase(),
            Case::Lower => text.to_lowercase(),
            Case::Title => text,
        }
    }

    fn decimal(&self, number: f64, decimal: &Decimal) -> String {
        let mut digits: Vec<char> = Number::of(number).to_string().chars().collect();
        while digits.len() < decimal.mandatory {
            digits.insert(0, '0');
        }
        if decimal.zero != 0x30 {
            let moved = |digit: char| char::from_u32((u32::from(digit) + decimal.zero).wrapping_sub(0x30));
            digits.iter_mut().for_each(|digit| *digit = moved(*digit).unwrap_or(*digit));
        }
        match &decimal.separators {
            Separators::Regular(distance, separator) => {
                for group in (1..=digits.len().saturating_sub(1) / distance).rev() {
                    digits.insert(digits.len() - group * distance, *separator);
                }
            }
            Separators::Irregular(separators) => {
                for (position, separator) in separators.iter().rev() {
                    insert_from_right(&mut digits, *position, *separator);
                }
            }
        }
        if self.ordinal {
            digits.extend(suffix(&digits).chars());
        }
        digits.into_iter().collect()
    }

    /// Reads a whole number; not a number when it cannot be read.
    pub(super) fn read(&self, text: &str) -> Result<f64, Fault> {
        Ok(match &self.style {
            Style::Letters => from_letters(text, if self.is_upper() { 'A' } else { 'a' }),
            Style::Roman if self.is_upper() => from_roman(text),
            Style::Roman => from_roman(&text.to_uppercase()),
            Style::Words => from_words(&text.to_lowercase()),
            Style::Decimal(decimal) => {
                let mut digits = text.to_owned();
                if self.ordinal {
                    let kept = digits.chars().count().saturating_sub(2);
                    digits = digits.chars().take(kept).collect();
                }
                match &decimal.separators {
                    Separators::Regular(..) => digits = digits.replace(',', ""),
                    Separators::Irregular(separators) => {
                        separators.iter().for_each(|(_, separator)| digits = digits.replace(*separator, ""));
                    }
                }
                if decimal.zero != 0x30 {
                    let moved = |digit: char| {
                        char::from_u32((u32::from(digit) + 0x30).wrapping_sub(decimal.zero)).unwrap_or(digit)
                    };
                    digits = digits.chars().map(moved).collect();
                }
                parse_int(&digits)
            }
            Style::Sequence(token) => return Err(Thrown::about_text("D3130", token).into()),
        })
    }
}

/// Puts a separator before so many digits; where there are fewer, JavaScript's `substr` decides what is left of them.
fn insert_from_right(digits: &mut Vec<char>, position: usize, separator: char) {
    match digits.len().checked_sub(position) {
        Some(at) => digits.insert(at, separator),
        None => {
            let kept = digits.len().saturating_sub(position - digits.len());
            let rest = digits.split_off(kept);
            *digits = std::iter::once(separator).chain(rest).collect();
        }
    }
}

fn suffix(digits: &[char]) -> &'static str {
    if digits.len() > 1 && digits.get(digits.len() - 2) == Some(&'1') {
        return "th";
    }
    match digits.last() {
        Some('1') => "st",
        Some('2') => "nd",
        Some('3') => "rd",
        _ => "th",
    }
}

fn decimal(picture: &str) -> Result<Style, Fault> {
    let (mut zero, mut mandatory, mut optional) = (None, 0, 0);
    let mut separators = Vec::new();
    for character in picture.chars().rev() {
        let code = u32::from(character);
        if let Some(&group) = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)) {
            mandatory += 1;
            if *zero.get_or_insert(group) != group {
                return Err(Thrown::new("D3131").into());
            }
        } else if character == '#' {
            optional += 1;
        } else {
            separators.push((mandatory + optional, character));
        }
    }
    let Some(zero) = zero else { return Ok(Style::Sequence(picture.to_owned())) };
    let separators = match regular(&separators) {
        Some((distance, separator)) => Separators::Regular(distance, separator),
        None => Separators::Irregular(separators),
    };
    Ok(Style::Decimal(Decimal { zero, mandatory, optional, separators }))
}

fn regular(separators: &[(usize, char)]) -> Option<(usize, char)> {
    let (_, first) = separators.first()?;
    if separators.iter().any(|(_, separator)| separator != first) {
        return None;
    }
    let factor = separators.iter().map(|(position, _)| *position).reduce(greatest_common_divisor)?;
    let at = |position: usize| separators.iter().any(|(known, _)| *known == position);
    let is_regular = factor > 0 && (1..=separators.len()).all(|index| at(index * factor));
    is_regular.then_some((factor, *first))
}

/// Reads a number as JavaScript's `parseInt` does: as far as there are digits.
pub(super) fn parse_int(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    let end = digits.find(|digit: char| !digit.is_digit(radix)).unwrap_or(digits.len());
    let digits = digits.get(..end).unwrap_or_default();
    if digits.is_empty() {
        return f64::NAN;
    }
    if radix == 10 {
        return sign * digits.parse::<f64>().unwrap_or(f64::NAN);
    }
    sign * digits.chars().fold(0.0, |number, digit| number * 16.0 + f64::from(digit.to_digit(16).unwrap_or_default()))
}
