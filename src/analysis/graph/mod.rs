//! A machine as a graph of boxes inside boxes, and what a run did in it.
//!
//! A [`Graph`] is what there is to draw: states, what leads from one to the other, and the flows inside of Parallel,
//! Map, and tasks that started executions. It is made from definitions or, where there is none, from what was seen. A
//! [`Course`] is what happened: which states were visited, how they stand, which links were taken and when. The first
//! changes with the definition, the second with the history, so that a picture can keep its layout while a run goes on.

mod course;
mod label;
mod machine;
mod seen;

pub(super) use label::label;

pub use course::{Course, Focus, Items, Moment, Standing, Taken, Visited};

use crate::analysis::Programs;
use crate::event::StateType;
use crate::history::{Family, MemberId};
use std::collections::HashMap;
use std::sync::Arc;

/// A state of a graph, by its place in [`Graph::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// A flow of a graph, by its place in [`Graph::flows`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(usize);

/// A link of a graph, by its place in [`Graph::links`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(usize);

/// States and what leads from one to the other. The first flow is the one asked about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
    flows: Vec<Flow>,
    links: Vec<Link>,
    /// The state of that name in that machine.
    names: HashMap<(Machinery, Arc<str>), NodeId>,
    /// What an execution started by a task runs on.
    started: HashMap<NodeId, Machinery>,
    machineries: usize,
}

/// One of the machines in a graph: that of the execution asked about is the first, those of executions that a task
/// started follow. Names of states are unique in a machine, not among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Machinery(usize);

/// A state.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub kind: StateType,
    /// The flow it stands in.
    pub flow: FlowId,
    /// The flows inside: branches, the processor of a Map, the machine a task started.
    pub inside: Vec<FlowId>,
    /// Whether its flow may end with it although something leads on from it, as a catcher does.
    pub ends: bool,
}

/// States that can lead to each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// What it is.
    pub kind: FlowKind,
    /// The state around it; `None` for the first flow.
    pub container: Option<NodeId>,
    /// The state it begins with, when that is known.
    pub start: Option<NodeId>,
    /// Its states, in the order of the definition.
    pub nodes: Vec<NodeId>,
    /// What leads from one of them to another.
    pub links: Vec<LinkId>,
}

/// What a flow is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowKind {
    /// The machine asked about.
    Machine,
    /// A branch of a Parallel, from 0.
    Branch(u32),
    /// What a Map runs for each item.
    Processor,
    /// A machine that a task started, by its name.
    Started(Arc<str>),
}

/// What leads from a state to another of its flow, for one reason or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The state that ends.
    pub from: NodeId,
    /// The state that follows.
    pub to: NodeId,
    /// Whether a catcher leads there; otherwise it is a transition.
    pub catches: bool,
    /// Why, in few words: a condition, `Default`, the names of errors. Empty for a plain transition.
    pub label: String,
}

impl NodeId {
    /// Returns the place among the states of its graph, for tables kept beside it.
    pub fn index(self) -> usize {
        self.0
    }
}

impl FlowId {
    /// The flow of the execution asked about.
    pub const ROOT: Self = Self(0);

    /// Returns the place among the flows of its graph.
    pub fn index(self) -> usize {
        self.0
    }
}

impl LinkId {
    /// Returns the place among the links of its graph, for tables kept beside it.
    pub fn index(self) -> usize {
        self.0
    }
}

impl Graph {
    /// Returns the graph of a machine nobody has run.
    pub fn of_machine(machine: &crate::asl::Machine) -> Self {
        let mut graph = Self::default();
        let machinery = graph.new_machinery();
        graph.add_machine(machine, machinery, &FlowKind::Machine, None);
        graph
    }

    /// Returns the graph of an execution and of those its tasks started, from their definitions where there are such.
    pub fn of(family: &Family, programs: &Programs) -> Self {
        let mut graph = Self::default();
        graph.add_execution(family, programs, &[MemberId::ROOT], FlowKind::Machine, None);
        graph
    }

    /// Returns the states, containers before what they hold.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(place, node)| (NodeId(place), node))
    }

    /// Returns a state of this graph.
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0).expect("a node id is used with the graph it came from")
    }

    /// Returns the flows, outer ones before what they hold.
    pub fn flows(&self) -> impl ExactSizeIterator<Item = (FlowId, &Flow)> {
        self.flows.iter().enumerate().map(|(place, flow)| (FlowId(place), flow))
    }

    /// Returns a flow of this graph.
    pub fn flow(&self, id: FlowId) -> &Flow {
        self.flows.get(id.0).expect("a flow id is used with the graph it came from")
    }

    /// Returns the links.
    pub fn links(&self) -> impl ExactSizeIterator<Item = (LinkId, &Link)> {
        self.links.iter().enumerate().map(|(place, link)| (LinkId(place), link))
    }

    /// Returns a link of this graph.
    pub fn link(&self, id: LinkId) -> &Link {
        self.links.get(id.0).expect("a link id is used with the graph it came from")
    }

    /// Returns the state around a state.
    pub fn container(&self, node: NodeId) -> Option<NodeId> {
        self.flow(self.node(node).flow).container
    }

    /// Returns a state and those around it, innermost first.
    pub fn outward(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(node), |node| self.container(*node))
    }

    /// Returns the states as one reads them: each flow in the order of its definition, what is inside of a state after it.
    pub fn in_order(&self) -> Vec<NodeId> {
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut left: Vec<NodeId> =
            self.flows.first().into_iter().flat_map(|flow| flow.nodes.iter().rev().copied()).collect();
        while let Some(node) = left.pop() {
            order.push(node);
            let inside = self.node(node).inside.iter().rev();
            left.extend(inside.flat_map(|flow| self.flow(*flow).nodes.iter().rev().copied()));
        }
        order
    }

    fn new_machinery(&mut self) -> Machinery {
        self.machineries += 1;
        Machinery(self.machineries - 1)
    }

    fn add_flow(&mut self, kind: FlowKind, container: Option<NodeId>) -> FlowId {
        let id = FlowId(self.flows.len());
        self.flows.push(Flow { kind, container, start: None, nodes: Vec::new(), links: Vec::new() });
        if let Some(node) = container.and_then(|node| self.nodes.get_mut(node.0)) {
            node.inside.push(id);
        }
        id
    }

    fn add_node(&mut self, machinery: Machinery, flow: FlowId, name: &Arc<str>, kind: StateType) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { name: name.clone(), kind, flow, inside: Vec::new(), ends: false });
        self.names.insert((machinery, name.clone()), id);
        if let Some(flow) = self.flows.get_mut(flow.0) {
            flow.nodes.push(id);
        }
        id
    }

    /// Adds a reason to go from one state to another; links of one kind between the same states are one.
    fn add_link(&mut self, from: NodeId, to: NodeId, catches: bool, label: &str) -> LinkId {
        let flow = self.node(from).flow;
        let same = |id: &&LinkId| {
            let link = self.link(**id);
            (link.from, link.to, link.catches) == (from, to, catches)
        };
        let known = self.flow(flow).links.iter().find(same).copied();
        if let Some(link) = known.and_then(|id| self.links.get_mut(id.0)) {
            if !label.is_empty() && !link.label.is_empty() {
                link.label.push_str(" or ");
            }
            link.label.push_str(label);
        }
        known.unwrap_or_else(|| {
            let id = LinkId(self.links.len());
            self.links.push(Link { from, to, catches, label: label.to_owned() });
            if let Some(flow) = self.flows.get_mut(flow.0) {
                flow.links.push(id);
            }
            id
        })
    }
}
