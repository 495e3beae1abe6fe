//! What was asked of AWS, and how it went: the last calls, for whoever wants to know.

use super::{Effect, Operation};
use crate::event::Timestamp;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many calls are remembered.
const KEPT: usize = 1_000;

/// A call that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its number among all calls, from 1.
    pub number: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Which operation was called.
    pub operation: Operation,
    /// The command line of the AWS CLI that does the same.
    pub command: String,
    /// How long it took.
    pub took: Duration,
    /// Which time it was sent, from 1: more than once when it was throttled or got lost.
    pub attempts: u32,
    /// How it went.
    pub result: CallResult,
    /// The number AWS gave the request, which its support asks for.
    pub request_id: Option<Arc<str>>,
}

/// How a call went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallResult {
    /// It was answered.
    Answered {
        /// With so many bytes.
        bytes: usize,
    },
    /// It was not: why, as a sentence.
    Failed(Arc<str>),
    /// Whether it was done is not known, since its answer did not come: why, as a sentence.
    Lost(Arc<str>),
}

impl Call {
    /// Returns what it did.
    pub fn effect(&self) -> Effect {
        self.operation.effect()
    }
}

/// The last calls. Cheap to clone; all clones are one log.
#[derive(Debug, Clone, Default)]
pub struct CallLog(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    calls: VecDeque<Call>,
    count: u64,
}

impl CallLog {
    /// Returns how many calls were made, also those no longer remembered.
    pub fn count(&self) -> u64 {
        self.locked(|kept| kept.count)
    }

    /// Returns the calls after the one of that number, oldest first; all that are remembered for 0.
    pub fn since(&self, number: u64) -> Vec<Call> {
        self.locked(|kept| kept.calls.iter().filter(|call| call.number > number).cloned().collect())
    }

    /// Adds a call, which gets its number here.
    pub(super) fn add(&self, mut call: Call) {
        self.locked(|kept| {
            kept.count += 1;
            call.number = kept.count;
            if kept.calls.len() == KEPT {
                kept.calls.pop_front();
            }
            kept.calls.push_back(call);
        });
    }

    fn locked<T>(&self, look: impl FnOnce(&mut Kept) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_calls_are_forgotten_and_the_count_is_not() {
        let log = CallLog::default();
        for _ in 0..KEPT + 5 {
            log.add(Call {
                number: 0,
                at: Timestamp::from_millis(0),
                operation: Operation::DescribeExecution,
                command: "aws".to_owned(),
                took: Duration::ZERO,
                attempts: 1,
                result: CallResult::Answered { bytes: 2 },
                request_id: None,
            });
        }
        assert_eq!((log.count(), log.since(0).len()), (1_005, KEPT));
        assert_eq!(log.since(0).first().unwrap().number, 6);
        assert_eq!(log.since(1_003).iter().map(|call| call.number).collect::<Vec<_>>(), [1_004, 1_005]);
    }
}
