//! The time zone of whoever runs the program: what `TZ` says, else what the system is set to.

use crate::report::Zone;
use tz::TimeZone;

/// Returns the zone; UTC where none can be found out.
pub(super) fn zone() -> Zone {
    let named = std::env::var("TZ").ok().filter(|name| !name.is_empty());
    let zone = match named {
        Some(name) => TimeZone::from_posix_tz(&name),
        None => TimeZone::local(),
    };
    zone.map(Zone::new).unwrap_or_default()
}
