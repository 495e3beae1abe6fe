//! Where the events of a history stand in its text, and the little that is worth knowing of each beforehand.
//!
//! Payloads are stepped over, not read. Whatever surprises the scanner is put to the full parser, which has the last
//! word on what is JSON and what is an event.

use super::{Damage, DamageReason, Facts};
use crate::event::{Event, EventId, EventType, Timestamp};
use crate::json::SharedBytes;
use crate::json::scan::{Progress, Scanner, Surprise};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::ops::Range;

/// After so many elements that are no events, an array without events is something else, and of one with events no
/// more damage is reported.
const PATIENCE: usize = 100;

/// The details that name a state.
const NAMING: [&str; 7] = [
    "stateEnteredEventDetails",
    "stateExitedEventDetails",
    "mapIterationStartedEventDetails",
    "mapIterationSucceededEventDetails",
    "mapIterationFailedEventDetails",
    "mapIterationAbortedEventDetails",
    "evaluationFailedEventDetails",
];

/// The events of one history in the order of their ids, in one text or several.
#[derive(Debug, Clone, Default)]
pub struct Index {
    texts: Vec<SharedBytes>,
    entries: Vec<Entry>,
}

/// An event that has not been taken apart. Invariant: [`Event::read`] succeeds on its text.
#[derive(Debug, Clone)]
struct Entry {
    start: usize,
    timestamp: Timestamp,
    kind: EventType,
    len: u32,
    id: EventId,
    parent: Option<EventId>,
    text: u16,
}

/// What indexing an array of events came to.
#[derive(Debug, Clone, Default)]
pub(super) struct Indexed {
    pub(super) damage: Vec<Damage>,
    /// Whether the end of the array was reached.
    pub(super) whole: bool,
    /// Whether it seems to be an array of something else.
    pub(super) foreign: bool,
}

impl Index {
    /// Puts the indexes of several pages together.
    pub(super) fn joined<'a>(pages: impl Iterator<Item = &'a Self>) -> Self {
        let mut joined = Self::default();
        for page in pages {
            let numbers: Vec<_> = page.texts.iter().map(|text| joined.number_of(text)).collect();
            for entry in &page.entries {
                let Some(Some(text)) = numbers.get(usize::from(entry.text)) else { continue };
                joined.entries.push(Entry { text: *text, ..entry.clone() });
            }
        }
        joined
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<Event> {
        Event::read(&self.text_of(self.entries.get(index)?)?).ok()
    }

    pub(super) fn facts(&self, index: usize) -> Option<Facts<'_>> {
        let entry = self.entries.get(index)?;
        Some(Facts {
            id: entry.id,
            parent: entry.parent,
            timestamp: entry.timestamp,
            kind: entry.kind.clone(),
            name: self.name_of(entry),
        })
    }

    pub(super) fn id(&self, index: usize) -> Option<EventId> {
        self.entries.get(index).map(|entry| entry.id)
    }

    pub(super) fn kind(&self, index: usize) -> Option<&EventType> {
        self.entries.get(index).map(|entry| &entry.kind)
    }

    fn text_of(&self, entry: &Entry) -> Option<SharedBytes> {
        self.texts.get(usize::from(entry.text))?.slice(entry.start..entry.start + entry.len as usize)
    }

    fn name_of(&self, entry: &Entry) -> Option<Cow<'_, str>> {
        let member = match entry.kind {
            EventType::EvaluationFailed => "state",
            _ => "name",
        };
        let details = entry.kind.details_member().filter(|details| NAMING.contains(details))?;
        let text = self.texts.get(usize::from(entry.text))?.get(entry.start..entry.start + entry.len as usize)?;
        let mut scanner = Scanner::new(text);
        scanner.enter(details)?;
        scanner.enter(member)?;
        Some(scanner.string().ok()?.decode())
    }

    /// Indexes the array that must come next, of a text that starts at byte `base` of its file. The scanner is left
    /// behind the array or, if that cannot be found, at the damage.
    pub(super) fn append(&mut self, text: &SharedBytes, base: u64, scanner: &mut Scanner<'_>) -> Indexed {
        let mut indexed = Indexed::default();
        let Some(number) = self.number_of(text) else { return indexed };
        match self.append_elements(text, number, base, scanner, &mut indexed) {
            Ok(whole) => indexed.whole = whole,
            Err(surprise) => indexed.damage.push(Damage::structural(text, base, surprise, self.last_id())),
        }
        indexed.foreign = self.entries.is_empty() && indexed.damage.iter().any(Damage::is_no_event);
        indexed
    }

    fn number_of(&mut self, text: &SharedBytes) -> Option<u16> {
        if self.texts.last().is_none_or(|last| last.range_of(text) != Some(0..text.len())) {
            self.texts.push(text.clone());
        }
        u16::try_from(self.texts.len() - 1).ok()
    }

    pub(super) fn last_id(&self) -> Option<EventId> {
        self.entries.last().map(|entry| entry.id)
    }

    fn append_elements(
        &mut self,
        text: &SharedBytes,
        number: u16,
        base: u64,
        scanner: &mut Scanner<'_>,
        indexed: &mut Indexed,
    ) -> Result<bool, Surprise> {
        scanner.expect(b'[')?;
        let mut progress = Progress::Opened;
        while scanner.next_element(&mut progress)? {
            scanner.peek();
            let start = scanner.at();
            let entry = match Found::scan(scanner) {
                Ok(found) => found.and_then(|found| found.entry(start..scanner.at(), number)),
                Err(surprise) => {
                    scanner.move_to(end_by_parser(text, start).ok_or(surprise)?);
                    None
                }
            };
            match entry.map_or_else(|| read_entry(text, start..scanner.at(), number), Ok) {
                Ok(entry) => self.entries.push(entry),
                Err(reason) if indexed.damage.len() < PATIENCE => {
                    indexed.damage.push(Damage { byte: base + start as u64, after: self.last_id(), reason });
                }
                Err(_) if self.entries.is_empty() => return Ok(false),
                Err(_) => {}
            }
        }
        Ok(true)
    }

    /// Puts the events in the order of their ids; of several with the same id the first is kept.
    pub(super) fn sort(&mut self) {
        if !self.entries.is_sorted_by(|earlier, later| earlier.id < later.id) {
            self.entries.sort_by_key(|entry| entry.id);
            self.entries.dedup_by_key(|entry| entry.id);
        }
        self.entries.shrink_to_fit();
    }
}

