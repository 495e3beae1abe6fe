//! The recorded children of Map Runs, and which child of a replay each of them is.

use super::compare::{Pair, compare};
use super::outcome::{Child, Fidelity};
use super::recorded::{Attempt, Key, Script, path};
use super::rule;
use super::subject::Doubts;
use crate::event::{Event, EventId, EventType};
use crate::history::{History, VisitId};
use crate::interpreter::{Execution, MapRunView};
use crate::json::Payload;
use crate::recording::{MapRun, Recording};
use crate::tasks::task_key;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// The recorded children of Map Runs. AWS names children anew in every run, so they are known by their inputs.
#[derive(Default)]
pub(super) struct Children {
    recorded: Vec<RecordedChild>,
    /// By their Map and by input: the children nobody has been found to be, in recorded order.
    free: HashMap<(Option<Key>, String), VecDeque<usize>>,
    claimed: HashMap<Arc<str>, usize>,
    /// Whether the recording says that something was taken out of it.
    redacted: bool,
    /// By state of a distributed Map, in the order of its visits: what the children of each Map Run were given.
    inputs: HashMap<Arc<str>, VecDeque<Given>>,
}

struct RecordedChild {
    script: Script,
    events: Vec<Event>,
}

/// What the children of one Map Run were given, all of them.
#[derive(Clone)]
pub(super) struct Given {
    /// `MapRunStarted`.
    pub(super) started: EventId,
    pub(super) inputs: Vec<Payload>,
}

impl Children {
    pub(super) fn of(recording: &Recording, history: &History) -> Self {
        let mut children = Self { redacted: !recording.redactions.is_empty(), ..Self::default() };
        let mut runs: Vec<(Option<VisitId>, &MapRun)> =
            recording.map_runs.iter().map(|run| (map_of(run, history), run)).collect();
        runs.sort_by_key(|(map, _)| *map);
        let executions = runs.iter().flat_map(|(map, run)| run.executions.iter().map(move |child| (*map, child)));
        for (map, child) in executions {
            let Some(input) = child.input() else { continue };
            let map = map.map(|map| history.visit(map));
            let key = (map.map(|map| (Arc::clone(&map.name), path(history, map.scope))), canonical(&input));
            children.free.entry(key).or_default().push_back(children.recorded.len());
            let history: History = child.events.iter().collect();
            let script = Script::of(&history);
            children.recorded.push(RecordedChild { script, events: history.events().to_vec() });
        }
        for (_, visit) in history.visits() {
            let run = visit.map_run_arn.as_deref().and_then(|arn| find_run(recording, arn));
            let started = visit.map_run_arn.as_deref().and_then(|arn| started(history, arn));
            if let Some((inputs, started)) = run.and_then(inputs).zip(started) {
                children.inputs.entry(Arc::clone(&visit.name)).or_default().push_back(Given { started, inputs });
            }
        }
        children
    }

    /// Returns what happened to a child: to the first that had the same input and is not another's.
    pub(super) fn script(&mut self, child: &Execution) -> Option<&mut Script> {
        let place = self.claim(child)?;
        self.recorded.get_mut(place).map(|recorded| &mut recorded.script)
    }

    /// Tells whether a child was stopped when it was recorded.
    pub(super) fn was_stopped(&mut self, child: &Execution) -> bool {
        let recorded = self.claim(child).and_then(|place| self.recorded.get(place));
        recorded.and_then(|it| it.events.last()).is_some_and(|last| last.kind == EventType::ExecutionAborted)
    }

    /// Returns what the children of the next Map Run of a state were given, if all of them are recorded.
    pub(super) fn inputs_of(&mut self, map: &str) -> Option<Given> {
        self.inputs.get_mut(map)?.pop_front()
    }

    fn claim(&mut self, child: &Execution) -> Option<usize> {
        let arn = &child.identity().arn;
        if let Some(place) = self.claimed.get(arn) {
            return Some(*place);
        }
        let around = child.identity().path.split_last().map_or(Vec::new(), |(_, around)| around.to_vec());
        let mut key = (child.map_of_child().map(|map| (Arc::clone(map), around)), canonical(child.input()));
        if self.free.get(&key).is_none_or(VecDeque::is_empty) {
            key.0 = None;
        }
        let place = self.free.get_mut(&key)?.pop_front()?;
        self.claimed.insert(Arc::clone(arn), place);
        Some(place)
    }

