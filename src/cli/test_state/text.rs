//! A response for a person: how the state ended, and the data at every stage on its way through it.

use crate::cli::{Failure, Output};
use crate::interpreter::test_state::{ErrorDetails, Inspection, Outcome, Request, Response};
use crate::json::Payload;
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
    output.line("")?;
    let left = response.outcome.output().map(Payload::text);
    match &response.inspection {
        Some(seen) => stages(seen, left, output),
        None => json(output, "output", left, None),
    }
}

fn verdict(outcome: &Outcome) -> String {
    let status = outcome.status();
    match (outcome, outcome.next()) {
        (Outcome::Succeeded { .. }, None) => format!("{status}, and its flow ends"),
        (_, Some(next)) => format!("{status}, goes on to {next}"),
        (_, None) => status.to_owned(),
    }
}

fn stages(seen: &Inspection, left: Option<&str>, output: &mut Output) -> Result<(), Failure> {
    let stages = [
        ("input", Some(seen.input.as_str())),
        ("after InputPath", seen.after_input_path.as_deref()),
        ("after Parameters", seen.after_parameters.as_deref()),
        ("after Arguments", seen.after_arguments.as_deref()),
        ("after ItemsPath", seen.after_items_path.as_deref()),
        ("after ItemsPointer", seen.after_items_pointer.as_deref()),
        ("after ItemSelector", seen.after_item_selector.as_deref()),
        ("after ItemBatcher", seen.after_item_batcher.as_deref()),
        ("result", seen.result.as_deref()),
        ("after ResultSelector", seen.after_result_selector.as_deref()),
        ("after ResultPath", seen.after_result_path.as_deref()),
        ("output", left),
        ("variables", seen.variables.as_deref()),
    ];
    for (index, (label, stage)) in stages.iter().enumerate() {
        let earlier = stages.iter().take(index).find(|(_, earlier)| earlier.is_some() && earlier == stage);
        json(output, label, *stage, earlier.map(|(label, _)| *label))?;
    }
    settings(seen, output)
}

/// What is told of a state besides its data.
fn settings(seen: &Inspection, output: &mut Output) -> Result<(), Failure> {
    let count = |number: Option<u64>| number.map(|number| number.to_string());
    text(output, "max concurrency", count(seen.max_concurrency).as_deref())?;
    text(output, "tolerated failures", count(seen.tolerated_failure_count).as_deref())?;
    let percentage = seen.tolerated_failure_percentage.map(|percentage| format!("{percentage} %"));
    text(output, "tolerated failures", percentage.as_deref())?;
    let handled = seen.error_details.map(|details| match details {
        ErrorDetails::Retry { retry_index, retry_backoff_interval_seconds: Some(seconds) } => {
            format!("Retry[{retry_index}], after {seconds} s")
        }
        ErrorDetails::Retry { retry_index, retry_backoff_interval_seconds: None } => {
            format!("Retry[{retry_index}], no attempts left")
        }
        ErrorDetails::Catch { catch_index } => format!("Catch[{catch_index}]"),
    });
    text(output, "handled by", handled.as_deref())
}

/// A payload: on the line of its name when it fits, indented below it when not, unless an earlier stage shows it.
fn json(output: &mut Output, label: &str, payload: Option<&str>, earlier: Option<&str>) -> Result<(), Failure> {
    let Some(payload) = payload else { return Ok(()) };
    let room = output.width().map_or(usize::MAX, usize::from).saturating_sub(LABEL + 2);
    if payload.chars().count() <= room {
        return text(output, label, Some(payload));
    }
    if let Some(earlier) = earlier {
        return text(output, label, Some(&format!("(the same as {earlier})")));
    }
    let value = serde_json::from_str::<Value>(payload).ok();
    let Some(pretty) = value.and_then(|value| serde_json::to_string_pretty(&value).ok()) else {
        return text(output, label, Some(payload));
    };
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
