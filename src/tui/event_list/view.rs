//! The event list in columns: id, time, type, state and item, attempt, error.

use super::row::{self, Clock};
use crate::event::{Event, EventId};
use crate::json::rows::Needle;
use crate::tui::execution::Execution;
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::pane::Pane;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::chrome::{self, Edge, edge_role};
use crate::tui::view::gutter;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Columns of types: of most of them, of the longest usual one, and of the longest of all.
const TYPE: [usize; 3] = [19, 24, 30];

/// Columns from which on a list has room for each of these; with the most there is room for the time of day.
const WIDE: [u16; 2] = [70, 100];

/// Columns an attempt takes.
const ATTEMPT: usize = 3;

/// Paints the list where it has a place.
pub(in crate::tui) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    let pane = if execution.lists_events(Pane::Main) { Pane::Main } else { Pane::Events };
    if layout.pane(pane).is_empty() {
        return;
    }
    let history = execution.history();
    let focused = execution.focus == pane;
    let edge = Edge {
        title: title(execution, look, layout.pane(pane).width),
        right: Line::from(look.span(counts(execution), Role::Dim)),
        role: edge_role(focused),
    };
    let area = chrome::pane(&edge, look, layout, layout.pane(pane), buffer);
    let list = &execution.events;
    let rows = list.len(history);
    if rows == 0 && !area.is_empty() {
        let nothing = look.span("  No events match the filter.", Role::Dim);
        buffer.set_span(area.x, area.y, &nothing, area.width);
    }
    let painter = Painter::of(execution, look, area.width);
    let at_cursor = list.row_of(history, execution.place.event);
    for (y, row) in (area.y..area.bottom()).zip(list.scroll.range(rows)) {
        let Some(event) = list.event_at(history, row) else { break };
        buffer.set_line(area.x, y, &Line::from(painter.line(event)), area.width);
        if row == at_cursor {
            chrome::cursor(Rect { y, height: 1, ..area }, focused, look, buffer);
        }
    }
}

fn title<'a>(execution: &Execution, look: &Look, width: u16) -> Line<'a> {
    let mut line = Line::from(look.span(" events ", Role::Title));
    if let Some(filter) = execution.events.filter() {
        let room = usize::from(width / 2);
        line.spans.push(look.foreign(&format!("filter: {} ", filter.typed()), room, Role::Key));
    }
    if execution.events.is_folded() {
        line.spans.push(look.span("one line per task attempt ", Role::Dim));
    }
    line
}

/// ` match 2 of 9 · 40 of 2,147 `
fn counts(execution: &Execution) -> String {
    let (history, list) = (execution.history(), &execution.events);
    let all = history.events().len();
    let shown = list.len(history);
    let shown = if shown == all { text::count(all) } else { format!("{} of {}", text::count(shown), text::count(all)) };
    match list.progress(history, execution.place.event) {
        (_, 0) => format!(" {shown} "),
        (0, matches) => format!(" {} {} {shown} ", text::counted(matches, "match", "matches"), "·"),
        (at, matches) => format!(" match {} of {} · {shown} ", text::count(at), text::count(matches)),
    }
}

struct Painter<'a> {
    execution: &'a Execution,
    look: &'a Look,
    clock: Option<Clock>,
    /// The signs of bookmarks by their events, and the columns they take.
    marked: Vec<(EventId, String)>,
    widest: usize,
    digits: usize,
    needle: Option<&'a Needle>,
    /// How much room there is, from 0 to 2.
    room: usize,
    width: usize,
}

impl<'a> Painter<'a> {
    fn of(execution: &'a Execution, look: &'a Look, width: u16) -> Self {
        let history = execution.history();
        let marked = gutter(execution, look);
        let widest = marked.iter().map(|(_, sign)| text::width(sign)).max().map_or(0, |widest| widest + 1);
        let searched = execution.search.as_ref().filter(|(pane, _)| execution.lists_events(*pane));
        Self {
            execution,
            look,
            clock: Clock::of(history),
            marked,
            widest,
            digits: history.events().last().map_or(1, |event| event.id.to_string().len()),
            needle: searched.map(|(_, needle)| needle),
            room: WIDE.iter().filter(|wide| width >= **wide).count(),
            width: width.into(),
        }
    }

