//! A point in time as somebody types it: so long ago, or a date.

use crate::event::Timestamp;
use std::str::FromStr;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    /// So many milliseconds ago.
    Ago(i64),
    /// Then.
    At(Timestamp),
}

impl Since {
    /// Returns the point in time, seen from another.
    #[cfg(feature = "aws")]
    pub(super) fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Ago(millis) => Timestamp::from_millis(now.as_millis().saturating_sub(millis).max(0)),
            Self::At(at) => at,
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let units = [('m', 60_000), ('h', 3_600_000), ('d', 86_400_000_i64)];
        let ago = units.into_iter().find_map(|(unit, millis)| {
            let count: i64 = text.strip_suffix(unit)?.parse().ok().filter(|count| *count > 0)?;
            count.checked_mul(millis)
        });
        let at = || Timestamp::parse_iso(text).or_else(|| Timestamp::parse_iso(&format!("{text}T00:00:00Z")));
        ago.map(Self::Ago)
            .or_else(|| at().map(Self::At))
            .ok_or_else(|| "expected a time such as 90m, 2h, 3d, 2026-11-20 or 2026-11-20T03:00:00Z".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_typed_as_an_age_or_as_a_date() {
        assert_eq!("90m".parse(), Ok(Since::Ago(5_400_000)));
        assert_eq!("3d".parse(), Ok(Since::Ago(259_200_000)));
        let date = Timestamp::parse_iso("2026-11-20T00:00:00Z").unwrap();
        assert_eq!("2026-11-20".parse(), Ok(Since::At(date)));
        for wrong in ["", "3", "-3d", "h", "99999999999999999d", "yesterday"] {
            assert!(wrong.parse::<Since>().is_err(), "{wrong}");
        }
    }
}
