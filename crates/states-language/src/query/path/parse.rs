//! Reads the text of a path as Jayway 2.0.0 does: cuts it into fragments, each of which is read by itself.
//!
//! What surprises: quotes hide nothing while a path is cut, so that a bracket in a name ends or opens one; blanks may
//! stand inside brackets and nowhere else; and a path need not start with `$`.

use super::fragment;
use super::step::{Query, Step};
use crate::query::error::{SyntaxError, SyntaxProblem};
use crate::query::java;

/// How many steps a path may have.
const STEPS: usize = 512;

/// Where a path stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Alone,
    /// As a side of a comparison, where it must select one value: a filter could not stand in it.
    InFilter,
}

/// Reads a path; one that starts with neither `$` nor `@` is read as if it started with `$.`.
pub(super) fn path(text: &str, standing: Standing) -> Result<Query, SyntaxError> {
    let trimmed = java::trim(text);
    let skipped = java::offset(text, trimmed);
    read(trimmed, standing).map_err(|error| error.shifted(skipped))
}

fn read(text: &str, standing: Standing) -> Result<Query, SyntaxError> {
    if text.ends_with("..") {
        return Err(SyntaxError::expected(text.len(), "a name, '*' or '[' after '..'"));
    }
    let mut reader = Reader { text, at: 0, steps: Vec::new(), standing };
    match text.bytes().next() {
        None => return Err(SyntaxError::expected(0, "a path")),
        Some(b'$' | b'@') => {
            reader.at = 1;
            if !matches!(reader.current(), None | Some(b'.' | b'[')) {
                return Err(reader.expected("'.' or '['"));
            }
        }
        Some(b'.') if text.len() == 1 => return Err(SyntaxError::expected(1, "a name, '*' or '['")),
        Some(_) => reader.after_dot()?,
    }
    while let Some(next) = reader.current() {
        reader.step(next)?;
    }
    Ok(Query::new(reader.steps, !text.starts_with('@')))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    steps: Vec<Step>,
    standing: Standing,
}

impl<'t> Reader<'t> {
    fn current(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expected(&self, what: &'static str) -> SyntaxError {
        SyntaxError::expected(self.at, what)
    }

    fn push(&mut self, step: Step) -> Result<(), SyntaxError> {
        if self.steps.len() >= STEPS {
            return Err(SyntaxError::new(self.at, SyntaxProblem::TooDeep { limit: STEPS }));
        }
        self.steps.push(step);
        Ok(())
    }

    fn step(&mut self, next: u8) -> Result<(), SyntaxError> {
        match next {
            b' ' => Err(self.expected("no blank; a name with blanks stands in brackets: ['a b']")),
            b'$' => {
                self.at += 1;
                self.push(Step::Root)
            }
            b'*' => {
                self.at += 1;
                self.push(Step::Wildcard)
            }
            b'.' => {
                self.at += 1;
                self.after_dot()
            }
            b'[' => self.bracket(),
            _ => {
                let name = self.name();
                self.push(fragment::dotted(name))
            }
        }
    }

    /// Reads what follows a dot: a second one, `*`, a name, or nothing when a bracket comes.
    fn after_dot(&mut self) -> Result<(), SyntaxError> {
        match self.current() {
            None => Err(self.expected("a name, '*' or '['")),
            Some(b'.') => {
                self.at += 1;
                self.push(Step::Scan)
            }
            Some(_) => match self.name() {
                "" => Ok(()),
                "*" => self.push(Step::Wildcard),
                name => self.push(fragment::dotted(name)),
            },
        }
    }

    /// Takes characters up to a dot, an opening bracket or a blank.
    fn name(&mut self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.find(['.', '[', ' ']).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn bracket(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let text = rest.get(..closing(rest)).unwrap_or(rest);
        let step = fragment::bracketed(text, self.standing).map_err(|error| error.shifted(start))?;
        self.at += text.len();
        self.push(step)
    }
}

/// Returns how long the text in brackets is that starts here; up to the end when the bracket is not closed.
fn closing(text: &str) -> usize {
    let mut open = 0usize;
    for (at, character) in text.bytes().enumerate().skip(1) {
        match character {
            b']' if open == 0 => return at + 1,
            b'[' => open += 1,
            b']' => open -= 1,
            _ => {}
        }
    }
    text.len()
}
