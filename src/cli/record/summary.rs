//! What was recorded, for people and for programs.

use super::destination::Destination;
use crate::cli::{Failure, Output};
use crate::recording::Recording;
use crate::report::counted;
use serde_json::json;

/// Says what was recorded, and how many calls it took.
pub(super) fn tell(
    recording: &Recording,
    destination: &Destination,
    calls: Option<u64>,
    json: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    let (executions, histories) = started(recording);
    let notes = recording.recorded.notes.as_deref().unwrap_or_default();
    let complete = recording.recorded.complete.unwrap_or(recording.damage.is_empty());
    let path = destination.path().display();
    if json {
        return output.json(&json!({
            "format": "stepback.record/1",
            "file": path.to_string(),
            "execution": recording.arn(),
            "status": recording.status().name(),
            "complete": complete,
            "events": recording.events.len(),
            "executions": executions,
            "histories": histories,
            "logs": logs(recording),
            "redactions": recording.redactions,
            "notes": notes,
            "calls": calls,
        }));
    }
    let mut parts = vec![recording.status().to_string(), counted(recording.events.len(), "event", "events")];
    if executions > 0 {
        parts.push(format!("{} it started, {histories} with events", counted(executions, "execution", "executions")));
    }
    let logs = logs(recording);
    if logs > 0 {
        parts.push(counted(logs, "function log", "function logs"));
    }
    output.line(format!("{path}: {}", parts.join(", ")))?;
    for redaction in &recording.redactions {
        let rule = redaction.path.as_deref().or(redaction.pattern.as_deref()).unwrap_or_default();
        let times = usize::try_from(redaction.count.unwrap_or(0)).unwrap_or(usize::MAX);
        output.line(format!("  redacted {rule}: {}", counted(times, "place", "places")))?;
    }
    if !complete {
        output.note("The recording is incomplete:");
    }
    notes.iter().for_each(|note| output.note(format!("  {note}")));
    Ok(())
}

/// Returns how many executions it started, at any depth, and of how many the events are there.
pub(super) fn started(recording: &Recording) -> (usize, usize) {
    let items = recording.map_runs.iter().flat_map(|run| &run.executions);
    recording.children.iter().chain(items).fold((0, 0), |(all, with), child| {
        let (below, below_with) = started(child);
        (all + 1 + below, with + usize::from(!child.events.is_empty()) + below_with)
    })
}

pub(super) fn logs(recording: &Recording) -> usize {
    let items = recording.map_runs.iter().flat_map(|run| &run.executions);
    recording.task_logs().count() + recording.children.iter().chain(items).map(logs).sum::<usize>()
}
