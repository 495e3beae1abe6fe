//! The mouse: a click on a pane or row, the wheel over a pane.

use super::{motion, views};
use crate::tui::action::Action;
use crate::tui::execution::Execution;
use crate::tui::layout::Layout;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Mouse};
use crate::tui::pane::{MainView, Pane};
use crate::tui::table;
use crate::tui::view;
use crate::tui::whole;
use ratatui::layout::{Position, Rect};

/// Rows one notch of the wheel moves.
const NOTCH: usize = 3;

pub(super) fn mouse(model: &mut Model, mouse: Mouse, column: u16, row: u16) -> Vec<Effect> {
    model.notice = None;
    if model.overlay.is_some() {
        return over_overlay(model, mouse);
    }
    let layout = model.layout;
    match model.screen_mut() {
        Screen::Browser(browser) => match mouse {
            Mouse::Click => {
                let head = usize::from(view::browser_head(browser));
                let line = usize::from(row).checked_sub(head).map(|line| line + browser.scroll.top());
                match line {
                    Some(line) if line == browser.line() => return super::open::enter(model),
                    Some(line) if line < browser.shown().len() => browser.select_line(line),
                    _ => {}
                }
            }
            Mouse::WheelUp => browser.select_line(browser.line().saturating_sub(NOTCH)),
            Mouse::WheelDown => {
                browser.encourage();
                browser.select_line(browser.line() + NOTCH);
            }
        },
        Screen::Execution(execution) if execution.panel.is_some() => on_panel(execution, &layout, mouse, row),
        Screen::Execution(execution) if execution.items.is_some() => {
            return super::items::mouse(model, &layout, mouse, row);
        }
        Screen::Execution(execution) if execution.origins.is_some() => {
            return super::origins::mouse(model, mouse, row);
        }
        Screen::Execution(execution) => {
            let wants_cause = on_execution(execution, &layout, mouse, Position::new(column, row));
            if wants_cause {
                whole::cause(model);
            }
        }
        _ => {}
    }
    Vec::new()
}

fn over_overlay(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    let lines = view::overlay_lines(model);
    match (&mut model.overlay, mouse) {
        // What is being typed is given up with a key, not by accident.
        (
            Some(
                Overlay::Search(..)
                | Overlay::Editor(_)
                | Overlay::Findings(_)
                | Overlay::Keep(_)
                | Overlay::Confirm(_),
            ),
            Mouse::Click,
        ) => {}
        (Some(Overlay::Calls), Mouse::WheelUp) => model.calls.select(model.calls.selected.saturating_sub(NOTCH)),
        (Some(Overlay::Calls), Mouse::WheelDown) => model.calls.select(model.calls.selected + NOTCH),
        (_, Mouse::Click) => model.overlay = None,
        (Some(overlay), wheel) => {
            let Some(top) = overlay.top() else { return Vec::new() };
            *top = if wheel == Mouse::WheelUp { top.saturating_sub(NOTCH) } else { (*top + NOTCH).min(lines) };
        }
        _ => {}
    }
    Vec::new()
}

/// Does what a click or the wheel means for the panes; tells whether the cause is to be read.
fn on_execution(execution: &mut Execution, layout: &Layout, mouse: Mouse, at: Position) -> bool {
    let pane = [Pane::Main, Pane::Events, Pane::Data].into_iter().find(|pane| layout.pane(*pane).contains(at));
    match (pane, mouse) {
        (Some(pane), Mouse::Click) => {
            execution.focus = pane;
            click(execution, layout, pane, at);
        }
        (Some(pane), wheel) => turn(execution, pane, wheel),
        (None, Mouse::Click) if layout.timeline.contains(at) => {
            let columns = view::timeline_area(layout, execution.history());
            let event = execution.axis.event_at(usize::from(at.x.saturating_sub(columns.x)));
            if let Some(event) = event {
                execution.go(event);
            }
        }
        (None, Mouse::Click) => return layout.headline.contains(at),
        (None, wheel) => {
            let pane = if execution.lists_events(Pane::Main) { Pane::Main } else { Pane::Events };
            turn(execution, pane, wheel);
        }
    }
    false
}

/// A click selects, and toggles what is selected already.
fn on_panel(execution: &mut Execution, layout: &Layout, mouse: Mouse, row: u16) {
    let data = execution.preview.is_some();
    let Some(panel) = &mut execution.panel else { return };
    match mouse {
        Mouse::WheelUp => panel.select_line(panel.line().saturating_sub(NOTCH)),
        Mouse::WheelDown => panel.select_line(panel.line() + NOTCH),
        Mouse::Click => {
            let Some(line) = view::panel_line_at(panel, layout, data, row) else { return };
            if line == panel.line() {
                panel.toggle();
            }
            panel.select_line(line);
        }
    }
}

