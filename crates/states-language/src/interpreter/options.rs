//! What may be set about a run.

use super::journal::MAX_EVENTS;

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
    /// How long a round of states takes, in microseconds.
    pub round_micros: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_events: Some(MAX_EVENTS), max_payload: Some(MAX_PAYLOAD), seed: 1, round_micros: 1_000 }
    }
}

impl Options {
    /// Lifts AWS's limits on the size of payloads and histories.
    #[must_use]
    pub fn without_limits(self) -> Self {
        Self { max_events: None, max_payload: None, ..self }
    }
}
