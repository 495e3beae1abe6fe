//! Reads one fragment of a path: a name, or what stands in brackets.
//!
//! Jayway looks for the first character that tells what a fragment is and skips all before it: `[x1]` is `[1]`,
//! `["a"]` is nothing, `["a1"]` is `[1]`. Nothing is an escape sequence: `['it\'s']` is a name that ends in a
//! backslash, and more that is not looked at.

use super::filter;
use super::parse::Standing;
use super::step::{Slice, Step};
use crate::query::error::SyntaxError;
use crate::query::java;

/// Reads a name that stands after a dot, or after a bracket. It is read as if it stood in `['…']`.
pub(super) fn dotted(name: &str) -> Step {
    if !name.contains(['\'', ']']) {
        return Step::Name(name.into());
    }
    named(names(&format!("'{name}']")).unwrap_or_default())
}

/// Reads what stands in brackets, these included.
pub(super) fn bracketed(fragment: &str, standing: Standing) -> Result<Step, SyntaxError> {
    if fragment == "[*]" {
        return Ok(Step::Wildcard);
    }
    if let Some(count) = placeholders(fragment) {
        return Ok(Step::Unbound(count));
    }
    let is_start = |character| matches!(character, '?' | '\'' | ':' | '-' | '@') || java::digit(character).is_some();
    let start = fragment.char_indices().find(|(_, character)| is_start(*character));
    let Some((at, character)) = start else {
        return Err(SyntaxError::expected(1, "a quoted name, an index, '*' or '?'"));
    };
    let rest = fragment.get(at..).unwrap_or_default();
    match character {
        '?' if standing == Standing::InFilter => Err(SyntaxError::expected(at, "no filter inside of a filter")),
        '?' => criteria(fragment, at),
        '\'' => names(rest).map(named).ok_or_else(|| SyntaxError::expected(fragment.len(), "']' after the name")),
        '@' => from_end(rest).ok_or_else(|| SyntaxError::expected(at, "'@.length-1)' or '@.size()-1)'")),
        _ => {
            let expected = "indexes such as '0', '0,2', '1:3', '1:' or ':3'";
            Indexes::read(rest).ok_or_else(|| SyntaxError::expected(at, expected))
        }
    }
}

