//! A graph as a Mermaid state diagram.

use crate::analysis::Status;
use crate::analysis::graph::{Course, FlowId, FlowKind, Graph, Node, NodeId};
use crate::event::StateType;
use crate::json::visible::is_hidden;
use crate::report::signs::status_sign;
use std::fmt::Write as _;

/// Returns a `stateDiagram-v2` with a class for each status.
pub fn mermaid(graph: &Graph, course: &Course) -> String {
    let mut diagram = Diagram { graph, course, text: String::from("stateDiagram-v2\n") };
    diagram.flow(FlowId::ROOT, 1);
    diagram.classes();
    diagram.text
}

struct Diagram<'a> {
    graph: &'a Graph,
    course: &'a Course,
    text: String,
}

impl Diagram<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{}{text}", "    ".repeat(depth));
    }

    fn flow(&mut self, id: FlowId, depth: usize) {
        let graph = self.graph;
        let flow = graph.flow(id);
        for node in &flow.nodes {
            self.state(*node, graph.node(*node), depth);
        }
        if let Some(start) = flow.start {
            self.line(depth, &format!("[*] --> {}", name(start)));
        }
        for link in &flow.links {
            let known = graph.link(*link);
            let mut label = if known.catches { format!("catch {}", known.label) } else { known.label.clone() };
            if let Some(taken) = self.course.taken(*link).filter(|taken| taken.times > 1) {
                let _ = write!(label, " ×{}", taken.times);
            }
            let label = match escaped(label.trim()) {
                label if label.is_empty() => label,
                label => format!(" : {label}"),
            };
            self.line(depth, &format!("{} --> {}{label}", name(known.from), name(known.to)));
        }
        for node in &flow.nodes {
            let known = graph.node(*node);
            if known.ends || matches!(known.kind, StateType::Succeed | StateType::Fail) {
                self.line(depth, &format!("{} --> [*]", name(*node)));
            }
        }
    }

    fn state(&mut self, id: NodeId, node: &Node, depth: usize) {
        let title = self.title(id, node);
        if node.inside.is_empty() {
            self.line(depth, &format!("state \"{title}\" as {}", name(id)));
            return;
        }
        self.line(depth, &format!("state \"{title}\" as {} {{", name(id)));
        for (place, flow) in node.inside.iter().enumerate() {
            if place > 0 {
                self.line(depth + 1, "--");
            }
            self.flow(*flow, depth + 1);
        }
        self.line(depth, "}");
    }

    fn title(&self, id: NodeId, node: &Node) -> String {
        let standing = self.course.standing(id);
        // Mermaid colours no state that stands in another, so that the sign has to tell.
        let sign = standing.status.map_or_else(String::new, |status| format!("{} ", status_sign(status)[0]));
        let mut title = format!("{sign}{}", escaped(&node.name));
        for flow in &node.inside {
            if let FlowKind::Started(machine) = &self.graph.flow(*flow).kind {
                let _ = write!(title, " ({})", escaped(machine));
            }
        }
        if let Some(items) = standing.items {
            let _ = write!(title, " {}/{}", items.succeeded, items.all);
        }
        if standing.visits.len() > 1 {
            let _ = write!(title, " ×{}", standing.visits.len());
        }
        title
    }

    fn classes(&mut self) {
        let styles = [
            (Status::Succeeded, "fill:#dafbe1,stroke:#1a7f37,color:#1f2328"),
            (Status::Failed, "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-width:3px"),
            (Status::TimedOut, "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4"),
            (Status::Caught, "fill:#fff8c5,stroke:#9a6700,color:#1f2328"),
            (Status::Aborted, "fill:#f6f0ea,stroke:#7d5a3c,color:#1f2328,stroke-dasharray:4"),
            (Status::Lost, "fill:#f6f8fa,stroke:#7d5a3c,color:#1f2328,stroke-dasharray:2"),
            (Status::Running, "fill:#ddf4ff,stroke:#0969da,color:#1f2328"),
            (Status::Waiting, "fill:#fbefff,stroke:#8250df,color:#1f2328"),
        ];
        for (status, style) in styles {
            let class = status.word().replace(' ', "");
            let of_class = |(id, _): &(NodeId, &Node)| self.course.standing(*id).status == Some(status);
            let names: Vec<String> = self.graph.nodes().filter(of_class).map(|(id, _)| name(id)).collect();
            if !names.is_empty() {
                self.line(1, &format!("classDef {class} {style}"));
                self.line(1, &format!("class {} {class}", names.join(",")));
            }
        }
        let unreached = |(id, _): &(NodeId, &Node)| self.course.standing(*id).status.is_none();
        let names: Vec<String> = self.graph.nodes().filter(unreached).map(|(id, _)| name(id)).collect();
        if !names.is_empty() && !self.course.is_empty() {
            self.line(1, "classDef unreached fill:#f6f8fa,stroke:#8c959f,color:#8c959f");
            self.line(1, &format!("class {} unreached", names.join(",")));
        }
    }
}

/// Names of states are free text, Mermaid's are not.
fn name(node: NodeId) -> String {
    format!("s{}", node.index())
}

/// Takes from a text what Mermaid would read as its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push('\''),
            ':' | ';' | '#' | '<' | '>' | '{' | '}' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c if is_hidden(c) => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
