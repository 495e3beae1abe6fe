//! The items of a Map, put together by how they went.
//!
//! ```text
//! ─ items of ImportFiles ───────────────────────── 3 of 200 had failures ─
//!  200 items: 1 failed, 2 caught, 143 succeeded, 39 aborted, 15 never started
//!  ▾ ↷ 2   ParseFile  caught UnsupportedCurrency     ▌        [23]…[117]  01:30:01
//!        drop/<n>-<n>-<n>/tanuma-<n>.csv: header v1 names currency JPY
//!      ~ both have $.file.currency = "JPY", and none of 143 that succeeded
//!      ▾ item        took  tries  file.currency  input
//!        ↷ [23]    121 ms      1  "JPY"          {"position":23,"file":{"key":…
//!  ▸ ✔ 143 succeeded                                 ████████  [0]…[160]  01:30:00
//! ```

use super::chrome::{self, Edge};
use crate::analysis::fleet::Group;
use crate::json::rows::Needle;
use crate::report;
use crate::tui::items::{Items, MISSING, Row, Says, name};
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// Columns a duration takes.
const TOOK: usize = 10;
/// Columns a number of attempts takes.
const TRIES: usize = 5;
/// Columns the first and the last item of a group take at most.
const ENDS: usize = 15;
/// Columns a time of day takes.
const CLOCK: usize = 8;

/// Returns where the rows are: below the sentence that counts the items.
pub(in crate::tui) fn body(layout: &Layout) -> Rect {
    let inside = layout.inside(layout.middle);
    let head = inside.height.min(1);
    Rect { y: inside.y + head, height: inside.height - head, ..inside }
}

pub(super) fn paint(items: &Items, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    Clear.render(layout.middle, buffer);
    buffer.set_style(layout.middle, look.style(Role::Text));
    let survey = &items.survey;
    let run = if survey.runs > 1 { format!(", run {0} of {0}", survey.runs) } else { String::new() };
    let mut title = look.foreign(&format!("items of {}{run}", survey.map), layout.middle.width.into(), Role::Title);
    title.content = format!(" {} ", title.content).into();
    let total = usize::try_from(survey.total()).unwrap_or(usize::MAX);
    let right = format!(" {} of {} failed ", text::count(survey.fleet.failed), text::count(total));
    let right = Line::from(look.span(right, Role::Dim));
    let edge = Edge { title: Line::from(title), right, role: Role::Focus };
    let inside = chrome::pane(&edge, look, layout, layout.middle, buffer);
    let counts = look.foreign(&report::survey_words(survey), usize::from(inside.width).saturating_sub(2), Role::Dim);
    buffer.set_span(inside.x + 1, inside.y, &counts, inside.width.saturating_sub(2));
    let area = body(layout);
    let (marked, needle) = (items.marked(), items.search.as_ref());
    let mut painter = Painter { items, look, marked, needle, width: area.width.into(), ends: 0, counts: 0 };
    let groups = || survey.groups.iter();
    painter.ends = groups().map(|group| text::width(&painter.ends(group))).max().unwrap_or(0);
    painter.counts = groups().map(|group| text::count(group.items.len()).len()).max().unwrap_or(0);
    let range = items.scroll.range(items.folds().visible().len());
    for (y, line) in (area.y..area.bottom()).zip(range) {
        let Some(at) = items.folds().row(line) else { break };
        let Some(row) = items.row(at) else { break };
        buffer.set_line(area.x, y, &painter.line(at, row), area.width);
        if line == items.line() {
            chrome::cursor(Rect { y, height: 1, ..area }, true, look, buffer);
        }
    }
}

struct Painter<'a> {
    items: &'a Items,
    look: &'a Look,
    marked: Option<usize>,
    needle: Option<&'a Needle>,
    width: usize,
    /// The columns the first and the last item of any group take.
    ends: usize,
    /// The columns the number of items of any group takes.
    counts: usize,
}

