//! Takes secrets out of a recording before it is handed on.
//!
//! A recording is scrubbed as the text it is written as, so that nothing in it escapes: members nobody knows, log lines
//! and JSON inside of strings inside of JSON are looked through like everything else. What is not taken out stays as it
//! stood, byte for byte.
//!
//! What a rule names is found in JSON, in JSON that was cut off anywhere, in the middle of prose, in escapes (JSON's,
//! percent signs, entities) to any depth, in base64 of a whole text; names also in `name=value`, `name: value`, query
//! strings, Python dicts, tags (`{"Key": …, "Value": …}`), expressions (`"name.$"`), flags, YAML and XML.
//!
//! What cannot be promised:
//!
//! - A value that is taken out under its name is not looked for elsewhere: "wrong password hunter2" names nothing. A
//!   pattern finds it wherever it stands.
//! - In prose a value of `name=` ends with the word and one of `name:` with the line: what follows is not seen to belong
//!   to it.
//! - Text that is encrypted, compressed, hashed, written in hexadecimal digits, or base64 of something longer than the
//!   text itself, stays.
//! - Names that others refer to (of states and machines, ARNs, `error`) are taken out by patterns only.

mod coding;
mod document;
mod edit;
mod extent;
mod left;
mod place;
mod rule;
mod scrub;
mod stand_in;
#[cfg(test)]
mod tests;
mod walk;

pub use left::{Left, left_in};
pub use rule::{Rule, RuleError};
pub use stand_in::{Key, StandIn, between_stand_ins, is_stand_in};

use super::{Recording, Redaction};
use crate::json::SharedBytes;
use document::Document;

use scrub::Scrubber;

/// What stands where something was taken out.
pub const REDACTED: &str = "[redacted]";

impl Recording {
    /// Returns the recording without what the rules name, and with the rules and how often each found something among
    /// its redactions.
    ///
    /// Event types, states of executions and dates stay, so that the history still adds up.
    pub fn redacted(&self, rules: &[Rule], stand_in: &StandIn) -> Self {
        let mut text = Vec::new();
        // Writing into memory fails only where a member that was kept verbatim is no JSON; such a text is not passed on.
        if rules.is_empty() || self.to_writer(&mut text).is_err() {
            return if rules.is_empty() { self.clone() } else { Self::default() };
        }
        let text = String::from_utf8_lossy(&text);
        let scrubber = Scrubber::new(rules, stand_in);
        // A recording is written by us; were it no JSON, nothing of it would be passed on.
        let Ok(edits) = Document::edits(&scrubber, &text) else { return Self::default() };
        let edits = edits.settled();
        let made = edit::applied(&text, &edits);
        let mut redacted = Self::read(&SharedBytes::from(made)).unwrap_or_default();
        redacted.damage.clone_from(&self.damage);
        for (index, rule) in rules.iter().enumerate() {
            let count = edits.iter().filter(|edit| edit.rule == index).count();
            redacted.redactions.push(entry(rule, rules, count as u64));
        }
        redacted
    }
}

/// Tells whether a remark in a recording says that one of these rules was applied to it.
pub fn is_made_by(remark: &Redaction, rules: &[Rule]) -> bool {
    let made = rules.iter().map(|rule| entry(rule, rules, 0));
    made.into_iter().any(|made| made.path == remark.path && made.pattern == remark.pattern)
}

/// A pattern may be the very secret it looks for; then it is taken out of itself.
fn entry(rule: &Rule, rules: &[Rule], count: u64) -> Redaction {
    let text = |text: String| Scrubber::new(rules, &StandIn::Same).scrubbed(&text).unwrap_or(text).into();
    let (path, pattern) = match rule {
        Rule::Pattern(pattern) => (None, Some(text(pattern.as_str().to_owned()))),
        path => (path.path(), None),
    };
    Redaction { path: path.map(text), pattern, count: Some(count), ..Redaction::default() }
}
