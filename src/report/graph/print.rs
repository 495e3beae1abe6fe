//! A picture as lines of text.

use super::legend::legend;
use super::picture::{Cell, Ink, Now, Picture, Subject, Window};
use super::plan::{Plan, Settings, Zoom};
use super::signs::Signs;
use crate::analysis::Status;
use crate::analysis::graph::{Course, Graph};
use crate::report::page::{Paper, Role};
use crate::report::quantity::counted;

/// The ways to lay out, from roomy to narrow: the zoom, the widest name, the widest text.
const WAYS: [(Zoom, usize, usize); 6] = [
    (Zoom::Normal, 28, 24),
    (Zoom::Normal, 20, 16),
    (Zoom::Normal, 16, 12),
    (Zoom::Compact, 24, 16),
    (Zoom::Compact, 16, 12),
    (Zoom::Compact, 12, 9),
];

/// Returns a graph and what happened in it as lines of text, laid out as roomy as the paper is wide.
///
/// What is wider than the paper even so is cut, and that is said.
pub fn graph(graph: &Graph, course: &Course, paper: Paper) -> Vec<String> {
    let plan = fitting(graph, paper.width);
    let signs = signs(paper);
    let subject = Subject { graph, plan: &plan, course, signs: &signs };
    let paper_width = i32::try_from(paper.width).unwrap_or(i32::MAX);
    let mut window = Window::whole(&plan);
    window.width = window.width.min(paper_width);
    let picture = Picture::of(&subject, window, Now::default());
    let mut lines: Vec<String> = picture.rows().map(|row| line(row, paper)).collect();
    lines.push(String::new());
    let words = legend(graph, course, &signs);
    let words = words.into_iter().map(|(ink, sign, word)| format!("{} {word}", paper.paint(role(ink), sign)));
    lines.push(words.collect::<Vec<_>>().join("   "));
    let cut = plan.size.width - window.width;
    if cut > 0 {
        let cut = counted(usize::try_from(cut).unwrap_or(0), "column is", "columns are");
        let told = format!("{cut} cut off at the right. --width {} shows all of it.", plan.size.width);
        lines.push(paper.paint(Role::Dim, &told));
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Lays out so that it fits a width, if there is a way.
fn fitting(graph: &Graph, width: usize) -> Plan {
    let plans = WAYS
        .into_iter()
        .map(|(zoom, name, text)| Plan::of(graph, Settings { zoom, name, text, ..Settings::default() }));
    let mut narrowest: Option<Plan> = None;
    for plan in plans {
        if usize::try_from(plan.size.width).is_ok_and(|wide| wide <= width) {
            return plan;
        }
        if narrowest.as_ref().is_none_or(|known| plan.size.width < known.size.width) {
            narrowest = Some(plan);
        }
    }
    narrowest.unwrap_or_else(|| Plan::of(graph, Settings::default()))
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
        succeeded: paper.sign("✔", "+"),
        failed: paper.sign("✖", "x"),
        caught: paper.sign("▲", "!"),
        aborted: paper.sign("◌", "o"),
        running: paper.sign("…", "~"),
        closed: paper.sign("▸", ">"),
        open: paper.sign("▾", "v"),
        more: paper.sign("…", "~"),
        times: paper.sign("×", "x"),
        unicode: paper.unicode,
    }
}
