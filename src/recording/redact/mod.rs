//! Takes secrets out of a recording before it is handed on.
//!
//! A recording is scrubbed as the text it is written as, so that nothing in it escapes: members nobody knows, log lines
//! and JSON inside of strings inside of JSON are looked through like everything else. What is not taken out stays as it
//! stood, byte for byte.

mod place;
mod rule;
mod scrub;
#[cfg(test)]
mod tests;

pub use rule::{Rule, RuleError};

use super::{Recording, Redaction};
use crate::json::SharedBytes;
use scrub::Scrubber;

/// What stands where something was taken out.
pub const REDACTED: &str = "[redacted]";

impl Recording {
    /// Returns the recording without what the rules name, and with the rules and how often each found something among
    /// its redactions.
    ///
    /// Event types, states of executions and dates stay, so that the history still adds up.
    pub fn redacted(&self, rules: &[Rule]) -> Self {
        let mut text = Vec::new();
        // Writing into memory fails only where a member that was kept verbatim is no JSON; such a text is not passed on.
        if rules.is_empty() || self.to_writer(&mut text).is_err() {
            return if rules.is_empty() { self.clone() } else { Self::default() };
        }
        let mut scrubber = Scrubber::new(rules);
        let text = scrubber.document(&text).unwrap_or(text);
        let mut redacted =
            Self::read(&SharedBytes::from(String::from_utf8_lossy(&text).into_owned())).unwrap_or_default();
        redacted.damage.clone_from(&self.damage);
        for (rule, count) in rules.iter().zip(scrubber.counts()) {
            redacted.redactions.push(entry(rule, rules, count));
        }
        redacted
    }
}

/// A pattern may be the very secret it looks for; then it is taken out of itself.
fn entry(rule: &Rule, rules: &[Rule], count: u64) -> Redaction {
    let text = |text: String| Scrubber::new(rules).text(&text).unwrap_or(text).into();
    let (path, pattern) = match rule {
        Rule::Pattern(pattern) => (None, Some(text(pattern.as_str().to_owned()))),
        path => (path.path(), None),
    };
    Redaction { path: path.map(Into::into), pattern, count: Some(count), ..Redaction::default() }
}
