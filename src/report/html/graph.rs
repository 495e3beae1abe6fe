//! The machine as a drawing, with the way the run took. It stands where the screen's stands: the same plan, its cells
//! become points.

use super::text::Words;
use super::{Builder, anchor, status_class};
use crate::analysis::Status;
use crate::analysis::graph::{Course, Focus, Graph, Link, Node, NodeId};
use crate::report::graph::flow::Point;
use crate::report::graph::{Plan, Settings, Shape, Spot};
use crate::report::page::fit;
use crate::report::quantity::count;
use crate::report::signs::status_sign;
use std::collections::HashSet;

/// The width of a cell.
const ACROSS: f64 = 8.2;
/// Its height.
const DOWN: f64 = 20.0;
/// States that are drawn at most: nobody follows the lines between more.
const MOST: usize = 500;
/// The columns that fit a page on a desk; what cannot be drawn so narrow is scrolled.
const COLUMNS: i32 = 126;

/// The middle of a cell.
fn x(cell: i32) -> f64 {
    (f64::from(cell) + 0.5) * ACROSS
}

fn y(cell: i32) -> f64 {
    (f64::from(cell) + 0.5) * DOWN
}

impl Builder<'_> {
    /// Adds the graph.
    pub(super) fn graph(&mut self) {
        let subject = self.subject;
        let graph = Graph::of(subject.family, subject.programs);
        let states = graph.nodes().len();
        if states == 0 {
            return;
        }
        self.title("graph", "Graph");
        if states > MOST {
            let states = count(states);
            self.out.add(format_args!(
                "<p>Its {states} states are too many to be drawn here; stepback show --graph draws them.</p>\n"
            ));
            return;
        }
        let course = Course::of(&graph, subject.family, &Focus::default());
        let folded = HashSet::new();
        let roomy = |settings: &Settings| settings.zoom == crate::report::graph::Zoom::Normal;
        let plan = Plan::fitting(&graph, &folded, roomy, COLUMNS);
        let plan = plan.unwrap_or_else(|| Plan::of(&graph, Settings { name: 20, text: 16, ..Settings::default() }));
        let (width, height) = (f64::from(plan.size.width) * ACROSS, f64::from(plan.size.height) * DOWN);
        self.out.add(format_args!(
            "<div class=\"card\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Graph\">\n\
             <svg class=\"graph\" role=\"group\" aria-label=\"The states of the machine and the way taken\" \
             width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.1} {height:.1}\">\n"
        ));
        self.out.push(TIPS);
        let mut drawing = Drawing { page: self, graph: &graph, course: &course, plan: &plan };
        drawing.boxes(Shape::Open);
        drawing.dividers();
        drawing.entry();
        drawing.wires();
        drawing.boxes(Shape::Plain);
        drawing.boxes(Shape::Closed);
        drawing.texts();
        self.out.push("</svg></div>\n");
        self.legend(&graph, &course);
        self.out.push("</div>\n");
    }

    fn legend(&mut self, graph: &Graph, course: &Course) {
        self.out.push("<p class=\"key\">");
        let all =
            [Status::Succeeded, Status::Caught, Status::Failed, Status::Aborted, Status::Running, Status::Waiting];
        for status in all {
            let stands = |(id, _): (NodeId, &Node)| course.standing(id).status == Some(status);
            if graph.nodes().any(stands) {
                let (role, sign) = (role_class(status), status_sign(status)[0]);
                self.out.add(format_args!("<span><b class=\"{role}\">{sign}</b> {}</span>\n", status.word()));
            }
        }
        if !course.is_empty() {
            self.out.push("<span><b class=\"good\">━</b> taken</span>\n");
        }
        if graph.links().any(|(_, link)| link.catches) {
            self.out.push("<span>╌ catch</span>\n");
        }
        self.out.push("</p>\n");
    }
}

fn role_class(status: Status) -> &'static str {
    match status {
        Status::Succeeded => "good",
        Status::Failed | Status::TimedOut => "bad",
        Status::Caught => "warn",
        Status::Aborted | Status::Lost => "gone",
        Status::Running | Status::Waiting => "go",
    }
}

/// The heads of arrows: of ways that were not taken, taken, and taken by a catcher.
const TIPS: &str = "<defs>\
<marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tip\" d=\"M0 0L8 4L0 8z\"/></marker>\
<marker id=\"tip-taken\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"10\" markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tip taken\" d=\"M0 0L8 4L0 8z\"/></marker>\
<marker id=\"tip-caught\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"10\" markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"tip catch taken\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n";

