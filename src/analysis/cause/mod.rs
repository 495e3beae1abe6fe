//! Why an execution stands as it does: the failure everything began with, not the state that reports it.
//!
//! The way down: from the execution's end through collectors (Map, Parallel, iterations) to the event the failure began
//! with; from a Fail state back along its flow to the caught failure that led to it; from a task that ran another
//! execution, or a Map that ran a map run, into that execution, as far as the recording holds it.

mod build;
mod ends;
mod items;
mod map_runs;
mod openers;
mod others;
mod rethrown;
mod trace;
mod waiting;

#[cfg(test)]
mod tests;

pub(super) use ends::tell_ends;
pub use ends::{Ends, EndsBy};
pub use items::Items;
pub use map_runs::{MapRunItems, MapStands};
pub(super) use waiting::waiting;
pub use waiting::{Waiting, WaitingFor};

use super::message::Opener;
use super::operands::add_operands;
use super::provenance::Story;
use super::{FunctionLog, Message, Place, Programs};
use crate::event::{EventId, TaskRef};
use crate::history::{Family, MemberId, VisitId};
use crate::json::Payload;
use crate::query::operand::Operand;
use crate::recording::Status;
use std::sync::Arc;

/// Why an execution stands as it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// How it stands.
    pub status: Status,
    /// What it ended with, in its own words.
    pub end: Option<Report>,
    /// What made it end badly. More than one only when items of a map run failed in different ways.
    pub causes: Vec<Finding>,
    /// What else failed and did not end it, in order: caught, recovered by a retry, undone by a redrive.
    pub others: Vec<Finding>,
    /// Map Runs that did not fail with the items that failed, and those of whose items something is not known.
    pub map_runs: Vec<MapRunItems>,
    /// What it waits for, or waited for when it was stopped.
    pub waiting: Vec<Waiting>,
}

impl Diagnosis {
    /// Tells whether there is nothing to say about failures and waiting.
    pub fn is_uneventful(&self) -> bool {
        self.causes.is_empty() && self.others.is_empty() && self.waiting.is_empty() && self.map_runs.is_empty()
    }
}

/// An error and a cause somebody reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The event, if it is in the history.
    pub event: Option<EventId>,
    /// The error.
    pub error: Option<Arc<str>>,
    /// The cause, taken apart.
    pub cause: Option<Message>,
}

/// One failure, or several that are alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Where it happened; of several the first.
    pub place: Place,
    /// What kind of thing failed.
    pub stage: Stage,
    /// The error.
    pub error: Option<Arc<str>>,
    /// The cause, taken apart.
    pub cause: Option<Message>,
    /// What came of it.
    pub fate: Fate,
    /// What was called, for tasks.
    pub task: Option<Arc<str>>,
    /// Which attempt failed and how many there were, from 1.
    pub attempt: Option<(u32, u32)>,
    /// How long that attempt took.
    pub micros: Option<i64>,
    /// The failed attempts before it, since the start or the last redrive.
    pub tries: Vec<Try>,
    /// Retried Maps and Parallels around it: name, run, runs.
    pub runs: Vec<(Arc<str>, u32, u32)>,
    /// Of a failed evaluation, what the references of its expression came to; [`add_operands`] adds them.
    ///
    /// [`add_operands`]: crate::analysis::add_operands
    pub operands: Vec<Operand>,
    /// What the attempt was given.
    pub input: Option<Payload>,
    /// The commands that open what the cause names: a job, a log stream.
    pub openers: Vec<Opener>,
    /// What the function logged meanwhile, if that was captured.
    pub log: Option<FunctionLog>,
    /// What was aborted with it; of an execution that was stopped [`Diagnosis::waiting`] tells more.
    pub aborted: Aborted,
    /// The Fail state its catcher's flow ended in, and what that says.
    pub ended_in: Option<(Arc<str>, Report)>,
    /// The tasks and Maps of outer executions it came through, innermost first.
    pub through: Vec<Place>,
    /// The other failures that are alike, in order; as many as are worth listing.
    pub alike: Vec<Place>,
    /// How many there are, with the first.
    pub count: usize,
    /// The items of the Map around it: how many failed, what those share.
    pub items: Option<Items>,
}

