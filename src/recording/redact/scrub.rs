//! Finds in a text what rules name, in all the ways it may be written there.

use super::coding::{Coding, Decoded, base64_texts};
use super::edit::{Edits, applied};
use super::extent::{self, After, byte};
use super::place::At;
use super::walk::{Walk, Walked};
use super::{Rule, StandIn, is_stand_in};
use std::cell::Cell;
use std::ops::Range;

/// What is nested deeper than this is not looked into but taken out as a whole; payloads AWS takes are not so deep.
pub(super) const DEPTH: usize = 256;

/// So many times its own length, and so much more, is read of a text in all the ways it may be written. Only what was
/// made to need more does; it is taken out as a whole.
const WORK: usize = 64;
const LEAST_WORK: usize = 64 << 20;

/// Names are not looked for in longer stretches between quotes.
const LONGEST_NAME: usize = 128;

/// Finds what rules name.
pub(super) struct Scrubber<'r> {
    rules: &'r [Rule],
    stand_in: &'r StandIn,
    /// How many bytes may still be read.
    work: Cell<usize>,
}

impl<'r> Scrubber<'r> {
    pub(super) fn new(rules: &'r [Rule], stand_in: &'r StandIn) -> Self {
        Self { rules, stand_in, work: Cell::new(LEAST_WORK) }
    }

    /// Returns the changes to a text that stands for itself, as an outermost one.
    pub(super) fn text(&self, text: &str) -> Edits {
        self.work.set(LEAST_WORK.saturating_add(text.len().saturating_mul(WORK)));
        self.found_in(text, 0)
    }

    /// The same of the text of a payload: a number becomes a text, so that it stays one.
    pub(super) fn payload(&self, text: &str) -> Edits {
        let mut edits = Edits::default();
        if self.is_number_to_hide(text, &mut edits) {
            return edits;
        }
        self.text(text)
    }

    /// Returns a text without what rules name; `None` when it has nothing of it.
    pub(super) fn scrubbed(&self, text: &str) -> Option<String> {
        let edits = self.payload(text);
        (!edits.is_empty()).then(|| applied(text, &edits.settled()))
    }

    pub(super) fn stand_in(&self, value: &str) -> String {
        self.stand_in.of(value)
    }

    /// Returns what a string stands for, unless that is what stands there.
    pub(super) fn decoded(&self, raw: &str) -> Option<Decoded> {
        if raw.contains('\\') { Coding::Json.decode(raw) } else { None }
    }

    /// Returns the changes to a text: JSON, or anything else, in which there may be some.
    pub(super) fn found_in(&self, text: &str, depth: usize) -> Edits {
        let mut edits = Edits::default();
        if text.is_empty() || is_stand_in(text) {
            return edits;
        }
        let left = self.work.get().checked_sub(text.len());
        self.work.set(left.unwrap_or(0));
        if left.is_none() || depth > DEPTH {
            edits.push(0..text.len(), self.stand_in(text), 0);
            return edits;
        }
        let json = is_json(text);
        let Walked { edits: walked, coded } = Walk::over(self, text, json, depth).finish();
        edits.extend_at(0, walked);
        if !json {
            self.found_in_codings(text, coded, depth, &mut edits);
            self.found_in_base64(text, depth, &mut edits);
            self.found_by_quotes(text, &mut edits);
        }
        edits
    }

    /// A payload that is a number stays a payload.
    fn is_number_to_hide(&self, text: &str, edits: &mut Edits) -> bool {
        let number = text.trim();
        let start = text.len() - text.trim_start().len();
        let plain = number.starts_with(|c: char| c.is_ascii_digit() || c == '-') && number.parse::<f64>().is_ok();
        let Some((_, rule)) = plain.then(|| self.matches(text).next()).flatten() else { return false };
        edits.push(start..start + number.len(), format!("\"{}\"", self.stand_in(number)), rule);
        true
    }

