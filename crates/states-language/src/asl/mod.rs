//! The Amazon States Language: definition text becomes a [`Machine`], and what is wrong with it becomes [`Diagnostic`]s.
//!
//! Everything an expression can be is compiled here, once, so that running a machine only evaluates. This module must
//! not know how a machine is run, nor where its text came from.

pub mod compiled;
mod definition;
mod diagnostic;
pub mod graph;
mod json;
#[cfg(test)]
mod later;
mod machine;
mod node;
mod parse;
mod place;
mod references;
mod resource;
mod retry;
mod rules;
#[cfg(test)]
mod samples;
pub mod services;
mod setting;
mod source;
pub mod state;
#[cfg(test)]
mod tests;
mod yaml;

pub use definition::{Accepted, Definition, Format};
pub use diagnostic::{Diagnostic, Origin, Severity};
pub use json::json_complaint;
pub use machine::{Container, Machine, MachineKind, QueryLanguage, Scope, ScopeId, StateId, Target, Transition};
pub use node::{Data, Member, Node, Unreadable, has_substitution};
pub use place::{Place, Span};
pub use resource::{Pattern, Resource, ServiceCall};
pub use retry::{CatchData, Catcher, ErrorPattern, Jitter, Retrier};
pub use setting::{Arguments, ResultPath, Selection, Setting, Text};
pub use source::{Position, Source};
pub use state::{State, StateKind};
