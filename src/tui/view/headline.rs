//! What went wrong, at the top.

use super::chrome::{self, Edge};
use crate::history::MemberId;
use crate::tui::action::Action;
use crate::tui::execution::Execution;
use crate::tui::live::Stage;
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// The most lines the headline wants.
const MOST: usize = 7;

/// The most lines of a fact where there is no room for frames.
const PART: usize = 2;

/// The most lines of a fact in a frame.
const WRAPPED: usize = 3;

/// Columns of the words that tell how to read the rest.
const MORE: usize = 17;

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

/// Returns how many lines it has to say something in where there is no room for frames.
pub(in crate::tui) fn bare_height(execution: &Execution, width: u16) -> u16 {
    let columns = usize::from(width.saturating_sub(4)).max(1);
    let lines = bare_lines(execution, columns, MOST);
    1 + u16::try_from(lines.len()).unwrap_or(0).max(1)
}

/// The line that tells the operands of a failed evaluation, if one failed.
fn operands(execution: &Execution) -> Option<&str> {
    let headline = &execution.headline;
    headline.lines.get(2).filter(|_| headline.telling > 2).map(String::as_str)
}

/// As much of a fact as it is given room for, with a sign when there is more.
fn part(fact: &str, columns: usize) -> Vec<String> {
    let mut lines = text::wrap(fact, columns, PART + 1);
    if lines.len() > PART {
        lines.truncate(PART);
        if let Some(last) = lines.last_mut() {
            *last = format!("{} …", text::head(last.trim_end(), columns.saturating_sub(2)));
        }
    }
    lines
}

/// What stands below the first line where there is no room for frames: the message, the operands, and the fact that tells
/// most. With room for one line only, that is both if they fit, else the fact.
fn bare_lines(execution: &Execution, columns: usize, room: usize) -> Vec<String> {
    let headline = &execution.headline;
    if headline.whereabouts.is_empty() {
        let rest = headline.lines.iter().skip(1);
        return rest.flat_map(|line| text::wrap(line, columns, 3)).collect();
    }
    let told = headline.lines.get(1).filter(|_| headline.cause.is_some()).map_or("", String::as_str);
    let fits = |line: &&String| text::width(line) <= columns;
    let sharp = headline.sharp.iter().find(fits).or(headline.sharp.last());
    if room < 2 {
        let both = [told, sharp.map_or("", String::as_str)].map(str::trim).join(" · ");
        let both = both.trim_start_matches(" · ").trim_end_matches(" · ").to_owned();
        let one = if fits(&&both) { both } else { sharp.cloned().unwrap_or_else(|| told.to_owned()) };
        return vec![one];
    }
    let mut lines = if told.is_empty() { Vec::new() } else { part(told, columns) };
    lines.extend(operands(execution).into_iter().flat_map(|line| part(line, columns)));
    // The whole of the fact where the rest leaves room, its shorter form where that is what fits.
    let whole = headline.sharp.first().map(|sharp| text::wrap(sharp, columns, PART + 1)).unwrap_or_default();
    let short = sharp.map(|sharp| text::wrap(sharp, columns, PART)).unwrap_or_default();
    let sharp = if whole.len() <= PART && lines.len() + whole.len() <= room { whole } else { short };
    lines.truncate(room.saturating_sub(sharp.len()).max(1));
    lines.extend(sharp);
    lines.truncate(room);
    lines
}

pub(super) fn paint(model: &Model, execution: &Execution, buffer: &mut Buffer) {
    let (look, layout) = (&model.look, &model.layout);
    let area = layout.headline;
    if layout.framed {
        let edge = Edge { title: title(execution, look), right: number(execution, look), role: Role::Border };
        let inside = chrome::pane(&edge, look, layout, area, buffer);
        let inside = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
        let whole = paint_lines(execution, look, inside, buffer);
        if !whole {
            more(model, Rect { y: area.bottom() - 1, height: 1, ..inside }, buffer);
        }
    } else {
        paint_bare(model, execution, area, buffer);
    }
}