impl Painter<'_> {
    fn line(&self, at: usize, row: &Row) -> Line<'static> {
        let spans = match &row.says {
            Says::Group(group) => self.group(at, *group),
            Says::Told(words) => self.words(row, Some("~"), words, Role::Warning),
            Says::Plain(words) => self.words(row, None, words, Role::Text),
            Says::Head(group) => self.head(at, *group),
            Says::Item(group, item) => self.item(*group, *item),
        };
        Line::from(self.marked(spans))
    }

    fn words(&self, row: &Row, sign: Option<&'static str>, words: &str, role: Role) -> Vec<Span<'static>> {
        let margin = 1 + usize::from(row.depth) * 4;
        let lead = format!("{}{} ", " ".repeat(margin), sign.unwrap_or(" "));
        let room = self.width.saturating_sub(margin + 3);
        vec![self.look.span(lead, role), self.look.foreign(words, room, role)]
    }

    fn fold(&self, at: usize) -> &'static str {
        match (self.items.is_foldable(at), self.items.folds().is_closed(at)) {
            (false, _) => " ",
            (true, true) => self.look.glyphs.closed,
            (true, false) => self.look.glyphs.open,
        }
    }

    /// `▾ ✖ 2  ParseFile  UnsupportedCurrency      ██▌  [23]…[117]  01:30:01`
    fn group(&self, at: usize, group: usize) -> Vec<Span<'static>> {
        let Some(group) = self.items.survey.groups.get(group) else { return Vec::new() };
        let tone = group.status;
        let bar = (self.width / 8).clamp(8, 40);
        let right = bar + 2 + self.ends + 2 + CLOCK + 1;
        let room = self.width.saturating_sub(right + 1);
        let count = text::count(group.items.len());
        let mut spans = vec![
            self.look.span(format!(" {} ", self.fold(at)), Role::Dim),
            self.look.span(format!("{} {count:>1$} ", tone.sign(self.look.glyphs), self.counts), tone.role()),
        ];
        let used: usize = spans.iter().map(Span::width).sum();
        let role = if group.cluster.is_some() { Role::Title } else { Role::Text };
        spans.push(self.look.foreign(&name(&self.items.survey, group), room.saturating_sub(used + 1), role));
        self.pad(&mut spans, room);
        spans.push(self.bar(group, bar));
        spans.push(Span::raw("  "));
        spans.push(self.look.foreign(&self.ends(group), ENDS, Role::Text));
        self.pad(&mut spans, room + bar + 2 + self.ends + 2);
        let clock = group.first.map(text::moment).unwrap_or_default();
        spans.push(self.look.span(clock.get(11..).unwrap_or_default().to_owned(), Role::Dim));
        spans
    }

    /// The first and the last item.
    fn ends(&self, group: &Group) -> String {
        let label = |at: Option<&usize>| at.and_then(|at| self.items.get(*at)).map(|(item, _)| item.label.as_str());
        match (label(group.items.first()), label(group.items.last())) {
            (Some(first), Some(last)) if first != last && text::width(first) + text::width(last) < ENDS => {
                format!("{first}{}{last}", self.look.glyphs.more)
            }
            (Some(first), _) => text::fit_middle(first, ENDS, self.look.glyphs).into_owned(),
            _ => String::new(),
        }
    }

    /// The part of all items, never nothing.
    fn bar(&self, group: &Group, columns: usize) -> Span<'static> {
        let total = usize::try_from(self.items.survey.total()).unwrap_or(usize::MAX).max(1);
        let halves = (group.items.len().saturating_mul(columns * 2) / total).clamp(1, columns * 2);
        let [full, _, half] = self.look.glyphs.span;
        let bar = format!("{}{}", full.repeat(halves / 2), if halves % 2 == 1 { half } else { "" });
        let gap = " ".repeat(columns - text::width(&bar).min(columns));
        self.look.span(format!("{bar}{gap}"), group.status.role())
    }

    fn head(&self, at: usize, group: usize) -> Vec<Span<'static>> {
        let lead = self.look.span(format!("     {} ", self.fold(at)), Role::Dim);
        let groups = &self.items.survey.groups;
        let (Some(list), Some(group)) = (self.items.list(group), groups.get(group)) else { return vec![lead] };
        if self.items.folds().is_closed(at) {
            let items = if group.items.len() == 1 { "item" } else { "items" };
            let words = format!("the {} {items}", text::count(group.items.len()));
            return vec![lead, self.look.span(words, Role::Dim)];
        }
        let label = self.label(list.label);
        let mut spans = vec![lead, self.look.span(format!("  {:label$}", "item"), Role::Dim)];
        spans.push(self.look.span(format!("{:>TOOK$}  {:>TRIES$}", "took", "tries"), Role::Dim));
        for (name, width) in &list.fields {
            let name = self.look.foreign(&text::fit_middle(name, *width, self.look.glyphs), *width, Role::JsonKey);
            let gap = " ".repeat(width.saturating_sub(name.width()));
            spans.extend([Span::raw("  "), name, Span::raw(gap)]);
        }
        spans.push(self.look.span("  input", Role::Dim));
        spans
    }

    /// `✖ [23]  121 ms  1  "JPY"  {"position":23,…`
    fn item(&self, group: usize, at: usize) -> Vec<Span<'static>> {
        let (Some((item, trace)), Some(list)) = (self.items.get(at), self.items.list(group)) else { return Vec::new() };
        let place = self.items.survey.groups.get(group).and_then(|group| group.items.binary_search(&at).ok());
        let tone = trace.status;
        let label = self.label(list.label);
        let mark = if self.marked == Some(at) { self.look.glyphs.mark } else { " " };
        let mut spans = vec![
            self.look.span(format!("     {mark} "), Role::Focus),
            self.look.span(format!("{} ", tone.sign(self.look.glyphs)), tone.role()),
        ];
        let lead: usize = spans.iter().map(Span::width).sum();
        spans.push(self.look.foreign(&text::fit_middle(&item.label, label, self.look.glyphs), label, Role::Text));
        self.pad(&mut spans, lead + label);
        let took = trace.micros.map(text::duration).unwrap_or_default();
        let tries = if trace.attempts > 0 { text::count(trace.attempts) } else { String::new() };
        let role = if trace.attempts > 1 { Role::Warning } else { Role::Dim };
        spans.push(self.look.span(format!("{took:>TOOK$}  "), Role::Dim));
        spans.push(self.look.span(format!("{tries:>TRIES$}"), role));
        for (cell, (_, width)) in place.map_or(&[][..], |place| list.cells(place)).iter().zip(&list.fields) {
            let used: usize = spans.iter().map(Span::width).sum();
            let span = self.look.foreign(cell, (*width).min(self.width.saturating_sub(used + 3)), value_role(cell));
            let gap = " ".repeat(width.saturating_sub(span.width()));
            spans.extend([Span::raw("  "), span, Span::raw(gap)]);
        }
        let used: usize = spans.iter().map(Span::width).sum();
        let room = self.width.saturating_sub(used + 3);
        if let Some(input) = item.input.as_ref().filter(|_| room >= 8) {
            spans.push(Span::raw("  "));
            spans.push(self.look.foreign(input.text(), room, Role::Dim));
        }
        spans
    }

    /// Names drawn by lot are long, and their ends tell them apart.
    fn label(&self, longest: usize) -> usize {
        longest.clamp(4, (self.width / 4).max(8))
    }

    fn pad(&self, spans: &mut Vec<Span<'static>>, columns: usize) {
        let used: usize = spans.iter().map(Span::width).sum();
        spans.push(Span::raw(" ".repeat(columns.saturating_sub(used))));
    }

    /// The same with what is looked for marked in it.
    fn marked(&self, spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
        let Some(needle) = self.needle else { return spans };
        spans.into_iter().flat_map(|span| chrome::found(span, needle, self.look)).collect()
    }
}

fn value_role(cell: &str) -> Role {
    match cell.as_bytes().first() {
        _ if cell == MISSING => Role::Warning,
        Some(b'"') => Role::JsonString,
        Some(b'0'..=b'9' | b'-') => Role::JsonNumber,
        Some(b't' | b'f' | b'n') => Role::JsonWord,
        _ => Role::Text,
    }
}
