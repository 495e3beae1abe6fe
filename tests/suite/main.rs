//! All integration tests, one binary: linking once keeps the build short.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod architecture;
#[cfg(feature = "aws")]
mod aws;
mod broken_inputs;
mod cases;
mod cause;
mod check;
#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
mod corpus;
mod diff;
mod docs;
#[cfg(feature = "aws")]
mod emulators;
mod export_html;
mod fleet;
mod flow;
mod graph;
#[cfg(unix)]
mod hostile;
mod licences;
mod map_run_results;
mod mcp;
mod mutations;
mod newcomer;
mod pictures;
#[cfg(feature = "aws")]
mod program;
mod provenance;
mod pty;
mod query;
mod random_machines;
#[cfg(feature = "aws")]
mod record;
mod recordings;
mod replay;
mod replay_cut;
mod run;
mod run_command;
mod screen;
mod shell;
mod terminal;
mod test_state;
