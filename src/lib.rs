//! stepback opens AWS Step Functions executions, says what failed and why, lets one step through every event with the
//! data that was there, and replays runs on a local interpreter of the Amazon States Language.
//!
//! # The map
//!
//! Two pillars that meet in a comparison: on the left a faithful interpreter without input or output of its own; on the
//! right the history of a real execution, reconstructed; between them [`replay`]; on top one screen and one command
//! line that ask the same questions.
//!
//! ```text
//!               main ─ cli
//!                    mcp                the same answers for an assistant: what may leave, and how much of it
//!                    runtime            the impure shell: event loop, terminal, effects, clock
//!                 report   tui          the same answers as text, and as a pure program over messages
//!                    analysis           questions put to a history: the cause and what surrounds it
//!                     replay            recorded answers + edits → a second history, and where it leaves the first
//!                     tasks             who answers a Task: a file, a command, HTTP
//!   interpreter   template   history   source        AWS · CloudWatch Logs · files
//!              asl           recording               what was captured, on disk, self-contained
//!            query           event                   AWS's event vocabulary, typed, both directions
//!                     json                           payload text, places, rows
//! ```
//!
//! Arrows go down only; `tests/suite/architecture.rs` keeps the table of who may name whom.
//!
//! # Glossary
//!
//! One name per thing, AWS's own for AWS's things.
//!
//! - **machine**: a state machine, its definition understood ([`asl::Machine`]).
//! - **execution**: one run of a machine.
//! - **event**: one entry of an execution's history ([`event::Event`]), known by its id and its parent.
//! - **history**: an execution's events, and what they add up to ([`history`]).
//! - **visit**: one stay in a state, from its `…StateEntered` to its end.
//! - **attempt**: one try at a visit's work; retries and redrives make more of them.
//! - **scope**: where a visit belongs: the root flow, a branch, a Map iteration, a child execution.
//! - **recording**: a captured execution with all that explains it, in one file ([`recording`]).
//! - **payload**: JSON text as received ([`json::Payload`]).
//! - **cause**: the failure that started it all, not the one that reported it.
//!
//! # Invariants
//!
//! - The interpreter has no clock, no files, no network and no randomness of its own: what it needs is given to it, so
//!   the same answers give the same history.
//! - Payload text is never re-printed: what AWS passes through byte for byte, we pass through.
//! - What is not understood is kept and shown: unknown event types, unknown members, contradictions (as anomalies).
//! - Reconstructing a history never fails, and nothing in this crate panics on input.
//! - The screen is a pure program: messages in, effects out; it knows no clock, no files and no terminal.
//! - Nothing leaves the machine unasked.

pub mod analysis;
pub mod cases;
pub mod cli;
pub mod history;
pub mod json;
pub mod mcp;
pub mod recording;
pub mod replay;
pub mod report;
pub mod runtime;
pub mod source;
pub mod tasks;
pub mod template;
pub mod tui;

pub use states_language::{asl, event, interpreter, query};

#[cfg(test)]
#[path = "../tests/suite/corpus.rs"]
mod corpus;
