//! Reads the stepback/1 form, and everything that is part of it.

use super::field::take;
use super::{Content, Damage, DamageReason, Document, Documents, MapRun, Recording};
use crate::json::{Members, SharedBytes, elements};

/// How deep executions may be nested; what lies deeper is kept but not looked at.
const DEPTH: usize = 32;

impl Recording {
    /// Reads a recording, or the answer of GetExecutionHistory, from the one JSON document that is the text. `None`
    /// when it is no object.
    pub fn read(text: &SharedBytes) -> Option<Self> {
        Self::from_document(Documents::of(text, 0).next()?, 0)
    }

    /// Makes a recording of a document that is an object or an array of events, from a text that starts at byte `base`
    /// of its file. `None` when it is something else.
    pub fn from_document(document: Document, base: u64) -> Option<Self> {
        Self::nested(document, base, DEPTH)
    }

    fn nested(document: Document, base: u64, depth: usize) -> Option<Self> {
        let damage = document.damage;
        match document.content {
            Content::Object { members, events } => {
                let mut recording = Self { events: events.unwrap_or_default(), damage, ..Self::default() };
                recording.read_members(members, base, depth);
                Some(recording)
            }
            Content::Events(events) => Some(Self { events, damage, ..Self::default() }),
            Content::Array(_) | Content::Other => None,
        }
    }

    fn read_members(&mut self, mut members: Members, base: u64, depth: usize) {
        members.take("format");
        self.recorded = take(&mut members, "recorded").unwrap_or_default();
        self.execution = take(&mut members, "execution");
        self.state_machine = take(&mut members, "stateMachine");
        self.logs = take(&mut members, "logs").unwrap_or_default();
        self.bookmarks = take(&mut members, "bookmarks").unwrap_or_default();
        self.redactions = take(&mut members, "redactions").unwrap_or_default();
        if depth > 0 {
            let map_run = |text: &SharedBytes| MapRun::read(text, depth - 1);
            self.map_runs = take_all(&mut members, "mapRuns", map_run);
            let child = |text: &SharedBytes| Self::read_nested(text, depth - 1);
            self.children = take_all(&mut members, "children", child);
        }
        self.note_misfits(&members, base);
        self.unknown = members.into_vec();
    }

    /// A known member that does not read as what it should be is kept, but somebody should know.
    fn note_misfits(&mut self, members: &Members, base: u64) {
        const KNOWN: [&str; 9] = [
            "events",
            "recorded",
            "execution",
            "stateMachine",
            "mapRuns",
            "children",
            "logs",
            "bookmarks",
            "redactions",
        ];
        let after = self.events.last_facts().map(|facts| facts.id);
        for name in KNOWN {
            if members.get(name).is_some_and(|value| **value != *b"null") {
                self.damage.push(Damage { byte: base, after, reason: DamageReason::Member(name) });
            }
        }
    }

    fn read_nested(text: &SharedBytes, depth: usize) -> Option<Self> {
        Self::nested(Documents::of(text, 0).next()?, 0, depth)
    }
}

impl MapRun {
    fn read(text: &SharedBytes, depth: usize) -> Option<Self> {
        let mut members = Members::of(text).ok()?;
        let map_run = take(&mut members, "mapRun");
        let executions = take_all(&mut members, "executions", |text| Recording::read_nested(text, depth));
        Some(Self { map_run, executions, unknown: members.into_vec() })
    }
}

/// Takes out a member that is an array of which every element can be read.
fn take_all<T>(members: &mut Members, name: &str, mut read: impl FnMut(&SharedBytes) -> Option<T>) -> Vec<T> {
    let Some(array) = members.get(name).filter(|value| value.first() == Some(&b'[')) else { return Vec::new() };
    let Some(all) = elements(array).map(|element| read(&element)).collect() else { return Vec::new() };
    members.take(name);
    all
}
