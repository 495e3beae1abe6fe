//! When an event happened, in the form it was written.

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use serde::{Serialize, Serializer};
use std::fmt;

/// A moment, to the microsecond, that remembers how it was written: the API's epoch seconds, the CLI's ISO 8601.
#[derive(Debug, Clone, Copy)]
pub struct Timestamp {
    micros: i64,
    form: Form,
}

/// Whole numbers from here on are milliseconds: as seconds they would be thousands of years ahead.
const FIRST_MILLIS: i64 = 100_000_000_000;

/// How a moment was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Seconds since 1970 as a number with so many decimals.
    Epoch { decimals: u8 },
    /// Milliseconds since 1970 as a number.
    Millis,
    /// `2026-11-20T03:14:07.412+00:00`, with so many decimals; `Z` when there are no offset minutes.
    Iso { decimals: u8, offset: Option<i16> },
}

/// Something that is no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampError(pub String);

impl Timestamp {
    /// The moment that many microseconds after 1970, written as the AWS CLI prints it, with milliseconds.
    pub fn from_micros(micros: i64) -> Self {
        Self { micros, form: Form::Iso { decimals: 3, offset: Some(0) } }
    }

    /// The moment that many milliseconds after 1970, written as the AWS CLI prints it.
    pub fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1000))
    }

    /// Reads the JSON text of a time: a number of seconds, or a string, in one of the spellings in which programs print
    /// AWS's answers.
    pub fn read(json: &str) -> Result<Self, TimestampError> {
        let bad = || TimestampError(json.chars().take(60).collect());
        let read = match json.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(text) => Self::parse_iso(text).or_else(|| Self::parse_local(text)).or_else(|| spelled(text)),
            None if json.starts_with('{') => of_parts(json),
            None => Self::parse_epoch(json),
        };
        read.ok_or_else(bad)
    }

    /// The moment a number of microseconds after 1970, written with as many decimals as it needs.
    fn of_datetime(time: DateTime<FixedOffset>) -> Self {
        let micros = time.timestamp_micros();
        let decimals = if micros.rem_euclid(1_000_000) == 0 { 0 } else { 3 };
        let offset = i16::try_from(time.offset().local_minus_utc() / 60).unwrap_or(0);
        Self { micros, form: Form::Iso { decimals, offset: Some(offset) } }
    }

    /// Reads a time in ISO 8601 with an offset, as definitions, context objects and recordings hold it.
    pub fn parse_iso(text: &str) -> Option<Self> {
        Self::parse_utc(text.as_bytes()).or_else(|| Self::parse_any_iso(text))
    }

    /// Reads the form AWS writes, quickly: `2026-11-20T03:14:07.412000+00:00` or with `Z`. `None` for any other form.
    pub fn parse_utc(text: &[u8]) -> Option<Self> {
        let (head, rest) = text.split_first_chunk::<19>()?;
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', i0, i1, b':', s0, s1] = head else {
            return None;
        };
        let [year, month, day] = [number(&[*y0, *y1, *y2, *y3])?, number(&[*m0, *m1])?, number(&[*d0, *d1])?];
        let [hour, minute, second] = [number(&[*h0, *h1])?, number(&[*i0, *i1])?, number(&[*s0, *s1])?];
        let inside = (1..=12).contains(&month) && (1..=28).contains(&day) && hour < 24 && minute < 60 && second < 60;
        let decimals = rest.len().checked_sub(if rest.ends_with(b"Z") { 1 } else { 6 })?;
        let (fraction, zone) = rest.split_at_checked(decimals)?;
        let offset = match zone {
            b"Z" => None,
            b"+00:00" => Some(0),
            _ => return None,
        };
        let (decimals, micros) = match fraction {
            [] => (0, 0),
            [b'.', digits @ ..] if (1..=6).contains(&digits.len()) => {
                (u8::try_from(digits.len()).ok()?, number(digits)? * 10_i64.pow(6 - u32::try_from(digits.len()).ok()?))
            }
            _ => return None,
        };
        let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        inside.then_some(Self { micros: seconds * 1_000_000 + micros, form: Form::Iso { decimals, offset } })
    }

    /// Some programs print times of UTC without an offset.
    fn parse_local(text: &str) -> Option<Self> {
        Self::parse_iso(&format!("{text}Z"))
    }

    fn parse_any_iso(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        let rest = text.get(19..)?;
        let decimals = rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        let zone = rest.get(if decimals > 0 { decimals + 1 } else { 0 }..)?;
        let offset = match zone {
            "Z" | "z" => None,
            zone => Some(offset_minutes(zone)?),
        };
        let decimals = u8::try_from(decimals).ok()?;
        Some(Self { micros: time.timestamp_micros(), form: Form::Iso { decimals, offset } })
    }

    fn parse_epoch(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.bytes().any(|byte| !byte.is_ascii_digit()) {
            return Self::parse_scientific(text);
        }
        let seconds: i64 = whole.parse().ok()?;
        if fraction.is_empty() && seconds >= FIRST_MILLIS {
            return Some(Self { micros: seconds.checked_mul(1000)?, form: Form::Millis });
        }
        let digits: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
        let fraction_micros = if whole.starts_with('-') { -digits } else { digits };
        let micros = seconds.checked_mul(1_000_000)?.checked_add(fraction_micros)?;
        Some(Self { micros, form: Form::Epoch { decimals: u8::try_from(fraction.len()).ok()? } })
    }

    /// Some programs write large numbers as `1.7902002E9`.
    fn parse_scientific(text: &str) -> Option<Self> {
        let seconds: f64 = text.parse().ok()?;
        let micros = (seconds * 1e6).round();
        let inside = micros.abs() < 9e18;
        #[expect(clippy::cast_possible_truncation, reason = "the value was just checked to fit")]
        inside.then_some(Self { micros: micros as i64, form: Form::Epoch { decimals: 3 } })
    }

    /// The same moment in ISO 8601, for people: what is written as a number is written anew, all else stays.
    #[must_use]
    pub fn in_iso(self) -> Self {
        match self.form {
            Form::Iso { .. } => self,
            Form::Millis | Form::Epoch { .. } => Self::from_micros(self.micros),
        }
    }

    /// Returns the microseconds since 1970.
    pub fn as_micros(self) -> i64 {
        self.micros
    }

    /// Returns the milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.micros.div_euclid(1000)
    }

    /// Returns the microseconds from an earlier moment to this one; negative when that one is later.
    pub fn micros_since(self, earlier: Self) -> i64 {
        self.micros.saturating_sub(earlier.micros)
    }
}

