//! Which retrier or catcher an error is for, and how long a retry waits.

use super::error::{RUNTIME, TIMEOUT};
use crate::asl::{ErrorPattern, Jitter, Retrier};
use crate::event::Failure;

/// Tells whether an error is one of those a retrier or catcher is for.
pub fn matches(patterns: &[ErrorPattern], failure: &Failure) -> bool {
    let error = failure.error.as_deref();
    if error == Some(RUNTIME) {
        return false;
    }
    patterns.iter().any(|pattern| match pattern {
        ErrorPattern::All => true,
        ErrorPattern::TaskFailed => error != Some(TIMEOUT),
        ErrorPattern::Name(name) => error == Some(name),
    })
}

/// Returns the first retrier an error is for, and its place. No later one is asked when its attempts are used up.
pub fn retrier<'a>(retriers: &'a [Retrier], failure: &Failure) -> Option<(usize, &'a Retrier)> {
    retriers.iter().enumerate().find(|(_, retrier)| matches(&retrier.error_equals, failure))
}

/// Returns the seconds before a retry, given how often the retrier was used; full jitter draws below that.
pub fn delay_seconds(retrier: &Retrier, used: u32, chance: impl FnOnce() -> f64) -> f64 {
    let exponent = i32::try_from(used).unwrap_or(i32::MAX);
    let delay = f64::from(retrier.interval_seconds) * retrier.backoff_rate.powi(exponent);
    let delay = delay.min(retrier.max_delay_seconds.map_or(f64::from(u32::MAX), f64::from));
    match retrier.jitter {
        Jitter::None => delay,
        Jitter::Full => delay * chance(),
    }
}
