//! Moments an execution waits for.

use super::flow::FlowId;
use super::need::RequestId;
use crate::event::Timestamp;
use std::collections::BTreeMap;

/// What happens when a moment comes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Timer {
    /// A Wait state ends.
    Wait(FlowId),
    /// A state is tried again.
    Backoff(FlowId),
    /// A task has taken too long.
    Timeout(RequestId),
    /// A task has been silent for too long.
    Heartbeat(FlowId, RequestId),
    /// A child execution goes on.
    Child(FlowId, u32),
    /// The execution has taken too long.
    Execution,
}

/// The timers of an execution, by time and then by number. One that is no longer wanted is left to run out.
#[derive(Debug, Clone, Default)]
pub(super) struct Timers {
    pending: BTreeMap<(i64, u64), Timer>,
    execution: Option<i64>,
}

impl Timers {
    pub(super) fn set(&mut self, at: i64, number: u64, timer: Timer) {
        if matches!(timer, Timer::Execution) {
            self.execution = Some(at);
        }
        self.pending.insert((at, number), timer);
    }

    /// Drops a timer.
    pub(super) fn forget(&mut self, at: i64, number: u64) {
        self.pending.remove(&(at, number));
    }

    /// Drops the timer of the whole execution.
    pub(super) fn forget_execution(&mut self) {
        self.execution = None;
        self.pending.retain(|_, timer| !matches!(timer, Timer::Execution));
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        self.pending.keys().next().map(|&(at, _)| Timestamp::from_micros(at))
    }

    /// Takes the next timer that is due.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<(u64, Timer)> {
        let entry = self.pending.first_entry().filter(|entry| entry.key().0 <= now.as_micros())?;
        let ((_, number), timer) = entry.remove_entry();
        Some((number, timer))
    }

    pub(super) fn execution_is_due(&self, now: Timestamp) -> bool {
        self.execution.is_some_and(|at| at <= now.as_micros())
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
