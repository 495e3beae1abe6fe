//! The same answers for an assistant: tools, resources and prompts of the Model Context Protocol.
//!
//! A tool is a thin call of a command (`tools`): its arguments become options (`given`), the command's JSON becomes
//! its answer. What is added here is what an assistant needs and a person at a shell does not: nothing of a payload
//! leaves unless the server was started so (`veil`, `words`), only what is below the given folders is read
//! (`places`), and an answer keeps to a number of bytes and says how to ask for the rest (`fit`).
//!
//! ```text
//!   client ⇄ serve ─ desk ─┬─ tools ─ given ─ places
//!                          ├─ the command line, as something to be called (Commands)
//!                          ├─ veil ─ shape, words        what may leave
//!                          ├─ fit                        how much of it
//!                          └─ prompts, resources, journal
//! ```
//!
//! Only `serve` knows the protocol's library, and only a build with the feature `mcp` has it: the rest is plain JSON. This
//! module must not know how a question is answered.

mod answer;
mod commands;
mod desk;
mod fit;
mod given;
mod journal;
mod open;
mod places;
mod prompts;
mod resources;
mod secrets;
#[cfg(feature = "mcp")]
mod serve;
mod shape;
mod slim;
mod tools;
mod veil;
mod words;

pub use answer::{Answer, Unanswered};
pub use commands::{Commands, Opt, Told};
pub use desk::{Desk, Settings};
pub use journal::Journal;
pub use places::{Places, Refused};
#[cfg(feature = "mcp")]
pub use serve::serve;
