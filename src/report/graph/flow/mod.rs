//! Where the states of one flow stand, and how the lines between them run.
//!
//! A layered drawing: states in rows from top to bottom, lines in the channels between the rows. What is particular
//! about it:
//!
//! - All lines to one state form a *net*. Lines of one net join, so that the catchers of ten states share one trunk;
//!   lines of different nets share a cell only where they cross. Whatever joins, leads to the same state.
//! - The text on a line is an element of a row of its own, which the line runs through: no text can cover anything.
//! - Lines back up run through the rows beside the states, as lines down do.
//!
//! Pure geometry in cells of a terminal: this module must not know states, executions or colours.
//!
//! ```text
//!   channel 0     ▼          row 0: states, and lines that pass them
//!               ╭───╮ │
//!               ╰┬─┬╯ │
//!   channel 1    │ ╰┐ │      row 1: the texts on lines
//!                x  y │
//!   channel 2    ╰──┬─┼╮
//!                   ▼ ▼      row 2: states
//! ```

mod channel;
mod columns;
mod element;
mod levels;
mod order;
mod ports;
#[cfg(test)]
mod tests;

use channel::{Channel, Pin};
use element::{Element, Kind, Rows};

/// A cell: columns go to the right, rows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Point {
    /// The column.
    pub x: i32,
    /// The row.
    pub y: i32,
}

/// How much room something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
}

/// A line from one box to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The box it leaves.
    pub from: usize,
    /// The box it leads to.
    pub to: usize,
    /// The columns of the text on it; 0 for none.
    pub text: i32,
}

/// A flow laid out; everything is counted from its upper left cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Laid {
    /// The room it takes.
    pub size: Size,
    /// The upper left cell of each box.
    pub boxes: Vec<Point>,
    /// The way of each line: its corners, from the lower edge of the box it leaves to above the box it leads to.
    pub wires: Vec<Vec<Point>>,
    /// Where the text of each line begins.
    pub texts: Vec<Option<Point>>,
    /// The cell above the first box where one enters, when that was asked for.
    pub entry: Option<Point>,
    /// Whether there are too many lines to be drawn: the boxes stand under each other, and no line has a way.
    pub listed: bool,
}

/// How much may be compared to find a good drawing; beyond that nobody could follow its lines anyway.
const MOST_EFFORT: u64 = 20_000_000;

/// Whether a line shows where a flow begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A line leads to the first box from above.
    Shown,
    /// Nothing does.
    Hidden,
}

/// Lays out boxes and the lines between them; the flow begins with the first box given as start.
pub fn lay_out(boxes: &[Size], start: usize, edges: &[Edge], entry: Entry) -> Laid {
    if boxes.is_empty() {
        return Laid::default();
    }
    let levels = levels::levels(boxes.len(), start, edges);
    let mut rows = Rows::new(boxes, edges, &levels);
    if rows.effort() > MOST_EFFORT {
        return listed(boxes, edges.len());
    }
    order::order(&mut rows);
    let entry = (entry == Entry::Shown && rows.elements[start].row == 0).then_some(start);
    // What keeps a long chain straight makes short ones side by side wide: the narrowest drawing is taken.
    let drawn = |togetherness| {
        let mut rows = rows.clone();
        columns::place(&mut rows, togetherness);
        Drawing::new(rows, boxes, edges, entry).finish()
    };
    let corners = |laid: &Laid| laid.wires.iter().map(Vec::len).sum::<usize>();
    let all = columns::TOGETHERNESS.into_iter().map(drawn);
    all.min_by_key(|laid| (laid.size.width, corners(laid))).unwrap_or_default()
}

/// Puts boxes under each other, without lines between them.
fn listed(boxes: &[Size], edges: usize) -> Laid {
    let mut y = 0;
    let below = |size: &Size| {
        let at = Point { x: 0, y };
        y += size.height;
        at
    };
    let places = boxes.iter().map(below).collect();
    let width = boxes.iter().map(|size| size.width).max().unwrap_or(0);
    let size = Size { width, height: y };
    Laid { size, boxes: places, wires: vec![Vec::new(); edges], texts: vec![None; edges], entry: None, listed: true }
}

/// The rows with their columns settled, being given lines.
struct Drawing<'a> {
    rows: Rows,
    boxes: &'a [Size],
    edges: &'a [Edge],
    entry: Option<usize>,
    /// The column where lines enter each element from above.
    tops: Vec<i32>,
    /// Where each connection leaves and arrives.
    pins: Vec<[Pin; 2]>,
    channels: Vec<Channel>,
    /// The first line of each row.
    row_tops: Vec<i32>,
    width: i32,
}

impl<'a> Drawing<'a> {
    fn new(rows: Rows, boxes: &'a [Size], edges: &'a [Edge], entry: Option<usize>) -> Self {
        let ports = ports::ports(&rows);
        let width = rows.elements.iter().map(|element| element.x + element.width).max().unwrap_or(0);
        let mut drawing = Self {
            channels: Vec::new(),
            row_tops: Vec::new(),
            tops: ports.tops,
            pins: ports.pins,
            rows,
            boxes,
            edges,
            entry,
            width,
        };
        drawing.route();
        drawing.stack();
        drawing
    }

