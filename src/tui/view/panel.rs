//! Two sides compared: beside each other where there is room, else in one column.

use super::chrome::{self, Edge};
use crate::json::diff::{Shown, Sign};
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::panel::{Panel, Row};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// Columns from which on the sides stand beside each other.
const SIDE_BY_SIDE: u16 = 118;

/// How much of what two long values share is shown before the place at which they differ.
const SHARED: usize = 12;

/// Returns how many rows there is room for.
pub(in crate::tui) fn height(layout: &Layout) -> usize {
    usize::from(layout.inside(layout.middle).height.saturating_sub(1))
}

pub(super) fn paint(panel: &Panel, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    Clear.render(layout.middle, buffer);
    buffer.set_style(layout.middle, look.style(Role::Text));
    let [old, new] = &panel.sides;
    let title = format!("{}: {old} {} {new}", panel.title, look.glyphs.arrow);
    let room = usize::from(layout.middle.width.saturating_sub(30));
    let (at, all) = panel.progress();
    let progress = if all == 0 { " no change ".to_owned() } else { format!(" change {at} of {all} ") };
    let mut title = look.foreign(&title, room, Role::Title);
    title.content = format!(" {} ", title.content).into();
    let right = Line::from(look.span(progress, Role::Dim));
    let edge = Edge { title: Line::from(title), right, role: Role::Focus };
    let area = chrome::pane(&edge, look, layout, layout.middle, buffer);
    let painter = Painter { panel, look, wide: area.width >= SIDE_BY_SIDE };
    painter.sides(Rect { height: 1, ..area }, buffer);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let range = panel.scroll.range(panel.shown().len());
    let shown = panel.shown().get(range.clone()).unwrap_or_default();
    for (y, (line, shown)) in (body.y..body.bottom()).zip(range.zip(shown)) {
        let row = Rect { y, height: 1, ..body };
        painter.line(shown, row, buffer);
        if line == panel.line() {
            buffer.set_style(row, look.style(Role::Cursor));
        }
    }
}

struct Painter<'a> {
    panel: &'a Panel,
    look: &'a Look,
    wide: bool,
}

