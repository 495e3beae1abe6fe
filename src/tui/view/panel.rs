//! Two sides compared: beside each other where there is room, else in one column.

use super::chrome::{self, Edge};
use crate::json::diff::{Shown, Sign, Word, words};
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::panel::{Kind, Panel, Row};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// Columns from which on the sides stand beside each other.
const SIDE_BY_SIDE: u16 = 118;

/// How much of what two long values share is shown before the place at which they differ.
const SHARED: usize = 12;

/// The least height at which there is room for the data of a row below the rows.
const WITH_DATA: u16 = 14;

/// Returns how many rows there is room for, and how many of the data below them.
pub(in crate::tui) fn heights(layout: &Layout, data: bool) -> (usize, usize) {
    let rows = |area: Rect| usize::from(layout.inside(area).height.saturating_sub(1));
    let (upper, lower) = areas(layout, data);
    (rows(upper), rows(lower))
}

/// The rows, and the data of one of them below.
fn areas(layout: &Layout, data: bool) -> (Rect, Rect) {
    let whole = layout.middle;
    let below = if data && whole.height >= WITH_DATA { (whole.height * 2 / 5).max(6) } else { 0 };
    let upper = Rect { height: whole.height - below, ..whole };
    (upper, Rect { y: upper.bottom(), height: below, ..whole })
}

pub(super) fn paint(panel: &Panel, data: Option<&Panel>, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    Clear.render(layout.middle, buffer);
    buffer.set_style(layout.middle, look.style(Role::Text));
    let (upper, lower) = areas(layout, data.is_some());
    paint_in(panel, Role::Focus, look, layout, upper, buffer);
    if let Some(data) = data.filter(|_| !lower.is_empty()) {
        paint_in(data, Role::Border, look, layout, lower, buffer);
    }
}

fn paint_in(panel: &Panel, edge: Role, look: &Look, layout: &Layout, area: Rect, buffer: &mut Buffer) {
    let [old, new] = &panel.sides;
    let title = match panel.kind {
        Kind::Replay => panel.title.clone(),
        _ => format!("{}: {old} {} {new}", panel.title, look.glyphs.arrow),
    };
    let (at, all) = panel.progress();
    let progress = match all {
        0 => "no change".to_owned(),
        _ if edge == Role::Focus => format!("change {} of {}", text::count(at), text::count(all)),
        _ => text::counted(all, "change", "changes"),
    };
    let note = if panel.note.is_empty() { String::new() } else { format!("{} {} ", panel.note, look.glyphs.dot) };
    let progress = format!(" {note}{progress} ");
    let room = usize::from(area.width).saturating_sub(text::width(&progress) + 12);
    let mut title = look.foreign(&title, room, Role::Title);
    title.content = format!(" {} ", title.content).into();
    let right = Line::from(look.span(progress, Role::Dim));
    let focused = edge == Role::Focus;
    let edge = Edge { title: Line::from(title), right, role: edge };
    let area = chrome::pane(&edge, look, layout, area, buffer);
    let painter = Painter { panel, look, wide: area.width >= SIDE_BY_SIDE };
    painter.sides(Rect { height: 1, ..area }, buffer);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let mut y = body.y;
    for (line, height) in spread(panel, body.width, body.height) {
        let Some(shown) = panel.shown().get(line).filter(|_| y + height <= body.bottom()) else { break };
        let row = Rect { y, height, ..body };
        painter.line(shown, line, row, buffer);
        if line == panel.line() && focused {
            chrome::cursor(row, focused, look, buffer);
        }
        y += height;
    }
}

/// Returns the lines that are on the screen, and how many rows each takes: words that do not fit take rows that are empty
/// otherwise.
pub(in crate::tui) fn spread(panel: &Panel, width: u16, height: u16) -> Vec<(usize, u16)> {
    let all = panel.shown().len();
    let range = panel.scroll.range(all);
    let mut spare = if range.len() == all { usize::from(height).saturating_sub(all) } else { 0 };
    let mut rows = Vec::with_capacity(range.len());
    for line in range {
        let words = panel.shown().get(line).and_then(|shown| words_alone(panel, shown));
        let wanted = words.map_or(1, |row| text::wrap(&row.label, words_room(row, width), MOST_WRAPPED).len().max(1));
        let more = (wanted - 1).min(spare);
        spare -= more;
        rows.push((line, u16::try_from(more + 1).unwrap_or(1)));
    }
    rows
}

