//! The ways text is written inside of other text: JSON's escapes, percent signs, entities, base64.

use std::ops::Range;

/// How characters are written that cannot stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// `\"`, `\u0022`; `\'` and `\x22` as well, as Python and JavaScript have them.
    Json,
    /// `%22`
    Percent,
    /// `&quot;`, `&#34;`, `&#x22;`
    Entity,
}

/// What a text stands for, and which byte of it came from where.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) coding: Coding,
    pub(super) text: String,
    /// Where a stretch that stands for itself begins: here and there.
    marks: Vec<(usize, usize)>,
}

impl Coding {
    /// Takes a text apart; `None` when it stands for itself. What is cut off within an escape at its end goes.
    pub(super) fn decode(self, text: &str) -> Option<Decoded> {
        let sign = match self {
            Self::Json => '\\',
            Self::Percent => '%',
            Self::Entity => '&',
        };
        let mut decoded = Decoded { coding: self, text: String::with_capacity(text.len()), marks: Vec::new() };
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find(sign)) {
            let sign_at = at + found;
            decoded.text.push_str(text.get(at..sign_at).unwrap_or_default());
            let rest = text.get(sign_at..).unwrap_or_default();
            let (character, length) = match self {
                Self::Json => escape(rest),
                Self::Percent => percent(rest),
                Self::Entity => entity(rest),
            }
            .unwrap_or((Some(sign), 0));
            if length == 0 {
                decoded.text.push(sign);
                at = sign_at + 1;
                continue;
            }
            decoded.marks.push((decoded.text.len(), sign_at));
            decoded.text.extend(character);
            at = sign_at + length;
            decoded.marks.push((decoded.text.len(), at));
        }
        decoded.text.push_str(text.get(at..).unwrap_or_default());
        (!decoded.marks.is_empty()).then_some(decoded)
    }

    /// Writes a text so that it can stand inside.
    pub(super) fn encode(self, text: &str) -> String {
        match self {
            Self::Json => text.replace('\\', "\\\\").replace('"', "\\\""),
            Self::Percent => text.replace('%', "%25").replace('"', "%22").replace('[', "%5B").replace(']', "%5D"),
            Self::Entity => text.replace('&', "&amp;").replace('"', "&quot;"),
        }
    }
}

impl Decoded {
    /// Returns where something comes from.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.place(range.start)..self.place(range.end)
    }

    fn place(&self, at: usize) -> usize {
        let after = self.marks.partition_point(|(here, _)| *here <= at);
        let (here, there) = after.checked_sub(1).and_then(|last| self.marks.get(last)).copied().unwrap_or((0, 0));
        there + (at - here)
    }
}

/// Reads `\…` at the beginning of a text: the character, unless it is cut off, and the bytes it takes.
fn escape(text: &str) -> Option<(Option<char>, usize)> {
    let Some(kind) = text.chars().nth(1) else { return Some((None, 1)) };
    let plain = |character| Some((Some(character), 2));
    match kind {
        '"' | '\\' | '/' | '\'' => plain(kind),
        'n' => plain('\n'),
        't' => plain('\t'),
        'r' => plain('\r'),
        'b' => plain('\u{8}'),
        'f' => plain('\u{c}'),
        'x' => hex(text.get(2..4)?).map(|code| (char::from_u32(code), 4)),
        'u' => match (text.get(2..6).and_then(hex), text.len()) {
            (Some(high @ 0xd800..0xdc00), _) => Some(pair(text, high)),
            (Some(code), _) => Some((Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)), 6)),
            (None, length @ 2..6) => Some((None, length)),
            (None, _) => None,
        },
        _ => None,
    }
}

/// Reads the second half of a surrogate pair.
fn pair(text: &str, high: u32) -> (Option<char>, usize) {
    let low = text.get(6..).and_then(|rest| rest.strip_prefix("\\u")).and_then(|rest| rest.get(..4)).and_then(hex);
    match low {
        Some(low @ 0xdc00..0xe000) => (char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12),
        _ => (Some(char::REPLACEMENT_CHARACTER), 6),
    }
}

