//! The answer to a question that cannot be asked.

use crate::tui::live::{Acted, Came};
use crate::tui::{Effect, Msg, Trouble};

/// Returns what is said when nothing can be done about an effect. Nothing is left waiting for an answer.
pub(super) fn refused(effect: Effect, trouble: &Trouble) -> Vec<Msg> {
    let trouble = trouble.clone();
    match effect {
        Effect::Connect => vec![Msg::Connected(Err(trouble))],
        Effect::Page(ticket, ..) => vec![Msg::Paged(ticket, Err(trouble))],
        Effect::Tell(lives) => lives.into_iter().map(|live| Msg::Told(live, None)).collect(),
        Effect::Open(ticket, _) | Effect::Resume(ticket, _) | Effect::Follow(ticket, _) => {
            vec![Msg::Came(ticket, Came::Broken(trouble))]
        }
        Effect::Prepare(ticket, ..) => vec![Msg::Prepared(ticket, Err(trouble))],
        Effect::Compare(ticket, _) => vec![Msg::Compared(ticket, Err(trouble))],
        Effect::Act(ticket, ..) => vec![Msg::Acted(ticket, Acted::Not(trouble))],
        _ => Vec::new(),
    }
}
