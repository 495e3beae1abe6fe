//! The graph of executions: from the definition, or from what was seen of it.

use super::{FlowId, FlowKind, Graph, Machinery, NodeId};
use crate::analysis::Programs;
use crate::event::StateType;
use crate::history::{Family, History, Link as Origin, MemberId, Outcome, ScopeId, VisitId};
use indexmap::IndexMap;
use std::sync::Arc;

/// How deep executions started by tasks are drawn inside each other.
const DEPTH: usize = 4;

impl Graph {
    /// Adds executions of one machine as a flow, and those their tasks started inside of the tasks.
    pub(super) fn add_execution(
        &mut self,
        family: &Family,
        programs: &Programs,
        members: &[MemberId],
        kind: FlowKind,
        container: Option<NodeId>,
    ) {
        let machinery = self.new_machinery();
        if let Some(node) = container {
            self.started.insert(node, machinery);
        }
        let mut all = Vec::new();
        members.iter().for_each(|member| with_items(family, *member, &mut all));
        match members.iter().find_map(|member| programs.program(*member).ok()) {
            Some(program) => {
                self.add_machine(&program.machine, machinery, &kind, container);
            }
            None => {
                let flow = self.add_flow(kind, container);
                let mut seen = Seen { graph: self, family, machinery };
                members.iter().for_each(|member| seen.scope(*member, ScopeId::ROOT, flow));
            }
        }
        self.add_started(family, programs, machinery, &all);
    }

    /// Adds what the tasks of these executions started.
    fn add_started(&mut self, family: &Family, programs: &Programs, machinery: Machinery, members: &[MemberId]) {
        let mut tasks: IndexMap<NodeId, Vec<MemberId>> = IndexMap::new();
        for member in members {
            for child in &family.member(*member).children {
                let Origin::Nested { task: Some((visit, _)), .. } = family.member(*child).link else { continue };
                let name = &family.member(*member).history.visit(visit).name;
                if let Some(node) = self.named(machinery, name) {
                    tasks.entry(node).or_default().push(*child);
                }
            }
        }
        for (node, children) in tasks {
            let depth = self.outward(node).filter(|node| self.started.contains_key(node)).count();
            if depth < DEPTH {
                let name = children.first().map(|child| machine_name(family, *child)).unwrap_or_default();
                self.add_execution(family, programs, &children, FlowKind::Started(name), Some(node));
            }
        }
    }

    pub(super) fn named(&self, machinery: Machinery, name: &Arc<str>) -> Option<NodeId> {
        self.names.get(&(machinery, name.clone())).copied()
    }
}

/// Collects an execution and those of the items of its distributed Maps: all of them run the same machine.
pub(super) fn with_items(family: &Family, member: MemberId, found: &mut Vec<MemberId>) {
    found.push(member);
    for child in &family.member(member).children {
        if matches!(family.member(*child).link, Origin::Item { .. }) {
            with_items(family, *child, found);
        }
    }
}

/// An execution's ARN names its machine.
fn machine_name(family: &Family, member: MemberId) -> Arc<str> {
    let described = &family.member(member).described;
    let machine = described.arn.as_deref().and_then(|arn| arn.split(':').nth(6));
    machine.or(described.name.as_deref()).unwrap_or("execution").into()
}

/// States as they were met in histories.
struct Seen<'a> {
    graph: &'a mut Graph,
    family: &'a Family,
    machinery: Machinery,
}

impl Seen<'_> {
    fn scope(&mut self, member: MemberId, scope: ScopeId, flow: FlowId) {
        let history = &self.family.member(member).history;
        for visit in &history.scope(scope).visits {
            self.visit(member, history, *visit, flow);
        }
        for id in &history.scope(scope).visits {
            let visit = history.visit(*id);
            let Some(next) = visit.next.map(|next| history.visit(next)) else { continue };
            let ends = [&visit.name, &next.name].map(|name| self.graph.named(self.machinery, name));
            if let [Some(from), Some(to)] = ends
                && self.graph.node(from).flow == self.graph.node(to).flow
            {
                let catches = matches!(visit.outcome, Outcome::Caught { .. });
                self.graph.add_link(from, to, catches, "");
            }
        }
    }

    fn visit(&mut self, member: MemberId, history: &History, id: VisitId, flow: FlowId) {
        let visit = history.visit(id);
        let node = self.graph.named(self.machinery, &visit.name);
        let node = node.unwrap_or_else(|| {
            let node = self.graph.add_node(self.machinery, flow, &visit.name, visit.kind);
            if let Some(flow) = self.graph.flows.get_mut(flow.0) {
                flow.start.get_or_insert(node);
            }
            node
        });
        for scope in &visit.children {
            let branch = history.scope(*scope).index().and_then(|index| u32::try_from(index).ok());
            let kind = match (visit.kind, branch) {
                (StateType::Parallel, Some(branch)) => FlowKind::Branch(branch),
                _ => FlowKind::Processor,
            };
            let inside = self.inside(node, kind);
            self.scope(member, *scope, inside);
        }
        let items: Vec<MemberId> = self.family.items_of(member, id).collect();
        for item in items {
            let inside = self.inside(node, FlowKind::Processor);
            self.scope(item, ScopeId::ROOT, inside);
        }
    }

    fn inside(&mut self, node: NodeId, kind: FlowKind) -> FlowId {
        let known = self.graph.node(node).inside.iter().copied().find(|flow| self.graph.flow(*flow).kind == kind);
        known.unwrap_or_else(|| self.graph.add_flow(kind, Some(node)))
    }
}
