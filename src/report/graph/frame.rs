//! A state's frame and what is written on it.

use super::flow::Point;
use super::lines::Lines;
use super::picture::{Ink, Now, Picture, Subject};
use super::plan::{Shape, Spot, Zoom, started};
use super::runes::{Stroke, Weight, rune};
use crate::analysis::Status;
use crate::analysis::graph::{Node, NodeId, Standing};
use crate::event::StateType;
use crate::report::page::{fit, width};
use crate::report::words::shown;

/// How a frame is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Light,
    Heavy,
    Double,
}

/// A state about to be painted.
struct Painter<'a> {
    subject: &'a Subject<'a>,
    node: &'a Node,
    standing: &'a Standing,
    spot: &'a Spot,
    frame: Frame,
    ink: Ink,
    /// The ink of its name.
    name: Ink,
    /// The ink of remarks.
    note: Ink,
}

impl Picture {
    /// Paints a state.
    pub(super) fn state(&mut self, subject: &Subject<'_>, lines: &Lines, id: NodeId, spot: &Spot, now: Now) {
        let standing = subject.course.standing(id);
        let later = |moment| standing.visits.iter().all(|visit| visit.entered.is_after(moment));
        let visited = !standing.visits.is_empty();
        let reached = visited && !now.moment.is_some_and(later);
        let (frame, ink) = match standing.status {
            _ if now.node == Some(id) => (Frame::Double, Ink::Current),
            Some(status @ (Status::Failed | Status::TimedOut)) if reached => (Frame::Heavy, Ink::Status(status)),
            Some(status) if reached => (Frame::Light, Ink::Status(status)),
            _ if subject.course.is_empty() => (Frame::Light, Ink::Line),
            _ if visited => (Frame::Light, Ink::Later),
            _ => (Frame::Light, Ink::Faint),
        };
        let [name, note] = match (reached || subject.course.is_empty(), visited) {
            (true, _) => [Ink::Name, Ink::Note],
            (false, true) => [Ink::Later; 2],
            (false, false) => [Ink::Faint; 2],
        };
        let node = subject.graph.node(id);
        let painter = Painter { subject, node, standing, spot, frame, ink, name, note };
        match (subject.plan.settings.zoom, spot.shape) {
            (_, Shape::Open) => painter.container(self, lines),
            (Zoom::Normal, _) => painter.boxed(self, lines),
            (Zoom::Compact, _) => painter.line(self),
        }
        if now.selected == Some(id) {
            let height = if spot.shape == Shape::Open { 1 } else { spot.size.height };
            self.select(spot.at, spot.size.width, height);
        }
    }
}

