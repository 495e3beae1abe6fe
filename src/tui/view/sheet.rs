//! Answers and the definition in the data pane: words with signs, or lines with numbers.

use super::chrome;
use crate::json::rows::{Needle, Outline};
use crate::report::Mark;
use crate::tui::execution::Execution;
use crate::tui::look::Look;
use crate::tui::pane::Pane;
use crate::tui::sheet::{Front, Row, Sheet};
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// ```text
///  ▾ ✔ afterParameters      as recorded at 44  +1 ~2  Parameters, line 115
///      + orderId  "MH-2026-118432"
///  115 ┃ "Parameters": {
/// ```
pub(super) fn paint(execution: &Execution, sheet: &Sheet, look: &Look, area: Rect, buffer: &mut Buffer) {
    let data = &execution.data;
    let focused = execution.focus == Pane::Data;
    let needle = execution.search.as_ref().filter(|(pane, _)| *pane == Pane::Data).map(|(_, needle)| needle);
    let painter = Painter { execution, sheet, look, needle, gutter: sheet.gutter(), width: area.width.into() };
    let range = data.scroll.range(data.folds.visible().len());
    for (y, line) in (area.y..area.bottom()).zip(range) {
        let Some(at) = data.folds.row(line) else { break };
        let Some(row) = sheet.row(at) else { break };
        buffer.set_line(area.x, y, &painter.line(at, row), area.width);
        if line == data.line() {
            chrome::cursor(Rect { y, height: 1, ..area }, focused, look, buffer);
        }
    }
}

/// What the selected row says when it is cut, and the matches of a search.
pub(super) fn footer<'a>(execution: &Execution, sheet: &Sheet, look: &Look, width: usize) -> Line<'a> {
    let data = &execution.data;
    let row = data.selected();
    let mut right = String::new();
    if !data.matches.is_empty() {
        let at = data.matches.binary_search(&u32::try_from(row).unwrap_or(u32::MAX));
        let all = data.matches.len();
        right = at.map_or_else(|_| format!(" {all} matches "), |at| format!(" match {} of {all} ", at + 1));
    }
    let said = sheet.row(row).map(Row::text).unwrap_or_default();
    let room = width.saturating_sub(right.len() + 2);
    let said = look.foreign(said.trim(), room, Role::Dim);
    let gap = width.saturating_sub(said.width() + right.len() + 2);
    Line::from(vec![Span::raw(" "), said, Span::raw(" ".repeat(gap)), look.span(right, Role::Warning)])
}

/// An answer outside of the data pane: nothing in it folds.
pub(super) fn entry(row: &Row, look: &Look, width: usize) -> Line<'static> {
    let Front::Mark(mark) = row.front else { return Line::default() };
    let (role, sign) = signed(mark, look);
    let mut spans = vec![Span::raw("  ".repeat(row.depth.into())), look.span(format!("{sign} "), role)];
    for (place, (role, word)) in row.words.iter().enumerate() {
        spans.push(Span::raw(if place > 0 { "  " } else { "" }));
        let used: usize = spans.iter().map(Span::width).sum();
        spans.push(look.foreign(&spelled(word, look), width.saturating_sub(used), *role));
    }
    Line::from(spans)
}

fn signed(mark: Mark, look: &Look) -> (Role, &'static str) {
    let glyphs = look.glyphs;
    match mark {
        Mark::None => (Role::Text, " "),
        Mark::Good => (Role::Succeeded, glyphs.succeeded),
        Mark::Bad => (Role::Failed, glyphs.failed),
        Mark::Caught => (Role::Caught, glyphs.caught),
        Mark::Neutral => (Role::Dim, glyphs.neutral),
        Mark::Added => (Role::Added, "+"),
        Mark::Removed => (Role::Removed, "-"),
        Mark::Changed => (Role::Warning, "~"),
    }
}

/// Our own signs in the signs the terminal has; tabs as spaces.
fn spelled(word: &str, look: &Look) -> String {
    let word = word.replace('\t', "    ");
    match look.glyphs.is_ascii() {
        true => word.replace('→', "->").replace('…', "..."),
        false => word,
    }
}

struct Painter<'a> {
    execution: &'a Execution,
    sheet: &'a Sheet,
    look: &'a Look,
    needle: Option<&'a Needle>,
    gutter: usize,
    width: usize,
}

impl Painter<'_> {
    fn line(&self, at: usize, row: &Row) -> Line<'static> {
        let (mut spans, gap) = match row.front {
            Front::Mark(mark) => (self.sign(at, row, mark), 2),
            Front::Line(number) => (self.number(number), 0),
            Front::Remark => (self.remark(), 0),
        };
        for (place, (role, word)) in row.words.iter().enumerate() {
            let used: usize = spans.iter().map(Span::width).sum();
            let between = if place > 0 { gap } else { 0 };
            let room = self.width.saturating_sub(used + between + 1);
            if room == 0 {
                break;
            }
            spans.push(Span::raw(" ".repeat(between)));
            spans.extend(self.word(word, room, *role));
        }
        Line::from(spans)
    }

    fn sign(&self, at: usize, row: &Row, mark: Mark) -> Vec<Span<'static>> {
        let glyphs = self.look.glyphs;
        let (role, sign) = signed(mark, self.look);
        let fold = match (self.sheet.is_foldable(at), self.execution.data.folds.is_closed(at)) {
            (false, _) => " ",
            (true, true) => glyphs.closed,
            (true, false) => glyphs.open,
        };
        let indent = (usize::from(row.depth) * 2).min(self.width / 4);
        vec![
            Span::raw(" ".repeat(indent + 1)),
            self.look.span(format!("{fold} "), Role::Dim),
            self.look.span(format!("{sign} "), role),
        ]
    }

    fn number(&self, number: u32) -> Vec<Span<'static>> {
        let here = self.execution.data.here.contains(&number);
        let (role, bar) = match here {
            true => (Role::Title, self.look.span(self.look.glyphs.playhead, Role::Focus)),
            false => (Role::Unreached, self.look.span(self.look.glyphs.bar, Role::Border)),
        };
        let number = self.look.span(format!(" {number:>width$} ", width = self.gutter), role);
        vec![number, bar, Span::raw(" ")]
    }

    fn remark(&self) -> Vec<Span<'static>> {
        let sign = format!(" {:>width$} {} ", self.look.glyphs.arrow, self.look.glyphs.bar, width = self.gutter);
        vec![self.look.span(sign, Role::Warning)]
    }

    /// A word with what is looked for marked in it.
    fn word(&self, word: &str, room: usize, role: Role) -> Vec<Span<'static>> {
        let shown = self.look.foreign(&spelled(word, self.look), room, role).content.into_owned();
        let Some(range) = self.needle.and_then(|needle| needle.find(&shown)) else {
            return vec![self.look.span(shown, role)];
        };
        let part = |range: std::ops::Range<usize>| shown.get(range).unwrap_or("").to_owned();
        vec![
            self.look.span(part(0..range.start), role),
            self.look.span(part(range.clone()), Role::Match),
            self.look.span(part(range.end..shown.len()), role),
        ]
    }
}
