//! 64 bytes looked at together: which of them are a given byte, as a bit mask.
//!
//! On `x86_64` this is SSE2, which every such processor has. Elsewhere the compiler makes of a loop what it can.

/// How many bytes are looked at together in the middle of something long.
pub(super) const WIDE: usize = 64;

/// How many bytes are looked at together when the end is probably near.
pub(super) const NARROW: usize = 32;

/// As many bytes as `WIDTH` says, at most 64; bit *n* of every mask stands for byte *n*.
#[derive(Clone, Copy)]
pub(super) struct Lanes<const WIDTH: usize>([u8; WIDTH]);

impl<const WIDTH: usize> Lanes<WIDTH> {
    /// Loads the bytes from `at` on; past the end of the text there are zeros.
    #[inline]
    pub(super) fn load(text: &[u8], at: usize) -> Self {
        match text.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
            Some(block) => Self(*block),
            None => Self::load_tail(text.get(at..).unwrap_or_default()),
        }
    }

    #[cold]
    fn load_tail(rest: &[u8]) -> Self {
        let mut block = [0; WIDTH];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        Self(block)
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

/// Which bytes are escaped by a backslash before them, block after block of one string.
///
/// Runs of backslashes are told even from odd by letting a carry run through them, as simdjson does.
#[derive(Default)]
pub(super) struct Escapes {
    /// 1 when the last block ended in a backslash that escapes the first byte of the next.
    carry: u64,
}

impl Escapes {
    /// Returns which bytes of the next block are escaped, given where its backslashes are.
    #[inline]
    pub(super) fn next(&mut self, backslash: u64) -> u64 {
        const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;
        if backslash == 0 {
            return std::mem::take(&mut self.carry);
        }
        let starts = backslash & !self.carry;
        let after = starts << 1 | ODD;
        let codes = after.wrapping_sub(starts) ^ ODD;
        let escaped = codes ^ (backslash | self.carry);
        self.carry = (codes & backslash) >> 63;
        escaped
    }
}

/// Returns for each bit whether an odd number of bits up to and including it is set.
#[inline]
pub(super) fn odd_before(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
