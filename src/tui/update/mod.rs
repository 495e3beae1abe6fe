//! What happens when something happens: the model changes, and effects are asked for. Nothing else decides.

mod act;
mod action;
mod bookmarks;
mod calls;
mod clock;
mod edit;
mod input;
mod items;
mod keep;
mod live;
mod motion;
mod mouse;
mod open;
mod origins;
mod panel;
mod replay;
mod scrub;
mod search;
mod views;
mod yank;

pub(super) use action::palette;
pub(super) use motion::target as target_line;

use super::execution::Execution;
use super::layout::{Layout, Wishes};
use super::live::Came;
use super::model::{Model, Overlay, Screen};
use super::msg::{Asked, Effect, Msg, Ticket};
use super::pane::{MainView, Pane};
use super::sheet::{Sheet, Study};
use super::view;
use crate::json::rows::Outline;
use std::sync::Arc;

/// Takes in what happened and returns what is asked of the world.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let before = waited_for(model);
    let mut effects = taken_in(model, msg);
    effects.extend(released(model));
    effects.extend(items::catch_up(model));
    if let Some(ticket) = effects.iter().find_map(given_to_the_editor) {
        model.editor = Some(ticket);
    }
    settle(model);
    let now = waited_for(model);
    effects.extend(now.filter(|now| before.as_ref() != Some(now)).map(|(asked, study)| Effect::Study(asked, study)));
    effects.extend(live::wishes(model));
    effects.extend(clock::wish(model));
    effects
}

fn taken_in(model: &mut Model, msg: Msg) -> Vec<Effect> {
    if let Msg::Edited(ticket, _) = &msg {
        model.editor.take_if(|editor| editor == ticket);
    }
    let Some(msg) = held(model, msg) else { return Vec::new() };
    match msg {
        Msg::Key(key) => input::key(model, key),
        Msg::Paste(text) => input::paste(model, &text),
        Msg::Mouse(mouse, column, row) => mouse::mouse(model, mouse, column, row),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Woke(ticket) => input::woke(model, ticket),
        Msg::Ticked(ticket) => views::ticked(model, ticket),
        Msg::Clock(ticket, now) => clock::passed(model, ticket, now),
        Msg::Opened(ticket, found) => open::opened(model, ticket, found),
        Msg::Listed(ticket, listings) => open::listed(model, ticket, listings),
        Msg::Compared(ticket, found) => panel::compared(model, ticket, found),
        Msg::Replaying(ticket, done, of) => replay::replaying(model, ticket, done, of),
        Msg::Replayed(ticket, replayed) => replay::replayed(model, ticket, replayed),
        Msg::Answered(ticket, found) => replay::answered(model, ticket, found),
        Msg::Edited(ticket, written) => match &model.drafting {
            Some((drafted, _)) if *drafted == ticket => act::edited(model, ticket, written),
            _ => match model.outside.take_if(|outside| outside.ticket == ticket) {
                Some(outside) => edit::edited(model, &outside, written),
                None => replay::edited(model, ticket, written),
            },
        },
        Msg::Connected(sites) => live::connected(model, sites),
        Msg::Paged(ticket, page) => live::paged(model, ticket, page),
        Msg::Told(execution, failure) => live::told(model, &execution, failure.as_ref()),
        Msg::Came(ticket, came) => live::came(model, ticket, came),
        Msg::Called(call) => {
            model.calls.note(call);
            Vec::new()
        }
        Msg::Repeating(repeating) => {
            model.calls.repeat(repeating);
            Vec::new()
        }
        Msg::Prepared(ticket, preflight) => act::prepared(model, ticket, preflight),
        Msg::Acted(ticket, acted) => act::acted(model, ticket, acted),
        Msg::Bookmarked(ticket, list) => bookmarks::written(model, ticket, &list),
        Msg::Kept(ticket, kept) => keep::kept(model, ticket, kept),
        Msg::Studied(asked, study, sheet) => studied(model, &asked, study, sheet),
        Msg::Surveyed(ticket, asked, items) => items::surveyed(model, ticket, &asked, *items),
        Msg::Copied(Ok(())) => Vec::new(),
        Msg::Copied(Err(reason)) => {
            model.complain(format!("Nothing was copied: {reason}."));
            Vec::new()
        }
    }
}

/// Holds a screen that comes while the person is at something on the shown one. Returns every other message.
fn held(model: &mut Model, msg: Msg) -> Option<Msg> {
    let (Msg::Opened(ticket, _) | Msg::Came(ticket, _)) = &msg else { return Some(msg) };
    let opens = model.opening.as_ref().is_some_and(|opening| opening.ticket == *ticket);
    if !opens || !model.is_at_something() {
        return Some(msg);
    }
    // Of an execution that comes in parts, the later part has all of the earlier one.
    let is_part = |msg: &Msg| matches!(msg, Msg::Came(_, Came::Part(..) | Came::Whole(_)));
    if is_part(&msg) {
        model.held.retain(|held| !is_part(held));
    }
    model.held.push(msg);
    None
}