/// Spellings of a time beside ISO 8601. Those without a zone are read as UTC, which servers have.
const SPELLINGS: [&str; 5] = [
    // Gson, and Java's DateFormat before and after version 9.
    "%b %d, %Y, %I:%M:%S %p",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y, %H:%M:%S",
    // Python's str of a time without zone, with a comma as loggers have it.
    "%Y-%m-%d %H:%M:%S,%f",
    "%Y/%m/%d %H:%M:%S",
];

/// Reads what Java, Python and .NET make of a time.
fn spelled(text: &str) -> Option<Timestamp> {
    if let Some(inner) = text.trim_matches('\\').strip_prefix("/Date(") {
        // .NET: milliseconds, perhaps with an offset that does not change the moment.
        let millis = inner.split(['+', ')']).next()?;
        return Some(Timestamp::from_millis(millis.trim_end_matches('\\').parse().ok()?));
    }
    // Java puts a narrow space before AM and PM since version 20, which some programs escape.
    let text = text.replace("\\u202f", " ").replace(['\u{202f}', '\u{a0}'], " ");
    if let Some(rest) = text.get(10..).and_then(|rest| rest.strip_prefix(' ')) {
        let iso = format!("{}T{}", text.get(..10)?, rest.trim_end_matches(" UTC").replace(' ', ""));
        let found = Timestamp::parse_iso(&iso).or_else(|| Timestamp::parse_local(&iso));
        if found.is_some() {
            return found;
        }
        if let Ok(time) = DateTime::parse_from_str(&iso, "%Y-%m-%dT%H:%M:%S%.f%z") {
            return Some(Timestamp::of_datetime(time));
        }
    }
    if let Ok(time) = DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(Timestamp::of_datetime(time));
    }
    if let Ok(time) = DateTime::parse_from_rfc2822(&text) {
        return Some(Timestamp::of_datetime(time));
    }
    let naive = |spelling: &&str| NaiveDateTime::parse_from_str(&text, spelling).ok();
    let java = || {
        // Java's Date.toString: Tue Jun 23 18:11:37 UTC 2020. Other zones have names that stand for several.
        let words: Vec<&str> = text.split_whitespace().collect();
        let [_, month, day, time, "UTC" | "GMT", year] = words.as_slice() else { return None };
        NaiveDateTime::parse_from_str(&format!("{month} {day} {year} {time}"), "%b %d %Y %H:%M:%S").ok()
    };
    let time = SPELLINGS.iter().find_map(naive).or_else(java)?;
    Some(Timestamp::of_datetime(time.and_utc().fixed_offset()))
}

