//! What is said instead of what would be recorded from CloudWatch Logs.

use super::Args;
use super::fetch::Recorded;
use super::keeper::Keeper;
use crate::cli::Failure;
use crate::recording::Recording;
use crate::source::aws::Client;
use crate::source::remote::Remote;

const MISSING: &str = "this stepback was built without the feature 'logs'";

pub(super) async fn one(_: &Args, _: &Client, _: &Remote) -> Result<Recording, Failure> {
    Err(Failure::input(format!("An Express execution is in its log only, and {MISSING}.")))
}

pub(super) async fn children(_: &Args, _: &Client, _: &mut Recorded, _: &mut Keeper<'_>) {}

pub(super) async fn add_function_logs(_: &Client, recorded: &mut Recorded, _: &mut Keeper<'_>) {
    recorded.recording.recorded.note(format!("Log lines were not recorded: {MISSING}."));
    recorded.recording.recorded.complete = Some(false);
}
