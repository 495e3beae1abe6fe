//! Map within the execution: iterations side by side, at most so many at once.

use crate::asl::state::{Map, MapMode};
use crate::asl::{Machine, StateKind};
use crate::event::{Details, EventId, EventType};
use crate::interpreter::context::MapItem;
use crate::interpreter::data::{self, Item};
use crate::interpreter::error::StateError;
use crate::interpreter::event_details;
use crate::interpreter::execution::Execution;
use crate::interpreter::flow::{Activity, Children, Container, FlowId, Iterations, Position};
use crate::interpreter::here::Here;
use crate::json::Payload;
use std::sync::Arc;

/// How many iterations an inline Map runs at once when nothing or 0 is said.
const INLINE_CONCURRENCY: u64 = 40;

impl Execution {
    /// Starts the first iterations; the start follows from the entry, or for a retry from the event that failed.
    pub(in crate::interpreter) fn start_map(&mut self, machine: &Machine, here: Here<'_>, map: &Map, parent: EventId) {
        let Some(raw) = self.flows.visit(here.flow).map(|visit| visit.input.clone()) else { return };
        if let MapMode::Distributed(distributed) = &map.mode {
            return self.start_map_run(machine, here, map, distributed, parent, &raw);
        }
        let found = self.evaluate(here, None, |environment, inspect| {
            let input = data::map_input(map, environment, &raw, inspect)?;
            let limit = data::max_concurrency(map, environment, &input)?;
            let items = data::map_items(map, environment, &input, inspect)?;
            Ok::<_, StateError>((input, limit, items))
        });
        let (input, limit, items) = match found {
            Ok(found) => found,
            Err(error) => return self.state_error(machine, here, error),
        };
        let length = Details::MapStateStarted(Some(items.len() as u64));
        let started = self.journal.append(Some(parent), EventType::MapStateStarted, length);
        self.set_last(here.flow, started);
        let tolerance = self.evaluate(here, None, |environment, _| data::tolerance(map, environment, &input));
        match tolerance.and_then(|_| self.select_items(here, map, &input, &items)) {
            Ok(inputs) => self.start_iterations(machine, here, map, started, limit, items, inputs),
            Err(error) => self.state_error(machine, here, error),
        }
    }

