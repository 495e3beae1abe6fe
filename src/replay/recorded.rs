//! What the world did to a recorded execution: answers to its tasks, ends of its waits, people stopping it.

use crate::asl::Resource;
use crate::asl::services::{self, ParameterProblem};
use crate::event::{Details, Event, EventId, EventType, Failure, Timestamp};
use crate::history::{AttemptKind, History, Outcome, Place, ScopeId, VisitId};
use crate::json::Payload;
use crate::recording::Recording;
use crate::tasks::Ending;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// When something happened, and the event that tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) event: EventId,
    pub(super) at: Timestamp,
}

impl Moment {
    fn of(event: &Event) -> Self {
        Self { event: event.id, at: event.timestamp }
    }
}

/// A state and the Map iterations around it, outermost first.
pub(super) type Key = (Arc<str>, Vec<u32>);

/// One try of a task.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) scheduled: Moment,
    pub(super) started: Option<Moment>,
    pub(super) submitted: Option<(Moment, Option<Payload>)>,
    /// How it ended, if that is known: an answer can be missing when data was not recorded.
    pub(super) ended: Option<(Moment, Option<Ending>)>,
    pub(super) worker: Option<Arc<str>>,
    pub(super) timeout: Option<u64>,
    pub(super) heartbeat: Option<u64>,
}

impl Attempt {
    /// Returns the try as another execution sees it, in whose history its events have no place: they come by time.
    pub(super) fn of_another_history(mut self) -> Self {
        let answers = [self.submitted.as_mut().map(|(at, _)| at), self.ended.as_mut().map(|(at, _)| at)];
        let moments = answers.into_iter().chain([Some(&mut self.scheduled), self.started.as_mut()]);
        moments.flatten().for_each(|moment| moment.event = EventId::MAX);
        self
    }

    /// Returns the ARN of the execution that was started, if this started one.
    pub(super) fn execution_arn(&self) -> Option<String> {
        let first = self.submitted.as_ref().and_then(|(_, output)| output.as_ref());
        let ended = || match self.ended.as_ref().and_then(|(_, ending)| ending.as_ref()) {
            Some(Ending::Succeeded(output)) => Some(output),
            _ => None,
        };
        let answer = first.or_else(ended)?.value().ok()?;
        answer.get("ExecutionArn").or_else(|| answer.get("executionArn"))?.as_str().map(str::to_owned)
    }
}

/// What somebody did to the whole execution.
#[derive(Debug, Clone)]
pub(super) enum Outside {
    Stopped(Failure),
    TimedOut,
    Redriven,
}

/// What the world did to an execution, in the order of its events.
#[derive(Debug, Clone, Default)]
pub(super) struct Script {
    /// By task: its tries, those of one visit (and one redrive) together.
    tasks: HashMap<Key, Tries>,
    sleeps: Vec<(Key, Option<Moment>)>,
    /// By the event it began with, and by state: places in `sleeps`.
    by_event: HashMap<EventId, VecDeque<usize>>,
    by_key: HashMap<Key, VecDeque<usize>>,
    woken: BTreeSet<usize>,
    pub(super) outside: Vec<(Moment, Outside)>,
}

#[derive(Debug, Clone, Default)]
struct Tries {
    rounds: Vec<Vec<Attempt>>,
    /// How many rounds have begun.
    begun: usize,
    /// How many attempts of each round were asked for.
    asked: Vec<usize>,
}

impl Script {
    /// What happened in a history.
    pub(super) fn of(history: &History) -> Self {
        Self::among(history, |_| true)
    }

    /// What happened among some of the events of a history.
    pub(super) fn among(history: &History, keep: impl Fn(EventId) -> bool) -> Self {
        let mut script = Self::default();
        for (_, attempt) in history.attempts().filter(|(_, attempt)| keep(attempt.scheduled)) {
            let visit = history.visit(attempt.visit);
            let key = (Arc::clone(&visit.name), path(history, visit.scope));
            let Some(scheduled) = history.event(attempt.scheduled) else { continue };
            if attempt.kind == AttemptKind::Retry
                && let Some(failed) = scheduled.parent
            {
                script.sleep(failed, key.clone(), Some(Moment::of(scheduled)));
            }
            if scheduled.kind.schedules_task() {
                let known = script.tasks.entry(key).or_default();
                if attempt.kind != AttemptKind::Retry || known.rounds.is_empty() {
                    known.rounds.push(Vec::new());
                }
                if let Some(round) = known.rounds.last_mut() {
                    round.push(tried(history, attempt, scheduled));
                }
            }
        }
        for (id, visit) in history.visits() {
            if visit.entered.is_some_and(&keep) {
                script.visit(history, id);
            }
        }
        let events = history.events().iter().filter(|event| keep(event.id));
        script.outside = events.filter_map(outside).collect();
        script
    }

