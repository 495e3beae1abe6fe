//! Text of unknown origin made fit for a terminal: harmless and no wider than its place.

use super::glyphs::Glyphs;
use crate::json::visible::is_hidden;
pub use crate::report::{count, counted, duration, moment, moment_utc, size};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Returns text without anything a terminal would obey: control characters and escape sequences are shown as signs,
/// as are the marks that reverse the direction of writing.
pub fn harmless<'a>(text: &'a str, glyphs: &Glyphs) -> Cow<'a, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if !is_hidden(c) => shown.push(c),
            c if glyphs.is_ascii() => match u8::try_from(c) {
                Ok(0x7f) => shown.push_str("^?"),
                Ok(code) if code < 0x20 => shown.extend(['^', char::from(code + 0x40)]),
                _ => shown.push('?'),
            },
            '\u{7f}' => shown.push('␡'),
            c if c < ' ' => shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)),
            _ => shown.push(char::REPLACEMENT_CHARACTER),
        }
    }
    Cow::Owned(shown)
}

/// Returns how many columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Returns as much of a text as fits, ending in a sign for "more" when something is missing.
pub fn fit<'a>(text: &'a str, columns: usize, glyphs: &Glyphs) -> Cow<'a, str> {
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let kept = head(text, columns.saturating_sub(1));
    Cow::Owned(if columns == 0 { String::new() } else { format!("{kept}{}", glyphs.more) })
}

/// Returns a long name with its middle taken out, since the ends tell names apart.
pub fn fit_middle<'a>(text: &'a str, columns: usize, glyphs: &Glyphs) -> Cow<'a, str> {
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns < 8 {
        return fit(text, columns, glyphs);
    }
    let tail_columns = (columns - 1) / 3;
    let first = head(text, columns - 1 - tail_columns);
    let mut taken = 0;
    let mut from = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        taken += width(grapheme);
        if taken > tail_columns {
            break;
        }
        from = at;
    }
    let last = text.get(from..).unwrap_or("");
    Cow::Owned(format!("{first}{}{last}", glyphs.more))
}

/// Returns the beginning of a text that takes at most so many columns.
pub fn head(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        taken += width(grapheme);
        if taken > columns {
            return text.get(..at).unwrap_or("");
        }
    }
    text
}

/// Breaks text into lines no wider than that, at spaces where there are some.
pub fn wrap(text: &str, columns: usize, most: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut taken = 0;
        for word in paragraph.split_inclusive(' ') {
            let wide = width(word.trim_end());
            if taken > 0 && taken + wide > columns {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            let mut rest = word;
            while width(rest.trim_end()) > columns {
                let part = head(rest, columns);
                let part = if part.is_empty() { rest } else { part };
                lines.push(part.to_owned());
                rest = rest.get(part.len()..).unwrap_or("");
            }
            line.push_str(rest);
            taken += width(rest);
            if lines.len() >= most {
                return lines;
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::glyphs::{ASCII, UNICODE};
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        assert_eq!(harmless("a\x1b[31mb\n\x7f\u{9b}\u{202e}é", &UNICODE), "a␛[31mb␊␡\u{fffd}\u{fffd}é");
        assert_eq!(harmless("a\x1b[31m\t\x7f\u{9b}", &ASCII), "a^[[31m^I^??");
        assert!(matches!(harmless("plain 日本 👩‍👩‍👧", &UNICODE), Cow::Borrowed(_)));
    }

    #[test]
    fn text_fits_its_place() {
        for (text, columns, fitted) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"),
            ("abc", 0, ""),
        ] {
            assert_eq!(fit(text, columns, &UNICODE), fitted);
        }
        assert_eq!(fit_middle("ProcessOrderItemsInBatches", 13, &UNICODE), "ProcessO…ches");
    }

    #[test]
    fn text_is_wrapped_at_spaces() {
        assert_eq!(wrap("one two three", 8, 9), ["one two ", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3, 9), ["abc", "def", "gh ", "ij"]);
        assert_eq!(wrap("a\n\nb", 3, 9), ["a", "", "b"]);
        assert_eq!(wrap("日本語", 1, 9), ["日", "本", "語"]);
    }
}
