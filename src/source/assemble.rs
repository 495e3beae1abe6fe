//! Puts pieces together: pages into a history, a description to its history, log lines into executions.

use super::logs;
use super::pieces::{Piece, Pieces};
use super::{Definition, Opened, SourceError};
use crate::event::Event;
use crate::json::SharedBytes;
use crate::recording::{Damage, DamageReason, Events, Execution, Recording, StateMachine};

/// Makes of the pieces of one or more texts what they are together.
pub(super) fn assemble(pieces: Pieces) -> Result<Opened, SourceError> {
    let Pieces { found, damage, foreign } = pieces;
    let mut parts = Parts::default();
    found.into_iter().for_each(|piece| parts.add(piece));
    let mut recordings = parts.recordings;
    recordings.extend(logs::recordings(parts.records));
    if !parts.events.is_empty() {
        recordings.push(Recording::from_events(parts.events));
    }
    match (recordings.len(), parts.execution) {
        (0, None) => return without_history(parts.machine, parts.definition, &damage, foreign),
        (0, Some(execution)) => recordings.push(Recording { execution: Some(execution), ..Recording::default() }),
        (1, Some(execution)) => {
            if let Some(recording) = recordings.first_mut() {
                recording.execution = Some(execution);
            }
        }
        _ => {}
    }
    if let [recording] = recordings.as_mut_slice() {
        describe(recording, parts.machine, parts.definition);
        recording.damage.extend(damage);
    }
    Ok(match recordings.pop() {
        Some(recording) if recordings.is_empty() => Opened::One(Box::new(recording)),
        last => {
            recordings.extend(last);
            Opened::Several(recordings)
        }
    })
}

#[derive(Default)]
struct Parts {
    recordings: Vec<Recording>,
    records: Vec<logs::Record>,
    events: Vec<Event>,
    execution: Option<Execution>,
    machine: Option<StateMachine>,
    definition: Option<SharedBytes>,
    /// Whether the last recording is made of pages, so that another page may belong to it.
    paged: bool,
}

impl Parts {
    fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Recording(recording) => {
                self.recordings.push(*recording);
                self.paged = false;
            }
            Piece::Page { page, more } => self.add_page(*page, more),
            Piece::Event(event) => self.events.push(*event),
            Piece::Log(record) => self.records.push(*record),
            Piece::Execution(execution) => self.execution = Some(*execution),
            Piece::Machine(machine) => self.machine = Some(*machine),
            Piece::Definition(text) => self.definition = Some(text),
        }
    }

    /// A page belongs to the recording before it unless they disagree about an event.
    fn add_page(&mut self, mut page: Recording, more: bool) {
        page.unknown.retain(|member| &*member.name != "nextToken");
        let before = self.recordings.last_mut().filter(|before| self.paged && fits(&before.events, &page.events));
        let recording = match before {
            Some(before) => {
                before.events = Events::joined([&before.events, &page.events]);
                before.damage.append(&mut page.damage);
                before
            }
            None => {
                self.recordings.push(page);
                let Some(last) = self.recordings.last_mut() else { return };
                last
            }
        };
        self.paged = true;
        recording.recorded.notes = None;
        let ended = recording.events.last_facts().is_some_and(|last| last.kind.ends_execution());
        if more && !ended {
            recording.recorded.note("The service had more pages of events than are here.");
            recording.recorded.complete = Some(false);
        }
    }
}

/// Two pages fit when no event is in both, or when those in both are the same.
fn fits(before: &Events, page: &Events) -> bool {
    let same = |index: usize| {
        let facts = page.facts(index)?;
        let there = before.facts(before.position(facts.id)?)?;
        Some(there.kind == facts.kind && there.timestamp == facts.timestamp && there.parent == facts.parent)
    };
    (0..page.len()).all(|index| same(index).unwrap_or(true))
}

fn describe(recording: &mut Recording, machine: Option<StateMachine>, definition: Option<SharedBytes>) {
    if let Some(machine) = machine {
        recording.state_machine = Some(machine);
    }
    if let Some(text) = definition {
        let text = String::from_utf8_lossy(&text).into_owned();
        recording.state_machine.get_or_insert_default().definition = Some(crate::json::Payload::from_text(text));
    }
}

fn without_history(
    machine: Option<StateMachine>,
    definition: Option<SharedBytes>,
    damage: &[Damage],
    foreign: Option<String>,
) -> Result<Opened, SourceError> {
    if let Some(text) = definition {
        return Ok(Opened::Definition(Definition { text, machine: machine.map(Box::new) }));
    }
    if let Some(machine) = machine
        && let Some(definition) = &machine.definition
    {
        let text = SharedBytes::from(definition.text().to_owned());
        return Ok(Opened::Definition(Definition { text, machine: Some(Box::new(machine)) }));
    }
    match damage.first() {
        Some(damage) => Err(SourceError::NotJson { byte: damage.byte, reason: reason(&damage.reason) }),
        None => Err(SourceError::NoHistory { found: foreign.unwrap_or_else(|| "a single value".to_owned()) }),
    }
}

fn reason(reason: &DamageReason) -> String {
    match reason {
        DamageReason::Truncated => "it ends there".to_owned(),
        DamageReason::Json(reason) | DamageReason::Compression(reason) => reason.clone(),
        DamageReason::NoEvent(error) => error.to_string(),
        DamageReason::Member(name) => format!("\"{name}\" has a value that cannot be"),
    }
}
