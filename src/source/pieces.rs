//! What a text holds, piece by piece, told by shape: pages of a history, log lines, answers of the service.

use super::bytes;
use super::logs::{self, Record, embedded};
use super::notice;
use super::noun;
use crate::event::{Event, EventId};
use crate::json::{Members, Payload, SharedBytes, elements};
use crate::recording::{
    Content, Damage, DamageReason, DescribedMapRun, Document, Documents, Execution, Recording, StateMachine,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How deep histories are looked for inside of other objects and arrays.
const DEPTH: usize = 4;

/// A row has fewer columns than this; a list that has found nothing by then is something else.
const MOST_COLUMNS: usize = 200;

/// A history has at most 25,000 events, so text with more pages than this is not one.
const MOST_PAGES: usize = 30_000;

/// More things that are packed and written as base64 are not opened.
const MOST_PACKED: usize = 10_000;

/// Something recognised.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// A recording in stepback's own form.
    Recording(Box<Recording>),
    /// A page of a history, perhaps the only one, and whether the service had more.
    Page { page: Box<Recording>, more: bool },
    /// An event by itself.
    Event(Box<Event>),
    /// A line of a machine's log.
    Log(Box<Record>),
    /// The answer of `DescribeExecution` or `StartSyncExecution`.
    Execution(Box<Execution>),
    /// The answer of `DescribeStateMachine` or `DescribeStateMachineForExecution`.
    Machine(Box<StateMachine>),
    /// The definition of a machine.
    Definition(SharedBytes),
    /// The answer of `DescribeMapRun`.
    MapRun(Box<DescribedMapRun>),
}

/// Everything recognised in a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces {
    pub(super) found: Vec<Piece>,
    /// Damage outside of what was recognised.
    pub(super) damage: Vec<Damage>,
    /// What should be said of how it was read.
    pub(super) notes: Vec<String>,
    /// How often something packed was opened.
    packed: usize,
    /// What else is there, for a message: the names of members of something not recognised.
    pub(super) foreign: Option<String>,
}

impl Pieces {
    /// Looks through a text without byte order mark that starts at byte `base` of its file.
    pub(super) fn of(text: &SharedBytes, base: u64) -> Self {
        let mut pieces = Self::default();
        let mut documents = Documents::of(text, base);
        loop {
            let start = documents.at();
            let Some(document) = documents.next() else { break };
            let broken = document.damage.iter().any(|damage| !damage.is_no_event());
            let whole = text.slice(start..documents.at()).unwrap_or_else(|| text.clone());
            pieces.add(document, &whole, base, DEPTH);
            match pieces.found.last() {
                Some(Piece::Log(_)) if broken => {
                    pieces.add_lines_after(text, start, base);
                    break;
                }
                Some(Piece::Page { .. }) if pieces.found.len() >= MOST_PAGES => {
                    let reason = DamageReason::Json("more pages than a history can have".to_owned());
                    pieces.damage.push(Damage { byte: base + documents.at() as u64, after: None, reason });
                    break;
                }
                _ => {}
            }
        }
        pieces
    }

    /// A broken line of a log costs no more than itself: those after it are read one by one.
    fn add_lines_after(&mut self, text: &SharedBytes, broken: usize, base: u64) {
        let begun =
            broken + text.get(broken..).map_or(0, |rest| rest.iter().take_while(|it| it.is_ascii_whitespace()).count());
        let next = text.get(begun..).and_then(|rest| memchr::memchr(b'\n', rest)).map(|end| begun + end + 1);
        if let Some(next) = next {
            self.add_embedded(text, next, base);
        }
    }

    /// Adds the log lines in a text from a place on, whatever stands around them.
    fn add_embedded(&mut self, text: &SharedBytes, from: usize, base: u64) {
        let found = embedded::find(text, from);
        if let Some(open) = found.open.filter(|_| !found.records.is_empty() || !self.found.is_empty()) {
            let cut = memchr::memchr(b'\n', text.get(open..).unwrap_or_default()).is_none();
            let (byte, reason) = match cut {
                true => (text.len(), DamageReason::Truncated),
                false => (open, DamageReason::Json("a line of the log does not end".to_owned())),
            };
            self.damage.push(Damage { byte: base + byte as u64, after: None, reason });
        }
        self.found.extend(found.records.into_iter().map(|record| Piece::Log(Box::new(record))));
    }

