//! Regular expressions, and what functions do with their matches.

use super::evaluate::Run;
use super::failure::CompileError;
use super::fault::{Fault, Outcome, Thrown};
use super::function::Function;
use super::text::{Text, byte_of_unit, unit_count};
use super::value::{Object, Value};
use std::rc::Rc;

/// A regular expression of an expression's text.
#[derive(Debug)]
pub(super) struct Regex {
    source: Box<str>,
    compiled: regex::Regex,
}

/// A match of a matcher, a regular expression or a function that behaves like one.
pub(super) struct Found<'v> {
    /// What matched.
    pub(super) text: Text<'v>,
    /// Where it starts and ends, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What the groups matched.
    pub(super) groups: Vec<Value<'v>>,
    /// The match as the expression sees it.
    pub(super) object: Value<'v>,
    next: Next<'v>,
}

enum Next<'v> {
    Native(&'v Regex),
    Function(Value<'v>),
}

impl Regex {
    /// Compiles what stands between the slashes, and the letters behind them.
    pub(super) fn compile(pattern: &str, flags: &str) -> Result<Self, CompileError> {
        let compiled = regex::RegexBuilder::new(&translated(pattern))
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .size_limit(4 << 20)
            .build();
        match compiled {
            Ok(compiled) => Ok(Self { source: pattern.into(), compiled }),
            Err(_) => Err(CompileError::without_code(format!("Invalid regular expression: /{pattern}/"))),
        }
    }

    fn find<'v>(&'v self, run: &Run<'v>, text: &Text<'v>, from: usize) -> Result<Option<Found<'v>>, Fault> {
        run.tick(1 + text.len().saturating_sub(from) / 32)?;
        if !text.is_char_boundary(from) {
            return Ok(None);
        }
        let Some(captures) = self.compiled.captures_at(text, from) else { return Ok(None) };
        let Some(whole) = captures.get(0) else { return Ok(None) };
        let group =
            |group: Option<regex::Match<'_>>| group.map_or(Value::Undefined, |group| Value::text(group.as_str()));
        let groups: Vec<Value<'v>> = captures.iter().skip(1).map(group).collect();
        run.spend(whole.len() + 64)?;
        let (start, end) = (whole.start(), whole.end());
        let matched = Text::from(whole.as_str().to_owned());
        let before = unit_count(text.get(..start).unwrap_or_default());
        let mut object = Object::default();
        object.insert(Text::Given("match"), Value::Text(matched.clone()));
        object.insert(Text::Given("start"), Value::int(before));
        object.insert(Text::Given("end"), Value::int(before + unit_count(&matched)));
        object.insert(Text::Given("groups"), Value::list(groups.clone()));
        let next = Function::Next { regex: self, text: text.clone(), from: end };
        object.insert(Text::Given("next"), Value::function(next));
        Ok(Some(Found { text: matched, start, end, groups, object: Value::object(object), next: Next::Native(self) }))
    }

    fn find_next<'v>(&'v self, run: &Run<'v>, text: &Text<'v>, from: usize) -> Result<Option<Found<'v>>, Fault> {
        if from >= text.len() {
            return Ok(None);
        }
        let found = self.find(run, text, from)?;
        if found.as_ref().is_some_and(|found| found.text.is_empty()) {
            return Err(Thrown::about_text("D1004", &self.source).into());
        }
        Ok(found)
    }
}

impl<'v> Run<'v> {
    /// A regular expression called as a function: the first match in a text, from a position on.
    pub(super) fn regex_called(&self, regex: &'v Regex, arguments: &[Value<'v>]) -> Outcome<'v> {
        let Some(text) = arguments.first().and_then(Value::as_text) else { return Err(Fault::Internal) };
        let from = arguments.get(1).and_then(Value::as_number).map_or(0, |from| from.floor());
        let from = byte_of_unit(text, usize::try_from(from).unwrap_or_default());
        Ok(regex.find(self, text, from)?.map_or(Value::Undefined, |found| found.object))
    }

    /// The function `next` of a match.
    pub(super) fn next_match(&self, regex: &'v Regex, text: &Text<'v>, from: usize) -> Outcome<'v> {
        Ok(regex.find_next(self, text, from)?.map_or(Value::Undefined, |found| found.object))
    }

    /// Returns the first match of a matcher in a text.
    pub(super) fn first_match(&self, matcher: &Value<'v>, text: &Text<'v>) -> Result<Option<Found<'v>>, Fault> {
        match matcher.as_function().map(bare) {
            Some(Function::Regex(regex)) => regex.find(self, text, 0),
            Some(_) => {
                let found = self.invoke(matcher, vec![Value::Text(text.clone())])?;
                found_in(text, found)
            }
            None => Err(Fault::Internal),
        }
    }

    /// Returns the match after another.
    pub(super) fn match_after(&self, found: &Found<'v>, text: &Text<'v>) -> Result<Option<Found<'v>>, Fault> {
        self.tick(1)?;
        match &found.next {
            Next::Native(regex) => regex.find_next(self, text, found.end),
            Next::Function(function) if function.as_function().is_some() => {
                found_in(text, self.invoke(function, Vec::new())?)
            }
            Next::Function(_) => Err(Fault::Internal),
        }
    }
}

