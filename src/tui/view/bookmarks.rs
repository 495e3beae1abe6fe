//! Bookmarks over the screen: the list of them, and the note of one being typed; and their signs in the panes.

use super::live::{paint_box, typing, wrapped};
use super::overlay::{box_width, framed, inside_height};
use crate::analysis::Marked;
use crate::event::EventId;
use crate::report;
use crate::tui::action::Action;
use crate::tui::bookmarks::Noting;
use crate::tui::execution::Execution;
use crate::tui::look::Look;
use crate::tui::model::Model;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// Columns of the number of an event.
const EVENT: usize = 8;

/// Lines below the list: a rule, the place and the note in full, where it is written.
const BELOW: u16 = 6;

/// Returns the sign of a bookmark and its letter: `⚑a`.
pub(super) fn sign(marked: &Marked, look: &Look) -> String {
    let letter = marked.bookmark.letter.map(|letter| letter.to_string()).unwrap_or_default();
    format!("{}{letter}", look.glyphs.bookmark)
}

/// Returns the signs of the bookmarks of the execution on the screen by their events; several at one event as one.
pub(in crate::tui) fn gutter(execution: &Execution, look: &Look) -> Vec<(EventId, String)> {
    let mut signs: Vec<(EventId, String)> = Vec::new();
    for (event, marked) in execution.bookmarks.of_member(execution.place.member) {
        match (signs.iter_mut().find(|(there, _)| *there == event), marked.bookmark.letter) {
            (Some((_, sign)), Some(letter)) => sign.push(letter.get()),
            (Some(_), None) => {}
            (None, _) => signs.push((event, sign(marked, look))),
        }
    }
    signs
}

/// Flags a column of a line or, where a failure or the cursor stands there already, one beside it.
pub(super) fn plant((x, y): (u16, u16), columns: Range<u16>, look: &Look, buffer: &mut Buffer) {
    let taken = [look.glyphs.failed, look.glyphs.times, look.glyphs.playhead];
    let is_free = |x: &u16| {
        let cell = buffer.cell((*x, y));
        columns.contains(x) && cell.is_some_and(|cell| !taken.contains(&cell.symbol()))
    };
    if let Some(x) = [x, x + 1, x.saturating_sub(1)].into_iter().find(is_free) {
        buffer.set_stringn(x, y, look.glyphs.bookmark, 1, look.style(Role::Focus));
    }
}

/// Where a bookmark is, in words, with the signs of the look.
fn place(marked: &Marked, look: &Look) -> String {
    report::bookmark_words(marked).replace('▸', look.glyphs.step)
}

/// ```text
/// ╭ bookmarks ─────────────────────────────────────────────╮
/// │ ⚑a      46  ChargeCard ▸ attempt 3 of 3  The acquirer… │
/// │ ⚑       12  Price                                      │
/// │ ────────────────────────────────────────────────────── │
/// │ ChargeCard ▸ attempt 3 of 3                            │
/// │ The acquirer answers at last: insufficient funds.      │
/// │ Written in run.sfn.json.                               │
/// ╰────────────────────────────────────────────────────────╯
/// ```
pub(super) fn paint_list(model: &Model, selected: usize, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let Some(execution) = model.execution() else { return };
    let all = execution.bookmarks.all();
    let lines = u16::try_from(all.len().max(1)).unwrap_or(u16::MAX);
    let height = lines.saturating_add(BELOW + 2).min(inside_height(area.height) + 2);
    let width = box_width(area.width);
    let frame = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + area.height.saturating_sub(height + 1) / 2,
        width,
        height,
    };
    let inside = framed("bookmarks", look, frame, buffer);
    let columns = usize::from(inside.width);
    let rows = inside.height.saturating_sub(BELOW);
    let top = (selected + 1).saturating_sub(rows.into());
    for (y, (at, marked)) in (inside.y..inside.y + rows).zip(all.iter().enumerate().skip(top)) {
        buffer.set_line(inside.x, y, &row(marked, look, columns), inside.width);
        if at == selected {
            buffer.set_style(Rect { y, height: 1, ..inside }, look.style(Role::Cursor));
        }
    }
    let below = Rect { y: inside.y + rows, height: inside.height.saturating_sub(rows), ..inside };
    let rule = look.span(look.glyphs.line.repeat(columns), Role::Border);
    buffer.set_span(below.x, below.y, &rule, below.width);
    let standing = Line::from(look.foreign(&execution.bookmarks.standing(), columns, Role::Dim));
    let told = match all.get(selected) {
        Some(marked) => {
            let note = marked.bookmark.note.as_deref().unwrap_or("");
            let notes = text::wrap(note, columns, usize::from(BELOW) - 3);
            let notes = notes.into_iter().map(|line| Line::from(look.foreign(line.trim_end(), columns, Role::Text)));
            let place = Line::from(look.foreign(&place(marked, look), columns, Role::Title));
            [place].into_iter().chain(notes).collect()
        }
        None => {
            let key = model.keymap.keys(Action::SetBookmark).join(" ");
            let words = format!("There are none here yet. {key} sets one at the cursor.");
            wrapped(&words, look.glyphs.dot, Role::Text, look, columns)
        }
    };
    let last = below.bottom().saturating_sub(1);
    for (y, line) in (below.y + 1..last).zip(&told) {
        buffer.set_line(below.x, y, line, below.width);
    }
    buffer.set_line(below.x, last, &standing, below.width);
}

fn row<'a>(marked: &Marked, look: &Look, columns: usize) -> Line<'a> {
    let event = marked.bookmark.event.map(|event| event.to_string()).unwrap_or_default();
    let sign = look.span(format!("{:<3}", sign(marked, look)), Role::Focus);
    let event = look.span(format!("{event:>EVENT$}  "), Role::Dim);
    let note = marked.bookmark.note.as_deref().unwrap_or("");
    let room = columns.saturating_sub(sign.width() + event.width());
    let most = if note.is_empty() { room } else { room / 2 };
    let place = text::harmless(&place(marked, look), look.glyphs).into_owned();
    let place = look.span(text::fit_middle(&place, most, look.glyphs).into_owned(), Role::Text);
    let left = room.saturating_sub(place.width() + 2);
    let note = look.foreign(note, left, Role::Dim);
    Line::from(vec![sign, event, place, Span::raw("  "), note])
}

/// ```text
/// ╭ bookmark a ──────────────────────────────╮
/// │ event 46, ChargeCard ▸ attempt 3 of 3    │
/// │ Note, if any: the bank answers 402┃      │
/// ╰──────────────────────────────────────────╯
/// ```
pub(super) fn paint_note(model: &Model, noting: &Noting, area: Rect, buffer: &mut Buffer) {
    let look = &model.look;
    let width = area.width.saturating_sub(4).min(90);
    let columns = usize::from(width.saturating_sub(4));
    let signed = |words: &str| words.replace('▸', look.glyphs.step);
    let mut lines = wrapped(&signed(&noting.place), look.glyphs.bookmark, Role::Text, look, columns);
    if let Some(moved) = &noting.moved {
        let words = format!(
            "The letter is taken: {}. Saving moves it here; {} keeps it there.",
            signed(moved),
            model.key(Action::Cancel)
        );
        lines.extend(wrapped(&words, look.glyphs.caught, Role::Warning, look, columns));
    }
    lines.push(typing("Note, if any:", &noting.line.0, look, columns));
    let title = match noting.bookmark.letter {
        Some(letter) => format!("bookmark {letter}"),
        None => "bookmark".to_owned(),
    };
    paint_box(&title, &lines, width, look, area, buffer);
}