/// The most rows that words take.
const MOST_WRAPPED: usize = 12;

/// The row on a line, if it has nothing but words.
fn words_alone<'p>(panel: &'p Panel, shown: &Shown) -> Option<&'p Row> {
    let Shown::Row(at) = shown else { return None };
    panel.row(*at).filter(|row| row.old.is_none() && row.new.is_none() && row.inside == 0)
}

/// Columns for words behind their sign and depth.
fn words_room(row: &Row, width: u16) -> usize {
    usize::from(width).saturating_sub(usize::from(row.depth).min(20) * 2 + 6).max(8)
}

/// Returns the line of a comparison that a row of the screen shows.
pub(in crate::tui) fn line_at(panel: &Panel, layout: &Layout, data: bool, y: u16) -> Option<usize> {
    let (upper, _) = areas(layout, data);
    let inside = layout.inside(upper);
    let mut top = inside.y + 1;
    for (line, height) in spread(panel, inside.width, inside.height.saturating_sub(1)) {
        if (top..top + height).contains(&y) {
            return Some(line);
        }
        top += height;
    }
    None
}

struct Painter<'a> {
    panel: &'a Panel,
    look: &'a Look,
    wide: bool,
}

impl Painter<'_> {
    /// The names of the sides, above the rows.
    fn sides(&self, area: Rect, buffer: &mut Buffer) {
        let [old, new] = &self.panel.sides;
        let (left, right) = halves(area);
        let room = usize::from(left.width.saturating_sub(4));
        let name = |sign: &str, name: &str, role: Role| self.look.foreign(&format!(" {sign} {name}"), room, role);
        let (old, new) = (name("-", old, Role::Removed), name("+", new, Role::Added));
        buffer.set_span(left.x, left.y, &old, left.width);
        if self.wide {
            buffer.set_span(right.x, right.y, &new, right.width);
        } else {
            let used = u16::try_from(old.width()).unwrap_or(0) + 2;
            buffer.set_span(area.x + used, area.y, &new, area.width.saturating_sub(used));
        }
    }

    fn line(&self, shown: &Shown, line: usize, area: Rect, buffer: &mut Buffer) {
        let row = match shown {
            Shown::Row(at) => self.panel.row(*at),
            Shown::Folded(range) => {
                let margin = self.panel.row(range.start).map_or(0, |row| usize::from(row.depth));
                let more = self.look.glyphs.more;
                let rows = text::counted(range.len(), "row", "rows");
                let words = format!("   {}{more} {rows}", "  ".repeat(margin.min(20)));
                buffer.set_span(area.x, area.y, &self.look.span(words, Role::Dim), area.width);
                None
            }
        };
        let Some(row) = row else { return };
        let fold = self.fold_sign(row, line);
        if area.height > 1 {
            self.wrapped(row, fold, area, buffer);
        } else if row.old.is_none() && row.new.is_none() {
            let line = Line::from(self.marked(self.lead(row, fold, usize::from(area.width))));
            buffer.set_line(area.x, area.y, &line, area.width);
        } else if self.wide {
            self.beside(row, fold, area, buffer);
        } else {
            let mut spans = self.lead(row, fold, usize::from(area.width));
            let used: usize = spans.iter().map(Span::width).sum();
            spans.extend(self.unified(row, usize::from(area.width).saturating_sub(used + 1)));
            buffer.set_line(area.x, area.y, &Line::from(self.marked(spans)), area.width);
        }
    }

    /// Words on as many rows as they take.
    fn wrapped(&self, row: &Row, fold: &'static str, area: Rect, buffer: &mut Buffer) {
        let lead = self.lead(row, fold, usize::from(area.width));
        let (Some(sign), Some(said)) = (lead.first(), lead.get(1)) else { return };
        let indent = u16::try_from(sign.width()).unwrap_or(0);
        buffer.set_span(area.x, area.y, sign, area.width);
        let room = words_room(row, area.width);
        let mut parts = text::wrap(&row.label, room, MOST_WRAPPED);
        let height = usize::from(area.height);
        if parts.len() > height || parts.len() >= MOST_WRAPPED {
            parts.truncate(height);
            if let Some(last) = parts.last_mut() {
                *last = format!("{}{}", text::head(last.trim_end(), room.saturating_sub(1)), self.look.glyphs.more);
            }
        }
        for (y, part) in (area.y..area.bottom()).zip(parts) {
            let part = Span::styled(self.look.foreign(part.trim_end(), room, Role::Text).content, said.style);
            let line = Line::from(self.marked(vec![part]));
            buffer.set_line(area.x + indent, y, &line, area.width.saturating_sub(indent));
        }
    }

    /// Whether the rows below a row are shown; rows of data say so with a line of their own.
    fn fold_sign(&self, row: &Row, line: usize) -> &'static str {
        match (self.panel.kind, row.inside) {
            (Kind::Replay, 0) => "  ",
            (Kind::Replay, _) if self.panel.is_closed(line) => self.look.glyphs.closed,
            (Kind::Replay, _) => self.look.glyphs.open,
            _ => "",
        }
    }

    /// The same with what is looked for marked in it.
    fn marked(&self, spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
        let Some(needle) = &self.panel.search else { return spans };
        spans.into_iter().flat_map(|span| chrome::found(span, needle, self.look)).collect()
    }

    /// ```text
    ///  ~ totalCents  51150                    │ ~ totalCents  60760
    /// ```
    fn beside(&self, row: &Row, fold: &'static str, area: Rect, buffer: &mut Buffer) {
        let (left, right) = halves(area);
        let sides = Sides::of(row);
        for (half, side) in [(left, 0), (right, 1)] {
            if sides.values[side].is_none() {
                continue;
            }
            let mut spans = self.lead(row, fold, half.width.into());
            let used: usize = spans.iter().map(Span::width).sum();
            let room = usize::from(half.width).saturating_sub(used + 1);
            let tone = self.tone(row, side);
            let room = room.saturating_sub(tone.iter().map(Span::width).sum());
            spans.extend(tone);
            spans.extend(self.value(&sides, side, room, self.side_role(row.sign, side)));
            buffer.set_line(half.x, half.y, &Line::from(self.marked(spans)), half.width);
        }
        buffer.set_span(right.x - 1, right.y, &self.look.span(self.look.glyphs.bar, Role::Border), 1);
    }

    /// The sign, the depth, whether it is folded, and the name.
    fn lead(&self, row: &Row, fold: &'static str, room: usize) -> Vec<Span<'static>> {
        let sign = match row.sign {
            Sign::Added => "+",
            Sign::Removed => "-",
            Sign::Changed => "~",
            Sign::Moved => self.look.glyphs.step,
            Sign::Excused => self.look.glyphs.neutral,
            Sign::Same | Sign::Inside => " ",
        };
        let margin = "  ".repeat(usize::from(row.depth).min(20));
        let only = row.old.is_none() && row.new.is_none();
        let fold = if fold.is_empty() || fold.len() == 2 { fold.to_owned() } else { format!("{fold} ") };
        let longest = room.saturating_sub(margin.len() + 5 + text::width(&fold));
        let longest = if only { longest } else { longest * 3 / 5 };
        let role = if row.sign.is_change() { self.role(row.sign) } else { Role::JsonKey };
        let role = if only && !row.sign.is_change() { Role::Text } else { role };
        vec![
            self.look.span(format!(" {sign} {margin}{fold}"), self.role(row.sign)),
            self.look.foreign(&row.label, longest, role),
            Span::raw("  "),
        ]
    }

    fn unified(&self, row: &Row, room: usize) -> Vec<Span<'static>> {
        let sides = Sides::of(row);
        match (&row.old, &row.new) {
            (Some(old), Some(new)) if old != new => {
                let tones = [0, 1].map(|side| self.tone(row, side));
                let taken: usize = tones.iter().flatten().map(Span::width).sum();
                let half = room.saturating_sub(3 + taken) / 2;
                let [old_tone, new_tone] = tones;
                // What the shorter one leaves free, the longer one takes.
                let spare = |value: &str| half.saturating_sub(text::width(text::head(value, half)));
                let mut spans: Vec<Span<'static>> = old_tone.into_iter().collect();
                spans.extend(self.value(&sides, 0, half + spare(new), self.side_role(row.sign, 0)));
                spans.push(self.look.span(format!(" {} ", self.look.glyphs.arrow), Role::Dim));
                spans.extend(new_tone);
                spans.extend(self.value(&sides, 1, half + spare(old), self.side_role(row.sign, 1)));
                spans
            }
            (None, None) => Vec::new(),
            (old, _) => {
                let side = usize::from(old.is_none());
                let mut spans: Vec<Span<'static>> = self.tone(row, side).into_iter().collect();
                let room = room.saturating_sub(spans.iter().map(Span::width).sum());
                spans.extend(self.value(&sides, side, room, self.role(row.sign)));
                spans
            }
        }
    }

    /// The sign of how a side stands.
    fn tone(&self, row: &Row, side: usize) -> Option<Span<'static>> {
        let tone = row.tones[side]?;
        Some(self.look.span(format!("{} ", tone.sign(self.look.glyphs)), tone.role()))
    }

    /// A value without what it shares with the other side, when that would hide the difference; the words that only it
    /// has stand out.
    fn value(&self, sides: &Sides<'_>, side: usize, room: usize, role: Role) -> Vec<Span<'static>> {
        let Some(value) = sides.values[side] else { return Vec::new() };
        let skipped = if text::width(text::head(value, room + 1)) <= room { 0 } else { sides.shared };
        let Some(words) = &sides.words else {
            let rest = value.get(skipped..).unwrap_or(value);
            let cut = if skipped > 0 { self.look.glyphs.more } else { "" };
            return vec![self.look.foreign(&format!("{cut}{rest}"), room, role)];
        };
        let mut spans = Vec::new();
        let (mut at, mut room) = (0, room);
        if skipped > 0 {
            spans.push(self.look.span(self.look.glyphs.more, role));
            room = room.saturating_sub(1);
        }
        for word in words {
            let (piece, own) = match (word, side) {
                (Word::Same(piece), _) => (*piece, false),
                (Word::Removed(piece), 0) | (Word::Added(piece), 1) => (*piece, true),
                _ => continue,
            };
            let shown = piece.get(skipped.saturating_sub(at).min(piece.len())..).unwrap_or(piece);
            at += piece.len();
            if shown.is_empty() {
                continue;
            }
            if room == 0 {
                break;
            }
            let mut span = self.look.foreign(shown, room, role);
            if own {
                span.style = span.style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD);
            }
            room = room.saturating_sub(span.width());
            spans.push(span);
        }
        spans
    }

    /// The role of a value on one of the sides.
    fn side_role(&self, sign: Sign, side: usize) -> Role {
        match (sign.is_change(), side) {
            (false, _) => self.role(sign),
            (true, 0) => Role::Removed,
            (true, _) => Role::Added,
        }
    }

    fn role(&self, sign: Sign) -> Role {
        match sign {
            Sign::Added => Role::Added,
            Sign::Removed => Role::Removed,
            Sign::Changed | Sign::Moved => Role::Warning,
            Sign::Inside => Role::Text,
            Sign::Same | Sign::Excused => Role::Dim,
        }
    }
}

