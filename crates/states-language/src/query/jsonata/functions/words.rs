//! Whole numbers as words, Roman numerals and letters, and back.

const FEW: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const DECADES: [&str; 9] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"];
const MAGNITUDES: [&str; 4] = ["Thousand", "Million", "Billion", "Trillion"];

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
fn entry(words: &'static [&'static str], index: f64) -> &'static str {
    words.get(index as usize).copied().unwrap_or_default()
}

/// Writes a number that is not negative in words.
pub(super) fn to_words(number: f64, ordinal: bool) -> String {
    if number.is_finite() { spelled(number, false, ordinal) } else { String::new() }
}

fn spelled(number: f64, continues: bool, ordinal: bool) -> String {
    if number <= 19.0 {
        let word = entry(if ordinal { &ORDINALS } else { &FEW }, number);
        return format!("{}{word}", if continues { " and " } else { "" });
    }
    let ended = |mut words: String, rest: f64, separator: &str, continues: bool| {
        if rest > 0.0 {
            words.push_str(separator);
            words.push_str(&spelled(rest, continues, ordinal));
        } else if ordinal {
            words.push_str("th");
        }
        words
    };
    if number < 100.0 {
        let tens =
            format!("{}{}", if continues { " and " } else { "" }, entry(&DECADES, (number / 10.0).floor() - 2.0));
        let rest = number % 10.0;
        if rest == 0.0 && ordinal {
            return format!("{}ieth", tens.strip_suffix('y').unwrap_or(&tens));
        }
        return ended(tens, rest, "-", false);
    }
    let comma = if continues { ", " } else { "" };
    if number < 1000.0 {
        let hundreds = format!("{comma}{} Hundred", entry(&FEW, (number / 100.0).floor()));
        return ended(hundreds, number % 100.0, "", true);
    }
    let magnitude = (number.log10() / 3.0).floor().min(4.0);
    let factor = 1000f64.powf(magnitude);
    let count = (number / factor).floor();
    let words = format!("{comma}{} {}", spelled(count, false, false), entry(&MAGNITUDES, magnitude - 1.0));
    ended(words, number - count * factor, "", true)
}

/// Returns the words that stand for numbers, in lower case, with what they stand for.
pub(super) fn word_values() -> Vec<(String, f64)> {
    let mut values = Vec::new();
    for words in [FEW, ORDINALS] {
        values.extend(words.iter().enumerate().map(|(value, word)| (word.to_lowercase(), value as f64)));
    }
    for (index, word) in DECADES.iter().enumerate() {
        let (word, value) = (word.to_lowercase(), (index as f64 + 2.0) * 10.0);
        let stem = word.get(..word.len() - 1).unwrap_or_default();
        values.push((format!("{stem}ieth"), value));
        values.push((word, value));
    }
    values.push(("hundredth".to_owned(), 100.0));
    for (index, word) in MAGNITUDES.iter().enumerate() {
        let (word, value) = (word.to_lowercase(), 1000f64.powf(index as f64 + 1.0));
        values.push((format!("{word}th"), value));
        values.push((word, value));
    }
    values
}

/// Reads words; not a number when one is unknown.
pub(super) fn from_words(text: &str) -> f64 {
    let values = word_values();
    let value_of = |word: &str| values.iter().find(|(known, _)| known == word).map_or(f64::NAN, |(_, value)| *value);
    let mut segments = vec![0.0];
    for word in split_words(text) {
        let value = value_of(word);
        let mut top = segments.pop().unwrap_or(f64::NAN);
        if value < 100.0 {
            if top >= 1000.0 {
                segments.push(top);
                top = 0.0;
            }
            segments.push(top + value);
        } else {
            segments.push(top * value);
        }
    }
    segments.iter().sum()
}

/// Splits at `, `, ` and `, blanks, backslashes and hyphens.
fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let blank = |text: &str| text.chars().next().is_some_and(char::is_whitespace);
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let separator = if rest.starts_with(',') && blank(rest.get(1..).unwrap_or_default()) {
            2
        } else if blank(rest)
            && let Some(after) = rest.get(first..).and_then(|rest| rest.strip_prefix("and"))
            && blank(after)
        {
            first + 4
        } else if blank(rest) || rest.starts_with(['\\', '-']) {
            first
        } else {
            at += first;
            continue;
        };
        words.push(text.get(start..at).unwrap_or_default());
        at += separator;
        start = at;
    }
    words.push(text.get(start..).unwrap_or_default());
    words
}

const ROMAN: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];

/// Writes a number in Roman numerals, in lower case; `None` when there would be too many.
pub(super) fn to_roman(mut number: f64) -> Option<String> {
    const MOST: f64 = 10_000_000.0;
    if number > MOST {
        return None;
    }
    let mut roman = String::new();
    while let Some((value, numeral)) = ROMAN.iter().find(|(value, _)| number >= *value) {
        roman.push_str(numeral);
        number -= value;
    }
    Some(roman)
}

/// Reads upper-case Roman numerals; not a number when there are others.
pub(super) fn from_roman(roman: &str) -> f64 {
    let (mut number, mut most) = (0.0, 1.0);
    for numeral in roman.chars().rev() {
        let value = match numeral {
            'M' => 1000.0,
            'D' => 500.0,
            'C' => 100.0,
            'L' => 50.0,
            'X' => 10.0,
            'V' => 5.0,
            'I' => 1.0,
            _ => f64::NAN,
        };
        if value < most {
            number -= value;
        } else {
            most = value;
            number += value;
        }
    }
    number
}

/// Writes a number in letters: 1 is the first letter, 27 twice the first.
pub(super) fn to_letters(mut number: f64, first: char) -> String {
    let mut letters = Vec::new();
    while number > 0.0 && number.is_finite() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 25")]
        let letter = ((number - 1.0) % 26.0) as u32;
        letters.push(char::from_u32(u32::from(first) + letter).unwrap_or(first));
        number = ((number - 1.0) / 26.0).floor();
    }
    letters.iter().rev().collect()
}

/// Reads letters.
pub(super) fn from_letters(letters: &str, first: char) -> f64 {
    let value = |(index, letter): (usize, u16)| {
        let digit = f64::from(letter) - f64::from(u32::from(first)) + 1.0;
        digit * 26f64.powf(index as f64)
    };
    let units: Vec<u16> = letters.encode_utf16().collect();
    units.into_iter().rev().enumerate().map(value).sum()
}
