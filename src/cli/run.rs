//! `stepback run`.

use super::{Failure, Output, Verdict};

/// Runs a state machine on the local interpreter.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) fn run(_args: &Args, _output: &mut Output) -> Result<Verdict, Failure> {
    Err(Failure::input("This command is not written yet."))
}
