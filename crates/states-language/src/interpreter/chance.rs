//! Chance that can be repeated: the same seed gives the same ids, tokens and delays.

use crate::event::Timestamp;
use crate::query::Sources;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many ids are remembered: more than a run that anybody looks at makes up.
const MAX_REMEMBERED: usize = 10_000;

/// Time and chance for the expressions of one execution, which draw from it while nothing may be changed.
#[derive(Debug)]
pub(super) struct Chance {
    state: AtomicU64,
    now_millis: AtomicI64,
    /// The ids that were made up for expressions.
    uuids: Mutex<Vec<String>>,
}

impl Clone for Chance {
    fn clone(&self) -> Self {
        Self {
            state: self.state.load(Relaxed).into(),
            now_millis: self.now_millis.load(Relaxed).into(),
            uuids: self.uuids().into(),
        }
    }
}

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed.into(), now_millis: 0.into(), uuids: Mutex::default() }
    }

    pub(super) fn set_time(&self, time: Timestamp) {
        self.now_millis.store(time.as_millis(), Relaxed);
    }

    /// The next 64 bits, by SplitMix64.
    pub(super) fn bits(&self) -> u64 {
        let state = self.state.load(Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state.store(state, Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns the ids that were made up.
    pub(super) fn uuids(&self) -> Vec<String> {
        self.remembered().clone()
    }

    fn remembered(&self) -> MutexGuard<'_, Vec<String>> {
        self.uuids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number from 0 up to 1.
    pub(super) fn fraction(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exactly what a float holds")]
        let fraction = (self.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        fraction
    }

    /// A task token as opaque and about as long as AWS's.
    pub(super) fn token(&self) -> String {
        use base64::Engine as _;
        let bytes: Vec<u8> = (0..45).flat_map(|_| self.bits().to_be_bytes()).collect();
        base64::engine::general_purpose::STANDARD.encode(bytes)
    }
}

impl Sources for Chance {
    fn now_millis(&self) -> i64 {
        self.now_millis.load(Relaxed)
    }

    fn uuid(&self) -> String {
        let (high, low) = (self.bits(), self.bits());
        let high = high & !0xf000 | 0x4000;
        let low = low & !(0b11 << 62) | 0b10 << 62;
        let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
        let uuid = format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff);
        let mut remembered = self.remembered();
        if remembered.len() < MAX_REMEMBERED {
            remembered.push(uuid.clone());
        }
        uuid
    }

    fn random(&self) -> u64 {
        self.bits()
    }
}