    fn visit(&mut self, history: &History, id: VisitId) {
        let visit = history.visit(id);
        let Some(entered) = visit.entered else { return };
        if visit.kind == crate::event::StateType::Wait {
            let key = (Arc::clone(&visit.name), path(history, visit.scope));
            visit.earlier.iter().for_each(|_| self.sleep(entered, key.clone(), None));
            let over = matches!(visit.outcome, Outcome::Exited).then_some(visit.ended).flatten();
            let over = over.and_then(|over| history.event(over)).map(Moment::of);
            self.sleep(entered, key, over);
        }
    }

    fn sleep(&mut self, since: EventId, key: Key, over: Option<Moment>) {
        let place = self.sleeps.len();
        self.by_event.entry(since).or_default().push_back(place);
        self.by_key.entry(key.clone()).or_default().push_back(place);
        self.sleeps.push((key, over));
    }

    /// Returns the try a request is answered with; an attempt of 0 begins a new visit or redrive.
    pub(super) fn attempt(&mut self, key: &Key, attempt: u32) -> Option<Attempt> {
        let tries = self.tasks.get_mut(key)?;
        if attempt == 0 || tries.begun == 0 {
            tries.begun += 1;
        }
        let round = tries.begun - 1;
        if tries.asked.len() <= round {
            tries.asked.resize(round + 1, 0);
        }
        let asked = tries.asked.get_mut(round)?;
        *asked = (*asked).max(attempt as usize + 1);
        tries.rounds.get(round)?.get(attempt as usize).cloned()
    }

    /// Returns when a visit woke that began to wait with an event: `None` when the recording does not know of it, and
    /// nothing inside when it never woke.
    pub(super) fn woke(&mut self, since: EventId, key: &Key) -> Option<Option<Moment>> {
        if let Some(places) = self.by_key.get_mut(key) {
            while places.front().is_some_and(|place| self.woken.contains(place)) {
                places.pop_front();
            }
        }
        let exact = self.by_event.get(&since).and_then(|places| {
            places
                .iter()
                .copied()
                .find(|place| !self.woken.contains(place) && self.sleeps.get(*place).is_some_and(|it| it.0 == *key))
        });
        let next = || self.by_key.get(key)?.iter().copied().find(|place| !self.woken.contains(place));
        let place = exact.or_else(next)?;
        self.woken.insert(place);
        self.sleeps.get(place).map(|(_, over)| *over)
    }

    /// Returns the tasks with recorded tries nobody asked for, and how many.
    pub(super) fn unused(&self) -> Vec<(&Key, usize)> {
        let left = |tries: &Tries| {
            let asked = tries.asked.iter().copied().chain(std::iter::repeat(0));
            tries.rounds.iter().zip(asked).map(|(round, asked)| round.len().saturating_sub(asked)).sum()
        };
        let unused = self.tasks.iter().map(|(key, tries)| (key, left(tries)));
        let mut unused: Vec<_> = unused.filter(|(_, count)| *count > 0).collect();
        unused.sort();
        unused
    }

    /// Returns the tries of every task, those of one visit (and one redrive) together.
    pub(super) fn rounds(&self) -> impl Iterator<Item = (&Key, &[Vec<Attempt>])> {
        self.tasks.iter().map(|(key, tries)| (key, tries.rounds.as_slice()))
    }

    /// Returns all tries of all tasks, by state and iteration.
    pub(super) fn tries(&self) -> impl Iterator<Item = (&Key, Vec<&Attempt>)> {
        self.tasks.iter().map(|(key, tries)| (key, tries.rounds.iter().flatten().collect()))
    }
}

/// The indexes of the Map iterations around a scope, outermost first.
pub(super) fn path(history: &History, scope: ScopeId) -> Vec<u32> {
    let mut path: Vec<u32> = history
        .scopes_above(scope)
        .filter_map(|scope| match history.scope(scope).place {
            Place::Iteration { index, .. } => u32::try_from(index).ok(),
            Place::Root | Place::Branch { .. } => None,
        })
        .collect();
    path.reverse();
    path
}

