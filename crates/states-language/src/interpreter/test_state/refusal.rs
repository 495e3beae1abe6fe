//! Why TestState does not try a state out at all.

use crate::asl::services::MockMismatch;
use crate::asl::{Diagnostic, Severity};
use std::fmt;

/// A request that is not answered, with AWS's code and sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// A member of the request that the API's model does not allow.
    Constraint {
        /// The member.
        member: &'static str,
        /// What it has to be.
        constraint: Constraint,
    },
    /// A definition AWS would not accept; at least one diagnostic is an error.
    Definition(Vec<Diagnostic>),
    /// No state of the definition has that name.
    StateNotFound,
    /// An input that is no JSON, with the reader's complaint.
    Input(String),
    /// Variables that are no JSON object.
    Variables,
    /// A Map or Parallel whose result is not given.
    ContainerWithoutMock,
    /// A task that somebody else has to finish and whose result is not given.
    PatternWithoutMock,
    /// A Task that nobody says the role of.
    RoleMissing,
    /// Iterations are said to have failed of what is not a Map.
    NotMap,
    /// A member that only makes sense beside a mock; its name as the sentence has it.
    OnlyWithMock(&'static str),
    /// Something about the mock.
    Mock(MockProblem),
    /// Something about the context object.
    Context(ContextProblem),
    /// The reader's data is missing.
    ReaderDataMissing,
    /// More iterations are said to have failed than there are.
    TooManyFailures,
    /// The iterations would be given more than fits into memory.
    IterationsTooLarge,
    /// A Task whose result is not given. AWS would make the call; stepback does not.
    NotCalled {
        /// The state.
        state: String,
        /// What it calls.
        resource: String,
    },
}

/// What a member of a request has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// It must be there.
    Present,
    /// It is one of a few words.
    OneOf {
        /// What it is.
        value: String,
        /// What it may be.
        allowed: Vec<&'static str>,
    },
    /// It has so many characters.
    Length {
        /// What it is.
        value: String,
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// It has so many characters at most; what it is is not told.
    AtMost(usize),
    /// It is not below 0.
    NotNegative {
        /// What it is.
        value: i64,
    },
}

/// What is wrong with a mock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MockProblem {
    /// Neither a result nor an error.
    Empty,
    /// Both.
    Both,
    /// An error without a name.
    ErrorMissing,
    /// A result that is no JSON.
    NotJson,
    /// A result that is null.
    Null,
    /// A result that is not an object where only that can be.
    NotObject,
    /// A result that is not an array where only that can be.
    NotArray,
    /// Not one result for each branch.
    BranchCount,
    /// Not one result for each iteration.
    IterationCount,
    /// A state whose work is not somebody else's.
    StateType(&'static str),
    /// Secrets are to be shown of a call that is not made.
    RevealSecrets,
    /// A member that does not fit what the service gives.
    Schema(MockMismatch),
}

/// What is wrong with a context object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextProblem {
    /// It is no JSON object.
    NotObject,
    /// A member of the wrong type.
    WrongType {
        /// Its path, such as `Execution.Id`.
        path: String,
        /// What it must be, with its article.
        expected: &'static str,
    },
    /// A member that no context object has.
    NotAllowed(String),
    /// `Map`, which cannot be given.
    Map,
    /// A task token for a state that has none.
    Task,
}

impl Refusal {
    /// Returns the code of AWS's error; `None` when it is stepback that cannot go on, not AWS that refuses.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::NotCalled { .. } | Self::IterationsTooLarge => None,
            Self::Definition(_) | Self::ContainerWithoutMock | Self::PatternWithoutMock => Some("InvalidDefinition"),
            Self::Input(_) => Some("InvalidExecutionInput"),
            _ => Some("ValidationException"),
        }
    }
}

impl From<MockProblem> for Refusal {
    fn from(problem: MockProblem) -> Self {
        Self::Mock(problem)
    }
}

impl From<ContextProblem> for Refusal {
    fn from(problem: ContextProblem) -> Self {
        Self::Context(problem)
    }
}

impl std::error::Error for Refusal {}

