//! How an execution stands, and which kind of machine it runs on.

use crate::event::EventType;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// How an execution or a map run stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Status {
    /// Not ended yet.
    Running,
    /// Ended with an output.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ran longer than its machine allows.
    TimedOut,
    /// Stopped from outside.
    Aborted,
    /// A child of a map run that will be redriven.
    PendingRedrive,
    /// Nobody can tell: the recording was cut off before the end. No word of AWS.
    CutOff,
    /// Nobody can tell: the end is not in the recording. No word of AWS.
    NotKnown,
    /// A word newer than this program.
    Unknown(Arc<str>),
}

impl Status {
    /// Returns the status of that name.
    pub fn from_name(name: &str) -> Self {
        match name {
            "RUNNING" => Self::Running,
            "SUCCEEDED" => Self::Succeeded,
            "FAILED" => Self::Failed,
            "TIMED_OUT" => Self::TimedOut,
            "ABORTED" => Self::Aborted,
            "PENDING_REDRIVE" => Self::PendingRedrive,
            "CUT_OFF" => Self::CutOff,
            "UNKNOWN" => Self::NotKnown,
            name => Self::Unknown(name.into()),
        }
    }

    /// Returns AWS's word.
    pub fn name(&self) -> &str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
            Self::PendingRedrive => "PENDING_REDRIVE",
            Self::CutOff => "CUT_OFF",
            Self::NotKnown => "UNKNOWN",
            Self::Unknown(name) => name,
        }
    }

    /// Tells whether how it ended is not in the recording.
    pub fn is_unseen(&self) -> bool {
        matches!(self, Self::CutOff | Self::NotKnown)
    }

    /// Returns how an execution stands whose last event is of that type, when the type ends executions.
    pub fn after(last: &EventType) -> Option<Self> {
        match last {
            EventType::ExecutionSucceeded => Some(Self::Succeeded),
            EventType::ExecutionFailed => Some(Self::Failed),
            EventType::ExecutionTimedOut => Some(Self::TimedOut),
            EventType::ExecutionAborted => Some(Self::Aborted),
            _ => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Which kind of machine: they differ in limits, in guarantees, and in where their histories are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MachineType {
    /// Runs up to a year; its history is kept by the service.
    Standard,
    /// Runs up to five minutes; its history is in its logs only.
    Express,
    /// A word newer than this program.
    Unknown(Arc<str>),
}

impl MachineType {
    /// Returns the type of that name.
    pub fn from_name(name: &str) -> Self {
        match name {
            "STANDARD" => Self::Standard,
            "EXPRESS" => Self::Express,
            name => Self::Unknown(name.into()),
        }
    }

    /// Returns AWS's word.
    pub fn name(&self) -> &str {
        match self {
            Self::Standard => "STANDARD",
            Self::Express => "EXPRESS",
            Self::Unknown(name) => name,
        }
    }
}

impl fmt::Display for MachineType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for MachineType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
