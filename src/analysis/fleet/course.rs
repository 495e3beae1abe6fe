//! How many ended how over time.

use super::Item;
use crate::event::Timestamp;
use crate::recording::Status;

/// Time in equal parts, and how many ended how in each: or began, of those that have not ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The beginning of the first part; a multiple of a part's length, so that parts begin at full hours and the like.
    pub from: Timestamp,
    /// The length of a part in microseconds.
    pub micros: i64,
    /// The parts, the earliest first.
    pub bins: Vec<Bin>,
}

/// How many ended how in a part of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bin {
    /// With an output.
    pub succeeded: usize,
    /// With an error.
    pub failed: usize,
    /// By running too long.
    pub timed_out: usize,
    /// By being stopped.
    pub aborted: usize,
    /// Not yet: they began in it.
    pub running: usize,
}

/// Parts there are at most.
const MOST: i64 = 24;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// Lengths people count time in.
const LENGTHS: [i64; 16] = [
    SECOND,
    5 * SECOND,
    15 * SECOND,
    60 * SECOND,
    5 * 60 * SECOND,
    15 * 60 * SECOND,
    30 * 60 * SECOND,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
    30 * DAY,
    365 * DAY,
];

impl Bin {
    /// Returns how many there are.
    pub fn total(&self) -> usize {
        self.succeeded + self.failed + self.timed_out + self.aborted + self.running
    }

    /// Returns how many failed or ran too long.
    pub fn bad(&self) -> usize {
        self.failed + self.timed_out
    }

    fn add(&mut self, status: &Status) {
        match status {
            Status::Succeeded => self.succeeded += 1,
            Status::Failed => self.failed += 1,
            Status::TimedOut => self.timed_out += 1,
            Status::Aborted => self.aborted += 1,
            _ => self.running += 1,
        }
    }
}

impl Course {
    /// The course of executions; `None` when no time is known of any.
    pub(super) fn of(items: &[Item]) -> Option<Self> {
        let known = || items.iter().filter_map(|item| Some((item.at?.as_micros(), item.ran.status.as_ref()?)));
        let (first, last) = (known().map(|it| it.0).min()?, known().map(|it| it.0).max()?);
        let parts = |micros: i64| last.div_euclid(micros) - first.div_euclid(micros) + 1;
        let longest = LENGTHS.last().copied().unwrap_or(DAY);
        let fitting = LENGTHS.into_iter().find(|micros| parts(*micros) <= MOST);
        // A time far out, as a damaged file may have, makes parts longer, not more.
        let micros = fitting.unwrap_or_else(|| longest.saturating_mul(parts(longest) / MOST + 1));
        let from = first.div_euclid(micros).saturating_mul(micros);
        let count = usize::try_from(parts(micros)).unwrap_or(1);
        let mut course = Self { from: Timestamp::from_micros(from), micros, bins: vec![Bin::default(); count] };
        for (at, status) in known() {
            let place = course.place(Timestamp::from_micros(at));
            if let Some(bin) = place.and_then(|place| course.bins.get_mut(place)) {
                bin.add(status);
            }
        }
        Some(course)
    }

    /// Returns which part a moment lies in.
    pub fn place(&self, at: Timestamp) -> Option<usize> {
        let since = at.as_micros().saturating_sub(self.from.as_micros());
        usize::try_from(since.div_euclid(self.micros)).ok().filter(|place| *place < self.bins.len())
    }

    /// Returns the end of the last part.
    pub fn until(&self) -> Timestamp {
        let parts = i64::try_from(self.bins.len()).unwrap_or(1);
        Timestamp::from_micros(self.from.as_micros().saturating_add(self.micros.saturating_mul(parts)))
    }

    /// Returns how many of some executions there are in each part.
    pub(super) fn trend<'a>(&self, items: impl Iterator<Item = &'a Item>) -> Vec<usize> {
        let mut trend = vec![0; self.bins.len()];
        for at in items.filter_map(|item| item.at) {
            if let Some(count) = self.place(at).and_then(|place| trend.get_mut(place)) {
                *count += 1;
            }
        }
        trend
    }
}