/// Takes in what was held, as soon as the person is at nothing any more.
fn released(model: &mut Model) -> Vec<Effect> {
    if model.held.is_empty() || model.is_at_something() {
        return Vec::new();
    }
    let held = std::mem::take(&mut model.held);
    held.into_iter().flat_map(|msg| taken_in(model, msg)).collect()
}

fn given_to_the_editor(effect: &Effect) -> Option<Ticket> {
    match effect {
        Effect::Edit(ticket, _) => Some(*ticket),
        _ => None,
    }
}

/// Returns the rows of the data pane that are to be made in the background.
fn waited_for(model: &Model) -> Option<(Asked, Study)> {
    let execution = model.execution()?;
    execution.data.waiting.map(|study| (Asked(Arc::clone(&execution.subject)), study))
}

/// Takes rows that were made in the background, unless another execution is on the screen meanwhile.
fn studied(model: &mut Model, asked: &Asked, study: Study, sheet: Sheet) -> Vec<Effect> {
    if let Some(execution) = model.execution_mut()
        && Arc::ptr_eq(&execution.subject, &asked.0)
    {
        execution.take_sheet(study, sheet);
    }
    Vec::new()
}

/// Brings what depends on the size and the cursor up to date, so that painting decides nothing.
fn settle(model: &mut Model) {
    let (width, height) = model.size;
    if let Some(Overlay::Editor(editor)) = &mut model.overlay {
        view::dress(editor, &model.look);
    }
    match model.screens.last_mut() {
        Some(Screen::Execution(execution)) => {
            let wishes = Wishes {
                focus: execution.focus,
                grown: execution.grown,
                view: execution.view,
                headline: view::headline_height(execution, width),
                bare_headline: view::bare_headline_height(execution, width),
                rows: execution.subject.tree(execution.place.member).len(),
                numbered: model.keymap.numbers_views(),
            };
            model.layout = Layout::new(width, height, wishes);
            settle_execution(execution, &model.layout);
        }
        Some(Screen::Browser(browser)) => {
            let lines = height.saturating_sub(view::browser_head(browser) + 1).into();
            let (line, len) = (browser.line(), browser.shown().len());
            browser.scroll.show(line, lines, len);
        }
        Some(Screen::Fleet(fleet)) => {
            let groups = fleet.shown().len();
            fleet.settle(super::fleet::heights(height, groups));
        }
        _ => {}
    }
}

fn settle_execution(execution: &mut Execution, layout: &Layout) {
    panel::settle(execution, |preview| view::panel_heights(layout, preview));
    items::settle(execution, layout);
    if let Some(origins) = &mut execution.origins {
        origins.settle(view::origins_size(layout));
    }
    if layout.pane(execution.focus).is_empty() {
        execution.focus = Pane::Main;
    }
    if !layout.data.is_empty() && execution.panel.is_none() {
        execution.find_hint();
    }
    let place = execution.place;
    let history = execution.subject.history(place.member);
    let lines = |pane: Pane| usize::from(layout.inside(layout.pane(pane)).height);
    let list = if execution.lists_events(Pane::Main) { Pane::Main } else { Pane::Events };
    let (row, rows) = (execution.events.row_of(history, place.event), execution.events.len(history));
    execution.events.scroll.show(row, lines(list), rows);
    let tree = &mut execution.tree;
    tree.scroll.show(tree.line(), lines(Pane::Main), tree.folds().visible().len());
    let inside = layout.inside(layout.main);
    match execution.view {
        MainView::Graph => {
            let (width, height) = (inside.width.into(), inside.height.into());
            execution.graph.settle(&execution.subject.graph, &execution.subject.family, place, width, height);
        }
        MainView::Timeline => {
            let (timeline, family) = (&execution.subject.timeline, &execution.subject.family);
            execution.timeline.settle(timeline, family, place, execution.idle_folded, view::lanes_height(layout));
        }
        MainView::Table => execution.table.settle(&execution.subject, place, inside.height.into()),
        MainView::Tree | MainView::Events => {}
    }
    let data = &mut execution.data;
    data.scroll.show(
        data.line(),
        lines(Pane::Data).saturating_sub(view::data_footer(layout)),
        data.folds.visible().len(),
    );
    let columns = view::timeline_columns(layout, history);
    execution.axis.measure(history, execution.subject.failures(place.member), columns);
}
