//! What was captured of one execution: its events, and what AWS says about it and its machine.
//!
//! A recording is self-contained and does not change. Everything but the events may be absent; what a newer program
//! wrote and this one does not know survives a round trip. This layer knows how complete a recording is, and must not
//! know where it came from: files, streams and services are `source`'s, and what the events mean together `history`'s.

mod amend;
mod bookmark;
mod damage;
mod document;
mod events;
mod field;
mod index;
mod missing;
mod parts;
mod read;
pub mod redact;
pub mod remote;
mod responses;
mod status;
mod task_log;
#[cfg(test)]
mod tests;
mod write;

pub use amend::{AmendError, Amended, amend};
pub use bookmark::{Bookmark, BookmarkChange, Letter};
pub use damage::{Damage, DamageReason};
pub use document::{Content, Document, Documents};
pub use events::{Events, Facts};
pub use missing::{FROM_FIELDS, FROM_LOG, From, Level, Missing};
pub use parts::{Recorded, Redaction};
pub use redact::REDACTED;
pub use responses::{Counts, DescribedMapRun, Execution, StateMachine};
pub use status::{MachineType, Status};
pub use task_log::{LogLine, TaskLog};

use crate::event::{Details, Event, Timestamp};
use crate::json::{Member, Payload};
use std::sync::Arc;

/// The format this program writes, as the member `format` names it.
pub const FORMAT: &str = "stepback/1";

/// One execution as it was captured, with the executions it started.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// Who recorded it, when, and what is missing.
    pub recorded: Recorded,
    /// The answer of `DescribeExecution`.
    pub execution: Option<Execution>,
    /// The answer of `DescribeStateMachineForExecution`.
    pub state_machine: Option<StateMachine>,
    /// The events, oldest first.
    pub events: Events,
    /// The map runs of its distributed Map states.
    pub map_runs: Vec<MapRun>,
    /// The executions its tasks started.
    pub children: Vec<Recording>,
    /// Log lines of failed tasks, each some JSON; [`Recording::task_logs`] reads them.
    pub logs: Vec<Payload>,
    /// Places somebody marked.
    pub bookmarks: Vec<Bookmark>,
    /// What was taken out before it was handed on.
    pub redactions: Vec<Redaction>,
    /// Members nobody knows.
    pub unknown: Vec<Member>,
    /// What could not be read; empty for an undamaged file.
    pub damage: Vec<Damage>,
}

/// A map run with the executions it started, one for each batch of items.
#[derive(Debug, Clone, Default)]
pub struct MapRun {
    /// The answer of `DescribeMapRun`.
    pub map_run: Option<DescribedMapRun>,
    /// Its child executions.
    pub executions: Vec<Recording>,
    /// Members nobody knows.
    pub unknown: Vec<Member>,
}

/// Tells whether the ARN of an execution is one of an Express machine.
pub fn is_express(arn: &str) -> bool {
    arn.split(':').nth(5) == Some("express")
}

/// Questions that are answered by what AWS said about the execution or, failing that, by its first and last events.
impl Recording {
    /// A recording of these events, oldest first, and nothing else.
    pub fn from_events(events: Vec<Event>) -> Self {
        Self { events: Events::from(events), ..Self::default() }
    }

    /// Returns how the execution stands: as the service says, or by its last event. Without either it is running, unless
    /// the recording ends before it does.
    pub fn status(&self) -> Status {
        let described = self.execution.as_ref().and_then(|execution| execution.status.clone());
        let ended = || self.events.ending();
        let described = described.or_else(|| self.map_run()?.status.clone());
        described.or_else(ended).or_else(|| self.unseen_end()).unwrap_or(Status::Running)
    }

    /// Returns the execution's ARN.
    pub fn arn(&self) -> Option<&Arc<str>> {
        self.execution.as_ref()?.execution_arn.as_ref()
    }

    /// Tells whether the execution's ARN is one of an Express machine.
    pub fn is_express(&self) -> bool {
        self.arn().is_some_and(|arn| is_express(arn))
    }

    /// Returns the execution's name; of results of a Map Run, and nothing else, what the Map Run is called.
    pub fn name(&self) -> Option<&str> {
        let Some(execution) = &self.execution else {
            let run = self.map_runs.first().filter(|_| self.events.is_empty())?.map_run.as_ref();
            let arn = run.and_then(|run| run.map_run_arn.as_deref());
            let child = self.map_runs.first().and_then(|run| run.executions.first()?.execution.as_ref());
            let machine = child.and_then(|child| child.state_machine_arn.as_deref()?.split_once(":stateMachine:"));
            return arn.and_then(|arn| arn.split_once(":mapRun:")).or(machine).map(|(_, name)| name);
        };
        execution.name.as_deref().or_else(|| execution.execution_arn.as_ref()?.rsplit(':').next())
    }

    /// Returns what to call the execution: its name or, failing that, when it began.
    pub fn label(&self) -> String {
        let began = || self.started().map(|started| format!("the execution of {started}"));
        self.name().map(str::to_owned).or_else(began).unwrap_or_else(|| "an execution without events".to_owned())
    }

    /// Returns the name of the machine it ran on.
    pub fn machine_name(&self) -> Option<&str> {
        let named = self.state_machine.as_ref().and_then(|machine| machine.name.as_deref());
        let machine_arn = || self.state_machine.as_ref()?.state_machine_arn.as_deref();
        let execution_arn = || self.execution.as_ref()?.state_machine_arn.as_deref();
        named.or_else(|| machine_arn().or_else(execution_arn)?.split(':').nth(6))
    }

    /// Returns the definition the execution ran, as text.
    pub fn definition(&self) -> Option<&Payload> {
        self.state_machine.as_ref()?.definition.as_ref()
    }

    /// Returns the execution's input: as described, as its first event has it, or as its first state was entered with.
    /// What comes first in the end of a history says nothing of it.
    pub fn input(&self) -> Option<Payload> {
        let described = self.execution.as_ref().and_then(|execution| execution.input.clone());
        described.or_else(|| self.events.get(0).filter(|first| first.id.get() <= 2)?.details.input().cloned())
    }

    /// Returns the execution's output, if it succeeded.
    pub fn output(&self) -> Option<Payload> {
        let described = self.execution.as_ref().and_then(|execution| execution.output.clone());
        described.or_else(|| match self.last_event()?.details {
            Details::Output(output) => Some(output?.payload),
            _ => None,
        })
    }

    /// Tells whether only the results of a Map Run are known.
    pub fn is_map_run_results(&self) -> bool {
        self.events.is_empty() && self.execution.is_none() && !self.map_runs.is_empty()
    }

    fn map_run(&self) -> Option<&DescribedMapRun> {
        self.map_runs.first().filter(|_| self.is_map_run_results())?.map_run.as_ref()
    }

    /// Returns when the execution began.
    pub fn started(&self) -> Option<Timestamp> {
        let described = self.execution.as_ref().and_then(|execution| execution.start_date);
        let described = described.or_else(|| self.map_run()?.start_date);
        described.or_else(|| Some(self.events.facts(0)?.timestamp))
    }

    /// Returns when the execution ended, if it has.
    pub fn stopped(&self) -> Option<Timestamp> {
        let described = self.execution.as_ref().and_then(|execution| execution.stop_date);
        let described = described.or_else(|| self.map_run()?.stop_date);
        let last = self.events.last_facts().filter(|last| last.kind.ends_execution());
        described.or_else(|| Some(last?.timestamp))
    }

    fn last_event(&self) -> Option<Event> {
        let last = self.events.get(self.events.len().checked_sub(1)?)?;
        last.kind.ends_execution().then_some(last)
    }
}
