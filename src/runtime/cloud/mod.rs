//! What the screen asks of AWS, done: in builds with the feature `aws`; in others everything is refused calmly.

#[cfg(not(feature = "aws"))]
mod absent;
mod refused;

#[cfg(not(feature = "aws"))]
pub(super) use absent::Cloud;
