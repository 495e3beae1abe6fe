//! The tree of visits. `tui-tree-widget` paints it; which rows there are and which is selected is decided elsewhere.
//!
//! The widget flattens everything it is given on each frame, so it is given the visible rows only, with the rows
//! above them that they stand in, scrolled out of sight.

use super::chrome::{self, Edge, edge_role};
use crate::analysis::Status;
use crate::event::{EventId, Timestamp};
use crate::history::{History, Link, MemberId, Place as Flow};
use crate::json::rows::Outline;
use crate::report;
use crate::tui::execution::{Execution, Node, What, failure_of};
use crate::tui::layout::Layout;
use crate::tui::look::Look;
use crate::tui::pane::{MainView, Pane};
use crate::tui::text;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::StatefulWidget;
use tui_tree_widget::{Tree as TreeWidget, TreeItem, TreeState};

/// Rows deeper than this are not indented any further.
const DEEPEST: usize = 12;

/// Columns of the duration.
const DURATION: usize = 11;

pub(super) fn paint(execution: &Execution, look: &Look, layout: &Layout, buffer: &mut Buffer) {
    if layout.main.is_empty() || execution.view != MainView::Tree {
        return;
    }
    let focused = execution.focus == Pane::Main;
    let edge = Edge {
        title: Line::from(look.span(" states ", Role::Title)),
        right: Line::from(look.span(standing_here(execution), Role::Dim)),
        role: edge_role(focused),
    };
    let area = chrome::pane(&edge, look, layout, layout.main, buffer);
    let folds = execution.tree.folds();
    let range = execution.tree.scroll.range(folds.visible().len());
    let rows: Vec<usize> = range.clone().filter_map(|line| folds.row(line)).collect();
    paint_rows(execution, look, &rows, area, buffer);
    let line = execution.tree.line();
    if range.contains(&line) {
        let y = area.y + u16::try_from(line - range.start).unwrap_or(0);
        let role = if focused { Role::Cursor } else { Role::Followed };
        buffer.set_style(Rect { y, height: 1, ..area }, look.style(role));
    }
}

fn standing_here(execution: &Execution) -> String {
    let open = execution.history().world_at(execution.place.event).map_or(0, |world| world.open().len());
    match open {
        0 => String::new(),
        1 => " 1 state active at the cursor ".to_owned(),
        open => format!(" {open} states active at the cursor "),
    }
}

fn paint_rows(execution: &Execution, look: &Look, rows: &[usize], area: Rect, buffer: &mut Buffer) {
    let Some(first) = rows.first() else { return };
    let tree = execution.subject.tree(execution.place.member);
    let mut above: Vec<usize> = std::iter::successors(tree.parent(*first), |row| tree.parent(*row)).collect();
    above.reverse();
    let hidden = above.len().saturating_sub(DEEPEST);
    let all: Vec<usize> = above.into_iter().skip(hidden).chain(rows.iter().copied()).collect();
    let marked = execution.marked().map(|event| tree.row_of(execution.history(), event));
    let flags = flags(execution, look);
    let painter = Painter { execution, look, hidden, area, columns: columns(area.width), marked, flags };
    let mut state = TreeState::default();
    let mut rest = all.as_slice();
    let mut last = Vec::new();
    let items = painter.items(&mut rest, 0, &mut Vec::new(), &mut state, &mut last);
    // With the last row selected the widget scrolls exactly the rows above out of sight.
    state.select(last);
    let Ok(widget) = TreeWidget::new(&items) else { return };
    let (open, closed) = (format!("{} ", look.glyphs.open), format!("{} ", look.glyphs.closed));
    let widget = widget.node_open_symbol(&open).node_closed_symbol(&closed).node_no_children_symbol("  ");
    StatefulWidget::render(widget, area, buffer, &mut state);
    painter.bars(rows, buffer);
}

/// Columns for the bars; none when there is no room.
fn columns(width: u16) -> u16 {
    match width {
        0..54 => 0,
        54..72 => width / 5,
        _ => (width / 4).min(40),
    }
}

