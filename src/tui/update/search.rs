//! Looking for text in the focused pane, and filtering lists.

use crate::analysis::graph::Node;
use crate::analysis::timeline::Lane;
use crate::json::rows::Needle;
use crate::tui::browser::Filter;
use crate::tui::event_list;
use crate::tui::execution::{Execution, Place};
use crate::tui::model::{Model, Overlay, Screen, Sought};
use crate::tui::msg::Effect;
use crate::tui::pane::{MainView, Pane};
use crate::tui::table;
use crate::tui::view;

pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let before = match model.screen() {
        Screen::Browser(browser) => browser.filter.as_ref().map(|filter| filter.typed().to_owned()),
        Screen::Execution(execution) => match &execution.panel {
            Some(panel) => panel.search.as_ref().map(|needle| needle.text().to_owned()),
            None => match &execution.items {
                Some(items) => items.search.as_ref().map(|needle| needle.text().to_owned()),
                None => execution.search.as_ref().map(|(_, needle)| needle.text().to_owned()),
            },
        },
        Screen::Fleet(fleet) => fleet.filter.clone(),
        _ => return Vec::new(),
    };
    model.overlay = Some(Overlay::Search(Sought::Here, String::new(), before));
    Vec::new()
}

/// Takes in what is typed so far: lists are filtered, matches marked while one types.
pub(super) fn typed(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Search(sought, text, _)) = &model.overlay else { return Vec::new() };
    let (sought, text) = (*sought, text.clone());
    set(model, sought, &text);
    Vec::new()
}

/// Ends the typing and goes to the first match.
pub(super) fn finish(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Search(sought, text, before)) = model.overlay.take() else { return Vec::new() };
    if sought == Sought::Events {
        set(model, sought, &text);
        return Vec::new();
    }
    // An empty search looks for the same again, as in every pager.
    let text = if text.is_empty() { before.unwrap_or_default() } else { text };
    set(model, sought, &text);
    match model.screen_mut() {
        Screen::Execution(execution) if execution.is_searching() => return again(model, true),
        Screen::Browser(browser) => {
            browser.serve_filter();
            let problems = browser.filter.as_ref().map(|filter| filter.problems().join(" ")).unwrap_or_default();
            if !problems.is_empty() {
                model.complain(problems);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Looks for what was looked for before the typing began.
pub(super) fn restore(model: &mut Model, sought: Sought, before: Option<String>) -> Vec<Effect> {
    set(model, sought, &before.unwrap_or_default());
    Vec::new()
}

fn set(model: &mut Model, sought: Sought, text: &str) {
    match model.screen_mut() {
        Screen::Execution(execution) if sought == Sought::Events => event_list::apply_filter(execution, text),
        Screen::Browser(browser) => browser.set_filter(Filter::new(text)),
        Screen::Fleet(fleet) => fleet.set_filter(text),
        Screen::Execution(execution) => match (&mut execution.panel, &mut execution.items) {
            (Some(panel), _) => panel.search = Needle::new(text),
            (None, Some(items)) => items.search = Needle::new(text),
            (None, None) => execution.set_search(Needle::new(text)),
        },
        _ => {}
    }
}

/// Goes to the next match, or the one before.
pub(super) fn again(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    if let Some(panel) = &mut execution.panel {
        let found = panel.find(forward);
        let sought = panel.search.as_ref().map(|needle| needle.text().to_owned()).unwrap_or_default();
        if !found {
            model.complain(format!("No matches for {sought}."));
        }
        return Vec::new();
    }
    if let Some(items) = &mut execution.items {
        let found = items.find(forward);
        let sought = items.search.as_ref().map(|needle| needle.text().to_owned()).unwrap_or_default();
        if !found {
            model.complain(format!("No matches for {sought}."));
        }
        return Vec::new();
    }
    let Some((pane, needle)) = execution.search.clone() else {
        model.tell("Nothing to repeat: search with / first.");
        return Vec::new();
    };
    let found = match pane {
        Pane::Data => in_data(execution, forward),
        pane if execution.lists_events(pane) => in_events(execution, forward),
        Pane::Main if execution.view == MainView::Table => table::find(execution, &needle, forward),
        Pane::Main if execution.view == MainView::Graph => in_graph(execution, &needle, forward),
        Pane::Main if execution.view == MainView::Timeline => on_timeline(execution, &needle, forward),
        _ => in_tree(execution, &needle, forward),
    };
    if !found {
        model.complain(format!("No matches for {}.", needle.text()));
    }
    Vec::new()
}

fn in_data(execution: &mut Execution, forward: bool) -> bool {
    let Some(row) = execution.data.next_match(forward) else { return false };
    execution.data.select_row(row);
    true
}

fn in_events(execution: &mut Execution, forward: bool) -> bool {
    let found = execution.events.next_match(execution.history(), execution.place.event, forward);
    let Some(event) = found else { return false };
    execution.jump(Place { event, ..execution.place });
    true
}

/// Selects the next state of the machine, reached or not.
fn in_graph(execution: &mut Execution, needle: &Needle, forward: bool) -> bool {
    let graph = &execution.subject.graph;
    let holds = |node: &Node| needle.is_in(&node.name) || needle.is_in(node.kind.name());
    let found = execution.graph.find(graph, holds, forward);
    if let Some(node) = found {
        execution.graph.reveal(graph, node);
    }
    found.is_some()
}

/// Goes to the next visit in the order of the lanes, by its name or that of its lane.
fn on_timeline(execution: &mut Execution, needle: &Needle, forward: bool) -> bool {
    let subject = &execution.subject;
    let holds =
        |lane: &Lane, first: bool, name: &str| needle.is_in(name) || (first && needle.is_in(&subject.lane_name(lane)));
    let found = subject.timeline.find(&subject.family, execution.place, holds, forward);
    if let Some(place) = found {
        execution.jump(place);
    }
    found.is_some()
}

fn in_tree(execution: &mut Execution, needle: &Needle, forward: bool) -> bool {
    let tree = execution.subject.tree(execution.place.member);
    let words = |node: &crate::tui::execution::Node| view::words(execution, node);
    let Some(row) = execution.tree.find(tree, words, needle, forward) else { return false };
    let from = execution.place;
    execution.tree.select_row(tree, row);
    if let Some(event) = tree.get(row).map(|node| node.first) {
        execution.trail.left(from);
        execution.go(event);
    }
    true
}
