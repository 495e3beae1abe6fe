//! Where a value ends, in JSON and in what only looks like it: cut off, a Python dict, `name=value`, YAML.
//!
//! Where that cannot be known, more is taken for the value rather than less.

/// A value of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// The byte behind it.
    pub(super) end: usize,
    /// The quote it stands in.
    pub(super) quote: Option<char>,
    /// Whether its end was found, and not only that of the text.
    pub(super) closed: bool,
}

/// What precedes a value that stands in no brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// `name=`: it ends with the word.
    Equals,
    /// `name:`: it ends with the line, or before the next name.
    Colon,
    /// `name:` at the beginning of a line, so far in: lines further in belong to it.
    Line(usize),
}

/// Words in front of credentials, as `Authorization` has them.
const SCHEMES: [&str; 6] = ["bearer", "basic", "token", "digest", "apikey", "aws4-hmac-sha256"];

pub(super) fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// Steps over blanks.
pub(super) fn blanks(text: &str, mut at: usize) -> usize {
    while matches!(byte(text, at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// Steps over white space.
pub(super) fn spaces(text: &str, mut at: usize) -> usize {
    while byte(text, at).is_some_and(|byte| byte.is_ascii_whitespace()) {
        at += 1;
    }
    at
}

/// Tells whether a byte may be part of a word.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'-' | b'.' | b'$' | b'@' | b'/' | b'+')
}

pub(super) fn word_end(text: &str, mut at: usize) -> usize {
    while byte(text, at).is_some_and(is_word) {
        at += 1;
    }
    at
}

/// Returns where the character behind the one at `at` begins.
pub(super) fn next(text: &str, at: usize) -> usize {
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    (at + length).min(text.len()).max(at + 1)
}

/// Returns what stands between a name and its value, with the place behind it.
pub(super) fn separator(text: &str, at: usize) -> Option<(usize, After)> {
    match (byte(text, at)?, byte(text, at + 1)) {
        (b':', Some(b'=')) | (b'=', Some(b'>')) => Some((at + 2, After::Equals)),
        (b':', Some(b':')) | (b'=', Some(b'=')) => None,
        (b':', Some(b'/')) if byte(text, at + 2) == Some(b'/') => None,
        (b':', _) => Some((at + 1, After::Colon)),
        (b'=', _) => Some((at + 1, After::Equals)),
        _ => None,
    }
}

/// Returns the end of the string whose quote stands at `at`.
pub(super) fn string(text: &str, at: usize, quote: u8) -> Extent {
    let mut end = at + 1;
    let quote_char = Some(char::from(quote));
    loop {
        let rest = text.as_bytes().get(end..).unwrap_or_default();
        match memchr::memchr2(quote, b'\\', rest) {
            None => return Extent { end: text.len(), quote: quote_char, closed: false },
            Some(found) if rest.get(found) == Some(&quote) => {
                return Extent { end: end + found + 1, quote: quote_char, closed: true };
            }
            Some(found) if end + found + 1 >= text.len() => {
                return Extent { end: text.len(), quote: quote_char, closed: false };
            }
            Some(found) => end = next(text, end + found + 1),
        }
    }
}

/// Returns the end of an object or array, or of what looks like one.
fn container(text: &str, at: usize, json: bool) -> Extent {
    let (mut depth, mut end) = (0_usize, at);
    while let Some(here) = byte(text, end) {
        match here {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Extent { end: end + 1, quote: None, closed: true };
                }
            }
            b'"' => {
                end = string(text, end, b'"').end;
                continue;
            }
            b'\'' if !json && opens(text, end) => {
                end = string(text, end, b'\'').end;
                continue;
            }
            b'\\' => end += 1,
            _ => {}
        }
        end += 1;
    }
    Extent { end: text.len(), quote: None, closed: false }
}

/// Tells whether a single quote opens a string and is no apostrophe.
pub(super) fn opens(text: &str, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| byte(text, before));
    before.is_none_or(|before| !before.is_ascii_alphanumeric() && before < 0x80) || is_prefixed(text, at)
}

/// Tells whether a letter in front of a quote belongs to the string, as in Python's `b'…'`.
pub(super) fn is_prefixed(text: &str, quote: usize) -> bool {
    let letters = text.as_bytes().get(..quote).unwrap_or_default();
    let length = letters.iter().rev().take(3).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let prefix = letters.get(quote - length..).unwrap_or_default();
    matches!(prefix.len(), 1 | 2)
        && prefix.iter().all(|byte| matches!(byte.to_ascii_lowercase(), b'b' | b'u' | b'r' | b'f'))
}

/// Returns the value at `at` of a JSON text, or inside of brackets of a text that is none.
pub(super) fn inside(text: &str, at: usize, json: bool) -> Extent {
    match byte(text, at) {
        Some(b'{' | b'[') => container(text, at, json),
        Some(b'"') => quoted(text, at, json),
        Some(b'\'') if !json => string(text, at, b'\''),
        _ if json => {
            let end = text.as_bytes().get(at..).unwrap_or_default().iter();
            let length =
                end.take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b',' | b'}' | b']')).count();
            Extent { end: at + length, quote: None, closed: true }
        }
        _ => match prefixed(text, at) {
            Some(extent) => extent,
            None => bare_inside(text, at),
        },
    }
}

