//! The data at the cursor: foldable rows, the path of the selected one, sizes.

use super::chrome::{self, Edge, edge_role};
use crate::analysis::limits::MAX_PAYLOAD;
use crate::json::rows::{Kind, Label, Needle, Outline};
use crate::tui::execution::Execution;
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::pane::{DataTab, Pane};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use std::collections::HashMap;

/// The widest column of names, so that values stay in sight.
const WIDEST_NAME: usize = 28;

/// How many siblings are looked at to find the width of their names.
const SIBLINGS: usize = 60;

pub(super) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    if layout.data.is_empty() {
        return;
    }
    let data = &execution.data;
    let focused = execution.focus == Pane::Data;
    let edge = Edge { title: tabs(layout, data.tab, look), right: size(execution, look), role: edge_role(focused) };
    let area = chrome::pane(&edge, look, layout, layout.data, buffer);
    if data.is_empty() {
        let width = usize::from(area.width.saturating_sub(3));
        for (y, line) in (area.y..area.bottom()).zip(text::wrap(&data.nothing, width, 8)) {
            let line = look.foreign(line.trim_end(), width, Role::Dim);
            buffer.set_span(area.x + 2, y, &line, area.width.saturating_sub(2));
        }
        return;
    }
    let footer = u16::try_from(super::data_footer(layout)).unwrap_or(0);
    let body = Rect { height: area.height.saturating_sub(footer), ..area };
    if let Some(sheet) = &data.sheet {
        super::sheet::paint(execution, sheet, look, body, buffer);
        if footer > 0 {
            let line = super::sheet::footer(execution, sheet, look, area.width.into());
            buffer.set_line(area.x, area.bottom() - 1, &line, area.width);
        }
        return;
    }
    paint_rows(execution, look, focused, body, buffer);
    if footer > 0 {
        let line = path(execution, look, area.width.into());
        buffer.set_line(area.x, area.bottom() - 1, &line, area.width);
    }
}

fn paint_rows(execution: &Execution, look: &Look, focused: bool, area: Rect, buffer: &mut Buffer) {
    let data = &execution.data;
    let needle = execution.search.as_ref().filter(|(pane, _)| *pane == Pane::Data).map(|(_, needle)| needle);
    let mut painter = Painter { execution, look, needle, width: area.width.into(), names: HashMap::new() };
    let range = data.scroll.range(data.folds.visible().len());
    let cursor = data.line();
    for (y, line) in (area.y..area.bottom()).zip(range) {
        let Some(row) = data.folds.row(line) else { break };
        let painted = painter.line(row);
        buffer.set_line(area.x, y, &painted, area.width);
        if line == cursor {
            chrome::cursor(Rect { y, height: 1, ..area }, focused, look, buffer);
        }
    }
}

