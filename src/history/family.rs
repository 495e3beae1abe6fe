//! An execution with the executions it started: nested ones, and the items of its map runs.

use super::branches::Branches;
use super::{AttemptId, History, VisitId};
use crate::event::{Details, EventId, Failure, StateType, Timestamp};
use crate::json::Payload;
use crate::recording::{DescribedMapRun, Missing, Recording, Status, TaskLog};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// An execution with the executions it started, as far as they are known. The first is the one asked about.
#[derive(Debug, Clone)]
pub struct Family {
    members: Vec<Member>,
    map_runs: HashMap<Arc<str>, DescribedMapRun>,
}

/// A member of one family; by default the execution asked about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(usize);

/// One execution of a family.
#[derive(Debug, Clone)]
pub struct Member {
    /// What AWS says about it.
    pub described: Described,
    /// What started it.
    pub link: Link,
    /// What happened in it.
    pub history: History,
    /// What it started, in the order of being added.
    pub children: Vec<MemberId>,
}

/// What AWS says about an execution, beside its events.
#[derive(Debug, Clone, Default)]
pub struct Described {
    /// Its ARN.
    pub arn: Option<Arc<str>>,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// How it stands.
    pub status: Option<Status>,
    /// The error and cause it ended with.
    pub failure: Failure,
    /// Its input.
    pub input: Option<Payload>,
    /// What its functions logged, as far as that was captured.
    pub logs: Arc<[TaskLog]>,
    /// When it began and ended, as AWS says.
    pub times: (Option<Timestamp>, Option<Timestamp>),
    /// When somebody looked at it, while it went on.
    pub seen: Option<Timestamp>,
    /// Its output.
    pub output: Option<Payload>,
    /// How often it was redriven.
    pub redrives: Option<u64>,
    /// What of it is not in the recording.
    pub missing: Arc<[Missing]>,
    /// What else whoever made the recording says.
    pub notes: Arc<[Arc<str>]>,
}

/// What started an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nothing in this family: it is the one asked about.
    Root,
    /// A task of its parent.
    Nested {
        /// The parent.
        parent: MemberId,
        /// The task and its attempt; `None` when no task of the parent names this execution.
        task: Option<(VisitId, AttemptId)>,
    },
    /// A map run of its parent.
    Item {
        /// The parent.
        parent: MemberId,
        /// The distributed Map; `None` when no Map of the parent names the map run.
        map: Option<VisitId>,
    },
}

impl MemberId {
    /// The execution asked about.
    pub const ROOT: Self = Self(0);

    /// Returns the place of this member in the order of being added, from 0.
    pub fn index(self) -> usize {
        self.0
    }
}

impl Described {
    /// Returns what a recording says.
    pub fn of(recording: &Recording) -> Self {
        let execution = recording.execution.as_ref();
        Self {
            arn: recording.arn().cloned(),
            name: recording.name().map(Arc::from),
            status: execution
                .and_then(|execution| execution.status.clone())
                .or_else(|| Some(recording.status()).filter(|it| it.is_unseen() || recording.is_map_run_results())),
            failure: Failure {
                error: execution.and_then(|execution| execution.error.clone()),
                cause: execution.and_then(|execution| execution.cause.clone()),
            },
            input: recording.input(),
            logs: recording.task_logs().collect(),
            times: match execution {
                Some(execution) => (execution.start_date, execution.stop_date),
                None if recording.events.is_empty() => (recording.started(), recording.stopped()),
                None => (None, None),
            },
            seen: recording.recorded.at.filter(|_| recording.status() == Status::Running),
            output: execution.and_then(|execution| execution.output.clone()),
            redrives: execution.and_then(|execution| execution.redrive_count),
            missing: recording.missing().into(),
            notes: recording.recorded.notes.iter().flatten().cloned().collect(),
        }
    }
}

impl Member {
    fn new(described: Described, link: Link, mut history: History) -> Self {
        if let Some(seen) = described.seen {
            history.set_seen(seen);
        }
        Self { described, link, history, children: Vec::new() }
    }

