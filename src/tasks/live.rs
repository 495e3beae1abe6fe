//! Live answers: a local command, or the invocation URL of a Lambda runtime emulator.
//!
//! Nobody who answers can hold up the run: what they say is read up to a limit, and they are ended when the task is over
//! for the interpreter, when the run is, or when somebody interrupts it.

mod command;
mod http;
mod stop;
#[cfg(test)]
mod tests;

pub use stop::end_all;

use super::answer::Ending;
use crate::event::Failure;
use crate::interpreter::{MAX_PAYLOAD, RequestId, TaskRequest};
use crate::json::Payload;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use stop::Stop;

/// What is read of a result: as much as a payload may have, and room for the white space around it.
const MOST: usize = MAX_PAYLOAD * 4;

/// Somebody to be asked while the run goes on.
#[derive(Debug, Clone)]
pub enum LiveCall {
    /// A command: the request on its standard input, the result on its standard output.
    Command {
        /// The program.
        program: Arc<str>,
        /// Its arguments.
        arguments: Arc<[String]>,
    },
    /// An address the input is posted to, as to a Lambda function.
    Http(Arc<str>),
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NoAnswer {
    /// It is longer than a result may be.
    TooLarge,
    /// Somebody ended the call.
    Ended,
    /// Anything else, as a sentence.
    Because(String),
}

impl LiveCall {
    /// A call of a command; `None` when there is none.
    pub fn command(mut words: Vec<String>) -> Option<Self> {
        if words.is_empty() {
            return None;
        }
        let program = words.remove(0);
        Some(Self::Command { program: program.into(), arguments: words.into() })
    }

    fn perform(&self, name: &str, input: &str, stop: &Stop) -> Ending {
        let ended = match self {
            Self::Command { program, arguments } => command::run(program, arguments, input, stop),
            Self::Http(url) => http::post(url, input, stop),
        };
        ended.unwrap_or_else(|no| match no {
            NoAnswer::TooLarge => failed("States.DataLimitExceeded", &too_large(name)),
            NoAnswer::Ended => failed("Stepback.NoAnswer", "The call was ended."),
            NoAnswer::Because(reason) => failed("Stepback.NoAnswer", &reason),
        })
    }
}

/// AWS's words.
fn too_large(name: &str) -> String {
    format!(
        "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
}

/// The calls that are running, each in a thread of its own. Dropping it ends them.
pub struct Live {
    running: HashMap<RequestId, Arc<Stop>>,
    sender: Sender<(RequestId, Ending)>,
    receiver: Receiver<(RequestId, Ending)>,
}

impl Default for Live {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { running: HashMap::new(), sender, receiver }
    }
}

impl Live {
    /// Begins a call.
    pub fn begin(&mut self, request: &TaskRequest, call: LiveCall) {
        let (sender, id, input) = (self.sender.clone(), request.id, request.parameters.clone());
        let (name, stop) = (request.resource.arn().to_owned(), Arc::new(Stop::default()));
        self.running.insert(id, Arc::clone(&stop));
        std::thread::spawn(move || {
            let _ = sender.send((id, call.perform(&name, input.text(), &stop)));
        });
    }

    /// Tells whether calls are running.
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// Waits for the next call to end, at most so long; when none is running, just so long.
    pub fn next(&mut self, limit: Duration) -> Option<(RequestId, Ending)> {
        if self.running.is_empty() {
            std::thread::sleep(limit);
            return None;
        }
        let (id, ending) = self.receiver.recv_timeout(limit).ok()?;
        // What was ended may have answered all the same; nobody waits for it.
        self.running.remove(&id).map(|_| (id, ending))
    }

    /// Waits for the next call to end as long as any is running.
    pub fn wait(&mut self) -> Option<(RequestId, Ending)> {
        while self.is_busy() {
            if let Some(done) = self.next(Duration::from_secs(1)) {
                return Some(done);
            }
        }
        None
    }

    /// Ends the calls nobody waits for any more.
    pub fn keep_only(&mut self, wanted: impl Fn(RequestId) -> bool) {
        let (kept, over) = std::mem::take(&mut self.running).into_iter().partition(|(id, _)| wanted(*id));
        self.running = kept;
        end(&over);
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        end(&std::mem::take(&mut self.running));
    }
}

/// Asks all at once to end, before any of them is waited for.
fn end(calls: &HashMap<RequestId, Arc<Stop>>) {
    calls.values().for_each(|stop| stop.ask());
    calls.values().for_each(|stop| stop.end());
}

/// Text that is no JSON counts as a string.
fn as_payload(text: &str) -> Payload {
    let payload = Payload::from_text(text);
    if payload.value().is_ok() { payload } else { Payload::from_value(text.into()) }
}

/// The object a Lambda function that failed answers with.
fn function_error(text: &str) -> Option<Ending> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let object = value.as_object()?;
    object.get("errorMessage")?;
    let error = object.get("errorType").and_then(serde_json::Value::as_str).unwrap_or("Error");
    Some(failed(error, text))
}

fn failed(error: &str, cause: &str) -> Ending {
    Ending::Failed(Failure { error: Some(error.into()), cause: Some(cause.into()) }, None)
}
