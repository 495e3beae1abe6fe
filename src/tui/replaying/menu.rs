//! The menu of a replay: how much is replayed, and what is to be different.

use super::plan::{Change, Extent, Plan, name, visit};
use crate::event::{EventId, StateType};
use crate::history::{History, Link, MemberId, ScopeId};
use crate::replay::Try;
use crate::tui::execution::Execution;
use crate::tui::text;
use std::sync::Arc;

/// What can be chosen, and what is selected.
#[derive(Debug, Clone)]
pub struct Menu {
    items: Vec<Item>,
    selected: usize,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// To replay the whole run, from an execution that it started.
    Root,
    /// To replay so much.
    Run(Extent),
    /// To make something different.
    Change(Change),
}

impl Menu {
    /// What can be done at the cursor of an execution, and the edits made elsewhere.
    pub fn of(execution: &Execution) -> Self {
        let member = execution.plan.member;
        let history = execution.subject.history(member);
        let event = execution.place.event;
        let here = (execution.place.member == member).then(|| history.visit_of(event)).flatten();
        let entered = here.and_then(|visit| history.visit(visit).entered);
        let link = execution.subject.family.member(member).link;
        // An item of a Map Run begins inside of the machine, which by itself begins elsewhere.
        let whole = (!matches!(link, Link::Item { .. })).then_some(Item::Run(Extent::Whole));
        let mut items: Vec<Item> = (member != MemberId::ROOT).then_some(Item::Root).into_iter().chain(whole).collect();
        items.extend(entered.into_iter().flat_map(|it| [Extent::From(it), Extent::Only(it)].map(Item::Run)));
        let is_whole = items.contains(&Item::Run(Extent::Whole));
        let mut changes: Vec<Change> = is_whole.then_some(Change::Input).into_iter().collect();
        changes.extend(entered.map(Change::VisitInput));
        changes.extend(here.and_then(|_| answer(history, event)));
        changes.push(Change::Definition);
        let elsewhere = execution.plan.edits.iter().map(|edit| edit.change.clone());
        let elsewhere: Vec<Change> = elsewhere.filter(|change| !changes.contains(change)).collect();
        items.extend(changes.into_iter().chain(elsewhere).map(Item::Change));
        Self { items, selected: 0 }
    }

    /// Selects what replays so much, or the most of this execution that can be replayed.
    #[must_use]
    pub fn selecting(mut self, extent: Extent) -> Self {
        let exactly = self.items.iter().position(|item| *item == Item::Run(extent));
        let most = || self.items.iter().position(|item| matches!(item, Item::Run(_)));
        self.selected = exactly.or_else(most).unwrap_or(0);
        self
    }

    /// Selects by the number that stands in front, from 1; tells whether there is such a one.
    pub fn select_number(&mut self, number: usize) -> bool {
        let line = number.checked_sub(1).filter(|line| *line < self.items.len());
        self.selected = line.unwrap_or(self.selected);
        line.is_some()
    }

    /// Returns what can be chosen.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the number of what is selected.
    pub fn line(&self) -> usize {
        self.selected
    }

    /// Selects by number.
    pub fn select_line(&mut self, line: usize) {
        self.selected = line.min(self.items.len().saturating_sub(1));
    }

    /// Returns what is selected.
    pub fn selected(&self) -> Option<&Item> {
        self.items.get(self.selected)
    }
}

/// The answer to the attempt an event belongs to, or to the last one of its visit.
fn answer(history: &History, event: EventId) -> Option<Change> {
    let visit = history.visit(history.visit_of(event)?);
    let attempt = history.attempt_of(event).or(visit.attempts.last().copied())?;
    let attempt = history.attempt(attempt);
    let is_task = visit.kind == StateType::Task;
    is_task.then(|| Change::Answer(Try::Recorded(attempt.scheduled), Arc::clone(&visit.name), attempt.number))
}

impl Item {
    /// Returns what choosing it does.
    pub fn words(&self, history: &History, member: MemberId) -> String {
        match self {
            Self::Root => "Replay the whole execution".to_owned(),
            Self::Run(Extent::Whole) if member == MemberId::ROOT => "Replay the whole execution".to_owned(),
            Self::Run(Extent::Whole) => "Replay all of this execution".to_owned(),
            Self::Run(Extent::From(entered)) => {
                let scope = history.lineage(*entered).map_or(ScopeId::ROOT, |lineage| lineage.scope);
                let end = match (scope, history.scope(scope).index()) {
                    (ScopeId::ROOT, _) => "the end".to_owned(),
                    (_, Some(index)) => format!("the end of item {index}"),
                    (_, None) => "the end of its branch".to_owned(),
                };
                format!("Replay from {} to {end}", name(history, *entered))
            }
            Self::Run(Extent::Only(entered)) => format!("Replay only {}", name(history, *entered)),
            Self::Change(change) => format!("Edit the {}", change.title(history)),
        }
    }

    /// Returns what is to be said about it beside that.
    pub fn remark(&self, history: &History, plan: &Plan) -> String {
        match self {
            Self::Root => "with what it started".to_owned(),
            Self::Run(Extent::Whole) => format!("{} events", text::count(history.events().len())),
            Self::Run(Extent::From(entered)) => format!("event {entered}"),
            Self::Run(Extent::Only(entered)) => {
                let events = visit(history, *entered).map_or(0, |visit| history.events_of(visit).count());
                format!("{events} events")
            }
            Self::Change(change) if plan.edit(change).is_some() => "edited".to_owned(),
            Self::Change(_) => "as recorded".to_owned(),
        }
    }
}
