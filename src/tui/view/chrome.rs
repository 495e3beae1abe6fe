//! Frames and rules around panes, and what is found in them.

use crate::json::rows::Needle;
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// What stands on the upper edge of a pane.
pub(in crate::tui) struct Edge<'a> {
    /// On the left.
    pub title: Line<'a>,
    /// On the right.
    pub right: Line<'a>,
    /// Of the line itself: [`Role::Focus`] for the focused pane.
    pub role: Role,
}

/// Draws the frame of a pane, or the rule above it, and returns the inside.
pub(in crate::tui) fn pane(edge: &Edge<'_>, look: &Look, layout: &Layout, area: Rect, buffer: &mut Buffer) -> Rect {
    if area.is_empty() {
        return area;
    }
    let style = look.style(edge.role);
    let line = look.glyphs.line.repeat(area.width.into());
    buffer.set_stringn(area.x, area.y, &line, area.width.into(), style);
    if layout.framed && area.height > 1 && area.width > 1 {
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        buffer.set_stringn(area.x, bottom, &line, area.width.into(), style);
        for y in area.y + 1..bottom {
            buffer.set_stringn(area.x, y, look.glyphs.bar, 1, style);
            buffer.set_stringn(right, y, look.glyphs.bar, 1, style);
        }
        let [top_left, top_right, bottom_left, bottom_right] = look.glyphs.corners;
        buffer.set_stringn(area.x, area.y, top_left, 1, style);
        buffer.set_stringn(right, area.y, top_right, 1, style);
        buffer.set_stringn(area.x, bottom, bottom_left, 1, style);
        buffer.set_stringn(right, bottom, bottom_right, 1, style);
    }
    let room = usize::from(area.width).saturating_sub(4);
    let title = u16::try_from(edge.title.width().min(room)).unwrap_or(0);
    buffer.set_line(area.x + 2, area.y, &edge.title, title);
    let right = u16::try_from(edge.right.width()).unwrap_or(u16::MAX);
    if right > 0 && title.saturating_add(right).saturating_add(6) <= area.width {
        buffer.set_line(area.right() - right - 2, area.y, &edge.right, right);
    }
    layout.inside(area)
}

/// Returns the role of a pane's edge.
pub(in crate::tui) fn edge_role(focused: bool) -> Role {
    if focused { Role::Focus } else { Role::Border }
}

/// Lays the cursor over a row that is painted already: that of the focused pane, or one that follows. What a search
/// found in the row keeps standing out.
pub(in crate::tui) fn cursor(row: Rect, focused: bool, look: &Look, buffer: &mut Buffer) {
    let style = look.style(if focused { Role::Cursor } else { Role::Followed });
    let found = look.style(Role::Match);
    for position in row.intersection(*buffer.area()).positions() {
        let cell = &mut buffer[position];
        match found.bg {
            Some(ground) if cell.bg == ground => {}
            // Without colours both are reversed, so the match is what is not.
            None if cell.modifier.contains(found.add_modifier) => {
                cell.modifier.toggle(found.add_modifier.intersection(style.add_modifier));
            }
            _ => {
                cell.set_style(style);
            }
        }
    }
}

/// Returns a span with the first match of what is looked for standing out.
pub(in crate::tui) fn found(span: Span<'static>, needle: &Needle, look: &Look) -> Vec<Span<'static>> {
    let Some(range) = needle.find(&span.content) else { return vec![span] };
    let part = |range: std::ops::Range<usize>| span.content.get(range).unwrap_or_default().to_owned();
    vec![
        Span::styled(part(0..range.start), span.style),
        look.span(part(range.clone()), Role::Match),
        Span::styled(part(range.end..span.content.len()), span.style),
    ]
}
