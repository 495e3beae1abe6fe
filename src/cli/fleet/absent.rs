//! What stands in for AWS in a program that was built without it.

use super::which::Which;
use crate::analysis::fleet::Item;
use crate::cli::{Failure, Output, aws};
use crate::recording::Recording;
use crate::report::FleetGap as Gap;
use crate::source::remote::Remote;
use std::sync::atomic::AtomicBool;

/// An execution and what was read of it.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Seen {
    pub(in crate::cli) item: Item,
    pub(in crate::cli) recording: Recording,
}

/// What was found in AWS: nothing.
#[derive(Debug, Default)]
pub(in crate::cli) struct Found {
    pub(in crate::cli) seen: Vec<Seen>,
    pub(in crate::cli) gaps: Vec<Gap>,
    pub(in crate::cli) is_stopped: bool,
}

/// A query of CloudWatch Logs Insights.
pub(super) struct Query {
    pub(super) text: String,
}

pub(in crate::cli) fn gather(
    _: &Remote,
    _: &Which,
    _: &aws::Reach,
    _: &AtomicBool,
    _: &mut Output,
) -> Result<Found, Failure> {
    Err(absent())
}

pub(super) fn query(_: &Remote, _: &Which, _: &aws::Reach) -> Result<Query, Failure> {
    Err(absent())
}

fn absent() -> Failure {
    Failure::input("This stepback was built without AWS.").hint("Build it with the feature 'aws'.")
}
