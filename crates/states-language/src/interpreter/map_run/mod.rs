//! Map Runs: the child executions of a distributed Map, and what becomes of them.

mod reader;
mod record;
mod writer;

pub(super) use reader::{Reading, Step as ReadingStep};
pub(super) use writer::{files, formatted};

use super::data::DistributedConfig;
use super::execution::{End, Execution};
use crate::event::{EventId, Failure, Timestamp};
use crate::json::Payload;
use std::collections::VecDeque;
use std::sync::Arc;

/// A Map Run that is going on.
#[derive(Debug, Clone)]
pub(super) struct MapRun {
    /// The Map state.
    pub(super) state: Arc<str>,
    pub(super) arn: Arc<str>,
    /// The label or generated id that stands between the machine's name and an execution's in ARNs.
    pub(super) label: Arc<str>,
    /// `MapStateStarted`, which a redrive follows from.
    pub(super) map_started: EventId,
    /// `MapRunStarted`, which everything later follows from.
    pub(super) run_started: EventId,
    pub(super) started_at: Timestamp,
    pub(super) config: DistributedConfig,
    /// How many children may run at once.
    pub(super) limit: usize,
    pub(super) phase: Phase,
    pub(super) children: Vec<Child>,
    /// The next child to start.
    pub(super) next: usize,
    pub(super) running: usize,
    /// Children that can go on.
    pub(super) ready: VecDeque<u32>,
    pub(super) redrives: u32,
    /// Where results are to be written.
    pub(super) destination: Option<Destination>,
}

/// Where a Map Run writes its results.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    pub(super) bucket: String,
    pub(super) prefix: String,
}

/// What a Map Run is busy with.
#[derive(Debug, Clone)]
pub(super) enum Phase {
    /// Its items are being read.
    Reading(Box<Reading>),
    /// Its children are running.
    Running,
    /// Its results are being written; how it ends after that.
    Writing(Result<Payload, Failure>),
    /// It has ended: with a result or an error.
    Ended(Result<Payload, Failure>),
}

/// One child of a Map Run.
#[derive(Debug, Clone)]
pub(super) struct Child {
    /// What it is given.
    pub(super) input: Payload,
    /// How many items that are.
    pub(super) items: u64,
    /// The execution; absent until it is started.
    pub(super) execution: Option<Arc<Execution>>,
    /// When it ended.
    pub(super) stopped_at: Option<Timestamp>,
}

impl Child {
    pub(super) fn new(input: Payload, items: usize) -> Self {
        Self { input, items: items as u64, execution: None, stopped_at: None }
    }

    pub(super) fn end(&self) -> Option<&End> {
        self.execution.as_deref().and_then(Execution::end)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.end().is_some_and(|end| !matches!(end, End::Succeeded(_)))
    }
}

impl MapRun {
    /// Tells whether more has failed than may fail.
    pub(super) fn is_over_tolerance(&self) -> bool {
        let failed: u64 = self.children.iter().filter(|child| child.has_failed()).map(|child| child.items).sum();
        let total: u64 = self.children.iter().map(|child| child.items).sum();
        if failed == 0 {
            return false;
        }
        let over_count = self.config.tolerated_count.map(|count| failed > count);
        #[expect(clippy::cast_precision_loss, reason = "numbers of items fit 53 bits")]
        let share = failed as f64 * 100.0 / total.max(1) as f64;
        let over_share = self.config.tolerated_percentage.map(|percentage| share > percentage);
        match (over_count, over_share) {
            (None, None) => true,
            (count, share) => count.unwrap_or(false) || share.unwrap_or(false),
        }
    }

    /// Returns how many children ended in each way.
    pub(super) fn is_done(&self) -> bool {
        self.running == 0 && self.next >= self.children.len()
    }
}

/// A Map Run as it can be looked at from outside.
#[derive(Debug, Clone)]
pub struct MapRunView<'a> {
    run: &'a MapRun,
}

impl<'a> MapRunView<'a> {
    pub(super) fn new(run: &'a MapRun) -> Self {
        Self { run }
    }

    /// Returns the ARN.
    pub fn arn(&self) -> &'a Arc<str> {
        &self.run.arn
    }

    /// Returns the name of the Map state.
    pub fn state(&self) -> &'a Arc<str> {
        &self.run.state
    }

    /// Returns when it started.
    pub fn started(&self) -> Timestamp {
        self.run.started_at
    }

    /// Returns the executions that were started, in the order of their items.
    pub fn executions(&self) -> impl Iterator<Item = &'a Execution> {
        self.run.children.iter().filter_map(|child| child.execution.as_deref())
    }

    /// Returns the error it ended with.
    pub fn failure(&self) -> Option<&'a Failure> {
        match &self.run.phase {
            Phase::Ended(Err(failure)) | Phase::Writing(Err(failure)) => Some(failure),
            _ => None,
        }
    }

    /// Tells whether it has ended.
    pub fn has_ended(&self) -> bool {
        matches!(self.run.phase, Phase::Ended(_))
    }

    /// Returns how many children there are, and how many of them have not been started.
    pub fn counts(&self) -> (usize, usize) {
        (self.run.children.len(), self.run.children.iter().filter(|child| child.execution.is_none()).count())
    }
}
