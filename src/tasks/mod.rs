//! Who answers a task: a file of answers, a mock configuration, a command, an HTTP endpoint.
//!
//! [`Answers`] says what a task is answered with, and is pure. [`Runner`] brings an execution and its answers together
//! in virtual time or in real time; only what it calls in `live` and `buckets` touches the world. This module must not
//! know screens.

mod answer;
mod buckets;
mod file;
mod identity;
mod live;
mod machines;
mod mock;
mod pace;
mod person;
mod recorded;
mod runner;

pub use answer::{Answer, Answers, Ending, Nobody, Person, Reply, Unused, request_key, task_key};
pub use buckets::Buckets;
pub use file::{AnswersError, AnswersFile};
pub use identity::{Known, identity_of, kind_of, undated};
pub use live::{Live, LiveCall, end_all};
pub use machines::{Machines, StartedMachine, child_answer};
pub use mock::MockConfig;
pub use pace::{Clock, Pace};
pub use person::AtTerminal;
pub use recorded::recording_of;
pub use runner::{Progress, Run, Runner, Stopped};
