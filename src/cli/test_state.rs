//! `stepback test-state`.

use super::{Failure, Output, Verdict};

/// Runs one state as TestState does.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) fn run(_args: &Args, _output: &mut Output) -> Result<Verdict, Failure> {
    Err(Failure::input("This command is not written yet."))
}