    fn add(&mut self, document: Document, text: &SharedBytes, base: u64, depth: usize) {
        let damage = document.damage.clone();
        let count = self.found.len();
        match document.content {
            Content::Object { ref members, ref events } if events.is_none() && !is_recording(members) => {
                let broken = damage.iter().any(Damage::hides_what_follows);
                self.add_object(members, broken, text, base, depth);
            }
            Content::Object { ref members, .. } => {
                let (own, more) = (is_recording(members), members.get("nextToken").is_some());
                let Some(recording) = Recording::from_document(document, base).map(Box::new) else { return };
                self.found.push(if own { Piece::Recording(recording) } else { Piece::Page { page: recording, more } });
                return;
            }
            Content::Events(ref events) if events.is_empty() => {}
            Content::Events(_) => {
                let page = Recording::from_document(document, base).map(Box::new);
                self.found.extend(page.map(|page| Piece::Page { page, more: false }));
                return;
            }
            Content::Array(array) => self.add_array(&array, base, depth),
            Content::Other => {}
        }
        if self.found.len() == count || !damage.is_empty() {
            self.damage.extend(damage);
        }
    }

    /// An object that is broken off is only taken for what it is beyond doubt.
    fn add_object(&mut self, members: &Members, broken: bool, text: &SharedBytes, base: u64, depth: usize) {
        if let Some(record) = Record::of_members(members) {
            self.found.push(Piece::Log(Box::new(record)));
        } else if let Ok(event) = Event::from_members(members.clone()) {
            self.found.push(Piece::Event(Box::new(event)));
        } else if let Some(message) = logs::message(members) {
            let record = Record::of_message(&message).or_else(|| Record::of_columns(members.clone()));
            self.found.extend(record.map(|record| Piece::Log(Box::new(record))));
        } else if let Some(record) = Record::of_columns(members.clone()).filter(|_| is_row(members) && !broken) {
            self.found.push(Piece::Log(Box::new(record)));
        } else if let Some(execution) = notice::execution(members) {
            self.found.push(Piece::Execution(Box::new(execution)));
        } else if has(members, ["mapRunArn", "itemCounts"]) || has(members, ["mapRunArn", "maxConcurrency"]) {
            self.found.push(Piece::MapRun(Box::new(DescribedMapRun::from_members(members.clone()))));
        } else if has(members, ["StartAt", "States"]) {
            self.found.push(Piece::Definition(text.clone()));
        } else if has(members, ["executionArn", "startDate"]) {
            self.found.push(Piece::Execution(Box::new(Execution::from_members(members.clone()))));
        } else if has(members, ["definition", "roleArn"]) || has(members, ["definition", "stateMachineArn"]) {
            self.found.push(Piece::Machine(Box::new(StateMachine::from_members(members.clone()))));
        } else {
            self.add_members(members, base, depth);
        }
    }

    /// Looks into an object that is nothing by itself, such as the output of a tool around the service's answers.
    fn add_members(&mut self, members: &Members, base: u64, depth: usize) {
        let count = self.found.len();
        if let Some(found) = noun::of_object(members) {
            self.foreign.get_or_insert(found);
        }
        for packed in members.iter().filter_map(|member| packed(&member.value)) {
            self.add_packed(packed, base);
        }
        if depth > 0 {
            for member in members.iter().filter(|member| matches!(member.value.first(), Some(b'{' | b'['))) {
                self.add_nested(&member.value, base, depth);
            }
        }
        if self.found.len() == count {
            let names: Vec<_> = members.iter().take(4).map(|member| format!("\"{}\"", member.name)).collect();
            self.foreign.get_or_insert_with(|| match names.as_slice() {
                [] => "an empty object".to_owned(),
                names => format!("an object with {}", names.join(", ")),
            });
        }
    }

    fn add_array(&mut self, text: &SharedBytes, base: u64, depth: usize) {
        let count = self.found.len();
        let row: Vec<_> = elements(text).take(MOST_COLUMNS).collect();
        if let Some(record) = Record::of_row(&row) {
            self.found.push(Piece::Log(Box::new(record)));
            return;
        }
        let promising = |element: &SharedBytes| matches!(element.first(), Some(b'{' | b'['));
        for (index, element) in elements(text).enumerate() {
            if depth == 0 || index >= MOST_COLUMNS && self.found.len() == count {
                break;
            }
            if promising(&element) {
                self.add_nested(&element, base, depth);
            }
        }
        self.foreign.get_or_insert_with(|| "a list".to_owned());
    }

    fn add_nested(&mut self, text: &SharedBytes, base: u64, depth: usize) {
        for document in Documents::of(text, base) {
            self.add(document, text, base, depth - 1);
        }
    }

