//! The list of recordings to choose from.

use crate::event::Timestamp;
use crate::tui::browser::{Browser, Listing, Summary};
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// ```text
///  header: what the list is of                       12 of 40
///  STATUS  NAME  MACHINE  STARTED  DURATION  FAILING STATE  ERROR
///  rows
///  footer
/// ```
pub(super) fn paint(model: &Model, browser: &Browser, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let header = Rect { height: 1, ..area };
    buffer.set_style(header, look.style(Role::Header));
    let shown = browser.shown().len();
    let all = browser.listings.len();
    let counted = match &browser.filter {
        Some(filter) => format!(" {shown} of {all} with \"{}\" ", filter.text()),
        None => format!(" {all} recordings "),
    };
    let width = usize::from(area.width);
    let title = look.foreign(&browser.title, width.saturating_sub(counted.len() + 14), Role::Header);
    buffer.set_line(area.x, area.y, &Line::from(vec![look.span(" stepback  ", Role::Key), title]), area.width);
    let right = look.foreign(&counted, 40, Role::Header);
    let right_width = u16::try_from(right.width()).unwrap_or(0);
    buffer.set_span(area.right().saturating_sub(right_width), area.y, &right, right_width);
    if let Some(color) = look.style(Role::Header).bg {
        buffer.set_style(header, ratatui::style::Style::new().bg(color));
    }
    let widths = Widths::of(width);
    buffer.set_line(area.x, area.y + 1, &widths.titles(look), area.width);
    let rows = Rect { y: area.y + 2, height: area.height.saturating_sub(3), ..area };
    if shown == 0 {
        let nothing = look.span("  Nothing here holds that text.", Role::Dim);
        buffer.set_span(rows.x, rows.y, &nothing, rows.width);
    }
    let range = browser.scroll.range(shown);
    for (y, (line, listing)) in (rows.y..rows.bottom()).zip(browser.shown().enumerate().skip(range.start)) {
        buffer.set_line(rows.x, y, &widths.line(listing, look), rows.width);
        if line == browser.line() {
            buffer.set_style(Rect { y, height: 1, ..rows }, look.style(Role::Cursor));
        }
    }
}

/// The columns and how wide they are; 0 when there is no room for one.
struct Widths {
    status: usize,
    name: usize,
    machine: usize,
    started: usize,
    duration: usize,
    state: usize,
    error: usize,
}

impl Widths {
    fn of(width: usize) -> Self {
        let started = if width >= 76 { 18 } else { 0 };
        let duration = if width >= 100 { 12 } else { 0 };
        let machine = if width >= 110 { width / 7 } else { 0 };
        let state = if width >= 90 { width / 7 } else { 0 };
        let status = 14;
        let rest = width.saturating_sub(status + started + duration + machine + state);
        let name = rest / 2;
        Self { status, name, machine, started, duration, state, error: rest - name }
    }

    fn titles<'a>(&self, look: &Look) -> Line<'a> {
        let cell = |title: &str, width: usize| look.span(padded(title, width), Role::Dim);
        Line::from(vec![
            cell("  status", self.status),
            cell("name", self.name),
            cell("machine", self.machine),
            cell("started (UTC)", self.started),
            cell("duration", self.duration),
            cell("failing state", self.state),
            cell("error", self.error),
        ])
    }

    fn line<'a>(&self, listing: &Listing, look: &Look) -> Line<'a> {
        match &listing.summary {
            Ok(summary) => self.summary(listing, summary, look),
            Err(problem) => Line::from(vec![
                look.span(padded("  unreadable", self.status + 1), Role::Warning),
                self.cell(&listing.label, self.name.saturating_sub(1), Role::Dim, look),
                look.foreign(problem, usize::MAX / 8, Role::Dim),
            ]),
        }
    }

    fn summary<'a>(&self, listing: &Listing, summary: &Summary, look: &Look) -> Line<'a> {
        let tone = summary.tone();
        let status = format!("{} {}", tone.sign(look.glyphs), tone.word());
        let name = if summary.name.is_empty() { &listing.label } else { &summary.name };
        let started = summary.started.map(day).unwrap_or_default();
        let damaged = if summary.damaged { " (damaged)" } else { "" };
        Line::from(vec![
            self.cell(&format!(" {status}"), self.status, tone.role(), look),
            self.cell(&format!("{name}{damaged}"), self.name, Role::Text, look),
            self.cell(&summary.machine, self.machine, Role::Dim, look),
            self.cell(&started, self.started, Role::Dim, look),
            self.cell(&summary.duration(), self.duration, Role::Dim, look),
            self.cell(&summary.state, self.state, Role::Text, look),
            self.cell(&summary.error, self.error, tone.role(), look),
        ])
    }

    fn cell<'a>(&self, text: &str, width: usize, role: Role, look: &Look) -> Span<'a> {
        let fitted = look.foreign(text, width.saturating_sub(2), role);
        let mut style = fitted.style;
        style.add_modifier.remove(ratatui::style::Modifier::BOLD);
        Span::styled(padded(&fitted.content, width), style)
    }
}

fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(text::width(text));
    if width == 0 { String::new() } else { format!("{text}{}", " ".repeat(gap)) }
}

fn day(time: Timestamp) -> String {
    let iso = text::moment(time);
    iso.get(..16).unwrap_or(&iso).to_owned()
}
