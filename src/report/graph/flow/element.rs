//! What stands in the rows: boxes, texts, and lines on their way past them.

use super::levels::Levels;
use super::{Edge, Size};
use std::collections::HashMap;
use std::ops::Range;

/// Something that takes room in a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    pub kind: Kind,
    pub row: usize,
    pub width: i32,
    pub height: i32,
    /// Its left column, once that is settled.
    pub x: i32,
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A box.
    Node(usize),
    /// The text on an edge.
    Text(usize),
    /// Lines to a box on their way down.
    Down(usize),
    /// Lines to a box on their way up.
    Up(usize),
}

/// A piece of an edge within one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Connection {
    pub edge: usize,
    /// What it is part of, as a rule the box the edge leads to; lines of one net may join.
    pub net: usize,
    /// The channel above the row of that number.
    pub channel: usize,
    /// Where it comes from and where it goes to.
    pub ends: [End; 2],
}

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The lower side of an element in the row above the channel.
    Above(usize),
    /// The upper side of an element in the row below.
    Below(usize),
}

/// The elements, row by row from left to right, and the connections between them in the order of their edges' ways.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub elements: Vec<Element>,
    pub rows: Vec<Vec<usize>>,
    boxes: usize,
    /// The connections of each edge, one after the other.
    pub ways: Vec<Range<usize>>,
    pub connections: Vec<Connection>,
    /// Boxes that follow each other with only a row of texts between, which the line passes: upper and lower one.
    pub followers: Vec<[usize; 2]>,
    /// Which rows are of texts.
    text_rows: Vec<bool>,
    passing: HashMap<(Kind, usize), usize>,
}

impl Rows {
    /// Estimates how much is compared to draw the connections: in each channel every one with every other, for each of
    /// its elements.
    pub(super) fn effort(&self) -> u64 {
        let mut counts = vec![0_u64; self.rows.len() + 1];
        for connection in &self.connections {
            if let Some(count) = counts.get_mut(connection.channel) {
                *count += 1;
            }
        }
        counts.into_iter().map(|count| count.saturating_pow(3)).fold(0, u64::saturating_add)
    }

    pub(super) fn new(boxes: &[Size], edges: &[Edge], levels: &Levels) -> Self {
        let deepest = levels.level.iter().copied().max().unwrap_or(0);
        let mut texts = vec![false; deepest + 1];
        for edge in edges.iter().filter(|edge| edge.text > 0) {
            texts[levels.level[edge.from]] = true;
        }
        // A row of texts follows each level that a text is needed below.
        let mut row_of_level = Vec::with_capacity(deepest + 1);
        let mut text_rows = Vec::new();
        for has_texts in &texts {
            row_of_level.push(text_rows.len());
            text_rows.push(false);
            text_rows.extend(has_texts.then_some(true));
        }
        let mut rows = Self {
            elements: Vec::new(),
            boxes: boxes.len(),
            ways: vec![0..0; edges.len()],
            rows: vec![Vec::new(); text_rows.len()],
            connections: Vec::new(),
            followers: Vec::new(),
            text_rows,
            passing: HashMap::new(),
        };
        for (node, size) in boxes.iter().enumerate() {
            let row = row_of_level[levels.level[node]];
            let (width, height) = (size.width, size.height);
            rows.elements.push(Element { kind: Kind::Node(node), row, width, height, x: 0 });
        }
        // In the order of being met, so that a row begins with what one comes to first.
        for node in &levels.met {
            rows.rows[row_of_level[levels.level[*node]]].push(*node);
            for (number, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.from == *node) {
                let first = rows.connections.len();
                if levels.back[number] {
                    rows.lead_back(number, edge);
                } else {
                    rows.lead_down(number, edge);
                }
                rows.ways[number] = first..rows.connections.len();
            }
        }
        rows
    }

    /// ```text
    /// box ─ text ─ past rows ─ box
    /// ```
    fn lead_down(&mut self, number: usize, edge: &Edge) {
        let target = self.elements[edge.to].row;
        let between = target - self.elements[edge.from].row - 1;
        if edge.text == 0 && between == 1 && self.text_rows[target - 1] {
            self.followers.push([edge.from, edge.to]);
        }
        let mut last = self.leave(number, edge, edge.to);
        for row in self.elements[last].row + 1..target {
            let next = self.passing(Kind::Down(edge.to), row);
            self.connect(number, edge.to, row, [End::Above(last), End::Below(next)]);
            last = next;
        }
        self.connect(number, edge.to, target, [End::Above(last), End::Below(edge.to)]);
    }

    /// ```text
    ///  ╭──╮
    /// box │
    ///  │  │
    /// box │
    ///  ╰──╯
    /// ```
    fn lead_back(&mut self, number: usize, edge: &Edge) {
        let target = self.elements[edge.to].row;
        // Down to its text it is a net of its own: joined with its way up it would lead past the text.
        let last = self.leave(number, edge, self.boxes + number);
        let lowest = self.elements[last].row;
        let mut passing = self.passing(Kind::Up(edge.to), lowest);
        self.connect(number, edge.to, lowest + 1, [End::Above(last), End::Above(passing)]);
        for row in (target..lowest).rev() {
            let next = self.passing(Kind::Up(edge.to), row);
            self.connect(number, edge.to, row + 1, [End::Below(passing), End::Above(next)]);
            passing = next;
        }
        self.connect(number, edge.to, target, [End::Below(passing), End::Below(edge.to)]);
    }

    /// Leads from a box to the text below it, when there is one.
    fn leave(&mut self, number: usize, edge: &Edge, net: usize) -> usize {
        if edge.text == 0 {
            return edge.from;
        }
        let row = self.elements[edge.from].row + 1;
        let text = self.add(Kind::Text(number), row, edge.text);
        self.connect(number, net, row, [End::Above(edge.from), End::Below(text)]);
        text
    }

    fn passing(&mut self, kind: Kind, row: usize) -> usize {
        match self.passing.get(&(kind, row)) {
            Some(element) => *element,
            None => {
                let element = self.add(kind, row, 1);
                self.passing.insert((kind, row), element);
                element
            }
        }
    }

    fn add(&mut self, kind: Kind, row: usize, width: i32) -> usize {
        let element = self.elements.len();
        self.elements.push(Element { kind, row, width, height: 1, x: 0 });
        self.rows[row].push(element);
        element
    }

    fn connect(&mut self, edge: usize, net: usize, channel: usize, ends: [End; 2]) {
        self.connections.push(Connection { edge, net, channel, ends });
    }
}

impl End {
    /// The element.
    pub(super) fn element(self) -> usize {
        match self {
            Self::Above(element) | Self::Below(element) => element,
        }
    }
}
