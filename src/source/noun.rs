//! What something is that is no history, in words, and what would help instead.

use crate::json::{Members, Payload};

/// What was found, by how it begins: the words for it and the next step.
const HINTS: [(&str, &str); 12] = [
    (
        "a CloudFormation template",
        "stepback check examines the definitions in it; executions come from get-execution-history.",
    ),
    ("a list of state machines", "Its executions: aws stepfunctions list-executions --state-machine-arn ARN"),
    (
        "a list of Map Runs",
        "One of them: aws stepfunctions describe-map-run --map-run-arn ARN, or its ResultWriter folder.",
    ),
    (
        "an X-Ray trace",
        "X-Ray has no events and no data. The history: aws stepfunctions get-execution-history --execution-arn ARN",
    ),
    ("an EventBridge event", "stepback opens those called \"Step Functions Execution Status Change\"."),
    (
        "the answer of start-execution",
        "Its events: aws stepfunctions get-execution-history --execution-arn ARN --output json",
    ),
    (
        "a result of CloudWatch Logs Insights without events",
        "Ask for the lines themselves: fields @timestamp, @message",
    ),
    (
        "log lines without events of a state machine",
        "The log group of a machine is named in its logging configuration.",
    ),
    ("a CSV table without events", "Ask for the lines themselves: fields @timestamp, @message"),
    ("a Terraform state", "The definition is in it; executions come from get-execution-history."),
    ("an error message of the AWS CLI", "The command failed: look at what it said, and run it again."),
    ("a web page", "The console's pages cannot be read; give stepback the address of the page instead."),
];

/// Returns the next step for something that was called so.
pub(super) fn hint(found: &str) -> Option<&'static str> {
    HINTS.iter().find(|(what, _)| found.starts_with(what)).map(|(_, hint)| *hint)
}

/// Names an object by its members.
pub(super) fn of_object(members: &Members) -> Option<String> {
    let has = |name: &str| members.get(name).is_some();
    let text = |name: &str| {
        let value = members.get(name).filter(|value| value.first() == Some(&b'"'))?;
        let text = Payload::from_literal(value.clone()).text().to_owned();
        Some(text.chars().take(60).collect::<String>())
    };
    let cloud_formation =
        has("AWSTemplateFormatVersion") || members.get("Resources").is_some_and(|it| it.first() == Some(&b'{'));
    Some(match () {
        () if cloud_formation => "a CloudFormation template".to_owned(),
        () if has("stateMachines") || has("StateMachines") => "a list of state machines".to_owned(),
        () if has("mapRuns") && has_no_history(members) => "a list of Map Runs".to_owned(),
        () if has("Traces") || has("TraceSummaries") || has("trace_id") && has("start_time") => {
            "an X-Ray trace".to_owned()
        }
        () if has("detail-type") => {
            let kind = text("detail-type").unwrap_or_default();
            let source = text("source").map(|source| format!(" of {source}")).unwrap_or_default();
            format!("an EventBridge event{source} (\"{kind}\")")
        }
        () if has("executionArn") && has("startDate") => return None,
        () if has("executionArn") && members.iter().count() <= 3 => "the answer of start-execution".to_owned(),
        () if has("results") && (has("statistics") || has("status")) || has("queryId") => {
            "a result of CloudWatch Logs Insights without events of a state machine".to_owned()
        }
        () if has("terraform_version") => "a Terraform state".to_owned(),
        () if has("logEvents") || has("searchedLogStreams") || has("nextForwardToken") => {
            "log lines without events of a state machine".to_owned()
        }
        () if has("executions") => "a list of executions with none in it".to_owned(),
        () if has("activities") => "a list of activities".to_owned(),
        () => return None,
    })
}

fn has_no_history(members: &Members) -> bool {
    members.get("events").is_none() && members.get("format").is_none()
}

/// Names a text that is no JSON.
pub(super) fn of_text(text: &str) -> Option<String> {
    let begin = text.trim_start();
    let line = begin.lines().next().unwrap_or_default();
    let has_line = |start: &str| begin.lines().take(400).any(|line| line.starts_with(start));
    let lower = begin.get(..begin.len().min(200)).unwrap_or(line).to_ascii_lowercase();
    Some(match () {
        () if lower.starts_with("<!doctype html") || lower.starts_with("<html") => "a web page".to_owned(),
        () if begin.starts_with("An error occurred (") || begin.starts_with("Unable to locate credentials") => {
            format!("an error message of the AWS CLI ({})", line.chars().take(120).collect::<String>())
        }
        () if has_line("AWSTemplateFormatVersion:") || has_line("Resources:") => "a CloudFormation template".to_owned(),
        () if has_line("STATEMACHINES\t") || has_line("stateMachines:") => "a list of state machines".to_owned(),
        () if has_line("resource \"aws_") => "a Terraform configuration".to_owned(),
        () if super::form::is_table(begin) => {
            let columns = line.chars().take(80).collect::<String>();
            format!("a CSV table without events of a state machine (its columns: {columns})")
        }
        () if line.starts_with("START RequestId:") || has_line("REPORT RequestId:") => {
            "the log of a function".to_owned()
        }
        () if begin.starts_with("%PDF") => "a PDF document".to_owned(),
        () => return None,
    })
}
