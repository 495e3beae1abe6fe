//! A picture as lines of text.

use super::legend::legend;
use super::picture::{Cell, Ink, Now, Picture, Subject, Window};
use super::plan::{Plan, Settings};
use super::signs::Signs;
use crate::analysis::Status;
use crate::analysis::graph::{Course, FlowId, Graph, NodeId};
use crate::report::page::{Paper, Role};
use crate::report::quantity::counted;
use crate::report::signs::{ABORTED, CAUGHT, FAILED, RUNNING, SUCCEEDED};
use crate::report::words::shown;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Returns a graph and what happened in it as lines of text, laid out as roomy as the paper is wide.
///
/// Where even that is too wide, containers nothing failed in are folded; what is wider than the paper even so is cut, and
/// that is said.
pub fn graph(graph: &Graph, course: &Course, paper: Paper) -> Vec<String> {
    let paper_width = i32::try_from(paper.width).unwrap_or(i32::MAX);
    let plan = fitting(graph, course, paper_width);
    let signs = signs(paper);
    let subject = Subject { graph, plan: &plan, course, signs: &signs };
    let window = window(&plan, paper_width);
    let picture = Picture::of(&subject, window, Now::default());
    let mut lines: Vec<String> = picture.rows().map(|row| line(row, paper)).collect();
    lines.push(String::new());
    let words = legend(graph, course, &signs);
    let words = words.into_iter().map(|(ink, sign, word)| format!("{} {word}", paper.paint(role(ink), sign)));
    lines.push(words.collect::<Vec<_>>().join("   "));
    if !plan.settings.folded.is_empty() {
        let folded = counted(plan.settings.folded.len(), "state is", "states are");
        let told = format!("{folded} folded ({}). --width, wide enough, shows what is inside.", signs.closed);
        lines.push(paper.paint(Role::Dim, &told));
    }
    for flow in &plan.listed {
        lines.extend(targets(graph, *flow, paper));
    }
    let cut = plan.size.width - window.width;
    if cut > 0 {
        let cut = counted(usize::try_from(cut).unwrap_or(0), "column is", "columns are");
        let told = format!("{cut} cut off. --width {} shows all of it.", plan.size.width);
        lines.push(paper.paint(Role::Dim, &told));
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A flow that has too many lines to be drawn, as a list: each state with those it leads to.
fn targets(graph: &Graph, flow: FlowId, paper: Paper) -> Vec<String> {
    let flow = graph.flow(flow);
    let count = counted(flow.links.len(), "line is", "lines are");
    let mut lines = vec![String::new(), paper.paint(Role::Dim, &format!("{count} not drawn:"))];
    let mut of: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    for link in &flow.links {
        let link = graph.link(*link);
        of.entry(link.from).or_default().push(link.to);
    }
    for node in &flow.nodes {
        let Some(to) = of.get(node) else { continue };
        let names: Vec<String> = to.iter().map(|to| shown(&graph.node(*to).name)).collect();
        let arrow = if paper.unicode { "→" } else { "->" };
        lines.push(format!("{} {arrow} {}", shown(&graph.node(*node).name), names.join(", ")));
    }
    lines
}

/// Lays out so that it fits a width, if there is a way; else as narrow as possible.
fn fitting(graph: &Graph, course: &Course, width: i32) -> Plan {
    let none = HashSet::new();
    let quiet = quiet(graph, course);
    let fitting = |folded| Plan::fitting(graph, folded, |_| true, width);
    fitting(&none).or_else(|| fitting(&quiet)).unwrap_or_else(|| Plan::of(graph, Settings::narrowest(quiet)))
}

/// The containers in which nothing failed.
fn quiet(graph: &Graph, course: &Course) -> HashSet<NodeId> {
    let failed = |id: &NodeId| matches!(course.standing(*id).status, Some(Status::Failed | Status::TimedOut));
    let nodes = || graph.nodes().map(|(id, _)| id);
    let loud: HashSet<NodeId> = nodes().filter(failed).flat_map(|id| graph.outward(id).skip(1)).collect();
    nodes().filter(|id| !graph.node(*id).inside.is_empty() && !loud.contains(id)).collect()
}

/// The part of a plan that fits on the paper: all of it, or the columns that most states stand in.
fn window(plan: &Plan, width: i32) -> Window {
    let whole = Window::whole(plan);
    if whole.width <= width {
        return whole;
    }
    let spots = || plan.spots.iter().flatten();
    let holds =
        |left: i32| spots().filter(|spot| left <= spot.at.x && spot.at.x + spot.size.width <= left + width).count();
    let lefts: BTreeSet<i32> = spots().map(|spot| spot.at.x.min(whole.width - width)).collect();
    // Of equally good ones the leftmost.
    let left = lefts.into_iter().rev().max_by_key(|left| holds(*left)).unwrap_or(0);
    Window { left, width, ..whole }
}

fn line(row: &[Cell], paper: Paper) -> String {
    let mut line = String::new();
    for run in row.chunk_by(|a, b| role(a.ink) == role(b.ink)) {
        let text: String = run.iter().map(|cell| if cell.ink == Ink::Blank { " " } else { &*cell.text }).collect();
        let role = run.first().map_or(Role::Plain, |cell| role(cell.ink));
        let blank = text.chars().all(|c| c == ' ');
        line.push_str(&if blank { text } else { paper.paint(role, &text) });
    }
    line.trim_end().to_owned()
}

fn role(ink: Ink) -> Role {
    match ink {
        Ink::Blank | Ink::Line | Ink::Path | Ink::Note => Role::Plain,
        Ink::Name | Ink::Current => Role::Strong,
        Ink::Faint | Ink::Later => Role::Dim,
        Ink::CaughtPath => Role::Caught,
        Ink::Status(status) => match status {
            Status::Succeeded => Role::Succeeded,
            Status::Failed | Status::TimedOut => Role::Failed,
            Status::Caught => Role::Caught,
            Status::Aborted | Status::Lost => Role::Aborted,
            Status::Running | Status::Waiting => Role::Running,
        },
    }
}

/// The signs that the tree of visits is printed with too.
fn signs(paper: Paper) -> Signs {
    Signs {
        succeeded: paper.sign(SUCCEEDED),
        failed: paper.sign(FAILED),
        caught: paper.sign(CAUGHT),
        aborted: paper.sign(ABORTED),
        running: paper.sign(RUNNING),
        closed: paper.sign(["▸", ">"]),
        open: paper.sign(["▾", "v"]),
        more: paper.sign(["…", "~"]),
        times: paper.sign(["×", "x"]),
        unicode: paper.unicode,
    }
}
