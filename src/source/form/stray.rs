//! Lines that do not belong into a JSON text: what a program wrote to standard error while its output went into the
//! same file.

use crate::json::SharedBytes;

/// More lines than this are not strays but something else.
const MOST: usize = 20;

/// Longer texts are left as they are.
const LONGEST: usize = 64 << 20;

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) struct Stray {
    /// The line, from 1.
    pub(in crate::source) line: usize,
    /// Where it begins.
    pub(in crate::source) byte: usize,
    /// How it begins.
    pub(in crate::source) text: String,
}

/// Returns a JSON text in which lines that cannot be part of it are blank, and those lines. `None` when there is none,
/// or too many, or nothing else.
pub(in crate::source) fn without_strays(text: &SharedBytes) -> Option<(SharedBytes, Vec<Stray>)> {
    if text.len() > LONGEST {
        return None;
    }
    let mut made = text.to_vec();
    let (mut strays, mut at, mut others) = (Vec::new(), 0, 0);
    for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if is_stray(line) {
            let shown = String::from_utf8_lossy(line.get(..line.len().min(200)).unwrap_or(line)).trim().to_owned();
            strays.push(Stray { line: number + 1, byte: at, text: shown });
            let end = at + line.trim_ascii_end().len();
            made.get_mut(at..end).into_iter().for_each(|line| line.fill(b' '));
        } else if !line.trim_ascii().is_empty() {
            others += 1;
        }
        at += line.len();
        if strays.len() > MOST {
            return None;
        }
    }
    (!strays.is_empty() && others > 0).then(|| (SharedBytes::new(made), strays))
}

/// Tells whether a line begins at the margin with what begins no line of JSON. Text in JSON has no line breaks, so a
/// line never begins inside of one.
fn is_stray(line: &[u8]) -> bool {
    let word = || line.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
    match line.first() {
        Some(b'[') => {
            // `[WARNING] …` is no list.
            line.get(1).is_some_and(u8::is_ascii_alphabetic)
                && !line.starts_with(b"[true")
                && !line.starts_with(b"[null")
        }
        Some(b'{' | b'}' | b']' | b'"' | b',' | b':') | None => false,
        Some(byte) if byte.is_ascii_whitespace() => false,
        Some(byte) if byte.is_ascii_digit() || *byte == b'-' => line.contains(&b' '),
        Some(_) => !matches!(word(), b"true" | b"false" | b"null"),
    }
}
