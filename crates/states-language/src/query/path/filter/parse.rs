//! Reads the text of a filter.
//!
//! What surprises: a path ends only at a blank, a comparison or a closing parenthesis, so that `@.a&&@.b` is one path;
//! and functions inside a filter cannot have arguments.

use super::super::cursor::{Cursor, Regexes, unescape};
use super::super::parse::{NESTING, path};
use super::super::step::Query;
use super::compare::Operator;
use super::operand::{Decimal, Operand};
use super::{Filter, Regex};
use crate::query::error::{SyntaxError, SyntaxProblem};

/// Reads a filter in its parentheses.
pub(in super::super) fn parse(text: &str, nesting: usize) -> Result<Filter, SyntaxError> {
    let mut reader = Reader { cursor: Cursor::new(text), nesting };
    let filter = reader.or()?;
    reader.cursor.skip_blanks();
    if reader.cursor.current().is_some() {
        return Err(reader.expected("'&&', '||' or the end of the filter"));
    }
    Ok(filter)
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    nesting: usize,
}

impl Reader<'_> {
    fn expected(&self, what: &'static str) -> SyntaxError {
        SyntaxError::expected(self.cursor.position, what)
    }

    /// Returns the next character that is no blank, without taking it.
    fn peek(&mut self) -> Option<u8> {
        self.cursor.skip_blanks();
        self.cursor.current()
    }

    fn take(&mut self, wanted: &str) -> bool {
        self.cursor.skip_blanks();
        let at = self.cursor.position;
        let found = self.cursor.slice(at, at + wanted.len()) == wanted;
        self.cursor.position += if found { wanted.len() } else { 0 };
        found
    }

    fn or(&mut self) -> Result<Filter, SyntaxError> {
        let mut parts = vec![self.and()?];
        while self.take("||") {
            parts.push(self.and()?);
        }
        Ok(if parts.len() > 1 { Filter::Or(parts) } else { parts.swap_remove(0) })
    }

    fn and(&mut self) -> Result<Filter, SyntaxError> {
        let mut parts = vec![self.operand()?];
        while self.take("&&") {
            parts.push(self.operand()?);
        }
        Ok(if parts.len() > 1 { Filter::And(parts) } else { parts.swap_remove(0) })
    }

    fn operand(&mut self) -> Result<Filter, SyntaxError> {
        let before = self.cursor.position;
        match self.peek() {
            Some(b'!') => {
                self.cursor.position += 1;
                if matches!(self.peek(), Some(b'$' | b'@')) {
                    self.cursor.position = before;
                    return self.comparison();
                }
                self.nested(|reader| reader.operand()).map(|filter| Filter::Not(Box::new(filter)))
            }
            Some(b'(') => {
                self.cursor.position += 1;
                let filter = self.nested(Self::or)?;
                if self.take(")") { Ok(filter) } else { Err(self.expected("')'")) }
            }
            _ => self.comparison(),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Filter, SyntaxError>) -> Result<Filter, SyntaxError> {
        let outer = self.nesting;
        let problem = SyntaxProblem::TooDeep { limit: NESTING };
        self.nesting = outer.checked_sub(1).ok_or_else(|| SyntaxError::new(self.cursor.position, problem))?;
        let filter = read(self);
        self.nesting = outer;
        filter
    }

    fn comparison(&mut self) -> Result<Filter, SyntaxError> {
        let negated = self.take("!");
        let start = self.cursor.position;
        let left = self.value()?;
        let end = self.cursor.position;
        if let Some(operator) = self.operator() {
            let right = if self.take("!") { self.path_after_bang()? } else { self.value()? };
            return Ok(Filter::Compare { left, operator, right });
        }
        self.cursor.position = end;
        match left {
            Operand::Path(path) => Ok(Filter::Exists { path, expected: !negated }),
            _ => Err(SyntaxError::expected(start, "a path or a comparison")),
        }
    }

    fn path_after_bang(&mut self) -> Result<Operand, SyntaxError> {
        match self.peek() {
            Some(b'$' | b'@') => self.path().map(Operand::Path),
            _ => Err(self.expected("a path after '!'")),
        }
    }

    fn operator(&mut self) -> Option<Operator> {
        let symbol = |character| matches!(character, b'<' | b'>' | b'=' | b'~' | b'!');
        let symbolic = self.peek().is_some_and(symbol);
        let start = self.cursor.position;
        while self.cursor.current().is_some_and(|next| if symbolic { symbol(next) } else { next != b' ' }) {
            self.cursor.position += 1;
        }
        Operator::named(self.cursor.slice(start, self.cursor.position))
    }

    fn value(&mut self) -> Result<Operand, SyntaxError> {
        match self.peek() {
            Some(b'$' | b'@') => self.path().map(Operand::Path),
            Some(quote @ (b'\'' | b'"')) => self.text(quote),
            Some(b'/') => self.pattern(),
            Some(b'[') => self.json((b'[', b']')),
            Some(b'{') => self.json((b'{', b'}')),
            Some(b't') => self.word("true", Operand::Bool(true)),
            Some(b'f') => self.word("false", Operand::Bool(false)),
            Some(b'n') => self.word("null", Operand::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &'static str, operand: Operand) -> Result<Operand, SyntaxError> {
        if self.take(word) { Ok(operand) } else { Err(self.expected("a value")) }
    }

    fn text(&mut self, quote: u8) -> Result<Operand, SyntaxError> {
        let open = self.cursor.position;
        let close = self.cursor.closing_quote(open, quote).ok_or_else(|| self.expected("a closing quote"))?;
        self.cursor.position = close + 1;
        let text = unescape(self.cursor.slice(open + 1, close));
        text.map(Operand::Text).ok_or_else(|| SyntaxError::new(open, SyntaxProblem::Escape('u')))
    }

    fn number(&mut self) -> Result<Operand, SyntaxError> {
        let start = self.cursor.position;
        let numeric = |character| matches!(character, b'0'..=b'9' | b'-' | b'.' | b'e' | b'E');
        while self.cursor.current().is_some_and(numeric) {
            self.cursor.position += 1;
        }
        let number = Decimal::parse(self.cursor.slice(start, self.cursor.position));
        number.map(Operand::Number).ok_or_else(|| SyntaxError::expected(start, "a value"))
    }

    fn json(&mut self, brackets: (u8, u8)) -> Result<Operand, SyntaxError> {
        let open = self.cursor.position;
        let close = self.cursor.closing_bracket(open, brackets, Regexes::NotExpected)?;
        let close = close.ok_or_else(|| self.expected("a closing bracket"))?;
        self.cursor.position = close + 1;
        Ok(Operand::literal(self.cursor.slice(open, close + 1)))
    }

    /// `/pattern/flags`
    fn pattern(&mut self) -> Result<Operand, SyntaxError> {
        let open = self.cursor.position;
        let close = self.cursor.closing_quote(open, b'/').ok_or_else(|| self.expected("a closing '/'"))?;
        let mut end = close + 1;
        while matches!(self.cursor.get(end), Some(b'd' | b'i' | b'x' | b'm' | b's' | b'u' | b'U')) {
            end += 1;
        }
        self.cursor.position = end;
        let pattern = Regex::compile(self.cursor.slice(open + 1, close), self.cursor.slice(close + 1, end));
        pattern.map(Operand::Pattern).map_err(|reason| SyntaxError::new(open, SyntaxProblem::Regex(reason)))
    }

    fn path(&mut self) -> Result<Query, SyntaxError> {
        let start = self.cursor.position;
        self.cursor.position += 1;
        while let Some(character) = self.cursor.current() {
            if character == b'[' {
                let close = self.cursor.closing_bracket(self.cursor.position, (b'[', b']'), Regexes::NotExpected)?;
                self.cursor.position = close.ok_or_else(|| self.expected("a closing ']'"))? + 1;
            }
            match self.cursor.current() {
                None | Some(b'<' | b'>' | b'=' | b'~' | b'!' | b' ') => break,
                Some(b')') if !self.ends_call(start) => break,
                Some(_) => self.cursor.position += 1,
            }
        }
        if self.nesting == 0 {
            return Err(SyntaxError::new(start, SyntaxProblem::TooDeep { limit: NESTING }));
        }
        let text = self.cursor.slice(start, self.cursor.position);
        path(text, self.nesting - 1).map_err(|error| error.shifted(start))
    }

    /// Tells whether this parenthesis closes a call without arguments.
    fn ends_call(&self, start: usize) -> bool {
        let open = self.cursor.significant_before(self.cursor.position);
        let open = open.filter(|at| self.cursor.get(*at) == Some(b'('));
        open.is_some_and(|open| (start + 1..open).any(|at| self.cursor.get(at) == Some(b'.')))
    }
}
