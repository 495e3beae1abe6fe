//! The items of a Map over the middle of the screen: opening them, moving among them, going to one.

use super::{motion, open, panel as panels};
use crate::analysis::fleet::{Gap, MapPlace, Spot, Survey};
use crate::event::StateType;
use crate::report;
use crate::tui::action::Action;
use crate::tui::execution::{Execution, Work};
use crate::tui::items::{Items, Says};
use crate::tui::layout::Layout;
use crate::tui::live::Live;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::{Asked, Effect, Mouse, Target, Ticket};
use crate::tui::{panel, view};
use std::sync::Arc;

/// Rows one notch of the wheel moves.
const NOTCH: usize = 3;

/// Opens the items of the Map around the cursor, if the action asks for it.
pub(super) fn open(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    if action != Action::MapItems {
        return None;
    }
    let execution = model.execution_mut()?;
    let Some(map) = map_of(execution) else {
        model.tell("There is no Map here whose items could be shown.");
        return Some(Vec::new());
    };
    if let Some(known) = execution.put_away.take_if(|items| items.is_of(map)) {
        execution.items = Some(known);
        return Some(Vec::new());
    }
    Some(look(model, map))
}

/// The Map around the cursor, or else the one in which it went wrong, or else the only one there is.
fn map_of(execution: &Execution) -> Option<MapPlace> {
    let (family, place) = (&execution.subject.family, execution.place);
    let here = || Survey::around(family, place.member, place.event);
    let findings = || {
        let diagnosis = &execution.subject.diagnosis;
        let places =
            diagnosis.causes.iter().chain(&diagnosis.others).flat_map(|it| it.through.iter().chain([&it.place]));
        places.into_iter().find_map(|place| Survey::around(family, place.execution, place.event))
    };
    let only = || {
        let maps = execution.history().visits().filter(|(_, visit)| visit.kind == StateType::Map);
        let mut maps = maps.map(|(visit, _)| MapPlace { execution: place.member, visit: Some(visit) });
        maps.next().filter(|_| maps.next().is_none())
    };
    here().or_else(findings).or_else(only)
}

/// Looks at the items at once or, when they are much to look at, in the background.
fn look(model: &mut Model, map: MapPlace) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    if Items::is_long(&execution.subject, map) {
        return panels::ask(model, Work::Items(map));
    }
    let items = Items::of(&execution.subject, map);
    show(execution, items);
    Vec::new()
}

/// Shows items that were looked at in the background, unless something else was asked for since.
/// Of an execution of which more has come meanwhile they are shown too, until it is looked at again.
pub(super) fn surveyed(model: &mut Model, ticket: Ticket, asked: &Asked, mut items: Items) -> Vec<Effect> {
    if let Some(execution) = model.execution_mut()
        && execution.waiting.take_if(|waiting| waiting.ticket == ticket).is_some()
    {
        if !Arc::ptr_eq(&execution.subject, &asked.0) {
            items.grow_stale();
        }
        show(execution, items);
    }
    Vec::new()
}

fn show(execution: &mut Execution, items: Items) {
    let older = execution.items.take().filter(|older| older.home == items.home);
    execution.items = Some(match older {
        Some(older) => items.after(&older),
        None => items,
    });
}

/// Looks again at the items on the screen when more is known of the execution, as soon as nothing else is waited for.
/// Items of an execution that other screens lie over are looked at when it comes to the front.
pub(super) fn catch_up(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution_mut().filter(|execution| execution.waiting.is_none()) else {
        return Vec::new();
    };
    let Some(items) = &mut execution.items else { return Vec::new() };
    if !items.take_stale() {
        return Vec::new();
    }
    let home = items.home;
    match Survey::around(&execution.subject.family, home.member, home.event) {
        Some(map) => look(model, map),
        None => Vec::new(),
    }
}

