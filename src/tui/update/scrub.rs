//! Moving through the events: by time, state, failure, attempt, iteration, and up.

use crate::analysis::Status;
use crate::analysis::status::failure_of_item;
use crate::event::EventId;
use crate::history::{Place as Flow, ScopeId, VisitId};
use crate::tui::action::Action;
use crate::tui::execution::{Execution, Headline, Place};

/// Does what the action asks as often as counted; returns what to tell when it leads nowhere.
pub(super) fn scrub(execution: &mut Execution, action: Action, count: Option<u32>) -> Option<String> {
    if let Action::Back | Action::Forward = action {
        return retrace(execution, action);
    }
    if action == Action::Parent {
        return up(execution);
    }
    let far = !matches!(
        action,
        Action::Left
            | Action::Right
            | Action::PreviousEvent
            | Action::NextEvent
            | Action::PreviousSame
            | Action::NextSame
    );
    let from = execution.place;
    let mut event = from.event;
    for _ in 0..count.unwrap_or(1).clamp(1, 1_000_000) {
        match step(execution, action, event) {
            Some(next) => event = next,
            None => break,
        }
    }
    if event == from.event {
        // Behind the last failure of its own come those of its items that did not end it.
        let forward = action == Action::NextFailure;
        let beside = (forward || action == Action::PreviousFailure).then_some(from);
        match beside.and_then(|from| execution.subject.tolerated_beside(from, forward)) {
            Some(place) => execution.jump(place),
            None => return Some(nowhere(execution, action)),
        }
        return None;
    }
    if far {
        execution.jump(Place { event, ..from });
    } else {
        execution.go(event);
    }
    None
}

fn step(execution: &Execution, action: Action, event: EventId) -> Option<EventId> {
    let history = execution.history();
    let failures = execution.subject.failures(execution.place.member);
    let beside = |step: isize| {
        let place = history.place_of(event)?.checked_add_signed(step)?;
        history.events().get(place).map(|event| event.id)
    };
    match action {
        Action::Left | Action::PreviousEvent => beside(-1),
        Action::Right | Action::NextEvent => beside(1),
        Action::NextSame => history.next_of_visit(event),
        Action::PreviousSame => history.previous_of_visit(event),
        Action::NextFailure => failures.after(event),
        Action::PreviousFailure => failures.before(event),
        Action::NextTransition | Action::PreviousTransition => transition(execution, event, action),
        Action::NextAttempt | Action::PreviousAttempt => attempt(execution, event, action == Action::NextAttempt),
        Action::NextIteration | Action::PreviousIteration => {
            iteration(execution, event, action == Action::NextIteration)
        }
        _ => None,
    }
}

fn transition(execution: &Execution, event: EventId, action: Action) -> Option<EventId> {
    let events = execution.history().events();
    let place = execution.history().place_of(event)?;
    let enters = |event: &&crate::event::Event| event.kind.enters().is_some();
    let found = match action {
        Action::NextTransition => events.get(place + 1..)?.iter().find(enters),
        _ => events.get(..place)?.iter().rev().find(enters),
    };
    found.map(|event| event.id)
}

fn attempt(execution: &Execution, event: EventId, forward: bool) -> Option<EventId> {
    let history = execution.history();
    let attempts = &history.visit(history.visit_of(event)?).attempts;
    let at = history.attempt_of(event).and_then(|attempt| attempts.iter().position(|other| *other == attempt));
    let next = match (at, forward) {
        (None, true) => 0,
        (None, false) => return None,
        (Some(at), true) => at + 1,
        (Some(at), false) => at.checked_sub(1)?,
    };
    attempts.get(next).map(|attempt| history.attempt(*attempt).scheduled)
}

/// The iterations of the Map around an event: the failed ones first, both in the order of their items.
fn iteration(execution: &Execution, event: EventId, forward: bool) -> Option<EventId> {
    let history = execution.history();
    let lineage = history.lineage(event)?;
    let is_iteration = |scope: &ScopeId| matches!(history.scope(*scope).place, Flow::Iteration { .. });
    let current = history.scopes_above(lineage.scope).find(is_iteration);
    let own = lineage.visit.filter(|visit| history.visit(*visit).children.iter().any(is_iteration));
    let (map, current) = match (own, current) {
        (Some(map), _) => (map, None),
        (None, Some(scope)) => (history.scope(scope).container()?, Some(scope)),
        (None, None) => return None,
    };
    // Failed ones first, then those in which something was caught, each in the order of their items. Maps may have
    // thousands: one pass, no sorting.
    let key = |id: &ScopeId| {
        let scope = history.scope(*id);
        let rank = match Status::of_item(history, *id) {
            Status::Failed => 0,
            Status::Caught => 1,
            _ => 2,
        };
        (rank, scope.index(), scope.started)
    };
    let here = current.as_ref().map(key);
    let siblings = history.visit(map).children.iter().filter(|scope| is_iteration(scope));
    let next = match (here, forward) {
        (here, true) => {
            siblings.filter(|scope| here.is_none_or(|here| key(scope) > here)).min_by_key(|scope| key(scope))
        }
        (Some(here), false) => siblings.filter(|scope| key(scope) < here).max_by_key(|scope| key(scope)),
        (None, false) => None,
    };
    let name = lineage.visit.map(|visit| history.visit(visit).name.clone());
    Some(entry_into(execution, *next?, name.as_deref()))
}

