//! 64 bytes looked at together: which of them are a given byte, as a bit mask.
//!
//! On `x86_64` this is SSE2, which every such processor has. Elsewhere the compiler makes of a loop what it can.

/// How many bytes are looked at together in the middle of something long.
pub(super) const WIDE: usize = 64;

/// How many bytes are looked at together when the end is probably near.
pub(super) const NARROW: usize = 32;

/// Bytes looked at together; bit *n* of every mask stands for byte *n*.
pub(super) trait Block: Copy {
    /// Takes 64 bytes.
    fn of(bytes: &[u8; WIDE]) -> Self;

    /// Returns where that byte stands.
    fn equal(self, byte: u8) -> u64;
}

impl Block for Lanes<WIDE> {
    #[inline(always)]
    fn of(bytes: &[u8; WIDE]) -> Self {
        Self(*bytes)
    }

    #[inline(always)]
    fn equal(self, byte: u8) -> u64 {
        Lanes::equal(self, byte)
    }
}

/// As many bytes as `WIDTH` says, at most 64; bit *n* of every mask stands for byte *n*.
#[derive(Clone, Copy)]
pub(super) struct Lanes<const WIDTH: usize>([u8; WIDTH]);

impl<const WIDTH: usize> Lanes<WIDTH> {
    /// Loads the bytes from `at` on; past the end of the text there are zeros.
    #[inline]
    pub(super) fn load(text: &[u8], at: usize) -> Self {
        Self(load(text, at))
    }

    /// Returns where that byte stands.
    #[inline]
    pub(super) fn equal(self, byte: u8) -> u64 {
        let (lanes, _) = self.0.as_chunks::<16>();
        lanes.iter().rev().fold(0, |mask, lane| mask << 16 | u64::from(imp::equal(lane, byte)))
    }

    /// Returns where white space of JSON stands.
    #[inline]
    pub(super) fn white(self) -> u64 {
        self.equal(b' ') | self.equal(b'\n') | self.equal(b'\r') | self.equal(b'\t')
    }
}

/// Returns the bytes from `at` on; past the end of the text there are zeros.
#[inline(always)]
pub(super) fn load<const WIDTH: usize>(text: &[u8], at: usize) -> [u8; WIDTH] {
    match text.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
        Some(bytes) => *bytes,
        None => load_tail(text.get(at..).unwrap_or_default()),
    }
}

#[cold]
fn load_tail<const WIDTH: usize>(rest: &[u8]) -> [u8; WIDTH] {
    let mut bytes = [0; WIDTH];
    for (to, from) in bytes.iter_mut().zip(rest) {
        *to = *from;
    }
    bytes
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "the compiler asks for a promise that the processor has SSE2")]
mod imp {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};

    /// Returns where in the lane that byte stands.
    #[inline]
    pub(super) fn equal(lane: &[u8; 16], byte: u8) -> u16 {
        let number = u128::from_le_bytes(*lane);
        #[expect(clippy::cast_possible_truncation, reason = "two halves are taken")]
        let (low, high) = ((number as u64).cast_signed(), ((number >> 64) as u64).cast_signed());
        // SAFETY: SSE2 belongs to the x86_64 architecture, and these intrinsics work on values, not on memory. (The
        // compiler makes one load of the halves.)
        let mask = unsafe {
            let wanted = _mm_set1_epi8(byte.cast_signed());
            _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_set_epi64x(high, low), wanted))
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the mask has 16 bits")]
        let mask = mask as u16;
        mask
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod imp {
    /// Returns where in the lane that byte stands.
    #[inline]
    pub(super) fn equal(lane: &[u8; 16], byte: u8) -> u16 {
        lane.iter().rev().fold(0, |mask, it| mask << 1 | u16::from(*it == byte))
    }
}
