//! Causes without what every failure draws anew.

use crate::analysis::diff::mask::masked;

/// Returns a text with times, ids, tokens and execution names replaced by what they are, and numbers by `<n>`.
pub(super) fn normalised(text: &str) -> String {
    let masked = masked(text);
    let mut normal = String::with_capacity(masked.len());
    let mut rest = masked.as_str();
    while let Some(c) = rest.chars().next() {
        let number = rest.bytes().take_while(u8::is_ascii_digit).count();
        // Digits that belong to a word, as in `ap-southeast1` or `v2`, are part of a name.
        let in_word = normal.ends_with(|before: char| before.is_alphabetic() || before == '_');
        if number > 0 && !in_word {
            let fraction = rest
                .get(number..)
                .and_then(|after| after.strip_prefix('.'))
                .map_or(0, |after| after.bytes().take_while(u8::is_ascii_digit).count());
            normal.push_str("<n>");
            rest = rest.get(if fraction > 0 { number + 1 + fraction } else { number }..).unwrap_or_default();
            continue;
        }
        let length = if number > 0 { number } else { c.len_utf8() };
        normal.push_str(rest.get(..length).unwrap_or_default());
        rest = rest.get(length..).unwrap_or_default();
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_anew_goes_and_names_stay() {
        for (text, expected) in [
            ("order 118432 has 3 lines", "order <n> has <n> lines"),
            ("took 8000.25 ms", "took <n> ms"),
            ("request a88095f6-d7ba-4a65-8856-ee18a414ee1d failed", "request <id> failed"),
            ("since 2026-11-20T03:14:05Z", "since <time>"),
            (
                "arn:aws:states:eu-west-1:402817639051:execution:Orders:o-1 ended",
                "arn:aws:states:eu-west-<n>:<n>:execution:Orders:<execution> ended",
            ),
            ("charge ch_5Tz0KpWq of v2", "charge ch_<id> of v2"),
            ("'JPY'", "'JPY'"),
        ] {
            assert_eq!(normalised(text), expected, "{text}");
        }
    }
}
