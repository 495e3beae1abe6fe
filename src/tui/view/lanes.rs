//! The timeline: a lane for each flow, a bar for each visit.
//!
//! ```text
//!                      0 ms        2.1 s        4.2 s ┄ 4 min ┄ 8.1 s
//!  » ✖ run             ▕Validate█│├─ ProcessItems ───────────────┤
//!  »   ✖ item 17       │         │  ████✖┄┄┄████✖┄┄┄┄┄┄███✖
//!      ✔ item 18       │         │  ██████░░░░░░
//! ```

use super::chrome::{self, Edge, edge_role};
use crate::analysis::Status;
use crate::analysis::timeline::{self as time, Lane, StretchKind};
use crate::event::{StateType, Timestamp};
use crate::history::{History, MemberId, ScopeId, VisitId};
use crate::tui::execution::{Execution, TimelinePane};
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::pane::{MainView, Pane};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// The widest column of names.
const WIDEST_NAME: u16 = 40;

/// The columns beside a name: the mark of the critical path, the sign, what keeps it from the bars.
const BESIDE_NAME: u16 = 6;

/// Returns how many lanes fit into the pane: one line is the ruler.
pub(in crate::tui) fn height(layout: &Layout) -> usize {
    usize::from(layout.inside(layout.main).height.saturating_sub(1))
}

/// Returns the lane at a line of the pane, and the column of the time axis with how many there are.
pub(in crate::tui) fn at(
    execution: &Execution,
    layout: &Layout,
    x: u16,
    y: u16,
) -> Option<(usize, Option<(u16, u16)>)> {
    let inside = layout.inside(layout.main);
    let bars = bars(execution, inside);
    let line = y.checked_sub(inside.y + 1)?;
    let row = usize::from(line) + execution.timeline.scroll.top();
    let column = x.checked_sub(bars.x).filter(|column| *column < bars.width).map(|column| (column, bars.width));
    (row < execution.subject.timeline.lanes.len()).then_some((row, column))
}

/// Names have as much room as the longest needs, as long as most is left for the bars.
fn bars(execution: &Execution, inside: Rect) -> Rect {
    let longest = u16::try_from(execution.subject.timeline.longest_name).unwrap_or(u16::MAX);
    let names = longest.saturating_add(BESIDE_NAME).min(WIDEST_NAME).min(inside.width * 2 / 5);
    Rect { x: inside.x + names, width: inside.width.saturating_sub(names + 1), ..inside }
}

pub(super) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    if layout.main.is_empty() || execution.view != MainView::Timeline {
        return;
    }
    let focused = execution.focus == Pane::Main;
    let edge = Edge {
        title: Line::from(look.span(" timeline ", Role::Title)),
        right: state(execution, look),
        role: edge_role(focused),
    };
    let inside = chrome::pane(&edge, look, layout, layout.main, buffer);
    let bars = bars(execution, inside);
    if bars.width < 8 || inside.height < 2 {
        return;
    }
    let painter = Painter { execution, look, bars, pane: &execution.timeline };
    painter.ruler(buffer);
    let range = execution.timeline.scroll.range(execution.subject.timeline.lanes.len());
    for (y, row) in (inside.y + 1..inside.bottom()).zip(range) {
        let Some(lane) = execution.subject.timeline.lanes.get(row) else { break };
        let selected = (row == execution.timeline.selected()).then_some(focused);
        let names = Rect { y, height: 1, width: bars.x - inside.x, ..inside };
        painter.name(lane, names, selected, buffer);
        painter.lane(lane, row, y, buffer);
    }
    let used = u16::try_from(execution.subject.timeline.lanes.len()).unwrap_or(u16::MAX).saturating_add(2);
    if used < inside.height {
        buffer.set_line(inside.x + 1, inside.bottom() - 1, &legend(look), inside.width.saturating_sub(2));
    }
}

