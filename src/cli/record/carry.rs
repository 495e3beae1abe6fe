//! What a file has already is carried over into what is written in its place: recording only adds.

use super::summary::started;
use super::{Args, Which};
use crate::cli::Failure;
use crate::recording::redact::{Rule, is_made_by};
use crate::recording::{Events, MapRun, Recording, TaskLog};
use crate::report::counted;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// Refuses what would take something away from a file.
pub(super) fn check(existing: &Recording, path: &Path, args: &Args, rules: &[Rule]) -> Result<(), Failure> {
    let path = path.display();
    let (children, _) = started(existing);
    if args.children == Which::None && children > 0 {
        let message = format!(
            "{path} has {} it started, which --children none would leave out.",
            counted(children, "execution", "executions")
        );
        return Err(Failure::input(message).hint("Leave --children out to keep them, or add --force to drop them."));
    }
    if let Some(taken) = existing.redactions.iter().find(|taken| !is_made_by(taken, rules)) {
        let rule = taken.path.as_deref().or(taken.pattern.as_deref()).unwrap_or_default();
        let message = format!("{path} was redacted ({rule}), and would hold again what was taken out.");
        return Err(Failure::input(message).hint("Give the same --redact, name another file, or add --force."));
    }
    Ok(())
}

/// Returns what of a file can be built on, so that it need not be fetched again: what AWS said, all of it.
pub(super) fn base(existing: Option<&Recording>) -> Option<Box<Recording>> {
    let is_sound = |it: &&Recording| it.redactions.is_empty() && it.damage.is_empty();
    existing.filter(is_sound).map(|existing| Box::new(existing.clone()))
}

/// Puts into a recording what the file had and it lacks: executions that were started, their events, log lines,
/// bookmarks and members nobody knows.
pub(super) fn over(known: Recording, recording: &mut Recording) {
    if recording.events.len() < known.events.len() {
        recording.events = known.events.clone();
    }
    let there: HashSet<_> = recording.task_logs().map(|log| log.event).collect();
    let texts: HashSet<String> = recording.logs.iter().map(|log| log.text().to_owned()).collect();
    let logs = known.logs.into_iter().filter(|log| {
        let event = TaskLog::of(log).map(|log| log.event);
        event.is_none_or(|event| !there.contains(&event)) && !texts.contains(log.text())
    });
    let logs: Vec<_> = logs.collect();
    recording.logs.extend(logs);
    recording.bookmarks = known.bookmarks;
    recording.unknown = known.unknown;
    children(known.children, &mut recording.children);
    for run in known.map_runs {
        match recording.map_runs.iter_mut().find(|it| arn_of(it) == arn_of(&run)) {
            Some(same) => children(run.executions, &mut same.executions),
            None => recording.map_runs.push(run),
        }
    }
}

fn arn_of(run: &MapRun) -> Option<&Arc<str>> {
    run.map_run.as_ref()?.map_run_arn.as_ref()
}

/// Executions are the same by their ARN. What AWS said last of one counts; the events are those of whoever has any.
fn children(known: Vec<Recording>, recorded: &mut Vec<Recording>) {
    for child in known {
        let Some(same) = recorded.iter_mut().find(|it| it.arn().is_some() && it.arn() == child.arn()) else {
            recorded.push(child);
            continue;
        };
        if same.events.len() < child.events.len() {
            same.damage.clone_from(&child.damage);
            same.recorded.notes = child.recorded.notes.clone();
            same.recorded.complete = child.recorded.complete;
        }
        if same.state_machine.is_none() {
            same.state_machine.clone_from(&child.state_machine);
        }
        over(child, same);
    }
}

/// What a file holds, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    events: usize,
    executions: usize,
    histories: usize,
    logs: usize,
}

impl Held {
    pub(super) fn of(recording: &Recording) -> Self {
        let (executions, histories) = started(recording);
        let logs = super::summary::logs(recording);
        Self { events: events(recording), executions, histories, logs }
    }

    /// Says what has come to it since, as a sentence.
    pub(super) fn changes(self, now: Self) -> String {
        let more = [
            (now.events.saturating_sub(self.events), "event", "events"),
            (now.executions.saturating_sub(self.executions), "execution it started", "executions it started"),
            (now.histories.saturating_sub(self.histories), "history of these", "histories of these"),
            (now.logs.saturating_sub(self.logs), "function log", "function logs"),
        ];
        let more = more.into_iter().filter(|(number, ..)| *number > 0);
        let more: Vec<String> = more.map(|(number, one, many)| counted(number, one, many)).collect();
        match more.is_empty() {
            true => "Nothing was missing in the file; nothing has come to it.".to_owned(),
            false => format!("New in the file: {}.", more.join(", ")),
        }
    }
}

fn events(recording: &Recording) -> usize {
    let items = recording.map_runs.iter().flat_map(|run| &run.executions);
    recording.children.iter().chain(items).map(events).sum::<usize>() + Events::len(&recording.events)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Execution;
    use crate::source::open_bytes;

    fn recording(arn: &str, events: usize, children: Vec<Recording>) -> Recording {
        let events: Vec<String> = (1..=events)
            .map(|id| format!(r#"{{"id":{id},"previousEventId":0,"timestamp":{id},"type":"PassStateEntered"}}"#))
            .collect();
        let text = format!(r#"{{"events":[{}]}}"#, events.join(","));
        let mut recording = open_bytes(text.into_bytes()).unwrap().into_recording().unwrap();
        recording.execution = Some(Execution { execution_arn: Some(arn.into()), ..Execution::default() });
        recording.children = children;
        recording
    }

    #[test]
    fn what_was_there_is_there_still_and_what_is_new_counts() {
        let known =
            recording("a", 3, vec![recording("a1", 2, vec![recording("a1x", 1, vec![])]), recording("a2", 0, vec![])]);
        let held = Held::of(&known);
        let mut new = recording("a", 4, vec![recording("a1", 0, vec![]), recording("a3", 1, vec![])]);
        over(known, &mut new);
        let names: Vec<(String, usize)> =
            new.children.iter().map(|it| (it.arn().unwrap().to_string(), it.events.len())).collect();
        assert_eq!(names, [("a1".to_owned(), 2), ("a3".to_owned(), 1), ("a2".to_owned(), 0)]);
        assert_eq!(new.children[0].children.len(), 1);
        assert_eq!(
            held.changes(Held::of(&new)),
            "New in the file: 2 events, 1 execution it started, 1 history of these."
        );
        assert_eq!(held.changes(held), "Nothing was missing in the file; nothing has come to it.");
    }
}
