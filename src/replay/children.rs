//! The recorded children of Map Runs, and which child of a replay each of them is.

use super::recorded::Script;
use crate::history::History;
use crate::interpreter::Execution;
use crate::json::Payload;
use crate::recording::Recording;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The recorded children of Map Runs. AWS names children anew in every run, so they are known by their inputs.
#[derive(Default)]
pub(super) struct Children {
    scripts: Vec<Script>,
    /// By input: the children nobody has been found to be, in recorded order.
    free: HashMap<String, VecDeque<usize>>,
    claimed: HashMap<Arc<str>, usize>,
}

impl Children {
    pub(super) fn of(recording: &Recording) -> Self {
        let mut children = Self::default();
        for child in recording.map_runs.iter().flat_map(|run| &run.executions) {
            let Some(input) = child.input() else { continue };
            children.free.entry(canonical(&input)).or_default().push_back(children.scripts.len());
            let history: History = child.events.iter().collect();
            children.scripts.push(Script::of(&history));
        }
        children
    }

    /// Returns what happened to a child: to the first that had the same input and is not another's.
    pub(super) fn script(&mut self, child: &Execution) -> Option<&mut Script> {
        let arn = &child.identity().arn;
        let place = match self.claimed.get(arn) {
            Some(place) => *place,
            None => {
                let place = self.free.get_mut(&canonical(child.input()))?.pop_front()?;
                self.claimed.insert(Arc::clone(arn), place);
                place
            }
        };
        self.scripts.get_mut(place)
    }
}

/// The text of a payload without its spaces.
fn canonical(payload: &Payload) -> String {
    payload.value().map_or_else(|_| payload.text().to_owned(), ToString::to_string)
}
