//! Addresses of visits to begin with: in the execution itself, in an iteration, or in an execution it started.
//!
//! ```text
//! Charge          the last visit of the state
//! Charge[3][0]    the last in iteration 3 of the outer Map and 0 of the inner one
//! 139             the visit that event belongs to
//! Pay[2]/Charge   the same in the execution that the task Pay started in iteration 2
//! Import/7/Charge the same in the execution of item 7 of the distributed Map Import; or by that execution's name
//! ```

use super::edits::From;
use super::recorded::path;
use super::subject::NotReplayable;
use crate::event::EventId;
use crate::history::{History, Visit, nested_tasks};
use crate::recording::Recording;
use std::borrow::Cow;
use std::sync::Arc;

/// Returns the execution an address leads into, and the visit in it.
pub fn find<'a>(recording: &'a Recording, address: &str) -> Result<(Cow<'a, Recording>, From), NotReplayable> {
    let history: History = recording.events.iter().collect();
    if let Some(from) = here(&history, address) {
        return Ok((Cow::Borrowed(recording), from));
    }
    for (at, _) in address.match_indices('/') {
        let (head, rest) = (address.get(..at).unwrap_or_default(), address.get(at + 1..).unwrap_or_default());
        if let Some(child) = nested(recording, &history, head) {
            return find(child, rest);
        }
        let (item, inner) = rest.split_once('/').unwrap_or((rest, ""));
        if let Some(child) = item_of(recording, &history, head, item) {
            let (_, from) = find(child, inner)?;
            return Ok((Cow::Owned(with_definition(child, recording)), from));
        }
    }
    Err(NotReplayable::NeverVisited(From::State(address.into()).to_string()))
}

/// Returns an execution that a recorded one started, however deep, by its ARN, with the definition it ran.
pub fn child<'a>(recording: &'a Recording, arn: &str) -> Option<Cow<'a, Recording>> {
    let is_it = |child: &&Recording| child.arn().is_some_and(|known| **known == *arn);
    if let Some(found) = recording.children.iter().find(is_it) {
        return Some(Cow::Borrowed(found));
    }
    let items = || recording.map_runs.iter().flat_map(|run| &run.executions);
    if let Some(found) = items().find(is_it) {
        return Some(Cow::Owned(with_definition(found, recording)));
    }
    let deeper = recording.children.iter().find_map(|inner| child(inner, arn));
    deeper.or_else(|| items().find_map(|item| Some(Cow::Owned(with_definition(&*child(item, arn)?, recording)))))
}

fn here(history: &History, address: &str) -> Option<From> {
    if let Some(event) = address.parse().ok().and_then(EventId::new) {
        return Some(From::Event(event));
    }
    let visited = |name: &str| history.visits().any(|(_, visit)| *visit.name == *name);
    if visited(address) {
        return Some(From::State(address.into()));
    }
    let (name, path) = task(address)?;
    (!path.is_empty() && visited(name)).then(|| From::Iteration(Arc::from(name), path))
}

/// Takes `Charge[3][0]` apart.
fn task(address: &str) -> Option<(&str, Vec<u32>)> {
    let mut path = Vec::new();
    let mut rest = address;
    while let Some((before, index)) = rest.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        path.push(index.parse().ok()?);
        rest = before;
    }
    path.reverse();
    Some((rest, path))
}

fn is_at(history: &History, visit: &Visit, address: &str) -> bool {
    *visit.name == *address
        || task(address).is_some_and(|(name, at)| *visit.name == *name && path(history, visit.scope) == at)
}

/// The last execution that a task started.
fn nested<'a>(recording: &'a Recording, history: &History, task: &str) -> Option<&'a Recording> {
    let tasks = nested_tasks(history);
    recording.children.iter().rev().find(|child| {
        let visit = child.arn().and_then(|arn| tasks.get(arn)).map(|(visit, _)| history.visit(*visit));
        visit.is_some_and(|visit| is_at(history, visit, task))
    })
}

/// The execution of an item of a distributed Map, by its number in the recording or its name.
fn item_of<'a>(recording: &'a Recording, history: &History, map: &str, item: &str) -> Option<&'a Recording> {
    let visit = history.visits().rev().map(|(_, visit)| visit).find(|visit| is_at(history, visit, map))?;
    let arn = visit.map_run_arn.as_deref()?;
    let of_visit = |run: &&crate::recording::MapRun| {
        run.map_run.as_ref().and_then(|run| run.map_run_arn.as_deref()).is_none_or(|known| known == arn)
    };
    let executions = &recording.map_runs.iter().find(of_visit)?.executions;
    let named = executions.iter().find(|child| child.name() == Some(item));
    named.or_else(|| executions.get(item.parse::<usize>().ok()?))
}

/// Children of a Map Run run the machine around them, which is not always recorded with each of them.
fn with_definition(child: &Recording, around: &Recording) -> Recording {
    let mut child = child.clone();
    if child.definition().is_none() {
        child.state_machine.clone_from(&around.state_machine);
    }
    child
}
