//! The way of a value, over the data pane.
//!
//! ```text
//! ─ where $.total came from ──────────────────────── 2 of 3 ─
//!   event 37  the input of ChargeCard
//!     $.validation.totalCents  60760
//!     ← kept by ReserveStock, OrderValid?
//! ▌ event 6  the output of ValidateOrder
//!     $.validation.totalCents
//!     ← ValidateOrder, line 17  ResultSelector/totalCents.$
//! ```

use super::chrome::{self, Edge};
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::origins::{Line as Row, Origins, Says};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// Returns where the way of a value stands: over the data, so that the other panes can be seen following it.
pub(in crate::tui) fn area(layout: &Layout) -> Rect {
    if layout.inside(layout.data).height < 4 { layout.middle } else { layout.data }
}

/// Returns the columns and lines there is room for.
pub(in crate::tui) fn size(layout: &Layout) -> (usize, usize) {
    let inside = layout.inside(area(layout));
    (inside.width.into(), inside.height.into())
}

pub(super) fn paint(origins: &Origins, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    let area = area(layout);
    Clear.render(area, buffer);
    buffer.set_style(area, look.style(Role::Text));
    let (at, all) = origins.progress();
    let right = Line::from(look.span(format!(" {at} of {all} "), Role::Dim));
    let mut title = look.foreign(&origins.title, usize::from(area.width).saturating_sub(24), Role::Title);
    title.content = format!(" {} ", title.content).into();
    let edge = Edge { title: Line::from(title), right, role: Role::Focus };
    let inside = chrome::pane(&edge, look, layout, area, buffer);
    let range = origins.scroll.range(origins.lines().len());
    let lines = origins.lines().get(range).unwrap_or_default();
    for (y, line) in (inside.y..inside.bottom()).zip(lines) {
        let selected = line.stop == origins.selected();
        buffer.set_line(inside.x, y, &painted(line, selected, look, inside.width.into()), inside.width);
        if selected && matches!(line.says, Says::Document(_)) {
            buffer.set_style(Rect { y, height: 1, ..inside }, look.style(Role::Cursor));
        }
    }
}

fn painted<'a>(line: &Row, selected: bool, look: &Look, width: usize) -> Line<'a> {
    let lead = if selected { look.glyphs.bar } else { " " };
    let mut spans = vec![look.span(lead, Role::Focus), Span::raw(" ".repeat(line.margin() - 1))];
    let room = line.room(width);
    let signed = |sign: &str, words: &str, role: Role| {
        let sign = if line.continued { " " } else { sign };
        look.foreign(&format!("{sign} {words}"), room, role)
    };
    spans.extend(match &line.says {
        Says::Document(words) => vec![look.foreign(words, room, Role::Text)],
        Says::Place(path, None) => vec![path_span(path, room, look)],
        Says::Place(path, Some(value)) => {
            let path = path_span(path, room, look);
            let left = room.saturating_sub(path.width() + 2);
            vec![path, Span::raw("  "), look.foreign(value, left, Role::JsonString)]
        }
        Says::Value(words) => vec![look.foreign(words, room, Role::JsonString)],
        Says::Through(words) => vec![signed(look.glyphs.from, words, Role::Dim)],
        Says::Origin(words) => vec![signed(look.glyphs.origin, words, Role::Succeeded)],
        Says::How(words) => vec![look.foreign(words, room, Role::Title)],
        Says::Gap(words) => vec![signed("?", words, Role::Warning)],
    });
    Line::from(spans)
}

fn path_span<'a>(path: &str, room: usize, look: &Look) -> Span<'a> {
    let path = text::harmless(path, look.glyphs).into_owned();
    look.span(text::fit_middle(&path, room, look.glyphs).into_owned(), Role::JsonKey)
}
