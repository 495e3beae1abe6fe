//! Reads the text of a path the way Jayway does, its leniencies included.
//!
//! What surprises: the last character is not looked at once a step is complete (`$.a[` is `$.a`), and `)` after a
//! function without arguments starts the next name (`$.a.first().b` looks for a member named `)`).

use super::cursor::{Cursor, Regexes, unescape};
use super::filter;
use super::function::{Argument, Call};
use super::loose;
use super::step::{Query, Slice, Step};
use crate::query::error::{SyntaxError, SyntaxProblem};

/// How deep filters, parentheses and arguments may be nested.
pub(super) const NESTING: usize = 32;

/// How many steps a path may have.
const STEPS: usize = 512;

/// Reads a path that starts with `$` or `@`.
pub(super) fn path(text: &str, nesting: usize) -> Result<Query, SyntaxError> {
    let mut cursor = Cursor::new(text);
    cursor.trim();
    if cursor.last() == Some(b'.') {
        return Err(SyntaxError::expected(cursor.end(), "a name after '.'"));
    }
    read(cursor, nesting)
}

/// Reads a path that is an argument of a function; it is not trimmed.
fn argument(text: &str, nesting: usize) -> Result<Query, SyntaxError> {
    read(Cursor::new(text), nesting)
}

fn read(mut cursor: Cursor<'_>, nesting: usize) -> Result<Query, SyntaxError> {
    if nesting == 0 {
        return Err(SyntaxError::new(cursor.position, SyntaxProblem::TooDeep { limit: NESTING }));
    }
    while matches!(cursor.current(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        cursor.position += 1;
    }
    let from_root = match cursor.current() {
        Some(b'$') => true,
        Some(b'@') => false,
        _ => return Err(SyntaxError::expected(cursor.position, "'$' or '@'")),
    };
    let mut reader = Reader { cursor, steps: Vec::new(), nesting };
    if !reader.cursor.is_tail() {
        reader.cursor.position += 1;
        if !matches!(reader.cursor.current(), Some(b'.' | b'[')) {
            return Err(reader.expected("'.' or '['"));
        }
        reader.steps()?;
    }
    Ok(Query::new(reader.steps, from_root))
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    steps: Vec<Step>,
    nesting: usize,
}

impl Reader<'_> {
    fn expected(&self, what: &'static str) -> SyntaxError {
        SyntaxError::expected(self.cursor.position, what)
    }

    fn steps(&mut self) -> Result<(), SyntaxError> {
        loop {
            if self.steps.len() >= STEPS {
                return Err(SyntaxError::new(self.cursor.position, SyntaxProblem::TooDeep { limit: STEPS }));
            }
            self.step()?;
            if self.cursor.is_tail() {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Result<(), SyntaxError> {
        if self.cursor.current() == Some(b'.') {
            self.dot()?;
        }
        let step = match self.cursor.current() {
            Some(b'[') => self.bracket()?,
            Some(b'*') => {
                self.cursor.position += 1;
                Step::Wildcard
            }
            _ => self.name()?,
        };
        self.steps.push(step);
        Ok(())
    }

    /// `.` or `..`
    fn dot(&mut self) -> Result<(), SyntaxError> {
        self.cursor.position += 1;
        if self.cursor.current() == Some(b'.') {
            self.steps.push(Step::Descend);
            self.cursor.position += 1;
        }
        match self.cursor.current() {
            Some(b'.') | None => Err(self.expected("a name, '*' or '['")),
            Some(_) => Ok(()),
        }
    }

    /// `name` or `function(…)`
    fn name(&mut self) -> Result<Step, SyntaxError> {
        let start = self.cursor.position;
        let mut at = start;
        while let Some(character) = self.cursor.get(at) {
            match character {
                b' ' => return Err(SyntaxError::expected(at, "a name without blanks, or brackets such as ['a b']")),
                b'.' | b'[' => break,
                b'(' => return self.function(start, at),
                _ => at += 1,
            }
        }
        if at == start {
            return Err(self.expected("a name"));
        }
        self.cursor.position = at;
        Ok(Step::Name(self.cursor.slice(start, at).into()))
    }

    fn function(&mut self, start: usize, open: usize) -> Result<Step, SyntaxError> {
        let name = self.cursor.slice(start, open);
        if !self.closes(open) {
            return Err(SyntaxError::expected(self.cursor.end(), "a closing ')'"));
        }
        let arguments = if self.cursor.get(open + 1) == Some(b')') {
            self.cursor.position = open + 1;
            Vec::new()
        } else {
            self.cursor.position = open + 1;
            self.arguments()?
        };
        Ok(Step::Function(Box::new(Call::new(name, arguments))))
    }

    fn closes(&self, open: usize) -> bool {
        let mut depth = 0usize;
        for at in open..self.cursor.end() {
            match self.cursor.get(at) {
                Some(b'(') => depth += 1,
                Some(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return true;
            }
        }
        false
    }

    /// Reads arguments up to and including the closing parenthesis.
    ///
    /// An argument is JSON when it starts with `{`, `"`, `-` or a digit, a path when it starts with `$` or `@`, and
    /// otherwise not there at all.
    fn arguments(&mut self) -> Result<Vec<Argument>, SyntaxError> {
        let mut arguments = Vec::new();
        let mut groups = Groups { parentheses: 1, ..Groups::default() };
        let (mut start, mut before) = (None, 0u8);
        while let Some(character) = self.cursor.current() {
            let at = self.cursor.position;
            self.cursor.position += 1;
            if start.is_none() && matches!(character, b' ' | b'\t' | b'\r' | b'\n') {
                continue;
            }
            if start.is_none() && matches!(character, b'{' | b'"' | b'-' | b'$' | b'@' | b'0'..=b'9') {
                start = Some(at);
            }
            groups.pass(character, before).map_err(|what| SyntaxError::expected(at, what))?;
            if matches!(character, b')' | b',') && groups.end_argument(character) {
                if let Some(start) = start.take() {
                    arguments.push(self.argument(start, at)?);
                }
                if groups.parentheses == 0 {
                    return Ok(arguments);
                }
            }
            before = character;
        }
        Err(self.expected("a closing ')'"))
    }

    fn argument(&self, start: usize, end: usize) -> Result<Argument, SyntaxError> {
        let text = self.cursor.slice(start, end);
        if text.starts_with(['$', '@']) {
            let query = argument(text, self.nesting - 1).map_err(|error| error.shifted(start))?;
            return Ok(Argument::Path(query));
        }
        Ok(loose::json(text).map_or(Argument::NotJson, Argument::Json))
    }

    fn bracket(&mut self) -> Result<Step, SyntaxError> {
        let open = self.cursor.position;
        match self.cursor.peek_after(open) {
            Some(quote @ (b'\'' | b'"')) => self.names(quote),
            Some(b'*') => {
                let close = self.cursor.significant_after(self.cursor.significant_after(open));
                if self.cursor.get(close) != Some(b']') {
                    return Err(SyntaxError::expected(close, "']'"));
                }
                self.cursor.position = close + 1;
                Ok(Step::Wildcard)
            }
            Some(b'?') => self.filter(),
            Some(b'0'..=b'9' | b'-' | b':') => self.indexes(),
            _ => Err(SyntaxError::expected(open + 1, "a quoted name, an index, '*' or '?'")),
        }
    }

    /// `['a']` or `['a','b']`
    fn names(&mut self, quote: u8) -> Result<Step, SyntaxError> {
        let mut names = Vec::new();
        let mut at = self.cursor.position + 1;
        let (mut end, mut comma) = (self.cursor.position, false);
        while let Some(character) = self.cursor.get(at) {
            match character {
                b'\\' => at += 1,
                b']' if comma => return Err(SyntaxError::expected(at, "a quoted name")),
                b']' => break,
                b',' if comma => return Err(SyntaxError::expected(at, "a quoted name")),
                b',' => comma = true,
                _ if character == quote => {
                    let close = self.cursor.closing_quote(at, quote);
                    let close = close.ok_or_else(|| SyntaxError::expected(at, "a closing quote"))?;
                    if !matches!(self.cursor.peek_after(close), Some(b']' | b',')) {
                        return Err(SyntaxError::expected(close + 1, "',' or ']'"));
                    }
                    let name = name(self.cursor.slice(at + 1, close), quote);
                    names.push(name.ok_or_else(|| SyntaxError::new(at, SyntaxProblem::Escape('u')))?.into_boxed_str());
                    (at, end, comma) = (close, close, false);
                }
                _ => {}
            }
            at += 1;
        }
        let close = self.cursor.significant_after(end);
        if self.cursor.get(close) != Some(b']') {
            return Err(SyntaxError::expected(close, "']'"));
        }
        self.cursor.position = close + 1;
        match names.len() {
            0 => Err(SyntaxError::expected(close, "a quoted name")),
            1 => names.pop().map(Step::Name).ok_or_else(|| SyntaxError::expected(close, "a quoted name")),
            _ => Ok(Step::Names(names.into_boxed_slice())),
        }
    }

    /// `[0]`, `[0,2]`, `[1:3]`
    fn indexes(&mut self) -> Result<Step, SyntaxError> {
        let open = self.cursor.position;
        let close = self.cursor.find(open + 1, b']').ok_or_else(|| SyntaxError::expected(open, "a closing ']'"))?;
        let text = self.cursor.slice(open + 1, close).trim();
        let step = if text.contains(':') { slice(text) } else { list(text) };
        self.cursor.position = close + 1;
        step.ok_or_else(|| SyntaxError::expected(open + 1, "indexes such as 0, -1, '0,2' or '1:3'"))
    }

    /// `[?(…)]`
    fn filter(&mut self) -> Result<Step, SyntaxError> {
        let open = self.cursor.position;
        let mark = self.cursor.significant_after(open);
        let parenthesis = self.cursor.significant_after(mark);
        if self.cursor.get(parenthesis) != Some(b'(') {
            return Err(SyntaxError::expected(parenthesis, "'(' after '?'"));
        }
        let close = self.cursor.closing_bracket(parenthesis, (b'(', b')'), Regexes::Skipped)?;
        let close = close.ok_or_else(|| SyntaxError::expected(parenthesis, "a closing ')'"))?;
        let end = self.cursor.significant_after(close);
        if self.cursor.get(end) != Some(b']') {
            return Err(SyntaxError::expected(end, "']'"));
        }
        let text = self.cursor.slice(parenthesis, close + 1);
        let filter = filter::parse(text, self.nesting - 1).map_err(|error| error.shifted(parenthesis))?;
        self.cursor.position = end + 1;
        Ok(Step::Filter(Box::new(filter)))
    }
}

fn slice(text: &str) -> Option<Step> {
    let mut bounds = text.split(':').map(|bound| if bound.is_empty() { Some(None) } else { index(bound).map(Some) });
    let from = bounds.next()??;
    let to = bounds.next().unwrap_or(Some(None))?;
    // A third part is read by nobody, but it must look like a number's characters.
    let rest = text.bytes().all(|character| matches!(character, b'0'..=b'9' | b'-' | b':'));
    let slice = match (from, to) {
        (Some(from), None) => Slice::From(from),
        (None, Some(to)) => Slice::To(to),
        (Some(from), Some(to)) => Slice::Between(from, to),
        (None, None) => return None,
    };
    rest.then_some(Step::Slice(slice))
}

fn list(text: &str) -> Option<Step> {
    let indexes: Vec<i32> = text.split(',').map(|part| index(part.trim())).collect::<Option<_>>()?;
    match *indexes.as_slice() {
        [single] => Some(Step::Index(single)),
        _ => Some(Step::Indexes(indexes.into_boxed_slice())),
    }
}

fn index(text: &str) -> Option<i32> {
    text.parse().ok().filter(|_| !text.starts_with('+'))
}

/// What is open while the arguments of a function are read.
#[derive(Debug, Default)]
struct Groups {
    parentheses: usize,
    brackets: usize,
    braces: usize,
    quotes: usize,
}

impl Groups {
    fn pass(&mut self, character: u8, before: u8) -> Result<(), &'static str> {
        match character {
            b'"' if before != b'\\' && self.quotes > 0 => self.quotes -= 1,
            b'"' => self.quotes += 1,
            b'(' => self.parentheses += 1,
            b')' => self.parentheses = self.parentheses.checked_sub(1).ok_or("no more ')'")?,
            b'[' => self.brackets += 1,
            b']' => self.brackets = self.brackets.checked_sub(1).ok_or("no ']' that nothing opened")?,
            b'{' => self.braces += 1,
            b'}' => self.braces = self.braces.checked_sub(1).ok_or("no '}' that nothing opened")?,
            _ => {}
        }
        Ok(())
    }

    fn end_argument(&self, character: u8) -> bool {
        let inside = self.quotes + self.brackets + self.braces > 0;
        !inside && (self.parentheses == 1 || self.parentheses == 0 && character == b')')
    }
}

/// Resolves a quoted name. Between single quotes `\\"` stays as it is, as recorded: there is nothing to escape.
fn name(text: &str, quote: u8) -> Option<String> {
    if quote == b'\'' && text.contains("\\\"") { unescape(&text.replace("\\\"", "\\\\\"")) } else { unescape(text) }
}
