//! Flows: lines of execution, each at one position of its scope.

use super::context::MapItem;
use super::data::Item;
use super::error::Fault;
use super::map_run::MapRun;
use super::need::RequestId;
use super::variables::Layer;
use crate::asl::{Resource, StateId};
use crate::event::{EventId, Timestamp};
use crate::json::Payload;
use std::sync::Arc;

/// A flow by its place in [`Flows`]. The serial tells it from earlier flows that had the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FlowId {
    index: u32,
    serial: u32,
}

/// One line of execution: the root, a branch of a Parallel or an iteration of a Map.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    /// The flow that waits for this one to end, in a Parallel or Map state.
    pub(super) owner: Option<Owner>,
    /// The last event of this flow, which the next one follows from.
    pub(super) last: Option<EventId>,
    pub(super) variables: Arc<Layer>,
    /// The item of the innermost iteration around this flow.
    pub(super) item: Option<Arc<MapItem>>,
    pub(super) position: Position,
}

/// The container a flow is part of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) flow: FlowId,
    /// Which branch or iteration it is.
    pub(super) index: u32,
}

/// Where a flow is.
#[derive(Debug, Clone)]
pub(super) enum Position {
    /// About to enter a state.
    Before { state: StateId, input: Payload },
    /// In a state that needs more than one step.
    In(Box<Visit>),
    /// In a state that failed at once.
    Broken { state: StateId, input: Payload, entered: EventId, fault: Fault },
    /// About to try a state of one step again that was entered long ago.
    Again { state: StateId, input: Payload, entered: EventId },
    /// Past its last state.
    Over,
}

/// A state being visited.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) state: StateId,
    pub(super) input: Payload,
    pub(super) entered: EventId,
    pub(super) entered_at: Timestamp,
    pub(super) retries: Retries,
    pub(super) activity: Activity,
    /// Whether it failed, or something beside it did, and nobody caught that.
    pub(super) stopped: bool,
}

/// How often a visit was retried.
#[derive(Debug, Clone, Default)]
pub(super) struct Retries {
    /// For each retrier that was ever used.
    pub(super) by_retrier: Vec<u32>,
    pub(super) total: u32,
}

/// What a visit is busy with.
#[derive(Debug, Clone)]
pub(super) enum Activity {
    /// Waiting for its moment.
    Waiting { until: Timestamp, timer: u64 },
    /// A task was asked for.
    Task(TaskRun),
    /// Waiting to be retried; the event that tells why.
    Backoff { timer: u64, failed: EventId },
    /// Branches or iterations are running.
    Container(Container),
    /// Something happened; the flow is in the queue to go on from there.
    Resuming(Resume),
}

/// What a flow goes on with.
#[derive(Debug, Clone)]
pub(super) enum Resume {
    /// The moment waited for has come.
    Waited,
    /// The delay before a retry is over; the next event follows from this one.
    Retry(EventId),
    /// The task is done.
    Succeeded(Payload),
    /// The task has failed.
    Failed(Fault),
}

/// A task that was asked for.
#[derive(Debug, Clone)]
pub(super) struct TaskRun {
    pub(super) id: RequestId,
    pub(super) resource: Arc<Resource>,
    pub(super) started: bool,
    pub(super) timeout: Option<u64>,
    pub(super) heartbeat: Option<u64>,
    /// The timer of the time-out, by time and number.
    pub(super) timeout_timer: Option<(i64, u64)>,
    /// The newest heartbeat timer; older ones are void.
    pub(super) heartbeat_timer: Option<(i64, u64)>,
}

/// Flows running inside a state.
#[derive(Debug, Clone)]
pub(super) enum Container {
    /// Branches of a Parallel.
    Parallel(Children),
    /// Iterations of an inline Map.
    Map(Iterations),
    /// Child executions of a distributed Map.
    Distributed(Box<MapRun>),
}

/// The flows of a container and what came of them.
#[derive(Debug, Clone)]
pub(super) struct Children {
    pub(super) flows: Vec<Option<FlowId>>,
    pub(super) results: Vec<Option<Payload>>,
    pub(super) open: usize,
}

/// Iterations of an inline Map.
#[derive(Debug, Clone)]
pub(super) struct Iterations {
    pub(super) children: Children,
    pub(super) items: Arc<[Item]>,
    pub(super) inputs: Arc<[Payload]>,
    /// The next item to start.
    pub(super) next: usize,
}

impl Children {
    pub(super) fn new(count: usize) -> Self {
        Self { flows: vec![None; count], results: vec![None; count], open: 0 }
    }
}

/// Every flow of an execution.
#[derive(Debug, Clone, Default)]
pub(super) struct Flows {
    slots: Vec<(u32, Option<Flow>)>,
    free: Vec<u32>,
    serial: u32,
}

