//! Timestamps as Step Functions accepts them: RFC 3339 with a capital `T` and an offset or a capital `Z`.

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// Reads a timestamp; nothing when the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader(text.as_bytes());
        let (year, _, month, _, day) =
            (reader.digits(4)?, reader.take(b'-')?, reader.digits(2)?, reader.take(b'-')?, reader.digits(2)?);
        reader.take(b'T')?;
        let (hour, _, minute) = (reader.digits(2)?, reader.take(b':')?, reader.digits(2)?);
        let second = if reader.take(b':').is_some() { reader.digits(2)? } else { 0 };
        let nanoseconds = if reader.take(b'.').is_some() { reader.fraction()? } else { 0 };
        let offset = reader.offset()?;
        let real = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        if !real || hour > 23 || minute > 59 || second > 59 || !reader.0.is_empty() {
            return None;
        }
        let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
        Some(Self { seconds, nanoseconds })
    }

    /// Returns the whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Returns the nanoseconds since the last whole second.
    pub fn nanoseconds(self) -> u32 {
        self.nanoseconds
    }
}

/// What is left of the text.
struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn take(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        if *first != wanted {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        let digit = char::from(*first).to_digit(10)?;
        self.0 = rest;
        Some(i64::from(digit))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        (0..count).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// Reads one to nine digits as nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let mut nanoseconds = self.digit()?;
        for _ in 1..9 {
            let digit = if self.0.first().is_some_and(u8::is_ascii_digit) { self.digit()? } else { 0 };
            nanoseconds = nanoseconds * 10 + digit;
        }
        u32::try_from(nanoseconds).ok()
    }

    /// Reads `Z` or `+02:00` as seconds.
    fn offset(&mut self) -> Option<i64> {
        if self.take(b'Z').is_some() {
            return Some(0);
        }
        let sign = if self.take(b'-').is_some() { -1 } else { self.take(b'+').map(|()| 1)? };
        let (hours, _, minutes) = (self.digits(2)?, self.take(b':')?, self.digits(2)?);
        (hours <= 18 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counts days in the Gregorian calendar; a year is taken to start in March, so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
