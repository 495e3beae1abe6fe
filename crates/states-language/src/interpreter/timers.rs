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

#[cfg(test)]
mod tests {
    use super::*;
    use Timer::{Execution, Timeout};

    fn due(timers: &mut Timers, now: i64) -> Vec<u64> {
        std::iter::from_fn(|| timers.take_due(Timestamp::from_micros(now)).map(|(number, _)| number)).collect()
    }

    #[test]
    fn timers_run_out_by_time_and_then_by_number() {
        let mut timers = Timers::default();
        for (at, number) in [(30, 1), (10, 4), (10, 2), (20, 3)] {
            timers.set(at, number, Timeout(RequestId(number)));
        }
        assert_eq!(timers.next(), Some(Timestamp::from_micros(10)));
        for (now, expected) in [(9, vec![]), (10, vec![2, 4]), (10, vec![]), (40, vec![3, 1])] {
            assert_eq!(due(&mut timers, now), expected, "{now}");
        }
        assert_eq!(timers.next(), None);
    }

    #[test]
    fn what_is_forgotten_does_not_run_out() {
        let mut timers = Timers::default();
        timers.set(10, 1, Timeout(RequestId(1)));
        timers.set(10, 2, Timeout(RequestId(2)));
        timers.set(5, 3, Execution);
        assert!(
            timers.execution_is_due(Timestamp::from_micros(5)) && !timers.execution_is_due(Timestamp::from_micros(4))
        );
        timers.forget(10, 1);
        timers.forget(11, 2);
        timers.forget_execution();
        assert!(!timers.execution_is_due(Timestamp::from_micros(5)));
        assert_eq!(due(&mut timers, 10), [2]);
    }
}
