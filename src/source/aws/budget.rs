//! How often AWS may be asked: a token bucket for each operation in each region of each account.
//!
//! The service counts all callers of an account together, so the buckets follow its figures from below: what it
//! throttles makes them slower for a while, what it answers faster again.

use super::Operation;
use super::operation::Rate;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A bucket is never slower than this share of its rate.
const SLOWEST: f64 = 1.0 / 16.0;

/// The token buckets. Cheap to clone; all clones share them.
#[derive(Debug, Clone)]
pub struct Budget(Option<Arc<Mutex<Buckets>>>);

type Buckets = HashMap<Key, Bucket>;

/// Whose bucket: an account's, in a region, for an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) account: Arc<str>,
    pub(super) region: Arc<str>,
    pub(super) operation: Operation,
}

/// Tokens that come back over time. May be overdrawn: those who come next wait their turn.
#[derive(Debug, Clone)]
struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Instant,
    /// The share of its rate it is filled at: 1 until the service throttles.
    share: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self(Some(Arc::default()))
    }
}

impl Budget {
    /// No buckets at all, for services that count nobody's calls.
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// Takes a token and returns how long to wait before using it.
    pub(super) fn take(&self, key: &Key, now: Instant) -> Duration {
        self.with(key, now, |bucket| bucket.take(now)).unwrap_or_default()
    }

    /// Notes that the service throttled a call.
    pub(super) fn throttled(&self, key: &Key, now: Instant) {
        self.with(key, now, |bucket| bucket.throttled(now));
    }

    /// Notes that the service answered a call.
    pub(super) fn answered(&self, key: &Key, now: Instant) {
        self.with(key, now, Bucket::answered);
    }

    fn with<T>(&self, key: &Key, now: Instant, act: impl FnOnce(&mut Bucket) -> T) -> Option<T> {
        let mut buckets = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Bucket::full(key.operation.rate(&key.region), now);
        Some(act(buckets.entry(key.clone()).or_insert_with(new)))
    }
}

impl Bucket {
    fn full(rate: Rate, now: Instant) -> Self {
        Self { rate, tokens: rate.burst, at: now, share: 1.0 }
    }

    fn refill(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + since * self.rate.per_second * self.share).min(self.rate.burst);
        self.at = now;
    }

    fn take(&mut self, now: Instant) -> Duration {
        self.refill(now);
        self.tokens -= 1.0;
        Duration::from_secs_f64((-self.tokens / (self.rate.per_second * self.share)).max(0.0))
    }

    /// Somebody else has used up the account's tokens: ours are worth nothing.
    fn throttled(&mut self, now: Instant) {
        self.refill(now);
        self.tokens = self.tokens.min(0.0);
        self.share = (self.share / 2.0).max(SLOWEST);
    }

    fn answered(&mut self) {
        self.share = (self.share + 0.05).min(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(operation: Operation, account: &str) -> Key {
        Key { account: account.into(), region: "eu-west-1".into(), operation }
    }

    #[test]
    fn a_burst_is_free_and_what_follows_waits_its_turn() {
        let (budget, now) = (Budget::default(), Instant::now());
        let history = key(Operation::GetExecutionHistory, "1");
        let waits: Vec<Duration> = (0..403).map(|_| budget.take(&history, now)).collect();
        assert!(waits[..400].iter().all(Duration::is_zero));
        assert_eq!(waits[400..].iter().map(Duration::as_millis).collect::<Vec<_>>(), [50, 100, 150]);
        assert!(budget.take(&key(Operation::GetExecutionHistory, "2"), now).is_zero());
        assert!(budget.take(&key(Operation::ListMapRuns, "1"), now).is_zero());
        let later = now + Duration::from_secs(1);
        assert!(budget.take(&history, later).is_zero());
    }

    #[test]
    fn throttling_slows_down_and_answers_speed_up_again() {
        let (budget, now) = (Budget::default(), Instant::now());
        let history = key(Operation::GetExecutionHistory, "1");
        budget.throttled(&history, now);
        assert_eq!(budget.take(&history, now).as_millis(), 100);
        for _ in 0..10 {
            budget.throttled(&history, now);
        }
        assert_eq!(budget.take(&history, now).as_millis(), 1_600);
        for _ in 0..20 {
            budget.answered(&history, now);
        }
        let rested = now + Duration::from_secs(60);
        assert!(budget.take(&history, rested).is_zero());
    }
}