    /// Returns the microseconds the execution took, as AWS says or else by its events; of one that goes on, its age when
    /// somebody looked. `None` when part of that is not known.
    pub fn micros(&self) -> Option<i64> {
        let (began, ended) = self.described.times;
        let began = began.or_else(|| self.history.started_at())?;
        Some(ended.or_else(|| self.history.until())?.micros_since(began))
    }

    /// Returns what a function logged during the call that an event ended.
    pub fn log_of(&self, event: EventId) -> Option<&TaskLog> {
        self.described.logs.iter().find(|log| log.event == Some(event))
    }

    /// Returns how the execution stands: by its events or, where they end early, by what AWS says.
    pub fn status(&self) -> Status {
        let ended = self.history.end().and_then(|end| Status::after(&end.kind));
        ended.or_else(|| self.described.status.clone()).unwrap_or(Status::Running)
    }

    /// Returns the error and cause the execution ended with.
    pub fn failure(&self) -> &Failure {
        let ended = self.history.end().and_then(|end| end.details.failure());
        ended.filter(|failure| failure.error.is_some()).unwrap_or(&self.described.failure)
    }

    /// Returns the execution's input.
    pub fn input(&self) -> Option<&Payload> {
        self.history.execution_input().or(self.described.input.as_ref())
    }
}

impl Family {
    /// A family of one.
    pub fn new(described: Described, history: History) -> Self {
        let root = Member::new(described, Link::Root, history);
        Self { members: vec![root], map_runs: HashMap::new() }
    }

    /// Folds a recording and all recordings inside it.
    pub fn of(recording: &Recording) -> Self {
        let mut family = Self::new(Described::of(recording), recording.events.iter().collect());
        let mut left = vec![(MemberId::ROOT, recording, Rc::default())];
        while let Some((parent, recording, around)) = left.pop() {
            let branches = family.label_branches(parent, recording, around);
            let tasks = if recording.children.is_empty() { HashMap::new() } else { family.tasks_of(parent) };
            for child in &recording.children {
                let task = child.arn().and_then(|arn| tasks.get(arn)).copied();
                left.push((family.add(Link::Nested { parent, task }, child), child, Rc::default()));
            }
            for run in &recording.map_runs {
                let arn = run.map_run.as_ref().and_then(|run| run.map_run_arn.clone());
                let map = family.map_of(parent, arn.as_deref());
                for child in &run.executions {
                    left.push((family.add(Link::Item { parent, map }, child), child, Rc::clone(&branches)));
                }
                if let Some(described) = &run.map_run {
                    // Results alone do not always name their Map Run.
                    family.map_runs.insert(arn.unwrap_or_default(), described.clone());
                }
            }
        }
        family
    }

    /// Returns a recording and all recordings inside it, in the order in which [`Self::of`] makes them members.
    pub fn recordings(recording: &Recording) -> Vec<&Recording> {
        let mut all = vec![recording];
        let mut left = vec![recording];
        while let Some(recording) = left.pop() {
            let children = recording.children.iter().chain(recording.map_runs.iter().flat_map(|run| &run.executions));
            for child in children {
                all.push(child);
                left.push(child);
            }
        }
        all
    }

    /// Numbers the branches in a member's history by its definition, which for an item of a Map Run is that around it.
    fn label_branches(&mut self, member: MemberId, recording: &Recording, around: Rc<Branches>) -> Rc<Branches> {
        let Some(member) = self.members.get_mut(member.0) else { return around };
        let is_parallel = |history: &History| history.visits().any(|(_, visit)| visit.kind == StateType::Parallel);
        if !is_parallel(&member.history) && recording.map_runs.is_empty() {
            return around;
        }
        let own = recording.definition().map(|definition| Rc::new(Branches::of(definition)));
        let branches = own.unwrap_or(around);
        branches.label(&mut member.history);
        branches
    }

