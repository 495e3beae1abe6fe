//! The elements of a list, or of lines, of JSON, one after the other, without holding more than one.

use crate::json::SharedBytes;
use crate::json::scan::Scanner;
use crate::recording::{Damage, DamageReason};
use std::io::BufRead;

/// An element longer than this is not read.
const LONGEST: usize = 64 << 20;

/// Elements of a JSON text that is read bit by bit.
pub(super) struct Elements<R> {
    reader: R,
    /// How many bytes were read.
    at: u64,
    /// Whether a list was opened and not closed.
    in_list: bool,
    begun: bool,
    done: bool,
}

/// Where inside of a value the reading is.
#[derive(Default)]
struct Inside {
    depth: usize,
    string: bool,
    escaped: bool,
}

impl<R: BufRead> Elements<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader, at: 0, in_list: false, begun: false, done: false }
    }

    fn damage(&mut self, byte: u64, reason: DamageReason) -> Option<Result<SharedBytes, Damage>> {
        self.done = true;
        Some(Err(Damage { byte, after: None, reason }))
    }

    /// Goes to the first byte of the next element and returns it.
    fn begin(&mut self) -> Option<Result<u8, Damage>> {
        loop {
            let byte = match self.peek()? {
                Ok(byte) => byte,
                Err(damage) => return Some(Err(damage)),
            };
            match byte {
                _ if byte.is_ascii_whitespace() || byte == b',' && self.begun => {}
                0xef | 0xbb | 0xbf if !self.begun => {}
                b'[' if !self.begun => (self.begun, self.in_list) = (true, true),
                b']' if self.in_list => self.in_list = false,
                _ => {
                    self.begun = true;
                    return Some(Ok(byte));
                }
            }
            self.reader.consume(1);
            self.at += 1;
        }
    }

    /// Returns the next byte; `None` at the end.
    fn peek(&mut self) -> Option<Result<u8, Damage>> {
        match self.reader.fill_buf() {
            Ok(buffer) => buffer.first().map(|byte| Ok(*byte)),
            Err(error) => {
                let reason = DamageReason::Compression(error.to_string());
                Some(Err(Damage { byte: self.at, after: None, reason }))
            }
        }
    }

    /// Reads the element that begins here.
    fn element(&mut self) -> Result<Vec<u8>, DamageReason> {
        let (mut text, mut inside) = (Vec::new(), Inside::default());
        loop {
            let buffer = self.reader.fill_buf().map_err(|error| DamageReason::Compression(error.to_string()))?;
            if buffer.is_empty() {
                return Err(DamageReason::Truncated);
            }
            let (taken, ended) = inside.step(buffer, text.is_empty());
            text.extend_from_slice(buffer.get(..taken).unwrap_or_default());
            self.reader.consume(taken);
            self.at += taken as u64;
            if ended {
                return Ok(text);
            }
            if text.len() > LONGEST {
                return Err(DamageReason::Json(format!("a record of more than {} MB", LONGEST >> 20)));
            }
        }
    }
}

impl Inside {
    /// Goes through bytes and returns how many belong to the value, and whether it ends with them.
    fn step(&mut self, bytes: &[u8], first: bool) -> (usize, bool) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if std::mem::take(&mut self.escaped) {
                at += 1;
                continue;
            }
            if self.string {
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(found) = memchr::memchr2(b'"', b'\\', rest) else { return (bytes.len(), false) };
                at += found + 1;
                match rest.get(found) {
                    Some(b'"') => {
                        self.string = false;
                        if self.depth == 0 {
                            return (at, true);
                        }
                    }
                    _ => self.escaped = true,
                }
                continue;
            }
            match byte {
                b'"' => self.string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                // A number or a word ends before what follows it.
                b',' | b']' | b'}' | b'\n' | b' ' if self.depth == 0 && (at > 0 || !first) => return (at, true),
                _ => {}
            }
            at += 1;
        }
        (bytes.len(), false)
    }
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = Result<SharedBytes, Damage>;

    /// Ends with the first damage.
    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let begun = match self.begin() {
            None if self.in_list => return self.damage(self.at, DamageReason::Truncated),
            None => return None,
            Some(Err(Damage { byte, reason, .. })) => return self.damage(byte, reason),
            Some(Ok(byte)) => byte,
        };
        let start = self.at;
        let is_value = matches!(begun, b'{' | b'[' | b'"' | b'-' | b't' | b'f' | b'n') || begun.is_ascii_digit();
        if !is_value {
            return self.damage(start, DamageReason::Json(format!("unexpected {:?}", char::from(begun))));
        }
        match self.element() {
            Ok(text) => Some(Ok(SharedBytes::new(text))),
            Err(DamageReason::Truncated) => self.damage(self.at, DamageReason::Truncated),
            Err(reason) => self.damage(start, reason),
        }
    }
}

/// Returns the value that a text begins with, if it ends in it.
pub(super) fn first(text: &SharedBytes) -> Option<SharedBytes> {
    let mut scanner = Scanner::new(text);
    scanner.peek()?;
    let start = scanner.at();
    scanner.value().ok()?;
    text.slice(start..scanner.at())
}
