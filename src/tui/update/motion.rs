//! Moving within a list: rows of the focused pane, and what Enter does there.

use super::open;
use crate::event::EventId;
use crate::json::rows::{Label, Outline};
use crate::tui::action::Action;
use crate::tui::execution::{Execution, Place, What};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::Effect;
use crate::tui::pane::{MainView, Pane};

/// Returns the line an action leads to in a list, from the line it starts at.
pub(in crate::tui) fn target(
    action: Action,
    count: Option<u32>,
    line: usize,
    height: usize,
    len: usize,
) -> Option<usize> {
    let times = count.map_or(1, |count| count.max(1) as usize);
    let page = height.max(1);
    let line = match action {
        Action::Down => line.saturating_add(times),
        Action::Up => line.saturating_sub(times),
        Action::HalfPageDown => line.saturating_add(times.saturating_mul(page / 2)),
        Action::HalfPageUp => line.saturating_sub(times.saturating_mul(page / 2)),
        Action::PageDown => line.saturating_add(times.saturating_mul(page)),
        Action::PageUp => line.saturating_sub(times.saturating_mul(page)),
        Action::First => 0,
        Action::Last => len,
        _ => return None,
    };
    Some(line.min(len.saturating_sub(1)))
}

pub(super) fn in_browser(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    if let Screen::Browser(browser) = model.screen_mut() {
        browser.encourage();
        if action == Action::Last {
            browser.go_to_end();
        }
        if matches!(action, Action::NextPane | Action::PreviousPane) && !browser.turn() {
            model.tell("There is no other list.");
            return Vec::new();
        }
        let (line, height, len) = (browser.line(), browser.scroll.height(), browser.shown().len());
        if let Some(line) = target(action, count, line, height, len) {
            browser.select_line(line);
        }
    }
    Vec::new()
}

/// What became of an action: it was done, with something to tell or not, or it is somebody else's.
pub(super) type Done = Option<Option<String>>;

/// Moves in the focused pane, if the action is a movement.
pub(super) fn on_execution(execution: &mut Execution, action: Action, count: Option<u32>) -> Done {
    if let (Action::Last, Some(number)) = (action, count) {
        return Some(to_event(execution, number));
    }
    match (execution.focus, action) {
        (Pane::Data, Action::Left) => execution.data.fold_or_parent(),
        (Pane::Data, Action::Right) => execution.data.unfold_or_enter(),
        (Pane::Data, _) => {
            let (line, height) = (execution.data.line(), execution.data.scroll.height());
            let line = target(action, count, line, height, execution.data.folds.visible().len())?;
            execution.data.select_line(line);
        }
        (pane, _) if execution.lists_events(pane) => {
            let (history, list) = (execution.history(), &execution.events);
            let row = list.row_of(history, execution.place.event);
            let line = target(action, count, row, list.scroll.height(), list.len(history))?;
            let event = list.event_at(history, line).map(|event| event.id);
            if let Some(event) = event {
                execution.go(event);
            }
        }
        _ => {
            let (line, height) = (execution.tree.line(), execution.tree.scroll.height());
            let line = target(action, count, line, height, execution.tree.folds().visible().len())?;
            select_in_tree(execution, line);
        }
    }
    Some(None)
}

/// Selects a line of the tree; the cursor goes to its first event.
pub(super) fn select_in_tree(execution: &mut Execution, line: usize) {
    let tree = execution.subject.tree(execution.place.member);
    if let Some(event) = execution.tree.select_line(tree, line) {
        execution.go(event);
    }
}

fn to_event(execution: &mut Execution, number: u32) -> Option<String> {
    let last = execution.history().events().last()?.id;
    let Some(event) = EventId::new(number).filter(|id| execution.history().event(*id).is_some()) else {
        return Some(format!("There is no event {number}; this execution has {last} events."));
    };
    execution.jump(Place { event, ..execution.place });
    None
}

/// Goes into what is selected: into a started execution, into a fold, into the data, into a long text.
pub(super) fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    match execution.focus {
        Pane::Data => {
            if execution.data.is_foldable() {
                execution.data.toggle();
            } else if let Some(text) = execution.data.selected_text() {
                let title = label(execution, execution.data.selected());
                model.overlay = Some(Overlay::Reader(title, text, 0));
            }
        }
        Pane::Main if execution.view == MainView::Tree => {
            if let Some(effects) = open::descend(model) {
                return effects;
            }
            if let Some(execution) = model.execution_mut() {
                enter_tree(execution);
            }
        }
        _ => execution.focus = Pane::Data,
    }
    Vec::new()
}

fn enter_tree(execution: &mut Execution) {
    let tree = execution.subject.tree(execution.place.member);
    let row = execution.tree.selected();
    match tree.get(row).map(|node| node.what) {
        Some(What::Started(member)) => super::scrub::descend(execution, member),
        Some(_) if tree.is_foldable(row) => execution.tree.toggle(tree),
        _ => execution.focus = Pane::Data,
    }
}

fn label(execution: &Execution, row: usize) -> String {
    if execution.data.sheet.is_some() {
        return execution.data.tab.title().to_owned();
    }
    match execution.data.rows.label(row) {
        Label::Name(name) => name.to_owned(),
        _ => execution.data.rows.json_path(row),
    }
}
