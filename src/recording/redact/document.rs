//! The walk over the text of a recording: what AWS says around payloads, and the payloads.
//!
//! What tells how a history hangs together stays as it is: the types of events, how executions stand, when things
//! happened, numbers and names that others refer to. It stays for what it says and not for where it stands: a `type`
//! that is no type is text like any other. Members that nobody knows are looked through as payloads are.

use super::edit::Edits;
use super::place::At;
use super::scrub::{DEPTH, Scrubber};
use super::walk::Walk;
use crate::event::{EventType, Timestamp};
use crate::json::scan::{Literal, Progress, Scanner, Surprise};
use std::ops::Range;

/// Members that hold a payload, where an emulator may have written it as bare JSON instead of as text.
const PAYLOADS: [&str; 9] =
    ["input", "output", "parameters", "cause", "definition", "loggingConfiguration", "logs", "payload", "result"];

/// Payloads that have to be JSON, also when nothing is left of them.
const JSON: [&str; 4] = ["input", "output", "parameters", "result"];

/// Members that are parts of a recording, or of an answer of AWS.
const PARTS: [&str; 13] = [
    "recorded",
    "execution",
    "stateMachine",
    "events",
    "mapRuns",
    "mapRun",
    "executions",
    "children",
    "bookmarks",
    "redactions",
    "itemCounts",
    "executionCounts",
    "taskCredentials",
];

/// Text that others refer to: patterns apply, and what is said within; a rule for its name does not.
const REFERRED_TO: [&str; 15] = [
    "name",
    "executionArn",
    "stateMachineArn",
    "mapRunArn",
    "stateMachineVersionArn",
    "stateMachineAliasArn",
    "execution",
    "resource",
    "resourceType",
    "error",
    "state",
    "label",
    "path",
    "pattern",
    "region",
];

/// Text that says something.
const TEXTS: [&str; 14] = [
    "by",
    "note",
    "notes",
    "roleArn",
    "workerName",
    "location",
    "revisionId",
    "redriveStatusReason",
    "logGroupName",
    "logStreamName",
    "requestId",
    "message",
    "reason",
    "traceHeader",
];

const DATES: [&str; 6] = ["timestamp", "at", "startDate", "stopDate", "updateDate", "redriveDate"];

/// Numbers of events and of other things longer than this are none.
const LONGEST_NUMBER: usize = 10;

/// What a member is to the walk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Part,
    Variables,
    Payload,
    Text,
    ReferredTo,
    Fixed,
    Unknown,
}

/// A walk over the text of a recording.
pub(super) struct Document<'s, 'r, 't> {
    scrubber: &'s Scrubber<'r>,
    text: &'t str,
    scanner: Scanner<'t>,
    edits: Edits,
    /// The names above, to the recording itself.
    way: Vec<At>,
}

impl<'s, 'r, 't> Document<'s, 'r, 't> {
    /// Returns the changes to the text of a recording; an error when it is no JSON.
    pub(super) fn edits(scrubber: &'s Scrubber<'r>, text: &'t str) -> Result<Edits, Surprise> {
        let scanner = Scanner::new(text.as_bytes());
        let mut walk = Self { scrubber, text, scanner, edits: Edits::default(), way: Vec::new() };
        walk.part("")?;
        Ok(walk.edits)
    }

    /// A part of a recording: an object, or an array of objects of one kind.
    fn part(&mut self, name: &str) -> Result<(), Surprise> {
        let mut progress = Progress::Opened;
        match self.scanner.peek() {
            Some(b'{' | b'[') if self.way.len() > DEPTH => self.take(0),
            Some(b'{') => {
                self.scanner.expect(b'{')?;
                while let Some(literal) = self.scanner.next_member(&mut progress)? {
                    let name = literal.decode().into_owned();
                    self.way.push(At::Member(name.clone()));
                    self.member(&name, literal)?;
                    self.way.pop();
                }
                Ok(())
            }
            Some(b'[') => {
                self.scanner.expect(b'[')?;
                let mut index = 0;
                while self.scanner.next_element(&mut progress)? {
                    self.way.push(At::Element(index));
                    self.part(name)?;
                    self.way.pop();
                    index += 1;
                }
                Ok(())
            }
            _ => self.text_or_scalar(name),
        }
    }

