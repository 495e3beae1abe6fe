//! Lists that come in pages, and what they are asked for.

use crate::recording::Status;

/// Part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is in it, in the service's order.
    pub items: Vec<T>,
    /// What to ask for the part after it; `None` after the last.
    pub next: Option<String>,
}

/// Whose executions are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// Those of a machine, or of a version or alias of it: its ARN.
    Machine(String),
    /// Those a map run started: its ARN.
    MapRun(String),
}

/// Which executions are listed, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionFilter {
    /// Whose.
    pub of: Listed,
    /// Only those that stand so.
    pub status: Option<Status>,
    /// Only those that were redriven, or were not; the service knows this for machines only.
    pub redrive: Option<RedriveFilter>,
    /// How many a page holds at most: 1 to 1,000.
    pub limit: u32,
}

/// Whether an execution was redriven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedriveFilter {
    /// It was.
    Redriven,
    /// It was not.
    NotRedriven,
}

/// From which end a history is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Forward,
    /// Newest first.
    Reverse,
}

impl ExecutionFilter {
    /// All executions of a machine, 100 a page.
    pub fn of_machine(arn: impl Into<String>) -> Self {
        Self { of: Listed::Machine(arn.into()), status: None, redrive: None, limit: 100 }
    }

    /// All executions of a map run, 1,000 a page.
    pub fn of_map_run(arn: impl Into<String>) -> Self {
        Self { of: Listed::MapRun(arn.into()), status: None, redrive: None, limit: 1_000 }
    }
}

impl RedriveFilter {
    /// Returns AWS's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Redriven => "REDRIVEN",
            Self::NotRedriven => "NOT_REDRIVEN",
        }
    }
}
