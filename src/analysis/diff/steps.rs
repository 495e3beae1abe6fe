//! Which visits of two flows correspond.

use super::run::{Flow, Run};
use crate::event::StateType;
use crate::history::{MemberId, Outcome, ScopeId, VisitId};
use crate::json::Payload;
use crate::json::diff::{Pairing, align, pair};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Flows inside flows are followed this deep.
const DEPTH: u16 = 64;
/// Flows of a Map are recognised by what they were given only if there are no more of them; else by their number.
const BY_INPUT: usize = 2_000;

/// A visit, branch, iteration or execution of one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// A stay in a state.
    Visit(MemberId, VisitId),
    /// A branch or an iteration.
    Scope(MemberId, ScopeId),
    /// An execution that a task or a map run started.
    Execution(MemberId),
}

/// Something of one side and what corresponds to it on the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// How deep it lies; 0 for the visits of the flow that was asked about.
    pub depth: u16,
    /// The step it lies in.
    pub parent: Option<usize>,
    /// What it is on the old side.
    pub old: Option<Spot>,
    /// What it is on the new side.
    pub new: Option<Spot>,
    /// What differs in the way it went.
    pub differences: Vec<Difference>,
    /// What differs in its data, without what merely came along from earlier steps.
    pub data: Vec<super::DataChange>,
    /// How many differences of its data came along from earlier steps.
    pub carried: usize,
    /// How many values differ, but are volatile.
    pub excused: usize,
}

/// What differs in the way two visits went.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// It ended another way.
    Outcome {
        /// On the old side.
        old: Outcome,
        /// On the new side.
        new: Outcome,
    },
    /// It handed on to another state; `None` where the flow ended.
    Next {
        /// On the old side.
        old: Option<Arc<str>>,
        /// On the new side.
        new: Option<Arc<str>>,
    },
    /// It took another number of attempts.
    Attempts {
        /// On the old side.
        old: usize,
        /// On the new side.
        new: usize,
    },
}

impl Step {
    /// Returns the visits, if it is one on both sides.
    pub fn visits(&self) -> Option<((MemberId, VisitId), (MemberId, VisitId))> {
        match (self.old?, self.new?) {
            (Spot::Visit(old, was), Spot::Visit(new, is)) => Some(((old, was), (new, is))),
            _ => None,
        }
    }

    /// Tells whether anything about this step itself differs.
    pub fn differs(&self) -> bool {
        self.old.is_none() || self.new.is_none() || !self.differences.is_empty() || !self.data.is_empty()
    }
}

/// Returns the steps of two flows, containers before what lies in them.
pub(super) fn steps(old: &Run<'_>, new: &Run<'_>, flows: [Flow; 2]) -> Vec<Step> {
    let mut alignment = Alignment { old, new, steps: Vec::new() };
    alignment.flow(flows, 0, None);
    alignment.steps
}

struct Alignment<'r, 'a> {
    old: &'r Run<'a>,
    new: &'r Run<'a>,
    steps: Vec<Step>,
}

impl Alignment<'_, '_> {
    fn push(&mut self, depth: u16, parent: Option<usize>, old: Option<Spot>, new: Option<Spot>) -> usize {
        let (differences, data) = (Vec::new(), Vec::new());
        self.steps.push(Step { depth, parent, old, new, differences, data, carried: 0, excused: 0 });
        self.steps.len() - 1
    }

    /// Aligns the visits of two flows by the names of their states.
    fn flow(&mut self, [was, is]: [Flow; 2], depth: u16, parent: Option<usize>) {
        if depth > DEPTH {
            return;
        }
        let (old, new) = (self.old.history(was.member), self.new.history(is.member));
        let (old_visits, new_visits) = (&old.scope(was.scope).visits, &new.scope(is.scope).visits);
        let old_names: Vec<&str> = old_visits.iter().map(|visit| &*old.visit(*visit).name).collect();
        let new_names: Vec<&str> = new_visits.iter().map(|visit| &*new.visit(*visit).name).collect();
        let pairs = align(&old_names, &new_names);
        let (mut old_at, mut new_at) = (0, 0);
        for (old_place, new_place) in pairs.into_iter().chain([(old_visits.len(), new_visits.len())]) {
            for visit in old_visits.get(old_at..old_place).unwrap_or_default() {
                self.push(depth, parent, Some(Spot::Visit(was.member, *visit)), None);
            }
            for visit in new_visits.get(new_at..new_place).unwrap_or_default() {
                self.push(depth, parent, None, Some(Spot::Visit(is.member, *visit)));
            }
            if let (Some(left), Some(right)) = (old_visits.get(old_place), new_visits.get(new_place)) {
                self.visits((was.member, *left), (is.member, *right), depth, parent);
            }
            (old_at, new_at) = (old_place + 1, new_place + 1);
        }
    }

