//! The words of an expression.

use super::super::failure::CompileError;
use super::super::number::{self, Number};
use super::super::text::{from_units, is_high};
use super::error;

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Operator(&'static str),
    Name(String),
    Variable(String),
    Text(String),
    Number(Number),
    Bool(bool),
    Null,
    Regex { pattern: String, flags: String },
    End,
}

impl Token {
    /// The word as error messages show it, in JSON.
    pub(super) fn shown(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Operator(sign) => quoted(sign),
            Self::Name(text) | Self::Variable(text) | Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
            Self::Null => "null".to_owned(),
            Self::Regex { .. } => "{}".to_owned(),
            Self::End => quoted("(end)"),
        }
    }
}

/// Signs, longer ones before those they begin with.
const OPERATORS: [&str; 33] = [
    "..", ":=", "!=", ">=", "<=", "**", "~>", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+",
    "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!", "~",
];

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{b}')
}

fn ends_name(character: char) -> bool {
    is_blank(character) || OPERATORS.iter().any(|sign| sign.len() == 1 && sign.starts_with(character))
}

/// Takes an expression apart.
pub(super) struct Lexer {
    text: Vec<char>,
    position: usize,
}

impl Lexer {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.chars().collect(), position: 0 }
    }

    fn at(&self, position: usize) -> Option<char> {
        self.text.get(position).copied()
    }

    fn slice(&self, start: usize, end: usize) -> String {
        self.text.get(start..end).unwrap_or_default().iter().collect()
    }

    /// Returns the next word; where an operator is expected, `/` divides and begins no regular expression.
    pub(super) fn next(&mut self, after_value: bool) -> Result<Token, CompileError> {
        self.skip()?;
        let Some(first) = self.at(self.position) else { return Ok(Token::End) };
        if first == '/' && !after_value {
            self.position += 1;
            return self.regex();
        }
        let second = self.at(self.position + 1);
        let matches = |sign: &&&str| {
            let mut characters = sign.chars();
            characters.next() == Some(first) && characters.next().is_none_or(|next| Some(next) == second)
        };
        if let Some(sign) = OPERATORS.iter().find(matches) {
            self.position += sign.len();
            return Ok(Token::Operator(sign));
        }
        match first {
            '"' | '\'' => self.string(first),
            '0'..='9' => self.number(),
            '`' => self.quoted_name(),
            _ => Ok(self.word()),
        }
    }

    fn skip(&mut self) -> Result<(), CompileError> {
        loop {
            while self.at(self.position).is_some_and(is_blank) {
                self.position += 1;
            }
            if self.at(self.position) != Some('/') || self.at(self.position + 1) != Some('*') {
                return Ok(());
            }
            self.position += 2;
            while !(self.at(self.position) == Some('*') && self.at(self.position + 1) == Some('/')) {
                self.position += 1;
                if self.position >= self.text.len() {
                    return Err(error("S0106", "Comment has no closing tag"));
                }
            }
            self.position += 2;
        }
    }

    fn regex(&mut self) -> Result<Token, CompileError> {
        let start = self.position;
        let mut depth = 0_i64;
        while let Some(character) = self.at(self.position) {
            if character == '/' && depth == 0 {
                let before = self.text.get(..self.position).unwrap_or_default();
                let backslashes = before.iter().rev().take_while(|character| **character == '\\').count();
                if backslashes % 2 == 0 {
                    return self.regex_end(start);
                }
            }
            let escaped = self.position.checked_sub(1).and_then(|before| self.at(before)) == Some('\\');
            match character {
                '(' | '[' | '{' if !escaped => depth += 1,
                ')' | ']' | '}' if !escaped => depth -= 1,
                _ => {}
            }
            self.position += 1;
        }
        Err(error("S0302", "No terminating / in regular expression"))
    }

    fn regex_end(&mut self, start: usize) -> Result<Token, CompileError> {
        let pattern = self.slice(start, self.position);
        if pattern.is_empty() {
            return Err(error("S0301", "Empty regular expressions are not allowed"));
        }
        self.position += 1;
        let start = self.position;
        while matches!(self.at(self.position), Some('i' | 'm')) {
            self.position += 1;
        }
        Ok(Token::Regex { pattern, flags: self.slice(start, self.position) })
    }

    fn string(&mut self, quote: char) -> Result<Token, CompileError> {
        self.position += 1;
        let mut text = String::new();
        // The units of `\uD83D\uDE00` that have not been made a character yet.
        let mut units: Vec<u16> = Vec::new();
        while let Some(character) = self.at(self.position) {
            let mut next = Some(character);
            if character == quote {
                self.position += 1;
                text.push_str(&from_units(&units));
                return Ok(Token::Text(text));
            }
            if character == '\\' {
                self.position += 1;
                next = self.escape(&mut units)?;
            }
            if let Some(next) = next {
                text.push_str(&from_units(&std::mem::take(&mut units)));
                text.push(next);
            } else if units.last().is_some_and(|unit| !is_high(*unit)) {
                text.push_str(&from_units(&std::mem::take(&mut units)));
            }
            self.position += 1;
        }
        Err(error("S0101", "String literal must be terminated by a matching quote"))
    }

    /// Reads what follows a backslash; a unit of UTF-16 is put aside, for it may be half a character.
    fn escape(&mut self, units: &mut Vec<u16>) -> Result<Option<char>, CompileError> {
        let character = self.at(self.position);
        Ok(Some(match character {
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let digits = self.slice(self.position + 1, (self.position + 5).min(self.text.len()));
                if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
                    return Err(error("S0104", "The escape sequence \\u must be followed by 4 hex digits"));
                }
                units.push(u16::from_str_radix(&digits, 16).unwrap_or_default());
                self.position += 4;
                return Ok(None);
            }
            other => {
                let other = other.map(String::from).unwrap_or_default();
                let shown = serde_json::Value::from(other);
                return Err(error("S0103", format!("Unsupported escape sequence: \\{shown}")));
            }
        }))
    }

    fn number(&mut self) -> Result<Token, CompileError> {
        let start = self.position;
        let mut end = start + 1;
        let digits = |from: usize| {
            let rest = self.text.get(from..).unwrap_or_default();
            rest.iter().take_while(|digit| digit.is_ascii_digit()).count()
        };
        if self.at(start) != Some('0') {
            end += digits(end);
        }
        if self.at(end) == Some('.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        if matches!(self.at(end), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.at(end + 1), Some('+' | '-')));
            if digits(end + 1 + sign) > 0 {
                end += 1 + sign + digits(end + 1 + sign);
            }
        }
        let text = self.slice(start, end);
        self.position = end;
        match number::parse(&text) {
            Some(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => Err(error("S0102", format!("Number out of range: {}", serde_json::Value::from(text)))),
        }
    }

    fn quoted_name(&mut self) -> Result<Token, CompileError> {
        self.position += 1;
        let rest = self.text.get(self.position..).unwrap_or_default();
        let Some(length) = rest.iter().position(|character| *character == '`') else {
            return Err(error("S0105", "Quoted property name must be terminated with a backquote (`)"));
        };
        let name = self.slice(self.position, self.position + length);
        self.position += length + 1;
        Ok(Token::Name(name))
    }

    fn word(&mut self) -> Token {
        let start = self.position;
        while self.at(self.position).is_some_and(|character| !ends_name(character)) {
            self.position += 1;
        }
        if self.at(start) == Some('$') {
            return Token::Variable(self.slice(start + 1, self.position));
        }
        let name = self.slice(start, self.position);
        match name.as_str() {
            "or" => Token::Operator("or"),
            "in" => Token::Operator("in"),
            "and" => Token::Operator("and"),
            "true" => Token::Bool(true),
            "false" => Token::Bool(false),
            "null" => Token::Null,
            _ => Token::Name(name),
        }
    }
}
