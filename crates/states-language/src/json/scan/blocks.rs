//! Finds the ends of strings and containers 64 bytes a step.
//!
//! The steps are written once and compiled twice: for every processor, and for those that have AVX2.

use super::lanes::{Block, Lanes, WIDE, load};

/// Where a string ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StringEnd {
    /// The place of the closing quote, or the length of the text.
    pub(super) end: usize,
    /// Whether there is a closing quote.
    pub(super) whole: bool,
    /// Whether there is a backslash before.
    pub(super) escaped: bool,
}

/// Returns where the string ends whose inside begins there.
pub(super) fn end_of_string(text: &[u8], at: usize) -> StringEnd {
    #[cfg(target_arch = "x86_64")]
    if let Some(end) = avx2::end_of_string(text, at) {
        return end;
    }
    string_by::<Lanes<WIDE>>(text, at)
}

/// Returns the place behind the object or array that begins there, counting brackets outside of strings.
pub(super) fn end_of_container(text: &[u8], at: usize) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if let Some(end) = avx2::end_of_container(text, at) {
        return end;
    }
    container_by::<Lanes<WIDE>>(text, at)
}

#[inline(always)]
fn string_by<B: Block>(text: &[u8], mut at: usize) -> StringEnd {
    let (mut escapes, mut escaped) = (Escapes::default(), false);
    while at < text.len() {
        let block = B::of(&load(text, at));
        let backslash = block.equal(b'\\');
        let quotes = block.equal(b'"') & !escapes.next(backslash);
        if quotes != 0 {
            let before = quotes.trailing_zeros();
            escaped |= backslash & !(u64::MAX << before) != 0;
            return StringEnd { end: at + before as usize, whole: true, escaped };
        }
        escaped |= backslash != 0;
        at += WIDE;
    }
    StringEnd { end: text.len(), whole: false, escaped }
}

#[inline(always)]
fn container_by<B: Block>(text: &[u8], mut at: usize) -> Option<usize> {
    let (mut escapes, mut in_string, mut depth) = (Escapes::default(), 0_u64, 0_u64);
    while at < text.len() {
        let block = B::of(&load(text, at));
        let quotes = block.equal(b'"') & !escapes.next(block.equal(b'\\'));
        if quotes == 0 && in_string != 0 {
            at += WIDE;
            continue;
        }
        let strings = odd_before(quotes) ^ in_string;
        in_string = 0_u64.wrapping_sub(strings >> 63);
        let opening = (block.equal(b'{') | block.equal(b'[')) & !strings;
        let closing = (block.equal(b'}') | block.equal(b']')) & !strings;
        if u64::from(closing.count_ones()) >= depth
            && let Some(bit) = closing_bit(opening, closing, depth)
        {
            return Some(at + bit + 1);
        }
        depth = depth + u64::from(opening.count_ones()) - u64::from(closing.count_ones());
        at += WIDE;
    }
    None
}

/// Returns the place of the bracket that closes the outermost container, if it is in this block.
#[inline]
fn closing_bit(opening: u64, closing: u64, mut depth: u64) -> Option<usize> {
    let mut brackets = opening | closing;
    while brackets != 0 {
        let bit = brackets.trailing_zeros();
        if opening >> bit & 1 == 1 {
            depth += 1;
        } else {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(bit as usize);
            }
        }
        brackets &= brackets - 1;
    }
    None
}

/// Which bytes are escaped by a backslash before them, block after block of one string.
///
/// Runs of backslashes are told even from odd by letting a carry run through them, as simdjson does.
#[derive(Default)]
struct Escapes {
    /// 1 when the last block ended in a backslash that escapes the first byte of the next.
    carry: u64,
}

impl Escapes {
    /// Returns which bytes of the next block are escaped, given where its backslashes are.
    #[inline(always)]
    fn next(&mut self, backslash: u64) -> u64 {
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
#[inline(always)]
fn odd_before(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "code for AVX2 may only run where there is AVX2, which is found out first")]
mod avx2 {
    use super::{Block, StringEnd, WIDE, container_by, string_by};
    use std::arch::x86_64::{__m256i, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_set_epi64x, _mm256_set1_epi8};

    /// 64 bytes for AVX2. Invariant: made and used only inside of functions that are compiled for AVX2.
    #[derive(Clone, Copy)]
    struct Halves([__m256i; 2]);

    impl Block for Halves {
        #[inline(always)]
        fn of(bytes: &[u8; WIDE]) -> Self {
            let (words, _) = bytes.as_chunks::<8>();
            let word = |n: usize| words.get(n).map_or(0, |word| i64::from_le_bytes(*word));
            // SAFETY: the invariant; the intrinsic works on values, not on memory.
            Self([0, 4].map(|n| unsafe { _mm256_set_epi64x(word(n + 3), word(n + 2), word(n + 1), word(n)) }))
        }

        #[inline(always)]
        fn equal(self, byte: u8) -> u64 {
            // SAFETY: as above.
            let mask = |half| unsafe {
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(half, _mm256_set1_epi8(byte.cast_signed()))).cast_unsigned()
            };
            let [low, high] = self.0;
            u64::from(mask(low)) | u64::from(mask(high)) << 32
        }
    }

    /// Does what its namesake does, on processors that have AVX2.
    pub(super) fn end_of_string(text: &[u8], at: usize) -> Option<StringEnd> {
        #[target_feature(enable = "avx2,bmi1,popcnt")]
        fn compiled(text: &[u8], at: usize) -> StringEnd {
            string_by::<Halves>(text, at)
        }
        // SAFETY: the processor has what the function is compiled for.
        is_there().then(|| unsafe { compiled(text, at) })
    }

    /// Does what its namesake does, on processors that have AVX2.
    pub(super) fn end_of_container(text: &[u8], at: usize) -> Option<Option<usize>> {
        #[target_feature(enable = "avx2,bmi1,popcnt")]
        fn compiled(text: &[u8], at: usize) -> Option<usize> {
            container_by::<Halves>(text, at)
        }
        // SAFETY: the processor has what the function is compiled for.
        is_there().then(|| unsafe { compiled(text, at) })
    }

    #[inline]
    fn is_there() -> bool {
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::scan::tests::any_layout;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_processor_finds_the_same_ends(json in any_layout(), from in any::<prop::sample::Index>()) {
            let text = json.as_bytes();
            let at = from.index(text.len());
            prop_assert_eq!(end_of_string(text, at), string_by::<Lanes<WIDE>>(text, at));
            if matches!(text[at], b'{' | b'[') {
                prop_assert_eq!(end_of_container(text, at), container_by::<Lanes<WIDE>>(text, at));
            }
        }
    }
}
