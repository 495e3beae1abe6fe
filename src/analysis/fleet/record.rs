//! An execution as one row among many: what is asked of thousands at once, and nothing of its data.

use super::Item;
use crate::event::EventId;
use crate::history::{AttemptKind, Family, History, MemberId, Outcome};
use crate::recording::Recording;
use indexmap::IndexMap;
use std::sync::Arc;

/// An execution as one row among many.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The execution, and how it failed if it did.
    pub item: Item,
    /// How much of its history is known.
    pub extent: Extent,
    /// What its history says; `None` unless all of it is known.
    pub counted: Option<Counted>,
    /// The bytes of its input.
    pub input_bytes: Option<usize>,
    /// The bytes of its output.
    pub output_bytes: Option<usize>,
}

/// How much of a history is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing: what is known was in a list.
    None,
    /// Its end, or another part.
    Part,
    /// All of it.
    Whole,
}

/// What a whole history adds up to, without the executions that were started by it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counted {
    /// Its events.
    pub events: usize,
    /// Its state transitions. Rule: AWS counts each time a state is entered, and each retry.
    pub transitions: usize,
    /// Its states in the order they were first entered.
    pub states: Vec<StateTotals>,
}

/// All visits of a state in one execution.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateTotals {
    /// The state.
    pub name: Arc<str>,
    /// The state's type, in AWS's word.
    pub kind: Arc<str>,
    /// How often it was entered.
    pub visits: usize,
    /// How many of the visits failed and were not caught.
    pub failed: usize,
    /// How many failed and were caught.
    pub caught: usize,
    /// How many attempts a retrier asked for.
    pub retries: usize,
    /// The microseconds all visits took that have ended.
    pub micros: i64,
}

impl Record {
    /// The row of a recording, which may be as little as a list says of an execution.
    pub fn of(recording: &Recording, label: String) -> Self {
        let item = match (recording.events.is_empty(), &recording.execution) {
            (true, Some(execution)) => Item { label, ..Item::listed(execution) },
            _ => Item::of(recording, label),
        };
        let family = Family::of(recording);
        let history = &family.member(MemberId::ROOT).history;
        let extent = extent(recording, history);
        Self {
            item,
            extent,
            counted: (extent == Extent::Whole).then(|| Counted::of(history)),
            input_bytes: recording.input().map(|input| input.size()),
            output_bytes: recording.output().map(|output| output.size()),
        }
    }
}

impl Extent {
    /// Returns the word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Part => "part",
            Self::Whole => "whole",
        }
    }
}

/// Rule: AWS numbers events from 1 without a gap.
fn extent(recording: &Recording, history: &History) -> Extent {
    let events = history.events();
    let is_gapless = events.first().is_some_and(|first| first.id == EventId::FIRST)
        && events.last().is_some_and(|last| last.id.index() + 1 == events.len());
    match () {
        () if events.is_empty() => Extent::None,
        () if is_gapless && recording.damage.is_empty() && recording.recorded.complete != Some(false) => Extent::Whole,
        () => Extent::Part,
    }
}

impl Counted {
    fn of(history: &History) -> Self {
        let mut states: IndexMap<Arc<str>, StateTotals> = IndexMap::new();
        let mut retries = 0;
        for (id, visit) in history.visits() {
            let new =
                || StateTotals { name: visit.name.clone(), kind: visit.kind.name().into(), ..StateTotals::default() };
            let state = states.entry(visit.name.clone()).or_insert_with(new);
            state.visits += 1;
            match visit.outcome {
                Outcome::Failed { .. } | Outcome::TimedOut { .. } => state.failed += 1,
                Outcome::Caught { .. } => state.caught += 1,
                Outcome::Open | Outcome::Exited | Outcome::Aborted { .. } => {}
            }
            let again = visit.attempts.iter().filter(|it| history.attempt(**it).kind == AttemptKind::Retry).count();
            state.retries += again;
            retries += again;
            let ended = (!visit.outcome.is_open()).then(|| history.duration_micros(id)).flatten();
            state.micros = state.micros.saturating_add(ended.unwrap_or(0));
        }
        let transitions = history.visits().len() + retries;
        Self { events: history.events().len(), transitions, states: states.into_values().collect() }
    }
}
