//! The run on one line: how much happened when, where it failed, where the cursor is.

use super::chrome::{self, Edge};
use crate::event::Timestamp;
use crate::history::History;
use crate::tui::execution::{Cell, Execution};
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Returns the columns of the time axis.
pub(in crate::tui) fn columns(layout: &Layout, history: &History) -> usize {
    area(layout, history).width.into()
}

/// Returns the number of the last event. While some are missing it is more than there are.
fn last(history: &History) -> usize {
    history.events().last().map_or(0, |event| event.id.index() + 1)
}

/// Returns the part of the pane that is the time axis; right of it stands the number of the event.
pub(in crate::tui) fn area(layout: &Layout, history: &History) -> Rect {
    let inside = if layout.framed { layout.inside(layout.timeline) } else { layout.timeline };
    let digits = u16::try_from(text::count(last(history)).len()).unwrap_or(0);
    let right = if layout.framed { digits * 2 + 14 } else { digits * 2 + 4 };
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(right + 2), height: 1, ..inside }
}

pub(super) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    let history = execution.history();
    let events = last(history);
    let place = execution.place.event.index() + 1;
    if layout.framed {
        let clock = |time: Option<Timestamp>| Line::from(look.span(format!(" {} ", clock(time)), Role::Dim));
        let mut title = Line::from(look.span(" timeline ", Role::Title));
        title.spans.push(look.span(look.glyphs.line, Role::Border));
        title.spans.extend(clock(history.started_at()).spans);
        let edge = Edge { title, right: clock(history.last_at()), role: Role::Border };
        chrome::pane(&edge, look, layout, layout.timeline, buffer);
    }
    let area = area(layout, history);
    let now = history.event(execution.place.event).map(|event| event.timestamp);
    let playhead = now.map(|now| execution.axis.column(now, area.width.into()));
    let most = execution.axis.cells().iter().map(|cell| cell.events).max().unwrap_or(1);
    for (column, (x, cell)) in (area.x..area.right()).zip(execution.axis.cells()).enumerate() {
        let (sign, style) = sign(cell, most, playhead.is_some_and(|playhead| column > playhead), look);
        buffer.set_stringn(x, area.y, sign, 1, style);
    }
    paint_idle(execution, look, area, buffer);
    if let Some(playhead) = playhead {
        let (sign, style) = match execution.axis.cells().get(playhead).filter(|cell| cell.failed) {
            Some(cell) => {
                let (sign, style) = sign(cell, most, false, look);
                (sign, style.add_modifier(Modifier::REVERSED))
            }
            None => (look.glyphs.playhead, look.style(Role::Playhead)),
        };
        buffer.set_stringn(area.x + u16::try_from(playhead).unwrap_or(0), area.y, sign, 1, style);
    }
    paint_flags(execution, look, layout, area, buffer);
    let (place, all) = (text::count(place), text::count(events));
    let label = if layout.framed { format!("event {place} of {all}") } else { format!("{place}/{all}") };
    let width = u16::try_from(label.len()).unwrap_or(0);
    let right = layout.timeline.right().saturating_sub(width + if layout.framed { 2 } else { 1 });
    buffer.set_span(right, area.y, &look.span(label, Role::Dim), width);
}

/// Flags where the bookmarks are: on the frame below the axis or, where there is none, on the axis itself.
fn paint_flags(execution: &Execution, look: &Look, layout: &Layout, area: Rect, buffer: &mut Buffer) {
    let history = execution.history();
    let column = |event| {
        let at = history.event(event)?.timestamp;
        u16::try_from(execution.axis.column(at, area.width.into())).ok()
    };
    for (event, _) in execution.bookmarks.of_member(execution.place.member) {
        let Some(column) = column(event) else { continue };
        let y = if layout.framed { area.y + 1 } else { area.y };
        super::bookmarks::plant((area.x + column, y), area.x..area.right(), look, buffer);
    }
}

/// Says how long each folded stretch is, where that fits.
fn paint_idle(execution: &Execution, look: &Look, area: Rect, buffer: &mut Buffer) {
    for (stretch, micros) in execution.axis.folds(area.width.into()) {
        let label = format!(" {} ", text::duration(micros));
        let (label_width, room) = (text::width(&label), stretch.len());
        let Some(gap) = room.checked_sub(label_width + 2) else { continue };
        let x = area.x + u16::try_from(stretch.start + 1 + gap / 2).unwrap_or(0);
        buffer.set_span(x, area.y, &look.span(label, Role::Dim), u16::try_from(label_width).unwrap_or(0));
    }
}

fn sign(cell: &Cell, most: u32, future: bool, look: &Look) -> (&'static str, ratatui::style::Style) {
    match (cell.ended, cell.failed) {
        (true, _) => return (look.glyphs.failed, look.style(Role::Failed)),
        (false, true) => return (look.glyphs.times, look.style(Role::Caught)),
        (false, false) => {}
    }
    let role = if future { Role::Unreached } else { Role::Running };
    if cell.idle && cell.events == 0 {
        return (look.glyphs.idle, look.style(Role::Border));
    }
    if cell.events == 0 {
        return (" ", look.style(role));
    }
    // Few and many differ by orders of magnitude.
    let scale = f64::from(cell.events).ln_1p() / f64::from(most.max(1)).ln_1p();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the scale lies between 0 and 1")]
    let level = ((scale * 8.0).ceil() as usize).clamp(1, 8) - 1;
    (look.glyphs.levels.get(level).copied().unwrap_or(" "), look.style(role))
}

/// The time of day, in UTC as AWS's console exports it.
fn clock(time: Option<Timestamp>) -> String {
    time.map(|time| format!("{} UTC", text::moment(time))).unwrap_or_default()
}