impl Painter<'_> {
    /// The names of the sides, above the rows.
    fn sides(&self, area: Rect, buffer: &mut Buffer) {
        let [old, new] = &self.panel.sides;
        let (left, right) = halves(area);
        let room = usize::from(left.width.saturating_sub(4));
        let name = |sign: &str, name: &str, role: Role| self.look.foreign(&format!(" {sign} {name}"), room, role);
        let (old, new) = (name("-", old, Role::Removed), name("+", new, Role::Added));
        buffer.set_span(left.x, left.y, &old, left.width);
        if self.wide {
            buffer.set_span(right.x, right.y, &new, right.width);
        } else {
            let used = u16::try_from(old.width()).unwrap_or(0) + 2;
            buffer.set_span(area.x + used, area.y, &new, area.width.saturating_sub(used));
        }
    }

    fn line(&self, shown: &Shown, area: Rect, buffer: &mut Buffer) {
        let row = match shown {
            Shown::Row(at) => self.panel.row(*at),
            Shown::Folded(range) => {
                let margin = self.panel.row(range.start).map_or(0, |row| usize::from(row.depth));
                let more = self.look.glyphs.more;
                let rows = if range.len() == 1 { "row" } else { "rows" };
                let words = format!("   {}{more} {} {rows}", "  ".repeat(margin.min(20)), text::count(range.len()));
                buffer.set_span(area.x, area.y, &self.look.span(words, Role::Dim), area.width);
                None
            }
        };
        let Some(row) = row else { return };
        if row.old.is_none() && row.new.is_none() {
            let line = Line::from(self.lead(row, usize::from(area.width)));
            buffer.set_line(area.x, area.y, &line, area.width);
        } else if self.wide {
            self.beside(row, area, buffer);
        } else {
            let mut spans = self.lead(row, usize::from(area.width));
            let used: usize = spans.iter().map(Span::width).sum();
            spans.extend(self.unified(row, usize::from(area.width).saturating_sub(used + 1)));
            buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
        }
    }

    /// ```text
    ///  ~ totalCents  51150                    │ ~ totalCents  60760
    /// ```
    fn beside(&self, row: &Row, area: Rect, buffer: &mut Buffer) {
        let (left, right) = halves(area);
        let skipped = shared(row);
        for (half, value, role) in [(left, &row.old, Role::Removed), (right, &row.new, Role::Added)] {
            let Some(value) = value else { continue };
            let mut spans = self.lead(row, half.width.into());
            let used: usize = spans.iter().map(Span::width).sum();
            let room = usize::from(half.width).saturating_sub(used + 1);
            let role = if row.sign.is_change() { role } else { self.role(row.sign) };
            spans.push(self.value(value, skipped, room, role));
            buffer.set_line(half.x, half.y, &Line::from(spans), half.width);
        }
        buffer.set_span(right.x - 1, right.y, &self.look.span(self.look.glyphs.bar, Role::Border), 1);
    }

    /// The sign, the depth and the name.
    fn lead(&self, row: &Row, room: usize) -> Vec<Span<'static>> {
        let sign = match row.sign {
            Sign::Added => "+",
            Sign::Removed => "-",
            Sign::Changed => "~",
            Sign::Moved => self.look.glyphs.step,
            Sign::Excused => self.look.glyphs.neutral,
            Sign::Same | Sign::Inside => " ",
        };
        let margin = "  ".repeat(usize::from(row.depth).min(20));
        let only = row.old.is_none() && row.new.is_none();
        let longest = room.saturating_sub(margin.len() + 5);
        let longest = if only { longest } else { longest * 3 / 5 };
        let role = if row.sign.is_change() { self.role(row.sign) } else { Role::JsonKey };
        let role = if only && !row.sign.is_change() { Role::Text } else { role };
        vec![
            self.look.span(format!(" {sign} {margin}"), self.role(row.sign)),
            self.look.foreign(&row.label, longest, role),
            Span::raw("  "),
        ]
    }

    fn unified(&self, row: &Row, room: usize) -> Vec<Span<'static>> {
        match (&row.old, &row.new) {
            (Some(old), Some(new)) if old != new => {
                let half = room.saturating_sub(3) / 2;
                let skipped = shared(row);
                let roles = match row.sign.is_change() {
                    true => [Role::Removed, Role::Added],
                    false => [Role::Dim; 2],
                };
                // What the shorter one leaves free, the longer one takes.
                let spare = |value: &str| half.saturating_sub(text::width(text::head(value, half)));
                let was = self.value(old, skipped, half + spare(new), roles[0]);
                let is = self.value(new, skipped, half + spare(old), roles[1]);
                vec![was, self.look.span(format!(" {} ", self.look.glyphs.arrow), Role::Dim), is]
            }
            (Some(value), _) | (None, Some(value)) => vec![self.value(value, 0, room, self.role(row.sign))],
            (None, None) => Vec::new(),
        }
    }

    /// A value without what it shares with the other side, when that would hide the difference.
    fn value(&self, value: &str, skipped: usize, room: usize, role: Role) -> Span<'static> {
        if skipped == 0 || text::width(text::head(value, room + 1)) <= room {
            return self.look.foreign(value, room, role);
        }
        let rest = value.get(skipped..).unwrap_or(value);
        self.look.foreign(&format!("{}{rest}", self.look.glyphs.more), room, role)
    }

    fn role(&self, sign: Sign) -> Role {
        match sign {
            Sign::Added => Role::Added,
            Sign::Removed => Role::Removed,
            Sign::Changed | Sign::Moved => Role::Warning,
            Sign::Inside => Role::Text,
            Sign::Same | Sign::Excused => Role::Dim,
        }
    }
}

fn halves(area: Rect) -> (Rect, Rect) {
    let left = area.width / 2;
    (Rect { width: left.saturating_sub(1), ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

/// How many bytes at the beginning of two long values need not be shown, since they are the same.
fn shared(row: &Row) -> usize {
    let (Some(old), Some(new)) = (&row.old, &row.new) else { return 0 };
    let differ = old.char_indices().zip(new.chars()).find(|((_, was), is)| was != is);
    let at = differ.map_or(0, |((at, _), _)| at);
    let places = || old.get(..at).into_iter().flat_map(str::char_indices).map(|(place, _)| place);
    places().nth_back(SHARED).unwrap_or(0)
}
