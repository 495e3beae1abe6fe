//! Redrive: an execution that ended badly is taken up again where it ended.

use super::execution::{End, Execution};
use super::flow::{Activity, Container, FlowId, Position, Resume};
use super::here::Here;
use super::map_run::Phase;
use crate::asl::{Machine, MachineKind, StateKind};
use crate::event::{Details, EventType, Failure, Timestamp};
use std::sync::Arc;

/// Why an execution cannot be redriven, in AWS's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRedrivable {
    /// It has not ended.
    Running,
    /// There is nothing to repair.
    Succeeded,
    /// Only Standard executions can be.
    Express,
    /// Its history is full.
    TooManyEvents,
}

impl std::fmt::Display for NotRedrivable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Running => "Execution is RUNNING and cannot be redriven",
            Self::Succeeded => "Execution is SUCCEEDED and cannot be redriven",
            Self::Express => "Invalid Arn: 'Resource type not valid in this context: express'",
            Self::TooManyEvents => "Execution has exceeded the maximum history event limit",
        })
    }
}

impl std::error::Error for NotRedrivable {}

impl Execution {
    /// Takes the execution up again at a moment: what failed or was aborted starts anew, what succeeded stays.
    pub fn redrive(&mut self, now: Timestamp) -> Result<(), NotRedrivable> {
        match self.end() {
            None => return Err(NotRedrivable::Running),
            Some(End::Succeeded(_)) => return Err(NotRedrivable::Succeeded),
            Some(_) => {}
        }
        if self.identity.kind == MachineKind::Express {
            return Err(NotRedrivable::Express);
        }
        if self.journal.last().is_some_and(|last| self.options.max_events.is_some_and(|max| last.get() + 1 >= max)) {
            return Err(NotRedrivable::TooManyEvents);
        }
        self.journal.set_time(now);
        self.redrive.count += 1;
        self.redrive.time = Some(self.journal.now());
        let ended = self.journal.last();
        let details = Details::ExecutionRedriven(Some(self.redrive.count.into()));
        let redriven = self.journal.append(ended, EventType::ExecutionRedriven, details);
        self.reopen();
        self.start_clock();
        let machine = Arc::clone(&self.machine);
        let Some(root) = self.root() else { return Ok(()) };
        if let Some(failure) = self.given_up(&machine, root) {
            self.journal.append(Some(redriven), EventType::ExecutionFailed, Details::Failure(failure.clone()));
            self.finish(End::Failed(failure));
        } else {
            self.take_up(&machine, root);
        }
        Ok(())
    }

    /// Returns the error of a Fail state that ended the execution: it is not entered again, but fails at once.
    fn given_up(&self, machine: &Machine, flow: FlowId) -> Option<Failure> {
        match &self.flows.get(flow)?.position {
            Position::Broken { fault, state, .. } => {
                matches!(machine[*state].kind, StateKind::Fail(_)).then(|| fault.failure.clone())
            }
            Position::In(visit) => match &visit.activity {
                Activity::Container(container) => {
                    container.flows().into_iter().find_map(|child| self.given_up(machine, child))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Lets a flow go on that was stopped.
    fn take_up(&mut self, machine: &Machine, flow: FlowId) {
        let Some(found) = self.flows.get_mut(flow) else { return };
        match &mut found.position {
            Position::Over => {}
            Position::Before { .. } | Position::Again { .. } => self.enqueue(flow),
            Position::Broken { state, input, entered, .. } => {
                found.position = Position::Again { state: *state, input: input.clone(), entered: *entered };
                self.enqueue(flow);
            }
            Position::In(visit) => {
                visit.stopped = false;
                visit.retries = Default::default();
                let state = visit.state;
                let here = self.here(machine, flow, state);
                self.take_up_visit(machine, here);
            }
        }
    }

    fn take_up_visit(&mut self, machine: &Machine, here: Here<'_>) {
        let Some(visit) = self.flows.visit_mut(here.flow) else { return };
        let entered = visit.entered;
        match &mut visit.activity {
            Activity::Container(Container::Distributed(run)) => {
                let parent = run.map_started;
                run.redrives += 1;
                let (arn, count) = (Arc::clone(&run.arn), u64::from(run.redrives));
                let details = crate::event::MapRunRedriven { map_run_arn: Some(arn), redrive_count: Some(count) };
                let details = Details::MapRunRedriven(details);
                let redriven = self.journal.append(Some(parent), EventType::MapRunRedriven, details);
                self.set_last(here.flow, redriven);
                self.redrive_children(here.flow, redriven);
            }
            Activity::Container(container) => {
                let children = container.flows();
                children.into_iter().for_each(|child| self.take_up(machine, child));
            }
            Activity::Waiting { .. } if matches!(here.state.kind, StateKind::Wait(_)) => {
                let Activity::Waiting { until, .. } = visit.activity else { return };
                let rest = until.micros_since(self.journal.now()).max(0);
                self.start_waiting(here, rest);
            }
            _ => {
                self.set_last(here.flow, entered);
                self.resume_with(here.flow, Resume::Retry(entered));
            }
        }
    }

    /// Children of a Map Run that failed are redriven themselves; those that never started now do.
    fn redrive_children(&mut self, flow: FlowId, redriven: crate::event::EventId) {
        let now = self.journal.now();
        let Some(run) = self.map_run_mut(flow) else { return };
        run.run_started = redriven;
        run.phase = Phase::Running;
        let mut restarted = Vec::new();
        for (index, child) in run.children.iter_mut().enumerate() {
            if !child.has_failed() {
                continue;
            }
            let Some(execution) = child.execution.as_mut().map(Arc::make_mut) else { continue };
            child.stopped_at = None;
            if execution.redrive(now).is_ok() {
                run.running += 1;
                run.ready.push_back(u32::try_from(index).unwrap_or(u32::MAX));
            } else {
                child.execution = None;
                restarted.push(index);
            }
        }
        restarted.into_iter().for_each(|index| self.start_child(flow, index));
        self.run_children(flow);
    }
}
