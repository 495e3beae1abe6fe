//! Texts, borrowed from the document and the expression or made during an evaluation.
//!
//! JSONata's texts are UTF-16 and may hold half a surrogate pair, which a `str` cannot. A half is kept as a character
//! of the last private plane, 2,048 characters nobody uses, and becomes U+FFFD when it leaves an evaluation.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

/// A text.
#[derive(Debug, Clone)]
pub(super) enum Text<'v> {
    Given(&'v str),
    Made(Rc<str>),
}

/// The character that stands for the first half surrogate, U+D800.
const FIRST_HALF: u32 = 0x0010_f800;

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Given(text) => text,
            Self::Made(text) => text,
        }
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::Made(text.into())
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

/// Tells whether a unit is the first half of a character.
pub(super) fn is_high(unit: u16) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

/// Makes text of UTF-16 units.
pub(super) fn from_units(units: &[u16]) -> String {
    let decoded = char::decode_utf16(units.iter().copied());
    decoded.map(|unit| unit.unwrap_or_else(|half| character_of_half(half.unpaired_surrogate()))).collect()
}

fn character_of_half(unit: u16) -> char {
    char::from_u32(FIRST_HALF + u32::from(unit) - 0xd800).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Returns the half surrogate that a character stands for.
pub(super) fn half_of(character: char) -> Option<u16> {
    let offset = u32::from(character).checked_sub(FIRST_HALF)?;
    u16::try_from(0xd800 + offset).ok().filter(|unit| *unit < 0xe000)
}

/// Tells whether a text holds a half surrogate.
pub(super) fn has_half(text: &str) -> bool {
    memchr::memchr(0xf4, text.as_bytes()).is_some() && text.chars().any(|character| half_of(character).is_some())
}

/// Puts halves together that have come to stand side by side.
pub(super) fn mended(text: String) -> String {
    if has_half(&text) { from_units(&units(&text)) } else { text }
}

/// Returns the text as it leaves an evaluation.
pub(super) fn leaving(text: &str) -> Cow<'_, str> {
    if !has_half(text) {
        return Cow::Borrowed(text);
    }
    let whole = |character: char| if half_of(character).is_some() { char::REPLACEMENT_CHARACTER } else { character };
    Cow::Owned(text.chars().map(whole).collect())
}

/// Returns the UTF-16 units of a text.
pub(super) fn units(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len());
    for character in text.chars() {
        match half_of(character) {
            Some(half) => units.push(half),
            None => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
        }
    }
    units
}

/// Counts the UTF-16 units of a text.
pub(super) fn unit_count(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(|character| if half_of(character).is_some() { 1 } else { character.len_utf16() }).sum()
}

/// Returns where a UTF-16 unit stands in the bytes of a text; the end when it is beyond.
pub(super) fn byte_of_unit(text: &str, unit: usize) -> usize {
    if text.is_ascii() {
        return unit.min(text.len());
    }
    let mut seen = 0;
    for (at, character) in text.char_indices() {
        if seen >= unit {
            return at;
        }
        seen += if half_of(character).is_some() { 1 } else { character.len_utf16() };
    }
    text.len()
}

/// Compares as JavaScript does, by UTF-16 units.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    if left.is_ascii() || right.is_ascii() {
        return left.cmp(right);
    }
    units(left).cmp(&units(right))
}
