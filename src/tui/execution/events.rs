//! The event list.

use super::Scroll;
use crate::event::Event;
use crate::history::History;
use crate::json::rows::Needle;

/// What of the event list is on the screen.
#[derive(Debug, Clone, Default)]
pub struct EventsPane {
    /// The visible part.
    pub scroll: Scroll,
}

impl EventsPane {
    /// Returns the place of the next event (or the one before) whose type, name or error holds a text.
    pub fn find(history: &History, from: usize, needle: &Needle, forward: bool) -> Option<usize> {
        let len = history.events().len();
        let at = |step: usize| if forward { (from + step) % len } else { (from + len - step % len) % len };
        (1..=len).map(at).find(|place| history.events().get(*place).is_some_and(|event| holds(event, needle)))
    }
}

fn holds(event: &Event, needle: &Needle) -> bool {
    let error = event.details.failure().and_then(|failure| failure.error.as_deref());
    needle.is_in(event.kind.name())
        || event.details.name().is_some_and(|name| needle.is_in(name))
        || error.is_some_and(|error| needle.is_in(error))
}