/// Asks the full parser where the value ends that begins there and in which the scanner was surprised.
pub(super) fn end_by_parser(text: &[u8], start: usize) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_slice(text.get(start..)?).into_iter::<&RawValue>();
    values.next()?.ok()?;
    Some(start + values.byte_offset())
}

/// The slow and thorough way to an entry.
fn read_entry(text: &SharedBytes, range: Range<usize>, number: u16) -> Result<Entry, DamageReason> {
    let start = range.start;
    let len = u32::try_from(range.len()).map_err(|_| DamageReason::Json("larger than 4 GB".to_owned()))?;
    let text = text.slice(range).unwrap_or_else(|| SharedBytes::new([]));
    let event = Event::read(&text).map_err(DamageReason::NoEvent)?;
    let Event { id, parent, timestamp, kind, .. } = event;
    Ok(Entry { start, timestamp, kind, len, id, parent, text: number })
}

/// What an event was seen to have, the quick way.
#[derive(Default)]
struct Found {
    id: Option<EventId>,
    parent: Option<Option<EventId>>,
    timestamp: Option<Timestamp>,
    kind: Option<EventType>,
}

impl Found {
    /// Steps over an event. `None` when it should be read the thorough way.
    fn scan(scanner: &mut Scanner<'_>) -> Result<Option<Self>, Surprise> {
        if scanner.peek() != Some(b'{') {
            scanner.value()?;
            return Ok(None);
        }
        scanner.expect(b'{')?;
        let (mut found, mut progress, mut usual) = (Self::default(), Progress::Opened, true);
        while let Some(name) = scanner.next_member(&mut progress)? {
            let value = scanner.value()?;
            usual &= !name.escaped && found.member(name.inner, value);
        }
        Ok(usual.then_some(found))
    }

    /// Takes note of a member. `false` when there is something unusual about it.
    fn member(&mut self, name: &[u8], value: &[u8]) -> bool {
        match name {
            b"id" => set(&mut self.id, number(value).and_then(EventId::new)),
            b"previousEventId" => set(&mut self.parent, number(value).map(EventId::new)),
            b"timestamp" => set(&mut self.timestamp, timestamp(value)),
            b"type" => set(&mut self.kind, literal(value).map(EventType::from_name)),
            _ => true,
        }
    }

    fn entry(self, range: Range<usize>, text: u16) -> Option<Entry> {
        let len = u32::try_from(range.len()).ok()?;
        let (id, timestamp, kind) = (self.id?, self.timestamp?, self.kind?);
        Some(Entry { start: range.start, timestamp, kind, len, id, parent: self.parent.flatten(), text })
    }
}

/// Sets what was not set before. `false` when it was, or when there is nothing to set.
fn set<T>(to: &mut Option<T>, value: Option<T>) -> bool {
    let usual = to.is_none() && value.is_some();
    *to = value;
    usual
}

fn number(value: &[u8]) -> Option<u32> {
    let digit = |digit: &u8| digit.is_ascii_digit().then(|| u32::from(digit - b'0'));
    value.iter().try_fold(0_u32, |number, it| number.checked_mul(10)?.checked_add(digit(it)?))
}

fn timestamp(value: &[u8]) -> Option<Timestamp> {
    let inner = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    if let Some(timestamp) = inner.and_then(Timestamp::parse_utc) {
        return Some(timestamp);
    }
    Timestamp::read(std::str::from_utf8(value).ok()?).ok()
}

/// Returns what stands between the quotes when it stands for itself.
fn literal(value: &[u8]) -> Option<&str> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inner.contains(&b'\\') {
        return None;
    }
    std::str::from_utf8(inner).ok()
}