fn tried(history: &History, attempt: &crate::history::Attempt, scheduled: &Event) -> Attempt {
    let event = |id: Option<EventId>| id.and_then(|id| history.event(id));
    let (timeout, heartbeat) = scheduled.details.limits();
    let started = event(attempt.started);
    let worker = started.and_then(|event| match &event.details {
        Details::ActivityStarted(worker) => worker.clone(),
        _ => None,
    });
    let submitted = event(attempt.submitted).map(|event| (Moment::of(event), event.details.output().cloned()));
    let ended = event(attempt.ended).filter(|event| event.kind.completes_task() || event.kind.fails_task());
    let ending = |event: &Event| match ending(event)? {
        Ending::TimedOut if history.missed_heartbeat(event.id) => Some(Ending::HeartbeatMissed),
        // An answers file that told only the error would mean that it was never submitted.
        Ending::Failed(failure, None) if attempt.submitted.is_none() && waits(&event.details) => {
            Some(Ending::Failed(failure, Some(event.kind.clone())))
        }
        ending => Some(ending),
    };
    Attempt {
        scheduled: Moment::of(scheduled),
        started: started.map(Moment::of),
        submitted,
        ended: ended.map(|event| (Moment::of(event), ending(event))),
        worker,
        timeout,
        heartbeat,
    }
}

/// Returns the ARNs of the activities of which AWS said that they do not exist.
pub(super) fn missing_activities(events: impl Iterator<Item = Event>) -> Vec<String> {
    let named = |event: Event| {
        let cause = event.details.failure()?.cause.clone()?;
        let (_, rest) = cause.split_once("The activity ")?;
        rest.strip_suffix(" does not exist.").map(str::to_owned)
    };
    events.filter_map(named).collect()
}

/// Returns what AWS took although the table of the services' members has it as a problem, in the execution and in the
/// children of its Map Runs.
pub(super) fn taken(recording: &Recording) -> Vec<ParameterProblem> {
    let children = recording.map_runs.iter().flat_map(|run| &run.executions).flat_map(taken);
    let own = recording.events.iter().flat_map(|event| {
        let Details::TaskScheduled(scheduled) = &event.details else { return Vec::new() };
        let (Some(kind), Some(name)) = (&scheduled.task.resource_type, &scheduled.task.resource) else {
            return Vec::new();
        };
        let resource = Resource::parse(&format!("arn:aws:states:::{kind}:{name}"));
        let sent = scheduled.parameters.as_ref().and_then(|parameters| parameters.value().ok());
        match (resource, sent) {
            (Some(Resource::Service(call)), Some(sent)) => services::parameter_problems(&call, sent),
            _ => Vec::new(),
        }
    });
    own.chain(children).collect()
}

/// Tells whether a task that failed was a job or a callback.
fn waits(details: &Details) -> bool {
    let Details::TaskFailure(failure) = details else { return false };
    let resource = failure.task.resource.as_deref().unwrap_or_default();
    [".sync", ".sync:2", ".waitForTaskToken"].iter().any(|suffix| resource.ends_with(suffix))
}

fn ending(event: &Event) -> Option<Ending> {
    use EventType::{
        ActivityFailed, ActivityTimedOut, LambdaFunctionFailed, LambdaFunctionTimedOut, TaskFailed, TaskTimedOut,
    };
    match &event.kind {
        kind if kind.completes_task() => Some(Ending::Succeeded(event.details.output()?.clone())),
        ActivityTimedOut | LambdaFunctionTimedOut | TaskTimedOut => Some(Ending::TimedOut),
        kind => {
            let failure = event.details.failure().cloned().unwrap_or_default();
            let usual = matches!(kind, ActivityFailed | LambdaFunctionFailed | TaskFailed);
            Some(Ending::Failed(failure, (!usual).then(|| kind.clone())))
        }
    }
}

fn outside(event: &Event) -> Option<(Moment, Outside)> {
    let what = match event.kind {
        EventType::ExecutionAborted => Outside::Stopped(event.details.failure().cloned().unwrap_or_default()),
        EventType::ExecutionTimedOut => Outside::TimedOut,
        EventType::ExecutionRedriven => Outside::Redriven,
        _ => return None,
    };
    Some((Moment::of(event), what))
}