    fn visits(&mut self, was: (MemberId, VisitId), is: (MemberId, VisitId), depth: u16, parent: Option<usize>) {
        let step = self.push(depth, parent, Some(Spot::Visit(was.0, was.1)), Some(Spot::Visit(is.0, is.1)));
        let differences = self.differences(was, is);
        if let Some(step) = self.steps.get_mut(step) {
            step.differences = differences;
        }
        self.scopes(was, is, depth + 1, step);
        self.executions(was, is, depth + 1, step);
    }

    fn differences(&self, was: (MemberId, VisitId), is: (MemberId, VisitId)) -> Vec<Difference> {
        let (old_history, new_history) = (self.old.history(was.0), self.new.history(is.0));
        let (old, new) = (old_history.visit(was.1), new_history.visit(is.1));
        let mut differences = Vec::new();
        if std::mem::discriminant(&old.outcome) != std::mem::discriminant(&new.outcome) {
            differences.push(Difference::Outcome { old: old.outcome, new: new.outcome });
        }
        let next = |history: &crate::history::History, visit: Option<VisitId>| {
            visit.map(|visit| Arc::clone(&history.visit(visit).name))
        };
        let (old_next, new_next) = (next(old_history, old.next), next(new_history, new.next));
        if old_next != new_next {
            differences.push(Difference::Next { old: old_next, new: new_next });
        }
        if old.attempts.len() != new.attempts.len() {
            differences.push(Difference::Attempts { old: old.attempts.len(), new: new.attempts.len() });
        }
        differences
    }

    /// Pairs the branches or iterations of two visits: those of each run of the container by itself.
    fn scopes(&mut self, was: (MemberId, VisitId), is: (MemberId, VisitId), depth: u16, parent: usize) {
        let (old, new) = (self.old.history(was.0), self.new.history(is.0));
        if old.visit(was.1).children.is_empty() && new.visit(is.1).children.is_empty() {
            return;
        }
        let rounds = |history: &crate::history::History, visit: VisitId| {
            let mut rounds: indexmap::IndexMap<u32, Vec<ScopeId>> = indexmap::IndexMap::new();
            for scope in &history.visit(visit).children {
                let attempt = history.scope(*scope).attempt();
                let number = attempt.map_or(1, |attempt| history.attempt(attempt).number);
                rounds.entry(number).or_default().push(*scope);
            }
            rounds
        };
        let (mut old_rounds, new_rounds) = (rounds(old, was.1), rounds(new, is.1));
        for (number, new_scopes) in new_rounds {
            let old_scopes = old_rounds.shift_remove(&number).unwrap_or_default();
            self.round((was.0, &old_scopes), (is.0, &new_scopes), new.visit(is.1).kind, depth, parent);
        }
        for scope in old_rounds.into_values().flatten() {
            self.push(depth, Some(parent), Some(Spot::Scope(was.0, scope)), None);
        }
    }

