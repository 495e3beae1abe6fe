//! Parallel.

use crate::asl::Machine;
use crate::asl::state::Parallel;
use crate::event::{Details, EventId, EventType};
use crate::interpreter::data;
use crate::interpreter::execution::Execution;
use crate::interpreter::flow::{Activity, Children, Container, Flow, Owner, Position};
use crate::interpreter::here::Here;
use crate::interpreter::variables::Layer;
use crate::json::Payload;
use std::sync::Arc;

impl Execution {
    /// Starts every branch; the start follows from the entry, or for a retry from the event that failed.
    pub(in crate::interpreter) fn start_parallel(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        parallel: &Parallel,
        parent: EventId,
    ) {
        let Some(raw) = self.flows.visit(here.flow).map(|visit| visit.input.clone()) else { return };
        let input = self
            .evaluate(here, None, |environment, inspect| data::parallel_input(parallel, environment, &raw, inspect));
        let input = match input {
            Ok(input) => input,
            Err(error) => return self.state_error(machine, here, error),
        };
        let started = self.journal.append(Some(parent), EventType::ParallelStateStarted, Details::None);
        self.set_last(here.flow, started);
        let mut children = Children::new(parallel.branches.len());
        children.open = parallel.branches.len();
        for (index, &branch) in parallel.branches.iter().enumerate() {
            let position = Position::Before { state: machine[branch].start_at, input: input.clone() };
            let child = self.child(here, index, started, None, position);
            if let (Some(slot), Some(child)) = (children.flows.get_mut(index), child) {
                *slot = Some(self.flows.add(child));
            }
        }
        children.flows.iter().copied().flatten().for_each(|flow| self.enqueue(flow));
        self.set_container(here, Container::Parallel(children));
    }

    /// Makes a flow inside the state another flow is in.
    pub(in crate::interpreter) fn child(
        &self,
        here: Here<'_>,
        index: usize,
        last: EventId,
        item: Option<Arc<crate::interpreter::context::MapItem>>,
        position: Position,
    ) -> Option<Flow> {
        let outer = self.flows.get(here.flow)?;
        Some(Flow {
            owner: Some(Owner { flow: here.flow, index: u32::try_from(index).ok()? }),
            last: Some(last),
            variables: Arc::new(Layer::inside(&outer.variables)),
            item: item.or_else(|| outer.item.clone()),
            position,
        })
    }

    pub(in crate::interpreter) fn set_container(&mut self, here: Here<'_>, container: Container) {
        if let Some(visit) = self.flows.visit_mut(here.flow) {
            visit.activity = Activity::Container(container);
        }
    }

    pub(in crate::interpreter) fn branch_over(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        parallel: &Parallel,
        index: u32,
        last: EventId,
        output: &Payload,
    ) {
        let Some(visit) = self.flows.visit_mut(here.flow) else { return };
        let Activity::Container(Container::Parallel(children)) = &mut visit.activity else { return };
        children.put(index, output);
        if children.open > 0 {
            return;
        }
        let result = children.result();
        let raw = visit.input.clone();
        self.journal.append(Some(last), EventType::ParallelStateSucceeded, Details::None);
        self.set_last(here.flow, last);
        let exit = self.evaluate(here, None, |environment, inspect| {
            data::parallel_exit(parallel, environment, &raw, &result, inspect)
        });
        match exit {
            Ok(exit) => self.leave_visit(machine, here, last, exit, &parallel.next),
            Err(error) => self.state_error(machine, here, error),
        }
    }
}

impl Children {
    /// Keeps the output of a flow that is over.
    pub(in crate::interpreter) fn put(&mut self, index: u32, output: &Payload) {
        if let Some(slot) = self.flows.get_mut(index as usize) {
            *slot = None;
        }
        if let Some(slot) = self.results.get_mut(index as usize) {
            *slot = Some(output.clone());
        }
        self.open = self.open.saturating_sub(1);
    }

    /// Returns the outputs as one array. Their texts are strung together as they are, without being printed anew.
    pub(in crate::interpreter) fn result(&self) -> Payload {
        Payload::array_of(self.results.iter().flatten())
    }
}