/// The sentence AWS answers with.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const TYPES: &str = "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]";
        match self {
            Self::Constraint { member, constraint } => constraint.write(f, member),
            Self::Definition(diagnostics) => {
                f.write_str("Invalid State Machine Definition: '")?;
                write_errors(f, diagnostics)?;
                f.write_str("'")
            }
            Self::StateNotFound => f.write_str("State not found in definition"),
            Self::Input(complaint) => write!(f, "Invalid State Machine Execution Input: '{complaint}'"),
            Self::Variables => f.write_str("Variables must be a valid JSON object"),
            Self::ContainerWithoutMock => {
                write!(f, "TestState API does not support Map or Parallel states. {TYPES}")
            }
            Self::PatternWithoutMock => f.write_str(
                "TestState API does not support Activity tasks and '.sync' or '.waitForTaskToken' service integration \
                 patterns when a mock is not specified",
            ),
            Self::RoleMissing => f.write_str("RoleArn must be specified when testing a Task state"),
            Self::OnlyWithMock(member) => {
                write!(f, "TestState does not support {member} when a mock is not specified.")
            }
            Self::NotMap => f.write_str("MapIterationFailureCount is only supported when testing a Map state."),
            Self::Mock(problem) => problem.fmt(f),
            Self::Context(problem) => write!(f, "Invalid Context object provided: {problem}"),
            Self::ReaderDataMissing => {
                f.write_str("ItemReader data must be specified when testing a Map state with ItemReader specified.")
            }
            Self::TooManyFailures => {
                f.write_str("Map iteration failure count must be less than or equal to the number of Map iterations")
            }
            Self::IterationsTooLarge => f.write_str("The inputs of the iterations are too large to be shown."),
            Self::NotCalled { state, resource } => {
                write!(f, "The state '{state}' calls '{resource}', and its result is not given.")
            }
        }
    }
}

fn write_errors(f: &mut fmt::Formatter<'_>, diagnostics: &[Diagnostic]) -> fmt::Result {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    for (index, error) in errors.enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{}: {}", error.code, error.message)?;
        if let Some(location) = &error.location {
            write!(f, " at {location}")?;
        }
    }
    Ok(())
}

impl Constraint {
    fn write(&self, f: &mut fmt::Formatter<'_>, member: &str) -> fmt::Result {
        f.write_str("1 validation error detected: Value ")?;
        let must = format!("at '{member}' failed to satisfy constraint: Member must");
        match self {
            Self::Present => write!(f, "null {must} not be null"),
            Self::OneOf { value, allowed } => {
                write!(f, "'{value}' {must} satisfy enum value set: [{}]", allowed.join(", "))
            }
            Self::Length { value, least, .. } if value.is_empty() => {
                write!(f, "'' {must} have length greater than or equal to {least}")
            }
            Self::Length { value, most, .. } => write!(f, "'{value}' {must} have length less than or equal to {most}"),
            Self::AtMost(most) => write!(f, "{must} have length less than or equal to {most}"),
            Self::NotNegative { value } => write!(f, "'{value}' {must} have value greater than or equal to 0"),
        }
    }
}

impl fmt::Display for MockProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "One of the following fields is required for a test mock: [result, errorOutput].",
            Self::Both => "A test mock should have only one of the following fields: [result, errorOutput].",
            Self::ErrorMissing => "An error was not specified in the mocked error output.",
            Self::NotJson => "Mocked result must be valid JSON",
            Self::Null => "Mocked result must be a valid JSON object.",
            Self::NotObject => "Mocked result must be a JSON object.",
            Self::NotArray => "Mocked result must be an array.",
            Self::BranchCount => "Mocked result must contain the same number of items as number of Parallel branches.",
            Self::IterationCount => "Input array does not equal the mocked result array's size",
            Self::StateType(kind) => {
                return write!(f, "State type '{kind}' is not supported when a mock is specified");
            }
            Self::RevealSecrets => "TestState does not support RevealSecrets when a mock is specified.",
            Self::Schema(mismatch) => return write!(f, "Mock result schema validation error: {mismatch}"),
        })
    }
}

impl fmt::Display for ContextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotObject => f.write_str("must be a valid JSON object"),
            Self::WrongType { path, expected } => write!(f, "{path} must be {expected}"),
            Self::NotAllowed(field) => write!(f, "Field '{field}' is not allowed"),
            Self::Map => f.write_str("'Map' field is not supported when mocking a Context object"),
            Self::Task => f.write_str(
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' \
                 service integration pattern",
            ),
        }
    }
}
