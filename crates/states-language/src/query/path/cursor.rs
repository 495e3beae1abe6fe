//! A position in the text of a path: looks ahead and back over blanks, and knows what a quote hides.
//!
//! Everything that means something in a path is ASCII, so positions are bytes and slices between them are whole text.

use crate::query::error::SyntaxError;

/// A position in a text, and where the text ends for the reader.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    pub(super) position: usize,
    end: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, position: 0, end: text.len() }
    }

    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Takes blanks off both ends; the last character always stays.
    pub(super) fn trim(&mut self) {
        self.skip_blanks();
        while self.position + 1 < self.end && self.get(self.end - 1) == Some(b' ') {
            self.end -= 1;
        }
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.position + 1 < self.end && self.current() == Some(b' ') {
            self.position += 1;
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied().filter(|_| at < self.end)
    }

    pub(super) fn current(&self) -> Option<u8> {
        self.get(self.position)
    }

    pub(super) fn last(&self) -> Option<u8> {
        self.end.checked_sub(1).and_then(|at| self.get(at))
    }

    /// Tells whether at most one character is left; Jayway stops here and does not look at it.
    pub(super) fn is_tail(&self) -> bool {
        self.position + 1 >= self.end
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Returns the position of the next character that is no blank, after another position.
    pub(super) fn significant_after(&self, at: usize) -> usize {
        let mut at = at + 1;
        while self.get(at) == Some(b' ') {
            at += 1;
        }
        at
    }

    /// Returns the next character that is no blank, after another position.
    pub(super) fn peek_after(&self, at: usize) -> Option<u8> {
        self.get(self.significant_after(at))
    }

    /// Returns the position of the last character before this one that is no blank.
    pub(super) fn significant_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|at| self.get(*at) != Some(b' '))
    }

    pub(super) fn find(&self, from: usize, wanted: u8) -> Option<usize> {
        (from..self.end).find(|at| self.get(*at) == Some(wanted))
    }

    /// Returns where a quoted text that opens here ends.
    pub(super) fn closing_quote(&self, open: usize, quote: u8) -> Option<usize> {
        let mut at = open + 1;
        while let Some(character) = self.get(at) {
            match character {
                b'\\' => at += 1,
                _ if character == quote => return Some(at),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Returns where the bracket that opens here is closed; quoted text is skipped, and regular expressions if asked to.
    pub(super) fn closing_bracket(
        &self,
        open: usize,
        brackets: (u8, u8),
        regexes: Regexes,
    ) -> Result<Option<usize>, SyntaxError> {
        let mut depth = 1usize;
        let mut at = open + 1;
        while let Some(character) = self.get(at) {
            if matches!(character, b'\'' | b'"') {
                at = self.closing_quote(at, character).ok_or_else(|| SyntaxError::expected(at, "a closing quote"))? + 1;
            }
            if regexes == Regexes::Skipped && self.get(at) == Some(b'/') {
                at = self.closing_quote(at, b'/').ok_or_else(|| SyntaxError::expected(at, "a closing '/'"))? + 1;
            }
            match self.get(at) {
                Some(character) if character == brackets.0 => depth += 1,
                Some(character) if character == brackets.1 => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(Some(at));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Ok(None)
    }
}

/// Whether text between two slashes may hold brackets that mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Regexes {
    Skipped,
    NotExpected,
}

/// Resolves the escape sequences of a quoted text: `\n` and the like, `\u0041`, and any other character as itself.
pub(super) fn unescape(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    let mut units = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let resolved = match character {
            '\\' => match characters.next() {
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('u') => {
                    if let Some(unit) = hex(&mut characters)? {
                        units.push(unit);
                    }
                    continue;
                }
                Some(other) => other,
                None => '\\',
            },
            other => other,
        };
        units.extend_from_slice(resolved.encode_utf16(&mut [0; 2]));
    }
    Some(String::from_utf16_lossy(&units))
}

/// Reads four hexadecimal digits: `None` when they are none, nothing when the text ends before the fourth.
fn hex(characters: &mut std::str::Chars<'_>) -> Option<Option<u16>> {
    let mut unit = 0;
    for _ in 0..4 {
        let Some(character) = characters.next() else { return Some(None) };
        unit = unit * 16 + u16::try_from(character.to_digit(16)?).ok()?;
    }
    Some(Some(unit))
}
