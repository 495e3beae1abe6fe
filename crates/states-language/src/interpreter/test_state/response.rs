//! What TestState answers.

use super::inspection::Inspection;
use crate::event::Failure;
use crate::json::Payload;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// What became of a state.
#[derive(Debug, Clone)]
pub struct Response {
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen on the way, from the level DEBUG on.
    pub inspection: Option<Inspection>,
    /// The call whose mocked result could not be compared with what the service gives. AWS's response has nothing of it.
    pub uncompared: Option<String>,
}

/// How a state ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It did its work.
    Succeeded {
        /// What leaves it.
        output: Payload,
        /// What follows; nothing when it ends its flow.
        next: Option<Arc<str>>,
    },
    /// It failed for good.
    Failed(Failure),
    /// It failed and would be retried.
    Retriable(Failure),
    /// It failed and a catcher took over.
    Caught {
        /// Why it failed.
        failure: Failure,
        /// What leaves it.
        output: Payload,
        /// What follows.
        next: Arc<str>,
    },
}

impl Outcome {
    /// Returns the value of `status`.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Succeeded { .. } => "SUCCEEDED",
            Self::Failed(_) => "FAILED",
            Self::Retriable(_) => "RETRIABLE",
            Self::Caught { .. } => "CAUGHT_ERROR",
        }
    }

    /// Returns what leaves the state.
    pub fn output(&self) -> Option<&Payload> {
        match self {
            Self::Succeeded { output, .. } | Self::Caught { output, .. } => Some(output),
            Self::Failed(_) | Self::Retriable(_) => None,
        }
    }

    /// Returns the state that follows.
    pub fn next(&self) -> Option<&str> {
        match self {
            Self::Succeeded { next, .. } => next.as_deref(),
            Self::Caught { next, .. } => Some(next),
            Self::Failed(_) | Self::Retriable(_) => None,
        }
    }

    /// Returns why it failed.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) | Self::Retriable(failure) | Self::Caught { failure, .. } => Some(failure),
            Self::Succeeded { .. } => None,
        }
    }
}

/// The members of the API's response, payloads as text.
impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        if let Some(output) = self.outcome.output() {
            members.serialize_entry("output", output.text())?;
        }
        if let Some(failure) = self.outcome.failure() {
            if let Some(error) = &failure.error {
                members.serialize_entry("error", error)?;
            }
            if let Some(cause) = &failure.cause {
                members.serialize_entry("cause", cause)?;
            }
        }
        if let Some(inspection) = &self.inspection {
            members.serialize_entry("inspectionData", inspection)?;
        }
        if let Some(next) = self.outcome.next() {
            members.serialize_entry("nextState", next)?;
        }
        members.serialize_entry("status", self.outcome.status())?;
        members.end()
    }
}
