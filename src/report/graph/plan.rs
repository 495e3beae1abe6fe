//! Where the states of a graph stand, boxes inside boxes, and how the lines between them run.

use super::flow::{self, Edge, Entry, Laid, Point, Size};
use crate::analysis::graph::{FlowId, FlowKind, Graph, LinkId, Node, NodeId};
use crate::event::StateType;
use crate::report::page::width;
use crate::report::words::shown;
use std::collections::HashSet;

/// How a graph is to be laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How much room states take.
    pub zoom: Zoom,
    /// The widest name, in columns; longer ones are cut.
    pub name: usize,
    /// The widest text on a line, in columns.
    pub text: usize,
    /// The containers that are drawn without what is inside.
    pub folded: HashSet<NodeId>,
}

/// How much room states take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zoom {
    /// Frames of three lines.
    #[default]
    Normal,
    /// One line each.
    Compact,
}

/// A graph laid out, in cells counted from the upper left one.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How it was to be laid out.
    pub settings: Settings,
    /// The room it takes.
    pub size: Size,
    /// Each state; `None` when it is folded away.
    pub spots: Vec<Option<Spot>>,
    /// The corners of each link's line; `None` when it is folded away.
    pub wires: Vec<Option<Vec<Point>>>,
    /// The text on each link, if it has one, as far as it fits.
    pub texts: Vec<Option<(Point, String)>>,
    /// The line between two branches: its upper end and its length.
    pub dividers: Vec<(Point, i32)>,
    /// Where the whole is entered.
    pub entry: Option<Point>,
    /// The flows with too many lines to be drawn: their states stand under each other.
    pub listed: Vec<FlowId>,
}

/// Where a state stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The upper left cell.
    pub at: Point,
    /// The room.
    pub size: Size,
    /// What is drawn there.
    pub shape: Shape,
}

/// What is drawn for a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A state that holds no others.
    Plain,
    /// A container with what is inside.
    Open,
    /// A container without what is inside.
    Closed,
}

/// Columns between two branches, with the line between them in the middle.
const BETWEEN: i32 = 3;

/// The ways to lay out, from roomy to narrow: the zoom, the widest name, the widest text.
const WAYS: [(Zoom, usize, usize); 8] = [
    (Zoom::Normal, 28, 24),
    (Zoom::Normal, 24, 20),
    (Zoom::Normal, 20, 16),
    (Zoom::Normal, 16, 12),
    (Zoom::Compact, 28, 24),
    (Zoom::Compact, 24, 16),
    (Zoom::Compact, 16, 12),
    (Zoom::Compact, 12, 9),
];

impl Default for Settings {
    fn default() -> Self {
        Self { zoom: Zoom::Normal, name: 28, text: 24, folded: HashSet::new() }
    }
}

impl Settings {
    /// Returns the narrowest way to lay out.
    pub fn narrowest(folded: HashSet<NodeId>) -> Self {
        let [.., narrowest] = WAYS;
        Self::way(narrowest, folded)
    }

    fn way((zoom, name, text): (Zoom, usize, usize), folded: HashSet<NodeId>) -> Self {
        Self { zoom, name, text, folded }
    }
}

impl Spot {
    /// Tells whether a cell belongs to it.
    pub fn holds(&self, point: Point) -> bool {
        let (x, y) = (point.x - self.at.x, point.y - self.at.y);
        (0..self.size.width).contains(&x) && (0..self.size.height).contains(&y)
    }

    /// Returns the cell in the middle.
    pub fn middle(&self) -> Point {
        Point { x: self.at.x + self.size.width / 2, y: self.at.y + self.size.height / 2 }
    }
}

impl Plan {
    /// Lays out a graph.
    pub fn of(graph: &Graph, settings: Settings) -> Self {
        let planner = Planner { graph, settings: &settings };
        let root = planner.flow(FlowId::ROOT, Entry::Shown);
        let mut plan = Self {
            size: root.laid.size,
            spots: vec![None; graph.nodes().len()],
            wires: vec![None; graph.links().len()],
            texts: vec![None; graph.links().len()],
            dividers: Vec::new(),
            entry: root.laid.entry,
            listed: Vec::new(),
            settings: Settings::default(),
        };
        planner.emit(&root, Point::default(), &mut plan);
        plan.settings = settings;
        plan
    }