fn click(execution: &mut Execution, layout: &Layout, pane: Pane, at: Position) {
    let area: Rect = layout.inside(layout.pane(pane));
    match (pane, execution.view) {
        (Pane::Main, MainView::Graph) => return click_in_graph(execution, area, at),
        (Pane::Main, MainView::Timeline) => return click_on_timeline(execution, layout, at),
        _ => {}
    }
    if pane == Pane::Main && execution.view == MainView::Table {
        // The first line names the columns.
        let row = at.y.checked_sub(area.y + 1).map(|line| usize::from(line) + execution.table.scroll.top());
        if let Some(row) = row.filter(|row| *row < execution.table.rows().len()) {
            table::within(execution, Action::Down, |_, _, _| Some(row));
        }
        return;
    }
    if pane == Pane::Data
        && at.y < area.y
        && let Some(tab) = view::tab_at(layout, execution.data.tab, at.x)
    {
        return execution.show(tab);
    }
    let Some(line) = at.y.checked_sub(area.y).filter(|line| *line < area.height).map(usize::from) else { return };
    if pane == Pane::Data {
        let line = line + execution.data.scroll.top();
        if line == execution.data.line() {
            execution.data.toggle();
        }
        execution.data.select_line(line);
    } else if execution.lists_events(pane) {
        let place = line + execution.events.scroll.top();
        if let Some(event) = execution.events.event_at(execution.history(), place).map(|event| event.id) {
            execution.go(event);
        }
    } else {
        let line = line + execution.tree.scroll.top();
        if line == execution.tree.line() {
            execution.tree.toggle(execution.subject.tree(execution.place.member));
        } else if line < execution.tree.folds().visible().len() {
            motion::select_in_tree(execution, line);
        }
    }
}

/// A click selects a state, and goes to its visits when it is selected already.
fn click_in_graph(execution: &mut Execution, area: Rect, at: Position) {
    let before = execution.graph.selected();
    let (Some(column), Some(row)) = (at.x.checked_sub(area.x), at.y.checked_sub(area.y)) else { return };
    if execution.graph.select_at(&execution.subject.graph, column, row) && execution.graph.selected() == before {
        views::visit(execution);
    }
}

fn click_on_timeline(execution: &mut Execution, layout: &Layout, at: Position) {
    match view::lane_at(execution, layout, at.x, at.y) {
        Some((row, Some((column, columns)))) => views::select_time(execution, row, column, columns),
        Some((row, None)) => views::select_lane(execution, row),
        None => {}
    }
}

fn turn(execution: &mut Execution, pane: Pane, wheel: Mouse) {
    if pane == Pane::Main && execution.view == MainView::Graph {
        let rows = i32::try_from(NOTCH).unwrap_or(1);
        return execution.graph.pan(0, if wheel == Mouse::WheelUp { -rows } else { rows });
    }
    if pane == Pane::Main && execution.view == MainView::Timeline {
        let row = execution.timeline.selected();
        let row = if wheel == Mouse::WheelUp { row.saturating_sub(NOTCH) } else { row + NOTCH };
        let last = execution.subject.timeline.lanes.len().saturating_sub(1);
        return views::select_lane(execution, row.min(last));
    }
    if pane == Pane::Main && execution.view == MainView::Table {
        let rows = execution.table.rows().len().saturating_sub(1);
        let moved =
            |row: usize| if wheel == Mouse::WheelUp { row.saturating_sub(NOTCH) } else { (row + NOTCH).min(rows) };
        table::within(execution, Action::Down, |row, _, _| Some(moved(row)));
        return;
    }
    let moved = |line: usize| if wheel == Mouse::WheelUp { line.saturating_sub(NOTCH) } else { line + NOTCH };
    if pane == Pane::Data {
        execution.data.select_line(moved(execution.data.line()));
    } else if execution.lists_events(pane) {
        let (history, list) = (execution.history(), &execution.events);
        let row = moved(list.row_of(history, execution.place.event)).min(list.len(history).saturating_sub(1));
        if let Some(event) = list.event_at(history, row).map(|event| event.id) {
            execution.go(event);
        }
    } else {
        motion::select_in_tree(execution, moved(execution.tree.line()));
    }
}
