//! All integration tests, one binary: linking once keeps the build short.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod architecture;
mod cause;
mod check;
mod diff;
mod export_html;
mod flow;
mod graph;
mod provenance;
mod pty;
mod query;
mod random_machines;
mod readme;
mod recordings;
mod replay;
mod run;
mod run_command;
mod screen;
mod shell;
mod terminal;
mod test_state;