/// Returns how many question marks stand in `[?]`, `[?, ?]`.
fn placeholders(fragment: &str) -> Option<usize> {
    let is_blank = |character| matches!(character, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r');
    let inner = fragment.strip_prefix('[')?.strip_suffix(']')?;
    let marks = inner.trim_start_matches(is_blank);
    let only = marks.chars().all(|character| matches!(character, ',' | '*' | '?') || is_blank(character));
    (marks.starts_with('?') && only).then(|| marks.matches('?').count())
}

fn named(mut names: Vec<Box<str>>) -> Step {
    match names.pop() {
        Some(name) if names.is_empty() => Step::Name(name),
        last => Step::Names(names.into_iter().chain(last).collect()),
    }
}

/// Reads quoted names up to the first `]`, wherever it stands; nothing when there is none.
fn names(text: &str) -> Option<Vec<Box<str>>> {
    let (mut names, mut open) = (Vec::new(), None::<String>);
    for character in text.chars() {
        match (character, open.as_mut()) {
            (']', _) => return Some(names),
            ('\'', None) => open = Some(String::new()),
            ('\'', Some(_)) => names.extend(open.take().map(String::into_boxed_str)),
            (other, Some(name)) => name.push(other),
            (_, None) => {}
        }
    }
    None
}

/// Cuts a filter out of its fragment: from the bracket before the question mark to the one that closes it.
fn criteria(fragment: &str, mark: usize) -> Result<Step, SyntaxError> {
    let start = fragment.get(..mark).and_then(|before| before.rfind('[')).unwrap_or(0);
    let text = fragment.get(start..).unwrap_or_default();
    let length =
        filter_length(text).ok_or_else(|| SyntaxError::expected(mark, "a filter whose brackets are closed"))?;
    let filter = filter::parse(text.get(..length).unwrap_or_default()).map_err(|error| error.shifted(start))?;
    Ok(Step::Filter(Box::new(filter)))
}

fn filter_length(text: &str) -> Option<usize> {
    let (mut parentheses, mut brackets, mut quoted, mut before) = (0i64, 0i64, false, b' ');
    for (at, character) in text.bytes().enumerate() {
        match character {
            b'\'' if before != b'\\' => quoted = !quoted,
            _ if quoted => {}
            b'(' => parentheses += 1,
            b')' => parentheses -= 1,
            b'[' => brackets += 1,
            b']' => {
                brackets -= 1;
                if parentheses == 0 {
                    return (brackets == 0).then_some(at + 1);
                }
            }
            _ => {}
        }
        before = character;
    }
    None
}

/// `@.length-1)` or `@.size() - 1)`, behind what stands before it.
fn from_end(text: &str) -> Option<Step> {
    let mut rest = text.chars();
    rest.nth(1)?;
    let mut name = String::new();
    let offset = loop {
        match rest.next()? {
            '-' => break rest.as_str().split_once(')')?.0,
            ' ' | '(' | ')' => {}
            other => name.push(other),
        }
    };
    let offset = integer(&format!("-{}", offset.replace(' ', "")))?;
    matches!(name.as_str(), "size" | "length").then_some(Step::FromEnd(offset))
}

/// Reads a number as `Integer.parseInt` does, whose digits may be those of any script.
fn integer(text: &str) -> Option<i32> {
    let ascii = |character| match java::digit(character) {
        Some(digit) => char::from_digit(digit, 10).unwrap_or(character),
        None => character,
    };
    text.chars().map(ascii).collect::<String>().parse().ok()
}

/// What is known while indexes are read.
#[derive(Debug, Default)]
struct Indexes {
    characters: Vec<char>,
    at: usize,
    buffer: String,
    numbers: Vec<i32>,
    to: bool,
    from: bool,
    sequence: bool,
}

impl Indexes {
    /// Reads `0`, `0,2`, `1:3`, `1:`, `:3` up to a character that is none of these; blanks are skipped.
    fn read(text: &str) -> Option<Step> {
        let mut reader = Self { characters: text.chars().collect(), ..Self::default() };
        loop {
            match reader.current()? {
                ' ' => {}
                ':' => reader.colon()?,
                ',' => {
                    reader.number()?;
                    reader.sequence = true;
                }
                digit if is_digit(digit) => reader.buffer.push(digit),
                _ => break,
            }
            if reader.current()? == ']' {
                break;
            }
            reader.at += 1;
        }
        if !reader.buffer.is_empty() {
            reader.number()?;
        }
        reader.step()
    }

    fn current(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    /// Takes what was gathered for a number.
    fn number(&mut self) -> Option<()> {
        self.numbers.push(integer(&self.buffer)?);
        self.buffer.clear();
        Some(())
    }

    /// Reads a colon and the bound after it; what stands behind the bound is skipped by the caller unread.
    fn colon(&mut self) -> Option<()> {
        let first = self.buffer.is_empty();
        if first {
            self.to = true;
        } else {
            self.number()?;
        }
        self.at += 1;
        while is_digit(self.current()?) || self.current()? == ' ' {
            self.buffer.extend(self.current().filter(|character| *character != ' '));
            self.at += 1;
        }
        match self.buffer.is_empty() && !first {
            true => self.from = true,
            false => self.number()?,
        }
        Some(())
    }

    fn step(self) -> Option<Step> {
        let first = *self.numbers.first()?;
        Some(match self.numbers.get(1) {
            None if !self.to && !self.from => Step::Index(first),
            _ if self.sequence => Step::Indexes(self.numbers.into_boxed_slice()),
            _ if self.from => Step::Slice(Slice::From(first)),
            _ if self.to => Step::Slice(Slice::To(first)),
            second => Step::Slice(Slice::Between(first, *second?)),
        })
    }
}

fn is_digit(character: char) -> bool {
    character == '-' || java::digit(character).is_some()
}
