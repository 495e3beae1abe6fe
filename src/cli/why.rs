//! `stepback why`.

use super::{Failure, Output, Verdict};

/// Says what failed and why.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) fn run(_args: &Args, _output: &mut Output) -> Result<Verdict, Failure> {
    Err(Failure::input("This command is not written yet."))
}
