//! A recorded run and its replay beside each other: which visit of one is which of the other, and which event.
//!
//! Within a flow visits are recognised by their state, in a visit events by their type and attempt, flows by their
//! branch or item. What is on one side only does not shift the rest.

use super::diff::Mask;
use crate::event::{Event, EventId};
use crate::history::{History, Outcome, Place, ScopeId, VisitId};
use crate::json::diff::{Sign, align, diff_with};
use crate::replay;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};

/// Flows inside flows are followed this deep.
const DEPTH: u16 = 64;

/// Something on either side, and what it is on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// How deep it lies.
    pub depth: u16,
    /// What it is in the recording.
    pub recorded: Option<Spot>,
    /// What it is in the replay.
    pub replayed: Option<Spot>,
    /// [`Sign::Removed`] what only the recording has, [`Sign::Added`] what only the replay has, [`Sign::Changed`] what
    /// went another way, [`Sign::Inside`] what holds something that differs.
    pub sign: Sign,
}

/// A part of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// A stay in a state.
    Visit(VisitId),
    /// A branch or an iteration.
    Flow(ScopeId),
    /// An event.
    Event(EventId),
}

/// Puts a recorded run and its replay beside each other, containers before what lies in them.
pub fn beside(recorded: &History, replayed: &History, outcome: &replay::Outcome) -> Vec<Line> {
    let began = outcome.covered.began;
    let scope = began.and_then(|event| recorded.lineage(event)).map_or(ScopeId::ROOT, |lineage| lineage.scope);
    let last = outcome.covered.last;
    let within = move |event: &Event| {
        let bounds = began.is_some() && scope != ScopeId::ROOT && is_bare(recorded, event.id, scope);
        began.is_none_or(|began| event.id >= began) && last.is_none_or(|last| event.id <= last) && !bounds
    };
    // A replay of a part is an execution of its own: its beginning, and the end if the part has none, are not recorded.
    let made_up = move |event: &Event| {
        let begins = began.is_some() && event.id == EventId::FIRST;
        let ends = began.is_some() && scope != ScopeId::ROOT && event.kind.ends_execution();
        begins || ends
    };
    let sides = [Side::of(recorded, &within), Side::of(replayed, &|event| !made_up(event))];
    let same = &outcome.same;
    let known = [same.iter().map(|(event, _)| *event).collect(), same.iter().map(|(_, event)| *event).collect()];
    let mut beside = Beside { sides, known, mask: Mask::shapes(), lines: Vec::new() };
    let lists = [beside.sides[0].flow(scope), beside.sides[1].flow(ScopeId::ROOT)];
    beside.lists(lists, 0);
    beside.lines
}

fn is_bare(history: &History, event: EventId, scope: ScopeId) -> bool {
    history.lineage(event).is_some_and(|lineage| lineage.visit.is_none() && lineage.scope == scope)
}

/// A history in parts.
struct Side<'a> {
    history: &'a History,
    /// The events that are looked at.
    kept: HashSet<EventId>,
    /// Those that belong to no visit, by flow.
    bare: HashMap<ScopeId, Vec<EventId>>,
}

/// What recognises a part among its siblings.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Key<'a> {
    Visit(&'a str),
    Event(&'a str, u32),
    /// Attempt and number.
    Flow(u32, u64),
}

type Part<'a> = (Key<'a>, Spot);

impl<'a> Side<'a> {
    fn of(history: &'a History, keep: &dyn Fn(&Event) -> bool) -> Self {
        let kept: HashSet<EventId> =
            history.events().iter().filter(|event| keep(event)).map(|event| event.id).collect();
        let mut bare: HashMap<ScopeId, Vec<EventId>> = HashMap::new();
        for event in history.events().iter().filter(|event| kept.contains(&event.id)) {
            if let Some(lineage) = history.lineage(event.id).filter(|lineage| lineage.visit.is_none()) {
                bare.entry(lineage.scope).or_default().push(event.id);
            }
        }
        Self { history, kept, bare }
    }