/// The values of a row, and what they share.
struct Sides<'a> {
    values: [Option<&'a str>; 2],
    /// How many bytes at the beginning need not be shown.
    shared: usize,
    /// The values word by word, if that says more than that they differ.
    words: Option<Vec<Word<'a>>>,
}

impl<'a> Sides<'a> {
    fn of(row: &'a Row) -> Self {
        let values = [row.old.as_deref(), row.new.as_deref()];
        Self { values, shared: shared(row), words: words_of(row) }
    }
}

/// Returns two texts word by word; `None` when they have so little in common that the words say nothing.
fn words_of(row: &Row) -> Option<Vec<Word<'_>>> {
    let (Some(old), Some(new)) = (&row.old, &row.new) else { return None };
    if row.sign != Sign::Changed || old == new {
        return None;
    }
    let pieces = words(old, new);
    let shared = |piece: &Word<'_>| match piece {
        Word::Same(text) if text.contains(char::is_alphanumeric) => text.len(),
        _ => 0,
    };
    let common: usize = pieces.iter().map(shared).sum();
    (common * 3 >= old.len().min(new.len())).then_some(pieces)
}

fn halves(area: Rect) -> (Rect, Rect) {
    let left = area.width / 2;
    (Rect { width: left.saturating_sub(1), ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

/// How many bytes at the beginning of two long values need not be shown, since they are the same.
fn shared(row: &Row) -> usize {
    let (Some(old), Some(new)) = (&row.old, &row.new) else { return 0 };
    let differ = old.char_indices().zip(new.chars()).find(|((_, was), is)| was != is);
    let at = differ.map_or(0, |((at, _), _)| at);
    let places = || old.get(..at).into_iter().flat_map(str::char_indices).map(|(place, _)| place);
    places().nth_back(SHARED).unwrap_or(0)
}
