//! A call as the command line of the AWS CLI that would do the same.

use super::Operation;
use std::fmt;

/// A call to AWS: an operation and its parameters, as its API names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    operation: Operation,
    parameters: Vec<(&'static str, Value)>,
    /// Options of the CLI itself: region, profile, endpoint.
    globals: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Text(String),
    Switch,
}

impl Command {
    /// A call without parameters.
    pub fn new(operation: Operation) -> Self {
        Self { operation, parameters: Vec::new(), globals: Vec::new() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &(impl fmt::Display + ?Sized)) -> Self {
        self.parameters.push((name, Value::Text(value.to_string())));
        self
    }

    /// Adds a parameter that may be absent.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<&(impl fmt::Display + ?Sized)>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a parameter that is true.
    #[must_use]
    pub fn switch(mut self, name: &'static str) -> Self {
        self.parameters.push((name, Value::Switch));
        self
    }

    /// Adds an option of the CLI itself that may be absent.
    #[must_use]
    pub fn global(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.globals.extend(value.map(|value| (name, value.to_owned())));
        self
    }

    /// Returns the operation.
    pub fn operation(&self) -> Operation {
        self.operation
    }
}

/// Writes the line so that a shell reads each value as it is.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "aws {} {}", self.operation.service(), kebab(self.operation.name()))?;
        for (name, value) in &self.parameters {
            match value {
                Value::Text(value) => write!(f, " --{}{}", kebab(name), given(value))?,
                Value::Switch => write!(f, " --{}", kebab(name))?,
            }
        }
        self.globals.iter().try_for_each(|(name, value)| write!(f, " --{name}{}", given(value)))
    }
}

/// `DescribeMapRun` is `describe-map-run`.
fn kebab(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// A value behind its option. One that begins with a hyphen would be read as an option itself.
fn given(value: &str) -> String {
    format!("{}{}", if value.starts_with('-') { "=" } else { " " }, quoted(value))
}

fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,=".contains(c);
    match !value.is_empty() && value.chars().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_values_as_they_are() {
        let command = Command::new(Operation::StartExecution)
            .with("stateMachineArn", "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders")
            .with("input", r#"{"name": "O'Neill", "a": "$HOME"}"#)
            .maybe("name", None::<&String>)
            .with("traceHeader", "")
            .global("region", Some("eu-west-1"))
            .global("profile", None);
        assert_eq!(
            command.to_string(),
            "aws stepfunctions start-execution --state-machine-arn \
             arn:aws:states:eu-west-1:123456789012:stateMachine:Orders --input \
             '{\"name\": \"O'\\''Neill\", \"a\": \"$HOME\"}' --trace-header '' --region eu-west-1"
        );
        let command = Command::new(Operation::StopExecution).with("cause", "-rf x").with("error", "--help");
        assert_eq!(command.to_string(), "aws stepfunctions stop-execution --cause='-rf x' --error=--help");
        let command = Command::new(Operation::GetExecutionHistory).with("maxResults", &1000).switch("reverseOrder");
        assert_eq!(command.to_string(), "aws stepfunctions get-execution-history --max-results 1000 --reverse-order");
    }
}
