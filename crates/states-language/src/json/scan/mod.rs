//! Finds where JSON values end without parsing them: strings are skipped 64 bytes a step.
//!
//! On valid JSON the answers are those of a full parser. Not everything invalid is noticed: what stands inside strings
//! and numbers is not looked at, and brackets are counted, not matched. Whoever looks at a value parses it then; whoever
//! meets a [`Surprise`] asks the full parser, which knows what is wrong.

mod blocks;
mod lanes;
#[cfg(test)]
mod tests;

use super::payload::decode_literal;
use lanes::{Lanes, NARROW, WIDE};
use std::borrow::Cow;

/// The text is not what JSON may have at that place; at its very end it is probably cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surprise {
    /// The place.
    pub at: usize,
}

/// A string literal, by the place of what stands between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal<'a> {
    /// What stands between the quotes, undecoded.
    pub inner: &'a [u8],
    /// Whether there is a backslash in it, so that it needs decoding.
    pub escaped: bool,
}

impl<'a> Literal<'a> {
    /// Returns the text it stands for.
    pub fn decode(self) -> Cow<'a, str> {
        if self.escaped {
            return Cow::Owned(decode_literal(&[b"\"", self.inner, b"\""].concat()));
        }
        String::from_utf8_lossy(self.inner)
    }
}

/// A place in a JSON text, moving forward.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

/// Where in an array or object a scanner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Behind the opening bracket.
    Opened,
    /// Behind an element or member.
    Inside,
}

impl<'a> Scanner<'a> {
    /// A scanner at the beginning of a text.
    pub fn new(text: &'a [u8]) -> Self {
        Self::starting_at(text, 0)
    }

    /// A scanner somewhere in a text.
    pub fn starting_at(text: &'a [u8], at: usize) -> Self {
        Self { text, at }
    }

    /// Returns the place, in bytes.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Moves to a place that something else has found.
    pub fn move_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Skips white space and returns the byte behind it, or `None` at the end of the text.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        if byte > b' ' {
            return Some(byte);
        }
        self.skip_white();
        self.text.get(self.at).copied()
    }

    /// Most white space is a new line and an indentation by blanks, or one blank.
    #[inline]
    fn skip_white(&mut self) {
        if self.text.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        let others = !Lanes::<NARROW>::load(self.text, self.at).equal(b' ');
        self.at = (self.at + (others.trailing_zeros() as usize).min(NARROW)).min(self.text.len());
        if self.text.get(self.at).is_some_and(|byte| *byte <= b' ') {
            self.skip_unusual_white();
        }
    }

    #[cold]
    fn skip_unusual_white(&mut self) {
        while self.at < self.text.len() {
            let others = !Lanes::<WIDE>::load(self.text, self.at).white();
            let run = others.trailing_zeros() as usize;
            self.at = (self.at + run).min(self.text.len());
            if run < WIDE {
                return;
            }
        }
    }

    /// Steps over a byte that must come next, after white space.
    #[inline]
    pub fn expect(&mut self, byte: u8) -> Result<(), Surprise> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.surprise())
    }

    /// Returns the surprise that something is wrong here.
    pub fn surprise(&self) -> Surprise {
        Surprise { at: self.at }
    }

    /// Steps over the string that must come next.
    #[inline]
    pub fn string(&mut self) -> Result<Literal<'a>, Surprise> {
        self.expect(b'"')?;
        let start = self.at;
        let block = Lanes::<NARROW>::load(self.text, start);
        let quotes = block.equal(b'"');
        if quotes != 0 {
            let end = start + quotes.trailing_zeros() as usize;
            let before = quotes & quotes.wrapping_neg();
            if block.equal(b'\\') & before.wrapping_sub(1) == 0 {
                self.at = end + 1;
                return Ok(Literal { inner: self.text.get(start..end).unwrap_or_default(), escaped: false });
            }
        }
        self.long_string(start)
    }

    #[inline(never)]
    fn long_string(&mut self, start: usize) -> Result<Literal<'a>, Surprise> {
        let found = blocks::end_of_string(self.text, start);
        self.at = found.end + usize::from(found.whole);
        if !found.whole {
            return Err(self.surprise());
        }
        Ok(Literal { inner: self.text.get(start..found.end).unwrap_or_default(), escaped: found.escaped })
    }

    /// Steps over the value that must come next and returns its text.
    #[inline]
    pub fn value(&mut self) -> Result<&'a [u8], Surprise> {
        let first = self.peek().ok_or_else(|| self.surprise())?;
        let start = self.at;
        match first {
            b'"' => {
                self.string()?;
            }
            b'{' | b'[' => self.container()?,
            _ => self.scalar()?,
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// Steps over an object or array by counting brackets outside of strings.
    fn container(&mut self) -> Result<(), Surprise> {
        let end = blocks::end_of_container(self.text, self.at);
        self.at = end.unwrap_or(self.text.len());
        end.map(|_| ()).ok_or_else(|| self.surprise())
    }

    /// Steps over a number, `true`, `false` or `null`.
    #[inline]
    fn scalar(&mut self) -> Result<(), Surprise> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len =
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')).count();
        let scalar = rest.get(..len).unwrap_or_default();
        let known = match scalar.first() {
            Some(b'-' | b'0'..=b'9') => true,
            _ => matches!(scalar, b"true" | b"false" | b"null"),
        };
        if !known {
            return Err(self.surprise());
        }
        self.at += len;
        Ok(())
    }

    /// Goes to the next member of the object it is in: steps over its name, which is returned, and the colon. `None`
    /// when the object has ended.
    #[inline]
    pub fn next_member(&mut self, progress: &mut Progress) -> Result<Option<Literal<'a>>, Surprise> {
        if !self.next(progress, b'}')? {
            return Ok(None);
        }
        let name = self.string()?;
        self.expect(b':')?;
        Ok(Some(name))
    }

    /// Enters the object that must come next and goes to the value of the first member of that name.
    pub fn enter(&mut self, name: &str) -> Option<()> {
        self.expect(b'{').ok()?;
        let mut progress = Progress::Opened;
        while let Some(member) = self.next_member(&mut progress).ok()? {
            if member.decode() == name {
                return Some(());
            }
            self.value().ok()?;
        }
        None
    }

    /// Goes to the next element of the array it is in. `false` when the array has ended.
    #[inline]
    pub fn next_element(&mut self, progress: &mut Progress) -> Result<bool, Surprise> {
        self.next(progress, b']')
    }

    #[inline]
    fn next(&mut self, progress: &mut Progress, end: u8) -> Result<bool, Surprise> {
        let byte = self.peek();
        if byte == Some(end) {
            self.at += 1;
            return Ok(false);
        }
        if *progress == Progress::Inside {
            self.expect(b',')?;
            if self.peek() == Some(end) {
                return Err(self.surprise());
            }
        }
        *progress = Progress::Inside;
        Ok(true)
    }
}
