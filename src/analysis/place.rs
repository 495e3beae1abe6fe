//! Where something happened, as a breadcrumb.

use crate::event::EventId;
use crate::history::{AttemptId, Family, History, Link, MemberId, ScopeId, VisitId};
use std::sync::Arc;

/// A place in a family of executions.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The way there from the execution asked about: containers, items, nested executions, the state itself.
    pub steps: Vec<Step>,
    /// The execution it is in.
    pub execution: MemberId,
    /// The visit, unless it belongs to no state.
    pub visit: Option<VisitId>,
    /// The attempt.
    pub attempt: Option<AttemptId>,
    /// The event, in that execution.
    pub event: EventId,
}

/// One step of the way to a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A state.
    State(Arc<str>),
    /// An item of the Map before it, from 0.
    Item(u64),
    /// A branch of the Parallel before it, from 0.
    Branch(u64),
    /// An execution, by its name: started by the task, or for an item of the distributed Map, before it.
    Execution(Arc<str>),
}

impl Place {
    /// Returns the place of an event.
    pub fn of(family: &Family, execution: MemberId, event: EventId) -> Self {
        let history = &family.member(execution).history;
        let lineage = history.lineage(event);
        let visit = lineage.and_then(|lineage| lineage.visit);
        let mut steps = steps_to_execution(family, execution);
        match (visit, lineage) {
            (Some(visit), _) => steps_to_visit(history, visit, &mut steps),
            (None, Some(lineage)) => steps_to_scope(history, lineage.scope, &mut steps),
            (None, None) => {}
        }
        let attempt = lineage.and_then(|lineage| lineage.attempt);
        Self { steps, execution, visit, attempt, event }
    }

    /// Returns the place of a visit.
    pub fn of_visit(family: &Family, execution: MemberId, visit: VisitId) -> Self {
        let history = &family.member(execution).history;
        let found = history.visit(visit);
        let mut steps = steps_to_execution(family, execution);
        steps_to_visit(history, visit, &mut steps);
        let event = found.entered.or(found.ended).unwrap_or(EventId::FIRST);
        Self { steps, execution, visit: Some(visit), attempt: found.attempts.last().copied(), event }
    }

    /// Returns the name of the last state on the way.
    pub fn state(&self) -> Option<&Arc<str>> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::State(name) => Some(name),
            _ => None,
        })
    }

    /// Returns the states on the way without items and executions: equal for the same state of different items.
    pub fn states(&self) -> Vec<&Arc<str>> {
        let name = |step: &'_ Step| matches!(step, Step::State(_));
        let steps = self.steps.iter().filter(|step| name(step));
        steps.filter_map(|step| if let Step::State(name) = step { Some(name) } else { None }).collect()
    }
}

fn steps_to_execution(family: &Family, execution: MemberId) -> Vec<Step> {
    let member = family.member(execution);
    let (parent, visit) = match member.link {
        Link::Root => return Vec::new(),
        Link::Nested { parent, task } => (parent, task.map(|(visit, _)| visit)),
        Link::Item { parent, map } => (parent, map),
    };
    let mut steps = steps_to_execution(family, parent);
    if let Some(visit) = visit {
        steps_to_visit(&family.member(parent).history, visit, &mut steps);
    }
    let name = member.described.name.clone();
    steps.push(Step::Execution(name.unwrap_or_else(|| execution.index().to_string().into())));
    steps
}

fn steps_to_visit(history: &History, visit: VisitId, steps: &mut Vec<Step>) {
    let visit = history.visit(visit);
    steps_to_scope(history, visit.scope, steps);
    steps.push(Step::State(visit.name.clone()));
}

fn steps_to_scope(history: &History, scope: ScopeId, steps: &mut Vec<Step>) {
    let mut outward: Vec<ScopeId> = history.scopes_above(scope).collect();
    outward.reverse();
    for scope in outward {
        let scope = history.scope(scope);
        let (Some(container), Some(index)) = (scope.container(), scope.index()) else { continue };
        let container = history.visit(container);
        steps.push(Step::State(container.name.clone()));
        steps.push(if container.kind == crate::event::StateType::Map {
            Step::Item(index)
        } else {
            Step::Branch(index)
        });
    }
}
