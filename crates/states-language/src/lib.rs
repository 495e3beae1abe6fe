//! The Amazon States Language: definitions parsed and checked, JSONPath and JSONata as AWS Step Functions has them, and
//! an interpreter that writes the event history AWS would have written.
//!
//! Nothing in this crate sleeps, reads a clock or a file, or opens a connection. What an execution cannot do by itself
//! is a value it returns: a task to be done, objects to be read, a time to wait for. The caller feeds the answers, and
//! the same answers give the same history, event for event.
//!
//! # An example
//!
//! Parse a machine, run it with answers of one's own, read the history:
//!
//! ```
//! use states_language::asl::{Machine, MachineKind};
//! use states_language::event::Timestamp;
//! use states_language::interpreter::{End, Execution, Identity, Need, Options, Outcome};
//! use states_language::json::Payload;
//! use std::sync::Arc;
//!
//! let definition = r#"{
//!   "StartAt": "Charge",
//!   "States": {
//!     "Charge": {
//!       "Type": "Task",
//!       "Resource": "arn:aws:states:::lambda:invoke",
//!       "Parameters": { "FunctionName": "charge", "Payload": { "cents.$": "$.cents" } },
//!       "ResultSelector": { "receipt.$": "$.Payload.receipt" },
//!       "Next": "Wait"
//!     },
//!     "Wait": { "Type": "Wait", "Seconds": 86400, "End": true }
//!   }
//! }"#;
//! let (machine, diagnostics) = Machine::parse(definition, MachineKind::Standard);
//! assert!(diagnostics.is_empty());
//! let machine = Arc::new(machine.expect("without errors there is a machine"));
//!
//! let identity = Identity::local(MachineKind::Standard, Timestamp::from_millis(0));
//! let input = Payload::from_text(r#"{"cents": 1200}"#);
//! let mut execution = Execution::new(machine, Arc::new(identity), input, Options::default());
//! let end = loop {
//!     execution.advance();
//!     if let Some(end) = execution.end() {
//!         break end.clone();
//!     }
//!     for need in execution.take_needs() {
//!         let Need::Task(task) = need else { unreachable!("there is no distributed Map") };
//!         assert_eq!(task.parameters.text(), r#"{"FunctionName":"charge","Payload":{"cents":1200}}"#);
//!         let result = Payload::from_text(r#"{"Payload": {"receipt": "r-1"}}"#);
//!         execution.answer(task.id, Outcome::Succeeded(result));
//!     }
//!     // A day passes at once: time is what the execution is told.
//!     if let (false, Some(then)) = (execution.has_work(), execution.next_timer()) {
//!         execution.tick(then);
//!     }
//! };
//! assert_eq!(end, End::Succeeded(Payload::from_text(r#"{"receipt":"r-1"}"#)));
//! let types: Vec<_> = execution.events().iter().map(|event| event.kind.name()).collect();
//! assert_eq!(types.first(), Some(&"ExecutionStarted"));
//! assert_eq!(types.last(), Some(&"ExecutionSucceeded"));
//! assert!(types.contains(&"TaskSubmitted") || types.contains(&"TaskSucceeded"));
//! ```
//!
//! # The modules
//!
//! - [`json`]: payloads as text, kept as received and parsed when somebody looks. AWS passes untouched payloads through
//!   byte for byte, and so does this crate.
//! - [`event`]: the types of events of a history, typed, read from and written as AWS's JSON; what is unknown survives.
//! - [`query`]: JSONPath, JSONata, intrinsic functions, payload templates and choice rules: text is compiled once and
//!   evaluated many times. Errors are values, worded as AWS words them.
//! - [`asl`]: a definition becomes a [`Machine`](asl::Machine), an enum for each type of state with only the fields that
//!   type may have, and [`Diagnostic`](asl::Diagnostic)s with AWS's codes.
//! - [`interpreter`]: [`Execution`](interpreter::Execution), and TestState.
//!
//! # Versions
//!
//! SemVer. Before 1.0 a minor version may change the interface. The wording of errors and diagnostics follows AWS's, and
//! new diagnostics may come with any version.

#![deny(unsafe_code)]

pub mod asl;
pub mod event;
pub mod interpreter;
pub mod json;
pub mod query;

#[cfg(test)]
#[expect(dead_code, reason = "the program's tests use more of it")]
#[path = "../../../tests/suite/corpus.rs"]
mod corpus;
