//! A graph as JSON: `stepback.graph/1`.

use super::plan::{Plan, Settings};
use crate::analysis::graph::{Course, FlowKind, Graph, Link, Node, NodeId};
use serde_json::{Value, json};

/// Returns the states, links, positions and statuses of a graph. States and flows are known by their places in the
/// lists; positions are cells from the upper left corner, in the roomy layout.
pub fn graph_json(graph: &Graph, course: &Course) -> Value {
    let plan = Plan::of(graph, Settings::default());
    json!({
        "format": "stepback.graph/1",
        "width": plan.size.width,
        "height": plan.size.height,
        "flows": graph.flows().map(|(_, flow)| json!({
            "kind": match &flow.kind {
                FlowKind::Machine => "machine",
                FlowKind::Branch(_) => "branch",
                FlowKind::Processor => "processor",
                FlowKind::Started(_) => "execution",
            },
            "branch": match flow.kind { FlowKind::Branch(branch) => Some(branch), _ => None },
            "machine": match &flow.kind { FlowKind::Started(name) => Some(name), _ => None },
            "container": flow.container.map(NodeId::index),
            "start": flow.start.map(NodeId::index),
        })).collect::<Vec<_>>(),
        "nodes": graph.nodes().map(|(id, known)| node(course, &plan, id, known)).collect::<Vec<_>>(),
        "edges": graph.links().map(|(id, link)| {
            let taken = course.taken(id).map_or(0, |taken| taken.times);
            let way = plan.wires.get(id.index()).and_then(Option::as_ref);
            let way: Vec<Value> = way.into_iter().flatten().map(|point| json!([point.x, point.y])).collect();
            edge(link, taken, &way)
        }).collect::<Vec<_>>(),
    })
}

fn node(course: &Course, plan: &Plan, id: NodeId, node: &Node) -> Value {
    let standing = course.standing(id);
    let spot = plan.spot(id);
    json!({
        "name": node.name,
        "type": node.kind.name(),
        "flow": node.flow.index(),
        "ends": node.ends,
        "status": standing.status.map(|status| status.word()),
        "visits": standing.visits.len(),
        "failed": standing.failed,
        "retries": standing.retries,
        "items": standing.items.map(|items| json!({ "succeeded": items.succeeded, "all": items.all })),
        "at": spot.map(|spot| json!({
            "x": spot.at.x, "y": spot.at.y, "width": spot.size.width, "height": spot.size.height,
        })),
    })
}

fn edge(link: &Link, taken: usize, way: &[Value]) -> Value {
    json!({
        "from": link.from.index(),
        "to": link.to.index(),
        "kind": if link.catches { "catch" } else { "transition" },
        "label": link.label,
        "taken": taken,
        "way": way,
    })
}