    fn tasks_of(&self, member: MemberId) -> HashMap<Arc<str>, (VisitId, AttemptId)> {
        nested_tasks(&self.member(member).history)
    }

    /// Returns the Map a map run belongs to; the only distributed one when the run's ARN is not known.
    fn map_of(&self, parent: MemberId, arn: Option<&str>) -> Option<VisitId> {
        let history = &self.member(parent).history;
        let mut maps = history.visits().filter(|(_, visit)| match (arn, visit.map_run_arn.as_deref()) {
            (Some(arn), Some(runs)) => arn == runs,
            (None, runs) => runs.is_some(),
            (Some(_), None) => false,
        });
        maps.next().map(|(id, _)| id)
    }

    fn add(&mut self, link: Link, recording: &Recording) -> MemberId {
        let id = MemberId(self.members.len());
        self.members.push(Member::new(Described::of(recording), link, recording.events.iter().collect()));
        if let Link::Nested { parent, .. } | Link::Item { parent, .. } = link
            && let Some(parent) = self.members.get_mut(parent.0)
        {
            parent.children.push(id);
        }
        id
    }

    /// Returns what AWS says about a map run.
    pub fn map_run(&self, arn: &str) -> Option<&DescribedMapRun> {
        self.map_runs.get(arn)
    }

    /// Returns the history of the execution asked about.
    pub fn root(&self) -> &History {
        &self.member(MemberId::ROOT).history
    }

    /// Returns the executions of a Map Run of which nothing but these is known: no Map and no event of its execution.
    pub fn loose_items(&self, parent: MemberId) -> impl Iterator<Item = MemberId> {
        self.children_where(parent, |link| matches!(link, Link::Item { map: None, .. }))
    }

    /// Returns what AWS says about the map runs of the family.
    pub fn map_runs(&self) -> impl Iterator<Item = (&Arc<str>, &DescribedMapRun)> {
        self.map_runs.iter()
    }

    /// Returns a member of this family.
    pub fn member(&self, id: MemberId) -> &Member {
        self.members.get(id.0).expect("a member id is only made when its member is added")
    }

    /// Returns all members; parents come before their children.
    pub fn members(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        self.members.iter().enumerate().map(|(place, member)| (MemberId(place), member))
    }

    /// Returns the executions an attempt of a task started.
    pub fn nested_in(&self, parent: MemberId, attempt: AttemptId) -> impl Iterator<Item = MemberId> {
        self.children_where(parent, move |link| matches!(link, Link::Nested { task: Some((_, a)), .. } if a == attempt))
    }

    /// Returns the executions of a distributed Map's items.
    pub fn items_of(&self, parent: MemberId, map: VisitId) -> impl Iterator<Item = MemberId> {
        self.children_where(parent, move |link| matches!(link, Link::Item { map: Some(m), .. } if m == map))
    }

    fn children_where(&self, parent: MemberId, wanted: impl Fn(Link) -> bool) -> impl Iterator<Item = MemberId> {
        self.member(parent).children.iter().copied().filter(move |child| wanted(self.member(*child).link))
    }
}

/// Returns the executions that tasks of a history started, by ARN.
pub fn nested_tasks(history: &History) -> HashMap<Arc<str>, (VisitId, AttemptId)> {
    let mut tasks = HashMap::new();
    for (id, attempt) in history.attempts() {
        let Some(Details::TaskScheduled(scheduled)) = history.event(attempt.scheduled).map(|event| &event.details)
        else {
            continue;
        };
        if !scheduled.task.starts_execution() {
            continue;
        }
        if let Some(arn) = execution_arn(history, attempt) {
            tasks.insert(arn, (attempt.visit, id));
        }
    }
    tasks
}

/// Whichever answer of an attempt names the execution it started.
fn execution_arn(history: &History, attempt: &super::Attempt) -> Option<Arc<str>> {
    let answers = [attempt.submitted, attempt.ended];
    let answers = answers.into_iter().flatten().filter_map(|event| history.event(event));
    answers.into_iter().find_map(|event| event.details.execution_arn())
}
