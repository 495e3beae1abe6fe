//! Long strings, compared word by word.
//!
//! With the alignment that arrays have: its time is bounded by the length alone, where text libraries need a clock for
//! that, which this layer has not.

use super::align;
use serde_json::Value;

/// A piece of one or two strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word<'a> {
    /// In both.
    Same(&'a str),
    /// Only in the old one.
    Removed(&'a str),
    /// Only in the new one.
    Added(&'a str),
}

/// Strings longer than this are compared word by word.
const LONG: usize = 32;
/// Strings longer than this are cut before that.
const LONGEST: usize = 20_000;

/// Returns two long strings as pieces; `None` when one is short, or when they share next to nothing.
pub fn in_words<'a>(old: &'a Value, new: &'a Value) -> Option<Vec<Word<'a>>> {
    let (Value::String(old), Value::String(new)) = (old, new) else { return None };
    long_in_words(old, new)
}

/// The same of texts.
pub(super) fn long_in_words<'a>(old: &'a str, new: &'a str) -> Option<Vec<Word<'a>>> {
    if old.len().min(new.len()) <= LONG {
        return None;
    }
    let cut = |text: &'a str| {
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(place, _)| place);
        text.get(..end).unwrap_or(text)
    };
    let pieces = words(cut(old), cut(new));
    pieces.iter().any(|piece| matches!(piece, Word::Same(text) if text.trim().len() > 3)).then_some(pieces)
}

impl<'a> Word<'a> {
    /// Returns the text.
    pub fn text(self) -> &'a str {
        match self {
            Self::Same(text) | Self::Removed(text) | Self::Added(text) => text,
        }
    }

    /// Returns the word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same(_) => "same",
            Self::Removed(_) => "removed",
            Self::Added(_) => "added",
        }
    }
}

/// Returns two strings as pieces they share and pieces they do not. Neighbours of one kind are one piece.
pub fn words<'a>(old: &'a str, new: &'a str) -> Vec<Word<'a>> {
    let (old_words, new_words) = (split(old), split(new));
    let texts = |words: &[(usize, &'a str)]| words.iter().map(|(_, word)| *word).collect::<Vec<_>>();
    let pairs = align(&texts(&old_words), &texts(&new_words));
    let mut pieces = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let mut rest = pairs.as_slice();
    while let Some((old_word, new_word)) = rest.first() {
        let run = rest.iter().enumerate().take_while(|(n, pair)| **pair == (old_word + n, new_word + n)).count();
        let start =
            |words: &[(usize, &str)], word: usize, text: &str| words.get(word).map_or(text.len(), |word| word.0);
        let (old_start, new_start) = (start(&old_words, *old_word, old), start(&new_words, *new_word, new));
        push(&mut pieces, Word::Removed, old.get(old_at..old_start));
        push(&mut pieces, Word::Added, new.get(new_at..new_start));
        (old_at, new_at) = (start(&old_words, old_word + run, old), start(&new_words, new_word + run, new));
        push(&mut pieces, Word::Same, old.get(old_start..old_at));
        rest = rest.get(run..).unwrap_or_default();
    }
    push(&mut pieces, Word::Removed, old.get(old_at..));
    push(&mut pieces, Word::Added, new.get(new_at..));
    pieces
}

fn push<'a>(pieces: &mut Vec<Word<'a>>, kind: fn(&'a str) -> Word<'a>, text: Option<&'a str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(kind(text));
    }
}

/// Words, gaps between words, and other characters one by one, each with its place.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut from = 0;
    let mut kind = Class::Other;
    for (at, c) in text.char_indices() {
        let next = Class::of(c);
        if at > from && (next != kind || next == Class::Other) {
            words.extend(text.get(from..at).map(|word| (from, word)));
            from = at;
        }
        kind = next;
    }
    words.extend(text.get(from..).filter(|word| !word.is_empty()).map(|word| (from, word)));
    words
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Word,
    Space,
    Other,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            c if c.is_alphanumeric() || c == '_' => Self::Word,
            c if c.is_whitespace() => Self::Space,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_words_stay_together() {
        use Word::{Added, Removed, Same};
        assert_eq!(
            words("the issuer said no (51)", "the issuer said yes (51)"),
            [Same("the issuer said "), Removed("no"), Added("yes"), Same(" (51)")]
        );
        assert_eq!(words("", "a"), [Added("a")]);
        assert_eq!(words("é b", "é b"), [Same("é b")]);
        assert_eq!(words("a", "b"), [Removed("a"), Added("b")]);
    }
}
