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
pub use given::{Given, How};
pub use handling::{CatchVerdict, CatcherSeen, Delay, Fate, Handling, RetrierSeen, RetryVerdict};
pub use work::{Flows, Map, Task, Wait};

use super::program::NoProgram;
use super::scene::{Draws, Scene};
use crate::asl::{QueryLanguage, StateKind};
use crate::history::{AttemptId, VisitId};
use std::sync::Arc;

/// Why a state went where it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The visit.
    pub visit: VisitId,
    /// The attempt that was asked about, if the state makes any.
    pub attempt: Option<AttemptId>,
    /// The state's name.
    pub state: Arc<str>,
    /// The value of its `Type` field.
    pub kind: &'static str,
    /// The language of its expressions.
    pub language: QueryLanguage,
    /// The line of the definition on which it begins.
    pub line: u32,
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
        Ok(Self {
            visit: scene.visit,
            attempt: scene.attempt,
            state: Arc::clone(&scene.state.name),
            kind: scene.state.kind.name(),
            language: scene.state.language,
            line: scene.program.line_of(&scene.state.place),
            about,
            handling: handling::of(scene),
            next,
        })
    }
}