    fn round(
        &mut self,
        was: (MemberId, &[ScopeId]),
        is: (MemberId, &[ScopeId]),
        kind: StateType,
        depth: u16,
        parent: usize,
    ) {
        let (old, new) = (self.old.history(was.0), self.new.history(is.0));
        let first = |history: &crate::history::History, scope: ScopeId| history.scope(scope).visits.first().copied();
        let input = |history: &crate::history::History, scope: ScopeId| {
            first(history, scope).and_then(|visit| history.input(visit)).cloned()
        };
        let pairings = if kind == StateType::Parallel {
            let name = |history: &crate::history::History, scope: &ScopeId| {
                first(history, *scope).map(|visit| Arc::clone(&history.visit(visit).name))
            };
            let old_names: Vec<_> = was.1.iter().map(|scope| name(old, scope)).collect();
            by_name(&old_names, &is.1.iter().map(|scope| name(new, scope)).collect::<Vec<_>>())
        } else if was.1.len() == is.1.len() || was.1.len().max(is.1.len()) > BY_INPUT {
            let index = |history: &crate::history::History, scope: &ScopeId| history.scope(*scope).index();
            let old_indexes: Vec<_> = was.1.iter().map(|scope| index(old, scope)).collect();
            by_name(&old_indexes, &is.1.iter().map(|scope| index(new, scope)).collect::<Vec<_>>())
        } else {
            let old_inputs = was.1.iter().map(|scope| input(old, *scope));
            by_input(old_inputs, is.1.iter().map(|scope| input(new, *scope)))
        };
        for pairing in pairings {
            let left = pairing.old.and_then(|place| was.1.get(place)).copied();
            let right = pairing.new.and_then(|place| is.1.get(place)).copied();
            let spots = (left.map(|scope| Spot::Scope(was.0, scope)), right.map(|scope| Spot::Scope(is.0, scope)));
            let step = self.push(depth, Some(parent), spots.0, spots.1);
            if let (Some(left), Some(right)) = (left, right) {
                let flows = [Flow { member: was.0, scope: left }, Flow { member: is.0, scope: right }];
                self.flow(flows, depth + 1, Some(step));
            }
        }
    }

    /// Pairs the executions that two visits started.
    fn executions(&mut self, was: (MemberId, VisitId), is: (MemberId, VisitId), depth: u16, parent: usize) {
        let (old_family, new_family) = (self.old.family, self.new.family);
        if old_family.member(was.0).children.is_empty() && new_family.member(is.0).children.is_empty() {
            return;
        }
        let started = |run: &Run<'_>, (member, visit): (MemberId, VisitId)| {
            let attempts = &run.history(member).visit(visit).attempts;
            let nested = attempts.iter().flat_map(|attempt| run.family.nested_in(member, *attempt));
            nested.chain(run.family.items_of(member, visit)).collect::<Vec<_>>()
        };
        let (left, right) = (started(self.old, was), started(self.new, is));
        let pairings = if left.len().max(right.len()) > BY_INPUT {
            by_name(&(0..left.len()).collect::<Vec<_>>(), &(0..right.len()).collect::<Vec<_>>())
        } else {
            let old_inputs = left.iter().map(|member| old_family.member(*member).input().cloned());
            by_input(old_inputs, right.iter().map(|member| new_family.member(*member).input().cloned()))
        };
        for pairing in pairings {
            let left = pairing.old.and_then(|place| left.get(place)).copied();
            let right = pairing.new.and_then(|place| right.get(place)).copied();
            let step = self.push(depth, Some(parent), left.map(Spot::Execution), right.map(Spot::Execution));
            if let (Some(left), Some(right)) = (left, right) {
                let flows = [left, right].map(|member| Flow { member, scope: ScopeId::ROOT });
                self.flow(flows, depth + 1, Some(step));
            }
        }
    }
}

/// Pairs flows that have the same name, or number.
fn by_name<T: Eq + std::hash::Hash>(old: &[T], new: &[T]) -> Vec<Pairing> {
    let mut places: HashMap<&T, usize> = old.iter().enumerate().rev().map(|(place, name)| (name, place)).collect();
    let partners: Vec<Option<usize>> = new.iter().map(|name| places.remove(name)).collect();
    let taken: std::collections::HashSet<usize> = partners.iter().flatten().copied().collect();
    let pairings = partners.iter().enumerate();
    let pairings = pairings.map(|(place, old)| Pairing { old: *old, new: Some(place), moved: false });
    let gone = (0..old.len()).filter(|place| !taken.contains(place));
    pairings.chain(gone.map(|place| Pairing { old: Some(place), new: None, moved: false })).collect()
}

/// Pairs flows by what they were given, as items of arrays are paired.
fn by_input(old: impl Iterator<Item = Option<Payload>>, new: impl Iterator<Item = Option<Payload>>) -> Vec<Pairing> {
    let parsed = |payload: Option<Payload>| {
        payload.and_then(|payload| serde_json::from_str::<Value>(payload.text()).ok()).unwrap_or_default()
    };
    pair(&old.map(parsed).collect::<Vec<_>>(), &new.map(parsed).collect::<Vec<_>>())
}
