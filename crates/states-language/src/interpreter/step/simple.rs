//! Pass, Choice, Succeed and Fail: entered and left in one step.

use crate::asl::state::{Choice, Fail, Pass, Succeed};
use crate::asl::{Machine, Transition};
use crate::interpreter::data;
use crate::interpreter::execution::Execution;
use crate::interpreter::here::Here;
use crate::json::Payload;

impl Execution {
    pub(in crate::interpreter) fn step_pass(&mut self, machine: &Machine, here: Here<'_>, pass: &Pass, input: Payload) {
        match self.evaluate(here, None, |environment, inspect| data::pass(pass, environment, &input, inspect)) {
            Ok(exit) => self.leave_simple(machine, here, input, exit, &pass.next),
            Err(error) => self.broken(machine, here, input, error),
        }
    }

    pub(in crate::interpreter) fn step_succeed(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        succeed: &Succeed,
        input: Payload,
    ) {
        match self.evaluate(here, None, |environment, inspect| data::succeed(succeed, environment, &input, inspect)) {
            Ok(exit) => self.leave_simple(machine, here, input, exit, &Transition::End),
            Err(error) => self.broken(machine, here, input, error),
        }
    }

    pub(in crate::interpreter) fn step_choice(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        choice: &Choice,
        input: Payload,
    ) {
        let decision =
            self.evaluate(here, None, |environment, inspect| data::decide(choice, environment, &input, inspect));
        match decision {
            Ok(decision) => {
                let next = decision.next.clone();
                self.leave_simple(machine, here, input, decision.exit, &Transition::Next(next));
            }
            Err(error) => self.broken(machine, here, input, error),
        }
    }

    /// A Fail state is never left: its scope fails with it.
    pub(in crate::interpreter) fn step_fail(&mut self, machine: &Machine, here: Here<'_>, fail: &Fail, input: Payload) {
        match self.evaluate(here, None, |environment, inspect| data::fail(fail, environment, &input, inspect)) {
            Ok(failure) => self.break_flow(machine, here, input, &failure),
            Err(error) => self.broken(machine, here, input, error),
        }
    }
}