struct Painter<'a> {
    execution: &'a Execution,
    look: &'a Look,
    hidden: usize,
    area: Rect,
    columns: u16,
    /// The row of what is marked.
    marked: Option<usize>,
    /// The signs of bookmarks by their rows.
    flags: Vec<(usize, String)>,
}

/// The signs of bookmarks by the rows they are in or, where those are folded away, by the rows in sight above them.
fn flags(execution: &Execution, look: &Look) -> Vec<(usize, String)> {
    let tree = execution.subject.tree(execution.place.member);
    let folds = execution.tree.folds();
    let signs = super::bookmarks::gutter(execution, look).into_iter();
    let rows = signs.map(|(event, sign)| (tree.row_of(execution.history(), event), sign));
    rows.filter_map(|(row, sign)| Some((folds.row(folds.line(row))?, sign))).collect()
}

impl Painter<'_> {
    /// Takes rows as long as they are deep enough, with those below them as their children.
    fn items(
        &self,
        rest: &mut &[usize],
        depth: usize,
        path: &mut Vec<usize>,
        state: &mut TreeState<usize>,
        last: &mut Vec<usize>,
    ) -> Vec<TreeItem<'static, usize>> {
        let mut items = Vec::new();
        let tree = self.execution.subject.tree(self.execution.place.member);
        while let Some((row, behind)) = rest.split_first() {
            let Some(node) = tree.get(*row) else { break };
            if self.depth(node) < depth {
                break;
            }
            *rest = behind;
            path.push(*row);
            last.clone_from(path);
            let below = rest.first().and_then(|next| tree.get(*next)).is_some_and(|next| self.depth(next) > depth);
            let children = if below {
                state.open(path.clone());
                self.items(rest, depth + 1, path, state, last)
            } else if tree.is_foldable(*row) && depth < DEEPEST {
                if !self.execution.tree.folds().is_closed(*row) {
                    state.open(path.clone());
                }
                Vec::new()
            } else {
                Vec::new()
            };
            let closed = children.is_empty() && tree.is_foldable(*row);
            // A folded row needs something below it for the widget to say so.
            let children = if closed { vec![TreeItem::new_leaf(usize::MAX, "")] } else { children };
            if closed {
                state.close(path);
            }
            path.pop();
            if let Ok(item) = TreeItem::new(*row, self.line(*row, node, depth), children) {
                items.push(item);
            }
        }
        items
    }

    fn depth(&self, node: &Node) -> usize {
        usize::from(node.depth).saturating_sub(self.hidden).min(DEEPEST)
    }

    /// `✖ ChargeCard  Card.Declined      2.31 s`
    fn line(&self, row: usize, node: &Node, depth: usize) -> Line<'static> {
        let width = usize::from(self.area.width.saturating_sub(self.columns));
        let room = width.saturating_sub(depth * 2 + 2);
        let duration = text::fit(&took(self.execution, node), DURATION, self.look.glyphs).into_owned();
        let future = node.first > self.execution.place.event;
        let shade = |role: Role| if future { Role::Unreached } else { role };
        let name_role = shade(if node.depth == 0 && node.what == What::Execution { Role::Title } else { Role::Text });
        let words_room = room.saturating_sub(DURATION + 1);
        let (name, remark) = name_and_remark(self.execution, node);
        let name = text::harmless(&name, self.look.glyphs);
        let mark = (self.marked == Some(row)).then(|| format!("{} ", self.look.glyphs.mark));
        let flags = self.flags.iter().filter(|(flagged, _)| *flagged == row).map(|(_, sign)| format!("{sign} "));
        let marks: String = mark.into_iter().chain(flags).collect();
        let taken = 2 + text::width(&marks);
        let name = text::fit_middle(&name, words_room.saturating_sub(taken), self.look.glyphs).into_owned();
        let mut left = vec![self.look.span(format!("{} ", node.tone.sign(self.look.glyphs)), shade(node.tone.role()))];
        left.push(self.look.span(marks, Role::Focus));
        left.push(self.look.span(name, name_role));
        let taken: usize = left.iter().map(Span::width).sum();
        if words_room >= taken + 2 + text::width(&remark).min(10) && !remark.is_empty() {
            let role = if node.tone == Status::Succeeded { Role::Dim } else { node.tone.role() };
            left.push(Span::raw("  "));
            let mut span = self.look.foreign(&remark, words_room - taken - 2, shade(role));
            span.style = span.style.remove_modifier(ratatui::style::Modifier::BOLD);
            left.push(span);
        }
        let taken: usize = left.iter().map(Span::width).sum();
        let gap = room.saturating_sub(taken + text::width(&duration) + 1);
        left.push(Span::raw(" ".repeat(gap)));
        left.push(self.look.span(duration, shade(Role::Dim)));
        Line::from(left)
    }

    /// The bars on the time axis, right of the words.
    fn bars(&self, rows: &[usize], buffer: &mut Buffer) {
        if self.columns < 4 {
            return;
        }
        let tree = self.execution.subject.tree(self.execution.place.member);
        let history = self.execution.history();
        let columns = usize::from(self.columns - 2);
        let left = self.area.right() - self.columns + 1;
        let now = history.event(self.execution.place.event).map(|event| event.timestamp);
        let playhead = now.map(|now| self.execution.axis.column(now, columns));
        for (y, row) in (self.area.y..self.area.bottom()).zip(rows) {
            let Some(node) = tree.get(*row) else { continue };
            if let Some(column) = playhead {
                let x = left + u16::try_from(column).unwrap_or(0);
                buffer.set_stringn(x, y, self.look.glyphs.bar, 1, self.look.style(Role::Border));
            }
            self.bar(node, history, (left, y), columns, buffer);
        }
    }

    /// When something began and ended. An execution that was started has a history of its own, if any of it is known.
    fn times(&self, node: &Node, history: &History) -> Option<(Timestamp, Option<Timestamp>)> {
        let at = |event: Option<EventId>| history.event(event?).map(|event| event.timestamp);
        let own = match node.what {
            What::Started(member) => Some(self.execution.subject.history(member)),
            _ => None,
        };
        let own = own.and_then(|own| Some((own.started_at()?, own.last_at())));
        own.or_else(|| Some((at(Some(node.first))?, at(node.last))))
    }

    /// Half columns: `▐██▌`. What is open reaches to the end.
    fn bar(&self, node: &Node, history: &History, (left, y): (u16, u16), columns: usize, buffer: &mut Buffer) {
        let axis = &self.execution.axis;
        let Some((start, end)) = self.times(node, history) else { return };
        let start = axis.part(start);
        let open = matches!(node.tone, Status::Running | Status::Waiting);
        let end = end.map_or(if open { 1.0 } else { start }, |end| axis.part(end));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part lies between 0 and 1")]
        let half = |part: f64| (part * (columns * 2) as f64) as usize;
        let from = half(start).min(columns * 2 - 1);
        let to = half(end).clamp(from + 1, columns * 2);
        let role = if node.first > self.execution.place.event { Role::Unreached } else { node.tone.role() };
        let style = Style { add_modifier: ratatui::style::Modifier::empty(), ..self.look.style(role) };
        let [full, right_half, left_half] = self.look.glyphs.span;
        for column in from / 2..to.div_ceil(2) {
            let sign = match (column * 2 >= from, column * 2 + 2 <= to) {
                (true, true) => full,
                (false, _) => right_half,
                (true, false) => left_half,
            };
            buffer.set_stringn(left + u16::try_from(column).unwrap_or(0), y, sign, 1, style);
        }
    }
}

