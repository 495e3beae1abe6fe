//! Puts pieces together: pages into a history, a description to its history, log lines into executions.

use super::logs;
use super::pieces::{Piece, Pieces};
use super::{Definition, Opened, SourceError};
use crate::event::{Event, EventId, EventType, Timestamp};
use crate::json::SharedBytes;
use crate::recording::{Damage, DamageReason, DescribedMapRun, Events, Execution, MapRun, Recording, StateMachine};
use std::collections::HashMap;

/// Makes of the pieces of one or more texts what they are together.
pub(super) fn assemble(pieces: Pieces) -> Result<Opened, SourceError> {
    let Pieces { found, damage, foreign, notes, .. } = pieces;
    let mut parts = Parts::default();
    found.into_iter().for_each(|piece| parts.add(piece));
    parts.finish_pages();
    let mut recordings = parts.recordings;
    recordings.extend(logs::recordings(parts.records));
    if !parts.events.is_empty() {
        recordings.push(Recording::from_events(parts.events));
    }
    attach(&mut recordings, parts.executions);
    if recordings.is_empty() && parts.map_runs.is_empty() {
        return without_history(parts.machine, parts.definition, &damage, foreign);
    }
    if recordings.len() <= 1 {
        let mut recording = recordings.pop().unwrap_or_default();
        recording.map_runs.extend(parts.map_runs.into_iter().map(described));
        recordings.push(recording);
    }
    if let [recording] = recordings.as_mut_slice() {
        describe(recording, parts.machine, parts.definition);
    }
    add_damage(&mut recordings, &damage);
    for recording in &mut recordings {
        notes.iter().for_each(|note| recording.recorded.note(note.as_str()));
    }
    Ok(match recordings.pop() {
        Some(recording) if recordings.is_empty() => Opened::One(Box::new(recording)),
        last => {
            recordings.extend(last);
            Opened::Several(recordings)
        }
    })
}

/// Adds to histories what the service says about their executions. Executions without a history are on their own.
fn attach(recordings: &mut Vec<Recording>, executions: Vec<Execution>) {
    for execution in executions {
        let arn = execution.execution_arn.clone();
        let same = recordings.iter().position(|recording| recording.arn().is_some() && recording.arn() == arn.as_ref());
        // A history by itself does not say whose it is.
        let nameless = || recordings.iter().position(|recording| recording.execution.is_none());
        match same.or_else(nameless).and_then(|place| recordings.get_mut(place)) {
            Some(recording) => recording.execution = Some(execution),
            None => recordings.push(Recording { execution: Some(execution), ..Recording::default() }),
        }
    }
}

fn described(map_run: DescribedMapRun) -> MapRun {
    MapRun { map_run: Some(map_run), ..MapRun::default() }
}

/// Adds damage that lies in no recording: to all whose ends are not there, since it may hide them, or else to the last.
fn add_damage(recordings: &mut [Recording], damage: &[Damage]) {
    let last = recordings.len().saturating_sub(1);
    let open = |recording: &Recording| !recording.events.last_facts().is_some_and(|last| last.kind.ends_execution());
    let any_open = recordings.iter().any(open);
    for (place, recording) in recordings.iter_mut().enumerate() {
        if !(open(recording) || !any_open && place == last) {
            continue;
        }
        let after = recording.events.last_facts().map(|last| last.id);
        let own = damage.iter().map(|damage| Damage { after: damage.after.or(after), ..damage.clone() });
        recording.damage.extend(own);
    }
}

#[derive(Default)]
struct Parts {
    recordings: Vec<Recording>,
    records: Vec<logs::Record>,
    events: Vec<Event>,
    executions: Vec<Execution>,
    map_runs: Vec<DescribedMapRun>,
    machine: Option<StateMachine>,
    definition: Option<SharedBytes>,
    pages: Pages,
}

impl Parts {
    fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Recording(recording) => {
                self.finish_pages();
                self.recordings.push(*recording);
            }
            Piece::Page { page, more } => self.add_page(*page, more),
            Piece::Event(event) => self.events.push(*event),
            Piece::Log(record) => self.records.push(*record),
            Piece::Execution(execution) => self.add_execution(*execution),
            Piece::MapRun(map_run) => self.map_runs.push(*map_run),
            Piece::Machine(machine) => self.machine = Some(*machine),
            Piece::Definition(text) => self.definition = Some(text),
        }
    }

    /// Of one execution the latest word counts: a notice of its start may come before one of its end.
    fn add_execution(&mut self, execution: Execution) {
        let arn = &execution.execution_arn;
        let same = self.executions.iter_mut().find(|known| arn.is_some() && known.execution_arn == *arn);
        match same {
            Some(known) if known.stop_date.is_none() || execution.stop_date.is_some() => *known = execution,
            Some(_) => {}
            None => self.executions.push(execution),
        }
    }

    /// A page belongs to those before it unless they disagree about an event.
    fn add_page(&mut self, page: Recording, more: bool) {
        if !self.pages.all.is_empty() && !self.pages.fit(&page) {
            self.finish_pages();
        }
        self.pages.add(page, more);
    }

    fn finish_pages(&mut self) {
        self.recordings.extend(std::mem::take(&mut self.pages).finish());
    }
}

/// The pages of one history, in any order, some of them perhaps twice.
#[derive(Default)]
struct Pages {
    all: Vec<Recording>,
    /// The events of the first `noted` pages.
    seen: HashMap<EventId, Facts>,
    noted: usize,
    /// Whether the service had more after the last page.
    more: bool,
}

type Facts = (Timestamp, Option<EventId>, EventType);

fn facts(page: &Recording) -> impl Iterator<Item = (EventId, Facts)> + '_ {
    let facts = (0..page.events.len()).filter_map(|index| page.events.facts(index));
    facts.map(|facts| (facts.id, (facts.timestamp, facts.parent, facts.kind)))
}

impl Pages {
    /// Tells whether no event is in both, or those in both are the same.
    fn fit(&mut self, page: &Recording) -> bool {
        // One page, however large, is the usual case and needs none of this.
        for before in self.all.get(self.noted..).unwrap_or_default() {
            self.seen.extend(facts(before));
        }
        self.noted = self.all.len();
        facts(page).all(|(id, facts)| self.seen.get(&id).is_none_or(|seen| *seen == facts))
    }

    fn add(&mut self, page: Recording, more: bool) {
        self.more = more;
        self.all.push(page);
    }

    fn finish(self) -> Option<Recording> {
        let joined = (self.all.len() > 1).then(|| Events::joined(self.all.iter().map(|page| &page.events)));
        let mut pages = self.all.into_iter();
        let mut recording = pages.next()?;
        recording.events = joined.unwrap_or(recording.events);
        recording.damage.extend(pages.flat_map(|page| page.damage));
        recording.unknown.retain(|member| &*member.name != "nextToken");
        let ended = recording.events.last_facts().is_some_and(|last| last.kind.ends_execution());
        if self.more && !ended {
            recording.recorded.note("The service had more pages of events than are here.");
            recording.recorded.complete = Some(false);
            recording.recorded.more_pages = Some(true);
        }
        Some(recording)
    }
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
        DamageReason::Stray { text, .. } => format!("unexpected {text:?}"),
    }
}
