//! What each action does.

use super::{
    act, bookmarks, calls, edit, items, keep, live, motion, open, origins, panel, replay, scrub, search, views, yank,
};
use crate::analysis::budget;
use crate::report;
use crate::tui::action::{Action, ENTRIES, Entry, Group};
use crate::tui::event_list;
use crate::tui::execution::Execution;
use crate::tui::fleet;
use crate::tui::live::Acting;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::Effect;
use crate::tui::pane::{MainView, Pane};
use crate::tui::table;
use crate::tui::whole;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

pub(super) fn perform(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    if matches!(model.overlay, Some(Overlay::Calls)) && action != Action::Quit {
        return calls::perform(model, action, count);
    }
    if matches!(model.overlay, Some(Overlay::Bookmarks(_))) {
        return bookmarks::in_list(model, action, count);
    }
    if model.overlay.is_some() {
        return in_overlay(model, action, count);
    }
    if let Some(effects) = whole::begin(model, action).or_else(|| bookmarks::begin(model, action)) {
        return effects;
    }
    if let Some(effects) = panel::within(model, action, count) {
        return effects;
    }
    if let Some(effects) = items::within(model, action, count) {
        return effects;
    }
    if let Some(effects) = origins::within(model, action, count) {
        return effects;
    }
    if let Some(effects) = act::begin(model, action) {
        return effects;
    }
    if let Some(effects) = fleet::perform(model, action, count) {
        return effects;
    }
    match action {
        Action::Fleet => fleet::begin(model),
        Action::Quit => vec![Effect::Quit],
        Action::Suspend => vec![Effect::Suspend],
        Action::Leave => open::leave(model),
        Action::Cancel => cancel(model),
        Action::Refresh => open::refresh(model),
        Action::Help => show(model, Overlay::Help(0)),
        Action::Palette => show(model, Overlay::Palette(String::new(), 0)),
        Action::Problems => show(model, Overlay::Problems(0)),
        Action::Budget => show_budget(model),
        Action::Search => search::begin(model),
        Action::Filter if matches!(model.screen(), Screen::Browser(_)) => search::begin(model),
        Action::Calls => calls::begin(model),
        Action::Keep => keep::begin(model, "sfn.json"),
        Action::Export => keep::begin(model, "html"),
        Action::Follow => live::follow(model),
        Action::CycleTheme => {
            model.look.theme = model.look.theme.next();
            model.tell(format!("Theme: {}.", model.look.theme.name()));
            Vec::new()
        }
        Action::Enter if matches!(model.screen(), Screen::Browser(_)) => open::enter(model),
        _ if matches!(model.screen(), Screen::Browser(_)) => motion::in_browser(model, action, count),
        _ if model.execution().is_some() => on_execution(model, action, count),
        _ => Vec::new(),
    }
}

fn show(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    model.overlay = Some(overlay);
    Vec::new()
}

/// The limits belong to the execution under the cursor.
fn show_budget(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let subject = &execution.subject;
    let now = subject.recording.recorded.at;
    let used = budget(&subject.family, &subject.programs, execution.place.member, now);
    show(model, Overlay::Budget(report::budget_entries(&used), 0))
}

