//! What went wrong, at the top.

use super::chrome::{self, Edge};
use crate::history::MemberId;
use crate::tui::execution::Execution;
use crate::tui::layout::Layout;
use crate::tui::live::Stage;
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// The most lines the headline wants.
const MOST: usize = 7;

/// The most lines of operands where there is no room for frames.
const OPERANDS: usize = 2;

/// The lines: what went wrong, which nobody can know before there is an event.
fn lines(execution: &Execution) -> Vec<&str> {
    let is_loading = execution.fetch.as_ref().is_some_and(|fetch| matches!(fetch.stage, Stage::Fetching(_)));
    if is_loading && execution.subject.history(MemberId::ROOT).events().is_empty() {
        return vec!["Its events are being loaded."];
    }
    execution.headline.lines.iter().map(String::as_str).collect()
}

/// Returns how many lines the headline wants at a width.
pub(in crate::tui) fn height(execution: &Execution, width: u16) -> u16 {
    let columns = usize::from(width.saturating_sub(4)).max(1);
    let lines = lines(execution).into_iter().map(|line| text::wrap(line, columns, 3).len());
    u16::try_from(lines.sum::<usize>().clamp(1, MOST)).unwrap_or(1)
}

/// Returns how many lines it has to have where there is no room for frames: two, and those of the operands.
pub(in crate::tui) fn bare_height(execution: &Execution, width: u16) -> u16 {
    let columns = usize::from(width.saturating_sub(4)).max(1);
    let lines = operands(execution).map(|line| text::wrap(line, columns, OPERANDS).len());
    2 + u16::try_from(lines.unwrap_or(0)).unwrap_or(0)
}

/// The line that tells the operands of a failed evaluation, if one failed.
fn operands(execution: &Execution) -> Option<&str> {
    let headline = &execution.headline;
    headline.lines.get(2).filter(|_| headline.telling > 2).map(String::as_str)
}

pub(super) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    let area = layout.headline;
    if layout.framed {
        let edge = Edge { title: title(execution, look), right: number(execution, look), role: Role::Border };
        let inside = chrome::pane(&edge, look, layout, area, buffer);
        let inside = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
        paint_lines(execution, look, inside, buffer);
    } else {
        paint_bare(execution, look, area, buffer);
    }
}

fn title<'a>(execution: &Execution, look: &Look) -> Line<'a> {
    let headline = &execution.headline;
    let sign = headline.tone.sign(look.glyphs);
    Line::from(vec![
        look.span(format!(" {sign} "), headline.tone.role()),
        look.foreign(&headline.title, 80, headline.tone.role()),
        Span::raw(" "),
    ])
}

/// Which of the failures the cursor is on.
fn number<'a>(execution: &Execution, look: &Look) -> Line<'a> {
    let failures = execution.subject.failures(execution.place.member);
    match (failures.number(execution.place.event), failures.all().len()) {
        (_, 0) => Line::default(),
        (Some(number), all) => Line::from(look.span(format!(" failure {number} of {all} "), Role::Dim)),
        (None, 1) => Line::from(look.span(" 1 failure ", Role::Dim)),
        (None, all) => Line::from(look.span(format!(" {all} failures "), Role::Dim)),
    }
}

fn paint_lines(execution: &Execution, look: &Look, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let mut y = area.y;
    for (place, line) in lines(execution).into_iter().enumerate() {
        let role = if place < execution.headline.telling { Role::Text } else { Role::Dim };
        for part in text::wrap(&spelled(line, look), columns, 3) {
            if y >= area.bottom() {
                return;
            }
            let span = look.foreign(part.trim_end(), columns, role);
            buffer.set_span(area.x, y, &span, area.width);
            y += 1;
        }
    }
}

/// A line in the signs of the terminal.
fn spelled(line: &str, look: &Look) -> String {
    let glyphs = look.glyphs;
    line.replace('▸', glyphs.step).replace('→', glyphs.arrow).replace('·', glyphs.dot)
}

/// The error and where it happened, the cause, and the operands of a failed evaluation.
fn paint_bare(execution: &Execution, look: &Look, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width.saturating_sub(2));
    let mut first = title(execution, look);
    first.spans.push(look.span(format!("{} ", look.glyphs.dot), Role::Dim));
    let mut lines = lines(execution).into_iter().map(|line| spelled(line, look));
    let room = columns.saturating_sub(first.width());
    let line = lines.next().unwrap_or_default();
    let next = lines.next();
    // A single line may go on below; of several each has its own.
    let (line, below) = match &next {
        Some(next) => (line.as_str(), next.as_str()),
        None => line.split_at(text::wrap(&line, room, 1).first().map_or(0, String::len)),
    };
    first.spans.push(look.foreign(line, room, Role::Text));
    buffer.set_line(area.x, area.y, &first, area.width);
    if area.height > 1 {
        let span = look.foreign(below, columns.saturating_sub(2), Role::Text);
        buffer.set_span(area.x + 3, area.y + 1, &span, area.width.saturating_sub(3));
    }
    let operands = operands(execution).map(|line| spelled(line, look)).unwrap_or_default();
    let below = text::wrap(&operands, columns.saturating_sub(2), OPERANDS);
    for (y, part) in (area.y + 2..area.bottom()).zip(below) {
        let span = look.foreign(part.trim_end(), columns.saturating_sub(2), Role::Text);
        buffer.set_span(area.x + 3, y, &span, area.width.saturating_sub(3));
    }
}
