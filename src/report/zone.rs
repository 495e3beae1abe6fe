//! What the clocks show where somebody reads a report.

use super::quantity::moment;
use crate::event::Timestamp;
use std::sync::Arc;
use tz::TimeZone;

/// What the clocks show where somebody reads a report. By default they show UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zone(Option<Arc<TimeZone>>);

impl Zone {
    /// The clocks of a time zone.
    pub fn new(zone: TimeZone) -> Self {
        Self(Some(Arc::new(zone)))
    }

    /// Returns a moment to the second as the clocks show it: `2026-11-20 04:14:07 CET`. `None` where they show UTC.
    pub fn local(&self, at: Timestamp) -> Option<String> {
        let seconds = at.as_micros().div_euclid(1_000_000);
        let kind = self.0.as_ref()?.find_local_time_type(seconds).ok()?;
        let offset = i64::from(kind.ut_offset()).checked_mul(1_000_000).filter(|offset| *offset != 0)?;
        let shown = moment(Timestamp::from_micros(at.as_micros().checked_add(offset)?));
        // Zones without a name of their own are called by what they are ahead.
        let name = kind.time_zone_designation();
        let name = if name.starts_with(['+', '-']) { format!("UTC{name}") } else { name.to_owned() };
        Some(format!("{shown} {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_show_what_their_zone_says_for_that_moment() {
        let at = |text: &str| Timestamp::parse_iso(text).unwrap();
        let zone = |rule: &str| Zone::new(TimeZone::from_posix_tz(rule).unwrap());
        let berlin = zone("CET-1CEST,M3.5.0,M10.5.0/3");
        for (zone, moment, shown) in [
            (&berlin, "2026-11-20T03:14:07.999Z", Some("2026-11-20 04:14:07 CET")),
            (&berlin, "2026-07-01T23:30:00Z", Some("2026-07-02 01:30:00 CEST")),
            (&zone("<-03>3"), "2026-01-01T01:00:00Z", Some("2025-12-31 22:00:00 UTC-03")),
            (&zone("UTC0"), "2026-01-01T01:00:00Z", None),
            (&Zone::default(), "2026-01-01T01:00:00Z", None),
        ] {
            assert_eq!(zone.local(at(moment)).as_deref(), shown);
        }
    }
}
