//! What a task is answered with.

use super::live::LiveCall;
use crate::event::{EventType, Failure};
use crate::interpreter::{Outcome, TaskRequest};
use crate::json::Payload;
use std::sync::Arc;

/// Somebody who answers tasks.
pub trait Answers {
    /// Answers a request.
    fn reply(&mut self, request: &TaskRequest) -> Reply;

    /// Returns the ARNs of activities that are said not to exist. All others do.
    fn missing_activities(&self) -> Vec<String> {
        Vec::new()
    }

    /// Tells whether a recording may answer what these answers do not name.
    fn allows_recorded(&self) -> bool {
        true
    }

    /// Answers a request that nobody else answers, not even a recording.
    fn otherwise(&mut self, _request: &TaskRequest) -> Reply {
        Reply::Nobody
    }

    /// Gives the answers somebody to turn to for what they do not hold.
    fn ask(&mut self, _person: &Arc<dyn Person>) {}

    /// Returns the answers no task has asked for yet.
    fn unused(&self) -> Vec<Unused> {
        Vec::new()
    }

    /// Returns the answers to tasks of the execution that a task starts, if there are any.
    fn within(&mut self, _task: &str, _path: &[u32]) -> Option<Box<dyn Answers + Send>> {
        None
    }
}

/// Somebody who is asked while a run waits.
pub trait Person: Send + Sync {
    /// Shows a request and returns what is to be answered; `None` if that is not known.
    fn ask(&self, request: &TaskRequest) -> Option<Answer>;
}

/// Answers that no task asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unused {
    /// The key they stand under.
    pub key: String,
    /// How many.
    pub count: usize,
    /// How many were asked for before them.
    pub used: usize,
}

/// What is known about the answer to a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// The whole answer.
    Given(Answer),
    /// Somebody has to be asked.
    Ask(LiveCall),
    /// Nobody answers.
    Nobody,
}

/// The answer to a task, from its start to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The name of the worker, for activities.
    pub worker: Option<Arc<str>>,
    /// What the service said to the first call, for jobs and task tokens.
    pub submitted: Option<Payload>,
    /// How it ends.
    pub ending: Ending,
    /// Seconds that takes, when somebody said so.
    pub after: Option<f64>,
}

/// How an answered task ends.
#[derive(Debug, Clone)]
pub enum Ending {
    /// With a result.
    Succeeded(Payload),
    /// With an error, told by an event of its own if one is named.
    Failed(Failure, Option<EventType>),
    /// Not before its time is over, be it the whole of it or the time for a heartbeat.
    TimedOut,
    /// Because a heartbeat did not come.
    HeartbeatMissed,
    /// Not by an answer: what is over first is its time, if it has a limit, or what is around it.
    Pending,
    /// It cannot end, because nobody answers a task of the execution it started.
    Unanswered(Box<TaskRequest>),
}

impl Ending {
    /// Returns what an interpreter is told; of what nobody answers, that its time is over.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Succeeded(result) => Outcome::Succeeded(result),
            Self::Failed(failure, None) => Outcome::Failed(failure),
            Self::Failed(failure, Some(kind)) => Outcome::FailedAs(kind, failure),
            Self::HeartbeatMissed => Outcome::HeartbeatMissed,
            Self::TimedOut | Self::Pending | Self::Unanswered(_) => Outcome::TimedOut,
        }
    }
}

impl Answer {
    /// An answer of which only the end is known.
    pub fn of(ending: Ending) -> Self {
        Self { worker: None, submitted: None, ending, after: None }
    }
}

impl<A: Answers + ?Sized> Answers for Box<A> {
    fn reply(&mut self, request: &TaskRequest) -> Reply {
        (**self).reply(request)
    }

    fn missing_activities(&self) -> Vec<String> {
        (**self).missing_activities()
    }

    fn allows_recorded(&self) -> bool {
        (**self).allows_recorded()
    }

    fn otherwise(&mut self, request: &TaskRequest) -> Reply {
        (**self).otherwise(request)
    }

    fn ask(&mut self, person: &Arc<dyn Person>) {
        (**self).ask(person);
    }

    fn unused(&self) -> Vec<Unused> {
        (**self).unused()
    }

    fn within(&mut self, task: &str, path: &[u32]) -> Option<Box<dyn Answers + Send>> {
        (**self).within(task, path)
    }
}

/// Nobody answers anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Answers for Nobody {
    fn reply(&mut self, _request: &TaskRequest) -> Reply {
        Reply::Nobody
    }
}

/// Returns the key of a request in an answers file: the state and the iterations around it, as in `Charge[3][0]`.
pub fn request_key(request: &TaskRequest) -> String {
    task_key(&request.state, &request.path)
}

/// Returns the key of a task in an answers file.
pub fn task_key(state: &str, path: &[u32]) -> String {
    let indexes: String = path.iter().map(|index| format!("[{index}]")).collect();
    format!("{state}{indexes}")
}
