//! Reads the text of a call.

use super::function::Function;
use super::{Argument, Call, NESTING};
use crate::query::error::{SyntaxError, SyntaxProblem};
use crate::query::path::Path;
use serde_json::Value;

/// Reads a call and nothing else.
pub(super) fn call(text: &str) -> Result<Call, SyntaxError> {
    let mut reader = Reader { text, position: 0 };
    reader.blanks();
    let call = reader.call(NESTING)?;
    reader.blanks();
    match reader.rest() {
        "" => Ok(call),
        _ => Err(reader.expected("the end of the expression")),
    }
}

struct Reader<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn slice(&self, from: usize) -> &'t str {
        self.text.get(from..self.position).unwrap_or_default()
    }

    fn expected(&self, what: &'static str) -> SyntaxError {
        SyntaxError::expected(self.position, what)
    }

    fn blanks(&mut self) {
        self.position += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        self.position += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn call(&mut self, nesting: usize) -> Result<Call, SyntaxError> {
        let start = self.position;
        let Some(inner) = nesting.checked_sub(1) else {
            return Err(SyntaxError::new(start, SyntaxProblem::TooDeep { limit: NESTING }));
        };
        let is_name = |character: char| character == '.' || character == '_' || character.is_ascii_alphanumeric();
        self.position += self.rest().find(|character| !is_name(character)).unwrap_or(self.rest().len());
        let name = self.slice(start);
        if !name.starts_with("States.") {
            return Err(SyntaxError::expected(start, "an intrinsic function such as States.Format"));
        }
        let function = Function::named(name).ok_or_else(|| {
            let similar = Function::similar(name);
            SyntaxError::new(start, SyntaxProblem::UnknownFunction { name: name.to_owned(), similar })
        })?;
        self.blanks();
        if !self.take('(') {
            return Err(self.expected("'('"));
        }
        // AWS creates machines whose calls have too few arguments or too many; those fail when they are evaluated.
        let arguments = self.arguments(inner)?;
        Ok(Call { text: self.slice(start).into(), function, arguments })
    }

    /// Reads arguments up to and including the closing parenthesis.
    fn arguments(&mut self, nesting: usize) -> Result<Vec<Argument>, SyntaxError> {
        let mut arguments = Vec::new();
        self.blanks();
        if self.take(')') {
            return Ok(arguments);
        }
        loop {
            self.blanks();
            arguments.push(self.argument(nesting)?);
            self.blanks();
            if self.take(')') {
                return Ok(arguments);
            }
            if !self.take(',') {
                return Err(self.expected("',' or ')'"));
            }
        }
    }

    fn argument(&mut self, nesting: usize) -> Result<Argument, SyntaxError> {
        match self.rest().chars().next() {
            Some('\'') => self.quoted(),
            Some('$') => self.path(),
            Some('S') => self.call(nesting).map(|call| Argument::Call(Box::new(call))),
            _ => self.word(),
        }
    }

    fn quoted(&mut self) -> Result<Argument, SyntaxError> {
        self.position += 1;
        let start = self.position;
        let mut resolved = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' => {
                    self.position = start + at;
                    let written = self.slice(start);
                    self.position += 1;
                    let escaped = written.contains('\\');
                    let value = Value::String(resolved);
                    return Ok(if escaped {
                        Argument::Escaped(value, written.into())
                    } else {
                        Argument::Constant(value)
                    });
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\'' | '{' | '}' | '\\'))) => resolved.push(escaped),
                    Some((_, other)) => return Err(SyntaxError::new(start + at, SyntaxProblem::Escape(other))),
                    None => break,
                },
                other => resolved.push(other),
            }
        }
        Err(SyntaxError::expected(self.text.len(), "a closing quote"))
    }

    /// A path ends at a comma or parenthesis that is not inside brackets, parentheses or quotes of its own.
    fn path(&mut self) -> Result<Argument, SyntaxError> {
        let start = self.position;
        let (mut depth, mut quote, mut escaped) = (0usize, None, false);
        let end = self.rest().char_indices().find(|(_, character)| {
            match (quote, *character) {
                (Some(_), _) if escaped => escaped = false,
                (Some(_), '\\') => escaped = true,
                (Some(open), character) => quote = quote.filter(|_| character != open),
                (None, '\'' | '"') if depth > 0 => quote = Some(*character),
                (None, '[' | '(') => depth += 1,
                (None, ']' | ')') if depth > 0 => depth -= 1,
                (None, ',' | ')') => return depth == 0,
                _ => {}
            }
            false
        });
        self.position = end.map_or(self.text.len(), |(at, _)| start + at);
        let text = self.slice(start).trim_end();
        Path::compile(text).map(Argument::Path).map_err(|error| error.shifted(start))
    }

    fn word(&mut self) -> Result<Argument, SyntaxError> {
        let start = self.position;
        let is_word = |character: char| matches!(character, '+' | '-' | '.') || character.is_ascii_alphanumeric();
        self.position += self.rest().find(|character| !is_word(character)).unwrap_or(self.rest().len());
        let value = match self.slice(start) {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            number => serde_json::from_str(number).ok().filter(Value::is_number).ok_or_else(|| {
                SyntaxError::expected(start, "a text in single quotes, a number, true, false, null, a path or a call")
            })?,
        };
        Ok(Argument::Constant(value))
    }
}