fn bare<'a, 'v>(function: &'a Rc<Function<'v>>) -> &'a Function<'v> {
    match &**function {
        Function::Wrapped(inner) => bare(inner),
        function => function,
    }
}

/// Reads what a matcher of the expression's own returned.
fn found_in<'v>(text: &Text<'v>, value: Value<'v>) -> Result<Option<Found<'v>>, Fault> {
    if value.is_undefined() {
        return Ok(None);
    }
    let (start, end, groups) = (value.member("start"), value.member("end"), value.member("groups"));
    let next = value.member("next");
    let is_match =
        start.as_number().is_some() || end.as_number().is_some() || groups.is_array() || next.as_function().is_some();
    if !is_match {
        return Err(Thrown::new("T1010").into());
    }
    let position = |value: &Value<'v>| {
        let unit = value.as_number().map_or(0, |number| number.floor());
        byte_of_unit(text, usize::try_from(unit).unwrap_or_default())
    };
    let matched = value.member("match").as_text().cloned().unwrap_or(Text::Given(""));
    let (start, end) = (position(&start), position(&end));
    let groups = groups.array().map(|groups| groups.iter().collect()).unwrap_or_default();
    Ok(Some(Found { text: matched, start, end, groups, object: value, next: Next::Function(next) }))
}

/// Writes a pattern of JavaScript as the crate `regex` reads it.
fn translated(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => escape(characters.next(), in_class, &mut characters, &mut translated),
            '[' if in_class => translated.push_str("\\["),
            '[' => {
                // `[]` matches nothing and `[^]` anything.
                let rest: String = characters.clone().take(2).collect();
                if rest.starts_with(']') {
                    characters.next();
                    translated.push_str("[^\\s\\S]");
                } else if rest == "^]" {
                    characters.nth(1);
                    translated.push_str("[\\s\\S]");
                } else {
                    in_class = true;
                    translated.push('[');
                }
            }
            ']' if in_class => {
                in_class = false;
                translated.push(']');
            }
            '&' | '~' | '-' if in_class && characters.peek() == Some(&character) => {
                translated.push('\\');
                translated.push(character);
            }
            '(' if !in_class && characters.peek() == Some(&'?') => {
                translated.push('(');
                characters.next();
                translated.push('?');
                // `(?<name>` is `(?P<name>`; what looks ahead or behind is left for the crate to refuse.
                if characters.peek() == Some(&'<') {
                    translated.push('P');
                }
            }
            '{' if !in_class && !is_repetition(&characters.clone().collect::<String>()) => translated.push_str("\\{"),
            ' ' | '#' => {
                translated.push('\\');
                translated.push(character);
            }
            other => translated.push(other),
        }
    }
    translated
}

fn is_repetition(rest: &str) -> bool {
    let Some((inside, _)) = rest.split_once('}') else { return false };
    let (low, high) = inside.split_once(',').unwrap_or((inside, ""));
    !low.is_empty() && low.chars().chain(high.chars()).all(|digit| digit.is_ascii_digit())
}

fn escape(
    escaped: Option<char>,
    in_class: bool,
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    translated: &mut String,
) {
    let open = if in_class { "" } else { "[" };
    let close = if in_class { "" } else { "]" };
    match escaped {
        Some('d') => translated.push_str(&format!("{open}0-9{close}")),
        Some('D') => translated.push_str("[^0-9]"),
        Some('w') => translated.push_str(&format!("{open}0-9A-Za-z_{close}")),
        Some('W') => translated.push_str("[^0-9A-Za-z_]"),
        Some('s') => translated.push_str(&format!("{open}\\s\u{feff}{close}")),
        Some('S') => translated.push_str("[^\\s\u{feff}]"),
        Some('b') if in_class => translated.push_str("\\x08"),
        Some('b') => translated.push_str("(?-u:\\b)"),
        Some('B') => translated.push_str("\\B"),
        Some('0') if !rest.peek().is_some_and(char::is_ascii_digit) => translated.push_str("\\x00"),
        Some('u') => {
            let digits: String = rest.clone().take(4).collect();
            match u32::from_str_radix(&digits, 16) {
                Ok(code) if digits.len() == 4 => {
                    rest.nth(3);
                    translated.push_str(&format!("\\x{{{code:x}}}"));
                }
                _ => translated.push('u'),
            }
        }
        Some('x') => {
            let digits: String = rest.clone().take(2).collect();
            match u32::from_str_radix(&digits, 16) {
                Ok(code) if digits.len() == 2 => {
                    rest.nth(1);
                    translated.push_str(&format!("\\x{{{code:x}}}"));
                }
                _ => translated.push('x'),
            }
        }
        Some('c') => match rest.next_if(char::is_ascii_alphabetic) {
            Some(letter) => translated.push_str(&format!("\\x{{{:x}}}", u32::from(letter) % 32)),
            None => translated.push_str("\\\\c"),
        },
        Some(control @ ('t' | 'n' | 'r' | 'v' | 'f')) => {
            translated.push('\\');
            translated.push(control);
        }
        // A reference to a group is left for the crate to refuse.
        Some(other) if other.is_ascii_punctuation() || other.is_ascii_digit() => {
            translated.push('\\');
            translated.push(other);
        }
        Some(other) => translated.push(other),
        None => translated.push_str("\\\\"),
    }
}
