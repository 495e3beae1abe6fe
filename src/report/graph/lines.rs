//! The lines between states, woven into the cells of a window: which arms leave each cell, and of what.

use super::flow::Point;
use super::picture::{Ink, Subject, Window};
use super::runes::{Arm, Arms, Stroke, Weight, crossing, joint, rune};
use crate::analysis::graph::Moment;

/// What runs through one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Strand {
    pub arms: Arms,
    /// The net that runs through from side to side, and the one that runs up and down.
    across: Option<usize>,
    along: Option<usize>,
    /// Whether something other than a catcher's line is here.
    solid: bool,
    /// How much the most important line here matters.
    rank: Rank,
    mark: Option<Mark>,
}

/// How much a line matters; the colour of a cell is that of the line that matters most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Rank {
    #[default]
    Untaken,
    Plain,
    Later,
    Caught,
    Taken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Arrow,
    Up,
}

/// The lines in a window.
pub(super) struct Lines {
    window: Window,
    strands: Vec<Strand>,
}

impl Lines {
    /// Weaves the lines of a plan.
    pub(super) fn of(subject: &Subject<'_>, window: Window, now: Option<Moment>) -> Self {
        let cells = usize::try_from(window.width * window.height).unwrap_or(0);
        let mut lines = Self { window, strands: vec![Strand::default(); cells] };
        let nobody = subject.course.is_empty();
        for (id, link) in subject.graph.links() {
            let Some(way) = subject.plan.wires.get(id.index()).and_then(Option::as_ref) else { continue };
            let rank = match subject.course.taken(id) {
                Some(taken) if now.is_some_and(|now| taken.first.is_after(now)) => Rank::Later,
                Some(_) if link.catches => Rank::Caught,
                Some(_) => Rank::Taken,
                None if nobody => Rank::Plain,
                None => Rank::Untaken,
            };
            let line = Line { net: link.to.index(), rank, solid: !link.catches };
            lines.weave(way, line);
        }
        if let Some(entry) = subject.plan.entry {
            lines.enter(subject, entry, nobody);
        }
        lines
    }

    /// Leads from the entry mark down to the first state.
    fn enter(&mut self, subject: &Subject<'_>, entry: Point, nobody: bool) {
        let start = subject.graph.flow(crate::analysis::graph::FlowId::ROOT).start;
        let Some((start, spot)) = start.and_then(|start| Some((start, subject.plan.spot(start)?))) else { return };
        let reached = !subject.course.standing(start).visits.is_empty();
        let rank = match (nobody, reached) {
            (true, _) => Rank::Plain,
            (false, true) => Rank::Taken,
            (false, false) => Rank::Untaken,
        };
        let way = [entry, Point { x: entry.x, y: spot.at.y - 1 }];
        self.weave(&way, Line { net: start.index(), rank, solid: true });
    }

    pub(super) fn strand(&self, point: Point) -> Option<&Strand> {
        self.strands.get(self.window.place(point)?)
    }

    fn weave(&mut self, way: &[Point], line: Line) {
        for pair in way.windows(2) {
            let [from, to] = pair else { continue };
            self.segment(*from, *to, line);
        }
        if let Some(last) = way.last()
            && let Some(strand) = self.at(*last)
        {
            strand.mark = Some(Mark::Arrow);
        }
        // What leads back up says so in the middle of its longest way up.
        let up = way.windows(2).filter(|pair| pair[0].x == pair[1].x && pair[0].y - pair[1].y > 2);
        if let Some([from, to]) = up.max_by_key(|pair| pair[0].y - pair[1].y)
            && let Some(strand) = self.at(Point { x: from.x, y: i32::midpoint(from.y, to.y) })
            && strand.across.is_none()
        {
            strand.mark = Some(Mark::Up);
        }
    }

    /// Draws a straight piece, as far as it is in the window.
    fn segment(&mut self, from: Point, to: Point, line: Line) {
        let (low, high) = (from.min(to), from.max(to));
        let window = self.window;
        let horizontal = from.y == to.y;
        let (first, last, left, right) = if horizontal {
            (low.x, high.x, window.left, window.left + window.width)
        } else {
            (low.y, high.y, window.top, window.top + window.height)
        };
        let [backward, forward] = if horizontal { [Arm::Left, Arm::Right] } else { [Arm::Up, Arm::Down] };
        for step in first.max(left)..=last.min(right - 1) {
            let point = if horizontal { Point { x: step, y: from.y } } else { Point { x: from.x, y: step } };
            let Some(strand) = self.at(point) else { continue };
            if step > first {
                strand.reach(backward, line);
            }
            if step < last {
                strand.reach(forward, line);
            }
        }
    }

    fn at(&mut self, point: Point) -> Option<&mut Strand> {
        let place = self.window.place(point)?;
        self.strands.get_mut(place)
    }

    /// Returns the cells that lines run through.
    pub(super) fn cells(&self) -> impl Iterator<Item = (Point, &Strand)> {
        let (window, width) = (self.window, self.window.width);
        self.strands.iter().zip(0_i32..).filter(|(strand, _)| strand.arms != Arms::default()).map(
            move |(strand, place)| {
                (Point { x: window.left + place % width.max(1), y: window.top + place / width.max(1) }, strand)
            },
        )
    }
}

/// A line being drawn.
#[derive(Clone, Copy)]
struct Line {
    net: usize,
    rank: Rank,
    solid: bool,
}

impl Strand {
    fn reach(&mut self, arm: Arm, line: Line) {
        let weight =
            if matches!(line.rank, Rank::Taken | Rank::Caught | Rank::Later) { Weight::Heavy } else { Weight::Light };
        let known = &mut self.arms[arm as usize];
        *known = (*known).max(weight);
        match arm {
            Arm::Left | Arm::Right => self.across = Some(line.net),
            Arm::Up | Arm::Down => self.along = Some(line.net),
        }
        self.solid |= line.solid;
        self.rank = self.rank.max(line.rank);
    }

    /// Returns what is drawn.
    pub(super) fn rune(&self, unicode: bool) -> &'static str {
        let all = self.arms.iter().all(|arm| *arm != Weight::None);
        match (self.mark, self.across == self.along) {
            (Some(Mark::Arrow), _) => {
                if unicode {
                    "▼"
                } else {
                    "v"
                }
            }
            (Some(Mark::Up), _) => {
                if unicode {
                    "▲"
                } else {
                    "^"
                }
            }
            (None, false) if all => crossing(self.arms, unicode),
            (None, true) if all => joint(unicode),
            _ => rune(self.arms, if self.solid { Stroke::Solid } else { Stroke::Dashed }, unicode),
        }
    }

    /// Returns what it is drawn with.
    pub(super) fn ink(&self) -> Ink {
        match self.rank {
            Rank::Untaken => Ink::Faint,
            Rank::Later => Ink::Later,
            Rank::Plain => Ink::Line,
            Rank::Caught => Ink::CaughtPath,
            Rank::Taken => Ink::Path,
        }
    }
}
