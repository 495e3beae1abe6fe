//! What each type of state does when a flow enters it, and when it goes on.

mod children;
mod distributed;
mod leave;
mod map;
mod parallel;
mod simple;
mod task;
mod wait;

use super::execution::Execution;
use super::flow::{FlowId, Resume};
use super::here::Here;
use crate::asl::{Machine, StateId, StateKind};
pub(super) use task::task_ref;

impl Execution {
    /// Goes on in a state after something happened.
    pub(super) fn resume(&mut self, machine: &Machine, flow: FlowId, state: StateId, resume: Resume) {
        let here: Here<'_> = self.here(machine, flow, state);
        match (&here.state.kind, resume) {
            (StateKind::Wait(wait), Resume::Waited) => self.wait_over(machine, here, wait),
            (StateKind::Task(task), Resume::Succeeded(result)) => self.task_done(machine, here, task, &result),
            (StateKind::Task(task), Resume::Retry(parent)) => self.schedule(machine, here, task, parent),
            (StateKind::Parallel(parallel), Resume::Retry(parent)) => {
                self.start_parallel(machine, here, parallel, parent);
            }
            (StateKind::Map(map), Resume::Retry(parent)) => self.start_map(machine, here, map, parent),
            (_, Resume::Failed(fault)) => self.failed(machine, here, &fault),
            (_, _) => {}
        }
    }
}
