//! Repeating: which calls, how often, and telling whoever waits, also for a first answer that is long in coming.

use super::{Effect, ErrorKind, Operation, Patience};
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A call that took longer than the service may take is sent once more, not as often as one that was answered at once.
const AFTER_SILENCE: u32 = 1;

/// News of a call that is waited for longer than usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// It will be sent again after a pause.
    Again(Again),
    /// It has not been answered yet.
    Slow(Slow),
    /// The call of that number has ended, however it did.
    Over(u64),
}

/// A call that will be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// What tells the call from others.
    pub call: u64,
    /// What is called.
    pub operation: Operation,
    /// Which time it will be, from 2.
    pub time: u32,
    /// How many times there are at most.
    pub of: u32,
    /// How it went the last time, in a few words.
    pub last: String,
    /// The pause before.
    pub pause: Duration,
}

/// Says it in a line: `retrying, 2 of 5, last: AWS is asked too often`.
impl fmt::Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "retrying, {} of {}, last: {}", self.time, self.of, self.last)
    }
}

/// A call that is not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slow {
    /// What tells the call from others.
    pub call: u64,
    /// What is called.
    pub operation: Operation,
    /// How long it has been waited for.
    pub waited: Duration,
}

/// Says it in a line: `waiting, 4 s so far`.
impl fmt::Display for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "waiting, {} s so far", self.waited.as_secs())
    }
}

type Hearing = dyn Fn(Repeat) + Send + Sync;

/// Who is told of calls that are repeated.
#[derive(Clone, Default)]
pub struct Listener(Option<Arc<Hearing>>);

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Listener" } else { "Nobody" })
    }
}

impl Listener {
    /// Somebody who is told.
    pub fn new(hears: impl Fn(Repeat) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hears)))
    }

    pub(super) fn tell(&self, repeat: Repeat) {
        if let Some(hears) = &self.0 {
            hears(repeat);
        }
    }
}

/// Returns how often a call may be repeated that went so. One that acts is never sent twice: only whoever asked for it
/// knows whether it is wanted once more.
pub(super) fn repeats(operation: Operation, kind: &ErrorKind, patience: Patience) -> u32 {
    match kind {
        _ if operation.effect() == Effect::Acts => 0,
        ErrorKind::TimedOut => patience.repeats.min(AFTER_SILENCE),
        kind if kind.is_passing() => patience.repeats,
        _ => 0,
    }
}

/// A call under way, which tells that it is over wherever it ends, also when nobody wants it any more.
pub(super) struct Trying<'a> {
    listener: &'a Listener,
    call: Option<u64>,
    tells: Duration,
}

impl<'a> Trying<'a> {
    pub(super) fn new(listener: &'a Listener, tells: Duration) -> Self {
        Self { listener, call: None, tells }
    }

    /// Tells that the call will be sent again.
    pub(super) fn again(&mut self, operation: Operation, time: u32, of: u32, last: String, pause: Duration) {
        let call = self.number();
        self.listener.tell(Repeat::Again(Again { call, operation, time, of, last, pause }));
    }

    /// Waits for something that belongs to the call, and tells when that is long in coming, then every second. One that acts is not told of:
    /// whoever asked for it is told by their dialog, and cannot call it back.
    pub(super) async fn patiently<T>(&mut self, operation: Operation, coming: impl Future<Output = T>) -> T {
        if operation.effect() == Effect::Acts {
            return coming.await;
        }
        let (begun, mut coming, mut pause) = (Instant::now(), pin!(coming), self.tells);
        loop {
            if let Ok(came) = tokio::time::timeout(pause, coming.as_mut()).await {
                return came;
            }
            pause = Duration::from_secs(1);
            let (call, waited) = (self.number(), begun.elapsed());
            self.listener.tell(Repeat::Slow(Slow { call, operation, waited }));
        }
    }

    fn number(&mut self) -> u64 {
        static CALLS: AtomicU64 = AtomicU64::new(1);
        *self.call.get_or_insert_with(|| CALLS.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for Trying<'_> {
    fn drop(&mut self) {
        if let Some(call) = self.call {
            self.listener.tell(Repeat::Over(call));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_never_repeated_and_what_reads_only_while_it_may_help() {
        let patience = Patience::default();
        let lost = ErrorKind::Lost("closed".into());
        let failed = ErrorKind::Failed { status: 500, message: "x".into() };
        for operation in Operation::ALL {
            let reads = operation.effect() == Effect::Reads;
            for kind in [&lost, &failed, &ErrorKind::Throttled] {
                assert_eq!(repeats(operation, kind, patience), if reads { patience.repeats } else { 0 });
            }
            assert_eq!(repeats(operation, &ErrorKind::TimedOut, patience), u32::from(reads));
            for kind in [ErrorKind::NotThere, ErrorKind::NotAws { status: 404 }, ErrorKind::NoCredentials] {
                assert_eq!(repeats(operation, &kind, patience), 0, "{kind:?}");
            }
        }
    }

    #[test]
    fn whoever_waits_hears_of_each_repeat_and_of_the_end() {
        let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
        let told = Arc::clone(&heard);
        let listener = Listener::new(move |repeat| told.lock().unwrap().push(repeat));
        let mut trying = Trying::new(&listener, Duration::ZERO);
        trying.again(Operation::DescribeExecution, 2, 5, "AWS is asked too often".to_owned(), Duration::ZERO);
        drop(trying);
        drop(Trying::new(&listener, Duration::ZERO));
        let heard = heard.lock().unwrap();
        let [Repeat::Again(again), Repeat::Over(over)] = heard.as_slice() else { panic!("{heard:?}") };
        assert_eq!(again.to_string(), "retrying, 2 of 5, last: AWS is asked too often");
        assert_eq!(again.call, *over);
    }
}
