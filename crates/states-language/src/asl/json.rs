//! JSON with positions, refused in the words of the reader AWS uses.
//!
//! AWS reads definitions with Jackson, and its diagnostics quote Jackson's sentence and position; so this reader stops
//! where Jackson stops. It differs in three points: it keeps both of two equal keys, it accepts `${Name}` where a value
//! is expected, since that is replaced before AWS sees the text, and it takes a text in UTF-8 with a byte order mark.

use super::node::{Data, Member, Node};
use super::place::Span;
use super::source::offset;
use serde_json::Number;

/// How deep arrays and objects may nest: Jackson's limit, and safe to walk recursively.
pub(super) const DEPTH: usize = 1_000;

/// Text that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonError {
    /// Jackson's sentence, without its source.
    pub message: String,
    /// Where Jackson says it was.
    pub at: usize,
    /// Where a reader should look.
    pub span: Span,
}

/// What a text starts with, and what follows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document {
    pub root: Node,
    /// Where text begins that follows the value; AWS does not look at it.
    pub trailing: Option<usize>,
}

/// Reads the first value of a text.
pub(super) fn read(text: &str) -> Result<Option<Document>, JsonError> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    reader.skip_space();
    if reader.at == text.len() {
        return Ok(None);
    }
    let root = reader.value(0)?;
    reader.skip_space();
    let trailing = (reader.at < text.len()).then_some(reader.at);
    Ok(Some(Document { root, trailing }))
}

/// Says why a text is not JSON, in Jackson's words with the position; `None` when it is, or when there is no text.
pub fn json_complaint(text: &str) -> Option<String> {
    let error = read(text).err()?;
    Some(format!("{}\n at {}", error.message, source_location(text, error.at)))
}

/// Renders a position as Jackson does: `[Source: (String)"…"; line: 1, column: 4]`.
pub(super) fn source_location(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    // Java counts UTF-16 units.
    let column = before.get(start..).unwrap_or("").encode_utf16().count() + 1;
    format!("[Source: (String){}; line: {line}, column: {column}]", quoted(text))
}

