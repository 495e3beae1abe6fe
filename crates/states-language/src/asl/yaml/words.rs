//! Plain words of YAML 1.1 that mean something else in YAML 1.2.

use crate::asl::node::Data;

/// Tells whether a word is a truth in YAML 1.1 only.
pub(super) fn is_truth(word: &str) -> bool {
    truth(word).is_some()
}

/// Returns what a word is by <https://yaml.org/type/>; `None` for what both versions read alike.
pub(super) fn of_1_1(word: &str) -> Option<Data> {
    if let Some(truth) = truth(word) {
        return Some(Data::Bool(truth));
    }
    let (sign, digits) = match word.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, word.strip_prefix('+').unwrap_or(word)),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let plain = digits.replace('_', "");
    let number = |digits: &str, radix: u32| i64::from_str_radix(digits, radix).ok();
    let found = if let Some(digits) = plain.strip_prefix("0x") {
        number(digits, 16)
    } else if let Some(digits) = plain.strip_prefix("0b") {
        number(digits, 2)
    } else if plain.contains(':') {
        sexagesimal(&plain)
    } else if plain.len() > 1 && plain.starts_with('0') {
        number(&plain, 8)
    } else if plain.len() < digits.len() {
        number(&plain, 10)
    } else {
        None
    };
    found.and_then(|number| number.checked_mul(sign)).map(|number| Data::Number(number.into()))
}

fn truth(word: &str) -> Option<bool> {
    match word {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// `1:30` counts in sixties.
fn sexagesimal(digits: &str) -> Option<i64> {
    let mut parts = digits.split(':');
    let first = parts.next().filter(|first| !first.starts_with('0'))?;
    parts.try_fold(first.parse::<i64>().ok()?, |sum, part| {
        let part = part.parse::<i64>().ok().filter(|value| (0..60).contains(value) && part.len() <= 2)?;
        sum.checked_mul(60)?.checked_add(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_1_1_are_told_from_texts() {
        for (word, expected) in [
            ("yes", Some(Data::Bool(true))),
            ("Off", Some(Data::Bool(false))),
            ("y", None),
            ("010", Some(Data::Number(8.into()))),
            ("-010", Some(Data::Number((-8).into()))),
            ("089", None),
            ("012345678901", None),
            ("1_000", Some(Data::Number(1000.into()))),
            ("0x1F", Some(Data::Number(31.into()))),
            ("0b101", Some(Data::Number(5.into()))),
            ("1:30", Some(Data::Number(90.into()))),
            ("01:30", None),
            ("1:99", None),
            ("2020-01-01", None),
            ("2020-01-01T00:00:00Z", None),
            ("12", None),
            ("1.5", None),
            ("_1", None),
            ("é", None),
            ("99999999999999999999_0", None),
        ] {
            assert_eq!(of_1_1(word), expected, "{word}");
        }
    }
}
