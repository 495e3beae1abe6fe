//! Days, months and years of a moment, as JavaScript's `Date` counts them in UTC.

/// A day, in milliseconds.
pub(super) const DAY: f64 = 86_400_000.0;

/// The farthest moment from 1970 that `Date` knows.
const FARTHEST: f64 = 8.64e15;

/// A moment in its parts; all of them are no numbers when there is no such moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) millis: f64,
    pub(super) year: f64,
    /// From 0.
    pub(super) month: f64,
    pub(super) day: f64,
    /// From 0 for Sunday.
    pub(super) weekday: f64,
    pub(super) hour: f64,
    pub(super) minute: f64,
    pub(super) second: f64,
    pub(super) milli: f64,
}

impl Moment {
    /// Returns the moment at so many milliseconds since 1970.
    pub(super) fn of(millis: f64) -> Self {
        let millis = if millis.abs() <= FARTHEST { millis.trunc() } else { f64::NAN };
        let days = (millis / DAY).floor();
        let rest = millis - days * DAY;
        let (year, month, day) = date_of(days);
        Self {
            millis,
            year,
            month,
            day,
            weekday: (days + 4.0).rem_euclid(7.0),
            hour: (rest / 3_600_000.0).floor(),
            minute: (rest / 60_000.0).floor() % 60.0,
            second: (rest / 1000.0).floor() % 60.0,
            milli: rest % 1000.0,
        }
    }
}

/// Year, month from 0 and day of so many days since 1970 (Howard Hinnant's way).
fn date_of(days: f64) -> (f64, f64, f64) {
    if days.is_nan() {
        return (f64::NAN, f64::NAN, f64::NAN);
    }
    let days = days + 719_468.0;
    let era = (days / 146_097.0).floor();
    let day_of_era = days - era * 146_097.0;
    let year_of_era = ((day_of_era - (day_of_era / 1_460.0).floor() + (day_of_era / 36_524.0).floor()
        - (day_of_era / 146_096.0).floor())
        / 365.0)
        .floor();
    let day_of_year = day_of_era - (365.0 * year_of_era + (year_of_era / 4.0).floor() - (year_of_era / 100.0).floor());
    let shifted = ((5.0 * day_of_year + 2.0) / 153.0).floor();
    let day = day_of_year - ((153.0 * shifted + 2.0) / 5.0).floor() + 1.0;
    let month = if shifted < 10.0 { shifted + 2.0 } else { shifted - 10.0 };
    let year = year_of_era + era * 400.0 + if month <= 1.0 { 1.0 } else { 0.0 };
    (year, month, day)
}

/// The days since 1970 of the first of a month.
fn days_of(year: f64, month: f64) -> f64 {
    let year = year + (month / 12.0).floor();
    let month = month.rem_euclid(12.0);
    let year = if month <= 1.0 { year - 1.0 } else { year };
    let era = (year / 400.0).floor();
    let year_of_era = year - era * 400.0;
    let shifted = if month > 1.0 { month - 2.0 } else { month + 10.0 };
    let day_of_year = ((153.0 * shifted + 2.0) / 5.0).floor();
    let day_of_era = year_of_era * 365.0 + (year_of_era / 4.0).floor() - (year_of_era / 100.0).floor() + day_of_year;
    era * 146_097.0 + day_of_era - 719_468.0
}

/// `Date.UTC` of year, month from 0, day, hour, minute, second and millisecond: a year below 100 is one of the last
/// century but one.
pub(super) fn utc([year, month, day, hour, minute, second, milli]: [f64; 7]) -> f64 {
    let year = year.trunc();
    let year = if (0.0..=99.0).contains(&year) { 1900.0 + year } else { year };
    let days = days_of(year, month.trunc()) + day.trunc() - 1.0;
    let time = hour.trunc() * 3_600_000.0 + minute.trunc() * 60_000.0 + second.trunc() * 1000.0 + milli.trunc();
    let millis = days * DAY + time;
    if millis.abs() <= FARTHEST { millis } else { f64::NAN }
}

/// `Date.UTC` of a day.
pub(super) fn utc_day(year: f64, month: f64, day: f64) -> f64 {
    utc([year, month, day, 0.0, 0.0, 0.0, 0.0])
}

/// `Date.parse` of what the reference implementation lets through as ISO 8601.
pub(super) fn parse_iso(text: &str) -> Option<f64> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    let (mut month, mut day) = (1.0, 1.0);
    let mut parts = 0;
    while parts < 2
        && let Some(after) = rest.strip_prefix('-')
        && after.as_bytes().get(2) != Some(&b':')
        && after.len() >= 2
        && !is_zone(rest)
    {
        rest = after;
        let value = digits(&mut rest, 2)?;
        if parts == 0 {
            month = value;
        } else {
            day = value;
        }
        parts += 1;
    }
    let (mut hour, mut minute, mut second, mut milli) = (0.0, 0.0, 0.0, 0.0);
    if let Some(after) = rest.strip_prefix('T') {
        rest = after;
        hour = digits(&mut rest, 2)?;
        rest = rest.strip_prefix(':')?;
        minute = digits(&mut rest, 2)?;
        rest = rest.strip_prefix(':')?;
        second = digits(&mut rest, 2)?;
        if let Some(after) = rest.strip_prefix('.') {
            let count = after.bytes().take_while(u8::is_ascii_digit).count();
            let fraction: String = after.chars().take(count).chain("000".chars()).take(3).collect();
            milli = fraction.parse().ok()?;
            rest = after.get(count..)?;
        }
    }
    let offset = zone(rest)?;
    let midnight = hour == 24.0 && minute == 0.0 && second == 0.0 && milli == 0.0;
    if !(1.0..=12.0).contains(&month) || !(1.0..=31.0).contains(&day) || hour > 23.0 && !midnight {
        return None;
    }
    let first = days_of(year, month - 1.0) * DAY;
    let time = hour * 3_600_000.0 + minute * 60_000.0 + second * 1000.0 + milli;
    Some(first + (day - 1.0) * DAY + time - offset * 60_000.0)
}

fn digits(rest: &mut &str, count: usize) -> Option<f64> {
    let digits = rest.get(..count).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?;
    *rest = rest.get(count..)?;
    digits.parse().ok()
}

fn is_zone(text: &str) -> bool {
    text.len() >= 5 && zone(text).is_some()
}

/// An offset in minutes: none, `Z`, `+01:00` or `+0100`.
fn zone(text: &str) -> Option<f64> {
    if matches!(text, "" | "Z") {
        return Some(0.0);
    }
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+')?),
    };
    let hours = digits(&mut rest, 2)?;
    let mut rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = digits(&mut rest, 2)?;
    if rest.is_empty() { Some(sign * (hours * 60.0 + minutes)) } else { None }
}
