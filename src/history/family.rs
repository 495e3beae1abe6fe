//! An execution with the executions it started: nested ones, and the items of its map runs.

use super::{AttemptId, History, VisitId};
use crate::event::Details;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// An execution with the executions it started, as far as they are known. The first is the one asked about.
#[derive(Debug, Clone)]
pub struct Family {
    members: Vec<Member>,
}

/// A member of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(usize);

/// One execution of a family.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its ARN, when known.
    pub arn: Option<Arc<str>>,
    /// What started it.
    pub link: Link,
    /// What happened in it.
    pub history: History,
    /// What it started, in the order of being added.
    pub children: Vec<MemberId>,
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

impl Family {
    /// A family of one.
    pub fn new(arn: Option<Arc<str>>, history: History) -> Self {
        Self { members: vec![Member { arn, link: Link::Root, history, children: Vec::new() }] }
    }

    /// Adds an execution a task of `parent` started; which one is found by the ARN the task answered with.
    pub fn add_nested(&mut self, parent: MemberId, arn: Arc<str>, history: History) -> MemberId {
        let task = nested_tasks(&self.member(parent).history).get(&*arn).copied();
        self.add(parent, Some(arn), Link::Nested { parent, task }, history)
    }

    /// Adds an execution a map run of `parent` started.
    pub fn add_item(&mut self, parent: MemberId, map_run: &str, arn: Option<Arc<str>>, history: History) -> MemberId {
        let runs = |visit: &super::Visit| visit.map_run_arn.as_deref() == Some(map_run);
        let map = self.member(parent).history.visits().find(|(_, visit)| runs(visit)).map(|(id, _)| id);
        self.add(parent, arn, Link::Item { parent, map }, history)
    }

    fn add(&mut self, parent: MemberId, arn: Option<Arc<str>>, link: Link, history: History) -> MemberId {
        let id = MemberId(self.members.len());
        self.members.push(Member { arn, link, history, children: Vec::new() });
        if let Some(parent) = self.members.get_mut(parent.0) {
            parent.children.push(id);
        }
        id
    }

    /// Returns the history of the execution asked about.
    pub fn root(&self) -> &History {
        &self.member(MemberId::ROOT).history
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
        let starts = |resource: &Arc<str>| resource.starts_with("startExecution") || resource.starts_with("startSync");
        if !scheduled.task.resource.as_ref().is_some_and(starts) {
            continue;
        }
        if let Some(arn) = execution_arn(history, attempt) {
            tasks.insert(arn, (attempt.visit, id));
        }
    }
    tasks
}

/// The first answer names the execution; a failed `.sync` task also names it in its cause.
fn execution_arn(history: &History, attempt: &super::Attempt) -> Option<Arc<str>> {
    let member = |value: &Value| {
        let arn = value.get("ExecutionArn").or_else(|| value.get("executionArn"))?;
        arn.as_str().map(Arc::from)
    };
    let answers = [attempt.submitted, attempt.ended];
    let answers = answers.into_iter().flatten().filter_map(|event| history.event(event));
    answers.into_iter().find_map(|event| {
        if let Some(output) = event.details.output() {
            return output.value().ok().and_then(member);
        }
        let cause = event.details.failure()?.cause.as_deref()?;
        member(&serde_json::from_str(cause).ok()?)
    })
}
