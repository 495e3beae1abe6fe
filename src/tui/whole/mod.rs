//! What the screen shows only in part, read whole: the cause, and the row at the cursor of any list.

mod row;

use super::action::Action;
use super::execution::Execution;
use super::model::{Model, Overlay, Screen};
use super::msg::Effect;
use super::text;
use super::theme::Role;

/// Opens what an action wants to be read whole; `None` when the action is another.
pub(super) fn begin(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Cause => cause(model),
        Action::ReadRow => read_row(model),
        _ => return None,
    }
    Some(Vec::new())
}

/// Opens the cause.
pub(super) fn cause(model: &mut Model) {
    match model.screen() {
        Screen::Execution(_) => model.overlay = Some(Overlay::Cause(0)),
        _ => model.tell("Open an execution to read what went wrong in it."),
    }
}

fn read_row(model: &mut Model) {
    let Screen::Execution(execution) = model.screen() else {
        model.tell("Open an execution to read its rows.");
        return;
    };
    match row::at_cursor(execution) {
        Some((title, text)) => model.overlay = Some(Overlay::Reader(title, text, 0)),
        None => model.tell("There is no row to read here."),
    }
}

/// Returns what went wrong, all of it, in lines of so many columns.
pub(super) fn cause_lines(execution: &Execution, columns: usize) -> Vec<(String, Role)> {
    let headline = &execution.headline;
    let mut lines = Vec::new();
    for (place, line) in headline.lines.iter().enumerate() {
        if place == headline.telling {
            lines.push((String::new(), Role::Text));
        }
        let role = if place < headline.telling { Role::Text } else { Role::Dim };
        lines.extend(text::wrap(line, columns, LONGEST).into_iter().map(|part| (part.trim_end().to_owned(), role)));
    }
    // A message that is plain text stands above already.
    let decoded = headline.cause.as_ref().filter(|cause| headline.lines.get(1) != Some(cause));
    if let Some(decoded) = decoded {
        lines.extend([(String::new(), Role::Text), ("cause, decoded".to_owned(), Role::Title)]);
        let wrapped = text::wrap(decoded, columns, LONGEST);
        lines.extend(wrapped.into_iter().map(|part| (part.trim_end().to_owned(), Role::Text)));
    }
    lines
}

/// The most lines of a text that are shown.
const LONGEST: usize = 20_000;
