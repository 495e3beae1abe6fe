//! `stepback show`.

use super::{Failure, Output, Verdict};

/// Shows the visits of an execution.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) fn run(_args: &Args, _output: &mut Output) -> Result<Verdict, Failure> {
    Err(Failure::input("This command is not written yet."))
}
