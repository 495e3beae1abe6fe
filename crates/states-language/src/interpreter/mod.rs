//! The machine that runs definitions and writes the histories AWS would have written.
//!
//! An [`Execution`] is advanced step by step, asks for what it cannot do itself by values, and is answered from
//! outside. It knows neither clocks nor files nor networks: time is what it is told, and a copy of it is a point to
//! come back to. The scheduler is AWS's: a first-in-first-out queue of flows, one state a turn.

mod chance;
mod context;
pub mod data;
mod error;
mod event_details;
mod execution;
mod failure;
mod flow;
mod here;
mod identity;
mod journal;
mod map_run;
mod need;
mod options;
mod outside;
mod redrive;
mod retry;
mod start;
mod steered;
mod step;
pub mod test_state;
#[cfg(test)]
mod tests;
mod timers;
mod variables;

pub use context::{ContextFacts, MapItem, Redrive};
pub use error::{Fault, HEARTBEAT_TIMEOUT, Prefix, StateError};
pub use execution::{End, Execution};
pub use identity::Identity;
pub use journal::MAX_EVENTS;
pub use map_run::MapRunView;
pub use need::{ListedObject, Need, Outcome, Read, ReadAction, ReadRequest, RequestId, TaskRequest, WriteRequest};
pub use options::{MAX_PAYLOAD, Options};
pub use redrive::NotRedrivable;
pub use retry::{catcher, delay_seconds, matches, retrier};
pub use start::Start;
pub use steered::Sleep;
pub use variables::Layer;