    /// Adds what was packed and written as base64, as subscriptions of logs send it.
    fn add_packed(&mut self, packed: Vec<u8>, base: u64) {
        // What is packed in what is packed, over and over, is made to waste time.
        if self.packed >= MOST_PACKED {
            return;
        }
        self.packed += 1;
        let Ok(content) = bytes::unpack(SharedBytes::new(packed)) else { return };
        if let Some(reason) = content.broken {
            self.damage.push(Damage { byte: base, after: None, reason: DamageReason::Compression(reason) });
        }
        self.add_nested(&content.bytes, base, DEPTH);
    }

    /// Looks through a text that is no JSON: for log lines with something before each, as `aws logs tail` prints them,
    /// for one that is packed and written as base64, or for a definition in YAML.
    pub(super) fn of_other_text(text: &SharedBytes, base: u64) -> Self {
        let mut pieces = Self::default();
        pieces.add_embedded(text, 0, base);
        if pieces.found.is_empty()
            && let Some(packed) = unpacked(text.trim_ascii())
        {
            pieces.add_packed(packed, base);
        }
        if pieces.found.is_empty() && text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"StartAt:")) {
            pieces.found.push(Piece::Definition(text.clone()));
        }
        pieces
    }

    /// Returns how many events there are, and whether anything could not be read: the more and the fewer the better.
    pub(super) fn worth(&self) -> (usize, bool) {
        let events = |piece: &Piece| match piece {
            Piece::Recording(recording) | Piece::Page { page: recording, .. } => recording.events.len(),
            Piece::Event(_) | Piece::Log(_) | Piece::Execution(_) | Piece::MapRun(_) => 1,
            Piece::Machine(_) | Piece::Definition(_) => 0,
        };
        (self.found.iter().map(events).sum(), !self.is_damaged())
    }

    /// Tells whether the text broke off or was something else somewhere.
    pub(super) fn is_damaged(&self) -> bool {
        self.all_damage().any(Damage::hides_what_follows)
    }

    fn all_damage(&self) -> impl Iterator<Item = &Damage> {
        let inside = self.found.iter().flat_map(|piece| match piece {
            Piece::Recording(recording) | Piece::Page { page: recording, .. } => recording.damage.as_slice(),
            _ => &[],
        });
        self.damage.iter().chain(inside)
    }

    /// Changes every damage that was found.
    pub(super) fn each_damage(&mut self, mut change: impl FnMut(&mut Damage)) {
        self.damage.iter_mut().for_each(&mut change);
        for piece in &mut self.found {
            if let Piece::Recording(recording) | Piece::Page { page: recording, .. } = piece {
                recording.damage.iter_mut().for_each(&mut change);
            }
        }
    }

    /// Adds that the text could not be unpacked any further.
    pub(super) fn add_damage(&mut self, byte: u64, reason: DamageReason) {
        let damage = |after: Option<EventId>| Damage { byte, after, reason };
        match self.found.last_mut() {
            Some(Piece::Recording(recording) | Piece::Page { page: recording, .. }) => {
                let after = recording.events.last_facts().map(|facts| facts.id);
                recording.damage.retain(|damage| damage.reason != DamageReason::Truncated);
                recording.damage.push(damage(after));
            }
            _ => self.damage.push(damage(None)),
        }
    }
}

/// Returns the bytes of a string in which something compressed, or JSON, is written as base64.
fn packed(value: &SharedBytes) -> Option<Vec<u8>> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    unpacked(inner)
}

/// The beginnings of gzip and of an object in base64.
fn unpacked(text: &[u8]) -> Option<Vec<u8>> {
    let begins = [b"H4sI".as_slice(), b"eyJ", b"ewog"].iter().any(|begin| text.starts_with(begin));
    if !begins || text.len() < 40 {
        return None;
    }
    let whole: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    // What is cut may end inside of a group of four.
    let even = whole.len() - whole.len() % 4;
    STANDARD.decode(&whole).or_else(|_| STANDARD.decode(whole.get(..even).unwrap_or_default())).ok()
}

/// Tells whether an object is a row of a query for chosen fields.
fn is_row(members: &Members) -> bool {
    ["@timestamp", "execution_arn", "details.name", "details.error", "previous_event_id", "event_timestamp"]
        .iter()
        .any(|name| members.get(name).is_some())
}

fn has<const N: usize>(members: &Members, names: [&str; N]) -> bool {
    names.iter().all(|name| members.get(name).is_some())
}

fn is_recording(members: &Members) -> bool {
    let format = members.get("format").map(|format| Payload::from_literal(format.clone()));
    format.is_some_and(|format| format.text().starts_with("stepback/"))
}
