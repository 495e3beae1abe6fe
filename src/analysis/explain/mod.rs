//! Why a state went where it went: a Choice rule by rule, a Wait to its moment, a Fail to its words, and for each failure
//! which retrier and which catcher was meant for it.
//!
//! What the definition says is evaluated with the data that was there; what came of it is read from the history.

mod choice;
mod given;
mod handling;
#[cfg(test)]
mod tests;
mod work;

pub use choice::{Choice, Rule, Test, Verdict};
pub(super) use given::effective as effective_input;
pub use given::{Given, How};
pub(super) use handling::name as error_name;

pub use handling::{CatchVerdict, CatcherSeen, Delay, Fate, Handling, RetrierSeen, RetryVerdict};
pub use work::{Flows, Map, Task, Wait};

use super::program::NoProgram;
use super::scene::{Draws, Head, Scene};
use crate::asl::StateKind;
use std::sync::Arc;

/// Why a state went where it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The state it is about.
    pub head: Head,
    /// What its type decides.
    pub about: About,
    /// What became of each failure, in order.
    pub handling: Vec<Handling>,
    /// The state that followed.
    pub next: Option<Arc<str>>,
}

/// What the type of a state decides.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// Which rule holds.
    Choice(Choice),
    /// How long it waits.
    Wait(Wait),
    /// What it asks for, and how long it lets that take.
    Task(Task),
    /// How many flows there are and what became of them.
    Map(Map),
    /// The same for branches.
    Parallel(Flows),
    /// With which error and cause it ends its scope.
    Fail {
        /// `Error`.
        error: Option<Given>,
        /// `Cause`.
        cause: Option<Given>,
    },
    /// Nothing: it only passes data on.
    Nothing,
}

impl Explanation {
    /// Explains a visit.
    pub fn of(scene: &Scene<'_>) -> Result<Self, NoProgram> {
        let draws = Draws::low(scene.now());
        let about = match &scene.state.kind {
            StateKind::Choice(state) => About::Choice(choice::seen(scene, state, &draws)),
            StateKind::Wait(state) => About::Wait(work::wait(scene, state, &draws)),
            StateKind::Task(state) => About::Task(work::task(scene, state)),
            StateKind::Map(state) => About::Map(work::map(scene, state, &draws)),
            StateKind::Parallel(state) => About::Parallel(work::branches(scene, state.branches.len())),
            StateKind::Fail(state) => About::Fail {
                error: state.error.as_ref().map(|text| given::text(scene, text, ["Error", "ErrorPath"], &draws)),
                cause: state.cause.as_ref().map(|text| given::text(scene, text, ["Cause", "CausePath"], &draws)),
            },
            StateKind::Pass(_) | StateKind::Succeed(_) => About::Nothing,
        };
        let history = scene.history;
        let next = history.visit(scene.visit).next.map(|next| Arc::clone(&history.visit(next).name));
        Ok(Self { head: scene.head(), about, handling: handling::of(scene), next })
    }
}
