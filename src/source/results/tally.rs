//! Records counted as they pass, and those that are kept.

use super::record::{earlier, later, recording, weight};
use crate::event::Timestamp;
use crate::recording::{Counts, DescribedMapRun, Execution, MapRun, Recording, Status};
use std::collections::HashMap;
use std::sync::Arc;

/// The most failures that are kept.
const FAILED: usize = 5_000;
/// The most records of each other status that are kept: enough to compare failures with.
const OTHERS: usize = 2_000;
/// The most bytes that are kept of failures, and again of the others.
const BYTES: usize = 48 << 20;
/// Errors of which at least one failure is kept, however many failures there are.
const ERRORS: usize = 500;

/// How many records there are of each status, and a choice of them.
#[derive(Default)]
pub(super) struct Tally {
    counts: Counts,
    failed: Vec<Execution>,
    errors: HashMap<Option<Arc<str>>, usize>,
    others: HashMap<Status, Sample>,
    /// The bytes of what is kept of failures and of the others.
    bytes: [usize; 2],
    began: Option<Timestamp>,
    ended: Option<Timestamp>,
}

/// Records at equal distances: when there are too many, every second is let go and the distance doubled.
struct Sample {
    kept: Vec<Execution>,
    every: u64,
    seen: u64,
}

impl Sample {
    fn new() -> Self {
        Self { kept: Vec::new(), every: 1, seen: 0 }
    }

    /// Keeps a record if it is its turn, and returns how many bytes more are held.
    fn add(&mut self, execution: Execution) -> usize {
        let turn = self.seen.is_multiple_of(self.every);
        self.seen += 1;
        if !turn {
            return 0;
        }
        let bytes = weight(&execution);
        self.kept.push(execution);
        bytes
    }

    /// Lets every second record go, and returns how many bytes fewer are held.
    fn thin(&mut self) -> usize {
        self.every = self.every.saturating_mul(2);
        let (mut place, mut bytes) = (0, 0);
        self.kept.retain(|execution| {
            place += 1;
            let stays = place % 2 == 1;
            bytes += if stays { 0 } else { weight(execution) };
            stays
        });
        bytes
    }
}

impl Tally {
    pub(super) fn add(&mut self, execution: Execution) {
        let status = execution.status.clone().unwrap_or(Status::NotKnown);
        let count = match &status {
            Status::Succeeded => &mut self.counts.succeeded,
            Status::Failed => &mut self.counts.failed,
            Status::TimedOut => &mut self.counts.timed_out,
            Status::Aborted => &mut self.counts.aborted,
            Status::Running => &mut self.counts.running,
            // AWS writes those that never began without one, or as PENDING.
            _ => &mut self.counts.pending,
        };
        *count.get_or_insert(0) += 1;
        *self.counts.total.get_or_insert(0) += 1;
        self.began = earlier(self.began, execution.start_date);
        self.ended = later(self.ended, execution.stop_date);
        match status {
            Status::Failed | Status::TimedOut => self.add_failure(execution),
            status => self.add_other(status, execution),
        }
    }

    fn add_failure(&mut self, execution: Execution) {
        let first = self.errors.len() < ERRORS && !self.errors.contains_key(&execution.error);
        if self.errors.len() < ERRORS || self.errors.contains_key(&execution.error) {
            *self.errors.entry(execution.error.clone()).or_insert(0) += 1;
        }
        let [bytes, _] = &mut self.bytes;
        if first || self.failed.len() < FAILED && *bytes < BYTES {
            *bytes += weight(&execution);
            self.failed.push(execution);
        }
    }

    fn add_other(&mut self, status: Status, execution: Execution) {
        let [_, bytes] = &mut self.bytes;
        let sample = self.others.entry(status).or_insert_with(Sample::new);
        *bytes += sample.add(execution);
        if sample.kept.len() > OTHERS || *bytes > BYTES {
            *bytes = bytes.saturating_sub(sample.thin());
        }
    }

    /// Returns how many records there are.
    pub(super) fn total(&self) -> u64 {
        self.counts.total.unwrap_or(0)
    }

    /// Makes a Map Run of it, as far as its results tell.
    pub(super) fn finish(self, map_run_arn: Option<Arc<str>>) -> (MapRun, Option<Arc<str>>) {
        let mut others: Vec<(Status, Sample)> = self.others.into_iter().collect();
        others.sort_by(|(a, _), (b, _)| a.name().cmp(b.name()));
        let others = others.into_iter().flat_map(|(_, sample)| sample.kept);
        let kept: Vec<Execution> = self.failed.into_iter().chain(others).collect();
        let machine = kept.iter().find_map(|execution| execution.state_machine_arn.clone());
        let map_run = DescribedMapRun {
            map_run_arn,
            item_counts: Some(self.counts.clone()),
            execution_counts: Some(self.counts),
            start_date: self.began,
            stop_date: self.ended,
            ..DescribedMapRun::default()
        };
        let executions: Vec<Recording> = kept.into_iter().map(recording).collect();
        (MapRun { map_run: Some(map_run), executions, ..MapRun::default() }, machine)
    }
}