/// A string; one whose quotes are doubled, as CSV has them, to where it ends with two.
fn quoted(text: &str, at: usize, json: bool) -> Extent {
    let extent = string(text, at, b'"');
    let empty = extent.end == at + 2;
    let follows = byte(text, extent.end);
    if json || !empty || follows.is_none_or(|byte| byte.is_ascii_whitespace() || b",}]:)".contains(&byte)) {
        return extent;
    }
    let rest = text.get(extent.end..).unwrap_or_default();
    match rest.find("\"\"") {
        Some(found) => Extent { end: extent.end + found + 2, ..extent },
        None => Extent { end: text.len(), quote: Some('"'), closed: false },
    }
}

fn prefixed(text: &str, at: usize) -> Option<Extent> {
    let letters = text.as_bytes().get(at..)?.iter().take(2).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let quote = byte(text, at + letters).filter(|byte| letters > 0 && matches!(byte, b'"' | b'\''))?;
    is_prefixed(text, at + letters).then(|| Extent { quote: None, ..string(text, at + letters, quote) })
}

/// A value without quotes: to the bracket that ends what it stands in, or to the next name.
fn bare_inside(text: &str, at: usize) -> Extent {
    let (mut end, mut depth) = (at, 0_usize);
    while let Some(here) = byte(text, end) {
        match here {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' if depth == 0 => break,
            b'}' | b']' | b')' => depth -= 1,
            b',' | b';' | b'&' if depth == 0 && (names(text, end + 1) || is_scalar(text.get(at..end))) => break,
            b'"' => {
                end = string(text, end, b'"').end;
                continue;
            }
            b'\'' if opens(text, end) => {
                end = string(text, end, b'\'').end;
                continue;
            }
            _ => {}
        }
        end += 1;
    }
    let closed = end < text.len();
    let trimmed = text.get(at..end).unwrap_or_default().trim_end().len();
    Extent { end: at + trimmed, quote: None, closed }
}

fn is_scalar(text: Option<&str>) -> bool {
    let text = text.unwrap_or_default().trim();
    matches!(text, "true" | "false" | "null" | "None" | "True" | "False") || text.parse::<f64>().is_ok()
}

/// Tells whether a name with its separator comes next.
fn names(text: &str, at: usize) -> bool {
    let at = spaces(text, at);
    let end = match byte(text, at) {
        Some(quote @ (b'"' | b'\'')) => string(text, at, quote).end,
        _ => word_end(text, at),
    };
    end > at && end - at < 128 && separator(text, spaces(text, end)).is_some()
}

/// Returns the value at `at` of prose, where no bracket tells its end.
pub(super) fn outside(text: &str, at: usize, after: After) -> Extent {
    match byte(text, at) {
        Some(b'{' | b'[') => return container(text, at, false),
        Some(b'"') => return quoted(text, at, false),
        Some(b'\'') => {
            let extent = string(text, at, b'\'');
            if extent.closed {
                return extent;
            }
        }
        _ => {
            if let Some(extent) = prefixed(text, at) {
                return extent;
            }
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with("-----BEGIN") {
        return armored(text, at);
    }
    let line = rest.find('\n').map_or(text.len(), |found| at + found);
    let end = match after {
        After::Equals if !has_scheme(rest) => {
            let word = rest.find(|c: char| c.is_whitespace() || c == '&').map_or(text.len(), |found| at + found);
            at + text.get(at..word).unwrap_or_default().trim_end_matches([',', ';']).len()
        }
        After::Line(indent) => match next_name(text, at, line) {
            end if end < line => end,
            _ => lines(text, line, indent, at == line),
        },
        _ => next_name(text, at, line),
    };
    let trimmed = text.get(at..end).unwrap_or_default().trim_end().len();
    Extent { end: at + trimmed, quote: None, closed: end < text.len() }
}

fn has_scheme(text: &str) -> bool {
    let word = text.split(char::is_whitespace).next().unwrap_or_default().to_ascii_lowercase();
    SCHEMES.contains(&&*word)
}

/// A key or certificate between its lines.
fn armored(text: &str, at: usize) -> Extent {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.find("-----END").and_then(|found| {
        let behind = found + "-----END".len();
        Some(behind + rest.get(behind..)?.find("-----")? + "-----".len())
    });
    Extent { end: at + end.unwrap_or(rest.len()), quote: None, closed: end.is_some() }
}

/// The end of a value in its line: before a comma or the like with a name behind it.
fn next_name(text: &str, at: usize, line: usize) -> usize {
    let rest = text.get(at..line).unwrap_or_default();
    let breaks = rest.match_indices([',', ';', '|', '&']).map(|(found, _)| at + found);
    breaks.take(64).find(|found| names(text, found + 1)).unwrap_or(line)
}

/// The end of a value of YAML: of the lines further in than its name, and of a list as far in.
fn lines(text: &str, mut line: usize, indent: usize, empty: bool) -> usize {
    let mut end = line;
    while let Some(next) = text.get(line + 1..).filter(|_| line < text.len()) {
        let next = next.split('\n').next().unwrap_or_default();
        let inner = next.trim_start_matches(' ');
        let by = next.len() - inner.len();
        let behind = line + 1 + next.len();
        if inner.trim().is_empty() {
            line = behind;
            continue;
        }
        if by <= indent && !(by == indent && empty && inner.starts_with("- ")) {
            break;
        }
        (line, end) = (behind, behind);
    }
    end
}