fn on_execution(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    if let Some(effects) = panel::open(model, action) {
        return effects;
    }
    if let Some(effects) = items::open(model, action) {
        return effects;
    }
    if let Some(effects) = origins::open(model, action) {
        return effects;
    }
    if let Some(effects) = yank::yank(model, action) {
        return effects;
    }
    if matches!(action, Action::NextMatch | Action::PreviousMatch) {
        return search::again(model, action == Action::NextMatch);
    }
    match action {
        Action::Edit => return edit::begin(model),
        Action::Filter => return event_list::begin_filter(model),
        Action::Play => return views::play(model),
        Action::PlaySpeed => return views::cycle_speed(model),
        _ => {}
    }
    let panes: Vec<Pane> = model.layout.panes().collect();
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    if let Some(told) = views::within(execution, action, count) {
        if let Some(told) = told {
            model.tell(told);
        }
        return Vec::new();
    }
    let told = match action {
        Action::NextPane => focus(execution, &panes, true),
        Action::PreviousPane => focus(execution, &panes, false),
        Action::CycleView => show_view(execution, execution.view.next()),
        Action::CycleViewBack => show_view(execution, execution.view.previous()),
        Action::ZoomIn | Action::ZoomOut | Action::Centre | Action::PanLeft | Action::PanRight => {
            Some("This is for the graph and the timeline.".to_owned())
        }
        Action::Sort => Some("This is for the table of states.".to_owned()),
        Action::Show(tab) => {
            execution.show(tab);
            None
        }
        Action::Grow => {
            execution.grown = true;
            None
        }
        Action::Shrink => {
            execution.grown = false;
            None
        }
        Action::Enter => return motion::enter(model),
        Action::ToggleFold | Action::OpenFolds | Action::CloseFolds => fold(execution, action),
        Action::ToggleIdle => idle(execution),
        _ => match motion::on_execution(execution, action, count) {
            Some(told) => told,
            None => scrub::scrub(execution, action, count),
        },
    };
    if let Some(told) = told {
        model.tell(told);
    }
    Vec::new()
}

/// Panes that do not fit beside each other take turns.
fn focus(execution: &mut Execution, panes: &[Pane], forward: bool) -> Option<String> {
    let all = [Pane::Main, Pane::Data];
    let panes = if execution.grown || panes.len() < 2 { all.as_slice() } else { panes };
    let at = panes.iter().position(|pane| *pane == execution.focus).unwrap_or(0);
    let step = if forward { 1 } else { panes.len().saturating_sub(1) };
    execution.focus = panes.get((at + step) % panes.len().max(1)).copied().unwrap_or_default();
    None
}

fn show_view(execution: &mut Execution, view: MainView) -> Option<String> {
    execution.view = view;
    execution.focus = Pane::Main;
    None
}

fn idle(execution: &mut Execution) -> Option<String> {
    let did = execution.toggle_idle();
    (!did).then(|| "There is no idle time worth folding.".to_owned())
}

fn fold(execution: &mut Execution, action: Action) -> Option<String> {
    if let Some(told) = event_list::fold(execution, action) {
        return told;
    }
    let tree = execution.subject.tree(execution.place.member);
    match (execution.focus, action) {
        (Pane::Data, Action::OpenFolds) => execution.data.open_all(),
        (Pane::Data, Action::CloseFolds) => execution.data.close_all(),
        (Pane::Data, _) => execution.data.toggle(),
        (_, Action::OpenFolds) => execution.tree.open_all(tree),
        (_, Action::CloseFolds) => execution.tree.close_all(tree),
        (_, _) => execution.tree.toggle(tree),
    }
    None
}

/// Closes what is open, from the top: an overlay, a search, a grown pane, the screen. Never quits.
fn cancel(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = panel::stop(model).or_else(|| live::stop(model)) {
        return effects;
    }
    if model.execution_mut().is_some_and(|execution| execution.timeline.playing.take().is_some()) {
        model.tell("Stopped.");
        return Vec::new();
    }
    if fleet::cancel(model) {
        return Vec::new();
    }
    let is_first = model.screens.len() < 2;
    match model.screen_mut() {
        Screen::Browser(browser) if browser.filter.is_some() => {
            browser.set_filter(None);
            browser.serve_filter();
        }
        Screen::Execution(execution) if execution.search.is_some() => execution.set_search(None),
        Screen::Execution(execution) if execution.lists_filtered() => event_list::clear_filter(execution),
        Screen::Execution(execution) if execution.lists_items() => table::up(execution),
        Screen::Execution(execution) if execution.grown => execution.grown = false,
        _ if !is_first => return open::leave(model),
        _ => {
            let leave = model.key(Action::Leave);
            model.tell(format!("There is nothing to close. {leave} quits."));
        }
    }
    Vec::new()
}

