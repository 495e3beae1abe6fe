//! One execution that is being fetched: what is there of it, and what that makes a recording of.

use super::ends::Ends;
use crate::event::{Details, Timestamp};
use crate::json::Payload;
use crate::recording::{DescribedMapRun, Events, Execution, MapRun, Recorded, Recording, StateMachine, Status};
use std::sync::Arc;

/// An execution among those that are fetched together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(pub(super) usize);

impl NodeId {
    /// The one that was asked for.
    pub(super) const ROOT: Self = Self(0);
}

/// An execution that is being fetched.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) arn: Arc<str>,
    pub(super) parent: Parent,
    /// How many executions stand above it.
    pub(super) depth: usize,
    pub(super) execution: Option<Execution>,
    pub(super) machine: Option<StateMachine>,
    /// The history; `None` when it is not wanted, or not yet.
    pub(super) history: Option<Ends>,
    /// What the cache has, until it is known whether it still holds.
    pub(super) cached: Option<Box<Recording>>,
    /// Whether what is there came from the cache.
    pub(super) from_cache: bool,
    /// Whether its children have been looked for.
    pub(super) searched: bool,
    /// Whether what was described was checked against the history once.
    pub(super) checked: bool,
    pub(super) nested: Vec<NodeId>,
    pub(super) runs: Vec<Run>,
    /// What is missing and why.
    pub(super) notes: Vec<Arc<str>>,
}

/// What started an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    /// Nothing that is fetched.
    None,
    /// A task of another.
    Task,
    /// The map run of that number of another.
    MapRun { node: NodeId, run: usize },
}

/// A map run that is being fetched.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) arn: Arc<str>,
    pub(super) described: Option<DescribedMapRun>,
    /// The definition its executions run: the same for all.
    pub(super) machine: Option<StateMachine>,
    /// Whether somebody has asked for it.
    pub(super) machine_asked: bool,
    pub(super) items: Vec<NodeId>,
}

impl Node {
    pub(super) fn new(arn: impl Into<Arc<str>>, parent: Parent, depth: usize) -> Self {
        Self {
            arn: arn.into(),
            parent,
            depth,
            execution: None,
            machine: None,
            history: None,
            cached: None,
            from_cache: false,
            searched: false,
            checked: false,
            nested: Vec::new(),
            runs: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Tells whether its history is in its logs only.
    pub(super) fn is_express(&self) -> bool {
        self.arn.split(':').nth(5) == Some("express")
    }

    pub(super) fn status(&self) -> Option<&Status> {
        self.execution.as_ref()?.status.as_ref()
    }

    /// Tells whether it ended badly, as far as is known.
    pub(super) fn failed(&self) -> bool {
        matches!(self.status(), Some(Status::Failed | Status::TimedOut | Status::Aborted | Status::PendingRedrive))
    }

    /// Tells whether it has ended, as far as is known.
    pub(super) fn ended(&self) -> bool {
        self.status().is_some_and(|status| !matches!(status, Status::Running | Status::PendingRedrive))
    }

    /// Tells whether its history is there, all of it.
    pub(super) fn has_history(&self) -> bool {
        self.history.as_ref().is_some_and(Ends::is_whole)
    }

    /// Returns the status that its last event brought about, if that ended it.
    pub(super) fn ending(&self) -> Option<Status> {
        self.history.as_ref()?.events().ending()
    }

    /// Tells whether what was described and the history say the same about its end.
    pub(super) fn agrees_with_history(&self) -> bool {
        self.execution.is_none() || self.ended() == self.ending().is_some()
    }

    /// Returns the executions its tasks started, in order, each once.
    pub(super) fn nested_arns(&self) -> Vec<Arc<str>> {
        let mut arns = Vec::new();
        for event in self.events().iter() {
            if let Some(arn) = event.details.started_execution()
                && !arns.contains(&arn)
            {
                arns.push(arn);
            }
        }
        arns
    }

    /// Returns the map runs it started, in order, each once.
    pub(super) fn map_run_arns(&self) -> Vec<Arc<str>> {
        let mut arns = Vec::new();
        for event in self.events().iter() {
            if let Details::MapRunStarted(Some(arn)) = event.details
                && !arns.contains(&arn)
            {
                arns.push(arn);
            }
        }
        arns
    }

    pub(super) fn events(&self) -> Events {
        self.history.as_ref().map(Ends::events).unwrap_or_default()
    }

    /// Returns what is there as a recording, without its children.
    pub(super) fn recording(&self, at: Timestamp) -> Recording {
        let mut recording = Recording {
            execution: self.execution.clone(),
            state_machine: self.machine.clone(),
            events: self.events(),
            ..Recording::default()
        };
        let execution = recording.execution.get_or_insert_default();
        if execution.execution_arn.is_none() {
            execution.execution_arn = Some(Arc::clone(&self.arn));
        }
        recording.damage = self.history.as_ref().map(|history| history.damage().to_vec()).unwrap_or_default();
        recording.recorded = self.recorded(at);
        recording
    }

    fn recorded(&self, at: Timestamp) -> Recorded {
        let mut recorded = Recorded {
            at: Some(at),
            by: Some(concat!("stepback ", env!("CARGO_PKG_VERSION")).into()),
            region: self.arn.split(':').nth(3).map(Arc::from),
            complete: Some(self.is_complete()),
            ..Recorded::default()
        };
        self.notes.iter().for_each(|note| recorded.note(Arc::clone(note)));
        match &self.history {
            Some(history) => {
                for gap in history.gaps() {
                    recorded.note(format!("Events {} to {} have not been fetched.", gap.start(), gap.end()));
                }
                if history.is_whole() && self.ending().is_none() {
                    recorded.note("The execution had not ended.");
                }
            }
            None if self.is_express() => recorded.note("An express execution has its history in its logs only."),
            None => recorded.note("The history was not fetched."),
        }
        recorded
    }

    /// Tells whether everything that was asked for is there, and nothing can be added.
    pub(super) fn is_complete(&self) -> bool {
        self.notes.is_empty() && self.has_history() && self.ending().is_some()
    }

    /// Takes what the cache has if it is of the same run: it has ended, and was not redriven since.
    pub(super) fn adopt_cached(&mut self) -> bool {
        let count = |execution: &Execution| execution.redrive_count.unwrap_or(0);
        let Some(execution) = &self.execution else { return false };
        let Some(cached) = self.cached.take() else { return false };
        let same = cached.execution.as_ref().is_some_and(|of| {
            count(of) == count(execution) && of.status == execution.status && of.stop_date == execution.stop_date
        });
        if !same || !self.ended() {
            // What has been redriven only has more events than before.
            self.history = Some(Ends::new(Some(cached.events)));
            return false;
        }
        self.machine = cached.state_machine.clone();
        self.history = Some(Ends::whole(cached.events));
        self.from_cache = true;
        true
    }
}

impl Run {
    pub(super) fn new(arn: impl Into<Arc<str>>) -> Self {
        Self { arn: arn.into(), described: None, machine: None, machine_asked: false, items: Vec::new() }
    }

    pub(super) fn recording(&self, executions: Vec<Recording>) -> MapRun {
        let described = self.described.clone().unwrap_or_else(|| DescribedMapRun {
            map_run_arn: Some(Arc::clone(&self.arn)),
            ..DescribedMapRun::default()
        });
        MapRun { map_run: Some(described), executions, unknown: Vec::new() }
    }
}

/// Returns whether a definition has a Map whose items are executions of their own.
pub(super) fn has_distributed_map(definition: &Payload) -> bool {
    definition.text().contains("DISTRIBUTED")
}
