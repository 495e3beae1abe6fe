//! Wait.

use crate::asl::Machine;
use crate::asl::state::Wait;
use crate::interpreter::data;
use crate::interpreter::execution::Execution;
use crate::interpreter::flow::Activity;
use crate::interpreter::here::Here;
use crate::interpreter::timers::Timer;
use crate::json::Payload;

impl Execution {
    /// The delay is found after the state was entered, so a failed evaluation follows from that.
    pub(in crate::interpreter) fn step_wait(&mut self, machine: &Machine, here: Here<'_>, wait: &Wait, input: Payload) {
        let now = self.journal.now();
        let until =
            self.evaluate(here, None, |environment, inspect| data::delay(wait, environment, &input, now, inspect));
        let until = match until {
            Ok(until) => until,
            Err(error) => return self.broken(machine, here, input, error),
        };
        if until <= now {
            return self.leave_wait(machine, here, wait, input);
        }
        self.visit(here, input);
        self.start_waiting(here, until.micros_since(now));
    }

    /// Waits for a moment some microseconds away.
    pub(in crate::interpreter) fn start_waiting(&mut self, here: Here<'_>, micros: i64) {
        let until = crate::event::Timestamp::from_micros(self.journal.now().as_micros().saturating_add(micros));
        let timer = self.set_timer(micros, Timer::Wait(here.flow));
        if let Some(visit) = self.flows.visit_mut(here.flow) {
            visit.activity = Activity::Waiting { until, timer };
        }
    }

    pub(in crate::interpreter) fn wait_over(&mut self, machine: &Machine, here: Here<'_>, wait: &Wait) {
        let Some(visit) = self.flows.visit(here.flow) else { return };
        let input = visit.input.clone();
        self.leave_wait(machine, here, wait, input);
    }

    fn leave_wait(&mut self, machine: &Machine, here: Here<'_>, wait: &Wait, input: Payload) {
        match self.evaluate(here, None, |environment, _| data::wait_exit(wait, environment, &input)) {
            Ok(exit) => self.leave_simple(machine, here, input, exit, &wait.next),
            Err(error) => self.broken(machine, here, input, error),
        }
    }
}
