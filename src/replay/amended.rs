//! Answers that are given instead of recorded ones, one by one; and the tasks that still want one.

use crate::event::EventId;
use crate::interpreter::TaskRequest;
use crate::json::Payload;
use crate::tasks::{AnswersError, AnswersFile, Reply};
use std::collections::HashMap;
use std::sync::Arc;

/// One try of a task.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Try {
    /// One that was recorded, by the event that scheduled it.
    Recorded(EventId),
    /// One of a replay.
    Replayed {
        /// The state.
        state: Arc<str>,
        /// The iterations around it, outermost first.
        path: Vec<u32>,
        /// Which visit of the state there, from 1.
        visit: u32,
        /// Which attempt of that visit, from 1.
        attempt: u32,
    },
}

/// Single answers that are given instead of the recorded ones.
#[derive(Debug, Clone, Default)]
pub struct Amended {
    replies: HashMap<Try, Reply>,
    /// How many visits of each task have begun.
    visits: HashMap<(Arc<str>, Vec<u32>), u32>,
}

/// A task that wants an answer nobody recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// Which try.
    pub of: Try,
    /// The state.
    pub state: Arc<str>,
    /// The iterations around it, outermost first.
    pub path: Vec<u32>,
    /// Which attempt of the visit, from 1.
    pub attempt: u32,
    /// Who is to do it.
    pub resource: String,
    /// The parameters of the call, or the input of the function or activity.
    pub parameters: Payload,
}

impl Amended {
    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.replies.is_empty()
    }

    /// Gives an answer, written as an entry of an answers file: `{"result": …}`, `{"error": …, "cause": …}`,
    /// `{"timeout": true}`. The state is named in errors.
    pub fn give(&mut self, of: Try, state: &str, entry: &str) -> Result<(), AnswersError> {
        self.replies.insert(of, AnswersFile::entry(state, entry)?);
        Ok(())
    }

    /// Tells which try of the replay a request is. Every request is to be told once, in order.
    pub(super) fn count(&mut self, request: &TaskRequest) -> Try {
        let visits = self.visits.entry((Arc::clone(&request.state), request.path.clone())).or_default();
        if request.attempt == 0 || *visits == 0 {
            *visits += 1;
        }
        let (state, path) = (Arc::clone(&request.state), request.path.clone());
        Try::Replayed { state, path, visit: *visits, attempt: request.attempt + 1 }
    }

    /// Returns the answer to a try, known by one name or the other.
    pub(super) fn reply(&self, replayed: &Try, recorded: Option<EventId>) -> Option<Reply> {
        let recorded = recorded.and_then(|event| self.replies.get(&Try::Recorded(event)));
        self.replies.get(replayed).or(recorded).cloned()
    }
}

impl Asking {
    pub(super) fn of(request: &TaskRequest, of: Try) -> Self {
        Self {
            of,
            state: Arc::clone(&request.state),
            path: request.path.clone(),
            attempt: request.attempt + 1,
            resource: request.resource.arn().to_owned(),
            parameters: request.parameters.clone(),
        }
    }
}