    fn text_or_scalar(&mut self, name: &str) -> Result<(), Surprise> {
        match self.scanner.peek() {
            Some(b'"') => self.string(),
            _ => self.unknown(name),
        }
    }

    fn member(&mut self, name: &str, literal: Literal<'t>) -> Result<(), Surprise> {
        let first = self.scanner.peek();
        let start = self.scanner.at();
        let value = self.scanner.clone().value()?;
        let value = start..start + value.len();
        match kind(name, self.text.get(value).unwrap_or_default()) {
            Kind::Fixed => self.scanner.value().map(drop),
            Kind::Part => self.part(name),
            Kind::Variables => self.variables(),
            Kind::Payload => self.payload(name),
            Kind::ReferredTo => self.part(name),
            Kind::Text => match self.scrubber.name_rule(name) {
                Some(rule) if first == Some(b'"') => self.take(rule),
                _ => self.part(name),
            },
            Kind::Unknown => {
                self.name(literal);
                self.unknown(name)
            }
        }
    }

    /// The text of a payload or, as emulators write it, a payload as it is.
    fn payload(&mut self, name: &str) -> Result<(), Surprise> {
        let rule = self.scrubber.place_rule(&[]).or_else(|| self.scrubber.name_rule(name));
        if let Some(rule) = rule.filter(|_| !matches!(name, "definition" | "logs" | "loggingConfiguration")) {
            return if JSON.contains(&name) { self.take_json(rule) } else { self.take(rule) };
        }
        match self.scanner.peek() {
            Some(b'"') => self.payload_text(),
            _ if name == "logs" => self.logs(),
            _ => self.embedded(Vec::new(), vec![0]),
        }
    }

    fn logs(&mut self) -> Result<(), Surprise> {
        let mut progress = Progress::Opened;
        if self.scanner.peek() != Some(b'[') {
            return self.embedded(Vec::new(), vec![0]);
        }
        self.scanner.expect(b'[')?;
        while self.scanner.next_element(&mut progress)? {
            match self.scanner.peek() {
                Some(b'"') => self.string()?,
                _ => self.embedded(Vec::new(), vec![0])?,
            }
        }
        Ok(())
    }

    /// Variables have the text of a payload each.
    fn variables(&mut self) -> Result<(), Surprise> {
        let mut progress = Progress::Opened;
        self.scanner.expect(b'{')?;
        while let Some(literal) = self.scanner.next_member(&mut progress)? {
            self.name(literal);
            let name = literal.decode();
            match (self.scrubber.name_rule(&name), self.scanner.peek()) {
                (Some(rule), Some(b'"')) => self.take_json(rule)?,
                (Some(rule), _) => self.take(rule)?,
                (None, Some(b'"')) => self.payload_text()?,
                (None, _) => self.embedded(Vec::new(), vec![0])?,
            }
        }
        Ok(())
    }

    /// A member that nobody knows: a payload, which paths reach from the recording, from the object it is in, and from
    /// itself.
    fn unknown(&mut self, name: &str) -> Result<(), Surprise> {
        let depth = self.way.len();
        let bases = vec![0, depth.saturating_sub(1), depth];
        let place = bases.iter().find_map(|base| self.scrubber.place_rule(self.way.get(*base..).unwrap_or_default()));
        if let Some(rule) = self.scrubber.name_rule(name).or(place) {
            return self.take(rule);
        }
        match self.scanner.peek() {
            Some(b'"') => self.string(),
            _ => self.embedded(self.way.clone(), bases),
        }
    }

    fn embedded(&mut self, way: Vec<At>, bases: Vec<usize>) -> Result<(), Surprise> {
        self.scanner.peek();
        let start = self.scanner.at();
        let range = start..start + self.scanner.value()?.len();
        let value = self.text.get(range).unwrap_or_default();
        let walked = Walk::over(self.scrubber, value, true, 0).below(way, bases).finish();
        self.edits.extend_at(start, walked.edits);
        Ok(())
    }

    fn string(&mut self) -> Result<(), Surprise> {
        let literal = self.scanner.string()?;
        self.inner(literal, Scrubber::text);
        Ok(())
    }

    fn payload_text(&mut self) -> Result<(), Surprise> {
        let literal = self.scanner.string()?;
        self.inner(literal, Scrubber::payload);
        Ok(())
    }

    /// A name is text as well.
    fn name(&mut self, literal: Literal<'t>) {
        self.inner(literal, Scrubber::text);
    }

