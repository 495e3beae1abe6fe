//! What is wrong with a definition.

use super::place::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The machine can be created and probably does not do what its author wants.
    Warning,
    /// AWS refuses to create the machine.
    Error,
}

impl Severity {
    /// Returns the word AWS uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

/// Whose finding it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// AWS says so when the machine is created or validated.
    Aws,
    /// AWS lets it pass, or does not read such a text at all.
    Stepback,
}

impl Origin {
    /// Returns the word of it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Stepback => "stepback",
        }
    }
}

/// One finding about a definition, in AWS's words where AWS has words for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Whose it is.
    pub origin: Origin,
    /// The code, such as `SCHEMA_VALIDATION_FAILED`.
    pub code: &'static str,
    /// The sentence AWS says, or ours.
    pub message: String,
    /// The JSON pointer AWS names; absent when the text is no JSON object at all.
    pub location: Option<String>,
    /// The text the finding is about.
    pub span: Option<Span>,
    /// What to do about it.
    pub hint: Option<String>,
}
