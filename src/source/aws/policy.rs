//! What the caller must be allowed for everything to work that only looks: the least policy, and what each permission
//! is for.

use super::{Effect, Operation};
use serde_json::{Value, json};
use std::fmt::Write as _;

impl Operation {
    /// Returns what an operation that looks is called for; `None` for those that act.
    pub fn purpose(self) -> Option<&'static str> {
        Some(match self {
            Self::GetCallerIdentity => "account and role in the header; every caller may",
            Self::ListStateMachines => "the browser's list of machines",
            Self::DescribeStateMachine => "a machine's definition as it is now, and where it logs",
            Self::ListStateMachineVersions | Self::ListStateMachineAliases => {
                "the browser's filter by version and alias"
            }
            Self::ListExecutions => "the browser's list of executions; the executions of a map run",
            Self::DescribeExecution => "status, input, output and error of an execution",
            Self::DescribeStateMachineForExecution => "the definition an execution ran",
            Self::GetExecutionHistory => "its events",
            Self::ListMapRuns | Self::DescribeMapRun => "its map runs",
            Self::FilterLogEvents => "an Express execution from its log; the log lines of failed functions",
            Self::StartQuery | Self::GetQueryResults | Self::StopQuery => {
                "many Express executions from their log at once"
            }
            Self::StartExecution
            | Self::StartSyncExecution
            | Self::StopExecution
            | Self::RedriveExecution
            | Self::SendTaskSuccess
            | Self::SendTaskFailure
            | Self::SendTaskHeartbeat => return None,
        })
    }

    fn looks() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|operation| operation.effect() == Effect::Reads)
    }
}

/// Where an operation can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nowhere in particular.
    Anywhere,
    /// In a machine and what it ran.
    Machines,
    /// In a log group.
    Logs,
}

fn place(operation: Operation) -> Option<Place> {
    match operation {
        // Needs no permission.
        Operation::GetCallerIdentity => None,
        Operation::ListStateMachines | Operation::GetQueryResults | Operation::StopQuery => Some(Place::Anywhere),
        Operation::FilterLogEvents | Operation::StartQuery => Some(Place::Logs),
        _ => Some(Place::Machines),
    }
}

/// Returns the least policy that lets everything work that only looks. Region and account stand as `*`: to be narrowed.
pub fn policy() -> Value {
    let allowed = |wanted: Place| -> Vec<String> {
        Operation::looks().filter(|operation| place(*operation) == Some(wanted)).map(Operation::permission).collect()
    };
    json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Sid": "Lists", "Effect": "Allow", "Action": allowed(Place::Anywhere), "Resource": "*" },
            { "Sid": "Executions", "Effect": "Allow", "Action": allowed(Place::Machines),
              "Resource": "arn:aws:states:*:*:*" },
            { "Sid": "Logs", "Effect": "Allow", "Action": allowed(Place::Logs),
              "Resource": ["arn:aws:logs:*:*:log-group:/aws/lambda/*", "arn:aws:logs:*:*:log-group:/aws/vendedlogs/states/*"] },
        ]
    })
}

/// Returns the policy and what each permission is for as Markdown.
pub fn permissions_markdown() -> String {
    // A value of strings is always written.
    let policy = serde_json::to_string_pretty(&policy()).unwrap_or_default();
    let mut text = format!("```json\n{policy}\n```\n\n| permission | what for |\n|---|---|\n");
    let mut rows: Vec<(Vec<String>, &str)> = Vec::new();
    for operation in Operation::looks() {
        let Some(purpose) = operation.purpose() else { continue };
        let name = format!("`{}`", operation.permission());
        match rows.iter_mut().find(|(_, known)| *known == purpose) {
            Some((names, _)) => names.push(name),
            None => rows.push((vec![name], purpose)),
        }
    }
    for (names, purpose) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} | {purpose} |", names.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_all_that_looks_and_nothing_that_acts() {
        let policy = policy().to_string();
        for operation in Operation::ALL {
            let allowed = policy.contains(&format!("\"{}\"", operation.permission()));
            assert_eq!(allowed, operation.effect() == Effect::Reads && operation != Operation::GetCallerIdentity);
            assert_eq!(operation.purpose().is_some(), operation.effect() == Effect::Reads, "{operation:?}");
        }
        assert!(!policy.contains("states:*\""));
    }
}