    /// ` 142  +11.243  ✖ TaskFailed               ChargeCard[17]     3  Card.Declined`
    fn line(&self, event: &Event) -> Vec<Span<'static>> {
        let (look, history) = (self.look, self.execution.history());
        let future = event.id > self.execution.place.event;
        let dim = if future { Role::Unreached } else { Role::Dim };
        let (sign, role) = self.sign(event, future);
        let mark = if self.execution.marked() == Some(event.id) { look.glyphs.mark } else { " " };
        let signs = self.marked.iter().filter(|(marked, _)| *marked == event.id).map(|(_, sign)| sign.as_str());
        let since = self.clock.map(|clock| clock.since(event.timestamp)).unwrap_or_default();
        let day = if self.room > 1 { format!("  {}", of_day(event)) } else { String::new() };
        let digits = self.digits;
        let mut spans = vec![
            look.span(mark, Role::Focus),
            look.span(padded(&signs.collect::<String>(), self.widest), Role::Focus),
            look.span(format!("{:>digits$} ", event.id.get()), Role::Dim),
            look.span(format!("{since}{day}  "), dim),
            look.span(format!("{sign} "), role),
        ];
        let inside = self.execution.events.inside(history, event.id);
        let kind = match inside {
            0 => event.kind.name().to_owned(),
            more => format!("{} +{more}", event.kind.name()),
        };
        self.cell(&mut spans, &kind, TYPE.get(self.room).copied().unwrap_or_default(), role);
        let taken: usize = spans.iter().map(Span::width).sum();
        let rest = self.width.saturating_sub(taken + ATTEMPT + 1);
        let error = event.details.failure().and_then(|failure| failure.error.as_deref());
        // Where it is narrow the state of what did not fail takes the place of the error as well.
        let state = match (self.room, error) {
            (0, None) => rest.saturating_sub(1),
            _ if rest < 24 => rest / 2,
            _ => (rest * 3 / 5).min(40),
        };
        self.cell(&mut spans, &row::place(history, event), state, dim);
        let attempt = row::attempt(history, event).map(|number| number.to_string()).unwrap_or_default();
        spans.push(look.span(format!("{attempt:>2} "), dim));
        if let Some(error) = error {
            let taken: usize = spans.iter().map(Span::width).sum();
            spans.push(look.foreign(error, self.width.saturating_sub(taken + 1), role));
        }
        match self.needle {
            Some(needle) => spans.into_iter().flat_map(|span| chrome::found(span, needle, look)).collect(),
            None => spans,
        }
    }

    fn sign(&self, event: &Event, future: bool) -> (&'static str, Role) {
        let stopped = event.kind.name().ends_with("Aborted");
        let failed = event.kind.is_failure();
        let role = match () {
            () if future => Role::Unreached,
            () if stopped => Role::Aborted,
            () if failed => Role::Failed,
            () => Role::Text,
        };
        let sign = match () {
            () if stopped => self.look.glyphs.aborted,
            () if failed => self.look.glyphs.failed,
            () => " ",
        };
        (sign, role)
    }

    /// A column of its own width: what is too long loses its middle, since the ends tell names apart.
    fn cell(&self, spans: &mut Vec<Span<'static>>, words: &str, columns: usize, role: Role) {
        let harmless = text::harmless(words, self.look.glyphs);
        let fitted = text::fit_middle(&harmless, columns, self.look.glyphs);
        spans.push(self.look.span(padded(&fitted, columns + 1), role));
    }
}

/// The time of day, in UTC, with milliseconds.
fn of_day(event: &Event) -> String {
    let moment = text::moment(event.timestamp);
    let time = moment.rsplit(' ').next().unwrap_or_default();
    format!("{time}.{:03}Z", event.timestamp.as_millis().rem_euclid(1000))
}

/// Fills words up to that many columns.
fn padded(words: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(text::width(words));
    format!("{words}{}", " ".repeat(gap))
}