/// Says, at the end of a line, how to read the rest.
fn more(model: &Model, line: Rect, buffer: &mut Buffer) {
    let key = model.key(Action::Cause);
    if key.is_empty() {
        return;
    }
    let words = model.look.span(format!(" {key} reads it all "), Role::Dim);
    let width = u16::try_from(words.width()).unwrap_or(0);
    buffer.set_span(line.right().saturating_sub(width), line.y, &words, width);
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

/// Paints the lines; tells whether all of them could be.
fn paint_lines(execution: &Execution, look: &Look, area: Rect, buffer: &mut Buffer) -> bool {
    let columns = usize::from(area.width);
    let (mut y, mut cut) = (area.y, false);
    for (place, line) in lines(execution).into_iter().enumerate() {
        let role = if place < execution.headline.telling { Role::Text } else { Role::Dim };
        let parts = text::wrap(&spelled(line, look), columns, WRAPPED + 1);
        cut |= parts.len() > WRAPPED;
        for part in parts.into_iter().take(WRAPPED) {
            if y >= area.bottom() {
                return false;
            }
            let span = look.foreign(part.trim_end(), columns, role);
            buffer.set_span(area.x, y, &span, area.width);
            y += 1;
        }
    }
    !cut
}

/// A line in the signs of the terminal.
pub(super) fn spelled(line: &str, look: &Look) -> String {
    let glyphs = look.glyphs;
    line.replace('▸', glyphs.step).replace('…', glyphs.more).replace('→', glyphs.arrow).replace('·', glyphs.dot)
}

/// The error and where it happened, the message, and the fact that tells most.
fn paint_bare(model: &Model, execution: &Execution, area: Rect, buffer: &mut Buffer) {
    let (look, headline) = (&model.look, &execution.headline);
    let columns = usize::from(area.width.saturating_sub(2));
    let mut first = title(execution, look);
    first.spans.push(look.span(format!("{} ", look.glyphs.dot), Role::Dim));
    let room = columns.saturating_sub(first.width());
    let whole = lines(execution);
    // A single line may go on below; of several each has its own.
    let single = whole.len() == 1;
    let whereabouts = match headline.whereabouts.as_slice() {
        parts @ [_, ..] if !single => fitting(parts, room, look),
        _ => whole.first().map(|line| (*line).to_owned()).unwrap_or_default(),
    };
    let line = spelled(&whereabouts, look);
    let (line, below) = if single { parted(&line, room) } else { (line.as_str(), "") };
    first.spans.push(look.foreign(line, room, Role::Text));
    buffer.set_line(area.x, area.y, &first, area.width);
    let room = usize::from(area.height.saturating_sub(1));
    let columns = columns.saturating_sub(2);
    let mut lines = bare_lines(execution, columns, room);
    if single {
        lines = vec![below.to_owned()];
    }
    for (y, part) in (area.y + 1..area.bottom()).zip(&lines) {
        let span = look.foreign(spelled(part, look).trim_end(), columns, Role::Text);
        buffer.set_span(area.x + 3, y, &span, area.width.saturating_sub(3));
    }
    let last = lines.last().map_or(0, |line| text::width(line.trim_end()));
    let all = headline.lines.iter().skip(1).all(|line| lines.iter().any(|part| part.trim_end() == line.trim_end()));
    if !(all || single) && area.height > 1 && last + MORE <= columns {
        let y = area.y + u16::try_from(lines.len().min(room)).unwrap_or(1);
        more(model, Rect { y, height: 1, ..area }, buffer);
    }
}

/// As much of a line as fits, and the rest.
fn parted(line: &str, room: usize) -> (&str, &str) {
    line.split_at(text::wrap(line, room, 1).first().map_or(0, String::len).min(line.len()))
}

/// As many parts as fit, from the first; of that one the ends when not even it does.
fn fitting(parts: &[String], room: usize, look: &Look) -> String {
    let mut words = String::new();
    for part in parts {
        let longer = if words.is_empty() { part.clone() } else { format!("{words}, {part}") };
        if text::width(&longer) > room && !words.is_empty() {
            break;
        }
        words = longer;
    }
    text::fit_middle(&words, room, look.glyphs).into_owned()
}
