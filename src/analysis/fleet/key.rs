//! What names a cluster, the same in every survey and in every file that is exported.

use std::fmt;

/// A name for failures that are alike: 16 hexadecimal digits that follow from machine, state, error and normalised cause.
///
/// Rule: FNV-1a, 64 bits, over the four with a byte 0x1f behind each and a byte 0x00 for what is not known. It is written
/// down because exported records carry it: another day's must join those of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClusterKey(u64);

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

impl ClusterKey {
    pub(super) fn of([machine, state, error]: [Option<&str>; 3], cause: Option<&str>) -> Self {
        let add = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
        let parts = [machine, state, error, cause];
        Self(parts.iter().fold(OFFSET, |hash, part| {
            let hash = part.map_or(&[0][..], str::as_bytes).iter().fold(hash, add);
            add(hash, &0x1f)
        }))
    }
}

impl fmt::Display for ClusterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_what_it_is_and_tells_apart_what_is_missing_and_what_is_empty() {
        let of = |state, error| ClusterKey::of([Some("Orders"), state, error], Some("c")).to_string();
        assert_eq!(of(Some("Pay"), Some("Declined")), "0d8ea91ba31cdf67", "exported files carry it");
        let keys = [of(Some("ab"), Some("c")), of(Some("a"), Some("bc")), of(None, Some("c")), of(Some(""), Some("c"))];
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }
}
