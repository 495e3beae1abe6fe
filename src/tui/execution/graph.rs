//! The graph as it is looked at: which part, how large, what is folded, which state is selected.
//!
//! The layout is made when the graph is first looked at, and again when something is folded or zoomed; what happened
//! is read again only when the cursor goes to another iteration.

use super::Place;
use crate::analysis::graph::{Course, Focus, Graph, Moment, Node, NodeId, Visited};
use crate::history::Family;
use crate::report::graph::flow::Point;
use crate::report::graph::{Plan, Settings, Shape, Spot, Window, Zoom};
use std::collections::HashSet;

/// Graphs of more states than this begin folded.
const MANY: usize = 60;

/// Panes lower than this show states in one line each.
const LOW: i32 = 24;

/// Names are cut to this many columns at most, so that more of a graph is seen.
const LEAST_NAME: usize = 20;

/// Cells kept visible around what is selected.
const MARGIN: i32 = 2;

/// A graph on the screen.
#[derive(Debug, Default)]
pub struct GraphPane {
    selected: Option<NodeId>,
    zoom: Option<Zoom>,
    folded: Option<HashSet<NodeId>>,
    window: Window,
    plan: Option<Plan>,
    /// What the plan was made for.
    wishes: Option<Wishes>,
    course: Option<(Focus, Course)>,
    followed: Option<Place>,
}

/// What a layout is made for.
#[derive(Debug, PartialEq)]
struct Wishes {
    /// The zoom; any when nobody has chosen and the pane is high enough.
    zoom: Option<Zoom>,
    /// The columns of the pane.
    width: i32,
    folded: HashSet<NodeId>,
}

impl Wishes {
    /// Lays out so that all of it is seen from side to side where that is possible; where it is not, names and texts are
    /// shown in full, and one pans.
    fn plan(&self, graph: &Graph) -> Plan {
        let few = graph.nodes().len() <= MANY;
        let fitting =
            few.then(|| Plan::fitting(graph, &self.folded, |settings| self.allow(settings), self.width)).flatten();
        fitting.unwrap_or_else(|| {
            let zoom = self.zoom.unwrap_or_default();
            Plan::of(graph, Settings { zoom, folded: self.folded.clone(), ..Settings::default() })
        })
    }

    /// Where one can pan, names are not cut short for all to be seen at once.
    fn allow(&self, settings: &Settings) -> bool {
        self.zoom.is_none_or(|zoom| settings.zoom == zoom) && settings.name >= LEAST_NAME
    }
}