/// Reads the parts of Java's `Instant`, as programs print it that know nothing of times.
fn of_parts(json: &str) -> Option<Timestamp> {
    let parts: serde_json::Value = serde_json::from_str(json).ok()?;
    let part = |names: [&str; 2]| names.iter().find_map(|name| parts.get(name)?.as_i64());
    let seconds = part(["seconds", "epochSecond"])?;
    let micros = seconds.checked_mul(1_000_000)?.checked_add(part(["nanos", "nano"]).unwrap_or(0) / 1000)?;
    Some(Timestamp::from_micros(micros))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

/// Counts days in the proleptic Gregorian calendar, in years that begin in March so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

fn offset_minutes(zone: &str) -> Option<i16> {
    let (sign, rest) = (zone.chars().next()?, zone.get(1..)?);
    let sign = match sign {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let minutes = hours.parse::<i16>().ok()? * 60 + minutes.parse::<i16>().ok()?;
    Some(sign * minutes)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Millis => write!(f, "{}", self.micros / 1000),
            Form::Epoch { decimals } => {
                let (sign, micros) = (if self.micros < 0 { "-" } else { "" }, self.micros.unsigned_abs());
                write!(f, "{sign}{}", micros / 1_000_000)?;
                fraction(f, micros % 1_000_000, decimals)
            }
            Form::Iso { decimals, offset } => {
                let minutes = offset.unwrap_or(0);
                let seconds = self.micros.div_euclid(1_000_000) + i64::from(minutes) * 60;
                let (year, month, day) = civil(seconds.div_euclid(86_400));
                let of_day = seconds.rem_euclid(86_400);
                let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
                write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
                fraction(f, self.micros.rem_euclid(1_000_000).unsigned_abs(), decimals)?;
                match offset {
                    None => f.write_str("Z"),
                    Some(minutes) => {
                        let sign = if minutes < 0 { '-' } else { '+' };
                        write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
                    }
                }
            }
        }
    }
}

impl Timestamp {
    /// Writes the form that runs here have, `2026-11-20T03:14:07.412+00:00`, without a formatter: histories are made of
    /// them. `None` for any other form.
    fn usual(self) -> Option<[u8; 29]> {
        if self.form != (Form::Iso { decimals: 3, offset: Some(0) }) {
            return None;
        }
        let millis = self.micros.div_euclid(1_000);
        let (year, month, day) = civil(millis.div_euclid(86_400_000));
        let of_day = millis.rem_euclid(86_400_000);
        let fields = [year, month, day, of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1_000 % 60, of_day % 1_000];
        let mut text = *b"0000-00-00T00:00:00.000+00:00";
        for (mut field, (end, width)) in fields.into_iter().zip(FIELDS) {
            for digit in text.get_mut(end - width..end)?.iter_mut().rev() {
                *digit = b'0' + u8::try_from(field % 10).ok()?;
                field /= 10;
            }
            if field != 0 {
                return None;
            }
        }
        Some(text)
    }
}

/// Where year, month, day, hour, minute, second and milliseconds end in a time, and how many digits each has.
const FIELDS: [(usize, usize); 7] = [(4, 4), (7, 2), (10, 2), (13, 2), (16, 2), (19, 2), (23, 3)];

/// Returns year, month and day of a day counted from 1970-01-01. The year begins in March here, so that the day that
/// leap years have more is its last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn fraction(f: &mut fmt::Formatter<'_>, micros: u64, decimals: u8) -> fmt::Result {
    match decimals {
        0 => Ok(()),
        3 => write!(f, ".{:03}", micros / 1_000),
        _ => {
            let digits = format!("{micros:06}");
            let shown = digits.get(..usize::from(decimals).min(6)).unwrap_or(&digits);
            write!(f, ".{shown:0<width$}", width = usize::from(decimals))
        }
    }
}

/// Moments are equal and ordered whatever their form.
impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.micros == other.micros
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.micros.cmp(&other.micros)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            Form::Millis => serializer.serialize_i64(self.micros / 1000),
            Form::Epoch { decimals: 0 } => serializer.serialize_i64(self.micros / 1_000_000),
            Form::Epoch { .. } =>
            {
                #[expect(clippy::cast_precision_loss, reason = "microseconds of this millennium fit 53 bits")]
                serializer.serialize_f64(self.micros as f64 / 1e6)
            }
            Form::Iso { .. } => match self.usual() {
                Some(text) => serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default()),
                None => serializer.collect_str(self),
            },
        }
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a time", self.0)
    }
}

impl std::error::Error for TimestampError {}