/// A failed iteration is entered where it failed; any other at the state one comes from, if it has it.
fn entry_into(execution: &Execution, scope: ScopeId, name: Option<&str>) -> EventId {
    let history = execution.history();
    if let Some(failure) = failure_of_item(history, scope) {
        return failure;
    }
    let scope = history.scope(scope);
    let same = |visit: &&VisitId| name.is_some_and(|name| &*history.visit(**visit).name == name);
    let same = scope.visits.iter().find(same).and_then(|visit| history.visit(*visit).entered);
    let first = scope.visits.first().and_then(|visit| history.visit(*visit).entered);
    same.or(scope.started).or(first).unwrap_or(EventId::FIRST)
}

/// From an attempt to its visit, from a visit to the iteration or container around it, from an execution to the task
/// that started it.
fn up(execution: &mut Execution) -> Option<String> {
    let history = execution.history();
    let event = execution.place.event;
    let lineage = history.lineage(event);
    let visit = history.visit_of(event).map(|visit| history.visit(visit));
    let entered = visit.and_then(|visit| visit.entered);
    let scope = lineage.map(|lineage| history.scope(lineage.scope));
    let container = scope.and_then(|scope| scope.container()).and_then(|of| history.visit(of).entered);
    let started = scope.and_then(|scope| scope.started);
    let above = [entered, started, container].into_iter().flatten().filter(|above| *above < event).max();
    if let Some(event) = above {
        execution.jump(Place { event, ..execution.place });
        return None;
    }
    match execution.parent_execution() {
        Some(member) => {
            let event = started_by(execution).unwrap_or(EventId::FIRST);
            execution.jump(Place { member, event });
            None
        }
        None if event != EventId::FIRST => {
            execution.jump(Place { event: EventId::FIRST, ..execution.place });
            None
        }
        None => Some("This is the beginning of the execution.".to_owned()),
    }
}

/// Returns the event of the parent that started the execution the cursor is in.
fn started_by(execution: &Execution) -> Option<EventId> {
    use crate::history::Link;
    let family = &execution.subject.family;
    match family.member(execution.place.member).link {
        Link::Root => None,
        Link::Nested { parent, task } => Some(family.member(parent).history.attempt(task?.1).scheduled),
        Link::Item { parent, map } => family.member(parent).history.visit(map?).entered,
    }
}

/// Goes into an execution that this one started, to what went wrong there.
pub(super) fn descend(execution: &mut Execution, member: crate::history::MemberId) {
    let place = Headline::place_in(&execution.subject, member);
    execution.jump(place);
}

fn retrace(execution: &mut Execution, action: Action) -> Option<String> {
    let from = execution.place;
    let place = if action == Action::Back { execution.trail.back(from) } else { execution.trail.forward(from) };
    let nowhere =
        if action == Action::Back { "This is where you started." } else { "There is no place to go forward to." };
    (!execution.retrace(place)).then(|| nowhere.to_owned())
}

fn nowhere(execution: &Execution, action: Action) -> String {
    let history = execution.history();
    let event = execution.place.event;
    let attempts = || history.visit_of(event).map_or(0, |visit| history.visit(visit).attempts.len());
    match action {
        Action::Left | Action::PreviousEvent => "This is the first event.".to_owned(),
        Action::Right | Action::NextEvent => match history.end() {
            Some(_) => "This is the last event.".to_owned(),
            None => "This is the last event recorded; the execution was still running.".to_owned(),
        },
        Action::NextSame => "This is the last event of this state.".to_owned(),
        Action::PreviousSame => "This is the first event of this state.".to_owned(),
        Action::NextTransition => "No state is entered after this.".to_owned(),
        Action::PreviousTransition => "No state is entered before this.".to_owned(),
        Action::NextFailure => "Nothing fails after this.".to_owned(),
        Action::PreviousFailure => "Nothing fails before this.".to_owned(),
        Action::NextAttempt | Action::PreviousAttempt => match attempts() {
            0 => "This state makes no attempts.".to_owned(),
            1 => "There was one attempt only.".to_owned(),
            _ if action == Action::NextAttempt => "This is the last attempt.".to_owned(),
            _ => "This is the first attempt.".to_owned(),
        },
        Action::NextIteration | Action::PreviousIteration if !in_map(execution) => {
            "There are no iterations here: this is not in a Map.".to_owned()
        }
        Action::NextIteration => "This is the last iteration.".to_owned(),
        Action::PreviousIteration => "This is the first iteration.".to_owned(),
        _ => String::new(),
    }
}

fn in_map(execution: &Execution) -> bool {
    iteration(execution, execution.place.event, true).is_some()
        || iteration(execution, execution.place.event, false).is_some()
}