/// A direction to go in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl GraphPane {
    /// Returns what is painted, once it was settled.
    pub fn painted(&self) -> Option<(&Plan, &Course, Window)> {
        Some((self.plan.as_ref()?, &self.course.as_ref()?.1, self.window))
    }

    /// Returns the selected state.
    pub fn selected(&self) -> Option<NodeId> {
        self.selected
    }

    /// Returns which iterations are looked at.
    pub fn focus(&self) -> Option<&Focus> {
        self.course.as_ref().map(|(focus, _)| focus)
    }

    /// Forgets what was read off an older reading of the run, and the layout unless the graph is the same.
    pub fn renew(&mut self, same: bool) {
        self.course = None;
        if !same {
            *self = Self { zoom: self.zoom, window: self.window, ..Self::default() };
        }
    }

    /// Brings the layout and what happened up to date, and follows the cursor when it has moved.
    pub fn settle(&mut self, graph: &Graph, family: &Family, place: Place, width: i32, height: i32) {
        (self.window.width, self.window.height) = (width, height);
        let course = self.course.take();
        let known = course.as_ref().map(|(_, course)| course);
        let scratch;
        let machines = match known {
            Some(course) => course,
            None => {
                scratch = Course::of(graph, family, &Focus::default());
                &scratch
            }
        };
        let focus = machines.focus_at(graph, family, place.member, place.event);
        let current = machines.node_at(graph, family, place.member, place.event);
        self.course = match course {
            Some((known, course)) if known == focus => Some((known, course)),
            _ => {
                let course = Course::of(graph, family, &focus);
                Some((focus, course))
            }
        };
        self.lay_out(graph, current);
        if self.followed != Some(place) {
            self.followed = Some(place);
            self.select(graph, current.or(self.selected));
        }
        self.clamp();
    }

    fn lay_out(&mut self, graph: &Graph, current: Option<NodeId>) {
        let folded = self.folded.get_or_insert_with(|| {
            let around: HashSet<NodeId> = current.into_iter().flat_map(|node| graph.outward(node)).collect();
            let many = graph.nodes().len() > MANY;
            let foldable = graph.nodes().filter(|(id, node)| !node.inside.is_empty() && !around.contains(id));
            foldable.filter(|_| many).map(|(id, _)| id).collect()
        });
        let low = (self.window.height < LOW).then_some(Zoom::Compact);
        let wishes = Wishes { zoom: self.zoom.or(low), width: self.window.width, folded: folded.clone() };
        if self.wishes.as_ref() != Some(&wishes) {
            self.plan = Some(wishes.plan(graph));
            self.wishes = Some(wishes);
            self.show_selected(graph);
        }
    }

    /// Selects a state, or what it is folded into, and shows it.
    pub fn select(&mut self, graph: &Graph, node: Option<NodeId>) {
        self.selected = node.and_then(|node| self.plan.as_ref()?.nearest(graph, node)).map(|(node, _)| node);
        self.show_selected(graph);
    }

    /// Selects the state at a cell of the window; tells whether there is one.
    pub fn select_at(&mut self, graph: &Graph, column: u16, row: u16) -> bool {
        let point = Point { x: self.window.left + i32::from(column), y: self.window.top + i32::from(row) };
        let found = self.plan.as_ref().and_then(|plan| plan.at(graph, point));
        self.selected = found.or(self.selected);
        found.is_some()
    }

    /// Selects the next state in a direction; tells whether there is one.
    pub fn go(&mut self, graph: &Graph, direction: Direction) -> bool {
        let Some(plan) = &self.plan else { return false };
        let from = self.selected.and_then(|node| plan.spot(node));
        let Some(from) = from.map(head) else {
            let first = graph.nodes().next().map(|(id, _)| id);
            self.select(graph, first);
            return first.is_some();
        };
        if let Some(next) = self.linked(graph, direction) {
            self.select(graph, Some(next));
            return true;
        }
        let others = graph.nodes().filter(|(id, _)| Some(*id) != self.selected);
        let others = others.filter_map(|(id, _)| Some((distance(&from, &head(plan.spot(id)?), direction)?, id)));
        let next = others.min().map(|(_, id)| id);
        if next.is_some() {
            self.select(graph, next);
        }
        next.is_some()
    }

    /// Down and up follow the lines, those that were taken first; into an unfolded container one goes from above.
    fn linked(&self, graph: &Graph, direction: Direction) -> Option<NodeId> {
        let (plan, (_, course), selected) = (self.plan.as_ref()?, self.course.as_ref()?, self.selected?);
        let from = plan.spot(selected)?;
        if direction == Direction::Down && from.shape == Shape::Open {
            return None;
        }
        let links = graph.flow(graph.node(selected).flow).links.iter();
        let ways = links.filter_map(|id| {
            let link = graph.link(*id);
            let other = match direction {
                Direction::Down if link.from == selected => link.to,
                Direction::Up if link.to == selected => link.from,
                _ => return None,
            };
            let away = distance(&head(from), &head(plan.spot(other)?), direction)?;
            Some((course.taken(*id).is_none(), away, other))
        });
        ways.min().map(|(.., other)| other)
    }

    /// Returns the next state (or the one before) that is wanted, folded away or not, in the order of the definition:
    /// what is inside of a state follows it.
    pub fn find(&self, graph: &Graph, wanted: impl Fn(&Node) -> bool, forward: bool) -> Option<NodeId> {
        let mut order = graph.in_order();
        if !forward {
            order.reverse();
        }
        let after = self.selected.and_then(|selected| order.iter().position(|node| *node == selected));
        let (before, behind) = order.split_at(after.map_or(0, |at| at + 1));
        behind.iter().chain(before).copied().find(|node| wanted(graph.node(*node)))
    }

    /// Selects a state and shows it, unfolding what it is folded into.
    pub fn reveal(&mut self, graph: &Graph, node: NodeId) {
        if let Some(folded) = &mut self.folded {
            graph.outward(node).skip(1).for_each(|container| {
                folded.remove(&container);
            });
        }
        // Where something was unfolded the layout follows, and then what is selected is shown.
        self.selected = Some(node);
        self.show_selected(graph);
    }

    /// Selects the first state, or the last one.
    pub fn select_end(&mut self, graph: &Graph, first: bool) {
        let Some(plan) = &self.plan else { return };
        let spots = graph.nodes().filter_map(|(id, _)| plan.spot(id).map(|spot| (spot.at.y, spot.at.x, id)));
        let found = if first { spots.min() } else { spots.max() };
        self.select(graph, found.map(|(_, _, id)| id));
    }

    /// Moves the window.
    pub fn pan(&mut self, columns: i32, rows: i32) {
        self.window.left += columns;
        self.window.top += rows;
        self.clamp();
    }

    /// Returns the rows of the window.
    pub fn height(&self) -> i32 {
        self.window.height
    }

    /// Makes states larger or smaller; tells whether that was possible.
    pub fn zoom(&mut self, larger: bool) -> bool {
        let zoom = if larger { Zoom::Normal } else { Zoom::Compact };
        let changes = self.plan.as_ref().is_some_and(|plan| plan.settings.zoom != zoom);
        self.zoom = Some(zoom);
        changes
    }

    /// Puts the state the cursor is in into the middle.
    pub fn centre(&mut self, graph: &Graph, family: &Family, place: Place) {
        let course = self.course.as_ref().map(|(_, course)| course);
        let current = course.and_then(|course| course.node_at(graph, family, place.member, place.event));
        self.select(graph, current.or(self.selected));
        let spot = self.selected.and_then(|node| self.plan.as_ref()?.spot(node));
        if let Some(middle) = spot.map(Spot::middle) {
            self.window.left = middle.x - self.window.width / 2;
            self.window.top = middle.y - self.window.height / 2;
        }
        self.clamp();
    }

    /// Folds or unfolds the selected container, or folds the one around the selected state.
    pub fn toggle(&mut self, graph: &Graph) -> bool {
        let holds = |node: &NodeId| !graph.node(*node).inside.is_empty();
        let container = self.selected.and_then(|selected| graph.outward(selected).find(holds));
        let (Some(container), Some(folded)) = (container, &mut self.folded) else { return false };
        if !folded.remove(&container) {
            folded.insert(container);
            self.selected = Some(container);
        }
        true
    }

    /// Unfolds every container.
    pub fn open_all(&mut self) {
        self.folded = Some(HashSet::new());
    }

    /// Folds every container.
    pub fn close_all(&mut self, graph: &Graph) {
        let all = graph.nodes().filter(|(_, node)| !node.inside.is_empty()).map(|(id, _)| id).collect();
        self.folded = Some(all);
        let outermost = self.selected.and_then(|selected| graph.outward(selected).last());
        self.selected = outermost;
    }

    /// Returns the visit of the selected state to go to: where the cursor is in one, the next of all; else the last up
    /// to now in the iterations that are looked at, or their first.
    pub fn next_visit(&self, graph: &Graph, family: &Family, place: Place) -> Option<Place> {
        let (_, course) = self.course.as_ref()?;
        let selected = self.selected?;
        let at = family.member(place.member).history.event(place.event)?.timestamp;
        let now = Moment { member: place.member, event: place.event, at };
        let here = family.member(place.member).history.visit_of(place.event);
        let in_it = |visit: &Visited| visit.entered.member == place.member && here == Some(visit.visit);
        let seen = &course.standing(selected).visits;
        let next = if seen.iter().any(in_it) {
            let all = Course::of(graph, family, &Focus::default());
            let visits = &all.standing(selected).visits;
            let here = visits.iter().position(in_it)?;
            visits.get(here + 1).or(visits.first()).copied()
        } else {
            seen.iter().rev().find(|visit| !visit.entered.is_after(now)).or(seen.first()).copied()
        };
        next.map(|visit| Place { member: visit.entered.member, event: visit.entered.event })
    }

    /// Scrolls as little as needed to show what is selected; from far away, to the middle.
    fn show_selected(&mut self, graph: &Graph) {
        let Some(plan) = &self.plan else { return };
        let Some((_, spot)) = self.selected.and_then(|node| plan.nearest(graph, node)) else { return };
        let height =
            if spot.shape == Shape::Open { spot.size.height.min(self.window.height / 2) } else { spot.size.height };
        self.window.left = scrolled(self.window.left, self.window.width, spot.at.x, spot.size.width);
        self.window.top = scrolled(self.window.top, self.window.height, spot.at.y, height);
        self.clamp();
    }

    /// Keeps the picture in the window; what is smaller than it stands in the middle.
    fn clamp(&mut self) {
        let Some(plan) = &self.plan else { return };
        let kept = |at: i32, window: i32, size: i32| {
            if size <= window { (size - window) / 2 } else { at.clamp(-1, size - window + 1) }
        };
        self.window.left = kept(self.window.left, self.window.width, plan.size.width);
        let top = kept(self.window.top, self.window.height, plan.size.height);
        self.window.top = if plan.size.height <= self.window.height { 0 } else { top };
    }
}

