//! A task result taken from the last good run of the same machine.

use crate::recording::Recording;
use crate::replay::last_answer;
use crate::tui::msg::Trouble;

/// What the last good run has for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodAnswer {
    /// What the run is called.
    pub run: String,
    /// The result, as an entry of an answers file.
    pub text: String,
}

impl GoodAnswer {
    /// Finds the last result that a good run has for a state.
    ///
    /// # Errors
    ///
    /// The run has no result of that state.
    pub fn of(run: String, good: &Recording, state: &str) -> Result<Self, Trouble> {
        match last_answer(good, state) {
            Some(entry) => Ok(Self { run, text: crate::json::layout::pretty(&entry.to_string()) }),
            None => Err(Trouble { message: format!("{run} has no result of {state}."), hint: None }),
        }
    }
}