/// What kind of thing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A task's attempt.
    Task,
    /// The time a task's attempt may take ran out.
    TimeOut,
    /// A Fail state was reached.
    FailState,
    /// An expression.
    Evaluation,
    /// A map run.
    MapRun,
    /// A state by its own doing: its paths, its data's size, no choice that matches.
    State,
    /// The execution as a whole, tied to no state.
    Execution,
    /// The service says that it failed, and no event is there to say where.
    Described,
    /// Nobody can tell: the execution failed, and the events that say where are not in the recording.
    NotRecorded,
}

impl Stage {
    /// Tells whether what failed is tied to no state.
    pub fn is_stateless(self) -> bool {
        matches!(self, Self::Execution | Self::Described | Self::NotRecorded)
    }
}

/// What came of a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// The execution ended with it.
    EndedRun,
    /// A catcher took it.
    Caught {
        /// The state with the catcher.
        by: Arc<str>,
        /// That state's visit, in the same execution.
        visit: VisitId,
        /// Where the catcher led.
        to: Option<Arc<str>>,
    },
    /// A later attempt succeeded.
    Recovered,
    /// A retrier is waiting to try again, or nothing was recorded after it.
    Pending,
    /// The Map or Parallel around it was tried again.
    RunAgain {
        /// The Map or Parallel.
        by: Arc<str>,
    },
    /// The execution was redriven after it.
    Redriven,
    /// The Map around its item goes on in spite of it.
    Tolerated {
        /// The Map.
        by: Arc<str>,
    },
    /// Something else failed first.
    Overtaken,
}

/// A failed attempt that was followed by another.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// The event of its failure.
    pub event: EventId,
    /// The error.
    pub error: Option<Arc<str>>,
    /// The cause, taken apart.
    pub cause: Option<Message>,
    /// The microseconds until the next attempt.
    pub waited: Option<i64>,
}

/// What was aborted with a failure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aborted {
    /// The names of the states, each with how often it was aborted.
    pub states: Vec<(Arc<str>, usize)>,
    /// How many iterations or executions of items.
    pub items: usize,
    /// How many branches.
    pub branches: usize,
}

impl Aborted {
    /// Tells whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty() && self.items == 0 && self.branches == 0
    }
}

/// Other failures whose surroundings are looked at: what was aborted, what items share.
const LOOKED_AROUND: usize = 20;

/// Finds out why the execution asked about stands as it does.
pub fn diagnose(family: &Family) -> Diagnosis {
    let root = family.member(MemberId::ROOT);
    let status = root.status();
    let mut causes = trace::causes(family, MemberId::ROOT);
    let mut others = others::others(family, &causes);
    others.extend(map_runs::tolerated(family));
    let mut surroundings = items::Surroundings::default();
    for finding in causes.iter_mut().chain(others.iter_mut().take(LOOKED_AROUND)) {
        if !finding.stage.is_stateless() {
            build::add_aborted(family, finding);
        }
        finding.items = surroundings.items(family, finding);
    }
    let waiting = waiting(family, MemberId::ROOT);
    let end = root.history.end();
    let ended = end.is_some() || !matches!(status, Status::Running | Status::Succeeded);
    let end = ended.then(|| build::report(end.map(|end| end.id), root.failure()));
    let end = end.filter(|report| report.error.is_some() || report.cause.is_some());
    Diagnosis { status, end, causes, others, map_runs: map_runs::map_runs(family), waiting }
}

/// The same with the definitions, which know when what waits goes on.
pub fn diagnose_with(family: &Family, programs: &Programs) -> Diagnosis {
    let mut diagnosis = diagnose(family);
    tell_ends(&mut diagnosis.waiting, family, programs);
    add_operands(&mut diagnosis, Story { family, programs });
    diagnosis
}

/// Returns how a task is written in definitions and in talk: `lambda:invoke`.
pub(crate) fn task_name(task: &TaskRef) -> Option<Arc<str>> {
    match (&task.resource_type, &task.resource) {
        (Some(kind), Some(resource)) => Some(format!("{kind}:{resource}").into()),
        (kind, resource) => kind.clone().or_else(|| resource.clone()),
    }
}