    /// Lays out a graph as roomy as fits a width, in the ways that are allowed; `None` when it is wider in all of them.
    pub fn fitting(
        graph: &Graph,
        folded: &HashSet<NodeId>,
        allowed: impl Fn(&Settings) -> bool,
        width: i32,
    ) -> Option<Self> {
        let mut ways = WAYS.map(|way| Settings::way(way, folded.clone())).into_iter().filter(allowed);
        let laid_out = |settings| Self::of(graph, settings);
        let fits = |plan: &Self| plan.size.width <= width;
        // What does not fit at its narrowest need not be tried in all ways.
        let narrowest = ways.next_back().map(laid_out).filter(fits)?;
        Some(ways.map(laid_out).find(fits).unwrap_or(narrowest))
    }

    /// Returns where a state stands; `None` when it is folded away.
    pub fn spot(&self, node: NodeId) -> Option<&Spot> {
        self.spots.get(node.index())?.as_ref()
    }

    /// Returns the most columns a text on a line takes.
    pub(super) fn text_width(&self) -> i32 {
        i32::try_from(self.settings.text).unwrap_or(i32::MAX)
    }

    /// Returns where a state, or else the innermost container that is drawn for it, stands.
    pub fn nearest(&self, graph: &Graph, node: NodeId) -> Option<(NodeId, &Spot)> {
        graph.outward(node).find_map(|node| Some((node, self.spot(node)?)))
    }

    /// Returns the innermost state that a cell belongs to.
    pub fn at(&self, graph: &Graph, point: Point) -> Option<NodeId> {
        let holds = |(_, spot): &(NodeId, &Spot)| spot.holds(point);
        let spots = graph.nodes().filter_map(|(id, _)| Some((id, self.spot(id)?)));
        // Containers come before what they hold.
        spots.filter(holds).last().map(|(id, _)| id)
    }
}

struct Planner<'a> {
    graph: &'a Graph,
    settings: &'a Settings,
}

/// A flow laid out, with its states.
struct Sketch {
    flow: FlowId,
    laid: Laid,
    blocks: Vec<Block>,
}

/// A state with what is drawn inside.
struct Block {
    size: Size,
    shape: Shape,
    inside: Vec<(Point, Sketch)>,
    dividers: Vec<(Point, i32)>,
}