    /// What is written in escapes outside of strings: a piece of JSON that stood in a string.
    fn found_in_codings(&self, text: &str, coded: bool, depth: usize, edits: &mut Edits) {
        if !coded {
            return;
        }
        for coding in [Coding::Json, Coding::Percent, Coding::Entity] {
            if let Some(decoded) = coding.decode(text) {
                let part = self.found_in(&decoded.text, depth + 1);
                edits.extend_decoded(0, &decoded, part);
            }
        }
    }

    /// Base64 goes as a whole when there is anything in what it stands for.
    fn found_in_base64(&self, text: &str, depth: usize, edits: &mut Edits) {
        for (range, decoded) in base64_texts(text) {
            let part = self.found_in(&decoded, depth + 1);
            if let Some(edit) = part.settled().first() {
                edits.push(range, self.stand_in(&decoded), edit.rule);
            }
        }
    }

    /// Names between quotes, wherever they stand: in broken text a walk may take the ends of strings for beginnings.
    fn found_by_quotes(&self, text: &str, edits: &mut Edits) {
        if !self.has_names() {
            return;
        }
        let bytes = text.as_bytes();
        for start in memchr::memchr2_iter(b'"', b'\'', bytes) {
            let quote = byte(text, start).unwrap_or_default();
            let within = bytes.get(start + 1..bytes.len().min(start + 1 + LONGEST_NAME)).unwrap_or_default();
            let Some(length) = memchr::memchr(quote, within) else { continue };
            let end = start + 1 + length;
            let behind = bytes.get(end..).unwrap_or_default().iter().take_while(|byte| **byte == quote).count();
            let Some((value, _)) = extent::separator(text, extent::spaces(text, end + behind)) else { continue };
            let rule = text.get(start + 1..end).and_then(|name| self.name_rule(name));
            let value = extent::spaces(text, value);
            let (Some(rule), Some(first)) = (rule, byte(text, value)) else { continue };
            let extent = match first {
                b'"' | b'\'' | b'{' | b'[' => extent::inside(text, value, false),
                _ => extent::outside(text, value, After::Equals),
            };
            let said = text.get(value..extent.end).unwrap_or_default();
            let plain = said.trim_matches(['"', '\'']);
            if !plain.is_empty() && !is_stand_in(plain) && extent.quote.is_some() {
                let content = value + 1..extent.end - usize::from(extent.closed);
                edits.push(content, self.stand_in(plain), rule);
            }
        }
    }

    /// Returns the rule that takes out the value of a member of this name.
    pub(super) fn name_rule(&self, name: &str) -> Option<usize> {
        let plain = name.strip_suffix(".$");
        self.rules.iter().position(|rule| match rule {
            Rule::Name(wanted) => !name.is_empty() && (wanted.is(name) || plain.is_some_and(|plain| wanted.is(plain))),
            _ => false,
        })
    }

    /// Returns the rule that takes out what is at the end of that way.
    pub(super) fn place_rule(&self, way: &[At]) -> Option<usize> {
        self.rules.iter().position(|rule| match rule {
            Rule::Place(place) => place.is(way),
            _ => false,
        })
    }

    pub(super) fn has_names(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule, Rule::Name(_)))
    }

    pub(super) fn has_places(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule, Rule::Place(_)))
    }

    /// Returns where patterns match a text, but for what stands where something was taken out before.
    pub(super) fn matches(&self, text: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
        let mut found = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if let Rule::Pattern(regex) = rule {
                found.extend(regex.find_iter(text).map(|found| (found.range(), index)));
            }
        }
        if !found.is_empty() {
            let before = super::stand_in::ranges(text);
            found.retain(|(range, _)| !before.iter().any(|it| it.start <= range.start && range.end <= it.end));
        }
        found.sort_by_key(|(range, _)| range.start);
        found.into_iter()
    }
}

/// Tells whether a text is one JSON object, array or string.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