/// Quotes a text as Jackson does, which shows its first 500 characters.
fn quoted(text: &str) -> String {
    const SHOWN: usize = 500;
    match text.char_indices().nth(SHOWN) {
        None => format!("\"{text}\""),
        Some((end, _)) => {
            let rest = text.get(end..).unwrap_or("").encode_utf16().count();
            format!("\"{}\"[truncated {rest} chars]", text.get(..end).unwrap_or(text))
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

const VALUES: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn fail<T>(&self, message: impl Into<String>, at: usize, start: usize) -> Result<T, JsonError> {
        let end = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |c| start + c.len_utf8());
        Err(JsonError { message: message.into(), at, span: Span { start: offset(start), end: offset(end.max(at)) } })
    }

    /// Complains about the character at hand; Jackson's position is the character after it.
    fn unexpected<T>(&self, complaint: &str) -> Result<T, JsonError> {
        let Some(character) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            return self.fail("Unexpected end-of-input", self.at, self.at);
        };
        let code = u32::from(character);
        let shown = match code {
            0..=31 => format!("(CTRL-CHAR, code {code})"),
            32..=255 => format!("('{character}' (code {code}))"),
            _ => format!("('{character}' (code {code} / 0x{code:x}))"),
        };
        self.fail(format!("Unexpected character {shown}: {complaint}"), self.at + character.len_utf8(), self.at)
    }

    fn end_inside<T>(&self, what: &str, opened: usize) -> Result<T, JsonError> {
        let start = source_location(self.text, opened);
        self.fail(
            format!("Unexpected end-of-input: expected close marker for {what} (start marker at {start})"),
            self.at,
            opened,
        )
    }

    fn value(&mut self, depth: usize) -> Result<Node, JsonError> {
        match self.peek() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.list(depth + 1),
            Some(b'"') => {
                let start = self.at;
                let text = self.string("Unexpected end-of-input: was expecting closing quote for a string value")?;
                Ok(Node::new(offset(start), offset(self.at), Data::Text(text)))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'$') if self.substitution().is_some() => self.placeholder(),
            _ => self.word(),
        }
    }

    fn line_rest(&self) -> &str {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.split('\n').next().unwrap_or(rest)
    }

    /// Returns the length of the `${Name}` at hand.
    fn substitution(&self) -> Option<usize> {
        let rest = self.line_rest();
        let end = rest.strip_prefix("${")?.find('}').filter(|end| *end > 0)?;
        Some(end + 3)
    }

    /// Reads `${Name}` outside quotes, and what is written up against it: `${Minutes}0`, `${A}${B}`.
    fn placeholder(&mut self) -> Result<Node, JsonError> {
        let start = self.at;
        while let Some(length) = self.substitution() {
            self.at += length;
            let rest = self.line_rest();
            self.at += rest.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(rest.len());
        }
        let text = self.text.get(start..self.at).unwrap_or("${}");
        Ok(Node::new(offset(start), offset(self.at), Data::Placeholder(text.into())))
    }

    fn deeper<T>(&self) -> Result<T, JsonError> {
        self.fail(
            format!(
                "Document nesting depth ({}) exceeds the maximum allowed ({DEPTH}, from \
                 `StreamReadConstraints.getMaxNestingDepth()`)",
                DEPTH + 1
            ),
            self.at + 1,
            self.at,
        )
    }

    fn object(&mut self, depth: usize) -> Result<Node, JsonError> {
        if depth > DEPTH {
            return self.deeper();
        }
        let opened = self.at;
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => return self.end_inside("Object", opened),
                Some(b'}') if members.is_empty() => break,
                Some(b'}') => return self.unexpected("was expecting double-quote to start field name"),
                Some(b'"') => {}
                Some(b']') => return self.wrong_close(b'}', "Object", opened),
                Some(_) => return self.unexpected("was expecting double-quote to start field name"),
            }
            members.push(self.member(depth, opened)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                Some(b']') => return self.wrong_close(b'}', "Object", opened),
                None => return self.end_inside("Object", opened),
                Some(_) => return self.unexpected("was expecting comma to separate Object entries"),
            }
        }
        self.at += 1;
        Ok(Node::new(offset(opened), offset(self.at), Data::Object(members)))
    }

    fn member(&mut self, depth: usize, opened: usize) -> Result<Member, JsonError> {
        let start = self.at;
        let key = self.string("Unexpected end-of-input in field name")?;
        let key_span = Span { start: offset(start), end: offset(self.at) };
        self.skip_space();
        match self.peek() {
            Some(b':') => self.at += 1,
            None => return self.end_inside("Object", opened),
            Some(_) => return self.unexpected("was expecting a colon to separate field name and value"),
        }
        self.skip_space();
        if self.peek().is_none() {
            return self.end_inside("Object", opened);
        }
        Ok(Member { key, key_span, value: self.value(depth)? })
    }

    fn list(&mut self, depth: usize) -> Result<Node, JsonError> {
        if depth > DEPTH {
            return self.deeper();
        }
        let opened = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => return self.end_inside("Array", opened),
                Some(b']') if items.is_empty() => break,
                Some(b'}') => return self.wrong_close(b']', "Array", opened),
                Some(_) => items.push(self.value(depth)?),
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                Some(b'}') => return self.wrong_close(b']', "Array", opened),
                None => return self.end_inside("Array", opened),
                Some(_) => return self.unexpected("was expecting comma to separate Array entries"),
            }
        }
        self.at += 1;
        Ok(Node::new(offset(opened), offset(self.at), Data::List(items)))
    }

    fn wrong_close<T>(&self, expected: u8, what: &str, opened: usize) -> Result<T, JsonError> {
        let found = self.peek().map_or(' ', char::from);
        let start = source_location(self.text, opened);
        self.fail(
            format!(
                "Unexpected close marker '{found}': expected '{}' (for {what} starting at {start})",
                char::from(expected)
            ),
            self.at + 1,
            self.at,
        )
    }

    /// Reads `true`, `false` or `null`, or says what Jackson says of anything else.
    fn word(&mut self) -> Result<Node, JsonError> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let Some(first) = rest.chars().next() else {
            return self.fail("Unexpected end-of-input", start, start);
        };
        if !is_name(first) {
            return self.unexpected(&format!("expected a valid value {VALUES}"));
        }
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or(rest);
        let data = match word {
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            "null" => Data::Null,
            _ => {
                // Jackson shows at most 256 characters of a token.
                let shown: String = word.chars().take(256).collect();
                let cut = if shown.len() < word.len() { "..." } else { "" };
                return self.fail(
                    format!("Unrecognized token '{shown}{cut}': was expecting {VALUES}"),
                    start + shown.len(),
                    start,
                );
            }
        };
        self.at += end;
        Ok(Node::new(offset(start), offset(self.at), data))
    }

    fn number(&mut self) -> Result<Node, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
            match self.peek() {
                Some(b'0'..=b'9') => {}
                None => return self.fail("Unexpected end-of-input", self.at, start),
                Some(_) => return self.in_number("expected digit (0-9) to follow minus sign, for valid numeric value"),
            }
        }
        let leading = self.at;
        self.digits();
        if self.bytes.get(leading) == Some(&b'0') && self.at > leading + 1 {
            return self.fail("Invalid numeric value: Leading zeroes not allowed", leading + 1, start);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return self.in_number("Decimal point not followed by a digit");
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.in_number("Exponent indicator not followed by a digit");
            }
        }
        if self.text.get(self.at..).and_then(|rest| rest.chars().next()).is_some_and(is_name) {
            return self.unexpected("Expected space separating root-level values");
        }
        let text = self.text.get(start..self.at).unwrap_or("0");
        Ok(Node::new(offset(start), offset(self.at), Data::Number(parse_number(text))))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn in_number<T>(&self, complaint: &str) -> Result<T, JsonError> {
        let Some(character) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            return self.fail("Unexpected end-of-input", self.at, self.at);
        };
        let code = u32::from(character);
        self.fail(
            format!("Unexpected character ('{character}' (code {code})) in numeric value: {complaint}"),
            self.at + character.len_utf8(),
            self.at,
        )
    }

    /// Reads a string whose opening quote is at hand.
    fn string(&mut self, unclosed: &str) -> Result<Box<str>, JsonError> {
        let opened = self.at;
        self.at += 1;
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let plain = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        if let Some(length) = plain
            && rest.get(length) == Some(&b'"')
        {
            self.at = start + length + 1;
            return Ok(self.text.get(start..start + length).unwrap_or("").into());
        }
        self.escaped_string(opened, unclosed)
    }

    fn escaped_string(&mut self, opened: usize, unclosed: &str) -> Result<Box<str>, JsonError> {
        let mut out = String::new();
        loop {
            let Some(character) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
                return self.fail(unclosed, self.at, opened);
            };
            self.at += character.len_utf8();
            match character {
                '"' => return Ok(out.into()),
                '\\' => out.push(self.escape(opened, unclosed)?),
                '\u{0}'..='\u{1f}' => {
                    return self.fail(
                        format!(
                            "Illegal unquoted character ((CTRL-CHAR, code {})): has to be escaped using backslash to \
                             be included in string value",
                            u32::from(character)
                        ),
                        self.at,
                        self.at - 1,
                    );
                }
                _ => out.push(character),
            }
        }
    }

    fn escape(&mut self, opened: usize, unclosed: &str) -> Result<char, JsonError> {
        let Some(character) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            return self.fail(unclosed, self.at, opened);
        };
        self.at += character.len_utf8();
        Ok(match character {
            '"' | '\\' | '/' => character,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.code_point(),
            _ => {
                let code = u32::from(character);
                return self.fail(
                    format!("Unrecognized character escape '{character}' (code {code})"),
                    self.at,
                    self.at - character.len_utf8() - 1,
                );
            }
        })
    }

    /// Reads the digits of `\u`, and of the second half of a surrogate pair; half a pair becomes `U+FFFD`.
    fn code_point(&mut self) -> Result<char, JsonError> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let back = self.at;
        if self.bytes.get(self.at..self.at + 2) == Some(b"\\u") {
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.unexpected("expected a hex-digit for character escape sequence");
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}

/// Tells whether Jackson takes a character for part of an unquoted word.
fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// Reads a number; one beyond every range becomes the largest there is, with its sign.
pub(super) fn parse_number(text: &str) -> Number {
    text.parse()
        .ok()
        .or_else(|| Number::from_f64(if text.starts_with('-') { f64::MIN } else { f64::MAX }))
        .unwrap_or(Number::from(0))
}

#[cfg(test)]
mod tests;