impl Planner<'_> {
    fn flow(&self, id: FlowId, entry: Entry) -> Sketch {
        let flow = self.graph.flow(id);
        let place = |node: NodeId| flow.nodes.iter().position(|known| *known == node).unwrap_or(0);
        let places: std::collections::HashMap<NodeId, usize> =
            flow.nodes.iter().enumerate().map(|(place, node)| (*node, place)).collect();
        let edges: Vec<Edge> = flow
            .links
            .iter()
            .map(|link| {
                let known = self.graph.link(*link);
                let text = i32::try_from(width(&self.text(*link))).unwrap_or(0);
                Edge { from: places[&known.from], to: places[&known.to], text }
            })
            .collect();
        let mut ports = vec![0; flow.nodes.len()];
        edges.iter().for_each(|edge| ports[edge.from] += 1);
        let blocks: Vec<Block> = flow.nodes.iter().zip(&ports).map(|(node, ports)| self.block(*node, *ports)).collect();
        let sizes: Vec<Size> = blocks.iter().map(|block| block.size).collect();
        let laid = flow::lay_out(&sizes, flow.start.map_or(0, place), &edges, entry);
        Sketch { flow: id, laid, blocks }
    }

    /// ```text
    /// ╭ Task ── ×3 ╮       ╭ ▾ ✔ Name ─ Map ─ 3/3 ╮
    /// │ ✔ Name     │       │ …                    │
    /// ╰────────────╯       ╰──────────────────────╯
    /// ```
    fn block(&self, id: NodeId, ports: i32) -> Block {
        let node = self.graph.node(id);
        let least = 2 * ports + 3;
        if !node.inside.is_empty() && !self.settings.folded.contains(&id) {
            return self.container(node, least);
        }
        let shape = if node.inside.is_empty() { Shape::Plain } else { Shape::Closed };
        let name = self.name(node);
        let size = match self.settings.zoom {
            Zoom::Normal => {
                let title = kind_width(node) + if shape == Shape::Closed { 14 } else { 8 };
                Size { width: (name + 6).max(title).max(least), height: 3 }
            }
            Zoom::Compact => {
                let fold = if shape == Shape::Closed { 2 } else { 0 };
                Size { width: (name + 4 + fold).max(least), height: 1 }
            }
        };
        Block { size, shape, inside: Vec::new(), dividers: Vec::new() }
    }

    fn container(&self, node: &Node, least: i32) -> Block {
        let sketches: Vec<Sketch> = node.inside.iter().map(|flow| self.flow(*flow, Entry::Hidden)).collect();
        let lanes: i32 = sketches.iter().map(|sketch| sketch.laid.size.width).sum();
        let gaps = BETWEEN * (i32::try_from(sketches.len()).unwrap_or(1) - 1);
        let machine = started(self.graph, node).map_or(0, |name| width(&shown(name)).min(16) + 4);
        let badge = if node.kind == StateType::Map { 9 } else { 4 };
        let title = self.name(node) + kind_width(node) + i32::try_from(machine).unwrap_or(0) + 14 + badge;
        let inner = (lanes + gaps).max(title - 4).max(least - 4);
        let height = sketches.iter().map(|sketch| sketch.laid.size.height).max().unwrap_or(0);
        let size = Size { width: inner + 4, height: height + 2 };
        let mut x = 2 + (inner - lanes - gaps) / 2;
        let mut dividers = Vec::new();
        let mut inside = Vec::new();
        for sketch in sketches {
            if !inside.is_empty() {
                dividers.push((Point { x: x - 2, y: 1 }, height));
            }
            let width = sketch.laid.size.width;
            inside.push((Point { x, y: 1 }, sketch));
            x += width + BETWEEN;
        }
        Block { size, shape: Shape::Open, inside, dividers }
    }

    /// Puts a sketch on the plan, its upper left cell at a point.
    fn emit(&self, sketch: &Sketch, origin: Point, plan: &mut Plan) {
        let moved = |point: Point| Point { x: origin.x + point.x, y: origin.y + point.y };
        let flow = self.graph.flow(sketch.flow);
        if sketch.laid.listed {
            plan.listed.push(sketch.flow);
        }
        for (place, link) in flow.links.iter().enumerate().filter(|_| !sketch.laid.listed) {
            let wire = sketch.laid.wires[place].iter().map(|point| moved(*point)).collect();
            plan.wires[link.index()] = Some(wire);
            plan.texts[link.index()] = sketch.laid.texts[place].map(|at| (moved(at), self.text(*link)));
        }
        for (place, (node, block)) in flow.nodes.iter().zip(&sketch.blocks).enumerate() {
            let at = moved(sketch.laid.boxes[place]);
            plan.spots[node.index()] = Some(Spot { at, size: block.size, shape: block.shape });
            let within = |point: &Point| Point { x: at.x + point.x, y: at.y + point.y };
            plan.dividers.extend(block.dividers.iter().map(|(point, length)| (within(point), *length)));
            for (offset, inner) in &block.inside {
                self.emit(inner, within(offset), plan);
            }
        }
    }

    fn name(&self, node: &Node) -> i32 {
        i32::try_from(width(&shown(&node.name)).min(self.settings.name)).unwrap_or(0)
    }

    fn text(&self, link: LinkId) -> String {
        let link = self.graph.link(link);
        let text = match (link.catches, link.label.is_empty()) {
            (true, true) => "catch".to_owned(),
            (true, false) => format!("catch {}", link.label),
            (false, _) => link.label.clone(),
        };
        crate::report::page::fit(&shown(&text), self.settings.text, true)
    }
}

/// The columns of the word for a state's type.
fn kind_width(node: &Node) -> i32 {
    i32::try_from(node.kind.name().len()).unwrap_or(0)
}

/// Returns the word for what a container holds, beside its type: the machine a task started.
pub(super) fn started<'a>(graph: &'a Graph, node: &Node) -> Option<&'a str> {
    node.inside.iter().find_map(|flow| match &graph.flow(*flow).kind {
        FlowKind::Started(name) => Some(&**name),
        _ => None,
    })
}
