//! Durations, moments, sizes and numbers as a person says them, on the screen and in reports alike.

use crate::event::Timestamp;

/// Returns a duration in the one or two units that matter: `12 ms`, `2.31 s`, `12.3 s`, `4 min 5 s`, `3 h 20 min`,
/// `12 d 4 h`. It is cut, not rounded: nothing lasted longer than is said.
pub fn duration(micros: i64) -> String {
    let (sign, millis) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs() / 1000);
    let (seconds, minutes, hours, days) = (millis / 1000, millis / 60_000, millis / 3_600_000, millis / 86_400_000);
    let said = match millis {
        0..=999 => format!("{millis} ms"),
        1000..=9_999 => format!("{}.{:02} s", seconds, millis % 1000 / 10),
        10_000..=59_999 => format!("{}.{} s", seconds, millis % 1000 / 100),
        60_000..=3_599_999 => two((minutes, "min"), (seconds % 60, "s")),
        3_600_000..=86_399_999 => two((hours, "h"), (minutes % 60, "min")),
        _ => two((days, "d"), (hours % 24, "h")),
    };
    format!("{sign}{said}")
}

fn two(large: (u64, &str), small: (u64, &str)) -> String {
    match small.0 {
        0 => format!("{} {}", large.0, large.1),
        _ => format!("{} {} {} {}", large.0, large.1, small.0, small.1),
    }
}

/// Returns a moment as ISO 8601 in UTC, however it was written.
pub fn moment_iso(at: Timestamp) -> String {
    Timestamp::from_micros(at.as_micros()).to_string()
}

/// Returns a moment to the second, in UTC: `2026-11-20 03:14:07`.
pub fn moment(at: Timestamp) -> String {
    let iso = moment_iso(at);
    iso.get(..19).unwrap_or(&iso).replace('T', " ")
}

/// Returns a moment to the second with its time zone: `2026-11-20 03:14:07 UTC`.
pub fn moment_utc(at: Timestamp) -> String {
    format!("{} UTC", moment(at))
}

/// Returns a size in steps of 1024: `312 B`, `1.2 KiB`, `84 KiB`.
pub fn size(bytes: usize) -> String {
    let said = |unit: usize, name: &str| match bytes.saturating_mul(10) / unit {
        tenths @ 0..=99 => format!("{}.{} {name}", tenths / 10, tenths % 10),
        tenths => format!("{} {name}", tenths / 10),
    };
    match bytes {
        0..=1023 => format!("{bytes} B"),
        1024..=0xf_ffff => said(1024, "KiB"),
        _ => said(1 << 20, "MiB"),
    }
}

/// Returns a number with its thousands apart: `1,204`.
pub fn count(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number with its noun: `1 event`, `1,204 events`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_units_that_matter() {
        for (micros, said) in [
            (0, "0 ms"),
            (31_900, "31 ms"),
            (999_999, "999 ms"),
            (2_316_000, "2.31 s"),
            (12_340_000, "12.3 s"),
            (59_999_999, "59.9 s"),
            (60_000_000, "1 min"),
            (252_000_000, "4 min 12 s"),
            (11_100_000_000, "3 h 5 min"),
            (604_799_000_000, "6 d 23 h"),
            (-1_500_000, "-1.50 s"),
            (i64::MIN, "-106751991 d 4 h"),
        ] {
            assert_eq!(duration(micros), said);
        }
    }

    #[test]
    fn sizes_and_numbers_are_short() {
        let sizes = [0, 312, 1023, 1024, 1229, 86_016, (1 << 20) - 1, 5 << 20];
        let said = ["0 B", "312 B", "1023 B", "1.0 KiB", "1.2 KiB", "84 KiB", "1023 KiB", "5.0 MiB"];
        assert_eq!(sizes.map(size), said);
        assert_eq!([7_u64, 1204, 25_000_000].map(count), ["7", "1,204", "25,000,000"]);
        assert_eq!([0, 1, 1204].map(|it| counted(it, "event", "events")), ["0 events", "1 event", "1,204 events"]);
    }

    #[test]
    fn moments_are_told_in_utc() {
        let at = Timestamp::from_micros(1_763_608_447_123_000);
        assert_eq!(moment_utc(at), "2025-11-20 03:14:07 UTC");
    }
}