    /// The visits of a flow and its own events, in order.
    fn flow(&self, scope: ScopeId) -> Vec<Part<'a>> {
        let visits = self.history.scope(scope).visits.iter().filter_map(|id| {
            let visit = self.history.visit(*id);
            let entered = visit.entered.filter(|entered| self.kept.contains(entered))?;
            Some((entered, (Key::Visit(&visit.name), Spot::Visit(*id))))
        });
        let bare = self.bare.get(&scope).into_iter().flatten().filter_map(|id| Some((*id, self.event(*id)?)));
        let mut parts: Vec<_> = visits.chain(bare).collect();
        parts.sort_by_key(|(first, _)| *first);
        parts.into_iter().map(|(_, part)| part).collect()
    }

    /// The events of a visit and the flows inside it. Flows that run side by side begin in any order.
    fn visit(&self, id: VisitId) -> Vec<Part<'a>> {
        let events = self.history.events_of(id).filter(|event| self.kept.contains(&event.id));
        let events = events.filter_map(|event| Some((event.id, self.event(event.id)?)));
        let flows = self.history.visit(id).children.iter().filter_map(|scope| {
            let started = self.history.scope(*scope).started.filter(|started| self.kept.contains(started))?;
            Some((started, (self.flow_key(*scope), Spot::Flow(*scope))))
        });
        let mut parts: Vec<_> = events.chain(flows).collect();
        parts.sort_by_key(|(first, _)| *first);
        let mut parts: Vec<Part<'a>> = parts.into_iter().map(|(_, part)| part).collect();
        for flows in parts.chunk_by_mut(|(_, one), (_, other)| is_flow(*one) && is_flow(*other)) {
            flows.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        parts
    }

    fn event(&self, id: EventId) -> Option<Part<'a>> {
        let event = self.history.event(id)?;
        let attempt = self.history.attempt_of(id).map_or(0, |attempt| self.history.attempt(attempt).number);
        // However it ended: that of one side stands beside that of the other.
        let ends = event.kind.completes_task() || event.kind.fails_task();
        let kind = if ends { "the end of a task" } else { event.kind.name() };
        Some((Key::Event(kind, attempt), Spot::Event(id)))
    }

    fn flow_key(&self, scope: ScopeId) -> Key<'a> {
        let number = |attempt| self.history.attempt(attempt).number;
        match self.history.scope(scope).place {
            Place::Root => Key::Flow(0, 0),
            Place::Branch { attempt, index, .. } => Key::Flow(attempt.map_or(0, number), index.into()),
            Place::Iteration { attempt, index, .. } => Key::Flow(attempt.map_or(0, number), index),
        }
    }

    fn inside(&self, spot: Option<Spot>) -> Vec<Part<'a>> {
        match spot {
            Some(Spot::Visit(visit)) => self.visit(visit),
            Some(Spot::Flow(scope)) => self.flow(scope),
            Some(Spot::Event(_)) | None => Vec::new(),
        }
    }

    /// How a visit went: its outcome with the error, and how often it tried.
    fn went(&self, id: VisitId) -> (Discriminant<Outcome>, Option<&'a str>, usize) {
        let visit = self.history.visit(id);
        let failure = visit.outcome.failure().and_then(|by| self.history.failure_at(by));
        let error = failure.and_then(|failure| failure.error.as_deref());
        (discriminant(&visit.outcome), error, visit.attempts.len())
    }

    fn next(&self, id: VisitId) -> Option<&'a str> {
        self.history.visit(id).next.map(|next| &*self.history.visit(next).name)
    }
}

fn is_flow(spot: Spot) -> bool {
    matches!(spot, Spot::Flow(_))
}

struct Beside<'a> {
    sides: [Side<'a>; 2],
    /// The events that are known to be the same as one of the other side.
    known: [HashSet<EventId>; 2],
    mask: Mask,
    lines: Vec<Line>,
}