/// Does what an action means while items are shown; `None` when it means what it always means.
pub(super) fn within(model: &mut Model, action: Action, count: Option<u32>) -> Option<Vec<Effect>> {
    let waiting = model.execution()?.waiting.is_some();
    let execution = model.execution_mut()?;
    let items = execution.items.as_mut()?;
    let told = match (action, count) {
        (Action::Cancel, _) if waiting => return panels::stop(model),
        (Action::Cancel, _) if items.search.is_some() => {
            items.search = None;
            None
        }
        (Action::Cancel | Action::Leave | Action::MapItems, _) => {
            execution.put_away = execution.items.take();
            None
        }
        (Action::Enter, _) => return Some(enter(model)),
        (Action::Mark, _) => return Some(mark(model)),
        (Action::DiffHere, _) => return Some(diff(model)),
        (Action::YankValue, _) => return Some(yank(model)),
        (Action::ToggleFold | Action::Left | Action::Right, _) => {
            items.toggle();
            None
        }
        (Action::OpenFolds, _) => {
            items.open_all();
            None
        }
        (Action::CloseFolds, _) => {
            items.close_all();
            None
        }
        (Action::Parent, _) => (!items.up()).then_some("This is the outermost row."),
        (Action::NextMatch | Action::PreviousMatch, _) if items.search.is_some() => {
            return Some(super::search::again(model, action == Action::NextMatch));
        }
        (Action::NextFailure, _) => (!items.step_failure(true)).then_some("No item failed after this one."),
        (Action::PreviousFailure, _) => (!items.step_failure(false)).then_some("No item failed before this one."),
        (Action::NextIteration, _) => (!items.step_group(true)).then_some("This is the last group."),
        (Action::PreviousIteration, _) => (!items.step_group(false)).then_some("This is the first group."),
        (Action::Last, Some(number)) => {
            (!items.go_to(number.into())).then_some("No item of that number is in the recording.")
        }
        (
            Action::Quit
            | Action::Suspend
            | Action::Help
            | Action::Palette
            | Action::Search
            | Action::Problems
            | Action::Budget
            | Action::Calls
            | Action::Keep
            | Action::Follow
            | Action::Refresh
            | Action::CycleTheme
            | Action::DiffRuns
            | Action::Replay,
            _,
        ) => return None,
        _ => {
            let (line, height, len) = (items.line(), items.scroll.height(), items.folds().visible().len());
            if let Some(line) = motion::target(action, count, line, height, len) {
                items.select_line(line);
            }
            None
        }
    };
    if let Some(told) = told {
        model.tell(told);
    }
    Some(Vec::new())
}

/// A click selects, and enters what is selected already; the wheel moves.
pub(super) fn mouse(model: &mut Model, layout: &Layout, mouse: Mouse, row: u16) -> Vec<Effect> {
    let Some(items) = model.execution_mut().and_then(|execution| execution.items.as_mut()) else { return Vec::new() };
    let body = view::items_body(layout);
    match mouse {
        Mouse::WheelUp => items.select_line(items.line().saturating_sub(NOTCH)),
        Mouse::WheelDown => items.select_line(items.line() + NOTCH),
        Mouse::Click if row < body.y || row >= body.bottom() => {}
        Mouse::Click => {
            let line = usize::from(row - body.y) + items.scroll.top();
            if line == items.line() {
                return enter(model);
            }
            items.select_line(line);
        }
    }
    Vec::new()
}

/// Goes to where an item failed or began, unfolds a group, or shows a text whole.
fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    let Some(items) = &mut execution.items else { return Vec::new() };
    match items.selected() {
        Some(Says::Item(_, item)) => match items.place(*item) {
            Some(place) => {
                execution.put_away = execution.items.take();
                execution.jump(place);
            }
            None => return outside(model),
        },
        Some(Says::Group(_) | Says::Head(_)) => items.toggle(),
        Some(Says::Told(_) | Says::Plain(_)) if items.survey.gap == Some(Gap::Children) => return outside(model),
        Some(Says::Told(words) | Says::Plain(words)) => {
            let title = format!("items of {}", items.survey.map);
            model.overlay = Some(Overlay::Reader(title, words.to_string(), 0));
        }
        None => {}
    }
    Vec::new()
}