struct Drawing<'d, 'a> {
    page: &'d mut Builder<'a>,
    graph: &'d Graph,
    course: &'d Course,
    plan: &'d Plan,
}

impl Drawing<'_, '_> {
    fn boxes(&mut self, shape: Shape) {
        let (graph, plan) = (self.graph, self.plan);
        for (id, node) in graph.nodes() {
            if let Some(spot) = plan.spot(id).filter(|spot| spot.shape == shape) {
                self.state(id, node, spot);
            }
        }
    }

    /// ```text
    /// ╭──────────────╮      ╭ ✔ Name · Map 3/3 ──╮
    /// │ TASK         │      │                    │
    /// │ ✔ Name ×3    │      │  …                 │
    /// ╰──────────────╯      ╰────────────────────╯
    /// ```
    fn state(&mut self, id: NodeId, node: &Node, spot: &Spot) {
        let standing = self.course.standing(id);
        let class = standing.status.map_or("unseen", status_class);
        let (left, top) = (x(spot.at.x), y(spot.at.y));
        let (width, height) = (f64::from(spot.size.width - 1) * ACROSS, f64::from(spot.size.height - 1) * DOWN);
        let sign = standing.status.map(|status| format!("{} ", status_sign(status)[0])).unwrap_or_default();
        let mut badge =
            standing.items.map(|items| format!(" {}/{}", count(items.succeeded), count(items.all))).unwrap_or_default();
        if standing.visits.len() > 1 {
            badge.push_str(&format!(" ×{}", count(standing.visits.len())));
        }
        let word = standing.status.map_or("not reached", |status| status.word());
        // To the visit that failed or, where none did, the last.
        let target = standing.visits.iter().rev().find(|visited| {
            let history = &self.page.subject.family.member(visited.entered.member).history;
            history.visit(visited.visit).outcome.failure().is_some()
        });
        let target = target.or(standing.visits.last()).map(|visited| anchor(visited.entered.member, visited.visit));
        let out = &mut self.page.out;
        out.add(format_args!("<g class=\"{class}\">"));
        if let Some(target) = &target {
            out.add(format_args!("<a href=\"#{target}\">"));
        }
        out.add(format_args!("<title>{}: {}, {word}{}</title>", Words(&node.name), node.kind.name(), Words(&badge)));
        let name = fit(&crate::report::words::shown(&node.name), self.plan.settings.name, true);
        match spot.shape {
            Shape::Open => out.add(format_args!(
                "<rect class=\"open\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"10\"/>\
                 <rect class=\"plate\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\"/>\
                 <text class=\"head\" x=\"{:.1}\" y=\"{:.1}\">{sign}{} <tspan class=\"kind\">{}{badge}</tspan></text>",
                left + 10.0,
                top - 7.0,
                plate(&sign, &name, node.kind.name(), &badge),
                left + 14.0,
                top + 4.5,
                Words(&name),
                node.kind.name()
            )),
            Shape::Plain | Shape::Closed => out.add(format_args!(
                "<rect class=\"box\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"8\"/>\
                 <text class=\"kind\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}{badge}</text>\
                 <text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{sign}{}</text>",
                top + 14.0,
                node.kind.name(),
                top + 30.0,
                Words(&name),
                middle = left + width / 2.0,
            )),
        }
        out.push(if target.is_some() { "</a></g>\n" } else { "</g>\n" });
    }

    fn dividers(&mut self) {
        for (at, length) in &self.plan.dividers {
            self.page.out.add(format_args!(
                "<path class=\"divide\" d=\"M{:.1} {:.1}V{:.1}\"/>\n",
                x(at.x),
                y(at.y),
                y(at.y + length - 1)
            ));
        }
    }

    fn entry(&mut self) {
        let start = self.graph.flows().next().and_then(|(_, flow)| flow.start);
        let Some((entry, start)) = self.plan.entry.zip(start) else { return };
        let Some(spot) = self.plan.spot(start) else { return };
        let taken = !self.course.standing(start).visits.is_empty();
        let (class, tip) = if taken { (" taken", "tip-taken") } else { ("", "tip") };
        let (x, from, to) = (x(entry.x), y(entry.y), y(spot.at.y));
        self.page.out.add(format_args!(
            "<circle class=\"tip{class}\" cx=\"{x:.1}\" cy=\"{from:.1}\" r=\"4.5\"/>\
             <path class=\"wire{class}\" marker-end=\"url(#{tip})\" d=\"M{x:.1} {from:.1}V{to:.1}\"/>\n"
        ));
    }