fn hex(digits: &str) -> Option<u32> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    valid.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// Reads the `%XX`s of one character.
fn percent(text: &str) -> Option<(Option<char>, usize)> {
    let byte = |at: usize| {
        let code = text.get(at * 3..at * 3 + 3)?.strip_prefix('%').and_then(hex)?;
        u8::try_from(code).ok()
    };
    let first = byte(0)?;
    let length = match first {
        0..0x80 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    let bytes: Vec<u8> = (0..length).map_while(byte).collect();
    let character = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((Some(character), length * 3))
}

fn entity(text: &str) -> Option<(Option<char>, usize)> {
    let end = text.as_bytes().iter().take(10).position(|byte| *byte == b';')?;
    let name = text.get(1..end)?;
    let character = match name {
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => hex(digits)?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((Some(character), end + 1))
}

/// The fewest characters that are taken for base64.
const BASE64_LEAST: usize = 8;

/// Returns the stretches of a text that may be base64, and what they stand for, if that is text.
pub(super) fn base64_texts(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let bytes = text.as_bytes();
            let start = at + bytes.get(at..)?.iter().position(|byte| sextet(*byte).is_some())?;
            let rest = bytes.get(start..)?;
            let length = rest.iter().position(|byte| sextet(*byte).is_none()).unwrap_or(rest.len());
            let padding = rest.get(length..)?.iter().take(2).take_while(|byte| **byte == b'=').count();
            at = start + length + padding;
            if length < BASE64_LEAST {
                continue;
            }
            if let Some(decoded) = rest.get(..length).and_then(base64) {
                return Some((start..at, decoded));
            }
        }
    })
}

/// Decodes base64 of either alphabet. What is cut off at the end goes; `None` when it is no text.
fn base64(digits: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    for group in digits.chunks(4) {
        let bits = group.iter().try_fold(0_u32, |bits, digit| Some(bits << 6 | u32::from(sextet(*digit)?)))?;
        let bits = bits << (6 * (4 - group.len()));
        let [_, first, second, third] = bits.to_be_bytes();
        bytes.extend([first, second, third].iter().take(group.len().saturating_sub(1)));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.utf8_error().error_len().is_none() => {
            let whole = error.utf8_error().valid_up_to();
            String::from_utf8_lossy(error.as_bytes().get(..whole)?).into_owned()
        }
        Err(_) => return None,
    };
    let readable = |character: char| !character.is_control() || character.is_whitespace();
    (!text.is_empty() && text.chars().all(readable)).then_some(text)
}

fn sextet(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_decoded_knows_where_it_came_from() {
        for (coding, text, decoded, part, source) in [
            (Coding::Json, r#"a\"b\u00e9c"#, "a\"b\u{e9}c", "b\u{e9}", r"b\u00e9"),
            (Coding::Json, r"\ud83d\ude00!\x41", "\u{1f600}!A", "\u{1f600}", r"\ud83d\ude00"),
            (Coding::Json, r"a\q\nb\u00", "a\\q\nb", "\nb", r"\nb\u00"),
            (Coding::Percent, "a%22%C3%A9%zz", "a\"\u{e9}%zz", "\u{e9}", "%C3%A9"),
            (Coding::Entity, "&quot;&#65;&x;&", "\"A&x;&", "A", "&#65;"),
        ] {
            let made = coding.decode(text).unwrap();
            assert_eq!(made.text, decoded);
            let at = decoded.find(part).unwrap();
            assert_eq!(&text[made.source(&(at..at + part.len()))], source);
        }
        assert!(Coding::Json.decode("plain").is_none() && Coding::Percent.decode("100 %").is_none());
    }

    #[test]
    fn base64_is_read_when_it_is_text() {
        let found: Vec<_> = base64_texts("x aHVudGVyMlNFQ1JFVA== eyJhIjoxfQ something").map(|(_, text)| text).collect();
        assert_eq!(found, ["hunter2SECRET", "{\"a\":1}"]);
    }
}
