//! Which pane stands where, at which size of the terminal.

use super::pane::{MainView, Pane};
use ratatui::layout::Rect;

/// The smallest terminal in which the screen makes sense.
pub const SMALLEST: (u16, u16) = (40, 16);

/// Below this width panes take turns: one fills the middle.
pub const NARROW: u16 = 60;

/// The places of the execution screen's panes. A pane that is not shown has no area.
///
/// ```text
///  header: breadcrumb, status
///  headline: what went wrong
///  main        │ data
///  (events)    │
///  timeline
///  footer: hints
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layout {
    /// The breadcrumb.
    pub header: Rect,
    /// What went wrong.
    pub headline: Rect,
    /// The tree, or the event list.
    pub main: Rect,
    /// The event list below the tree.
    pub events: Rect,
    /// The data.
    pub data: Rect,
    /// Where main, events and data stand: what lies over them takes all of it.
    pub middle: Rect,
    /// The time axis.
    pub timeline: Rect,
    /// The hints.
    pub footer: Rect,
    /// Whether there is room for frames around panes, not only for rules above them.
    pub framed: bool,
    /// Whether digits show the views of the data, which they do unless somebody bound others.
    pub numbered: bool,
}

/// A screen with fewer lines has none to spare for more than two lines of the headline.
const LOW: u16 = 20;

/// The most lines of a headline without a frame, unless the list of states leaves some free.
const BARE: u16 = 4;

/// What the layout depends on beside the size.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    /// The pane with the focus.
    pub focus: Pane,
    /// Whether it wants the middle for itself.
    pub grown: bool,
    /// What the main pane shows.
    pub view: MainView,
    /// How many lines the headline has at that width.
    pub headline: u16,
    /// How many it has to say something in where there is no room for frames.
    pub bare_headline: u16,
    /// How many rows the tree has when nothing is folded.
    pub rows: usize,
    /// Whether digits show the views of the data.
    pub numbered: bool,
}

impl Layout {
    /// Lays out the screen.
    pub fn new(width: u16, height: u16, wishes: Wishes) -> Self {
        let framed = height >= 30 && width >= 90;
        let mut rest = Rect::new(0, 0, width, height);
        let header = top(&mut rest, 1);
        let footer = bottom(&mut rest, 1);
        let edge = if framed { 2 } else { 0 };
        let most = match (framed, height >= LOW) {
            (true, _) => height / 5,
            (false, true) => BARE.max(spare(height, width, wishes)).min(wishes.bare_headline),
            (false, false) => 2,
        };
        let wanted = if framed { wishes.headline } else { wishes.bare_headline };
        let headline = top(&mut rest, wanted.clamp(1, most.max(2)) + edge);
        let timeline = bottom(&mut rest, 1 + edge);
        let mut layout = Self {
            header,
            headline,
            middle: rest,
            timeline,
            footer,
            framed,
            numbered: wishes.numbered,
            ..Self::default()
        };
        layout.middle(rest, wishes);
        layout
    }

    /// Returns the inside of a pane: what is left of its area without its frame or its rule.
    pub fn inside(&self, area: Rect) -> Rect {
        if area.height == 0 {
            return area;
        }
        match self.framed {
            true => Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2)),
            false => Rect::new(area.x, area.y + 1, area.width, area.height - 1),
        }
    }

    /// Returns the area of a pane.
    pub fn pane(&self, pane: Pane) -> Rect {
        match pane {
            Pane::Main => self.main,
            Pane::Events => self.events,
            Pane::Data => self.data,
        }
    }

    /// Returns the panes that are on the screen, in the order of reading.
    pub fn panes(&self) -> impl Iterator<Item = Pane> + '_ {
        [Pane::Main, Pane::Events, Pane::Data].into_iter().filter(|pane| !self.pane(*pane).is_empty())
    }

    fn middle(&mut self, rest: Rect, wishes: Wishes) {
        if wishes.grown || rest.width < NARROW {
            match wishes.focus {
                Pane::Main => self.main = rest,
                Pane::Events => self.events = rest,
                Pane::Data => self.data = rest,
            }
            return;
        }
        if rest.width < 100 {
            let mut left = rest;
            // Pictures need more height than lists.
            let pictures = matches!(wishes.view, MainView::Graph | MainView::Timeline);
            let height = if pictures { rest.height * 2 / 3 } else { rest.height.div_ceil(2) };
            self.main = top(&mut left, height);
            self.data = left;
            return;
        }
        let mut right = rest;
        let left_width = match wishes.view {
            MainView::Graph | MainView::Timeline => rest.width * 60 / 100,
            MainView::Events | MainView::Table => rest.width * 60 / 100,
            MainView::Tree => (rest.width * 49 / 100).clamp(50, 104),
        };
        self.main = Rect::new(rest.x, rest.y, left_width, rest.height);
        right.x += left_width;
        right.width -= left_width;
        self.data = right;
        if wishes.view == MainView::Tree {
            let mut upper = self.main;
            self.events = bottom(&mut upper, events_height(rest.height, wishes.rows));
            self.main = upper;
        }
    }
}

/// How many lines the headline may have when it takes those that a short list of states leaves free.
fn spare(height: u16, width: u16, wishes: Wishes) -> u16 {
    let lists = height.saturating_sub(BARE + 3);
    let list = if width < NARROW { lists } else { lists.div_ceil(2) };
    let rows = u16::try_from(wishes.rows + 1).unwrap_or(u16::MAX);
    BARE + list.saturating_sub(rows)
}

/// The event list takes what the tree can never fill; on tall screens its share in any case.
fn events_height(height: u16, rows: usize) -> u16 {
    let left = height.saturating_sub(u16::try_from(rows + 3).unwrap_or(u16::MAX));
    let share = if height >= 36 { height * 2 / 5 } else { 0 };
    let events = left.max(share).min(height * 3 / 4);
    if events >= 8 { events } else { 0 }
}

fn top(rest: &mut Rect, height: u16) -> Rect {
    let height = height.min(rest.height);
    let area = Rect { height, ..*rest };
    rest.y += height;
    rest.height -= height;
    area
}

fn bottom(rest: &mut Rect, height: u16) -> Rect {
    let height = height.min(rest.height);
    rest.height -= height;
    Rect { y: rest.y + rest.height, height, ..*rest }
}