/// ` » critical path · playing at 10x · 12% of the time `
fn state<'a>(execution: &Execution, look: &Look) -> Line<'a> {
    let pane = &execution.timeline;
    let mut words = vec![format!("{} critical path", critical(look))];
    if pane.playing.is_some() {
        words.push(format!("playing at {}", pane.speed().word()));
    }
    let window = pane.window();
    let part = (window.end - window.start) * 100.0;
    if part < 99.5 {
        words.push(if part < 1.0 { format!("{part:.3}% of the time") } else { format!("{part:.0}% of the time") });
    }
    Line::from(look.span(format!(" {} ", words.join(&format!(" {} ", look.glyphs.dot))), Role::Dim))
}

/// ` █ working  ░ waiting  ┄ retry delay  ✖ failed attempt `
fn legend<'a>(look: &Look) -> Line<'a> {
    let kinds = [
        (StretchKind::Working, Role::Succeeded),
        (StretchKind::Waiting, Role::Waiting),
        (StretchKind::Delay, Role::Caught),
    ];
    let mut spans = Vec::new();
    for (kind, role) in kinds {
        spans.push(look.span(sign(kind, look), role));
        spans.push(look.span(format!(" {}   ", kind.word()), Role::Dim));
    }
    spans.push(look.span(look.glyphs.failed, Role::Failed));
    spans.push(look.span(" failed attempt", Role::Dim));
    Line::from(spans)
}

fn critical(look: &Look) -> &'static str {
    if look.glyphs.is_ascii() { ">" } else { "»" }
}

struct Painter<'a> {
    execution: &'a Execution,
    look: &'a Look,
    bars: Rect,
    pane: &'a TimelinePane,
}

