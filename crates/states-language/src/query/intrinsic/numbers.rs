//! `States.MathAdd` and `States.MathRandom`.

use super::Refusal;
use super::arguments::{Arguments, refuse};
use serde_json::Value;

/// Adds two numbers, each rounded first; the sum must fit 32 bits.
pub(super) fn add(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let sum = arguments.integer(0)?.checked_add(arguments.integer(1)?);
    match sum.map(i32::try_from) {
        Some(Ok(sum)) => Ok(sum.into()),
        _ => refuse("The sum must be between -2147483648 and 2147483647"),
    }
}

/// Draws a number from the start up to, but without, the end. With a seed it is the same number every time.
pub(super) fn random(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let (start, end) = (arguments.integer(0)?, arguments.integer(1)?);
    let span = match end.checked_sub(start).map(u64::try_from) {
        Some(Ok(span)) if span > 0 => span,
        _ => return refuse("The start of the range must be less than its end"),
    };
    let bits = if arguments.count() > 2 { seeded(arguments.integer(2)?) } else { arguments.scope.sources.random() };
    Ok(start.saturating_add_unsigned(bits % span).into())
}

/// Returns the bits that `java.util.Random` gives first for a seed; a power-of-two range takes others in Java.
fn seeded(seed: i64) -> u64 {
    const MULTIPLIER: u64 = 0x5_deec_e66d;
    const MASK: u64 = (1 << 48) - 1;
    let scrambled = (seed.cast_unsigned() ^ MULTIPLIER) & MASK;
    let next = scrambled.wrapping_mul(MULTIPLIER).wrapping_add(0xb) & MASK;
    next >> 17
}
