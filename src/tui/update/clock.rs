//! The time that passes while something goes on: it is asked for as long as that is on the screen.

use crate::event::Timestamp;
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, Ticket};

/// Takes in what time it is.
pub(super) fn passed(model: &mut Model, ticket: Ticket, now: Timestamp) -> Vec<Effect> {
    if model.clock != (ticket, true) {
        return Vec::new();
    }
    model.clock.1 = false;
    model.now = Some(now);
    if let Some(execution) = model.execution_mut().filter(|execution| execution.grows_older()) {
        execution.tell_time(Some(now));
    }
    Vec::new()
}

/// Asks for the next second while the screen shows something that grows older.
pub(super) fn wish(model: &mut Model) -> Option<Effect> {
    let wanted = match model.screen() {
        Screen::Execution(execution) => execution.grows_older(),
        Screen::Browser(browser) => browser.grows_older(),
        Screen::Opening | Screen::Broken(_) | Screen::Fleet(_) => false,
    };
    if !wanted || model.clock.1 {
        return None;
    }
    model.clock = (model.clock.0.next(), true);
    Some(Effect::Clock(model.clock.0))
}