fn took(execution: &Execution, node: &Node) -> String {
    let history = execution.history();
    let micros = match node.what {
        What::Visit(visit) => history.duration_micros(visit),
        What::Attempt(attempt) => history.attempt_micros(attempt),
        What::Scope(scope) => history.scope_micros(scope),
        What::Started(member) => execution.subject.family.member(member).micros(),
        What::Execution => execution.subject.family.member(execution.place.member).micros(),
        What::Items { .. } | What::Children { .. } => None,
    };
    let goes_on = node.last.is_none() && matches!(node.tone, Status::Running | Status::Waiting);
    let began = history.event(node.first).map(|event| event.timestamp).filter(|_| goes_on && execution.grows_older());
    match began.and_then(|began| execution.age_since(began)) {
        // Fractions of a second that change every second tell nothing.
        Some(age) => text::duration(age - age % 1_000_000),
        None => micros.map(text::duration).unwrap_or_default(),
    }
}

/// Returns the words of a row, for searching.
pub(in crate::tui) fn words(execution: &Execution, node: &Node) -> String {
    let (name, remark) = name_and_remark(execution, node);
    format!("{name} {remark}")
}

/// What a row is called, and what is remarkable about it.
fn name_and_remark(execution: &Execution, node: &Node) -> (String, String) {
    let history = execution.history();
    let word = if node.tone == Status::Succeeded { "" } else { node.tone.word() };
    let error = |event: Option<EventId>| {
        let error = event.and_then(|event| failure_of(history, event)).and_then(|failure| failure.error.as_deref());
        error.unwrap_or(word).to_owned()
    };
    match node.what {
        What::Execution => {
            let title = execution.subject.title(execution.place.member);
            let child = execution.place.member != MemberId::ROOT && !title.machine.is_empty();
            let name = match title.name.as_str() {
                _ if child => &title.machine,
                "" => "execution",
                name => name,
            };
            (name.to_owned(), title.status.to_lowercase().replace('_', " "))
        }
        What::Visit(id) => {
            let visit = history.visit(id);
            let failed = report::map_run_note(&execution.subject.family, execution.place.member, id);
            let remark = match (node.tone, visit.attempts.len()) {
                (Status::Succeeded | Status::Running | Status::Waiting, _) if !failed.is_empty() => failed,
                (Status::Succeeded, 0 | 1) => items(history, visit),
                (Status::Succeeded, tries) => format!("{tries} attempts"),
                (Status::Caught, _) => caught(&error(visit.outcome.failure()), word),
                _ => error(visit.outcome.failure()),
            };
            (visit.name.to_string(), remark)
        }
        What::Attempt(attempt) => {
            let attempt = history.attempt(attempt);
            (format!("attempt {}", attempt.number), error(attempt.outcome.failure()))
        }
        What::Scope(scope) => {
            let name = match history.scope(scope).place {
                Flow::Root => String::new(),
                Flow::Branch { index, .. } => format!("branch {index}"),
                Flow::Iteration { index, .. } => format!("item {index}"),
            };
            (name, word.to_owned())
        }
        What::Items { count, .. } => (format!("{} items", text::count(count)), node.tone.word().to_owned()),
        What::Children { count, .. } => (format!("{} executions", text::count(count)), node.tone.word().to_owned()),
        What::Started(member) => {
            let title = execution.subject.title(member);
            // The executions of a map run share their machine, so that only their names tell them apart.
            let item = matches!(execution.subject.family.member(member).link, Link::Item { .. });
            let name = if title.machine.is_empty() || item { &title.name } else { &title.machine };
            (name.clone(), format!("execution {}", title.status.to_lowercase().replace('_', " ")))
        }
    }
}

/// The word stands in front, where it is not cut off.
fn caught(error: &str, word: &str) -> String {
    if error == word { word.to_owned() } else { format!("{word} {error}") }
}

fn items(history: &History, visit: &crate::history::Visit) -> String {
    let iterations = visit.children.iter().filter(|scope| history.scope(**scope).index().is_some()).count();
    match (visit.kind, iterations) {
        (_, 0) => String::new(),
        (crate::event::StateType::Map, 1) => "1 item".to_owned(),
        (crate::event::StateType::Map, items) => format!("{} items", text::count(items)),
        (_, branches) => format!("{branches} branches"),
    }
}
