//! `stepback check`.

use super::{Failure, Output, Verdict};

/// Checks definitions.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) fn run(_args: &Args, _output: &mut Output) -> Result<Verdict, Failure> {
    Err(Failure::input("This command is not written yet."))
}