    /// Evaluates what every iteration is given, all at once before the first of them starts.
    fn select_items(
        &mut self,
        here: Here<'_>,
        map: &Map,
        input: &Payload,
        items: &[Item],
    ) -> Result<Vec<Payload>, StateError> {
        if !data::has_selector(map) {
            return Ok(items.iter().map(|item| item.value.clone()).collect());
        }
        let outer = self.flows.get(here.flow).and_then(|flow| flow.item.clone());
        let mut inputs = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            inputs.push(self.select_item(here, map, input, item, index, None));
        }
        if let Some(flow) = self.flows.get_mut(here.flow) {
            flow.item = outer;
        }
        inputs.into_iter().collect()
    }

    /// Evaluates what one iteration is given: meanwhile its item is the item of the flow.
    pub(in crate::interpreter) fn select_item(
        &mut self,
        here: Here<'_>,
        map: &Map,
        input: &Payload,
        item: &Item,
        index: usize,
        source: Option<Arc<str>>,
    ) -> Result<Payload, StateError> {
        if let Some(flow) = self.flows.get_mut(here.flow) {
            flow.item = Some(Arc::new(map_item(item, index, source)));
        }
        self.evaluate(here, None, |environment, _| data::item_selected(map, environment, input, item))
    }

    #[expect(clippy::too_many_arguments, reason = "these are the evaluated fields of one state")]
    fn start_iterations(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        map: &Map,
        started: EventId,
        limit: u64,
        items: Vec<Item>,
        inputs: Vec<Payload>,
    ) {
        let limit = if limit == 0 { INLINE_CONCURRENCY } else { limit.min(INLINE_CONCURRENCY) };
        let count = items.len();
        let admitted = usize::try_from(limit).unwrap_or(count).min(count);
        let children = Children { open: count, ..Children::new(count) };
        let iterations = Iterations { children, items: items.into(), inputs: inputs.into(), next: 0 };
        self.set_container(here, Container::Map(iterations));
        if count == 0 {
            return self.map_over(machine, here, map, started);
        }
        let flows: Vec<_> = (0..admitted).filter_map(|_| self.start_iteration(machine, here, map, started)).collect();
        flows.into_iter().for_each(|flow| self.enqueue(flow));
    }

    /// Starts the next iteration that waits, as a consequence of `parent`.
    pub(in crate::interpreter) fn start_iteration(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        map: &Map,
        parent: EventId,
    ) -> Option<FlowId> {
        let visit = self.flows.visit_mut(here.flow)?;
        let Activity::Container(Container::Map(iterations)) = &mut visit.activity else { return None };
        let index = iterations.next;
        let item = Arc::new(map_item(iterations.items.get(index)?, index, None));
        let input = iterations.inputs.get(index)?.clone();
        iterations.next += 1;
        let details = event_details::iteration(&here.state.name, index);
        let started = self.journal.append(Some(parent), EventType::MapIterationStarted, details);
        let position = Position::Before { state: machine[map.processor].start_at, input };
        let child = self.child(here, index, started, Some(item), position)?;
        let child = self.flows.add(child);
        if let Some(visit) = self.flows.visit_mut(here.flow)
            && let Activity::Container(Container::Map(iterations)) = &mut visit.activity
            && let Some(slot) = iterations.children.flows.get_mut(index)
        {
            *slot = Some(child);
        }
        Some(child)
    }

    pub(in crate::interpreter) fn iteration_over(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        map: &Map,
        index: u32,
        last: EventId,
        output: &Payload,
    ) {
        let Some(visit) = self.flows.visit_mut(here.flow) else { return };
        let Activity::Container(Container::Map(iterations)) = &mut visit.activity else { return };
        iterations.children.put(index, output);
        let over = iterations.children.open == 0;
        let details = event_details::iteration(&here.state.name, index as usize);
        let succeeded = self.journal.append(Some(last), EventType::MapIterationSucceeded, details);
        if over {
            self.map_over(machine, here, map, succeeded);
        } else if let Some(next) = self.start_iteration(machine, here, map, last) {
            self.enqueue(next);
        }
    }

    /// All iterations are over; what follows, follows from `last`.
    pub(in crate::interpreter) fn map_over(&mut self, machine: &Machine, here: Here<'_>, map: &Map, last: EventId) {
        let Some(visit) = self.flows.visit(here.flow) else { return };
        let Activity::Container(Container::Map(iterations)) = &visit.activity else { return };
        let (result, raw) = (iterations.children.result(), visit.input.clone());
        self.journal.append(Some(last), EventType::MapStateSucceeded, Details::None);
        self.leave_map(machine, here, map, last, &raw, &result);
    }

    /// Takes the result of a Map out of it; the exit follows from `last`.
    pub(in crate::interpreter) fn leave_map(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        map: &Map,
        last: EventId,
        raw: &Payload,
        result: &Payload,
    ) {
        self.set_last(here.flow, last);
        let exit =
            self.evaluate(here, None, |environment, inspect| data::map_exit(map, environment, raw, result, inspect));
        match exit {
            Ok(exit) => self.leave_visit(machine, here, last, exit, &map.next),
            Err(error) => self.state_error(machine, here, error),
        }
    }
}

pub(in crate::interpreter) fn map_item(item: &Item, index: usize, source: Option<Arc<str>>) -> MapItem {
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    MapItem { index, key: item.key.clone(), value: item.value.clone(), source }
}

/// Returns the indexes of the Map iterations a flow stands in, outermost first.
impl Execution {
    pub(in crate::interpreter) fn iteration_path(&self, flow: FlowId) -> Vec<u32> {
        let mut path = Vec::new();
        let mut at = self.flows.get(flow).and_then(|flow| flow.owner);
        while let Some(owner) = at {
            let state = self.flows.visit(owner.flow).map(|visit| &self.machine[visit.state].kind);
            if matches!(state, Some(StateKind::Map(_))) {
                path.push(owner.index);
            }
            at = self.flows.get(owner.flow).and_then(|flow| flow.owner);
        }
        path.extend(self.identity.path.iter().rev());
        path.reverse();
        path
    }
}
