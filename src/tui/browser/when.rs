//! Moments as a person types them, and the span of time two of them make.

use crate::event::Timestamp;

/// A moment as a person types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// So many microseconds ago.
    Ago(i64),
    /// The midnight (UTC) so many days before today's.
    Midnight(i64),
    /// Then.
    At(Timestamp),
}

/// A span of time, its beginning included and its end not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Its beginning.
    pub since: Option<When>,
    /// Its end.
    pub until: Option<When>,
}

/// What is said of words that are no moment.
pub(super) const KNOWN: &str = "45m, 2h, 7d, today, yesterday, 2026-11-20 or 2026-11-20T03:14 (UTC)";

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

impl When {
    /// Reads `45m`, `2h`, `7d`, `today`, `2026-11-20`, `2026-11-20T03:14` (UTC).
    pub fn read(typed: &str) -> Option<Self> {
        let ago = |unit: char, seconds: i64| {
            let number: i64 = typed.strip_suffix(unit)?.parse().ok().filter(|number| *number >= 0)?;
            Some(Self::Ago(number.checked_mul(seconds)?.checked_mul(SECOND)?))
        };
        let units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];
        let at = || {
            let rest = "0000-00-00T00:00:00Z".get(typed.len()..)?;
            Timestamp::parse_iso(&format!("{typed}{rest}")).map(Self::At)
        };
        match typed {
            "today" => Some(Self::Midnight(0)),
            "yesterday" => Some(Self::Midnight(1)),
            _ => units.into_iter().find_map(|(unit, seconds)| ago(unit, seconds)).or_else(at),
        }
    }

    /// Returns the moment as seen at another.
    pub fn seen_at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Ago(micros) => Timestamp::from_micros(now.as_micros().saturating_sub(micros)),
            Self::Midnight(days) => {
                let today = now.as_micros().div_euclid(DAY);
                Timestamp::from_micros(today.saturating_sub(days).saturating_mul(DAY))
            }
        }
    }
}

impl Window {
    /// Tells whether it has no ends.
    pub fn is_open(self) -> bool {
        self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_typed() {
        let now = Timestamp::parse_iso("2026-11-20T12:34:56Z").unwrap();
        for (typed, expected) in [
            ("45m", "2026-11-20T11:49:56Z"),
            ("2h", "2026-11-20T10:34:56Z"),
            ("1w", "2026-11-13T12:34:56Z"),
            ("today", "2026-11-20T00:00:00Z"),
            ("yesterday", "2026-11-19T00:00:00Z"),
            ("2026-11-02", "2026-11-02T00:00:00Z"),
            ("2026-11-02T03:14", "2026-11-02T03:14:00Z"),
        ] {
            let when = When::read(typed).unwrap();
            assert_eq!(Some(when.seen_at(now)), Timestamp::parse_iso(expected), "{typed}");
        }
        for typed in ["", "soon", "h", "-2h", "2x", "2026", "99999999999999999d", "2026-11-20T03:14:07+99:99"] {
            assert_eq!(When::read(typed), None, "{typed}");
        }
    }
}