impl Painter<'_> {
    /// ```text
    /// ╭ Task ── ×3 ╮
    /// │ ✔ Name     │
    /// ╰──────┬─────╯
    /// ```
    fn boxed(&self, picture: &mut Picture, lines: &Lines) {
        self.frame(picture, lines);
        let Spot { at, size, .. } = *self.spot;
        for x in at.x + 1..at.x + size.width - 1 {
            picture.put(Point { x, y: at.y + 1 }, " ", Ink::Name);
        }
        let badge = self.badge();
        let taken = self.badge_at_right(picture, &badge);
        let title = if self.spot.shape == Shape::Closed {
            format!("{} {}", self.subject.signs.closed, self.node.kind.name())
        } else {
            self.node.kind.name().to_owned()
        };
        let room = size.width - 4 - taken;
        if i32::try_from(width(&title)).is_ok_and(|width| width <= room) {
            self.on_edge(picture, at.x + 1, &title, self.note);
        }
        self.name(picture, Point { x: at.x + 2, y: at.y + 1 });
    }

    /// ```text
    /// ╭ ▾ ✔ Name ─ Map ── 3/3 ╮
    /// ```
    fn container(&self, picture: &mut Picture, lines: &Lines) {
        self.frame(picture, lines);
        let Spot { at, .. } = *self.spot;
        let taken = self.badge_at_right(picture, &self.badge());
        let mut x = at.x + 1;
        x += self.on_edge(picture, x, self.subject.signs.open, self.note);
        x += self.name(picture, Point { x, y: at.y });
        let kind = match started(self.subject.graph, self.node) {
            Some(machine) => format!("{} of {}", self.node.kind.name(), shown(machine)),
            None => self.node.kind.name().to_owned(),
        };
        let room = at.x + self.spot.size.width - taken.max(1) - 4 - x;
        let kind = fit(&kind, usize::try_from(room).unwrap_or(0), true);
        picture.put(Point { x, y: at.y }, " ", self.ink);
        if width(&kind) > 2 {
            self.on_edge(picture, x + 2, &kind, self.note);
        }
    }

    /// `[✔ Name]×3`
    fn line(&self, picture: &mut Picture) {
        let Spot { at, size, shape } = *self.spot;
        let [left, right] = match self.node.kind {
            StateType::Choice => ["<", ">"],
            StateType::Pass | StateType::Wait | StateType::Succeed | StateType::Fail => ["(", ")"],
            StateType::Task | StateType::Map | StateType::Parallel => ["[", "]"],
        };
        for x in at.x..at.x + size.width {
            picture.put(Point { x, y: at.y }, " ", Ink::Name);
        }
        picture.put(at, left, self.ink);
        let end = at.x + size.width - 1;
        picture.put(Point { x: end, y: at.y }, right, self.ink);
        let mut x = at.x + 1;
        if shape == Shape::Closed {
            picture.put(Point { x, y: at.y }, self.subject.signs.closed, self.note);
            x += 2;
        }
        self.name(picture, Point { x, y: at.y });
        // Beside the box, where nothing stands.
        let badge = self.badge();
        let columns = i32::try_from(width(&badge)).unwrap_or(0);
        if (1..=columns).all(|column| picture.is_blank(Point { x: end + column, y: at.y })) {
            picture.write(Point { x: end + 1, y: at.y }, &badge, self.note, self.subject.signs);
        }
    }

    /// Writes the sign and the name, and returns the columns they took.
    fn name(&self, picture: &mut Picture, at: Point) -> i32 {
        // A machine nobody has run has no signs, so that names stand in the middle; in one that ran, what was not
        // reached has the sign's place left empty.
        let nobody = self.subject.course.is_empty();
        let beside_fold = match self.subject.plan.settings.zoom {
            Zoom::Normal => self.spot.shape == Shape::Open,
            Zoom::Compact => self.spot.shape != Shape::Plain,
        };
        let sign = if nobody { i32::from(!beside_fold) } else { 2 };
        if !nobody {
            let (text, ink) = match self.standing.status {
                Some(status) if self.name == Ink::Name => (self.subject.signs.of(status), Ink::Status(status)),
                Some(status) => (self.subject.signs.of(status), self.name),
                None => (" ", self.name),
            };
            picture.put(at, text, ink);
            picture.put(Point { x: at.x + 1, y: at.y }, " ", self.name);
        }
        let settings = &self.subject.plan.settings;
        let name = fit(&shown(&self.node.name), settings.name, true);
        sign + picture.write(Point { x: at.x + sign, y: at.y }, &name, self.name, self.subject.signs)
    }

    /// What there is to count: items, visits, retries, failures among several visits.
    fn badge(&self) -> String {
        let (standing, signs) = (self.standing, self.subject.signs);
        if self.name == Ink::Faint {
            return String::new();
        }
        let mut parts = Vec::new();
        if let Some(items) = standing.items {
            parts.push(format!("{}/{}", items.succeeded, items.all));
        }
        if standing.visits.len() > 1 {
            parts.push(format!("{}{}", signs.times, standing.visits.len()));
            if standing.failed > 0 {
                parts.push(format!("{}{}", signs.failed, standing.failed));
            }
        }
        if standing.retries > 0 {
            parts.push(format!("{}{}", if signs.unicode { "↻" } else { "r" }, standing.retries));
        }
        parts.join(" ")
    }

    /// Writes on the upper edge from the right, and returns the columns taken.
    fn badge_at_right(&self, picture: &mut Picture, badge: &str) -> i32 {
        let columns = i32::try_from(width(badge)).unwrap_or(0);
        let room = self.spot.size.width - 4;
        if columns == 0 || columns > room {
            return 0;
        }
        let x = self.spot.at.x + self.spot.size.width - columns - 3;
        self.on_edge(picture, x, badge, self.note) + 1
    }

    /// Writes on the upper edge with a blank on either side, and returns the columns taken.
    fn on_edge(&self, picture: &mut Picture, x: i32, text: &str, ink: Ink) -> i32 {
        let y = self.spot.at.y;
        picture.put(Point { x, y }, " ", ink);
        let taken = picture.write(Point { x: x + 1, y }, text, ink, self.subject.signs);
        picture.put(Point { x: x + 1 + taken, y }, " ", ink);
        taken + 2
    }

    fn frame(&self, picture: &mut Picture, lines: &Lines) {
        let Spot { at, size, .. } = *self.spot;
        let (right, bottom) = (at.x + size.width - 1, at.y + size.height - 1);
        let [line, bar, top_left, top_right, bottom_left, bottom_right] = self.runes();
        for x in at.x + 1..right {
            picture.put(Point { x, y: at.y }, line, self.ink);
            let port = lines.strand(Point { x, y: bottom }).map(|strand| strand.arms[2]).unwrap_or_default();
            picture.put(Point { x, y: bottom }, self.port(port, line), self.ink);
        }
        for y in at.y + 1..bottom {
            picture.put(Point { x: at.x, y }, bar, self.ink);
            picture.put(Point { x: right, y }, bar, self.ink);
        }
        for (x, y, corner) in [
            (at.x, at.y, top_left),
            (right, at.y, top_right),
            (at.x, bottom, bottom_left),
            (right, bottom, bottom_right),
        ] {
            picture.put(Point { x, y }, corner, self.ink);
        }
    }

    fn runes(&self) -> [&'static str; 6] {
        match (self.subject.signs.unicode, self.frame) {
            (true, Frame::Light) => ["─", "│", "╭", "╮", "╰", "╯"],
            (true, Frame::Heavy) => ["━", "┃", "┏", "┓", "┗", "┛"],
            (true, Frame::Double) => ["═", "║", "╔", "╗", "╚", "╝"],
            (false, Frame::Light) => ["-", "|", "+", "+", "+", "+"],
            (false, Frame::Heavy) => ["=", "|", "+", "+", "+", "+"],
            (false, Frame::Double) => ["#", "#", "#", "#", "#", "#"],
        }
    }

    /// The lower edge where a line leaves.
    fn port(&self, leaving: Weight, edge: &'static str) -> &'static str {
        let weight = if self.frame == Frame::Heavy { Weight::Heavy } else { Weight::Light };
        match (leaving, self.frame, self.subject.signs.unicode) {
            (Weight::None, ..) => edge,
            (_, Frame::Double, true) => "╤",
            (_, _, unicode) => rune([Weight::None, weight, leaving, weight], Stroke::Solid, unicode),
        }
    }
}
