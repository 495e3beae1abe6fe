//! Where the value under the cursor came from: opening it, moving along the way, going to a place on it.

use super::motion;
use crate::tui::action::Action;
use crate::tui::execution::{Execution, Place};
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Mouse};
use crate::tui::origins::Origins;
use crate::tui::pane::Pane;
use crate::tui::view;

/// Opens the way of the value under the data pane's cursor, if the action asks for it.
pub(super) fn open(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    if !matches!(action, Action::WhereFrom | Action::UsedBy) {
        return None;
    }
    let execution = model.execution_mut()?;
    match execution.spot() {
        Some(spot) => {
            let (subject, home) = (&execution.subject, execution.place);
            execution.origins = Some(match action {
                Action::UsedBy => Origins::forward(subject, home, &spot),
                _ => Origins::back(subject, home, spot),
            });
        }
        None => model.tell("This row is not part of the output."),
    }
    Some(Vec::new())
}

/// Does what an action means while the way of a value is open; `None` when it means what it always means.
pub(super) fn within(model: &mut Model, action: Action, count: Option<u32>) -> Option<Vec<Effect>> {
    let execution = model.execution_mut()?;
    let origins = execution.origins.as_mut()?;
    match action {
        Action::Cancel | Action::Leave => {
            let home = origins.home;
            execution.origins = None;
            execution.look_at(home);
        }
        Action::Enter => enter(execution),
        Action::WhereFrom | Action::UsedBy => return again(model, action),
        Action::YankValue => return Some(yank(model)),
        Action::Quit
        | Action::Suspend
        | Action::Help
        | Action::Palette
        | Action::Problems
        | Action::CycleTheme
        | Action::Grow
        | Action::Shrink => return None,
        _ => {
            let (at, stops) = origins.progress();
            let height = origins.scroll.height().div_ceil(4);
            if let Some(stop) = motion::target(action, count, at - 1, height, stops) {
                origins.select(stop);
                follow(execution);
            }
        }
    }
    Some(Vec::new())
}

/// A click on a stop selects it, a second one goes there; the wheel goes along.
pub(super) fn mouse(model: &mut Model, mouse: Mouse, row: u16) -> Vec<Effect> {
    let top = model.layout.inside(view::origins_area(&model.layout)).y;
    let Some(origins) = model.execution().and_then(|execution| execution.origins.as_ref()) else { return Vec::new() };
    let clicked = row.checked_sub(top).map(|line| usize::from(line) + origins.scroll.top());
    let stop = clicked.and_then(|line| origins.lines().get(line)).map(|line| line.stop);
    let (action, count) = match (mouse, stop) {
        (Mouse::WheelUp, _) => (Action::Up, None),
        (Mouse::WheelDown, _) => (Action::Down, None),
        (Mouse::Click, Some(stop)) if stop == origins.selected() => (Action::Enter, None),
        (Mouse::Click, Some(stop)) if stop > origins.selected() => (Action::Down, Some(stop - origins.selected())),
        (Mouse::Click, Some(stop)) => (Action::Up, Some(origins.selected() - stop)),
        (Mouse::Click, None) => return Vec::new(),
    };
    let count = count.and_then(|count| u32::try_from(count).ok());
    within(model, action, count).unwrap_or_default()
}

/// Lets all panes show where the value was.
fn follow(execution: &mut Execution) {
    let spot = execution.origins.as_ref().and_then(Origins::spot).cloned();
    if let Some(spot) = spot {
        execution.look_at(Place { member: spot.document.member, event: spot.document.event });
    }
}

/// Goes to the place under the cursor: the way back there leads to where one came from.
fn enter(execution: &mut Execution) {
    let Some(origins) = execution.origins.take() else { return };
    let Some(spot) = origins.spot() else { return };
    execution.look_at(origins.home);
    execution.jump(Place { member: spot.document.member, event: spot.document.event });
    execution.show_spot(spot);
    execution.focus = Pane::Data;
}

/// Goes on from the place under the cursor, in the other direction or the same.
fn again(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let execution = model.execution_mut()?;
    let origins = execution.origins.as_ref()?;
    let (spot, home) = (origins.spot()?.clone(), origins.home);
    execution.origins = Some(match action {
        Action::UsedBy => Origins::forward(&execution.subject, home, &spot),
        _ => Origins::back(&execution.subject, home, spot),
    });
    Some(Vec::new())
}

fn yank(model: &mut Model) -> Vec<Effect> {
    let value = model.execution().and_then(|execution| {
        let spot = execution.origins.as_ref()?.spot()?;
        spot.value(execution.subject.story())
    });
    let Some(value) = value else { return Vec::new() };
    model.tell("Copied the value.");
    vec![Effect::Copy(value.to_string())]
}
