//! What a text holds, piece by piece, told by shape: pages of a history, log lines, answers of the service.

use super::logs::{self, Record};
use crate::event::{Event, EventId};
use crate::json::{Members, Payload, SharedBytes, elements};
use crate::recording::{Content, Damage, DamageReason, Document, Documents, Execution, Recording, StateMachine};

/// How deep histories are looked for inside of other objects and arrays.
const DEPTH: usize = 3;

/// A row has fewer columns than this; a list that has found nothing by then is something else.
const MOST_COLUMNS: usize = 200;

/// A history has at most 25,000 events, so text with more pages than this is not one.
const MOST_PAGES: usize = 30_000;

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
}

/// Everything recognised in a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces {
    pub(super) found: Vec<Piece>,
    /// Damage outside of what was recognised.
    pub(super) damage: Vec<Damage>,
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
                    pieces.add_lines_after(text, start);
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
    fn add_lines_after(&mut self, text: &SharedBytes, broken: usize) {
        let begun =
            broken + text.get(broken..).map_or(0, |rest| rest.iter().take_while(|it| it.is_ascii_whitespace()).count());
        let next = text.get(begun..).and_then(|rest| memchr::memchr(b'\n', rest)).map(|end| begun + end + 1);
        let rest = next.and_then(|next| text.slice(next..text.len()));
        self.found.extend(rest.iter().flat_map(log_lines));
    }

    fn add(&mut self, document: Document, text: &SharedBytes, base: u64, depth: usize) {
        let damage = document.damage.clone();
        let count = self.found.len();
        match document.content {
            Content::Object { ref members, ref events } if events.is_none() && !is_recording(members) => {
                self.add_object(members, text, base, depth);
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

    fn add_object(&mut self, members: &Members, text: &SharedBytes, base: u64, depth: usize) {
        if let Some(record) = Record::of_members(members) {
            self.found.push(Piece::Log(Box::new(record)));
        } else if let Ok(event) = Event::from_members(members.clone()) {
            self.found.push(Piece::Event(Box::new(event)));
        } else if let Some(message) = logs::message(members) {
            self.found.extend(Record::of_message(&message).map(|record| Piece::Log(Box::new(record))));
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

    /// Returns what is in a text that is no JSON: log lines with something before each, as `aws logs tail` prints
    /// them, or a definition in YAML.
    pub(super) fn of_other_text(text: &SharedBytes) -> Vec<Piece> {
        let found: Vec<_> = log_lines(text).collect();
        if found.is_empty() && text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"StartAt:")) {
            return vec![Piece::Definition(text.clone())];
        }
        found
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

/// Returns the records in lines that have one, whatever stands before it.
fn log_lines(text: &SharedBytes) -> impl Iterator<Item = Piece> + '_ {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.filter_map(|line| {
        let line = text.slice(text.range_of(line)?)?;
        let record = Record::of_message(&line.slice(memchr::memchr(b'{', &line)?..line.len())?)?;
        Some(Piece::Log(Box::new(record)))
    })
}

fn has<const N: usize>(members: &Members, names: [&str; N]) -> bool {
    names.iter().all(|name| members.get(name).is_some())
}

fn is_recording(members: &Members) -> bool {
    let format = members.get("format").map(|format| Payload::from_literal(format.clone()));
    format.is_some_and(|format| format.text().starts_with("stepback/"))
}