impl Flows {
    pub(super) fn add(&mut self, flow: Flow) -> FlowId {
        self.serial += 1;
        let serial = self.serial;
        if let Some(index) = self.free.pop()
            && let Some(slot) = self.slots.get_mut(index as usize)
        {
            *slot = (serial, Some(flow));
            return FlowId { index, serial };
        }
        self.slots.push((serial, Some(flow)));
        FlowId { index: u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX), serial }
    }

    pub(super) fn get(&self, id: FlowId) -> Option<&Flow> {
        self.slots.get(id.index as usize).filter(|slot| slot.0 == id.serial)?.1.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: FlowId) -> Option<&mut Flow> {
        self.slots.get_mut(id.index as usize).filter(|slot| slot.0 == id.serial)?.1.as_mut()
    }

    /// Returns the state a flow is in, if it is in one.
    pub(super) fn visit(&self, id: FlowId) -> Option<&Visit> {
        match &self.get(id)?.position {
            Position::In(visit) => Some(visit),
            _ => None,
        }
    }

    pub(super) fn visit_mut(&mut self, id: FlowId) -> Option<&mut Visit> {
        match &mut self.get_mut(id)?.position {
            Position::In(visit) => Some(visit),
            _ => None,
        }
    }

    /// Returns the bytes of all variables once a flow has assigned some, and by how much that exceeds a limit.
    pub(super) fn variable_bytes(
        &self,
        assigning: FlowId,
        assigned: &[(Arc<str>, Payload)],
        limit: usize,
    ) -> (usize, Option<usize>) {
        let of = |(index, (serial, flow)): (usize, &(u32, Option<Flow>))| {
            let own = index == assigning.index as usize && *serial == assigning.serial;
            flow.as_ref().map_or(0, |flow| flow.variables.own_bytes(if own { assigned } else { &[] }))
        };
        let total: usize = self.slots.iter().enumerate().map(of).sum();
        (total, total.checked_sub(limit).filter(|excess| *excess > 0))
    }

    /// Returns the flows in which a Map Run is going on.
    pub(super) fn map_runs(&self) -> Vec<FlowId> {
        let running = |slot: &Option<Flow>| match slot.as_ref().map(|flow| &flow.position) {
            Some(Position::In(visit)) => matches!(visit.activity, Activity::Container(Container::Distributed(_))),
            _ => false,
        };
        let slots = self.slots.iter().enumerate().filter(|(_, (_, slot))| running(slot));
        slots.filter_map(|(at, &(serial, _))| Some(FlowId { index: u32::try_from(at).ok()?, serial })).collect()
    }

    /// Removes a flow and all flows inside it.
    pub(super) fn remove(&mut self, id: FlowId) {
        let Some(slot) = self.slots.get_mut(id.index as usize).filter(|slot| slot.0 == id.serial) else { return };
        let Some(flow) = slot.1.take() else { return };
        self.free.push(id.index);
        if let Position::In(visit) = flow.position
            && let Activity::Container(container) = visit.activity
        {
            container.flows().into_iter().for_each(|child| self.remove(child));
        }
    }
}

impl Container {
    /// Returns the flows that have not been removed, in the order of branches or items.
    pub(super) fn flows(&self) -> Vec<FlowId> {
        let children = match self {
            Self::Parallel(children) => Some(children),
            Self::Map(iterations) => Some(&iterations.children),
            Self::Distributed(_) => None,
        };
        children.map(|it| it.flows.iter().copied().flatten().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(owner: Option<Owner>) -> Flow {
        Flow { owner, last: None, variables: Arc::default(), item: None, position: Position::Over }
    }

    #[test]
    fn a_place_that_is_used_again_is_another_flow() {
        let mut flows = Flows::default();
        let first = flows.add(flow(None));
        flows.remove(first);
        let second = flows.add(flow(None));
        assert_eq!(first.index, second.index);
        assert!(flows.get(first).is_none() && flows.get(second).is_some());
        flows.remove(first);
        assert!(flows.get(second).is_some(), "a stale name removes nobody else");
    }

    #[test]
    fn variables_are_counted_over_all_flows_and_once_when_assigned_anew() {
        let value = |text: &str| Payload::from_text(text);
        let mut layer = Layer::default();
        layer.assign(&[("a".into(), value("12345")), ("b".into(), value("123"))]);
        let mut flows = Flows::default();
        let root = flows.add(Flow { variables: Arc::new(layer.clone()), ..flow(None) });
        let owner = Some(Owner { flow: root, index: 0 });
        let inner = flows.add(Flow { variables: Arc::new(Layer::inside(&Arc::new(layer))), ..flow(owner) });
        for (assigning, name, limit, expected) in [
            (root, "c", 100, (18, None)),
            (root, "a", 100, (13, None)),
            (inner, "a", 100, (18, None)),
            (inner, "a", 18, (18, None)),
            (inner, "a", 17, (18, Some(1))),
        ] {
            let assigned = [(name.into(), value("1234567890"))];
            assert_eq!(flows.variable_bytes(assigning, &assigned, limit), expected, "{name} {limit}");
        }
    }
}
