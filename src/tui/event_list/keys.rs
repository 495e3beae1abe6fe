//! What keys mean to the event list beyond moving in it: filtering, and folding the events of one work.

use super::Filter;
use crate::tui::action::Action;
use crate::tui::execution::Execution;
use crate::tui::model::{Model, Overlay, Screen, Sought};
use crate::tui::msg::Effect;
use crate::tui::pane::{MainView, Pane};

/// Begins to type what the events are filtered by, and shows them for that.
pub(in crate::tui) fn begin_filter(model: &mut Model) -> Vec<Effect> {
    let beside = !model.layout.pane(Pane::Events).is_empty();
    let Screen::Execution(execution) = model.screen_mut() else { return Vec::new() };
    if beside {
        execution.focus = Pane::Events;
    } else {
        execution.view = MainView::Events;
        execution.focus = Pane::Main;
    }
    let before = execution.events.filter().map(|filter| filter.typed().to_owned());
    model.overlay = Some(Overlay::Search(Sought::Events, before.clone().unwrap_or_default(), before));
    Vec::new()
}

/// Filters by what was typed so far.
pub(in crate::tui) fn apply_filter(execution: &mut Execution, typed: &str) {
    let history = execution.subject.history(execution.place.member);
    execution.events.set_filter(Filter::new(typed), history);
    execution.refresh_matches();
}

/// Lists all events again.
pub(in crate::tui) fn clear_filter(execution: &mut Execution) {
    apply_filter(execution, "");
}

/// Folds the events of one work, or of all; `None` when the list has not the focus.
pub(in crate::tui) fn fold(execution: &mut Execution, action: Action) -> Option<Option<String>> {
    if !execution.lists_events(execution.focus) {
        return None;
    }
    let (history, event) = (execution.subject.history(execution.place.member), execution.place.event);
    let told = match action {
        Action::OpenFolds | Action::CloseFolds => {
            execution.events.fold_all(action == Action::CloseFolds, history);
            None
        }
        _ => {
            let toggled = execution.events.toggle(history, event);
            (!toggled).then(|| "This event belongs to no task attempt.".to_owned())
        }
    };
    execution.refresh_matches();
    Some(told)
}
