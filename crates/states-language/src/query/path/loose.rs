//! JSON as it may stand inside a path: single quotes, bare words and trailing commas are allowed.

use super::cursor::unescape;
use serde_json::{Map, Number, Value};

/// How deep literals may be nested.
const NESTING: usize = 32;

/// Reads a value; `None` when it is none even so.
pub(super) fn json(text: &str) -> Option<Value> {
    let mut reader = Reader { text, position: 0 };
    let value = reader.value(NESTING)?;
    reader.blanks();
    (reader.position == text.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t str,
    position: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|character| character.is_ascii_whitespace()) {
            self.position += 1;
        }
    }

    /// Takes blanks and this character, if it comes next.
    fn take(&mut self, wanted: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(wanted);
        self.position += usize::from(found);
        found
    }

    fn value(&mut self, nesting: usize) -> Option<Value> {
        let inner = nesting.checked_sub(1)?;
        self.blanks();
        match self.peek()? {
            b'[' => self.array(inner),
            b'{' => self.object(inner),
            quote @ (b'\'' | b'"') => self.quoted(quote).map(Value::String),
            _ => Some(word(self.bare(b",]}"))),
        }
    }

    fn array(&mut self, nesting: usize) -> Option<Value> {
        self.position += 1;
        let mut items = Vec::new();
        loop {
            while self.take(b',') {}
            if self.take(b']') {
                return Some(Value::Array(items));
            }
            items.push(self.value(nesting)?);
            self.blanks();
            if !matches!(self.peek()?, b',' | b']') {
                return None;
            }
        }
    }

    fn object(&mut self, nesting: usize) -> Option<Value> {
        self.position += 1;
        let mut members = Map::new();
        loop {
            while self.take(b',') {}
            if self.take(b'}') {
                return Some(Value::Object(members));
            }
            let key = match self.peek()? {
                quote @ (b'\'' | b'"') => self.quoted(quote)?,
                _ => self.bare(b":,}").to_owned(),
            };
            if !self.take(b':') {
                return None;
            }
            members.insert(key, self.value(nesting)?);
            self.blanks();
            if !matches!(self.peek()?, b',' | b'}') {
                return None;
            }
        }
    }

    fn quoted(&mut self, quote: u8) -> Option<String> {
        let start = self.position + 1;
        self.position = start;
        while self.peek()? != quote {
            self.position += if self.peek() == Some(b'\\') { 2 } else { 1 };
        }
        let text = self.text.get(start..self.position)?;
        self.position += 1;
        unescape(text)
    }

    fn bare(&mut self, ends: &[u8]) -> &str {
        let start = self.position;
        while self.peek().is_some_and(|character| !ends.contains(&character)) {
            self.position += 1;
        }
        self.text.get(start..self.position).unwrap_or_default().trim()
    }
}

fn word(text: &str) -> Value {
    match text {
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let decimal = text.bytes().all(|character| matches!(character, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
    if !decimal {
        return None;
    }
    text.parse::<i64>().map(Number::from).ok().or_else(|| Number::from_f64(text.parse().ok()?))
}
