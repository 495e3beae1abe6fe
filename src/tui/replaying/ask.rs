//! The question a replay stops with when a task needs a result that is not recorded.

use crate::json::layout;
use crate::recording::Recording;
use crate::replay::{Asking, last_answer};
use serde_json::json;

/// A task that wants an answer, and what is selected.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The task.
    pub asking: Asking,
    /// How many more tasks want answers.
    pub more: usize,
    /// The answer taken by default, as an entry of an answers file.
    pub default: String,
    /// Whether that was recorded for an earlier try of the same state.
    pub recorded: bool,
    selected: usize,
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// To write an answer.
    Edit,
    /// To let the task fail.
    Fail,
    /// To take the answer by default.
    Default,
    /// To let the replay stand where it stopped.
    Leave,
}

impl Choice {
    /// All of them in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Edit, Self::Fail, Self::Default, Self::Leave];
}

impl Ask {
    /// Asks for the first of some answers.
    pub fn of(recording: &Recording, asking: &[Asking]) -> Option<Self> {
        let (first, more) = asking.split_first()?;
        let last = last_answer(recording, &first.state);
        let default = last.clone().unwrap_or_else(|| json!({ "result": {} })).to_string();
        Some(Self { asking: first.clone(), more: more.len(), default, recorded: last.is_some(), selected: 0 })
    }

    /// Returns the number of what is selected.
    pub fn line(&self) -> usize {
        self.selected
    }

    /// Selects by number.
    pub fn select_line(&mut self, line: usize) {
        self.selected = line.min(Choice::ALL.len() - 1);
    }

    /// Selects by the number that stands in front, from 1; tells whether there is such a one.
    pub fn select_number(&mut self, number: usize) -> bool {
        let line = number.checked_sub(1).filter(|line| *line < Choice::ALL.len());
        self.selected = line.unwrap_or(self.selected);
        line.is_some()
    }

    /// Returns what is selected.
    pub fn selected(&self) -> Choice {
        Choice::ALL.get(self.selected).copied().unwrap_or(Choice::Leave)
    }

    /// Returns what a choice does, in words.
    pub fn words(&self, choice: Choice) -> String {
        match choice {
            Choice::Edit => "Write a result".to_owned(),
            Choice::Fail => "Let it fail with States.TaskFailed".to_owned(),
            Choice::Default if self.recorded => format!("Use the last result of {}", self.asking.state),
            Choice::Default => "Use an empty object as the result".to_owned(),
            Choice::Leave => "Leave the replay where it stopped".to_owned(),
        }
    }

    /// Returns the answer a choice gives without further ado.
    pub fn answer(&self, choice: Choice) -> Option<String> {
        match choice {
            Choice::Fail => {
                let entry = json!({ "error": "States.TaskFailed", "cause": "No result of this task is recorded." });
                Some(layout::pretty(&entry.to_string()))
            }
            Choice::Default => Some(layout::pretty(&self.default)),
            Choice::Edit | Choice::Leave => None,
        }
    }
}
