//! A response for a person: how the state ended, and the data at every stage on its way through it.

use crate::cli::{Failure, Output};
use crate::interpreter::test_state::{ErrorDetails, Inspection, Outcome, Request, Response};
use serde_json::Value;

/// Columns the names of stages take.
const LABEL: usize = 20;

/// Writes a response stage by stage.
pub(super) fn write(request: &Request, response: &Response, output: &mut Output) -> Result<(), Failure> {
    let name = request.state_name.as_deref().unwrap_or("The state");
    output.line(format!("{name}: {}", verdict(&response.outcome)))?;
    if let Some(failure) = response.outcome.failure() {
        output.line("")?;
        text(output, "error", failure.error.as_deref())?;
        text(output, "cause", failure.cause.as_deref())?;
    }
    if let Some(seen) = &response.inspection {
        output.line("")?;
        stages(seen, output)?;
    }
    json(output, "output", response.outcome.output().map(crate::json::Payload::text))
}

fn verdict(outcome: &Outcome) -> String {
    let status = outcome.status();
    match (outcome, outcome.next()) {
        (Outcome::Succeeded { .. }, None) => format!("{status}, and its flow ends"),
        (_, Some(next)) => format!("{status}, goes on to {next}"),
        (_, None) => status.to_owned(),
    }
}

fn stages(seen: &Inspection, output: &mut Output) -> Result<(), Failure> {
    let stages = [
        ("input", Some(&seen.input)),
        ("after InputPath", seen.after_input_path.as_ref()),
        ("after Parameters", seen.after_parameters.as_ref()),
        ("after Arguments", seen.after_arguments.as_ref()),
        ("after ItemsPath", seen.after_items_path.as_ref()),
        ("after ItemsPointer", seen.after_items_pointer.as_ref()),
        ("after ItemSelector", seen.after_item_selector.as_ref()),
        ("after ItemBatcher", seen.after_item_batcher.as_ref()),
        ("result", seen.result.as_ref()),
        ("after ResultSelector", seen.after_result_selector.as_ref()),
        ("after ResultPath", seen.after_result_path.as_ref()),
        ("variables", seen.variables.as_ref()),
    ];
    for (label, stage) in stages {
        json(output, label, stage.map(String::as_str))?;
    }
    let count = |number: Option<u64>| number.map(|number| number.to_string());
    text(output, "max concurrency", count(seen.max_concurrency).as_deref())?;
    text(output, "tolerated failures", count(seen.tolerated_failure_count).as_deref())?;
    let percentage = seen.tolerated_failure_percentage.map(|percentage| format!("{percentage} %"));
    text(output, "tolerated failures", percentage.as_deref())?;
    let handled = seen.error_details.map(|details| match details {
        ErrorDetails::Retry { retry_index, retry_backoff_interval_seconds } => {
            format!("Retry[{retry_index}], after {retry_backoff_interval_seconds} s")
        }
        ErrorDetails::Catch { catch_index } => format!("Catch[{catch_index}]"),
    });
    text(output, "handled by", handled.as_deref())
}

/// A payload: on the line of its name when it fits, indented below it when not.
fn json(output: &mut Output, label: &str, payload: Option<&str>) -> Result<(), Failure> {
    let Some(payload) = payload else { return Ok(()) };
    let room = output.width().map_or(usize::MAX, usize::from).saturating_sub(LABEL + 2);
    let pretty = (payload.chars().count() > room)
        .then(|| serde_json::from_str::<Value>(payload).ok())
        .flatten()
        .and_then(|value| serde_json::to_string_pretty(&value).ok());
    let Some(pretty) = pretty else { return text(output, label, Some(payload)) };
    output.line(label)?;
    for line in pretty.lines() {
        output.line(format!("  {line}"))?;
    }
    Ok(())
}

fn text(output: &mut Output, label: &str, text: Option<&str>) -> Result<(), Failure> {
    match text {
        Some(text) => output.line(format!("{label:LABEL$}  {}", text.replace(char::is_control, " "))),
        None => Ok(()),
    }
}
