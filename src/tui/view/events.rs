//! The event list, as AWS words it.

use super::chrome::{self, Edge, edge_role};
use crate::event::{Event, EventId};
use crate::tui::execution::Execution;
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::pane::Pane;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(super) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    let pane = if execution.lists_events(Pane::Main) { Pane::Main } else { Pane::Events };
    if layout.pane(pane).is_empty() {
        return;
    }
    let history = execution.history();
    let focused = execution.focus == pane;
    let edge = Edge {
        title: Line::from(look.span(" events ", Role::Title)),
        right: Line::from(look.span(format!(" {} ", text::count(history.events().len())), Role::Dim)),
        role: edge_role(focused),
    };
    let area = chrome::pane(&edge, look, layout, layout.pane(pane), buffer);
    let range = execution.events.scroll.range(history.events().len());
    let marked = super::bookmarks::gutter(execution, look);
    let digits = history.events().last().map_or(1, |event| event.id.to_string().len());
    let shown = history.events().get(range).unwrap_or_default();
    for (y, event) in (area.y..area.bottom()).zip(shown) {
        let line = Row { execution, look, digits, marked: &marked, width: area.width.into() }.line(event);
        buffer.set_line(area.x, y, &line, area.width);
        if event.id == execution.place.event {
            let role = if focused { Role::Cursor } else { Role::Followed };
            buffer.set_style(Rect { y, height: 1, ..area }, look.style(role));
        }
    }
}

struct Row<'a> {
    execution: &'a Execution,
    look: &'a Look,
    digits: usize,
    /// The signs of bookmarks by their events.
    marked: &'a [(EventId, String)],
    width: usize,
}

impl Row<'_> {
    /// ` 142   +2.31 s  TaskFailed  ChargeCard  Card.Declined`
    fn line(&self, event: &Event) -> Line<'static> {
        let history = self.execution.history();
        let future = event.id > self.execution.place.event;
        let failed = event.kind.is_failure();
        let stopped = event.kind.name().ends_with("Aborted");
        let role = match () {
            () if future => Role::Unreached,
            () if stopped => Role::Aborted,
            () if failed => Role::Failed,
            () => Role::Text,
        };
        let sign = if stopped {
            self.look.glyphs.aborted
        } else if failed {
            self.look.glyphs.failed
        } else {
            " "
        };
        let since = history.started_at().map_or(0, |start| event.timestamp.micros_since(start));
        let since = format!("+{}", text::duration(since));
        let digits = self.digits;
        let mark = if self.execution.marked() == Some(event.id) { self.look.glyphs.mark } else { " " };
        let signs = self.marked.iter().filter(|(marked, _)| *marked == event.id).map(|(_, sign)| sign.as_str());
        let widest = self.marked.iter().map(|(_, sign)| text::width(sign)).max().map_or(0, |widest| widest + 1);
        let mut spans = vec![
            self.look.span(mark, Role::Focus),
            self.look.span(padded(signs.collect(), widest), Role::Focus),
            self.look.span(format!("{:>digits$} ", event.id.get()), Role::Dim),
            self.look.span(format!("{since:>13}  "), if future { Role::Unreached } else { Role::Dim }),
            self.look.span(format!("{sign} "), role),
            self.look.foreign(event.kind.name(), 34, role),
        ];
        let visit = history.visit_of(event.id).map(|visit| history.visit(visit).name.clone());
        let name = event.details.name().cloned().or(visit);
        let taken: usize = spans.iter().map(Span::width).sum();
        let room = self.width.saturating_sub(taken + 2);
        if let Some(name) = name.filter(|_| room > 4) {
            spans.push(Span::raw("  "));
            spans.push(self.look.foreign(&name, room, if future { Role::Unreached } else { Role::Dim }));
        }
        let error = event.details.failure().and_then(|failure| failure.error.clone());
        let taken: usize = spans.iter().map(Span::width).sum();
        let room = self.width.saturating_sub(taken + 2);
        if let Some(error) = error.filter(|_| room > 6) {
            spans.push(Span::raw("  "));
            spans.push(self.look.foreign(&error, room, role));
        }
        Line::from(spans)
    }
}

/// Fills words up to that many columns.
fn padded(words: String, columns: usize) -> String {
    let gap = columns.saturating_sub(text::width(&words));
    words + &" ".repeat(gap)
}