/// Where a window has to begin to show a stretch.
fn scrolled(from: i32, window: i32, at: i32, length: i32) -> i32 {
    let (first, last) = (at - MARGIN, at + length + MARGIN);
    match () {
        () if length + 2 * MARGIN > window => at - MARGIN.min(((window - length) / 2).max(0)),
        () if first >= from && last <= from + window => from,
        // A step away it moves along, from further away it puts things into the middle.
        () if last > from + window && last - from - window <= length + 6 => last - window,
        () if first < from && from - first <= length + 6 => first,
        () => at + length / 2 - window / 2,
    }
}

/// The part of a state that counts for moving: of an unfolded container its upper edge.
fn head(spot: &Spot) -> Spot {
    let mut head = *spot;
    if head.shape == Shape::Open {
        head.size.height = 1;
    }
    head
}

/// How far one is from another in a direction; `None` when it does not lie there.
fn distance(from: &Spot, to: &Spot, direction: Direction) -> Option<i32> {
    let span = |at: i32, length: i32| (at, at + length);
    let apart = |(a, b): (i32, i32), (c, d): (i32, i32)| (c - b).max(a - d).max(0);
    let [from_x, to_x] = [from, to].map(|spot| span(spot.at.x, spot.size.width));
    let [from_y, to_y] = [from, to].map(|spot| span(spot.at.y, spot.size.height));
    let middle = (from.middle().x - to.middle().x).abs();
    let (ahead, aside) = match direction {
        Direction::Down => (to_y.0 - from_y.0, apart(from_x, to_x) * 3 + middle / 8),
        Direction::Up => (from_y.0 - to_y.0, apart(from_x, to_x) * 3 + middle / 8),
        Direction::Right => (to_x.0 - from_x.1 + 1, apart(from_y, to_y) * 8),
        Direction::Left => (from_x.0 - to_x.1 + 1, apart(from_y, to_y) * 8),
    };
    (ahead > 0).then_some(ahead + aside)
}
