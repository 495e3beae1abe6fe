//! What the screen asks of AWS, done: in builds with the feature `aws`; in others everything is refused calmly.

#[cfg(not(feature = "aws"))]
mod absent;
#[cfg(feature = "aws")]
mod deeds;
#[cfg(feature = "aws")]
mod desk;
#[cfg(feature = "aws")]
mod executions;
#[cfg(feature = "aws")]
mod fleet;
#[cfg(feature = "aws")]
mod good;
#[cfg(feature = "aws")]
mod lists;
#[cfg(feature = "aws")]
mod places;
mod refused;

#[cfg(not(feature = "aws"))]
pub(super) use absent::Cloud;
#[cfg(feature = "aws")]
pub(super) use desk::Cloud;

use crate::event::Timestamp;
use crate::source::aws::{AwsError, Cache, Options};
use crate::tui::Trouble;
use std::time::{SystemTime, UNIX_EPOCH};

/// How the screen reaches AWS.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// What holds for all places.
    pub options: Options,
    /// The profiles that are looked at side by side; the usual one when there are none.
    pub profiles: Vec<String>,
    /// The regions that are looked at side by side; the usual one of each profile when there are none.
    pub regions: Vec<String>,
    /// Where finished executions are kept.
    pub cache: Option<Cache>,
}

/// Returns the present.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

#[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "without AWS nothing is asked that could fail"))]
fn trouble(error: &AwsError) -> Trouble {
    Trouble { message: error.to_string(), hint: error.hint() }
}