    /// The lines that were taken come last, so that they lie above the others.
    fn wires(&mut self) {
        let (graph, plan) = (self.graph, self.plan);
        let mut links: Vec<_> = graph.links().collect();
        links.sort_by_key(|(id, link)| (self.course.taken(*id).is_some(), !link.catches));
        for (id, link) in links {
            let Some(way) = plan.wires.get(id.index()).and_then(Option::as_ref) else { continue };
            let times = self.course.taken(id).map(|taken| taken.times);
            self.wire(link, way, times);
        }
    }

    fn wire(&mut self, link: &Link, way: &[Point], times: Option<usize>) {
        let Some(last) = way.last() else { return };
        let mut class = String::from("wire");
        class.push_str(if link.catches { " catch" } else { "" });
        class.push_str(if times.is_some() { " taken" } else { "" });
        let tip = match (times, link.catches) {
            (None, _) => "tip",
            (Some(_), false) => "tip-taken",
            (Some(_), true) => "tip-caught",
        };
        // The way ends above its box.
        let end = Point { x: last.x, y: last.y + 1 };
        let path = rounded(&way.iter().copied().chain([end]).map(|point| (x(point.x), y(point.y))).collect::<Vec<_>>());
        let told = match times {
            None => "not taken".to_owned(),
            Some(1) => "taken once".to_owned(),
            Some(times) => format!("taken {} times", count(times)),
        };
        let (from, to) = (&self.graph.node(link.from).name, &self.graph.node(link.to).name);
        self.page.out.add(format_args!(
            "<path class=\"{class}\" marker-end=\"url(#{tip})\" d=\"{path}\"><title>{} → {}: {}{told}</title></path>\n",
            Words(from),
            Words(to),
            if link.catches { "catch, " } else { "" },
        ));
    }

    fn texts(&mut self) {
        for (at, text) in self.plan.texts.iter().flatten() {
            let middle = y(at.y) + 4.0;
            self.page.out.add(format_args!(
                "<text class=\"on\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>\n",
                f64::from(at.x) * ACROSS,
                Words(text)
            ));
        }
    }
}

/// Returns about how wide the title of a container is, so that nothing shows through it.
fn plate(sign: &str, name: &str, kind: &str, badge: &str) -> f64 {
    let columns = |text: &str| u32::try_from(crate::report::page::width(text)).map_or(0.0, f64::from);
    columns(sign) * 6.5 + columns(name) * 7.6 + (columns(kind) + columns(badge)) * 6.2 + 14.0
}

/// Returns a path along corners, each of them rounded.
fn rounded(corners: &[(f64, f64)]) -> String {
    const ROUND: f64 = 7.0;
    let toward = |from: (f64, f64), to: (f64, f64)| {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let length = across.hypot(down).max(0.1);
        let part = (ROUND / length).min(0.5);
        (from.0 + across * part, from.1 + down * part)
    };
    let mut path = String::new();
    for (place, corner) in corners.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| corners.get(place));
        match (before, corners.get(place + 1)) {
            (None, _) => path.push_str(&format!("M{:.1} {:.1}", corner.0, corner.1)),
            (Some(_), None) => path.push_str(&format!("L{:.1} {:.1}", corner.0, corner.1)),
            (Some(before), Some(after)) => {
                let (begin, end) = (toward(*corner, *before), toward(*corner, *after));
                path.push_str(&format!(
                    "L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                    begin.0, begin.1, corner.0, corner.1, end.0, end.1
                ));
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_rounded_and_ends_are_not() {
        assert_eq!(rounded(&[(0.0, 0.0), (0.0, 20.0)]), "M0.0 0.0L0.0 20.0");
        let path = rounded(&[(0.0, 0.0), (0.0, 20.0), (40.0, 20.0)]);
        assert_eq!(path, "M0.0 0.0L0.0 13.0Q0.0 20.0 7.0 20.0L40.0 20.0");
        assert_eq!(rounded(&[]), "");
    }
}