    fn inner(&mut self, literal: Literal<'t>, found: impl Fn(&Scrubber<'r>, &str) -> Edits) {
        let range = self.range_of(literal);
        let raw = self.text.get(range.clone()).unwrap_or_default();
        match self.scrubber.decoded(raw) {
            Some(decoded) => {
                let part = found(self.scrubber, &decoded.text);
                self.edits.extend_decoded(range.start, &decoded, part);
            }
            None => self.edits.extend_at(range.start, found(self.scrubber, raw)),
        }
    }

    fn range_of(&self, literal: Literal<'t>) -> Range<usize> {
        let start = (literal.inner.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        start..start + literal.inner.len()
    }

    fn take(&mut self, rule: usize) -> Result<(), Surprise> {
        self.put(rule, |stand_in| format!("\"{stand_in}\""))
    }

    fn take_json(&mut self, rule: usize) -> Result<(), Surprise> {
        self.put(rule, |stand_in| format!("\"\\\"{stand_in}\\\"\""))
    }

    fn put(&mut self, rule: usize, with: impl Fn(&str) -> String) -> Result<(), Surprise> {
        self.scanner.peek();
        let start = self.scanner.at();
        let range = start..start + self.scanner.value()?.len();
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let decoded = match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(inner) => self.scrubber.decoded(inner).map_or_else(|| inner.to_owned(), |decoded| decoded.text),
            None => raw.to_owned(),
        };
        // A payload that is a text stands for what the text says.
        let said = serde_json::from_str::<String>(&decoded).unwrap_or(decoded);
        if !super::is_stand_in(&said) {
            self.edits.push(range, with(&self.scrubber.stand_in(&said)), rule);
        }
        Ok(())
    }
}

fn kind(name: &str, value: &str) -> Kind {
    let first = value.bytes().next();
    let (object, array) = (first == Some(b'{'), first == Some(b'['));
    let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    match name {
        "assignedVariables" if object => Kind::Variables,
        _ if PAYLOADS.contains(&name) => Kind::Payload,
        _ if (object || array) && (PARTS.contains(&name) || name == "notes") => Kind::Part,
        _ if object && name.ends_with("Details") => Kind::Part,
        _ if is_fixed(name, value, text) => Kind::Fixed,
        _ if text.is_some() && REFERRED_TO.contains(&name) => Kind::ReferredTo,
        _ if text.is_some() && (TEXTS.contains(&name) || is_vocabulary(name)) => Kind::Text,
        _ => Kind::Unknown,
    }
}

fn is_vocabulary(name: &str) -> bool {
    DATES.contains(&name) || matches!(name, "format" | "type" | "status" | "redriveStatus" | "letter")
}

/// Tells whether a value is one of those AWS or we have for such a member.
fn is_fixed(name: &str, value: &str, text: Option<&str>) -> bool {
    if DATES.contains(&name) {
        return Timestamp::read(value).is_ok() && (text.is_some() || value.len() <= LONGEST_NUMBER + 8);
    }
    match (name, text) {
        ("format", Some(text)) => text == crate::recording::FORMAT,
        ("type", Some(text)) => {
            matches!(text, "STANDARD" | "EXPRESS") || !matches!(EventType::from_name(text), EventType::Unknown(_))
        }
        ("status", Some(text)) => {
            matches!(text, "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED" | "PENDING_REDRIVE")
        }
        ("redriveStatus", Some(text)) => {
            matches!(text, "REDRIVABLE" | "NOT_REDRIVABLE" | "REDRIVABLE_BY_MAP_RUN")
        }
        ("letter", Some(text)) => text.chars().count() == 1,
        (
            "id"
            | "previousEventId"
            | "event"
            | "count"
            | "index"
            | "length"
            | "redriveCount"
            | "maxConcurrency"
            | "timeoutInSeconds"
            | "heartbeatInSeconds"
            | "toleratedFailureCount"
            | "toleratedFailurePercentage"
            | "pending"
            | "running"
            | "succeeded"
            | "failed"
            | "timedOut"
            | "aborted"
            | "total"
            | "resultsWritten"
            | "complete"
            | "truncated"
            | "included",
            None,
        ) => value.len() <= LONGEST_NUMBER && !value.starts_with(['{', '[']),
        _ => false,
    }
}