fn in_overlay(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    let page = usize::from(model.size.1.saturating_sub(6)).max(1);
    let times = count.map_or(1, |count| count as usize);
    if action == Action::Quit {
        return vec![Effect::Quit];
    }
    if let Some(effects) = replay::in_overlay(model, action, count) {
        return effects;
    }
    if matches!(model.overlay, Some(Overlay::Help(_))) && matches!(action, Action::Search | Action::Palette) {
        return show(model, Overlay::Palette(String::new(), 0));
    }
    if matches!(model.overlay, Some(Overlay::Reader(..))) && action == Action::Edit {
        return edit::read(model);
    }
    if let Some(Overlay::Search(sought, _, before)) = &mut model.overlay
        && action == Action::Cancel
    {
        let (sought, before) = (*sought, before.take());
        model.overlay = None;
        return search::restore(model, sought, before);
    }
    if let Some(Overlay::Reader(_, text, _)) = &model.overlay
        && action == Action::YankValue
    {
        let text = text.clone();
        model.tell("Copied the text.");
        return vec![Effect::Copy(text)];
    }
    if matches!(model.overlay, Some(Overlay::Cause(_)))
        && let Some(effects) = yank::yank(model, if action == Action::YankValue { Action::YankCause } else { action })
    {
        return effects;
    }
    let lines = super::view::overlay_lines(model);
    let Some(top) = model.overlay.as_mut().and_then(Overlay::top) else {
        model.overlay = None;
        return Vec::new();
    };
    *top = match action {
        Action::Down => top.saturating_add(times),
        Action::Up => top.saturating_sub(times),
        Action::HalfPageDown => *top + page / 2,
        Action::HalfPageUp => top.saturating_sub(page / 2),
        Action::PageDown => *top + page,
        Action::PageUp => top.saturating_sub(page),
        Action::First => 0,
        Action::Last => usize::MAX,
        Action::Cancel
        | Action::Leave
        | Action::Help
        | Action::Problems
        | Action::Budget
        | Action::Cause
        | Action::ReadRow
        | Action::Enter => {
            model.overlay = None;
            return Vec::new();
        }
        Action::CycleTheme => {
            model.look.theme = model.look.theme.next();
            return Vec::new();
        }
        Action::Suspend => return vec![Effect::Suspend],
        _ => return Vec::new(),
    };
    *top = (*top).min(lines);
    Vec::new()
}

/// Returns the actions that what was typed may mean, the likeliest first: by the letters of their names, or by the words
/// of their sentences.
pub(in crate::tui) fn palette(typed: &str, acting: Acting) -> Vec<&'static Entry> {
    let typed = typed.trim().replace('-', " ");
    let pattern = Pattern::parse(&typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let words = typed.to_lowercase();
    let mut rank = |entry: &&Entry| {
        let said = !words.is_empty() && entry.sentence.to_lowercase().contains(&words);
        let named = pattern.score(Utf32Str::new(entry.name, &mut letters), &mut matcher);
        // A name that was meant weighs more than a sentence in which the words happen to stand.
        named.map(|score| score.saturating_mul(2) + 1).max(said.then_some(1))
    };
    let possible = ENTRIES.iter().filter(|entry| acting == Acting::Allowed || entry.group != Group::Act);
    let mut found: Vec<_> = possible.filter_map(|entry| Some((rank(&entry)?, entry))).collect();
    found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    found.into_iter().map(|(_, entry)| entry).collect()
}

pub(super) fn select_in_palette(model: &mut Model, down: bool) {
    if let Some(Overlay::Palette(typed, selected)) = &mut model.overlay {
        let len = palette(typed, model.acting).len().max(1);
        *selected = if down { (*selected + 1) % len } else { (*selected + len - 1) % len };
    }
}

/// Runs what is selected; a number goes to the event of that id.
pub(super) fn run_from_palette(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Palette(typed, selected)) = model.overlay.take() else { return Vec::new() };
    if let Ok(number) = typed.trim().parse() {
        return perform(model, Action::Last, Some(number));
    }
    match palette(&typed, model.acting).get(selected) {
        Some(entry) => perform(model, entry.action, None),
        None => {
            model.complain(format!("There is no action called {typed}."));
            Vec::new()
        }
    }
}
