//! Plain values: texts, numbers, enumerations, timestamps.
//!
//! A value that a deployment tool will put there later is taken for a valid one: nothing can be said about it yet.

use super::Parser;
use super::spot::Spot;

/// What a text stands for that is not known yet and says no name.
const UNKNOWN: &str = "${?}";

impl Parser {
    /// Tells whether the whole of a value is put in at deployment. A machine with such a part where its states are
    /// told is not judged there, and none comes out: what it does is not known yet.
    pub(super) fn is_open(&mut self, spot: &Spot<'_, '_>) -> bool {
        let is_open = spot.node.is_substitution();
        if is_open {
            self.leave_open();
        }
        is_open
    }

    /// Takes note of something that only a deployment knows and without which nobody knows what the machine does.
    pub(super) fn leave_open(&mut self) {
        self.is_incomplete = true;
    }

    pub(super) fn text<'a>(&mut self, spot: &Spot<'_, 'a>) -> Option<&'a str> {
        match spot.node.text() {
            Some(text) => Some(text),
            None if spot.node.is_substitution() => Some(spot.node.unknown().unwrap_or(UNKNOWN)),
            None => {
                self.refuse(spot, "Expected value of type [STRING]");
                None
            }
        }
    }

    /// Reads a member that may be missing and is a text.
    pub(super) fn optional_text(&mut self, object: &Spot<'_, '_>, field: &str) -> Option<String> {
        let spot = object.get(field)?;
        self.text(&spot).map(str::to_owned)
    }

    pub(super) fn comment(&mut self, object: &Spot<'_, '_>) -> Option<String> {
        self.optional_text(object, "Comment")
    }

    /// Reads a whole number within bounds; `2.0` is one.
    pub(super) fn whole(&mut self, spot: &Spot<'_, '_>, least: i64, most: i64) -> Option<i64> {
        use crate::asl::node::Data;
        if spot.node.is_substitution() {
            return Some(least.max(1).min(most));
        }
        let number = match &spot.node.data {
            Data::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole_part)),
            _ => None,
        };
        let Some(number) = number else {
            self.refuse(spot, "Expected value of type [INTEGER]");
            return None;
        };
        if number < least {
            self.refuse(spot, format!("Minimum value is {least}"));
            return None;
        }
        if number > most {
            self.refuse(spot, format!("Maximum value is {most}"));
            return None;
        }
        Some(number)
    }

    /// Reads a number within bounds.
    pub(super) fn decimal(&mut self, spot: &Spot<'_, '_>, least: f64, most: f64) -> Option<f64> {
        use crate::asl::node::Data;
        if spot.node.is_substitution() {
            return Some(least);
        }
        let number = match &spot.node.data {
            Data::Number(number) => number.as_f64(),
            _ => None,
        };
        let Some(number) = number else {
            self.refuse(spot, "Expected value of type [NUMBER]");
            return None;
        };
        if number < least {
            self.refuse(spot, format!("Minimum value is {least:?}"));
            return None;
        }
        if number > most {
            self.refuse(spot, format!("Maximum value is {most:?}"));
            return None;
        }
        Some(number)
    }

    /// Reads one of a few words; something else is taken for the first when it is not known yet.
    pub(super) fn one_of<T: Copy>(&mut self, spot: &Spot<'_, '_>, words: &[(&str, T)]) -> Option<T> {
        self.one_of_words(spot, words, |words| format!("Value should be one of the following: [{words}]"))
    }

    /// The same with another sentence about the words.
    pub(super) fn one_of_words<T: Copy>(
        &mut self,
        spot: &Spot<'_, '_>,
        words: &[(&str, T)],
        sentence: impl FnOnce(&str) -> String,
    ) -> Option<T> {
        let written = spot.node.text();
        if let Some((_, meaning)) = words.iter().find(|(word, _)| Some(*word) == written) {
            return Some(*meaning);
        }
        if spot.node.is_substitution() {
            return words.first().map(|(_, meaning)| *meaning);
        }
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.refuse(spot, sentence(&words.join(", ")));
        None
    }

    /// Reads a list that must have items.
    pub(super) fn filled_list<'s, 'a>(&mut self, spot: &'s Spot<'s, 'a>) -> Option<Vec<Spot<'s, 'a>>> {
        let items = self.list(spot)?;
        if items.is_empty() && !spot.node.is_substitution() {
            self.refuse(spot, "Value cannot be empty");
            return None;
        }
        Some(items)
    }

    pub(super) fn list<'s, 'a>(&mut self, spot: &'s Spot<'s, 'a>) -> Option<Vec<Spot<'s, 'a>>> {
        if spot.node.items().is_none() && !spot.node.is_substitution() {
            self.refuse(spot, "Expected value of type [ARRAY]");
            return None;
        }
        Some(spot.items().collect())
    }
}

fn whole_part(number: f64) -> Option<i64> {
    // Beyond 2^53 a double is no exact count of anything.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "the number is whole and within 2^53")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Tells whether a text is an RFC 3339 timestamp as Step Functions wants it: capital `T`, and `Z` or an offset.
pub(super) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((moment, rest)) = bytes.split_at_checked(19) else {
        return false;
    };
    let number = |from: usize, to: usize| {
        let digits = moment.get(from..to)?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then(|| digits.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')))
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(at, byte)| moment.get(*at) != Some(byte)) {
        return false;
    }
    let fields = [number(0, 4), number(5, 7), number(8, 10), number(11, 13), number(14, 16), number(17, 19)];
    let [Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)] = fields else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    let date = (1..=12).contains(&month) && (1..=days).contains(&day);
    date && hour < 24 && minute < 60 && second < 60 && is_zone(after_fraction(rest))
}

fn after_fraction(rest: &[u8]) -> &[u8] {
    let Some((b'.', digits)) = rest.split_first() else {
        return rest;
    };
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 { rest } else { digits.get(end..).unwrap_or(&[]) }
}

fn is_zone(zone: &[u8]) -> bool {
    match zone {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            let two = |a: &u8, b: &u8| (a.is_ascii_digit() && b.is_ascii_digit()).then(|| (a - b'0') * 10 + (b - b'0'));
            two(h1, h2).is_some_and(|hours| hours < 24) && two(m1, m2).is_some_and(|minutes| minutes < 60)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_rfc_3339_with_capital_letters() {
        for (text, expected) in [
            ("2016-03-14T01:59:00Z", true),
            ("2016-03-14T01:59:00.123+01:30", true),
            ("2024-02-29T00:00:00Z", true),
            ("2023-02-29T00:00:00Z", false),
            ("2016-13-05T21:29:29Z", false),
            ("2016-12-05T25:29:29Z", false),
            ("2016-12-05T21:29:29", false),
            ("2016-12-05 21:29:29Z", false),
            ("2016-12-05t21:29:29z", false),
            ("2016-12-05T21:29:29.Z", false),
            ("05-12-2016T21:29:29Z", false),
            ("", false),
        ] {
            assert_eq!(is_timestamp(text), expected, "{text}");
        }
    }
}
