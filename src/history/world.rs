//! The state of an execution right after one of its events.

use super::{History, Lineage, Outcome, VisitId};
use crate::event::{Event, EventId};
use crate::json::Payload;
use std::sync::Arc;

/// The state of an execution right after one of its events. Asking costs by the answer, not by the history.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    history: &'a History,
    at: EventId,
    place: usize,
}

/// A variable in force.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variable<'a> {
    /// Its name.
    pub name: &'a Arc<str>,
    /// Its value.
    pub value: &'a Payload,
    /// The exit that assigned it.
    pub assigned: EventId,
}

impl<'a> World<'a> {
    pub(super) fn new(history: &'a History, at: EventId) -> Option<Self> {
        let place = history.place_of(at)?;
        Some(Self { history, at, place })
    }

    /// Returns the event.
    pub fn event(&self) -> &'a Event {
        self.history.events().get(self.place).expect("the place was looked up in the same history")
    }

    /// Returns where the event belongs.
    pub fn lineage(&self) -> Lineage {
        self.history.lineage(self.at).unwrap_or(Lineage::ROOT)
    }

    /// Returns the visits that are open, in the order they were entered.
    pub fn open(&self) -> Vec<VisitId> {
        let mut open = self.history.changes.open_after(self.place);
        open.retain(|visit| self.outcome(*visit) == Some(Outcome::Open));
        open
    }

    /// Returns how a visit stands at this event: `None` when it is not entered yet.
    pub fn outcome(&self, visit: VisitId) -> Option<Outcome> {
        let visit = self.history.visit(visit);
        if visit.entered.is_some_and(|entered| entered > self.at) {
            return None;
        }
        for ending in &visit.earlier {
            if self.at < ending.resumed {
                let ended = ending.ended.is_some_and(|ended| ended <= self.at);
                return Some(if ended { ending.outcome } else { Outcome::Open });
            }
        }
        Some(if visit.ended.is_some_and(|ended| ended <= self.at) { visit.outcome } else { Outcome::Open })
    }

    /// Returns the variables in force in the flow of this event, innermost scope first.
    pub fn variables(&self) -> Vec<Variable<'a>> {
        let mut variables: Vec<Variable<'a>> = Vec::new();
        for scope in self.history.scopes_above(self.lineage().scope) {
            for (name, exits) in &self.history.scope(scope).assignments {
                let known = variables.iter().any(|variable| variable.name == name);
                let assigned = exits.get(..exits.partition_point(|exit| *exit <= self.at)).and_then(<[_]>::last);
                let Some(assigned) = assigned.filter(|_| !known) else { continue };
                if let Some(value) = self.history.assigned_by(*assigned).and_then(|values| values.values.get(name)) {
                    variables.push(Variable { name, value, assigned: *assigned });
                }
            }
        }
        variables
    }

    /// Returns the last input given in the flow of this event: its state's, else the execution's.
    pub fn input(&self) -> Option<&'a Payload> {
        let visit = self.history.visit_of(self.at).and_then(|visit| self.history.input(visit));
        visit.or_else(|| self.history.execution_input())
    }

    /// Returns the microseconds since the execution began.
    pub fn elapsed_micros(&self) -> i64 {
        let first = self.history.events().first();
        first.map_or(0, |first| self.event().timestamp.micros_since(first.timestamp))
    }
}
