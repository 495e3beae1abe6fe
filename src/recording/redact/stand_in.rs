//! What stands where something was taken out.

use super::REDACTED;
use crate::query::Algorithm;

/// The beginning of what stands where something was taken out, with or without a pseudonym.
const OPENING: &str = "[redacted";

/// The digits of a pseudonym: enough that two values of one recording do not share one by chance.
const DIGITS: usize = 12;

/// The bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// What is put where something is taken out.
#[derive(Debug, Clone, Default)]
pub enum StandIn {
    /// `[redacted]`, whatever it was.
    #[default]
    Same,
    /// `[redacted:4f8a21c09b7d]`: the same for the same value, and of no use to who has not the key.
    Pseudonym(Key),
}

/// What makes pseudonyms: who has it can find out whether a value they guess is the one.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl std::fmt::Debug for Key {
    /// A key is not told.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The fewest bytes of a key: fewer can be guessed.
    pub const LEAST: usize = 16;

    /// A key of these bytes; `None` when they are fewer than [`Key::LEAST`].
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (bytes.len() >= Self::LEAST).then(|| Self(bytes.to_vec()))
    }

    /// Returns the keyed hash of a text: HMAC-SHA-256 (RFC 2104) but that the inner hash is taken in as digits.
    fn hash(&self, text: &str) -> String {
        let key = if self.0.len() > BLOCK { Algorithm::Sha256.hex(&self.0).into_bytes() } else { self.0.clone() };
        let padded = |with: u8| (0..BLOCK).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect();
        let (mut inner, mut outer): (Vec<u8>, Vec<u8>) = (padded(0x36), padded(0x5c));
        inner.extend_from_slice(text.as_bytes());
        outer.extend_from_slice(Algorithm::Sha256.hex(&inner).as_bytes());
        Algorithm::Sha256.hex(&outer)
    }
}

impl StandIn {
    /// Returns what stands for a value.
    pub(super) fn of(&self, value: &str) -> String {
        match self {
            Self::Same => REDACTED.to_owned(),
            Self::Pseudonym(key) => {
                format!("{OPENING}:{}]", key.hash(value).get(..DIGITS).unwrap_or_default())
            }
        }
    }
}

/// Returns the length of what stands for something at the beginning of a text.
fn length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(OPENING)?;
    if rest.starts_with(']') {
        return Some(REDACTED.len());
    }
    let digits = rest.strip_prefix(':')?.get(..DIGITS)?;
    let whole = digits.bytes().all(|digit| digit.is_ascii_hexdigit()) && rest.get(DIGITS + 1..)?.starts_with(']');
    whole.then_some(OPENING.len() + DIGITS + 2)
}

/// Tells whether a text is nothing but what stands for something that was taken out.
pub fn is_stand_in(text: &str) -> bool {
    length(text) == Some(text.len())
}

/// Returns where something was taken out of a text.
pub(super) fn ranges(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut ranges, mut at) = (Vec::new(), 0);
    for part in between_stand_ins(text) {
        let start = at + part.len();
        let length = text.get(start..).and_then(length).unwrap_or(0);
        if length > 0 {
            ranges.push(start..start + length);
        }
        at = start + length;
    }
    ranges
}

/// Returns what a text has between the places where something was taken out; one part when nothing was.
pub fn between_stand_ins(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(OPENING)) {
        let start = at + found;
        match text.get(start..).and_then(length) {
            Some(length) => {
                parts.push(text.get(from..start).unwrap_or_default());
                (from, at) = (start + length, start + length);
            }
            None => at = start + OPENING.len(),
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_has_the_same_name_under_the_same_key_only() {
        let stand_in = |key: &[u8]| StandIn::Pseudonym(Key::new(key).unwrap());
        let (one, other) = (stand_in(b"0123456789abcdef"), stand_in(&[7; 100]));
        assert_eq!(one.of("Ada"), one.of("Ada"));
        assert_ne!(one.of("Ada"), one.of("Bob"));
        assert_ne!(one.of("Ada"), other.of("Ada"));
        assert!(is_stand_in(&one.of("Ada")) && is_stand_in(REDACTED) && !is_stand_in("[redacted:Ada]"));
        assert!(Key::new(b"short").is_none());
    }

    #[test]
    fn a_text_is_parted_at_what_was_taken_out() {
        assert_eq!(between_stand_ins("a [redacted] b [redacted:0123456789ab]"), ["a ", " b ", ""]);
        assert_eq!(between_stand_ins("[redacted: no]"), ["[redacted: no]"]);
    }
}