    /// Gives every channel its tracks.
    fn route(&mut self) {
        let count = self.rows.rows.len() + 1;
        let mut nets: Vec<Vec<(usize, [Pin; 2])>> = vec![Vec::new(); count];
        for (connection, pins) in self.rows.connections.iter().zip(&self.pins) {
            nets[connection.channel].push((connection.net, *pins));
        }
        if let Some(start) = self.entry {
            let x = self.tops[self.rows.node(start)];
            nets[0].push((start, [Pin::Top(x), Pin::Bottom(x)]));
        }
        for (number, pins) in nets.iter().enumerate() {
            let arrows =
                self.rows.rows.get(number).is_some_and(|row| row.iter().any(|element| self.is_reached(*element)));
            let channel = Channel::route(pins, arrows);
            self.width = self.width.max(channel.rightmost() + 1);
            self.channels.push(channel);
        }
    }

    /// Tells whether a line ends at an element, so that an arrow is drawn above it.
    fn is_reached(&self, element: usize) -> bool {
        let Kind::Node(node) = self.rows.elements[element].kind else { return false };
        self.entry == Some(node) || self.edges.iter().any(|edge| edge.to == node)
    }

    /// Puts rows and channels under each other.
    fn stack(&mut self) {
        let mut y = i32::from(self.entry.is_some());
        for (row, channel) in self.rows.rows.iter().zip(&self.channels) {
            y += channel.height();
            self.row_tops.push(y);
            let height = row.iter().map(|element| self.rows.elements[*element].height).max().unwrap_or(1);
            y += height;
        }
        self.row_tops.push(y);
    }

    /// The first line of a channel: below the row above it.
    fn channel_top(&self, channel: usize) -> i32 {
        self.row_tops.get(channel).copied().unwrap_or(0) - self.channels.get(channel).map_or(0, Channel::height)
    }

    fn finish(self) -> Laid {
        let count = self.rows.rows.len();
        let last = self.channels.get(count).map_or(0, Channel::height);
        // The line after the last row is the first of the last channel.
        let bottom = self.row_tops.get(count).copied().unwrap_or(0) + last;
        let place = |node: usize| {
            let element = &self.rows.elements[self.rows.node(node)];
            Point { x: element.x, y: self.row_tops[element.row] }
        };
        let mut laid = Laid {
            size: Size { width: self.width, height: bottom },
            boxes: (0..self.boxes.len()).map(place).collect(),
            wires: (0..self.edges.len()).map(|edge| self.wire(edge)).collect(),
            texts: vec![None; self.edges.len()],
            entry: None,
            listed: false,
        };
        for element in &self.rows.elements {
            if let Kind::Text(edge) = element.kind {
                laid.texts[edge] = Some(Point { x: element.x, y: self.row_tops[element.row] });
            }
        }
        laid.entry = self.entry.map(|start| Point { x: self.tops[self.rows.node(start)], y: 0 });
        laid
    }

    /// Joins the connections of an edge to one way.
    fn wire(&self, edge: usize) -> Vec<Point> {
        let mut way: Vec<Point> = Vec::new();
        for number in self.rows.ways[edge].clone() {
            let (connection, [from, to]) = (&self.rows.connections[number], self.pins[number]);
            let channel = &self.channels[connection.channel];
            let top = if connection.channel == self.rows.rows.len() {
                self.row_tops[connection.channel]
            } else {
                self.channel_top(connection.channel)
            };
            let end = |pin: Pin| match pin {
                Pin::Top(x) => Point { x, y: top - 1 },
                Pin::Bottom(x) => Point { x, y: top + channel.height() },
            };
            if way.is_empty() {
                let y = self.below(self.edges[edge].from);
                way.push(Point { x: end(from).x, y });
            }
            way.push(end(from));
            way.extend(channel.bends(connection.net, from, to).map(|(x, track)| Point { x, y: top + track }));
            way.push(end(to));
        }
        // The last cell is the one above the box.
        if let Some(last) = way.last_mut() {
            last.y -= 1;
        }
        simplified(&way)
    }

    /// The lower edge of a box, from where its lines leave.
    fn below(&self, node: usize) -> i32 {
        let element = &self.rows.elements[self.rows.node(node)];
        self.row_tops[element.row] + element.height - 1
    }
}

/// Leaves only the corners of a way.
fn simplified(way: &[Point]) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(way.len());
    for point in way {
        if corners.last() == Some(point) {
            continue;
        }
        if let [.., before, last] = corners.as_slice() {
            let straight = (before.x == last.x && last.x == point.x && (before.y < last.y) == (last.y < point.y))
                || (before.y == last.y && last.y == point.y && (before.x < last.x) == (last.x < point.x));
            if straight {
                corners.pop();
            }
        }
        corners.push(*point);
    }
    corners
}

impl Rows {
    /// The element of a box.
    fn node(&self, node: usize) -> usize {
        // Boxes become elements before anything else does.
        node
    }
}

impl Element {
    /// The column in the middle.
    fn middle(&self) -> i32 {
        self.x + (self.width - 1) / 2
    }
}