impl<'a> Beside<'a> {
    /// Pairs the parts of two lists; tells whether anything differs.
    fn lists(&mut self, [old, new]: [Vec<Part<'a>>; 2], depth: u16) -> bool {
        let keys = |parts: &[Part<'a>]| parts.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let pairs = align(&keys(&old), &keys(&new));
        let (mut at, mut beside) = (0, 0);
        let mut differs = false;
        for (old_place, new_place) in pairs.into_iter().chain([(old.len(), new.len())]) {
            let gone = old.get(at..old_place).unwrap_or_default();
            let fresh = new.get(beside..new_place).unwrap_or_default();
            for (_, spot) in gone {
                differs |= self.pair([Some(*spot), None], depth);
            }
            for (_, spot) in fresh {
                differs |= self.pair([None, Some(*spot)], depth);
            }
            if let (Some((_, was)), Some((_, is))) = (old.get(old_place), new.get(new_place)) {
                differs |= self.pair([Some(*was), Some(*is)], depth);
            }
            (at, beside) = (old_place + 1, new_place + 1);
        }
        differs
    }

    /// Adds a pair with everything inside it; tells whether it differs.
    fn pair(&mut self, spots: [Option<Spot>; 2], depth: u16) -> bool {
        let own = match spots {
            [Some(_), None] => Sign::Removed,
            [None, Some(_)] => Sign::Added,
            [Some(Spot::Visit(was)), Some(Spot::Visit(is))] if self.went_elsewhere(was, is) => Sign::Changed,
            [Some(Spot::Event(was)), Some(Spot::Event(is))] if !self.is_same(was, is) => Sign::Changed,
            _ => Sign::Same,
        };
        let at = self.lines.len();
        let [recorded, replayed] = spots;
        self.lines.push(Line { depth, recorded, replayed, sign: own });
        let inside = depth < DEPTH && {
            let lists = [self.sides[0].inside(recorded), self.sides[1].inside(replayed)];
            self.lists(lists, depth.saturating_add(1))
        };
        if let Some(line) = self.lines.get_mut(at).filter(|line| inside && line.sign == Sign::Same) {
            line.sign = Sign::Inside;
        }
        inside || own != Sign::Same
    }

    /// Where one side ends, as a replay of a part does, the other does not lead elsewhere.
    fn went_elsewhere(&self, was: VisitId, is: VisitId) -> bool {
        let next = self.sides[0].next(was).zip(self.sides[1].next(is));
        self.sides[0].went(was) != self.sides[1].went(is) || next.is_some_and(|(was, is)| was != is)
    }

    /// Events that the replay could not be held against, because something before them differs, are the same when they
    /// say the same but for what every run draws anew.
    fn is_same(&self, was: EventId, is: EventId) -> bool {
        if self.known[0].contains(&was) && self.known[1].contains(&is) {
            return true;
        }
        let event = |side: usize, id| self.sides[side].history.event(id);
        let (Some(was), Some(is)) = (event(0, was), event(1, is)) else { return false };
        !diff_with(&told(was), &told(is), &self.mask).differs()
    }
}

/// Returns what an event says, without when and after what it happened.
pub fn told(event: &Event) -> Value {
    let mut value = serde_json::to_value(event).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        for name in ["id", "previousEventId", "timestamp"] {
            members.shift_remove(name);
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Recording;
    use crate::replay::{Amended, Edits, Replay, Try};
    use crate::source;

    fn shipped(name: &str) -> Recording {
        source::open_recording(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name)).unwrap()
    }

    /// The lines down to a depth: `=ReserveStock` when both have it, `~`, `-` and `+` when something differs.
    fn lines(recording: &Recording, edits: Edits, deepest: u16) -> String {
        let history: History = recording.events.iter().collect();
        let mut replay = Replay::of(recording, edits).unwrap();
        while replay.advance(1_000) {}
        let outcome = replay.finish();
        let replayed: History = outcome.events.iter().cloned().collect();
        let told = |line: &Line| {
            let (history, spot) = match (line.recorded, line.replayed) {
                (Some(spot), _) => (&history, spot),
                (None, spot) => (&replayed, spot?),
            };
            let name = match spot {
                Spot::Visit(visit) => history.visit(visit).name.to_string(),
                Spot::Flow(scope) => format!("[{}]", history.scope(scope).index().unwrap_or_default()),
                Spot::Event(event) => history.event(event)?.kind.name().to_owned(),
            };
            let sign = match line.sign {
                Sign::Same => '=',
                Sign::Inside => '/',
                Sign::Added => '+',
                Sign::Removed => '-',
                _ => '~',
            };
            Some(format!("{sign}{name}"))
        };
        let lines = beside(&history, &replayed, &outcome);
        let shown: Vec<String> = lines.iter().filter(|line| line.depth <= deepest).filter_map(told).collect();
        shown.join(" ")
    }

    fn answered(scheduled: u32, entry: &str) -> Edits {
        let mut amended = Amended::default();
        amended.give(Try::Recorded(EventId::new(scheduled).unwrap()), "State", entry).unwrap();
        Edits { amended, ..Edits::default() }
    }

    #[test]
    fn a_replay_as_it_was_is_the_same_all_over() {
        let lines = lines(&shipped("bad-files-in-nightly-import.sfn.json.gz"), Edits::default(), u16::MAX);
        assert!(lines.split(' ').all(|line| line.starts_with('=')), "{lines}");
    }

    #[test]
    fn the_end_of_a_task_stands_beside_another_end() {
        let recording = shipped("order-payment-declined.sfn.json");
        let told = lines(&recording, answered(44, r#"{"error": "Other"}"#), 1);
        assert!(told.contains("~ChargeCard "), "it failed with another error: {told}");
        assert!(told.contains("=TaskStarted ~TaskFailed ~TaskStateExited /ReleaseStock "), "{told}");
        let told = lines(&recording, answered(44, r#"{"result": {"Payload": 1}}"#), 1);
        assert!(told.contains("=TaskStarted ~TaskFailed"), "{told}");
        assert!(told.contains("-ReleaseStock "), "what was not reached is on one side only: {told}");
    }

    #[test]
    fn iterations_stand_beside_those_of_the_same_item() {
        let recording = shipped("order-payment-declined.sfn.json");
        let history: History = recording.events.iter().collect();
        let release = |number: u64| {
            let inside = |(_, visit): &(VisitId, &crate::history::Visit)| {
                &*visit.name == "ReleaseLine" && history.scope(visit.scope).index() == Some(number)
            };
            history.attempt(history.visits().find(inside).unwrap().1.attempts[0]).scheduled.get()
        };
        let told = lines(&recording, answered(release(1), r#"{"result": {"Attributes": 1}}"#), 2);
        assert!(told.contains("/ReleaseStock =MapStateEntered =MapStateStarted =[0]"), "{told}");
        assert!(told.contains("/[1]"), "{told}");
        assert!(told.contains("=[2]"), "{told}");
    }

    #[test]
    fn a_part_is_compared_with_what_was_recorded_of_it() {
        let recording = shipped("order-payment-declined.sfn.json");
        let from = Some(replay::From::State("ChargeCard".into()));
        let told = lines(&recording, Edits { from, until: Some("ChargeCard".into()), ..Edits::default() }, 0);
        assert_eq!(told, "=ChargeCard");
    }
}