/// Goes to what is not in the recording: in AWS, if that is where the execution was opened from.
fn outside(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let Some(items) = &execution.items else { return Vec::new() };
    let Target::Live(Live { site, .. }) = execution.subject.target else {
        let gap = items.survey.gap.unwrap_or(Gap::Children);
        let words = match gap {
            Gap::Children => report::gap_words(Some(gap)).join(" "),
            Gap::Inputs => {
                "Its events are not in the recording; stepback record --children all ARN fetches them.".to_owned()
            }
        };
        model.tell(words);
        return Vec::new();
    };
    let child = items.item().and_then(|item| match items.get(item)?.1.spot {
        Spot::Child(member) => execution.subject.title(member).arn.clone(),
        Spot::Iteration(_) => None,
    });
    if let Some(arn) = child {
        return vec![model.open(Target::Live(Live { site, arn }), false)];
    }
    let MapPlace { execution, visit: Some(map) } = items.survey.of else { return Vec::new() };
    open::list_children(model, site, execution, map).unwrap_or_default()
}

/// Marks the item under the cursor; the second mark compares it with the first.
fn mark(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    let Some(items) = &execution.items else { return Vec::new() };
    let here = items.item().and_then(|item| Some((item, items.place(item)?)));
    let Some((item, place)) = here else {
        model.tell("None of its events are recorded, so there is nothing to compare.");
        return Vec::new();
    };
    match execution.mark.take() {
        Some(mark) if mark == place => model.tell("Mark removed."),
        Some(mark) => match items.item_at(mark) {
            Some(other) => compare(model, [other, item]),
            None => {
                let panel = panel::marked(&execution.subject, mark, place);
                panels::show(model, panel);
            }
        },
        None => {
            let label = items.get(item).map(|(item, _)| item.label.clone()).unwrap_or_default();
            execution.mark = Some(place);
            let key = model.key(Action::Mark);
            model.tell(format!("Marked item {label}; {key} at another one compares the two."));
        }
    }
    Vec::new()
}

/// Compares the item under the cursor with the nearest one that went the other way.
fn diff(model: &mut Model) -> Vec<Effect> {
    let Some(items) = model.execution().and_then(|execution| execution.items.as_ref()) else { return Vec::new() };
    let Some(item) = items.item() else { return Vec::new() };
    let failed = items.get(item).is_some_and(|(item, _)| item.outcome.is_failed());
    match items.survey.counterpart(item) {
        Some(other) if failed => compare(model, [other, item]),
        Some(other) => compare(model, [item, other]),
        None if failed => model.tell("There is no succeeded item to compare with."),
        None => model.tell("There is no failed item to compare with."),
    }
    Vec::new()
}

fn compare(model: &mut Model, pair: [usize; 2]) {
    let Some(execution) = model.execution() else { return };
    let Some(items) = &execution.items else { return };
    let panel = panel::items(&execution.subject, &items.survey, pair);
    panels::show(model, panel);
}

fn yank(model: &mut Model) -> Vec<Effect> {
    let Some(items) = model.execution().and_then(|execution| execution.items.as_ref()) else { return Vec::new() };
    let input = items.item().and_then(|item| items.get(item)?.0.input.as_ref());
    let Some(text) = input.map(|input| input.text().to_owned()) else {
        model.tell("Its input is not recorded.");
        return Vec::new();
    };
    model.tell("Copied the item's input.");
    vec![Effect::Copy(text)]
}

/// Brings the cursor into view.
pub(super) fn settle(execution: &mut Execution, layout: &Layout) {
    if let Some(items) = &mut execution.items {
        items.set_mark(execution.mark);
        let lines = view::items_body(layout).height.into();
        items.scroll.show(items.line(), lines, items.folds().visible().len());
    }
}
