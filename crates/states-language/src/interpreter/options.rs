//! What may be set about a run.

use super::journal::MAX_EVENTS;
use crate::asl::state::{ChoiceData, MapData, ParallelData, PassData, TaskData, WaitData};
use crate::asl::{Machine, QueryLanguage, State, StateKind};
use crate::event::Timestamp;

/// AWS's limit on inputs, outputs and results, in bytes.
pub const MAX_PAYLOAD: usize = 262_144;

/// What may be set about a run without changing what the definition means.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many events the history may have; Express executions have no such limit.
    pub max_events: Option<u32>,
    /// How large a payload may be.
    pub max_payload: Option<usize>,
    /// Where chance starts: the same seed gives the same ids, tokens and delays.
    pub seed: u64,
    /// What the exit of a distributed Map follows from.
    pub map_exit: MapExit,
    /// How long a round of states takes, in microseconds.
    pub round_micros: i64,
}

/// What the exit of a distributed Map follows from. AWS changed it between July and November 2024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapExit {
    /// `MapRunStarted`.
    #[default]
    FromStart,
    /// `MapRunSucceeded`, as it was.
    FromEnd,
}

impl MapExit {
    /// 2024-11-01 in milliseconds.
    const CHANGED: i64 = 1_730_419_200_000;

    /// Returns how an execution of that time told it. What uses variables or JSONata, which came at about the same
    /// time, is as new whatever its date.
    pub fn at(started: Timestamp, machine: &Machine) -> Self {
        let modern = machine.states().any(|state| {
            state.language == QueryLanguage::Jsonata || !state.variable_references.is_empty() || assigns(state)
        });
        if modern || started.as_millis() >= Self::CHANGED { Self::FromStart } else { Self::FromEnd }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_events: Some(MAX_EVENTS),
            max_payload: Some(MAX_PAYLOAD),
            seed: 1,
            map_exit: MapExit::default(),
            round_micros: 1_000,
        }
    }
}

impl Options {
    /// Lifts AWS's limits on the size of payloads and histories.
    #[must_use]
    pub fn without_limits(self) -> Self {
        Self { max_events: None, max_payload: None, ..self }
    }
}

/// Tells whether a JSONPath state sets variables when it succeeds.
fn assigns(state: &State) -> bool {
    match &state.kind {
        StateKind::Pass(pass) => matches!(&pass.data, PassData::JsonPath { assign: Some(_), .. }),
        StateKind::Task(task) => matches!(&task.data, TaskData::JsonPath { assign: Some(_), .. }),
        StateKind::Wait(wait) => matches!(&wait.data, WaitData::JsonPath { assign: Some(_), .. }),
        StateKind::Choice(choice) => matches!(&choice.data, ChoiceData::JsonPath { assign: Some(_), .. }),
        StateKind::Parallel(parallel) => matches!(&parallel.data, ParallelData::JsonPath { assign: Some(_), .. }),
        StateKind::Map(map) => matches!(&map.data, MapData::JsonPath { assign: Some(_), .. }),
        StateKind::Succeed(_) | StateKind::Fail(_) => false,
    }
}