/// ` input │ output │ variables │ event │ flow │ explain │ definition `
fn tabs<'a>(layout: &Layout, shown: DataTab, look: &Look) -> Line<'a> {
    let strip = Strip::new(layout, shown);
    let margin = " ".repeat((strip.between - 1) / 2);
    let mut spans = vec![Span::raw(" ")];
    for (place, tab) in DataTab::ALL.into_iter().enumerate() {
        if place > 0 {
            spans.push(look.span(format!("{margin}{}{margin}", look.glyphs.bar), Role::Border));
        }
        let mut span = look.span(strip.title(tab), if tab == shown { Role::Title } else { Role::Dim });
        if tab == shown {
            span.style = span.style.add_modifier(Modifier::UNDERLINED);
        }
        spans.push(span);
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// Columns beside the titles that are left to the size.
const SIZE: usize = 26;

/// The titles of the views: where there is little room only the shown one in full, nothing around the bars, and no keys.
#[derive(Clone, Copy)]
struct Strip {
    shown: DataTab,
    full: bool,
    /// Whether the key of each view stands before its title.
    numbered: bool,
    /// Columns between two titles.
    between: usize,
}

impl Strip {
    fn new(layout: &Layout, shown: DataTab) -> Self {
        let room = usize::from(layout.data.width).saturating_sub(SIZE);
        let full = Self { shown, full: true, numbered: layout.numbered, between: 3 };
        let short = Self { full: false, ..full };
        let tight = Self { between: 1, ..short };
        let ways = [full, short, tight, Self { numbered: false, ..tight }];
        ways.into_iter().find(|way| way.width() <= room).unwrap_or(Self { numbered: false, ..tight })
    }

    fn title(&self, tab: DataTab) -> String {
        let title = if self.full || tab == self.shown { tab.title() } else { tab.short_title() };
        let number = DataTab::ALL.iter().position(|it| *it == tab).filter(|_| self.numbered);
        number.map_or_else(|| title.to_owned(), |number| format!("{} {title}", number + 1))
    }

    fn width(&self) -> usize {
        DataTab::ALL.iter().map(|tab| self.title(*tab).len() + self.between).sum()
    }
}

/// Returns the tab whose title stands in a column.
pub(in crate::tui) fn tab_at(layout: &Layout, shown: DataTab, column: u16) -> Option<DataTab> {
    let strip = Strip::new(layout, shown);
    let mut left = usize::from(layout.data.x) + 3;
    for tab in DataTab::ALL {
        let right = left + strip.title(tab).len();
        if (left..right).contains(&column.into()) {
            return Some(tab);
        }
        left = right + strip.between;
    }
    None
}

/// `1.2 KiB of 256 KiB`, as a warning when it is nearly all.
fn size<'a>(execution: &Execution, look: &Look) -> Line<'a> {
    let Some(size) = execution.data.size else { return Line::default() };
    let role = if size * 10 > MAX_PAYLOAD * 9 { Role::Warning } else { Role::Dim };
    Line::from(look.span(format!(" {} of {} ", text::size(size), text::size(MAX_PAYLOAD)), role))
}

/// Where the selected row stands, and the matches of a search.
fn path<'a>(execution: &Execution, look: &Look, width: usize) -> Line<'a> {
    let data = &execution.data;
    let row = data.selected();
    let (name, _) = data.rows.steps(row);
    let mut right = String::new();
    if !data.matches.is_empty() {
        let at = data.matches.binary_search(&u32::try_from(row).unwrap_or(u32::MAX));
        let all = data.matches.len();
        right = at.map_or_else(|_| format!(" {all} matches "), |at| format!(" match {} of {all} ", at + 1));
    }
    if right.is_empty() && data.named == Some(row) {
        right.push_str(" quoted in the cause ");
    }
    let name = look.foreign(name, 24, Role::Dim);
    let room = width.saturating_sub(name.width() + right.len() + 4);
    let path = text::harmless(&data.rows.json_path(row), look.glyphs).into_owned();
    let path = look.span(text::fit_middle(&path, room, look.glyphs).into_owned(), Role::JsonKey);
    let gap = width.saturating_sub(name.width() + path.width() + right.len() + 4);
    Line::from(vec![
        Span::raw(" "),
        name,
        Span::raw("  "),
        path,
        Span::raw(" ".repeat(gap)),
        look.span(right, Role::Warning),
    ])
}

struct Painter<'a> {
    execution: &'a Execution,
    look: &'a Look,
    needle: Option<&'a Needle>,
    width: usize,
    names: HashMap<Option<usize>, usize>,
}

impl Painter<'_> {
    fn line(&mut self, index: usize) -> Line<'static> {
        let rows = &self.execution.data.rows;
        let Some(row) = rows.get(index).copied() else { return Line::default() };
        let deepest = self.width / 4;
        let indent = (usize::from(row.depth) * 2).min(deepest);
        let foldable = rows.is_foldable(index);
        let closed = self.execution.data.folds.is_closed(index);
        let fold = match (foldable, closed) {
            (false, _) => "  ".to_owned(),
            (true, true) => format!("{} ", self.look.glyphs.closed),
            (true, false) => format!("{} ", self.look.glyphs.open),
        };
        let mut spans = vec![Span::raw(" ".repeat(indent + 1)), self.look.span(fold, Role::Dim)];
        spans.extend(self.label(index, foldable));
        let taken: usize = spans.iter().map(Span::width).sum();
        spans.extend(self.value(index, closed, self.width.saturating_sub(taken + 1)));
        if index == self.execution.data.selected() {
            let taken: usize = spans.iter().map(Span::width).sum();
            spans.extend(self.hint(taken));
        }
        Line::from(spans)
    }

    /// Who made the value, at the right edge; nothing where there is no room beside the value.
    fn hint(&self, taken: usize) -> Option<Span<'static>> {
        let words = format!("{} {}", self.look.glyphs.from, self.execution.data.hint()?);
        let hint = self.look.foreign(&words, self.width, Role::Dim).content;
        let gap = self.width.checked_sub(taken + text::width(&hint) + 1).filter(|gap| *gap >= 2)?;
        Some(self.look.span(format!("{}{hint}", " ".repeat(gap)), Role::Dim))
    }

    /// The name, as wide as those beside it, so that values stand in a column.
    fn label(&mut self, index: usize, foldable: bool) -> Vec<Span<'static>> {
        let rows = &self.execution.data.rows;
        let (name, role) = match rows.label(index) {
            Label::Name(name) => (name.to_owned(), Role::Title),
            Label::Key(key) => (text::harmless(&key, self.look.glyphs).into_owned(), Role::JsonKey),
            Label::Index(index) => (index.to_string(), Role::Dim),
            Label::Nothing => return Vec::new(),
        };
        let longest = WIDEST_NAME.min(self.width / 2).max(8);
        let fitted = text::fit(&name, longest, self.look.glyphs).into_owned();
        let pad = if foldable { 2 } else { self.names(index).min(longest).saturating_sub(text::width(&fitted)) + 2 };
        let mut spans = self.marked(fitted, role);
        spans.push(Span::raw(" ".repeat(pad)));
        spans
    }

    /// Returns the width of the widest name among the plain values beside a row.
    fn names(&mut self, index: usize) -> usize {
        let rows = &self.execution.data.rows;
        let parent = rows.parent(index);
        *self.names.entry(parent).or_insert_with(|| {
            let first = parent.map_or(0, |parent| parent + 1);
            let end = parent.map_or(rows.len(), |parent| rows.end(parent));
            let siblings = std::iter::successors(Some(first), |row| Some(rows.end(*row)));
            let plain = siblings.take_while(|row| *row < end).take(SIBLINGS).filter(|row| !rows.is_foldable(*row));
            let width = |row: usize| match rows.label(row) {
                Label::Name(name) => text::width(name),
                Label::Key(key) => text::width(&key),
                Label::Index(index) => index.to_string().len(),
                Label::Nothing => 0,
            };
            plain.map(width).max().unwrap_or(0)
        })
    }

    fn value(&self, index: usize, closed: bool, room: usize) -> Vec<Span<'static>> {
        let rows = &self.execution.data.rows;
        let Some(row) = rows.get(index) else { return Vec::new() };
        let look = self.look;
        let bytes = text::size(rows.size(index));
        let dot = look.glyphs.dot;
        match row.kind {
            Kind::Object if row.count == 0 => vec![look.span("{}", Role::Dim)],
            Kind::Array if row.count == 0 => vec![look.span("[]", Role::Dim)],
            Kind::Object | Kind::Array => {
                let (one, many) = if row.kind == Kind::Array { ("item", "items") } else { ("member", "members") };
                let inside = text::counted(row.count as usize, one, many);
                let large = rows.size(index) >= 1024 || closed;
                let about = if large { format!("{inside} {dot} {bytes}") } else { String::new() };
                vec![look.foreign(&about, room, Role::Dim)]
            }
            Kind::Encoded { times, .. } => {
                let again = if times > 1 { format!(" {}{times}", look.glyphs.times) } else { String::new() };
                vec![look.foreign(&format!("decoded{again} {dot} {bytes}"), room, Role::Dim)]
            }
            Kind::Lines => vec![look.foreign(&text::counted(row.count as usize, "line", "lines"), room, Role::Dim)],
            Kind::NoJson => {
                let problem = rows.problem(index).map_or_else(|| "too long".to_owned(), ToString::to_string);
                vec![look.foreign(&problem, room, Role::Warning)]
            }
            Kind::Cut => vec![look.foreign("too many rows to show; the rest is left out", room, Role::Warning)],
            Kind::String => self.string(index, room),
            Kind::Line => {
                self.marked(look.foreign(&rows.value(index), room, Role::Text).content.into_owned(), Role::Text)
            }
            Kind::Number => {
                self.marked(text::fit(&rows.value(index), room, look.glyphs).into_owned(), Role::JsonNumber)
            }
            Kind::Bool | Kind::Null => self.marked(rows.value(index).into_owned(), Role::JsonWord),
        }
    }

    fn string(&self, index: usize, room: usize) -> Vec<Span<'static>> {
        let value = self.execution.data.rows.value(index);
        let shown = self.look.foreign(&value, room.saturating_sub(2), Role::JsonString).content;
        self.marked(format!("\"{shown}\""), Role::JsonString)
    }

    /// The text with what is looked for marked in it.
    fn marked(&self, text: String, role: Role) -> Vec<Span<'static>> {
        let Some(range) = self.needle.and_then(|needle| needle.find(&text)) else {
            return vec![self.look.span(text, role)];
        };
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("").to_owned();
        vec![
            self.look.span(part(0..range.start), role),
            self.look.span(part(range.clone()), Role::Match),
            self.look.span(part(range.end..text.len()), role),
        ]
    }
}
