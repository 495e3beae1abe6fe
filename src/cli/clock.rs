//! What differs every time, for expressions evaluated on the command line: the clock and random numbers.

use crate::query::Sources;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock and the random numbers of this process.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Live;

impl Sources for Live {
    fn now_millis(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn uuid(&self) -> String {
        let (high, low) = (self.random(), self.random());
        let (third, fourth) = (high & 0x0fff | 0x4000, low >> 48 & 0x3fff | 0x8000);
        format!(
            "{:08x}-{:04x}-{third:04x}-{fourth:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            low & 0xffff_ffff_ffff
        )
    }

    /// The standard library seeds each hasher at random, which is all the randomness a test payload needs.
    fn random(&self) -> u64 {
        RandomState::new().hash_one(self.now_millis())
    }
}
