//! What a call comes to.

use serde_json::Value;

/// The answer to a call: JSON, or why there is none. Both are for the assistant to read.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// What was asked for.
    Told(Value),
    /// Why it could not be told, as sentences.
    Failed(String),
}

impl Answer {
    /// Returns the text that is sent.
    pub fn text(&self) -> String {
        match self {
            Self::Told(value) => value.to_string(),
            Self::Failed(reason) => reason.clone(),
        }
    }

    /// Tells whether it is a failure.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

/// Why a request of the protocol has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// There is no such tool, prompt or resource, or a prompt lacks an argument; as a sentence.
    Unknown(String),
    /// The client took the request back.
    Cancelled,
}