impl Painter<'_> {
    fn column(&self, time: Timestamp) -> f64 {
        self.pane.column(time, self.bars.width.into())
    }

    /// Returns the cells of a stretch of time, at least one; `None` out of sight.
    fn cells(&self, from: Timestamp, to: Timestamp) -> Option<(u16, u16)> {
        let width = f64::from(self.bars.width);
        let (from, to) = (self.column(from), self.column(to));
        if to < 0.0 || from > width {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the columns")]
        let [first, last] = [from, to].map(|at| at.clamp(0.0, width) as u16);
        // The end of the run, where a failure often is, is told in the last column.
        let first = first.min(self.bars.width - 1);
        let last = last.max(first + 1);
        Some((self.bars.x + first, self.bars.x + last))
    }

    fn now(&self) -> Option<Timestamp> {
        self.execution.history().event(self.execution.place.event).map(|event| event.timestamp)
    }

    /// The time since the beginning at some columns, how long folded stretches are, and the playhead.
    fn ruler(&self, buffer: &mut Buffer) {
        let (y, width) = (self.bars.y, usize::from(self.bars.width));
        let family = &self.execution.subject.family;
        let Some(start) = family.root().started_at() else { return };
        let (mut free, mut before) = (0, String::new());
        let folds = self.pane.folds(width);
        for (columns, micros) in &folds {
            let x = self.bars.x + u16::try_from(columns.start).unwrap_or(0);
            let line = self.look.glyphs.idle.repeat(columns.len());
            buffer.set_stringn(x, y, &line, columns.len(), self.look.style(Role::Border));
            let label = format!(" {} ", text::duration(*micros));
            if label.len() + 2 <= columns.len() {
                let gap = u16::try_from((columns.len() - label.len()) / 2).unwrap_or(0);
                buffer.set_span(x + gap, y, &self.look.span(label, Role::Dim), u16::MAX);
            }
        }
        for step in 0..width / 16 + 1 {
            let column = (step * 16).max(free);
            let label = format!("+{}", text::duration(self.pane.time_at(column, width).micros_since(start)));
            let end = column + text::width(&label);
            let covered = folds.iter().any(|(fold, _)| fold.start < end && column < fold.end);
            // Where one looks closely the words for two moments may be the same.
            if end <= width && !covered && label != before {
                let x = self.bars.x + u16::try_from(column).unwrap_or(0);
                buffer.set_span(x, y, &self.look.span(label.clone(), Role::Dim), u16::MAX);
                (free, before) = (end + 2, label);
            }
        }
        if let Some((x, _)) = self.now().and_then(|now| self.cells(now, now)) {
            let head = if self.look.glyphs.is_ascii() { "v" } else { "▼" };
            buffer.set_stringn(x, y, head, 1, self.look.style(Role::Playhead));
        }
    }

    fn name(&self, lane: &Lane, area: Rect, selected: Option<bool>, buffer: &mut Buffer) {
        let is_critical = self.execution.subject.timeline.critical.has_flow(lane.member, lane.scope);
        let mark = if is_critical { critical(self.look) } else { " " };
        let tone = tone(self.execution, lane);
        let indent = " ".repeat(lane.indent());
        let name = self.execution.subject.lane_name(lane);
        let room = usize::from(area.width).saturating_sub(indent.len() + usize::from(BESIDE_NAME));
        let line = Line::from(vec![
            self.look.span(format!(" {mark} "), Role::Warning),
            Span::raw(indent),
            self.look.span(format!("{} ", tone.sign(self.look.glyphs)), tone.role()),
            self.look.span(fitted(&name, room, self.look), if is_critical { Role::Title } else { Role::Text }),
        ]);
        buffer.set_line(area.x, area.y, &line, area.width);
        if let Some(focused) = selected {
            let role = if focused { Role::Cursor } else { Role::Followed };
            buffer.set_style(Rect { width: area.width.saturating_sub(1), ..area }, self.look.style(role));
        }
    }

    fn lane(&self, lane: &Lane, row: usize, y: u16, buffer: &mut Buffer) {
        if let Some((x, _)) = self.now().and_then(|now| self.cells(now, now)) {
            buffer.set_stringn(x, y, self.look.glyphs.bar, 1, self.look.style(Role::Playhead));
        }
        let history = self.execution.subject.history(lane.member);
        self.visits(lane.member, &history.scope(lane.scope).visits, y, buffer);
        // What failed, and where the cursor is, is seen whatever else falls into the cell.
        self.visits(lane.member, self.execution.subject.timeline.failing(row), y, buffer);
        let here = (lane.member == self.execution.place.member).then(|| history.visit_of(self.execution.place.event));
        if let Some(here) = here.flatten().filter(|here| history.visit(*here).scope == lane.scope) {
            self.visit(lane.member, history, here, y, buffer);
        }
        for (event, _) in self.execution.bookmarks.of_member(lane.member) {
            let here = history.lineage(event).is_some_and(|lineage| lineage.scope == lane.scope);
            let at = history.event(event).filter(|_| here).and_then(|it| self.cells(it.timestamp, it.timestamp));
            if let Some((x, _)) = at {
                super::bookmarks::plant((x, y), self.bars.x..self.bars.right(), self.look, buffer);
            }
        }
    }

    /// Paints visits that follow each other: those in sight, and of those within one cell the first.
    fn visits(&self, member: MemberId, visits: &[VisitId], y: u16, buffer: &mut Buffer) {
        let history = self.execution.subject.history(member);
        let ended_before = |column: u16| {
            let time = self.pane.time_at(column.into(), self.bars.width.into());
            visits.partition_point(|visit| time::span(history, *visit).is_none_or(|(_, to)| to < time))
        };
        let mut next = ended_before(0);
        while let Some(visit) = visits.get(next) {
            next += 1;
            match self.visit(member, history, *visit, y, buffer) {
                Some(end) if end < self.bars.right() => next = next.max(ended_before(end - self.bars.x)),
                None if time::span(history, *visit).is_none() => {}
                Some(_) | None => return,
            }
        }
    }

    /// Paints a visit and returns the column behind it; `None` when it is out of sight.
    fn visit(&self, member: MemberId, history: &History, id: VisitId, y: u16, buffer: &mut Buffer) -> Option<u16> {
        let (from, to) = time::span(history, id)?;
        let (first, last) = self.cells(from, to)?;
        let tone = Status::of_visit(history, id);
        let place = self.execution.place;
        let later = if member == place.member {
            history.visit(id).entered.is_some_and(|entered| entered > place.event)
        } else {
            self.now().is_some_and(|now| from > now)
        };
        let role = if later { Role::Unreached } else { tone.role() };
        let style = self.look.style(role).remove_modifier(Modifier::BOLD | Modifier::DIM);
        let (mut widest, mut solid) = ((first, first), true);
        for stretch in time::stretches(history, id) {
            let Some((left, right)) = self.cells(stretch.from, stretch.to) else { continue };
            let role = match (stretch.kind, later) {
                (_, true) => style,
                (StretchKind::Waiting, _) => self.look.style(Role::Waiting),
                (StretchKind::Delay, _) => self.look.style(Role::Caught),
                _ => style,
            };
            let sign = sign(stretch.kind, self.look);
            for x in left..right {
                buffer.set_stringn(x, y, sign, 1, role);
            }
            if stretch.kind != StretchKind::Delay && right - left > widest.1 - widest.0 {
                (widest, solid) = ((left, right), stretch.kind == StretchKind::Working);
            }
        }
        let visit = history.visit(id);
        let holds = matches!(visit.kind, StateType::Map | StateType::Parallel);
        if holds && last - first > 1 {
            let [left, right] = if self.look.glyphs.is_ascii() { ["+", "+"] } else { ["├", "┤"] };
            buffer.set_stringn(first, y, left, 1, style);
            buffer.set_stringn(last - 1, y, right, 1, style);
        }
        let here = member == place.member && history.visit_of(place.event) == Some(id);
        self.words(&visit.name, solid, here, widest, (y, style), buffer);
        for failed in time::failures(history, id).filter(|_| !later) {
            // At the end of the attempt: on its last cell.
            let Some((x, _)) = self.cells(failed, failed) else { continue };
            let x = x.clamp(first, last - 1);
            let style = self.look.style(Role::Failed).add_modifier(Modifier::REVERSED);
            buffer.set_stringn(x, y, self.look.glyphs.failed, 1, style);
        }
        Some(last)
    }

    /// The name on the widest stretch, when it fits well enough to be told.
    fn words(
        &self,
        name: &str,
        solid: bool,
        here: bool,
        (left, right): (u16, u16),
        (y, style): (u16, Style),
        buffer: &mut Buffer,
    ) {
        let room = usize::from(right - left).saturating_sub(if solid { 1 } else { 4 });
        let name = text::harmless(name, self.look.glyphs);
        if room < 4 || (room < 8 && text::width(&name) > room) {
            return;
        }
        let fitted = text::fit_middle(&name, room, self.look.glyphs);
        let mut style =
            if !solid || self.look.glyphs.is_ascii() { style } else { style.add_modifier(Modifier::REVERSED) };
        if here {
            style = style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        }
        let (x, fitted) = if solid { (left, fitted.into_owned()) } else { (left + 1, format!(" {fitted} ")) };
        buffer.set_stringn(x, y, &fitted, usize::from(right - x), style);
    }
}

fn sign(kind: StretchKind, look: &Look) -> &'static str {
    match (kind, look.glyphs.is_ascii()) {
        (StretchKind::Working, false) => "█",
        (StretchKind::Waiting, false) => "░",
        (StretchKind::Delay, false) => "┄",
        (StretchKind::Holding, false) => "─",
        (StretchKind::Working, true) => "=",
        (StretchKind::Waiting, true) => ".",
        (StretchKind::Delay, true) => "~",
        (StretchKind::Holding, true) => "-",
    }
}

fn tone(execution: &Execution, lane: &Lane) -> Status {
    if lane.scope == ScopeId::ROOT {
        return Status::of_execution(&execution.subject.title(lane.member).status);
    }
    Status::of_scope(execution.subject.history(lane.member).scope(lane.scope).outcome)
}

/// Cuts a name, but not its number: `DeployEvery…[2]`.
fn fitted(name: &str, room: usize, look: &Look) -> String {
    let name = text::harmless(name, look.glyphs);
    let (base, number) = name.rfind('[').map_or((&*name, ""), |at| name.split_at(at));
    format!("{}{number}", text::fit(base, room.saturating_sub(number.len()), look.glyphs))
}