    /// Returns the recorded tries of the tasks of a Map Run's children, by state and by all iterations around it.
    pub(super) fn tries(&mut self, run: &MapRunView<'_>) -> Vec<(Key, Vec<Attempt>)> {
        let mut tries = Vec::new();
        for child in run.executions() {
            let around = &child.identity().path;
            let Some(script) = self.script(child) else { continue };
            tries.extend(script.tries().map(|((state, path), tries)| {
                let path = around.iter().chain(path).copied().collect();
                ((Arc::clone(state), path), tries.into_iter().cloned().collect())
            }));
        }
        tries
    }

    /// Compares the children of a Map Run with those recorded.
    pub(super) fn compare(
        &mut self,
        run: &MapRunView<'_>,
        definition: Option<&Payload>,
        drawn: &HashSet<Arc<str>>,
        doubts: &Doubts,
    ) -> Vec<Child> {
        let mut compared = Vec::new();
        for child in run.executions() {
            let Some(recorded) = self.claim(child).and_then(|place| self.recorded.get(place)) else { continue };
            let replayed = child.events();
            let (missing, redacted) = (&*doubts.missing, self.redacted);
            let compare =
                |recorded, replayed| compare(&Pair { recorded, replayed, definition, drawn, missing, redacted });
            let (mut fidelity, mut divergence) = match stopped(&recorded.events, replayed) {
                Some((before, then, end)) => Fidelity::of_stopped(compare(before, then), end),
                None => {
                    let open = recorded.events.last().is_none_or(|last| !last.kind.ends_execution());
                    Fidelity::of(compare(&recorded.events, replayed), open, child.end().is_none())
                }
            };
            let reason = fidelity.withdraw(&mut divergence, &recorded.events, doubts);
            if let Some(divergence) = &mut divergence {
                divergence.rule = rule::of(child.machine(), &recorded.events, replayed, divergence);
            }
            let reason = reason.map(|reason| format!("{reason}."));
            compared.push(Child { path: address(run, child), fidelity, divergence, reason });
        }
        compared
    }
}

/// Of a child that was stopped with its Map Run, here or there: the events before that, and the recorded end. How far
/// it had come by then depends on how fast its siblings were.
fn stopped<'a>(recorded: &'a [Event], replayed: &'a [Event]) -> Option<(&'a [Event], &'a [Event], EventId)> {
    let before = |events: &'a [Event]| match events.split_last() {
        Some((last, before)) if last.kind == EventType::ExecutionAborted => (before, true),
        _ => (events, false),
    };
    let ((before, here), (then, there)) = (before(recorded), before(replayed));
    let end = recorded.last()?.id;
    (here || there).then_some((before, then, end))
}

/// The Map and the number of the item, as addresses write them.
fn address(run: &MapRunView<'_>, child: &Execution) -> String {
    match child.identity().path.split_last() {
        Some((index, outer)) => format!("{}/{index}", task_key(run.state(), outer)),
        None => run.state().to_string(),
    }
}

/// The visit a Map Run is of; `None` when the events do not say.
fn map_of(run: &MapRun, history: &History) -> Option<VisitId> {
    let arn = run.map_run.as_ref()?.map_run_arn.as_deref()?;
    history.visits().find(|(_, visit)| visit.map_run_arn.as_deref() == Some(arn)).map(|(id, _)| id)
}

fn find_run<'a>(recording: &'a Recording, arn: &str) -> Option<&'a MapRun> {
    let named = |run: &&MapRun| run.map_run.as_ref().and_then(|run| run.map_run_arn.as_deref()) == Some(arn);
    let only = || match recording.map_runs.as_slice() {
        [only] if only.map_run.as_ref().is_none_or(|run| run.map_run_arn.is_none()) => Some(only),
        _ => None,
    };
    recording.map_runs.iter().find(named).or_else(only)
}

/// Returns what the children of a Map Run were given, in the order in which they began; `None` unless all are there.
fn inputs(run: &MapRun) -> Option<Vec<Payload>> {
    let counts = run.map_run.as_ref().and_then(|run| run.execution_counts.as_ref());
    let total = counts.and_then(|counts| counts.total).unwrap_or(run.executions.len() as u64);
    if run.executions.is_empty() || total != run.executions.len() as u64 {
        return None;
    }
    let mut children: Vec<&Recording> = run.executions.iter().collect();
    children.sort_by_key(|child| child.started());
    children.into_iter().map(Recording::input).collect()
}

fn started(history: &History, arn: &str) -> Option<EventId> {
    let named =
        |event: &&Event| matches!(&event.details, crate::event::Details::MapRunStarted(Some(it)) if **it == *arn);
    history.events().iter().find(named).map(|event| event.id)
}

/// The text of a payload without its spaces.
fn canonical(payload: &Payload) -> String {
    payload.value().map_or_else(|_| payload.text().to_owned(), ToString::to_string)
}
