//! What is to be taken out, as somebody wrote it.

use super::place::Place;
use regex::{Regex, RegexBuilder};
use std::fmt;

/// One thing to take out.
#[derive(Debug, Clone)]
pub enum Rule {
    /// `$.customer.email`, `$.items[*].card`, `$..token`: what stands at this place in any payload; each input, output,
    /// parameter, cause and decoded string is a payload with a `$` of its own.
    Place(Place),
    /// `password`, `*token*`: the value of any member of this name, at any depth; case does not matter.
    Name(Name),
    /// `/\d{16}/`, `/secret/i`: what matches, in any text.
    Pattern(Regex),
}

/// A name in which `*` stands for anything.
#[derive(Debug, Clone)]
pub struct Name {
    text: String,
    regex: Regex,
}

/// A rule that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// What is wrong with it.
    pub reason: String,
}

impl Rule {
    /// Reads a rule: a path when it starts with `$`, a pattern when it stands between slashes, else a name.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        if text.starts_with('$') {
            return Place::parse(text).map(Self::Place);
        }
        if let Some(rest) = text.strip_prefix('/') {
            return pattern(rest).map(Self::Pattern);
        }
        if text.is_empty() || text.chars().all(|character| character == '*') {
            return Err(RuleError { reason: "a name is missing".to_owned() });
        }
        Name::parse(text).map(Self::Name)
    }

    /// Returns the rule as a path, unless it is a pattern.
    pub(super) fn path(&self) -> Option<String> {
        match self {
            Self::Place(place) => Some(place.text().to_owned()),
            Self::Name(name) => Some(format!("$..{}", name.text)),
            Self::Pattern(_) => None,
        }
    }
}

impl Name {
    fn parse(text: &str) -> Result<Self, RuleError> {
        let parts: Vec<_> = text.split('*').map(regex::escape).collect();
        let regex = build(&format!("^(?s:{})$", parts.join(".*")), true)?;
        Ok(Self { text: text.to_owned(), regex })
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }
}

fn pattern(rest: &str) -> Result<Regex, RuleError> {
    let unclosed = || RuleError { reason: "the closing '/' is missing".to_owned() };
    let (pattern, flags) = rest.rsplit_once('/').ok_or_else(unclosed)?;
    let any_case = match flags {
        "" => false,
        "i" => true,
        _ => return Err(RuleError { reason: format!("after the closing '/' only 'i' may follow, not '{flags}'") }),
    };
    let regex = build(pattern, any_case)?;
    if regex.is_match("") {
        return Err(RuleError { reason: "the pattern matches where nothing is".to_owned() });
    }
    Ok(regex)
}

fn build(pattern: &str, any_case: bool) -> Result<Regex, RuleError> {
    let error = |error: regex::Error| RuleError { reason: last_line(&error.to_string()) };
    RegexBuilder::new(pattern).case_insensitive(any_case).build().map_err(error)
}

/// The parser draws the pattern with a mark below; the reason is its last line.
fn last_line(text: &str) -> String {
    let last = text.lines().last().unwrap_or(text).trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for RuleError {}
