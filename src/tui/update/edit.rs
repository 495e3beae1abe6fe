//! The person's own editor on what is under the cursor.

use super::replay;
use crate::json::edit::replaced;
use crate::json::layout;
use crate::tui::action::Action;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Draft, Effect};
use crate::tui::outside::{self, Outside, Part};
use crate::tui::replaying::{Change, Editing, Then};

/// Opens what is under the cursor in the editor.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let ticket = model.ticket.next();
    let Screen::Execution(execution) = model.screen_mut() else { return Vec::new() };
    if outside::shows_definition(execution) {
        execution.plan_for(execution.place.member);
        return replay::edit(model, Change::Definition, Then::Menu);
    }
    match Outside::of(execution, ticket) {
        Some(taken) => give(model, taken),
        None => {
            model.tell("There is nothing here to open in an editor.");
            Vec::new()
        }
    }
}

/// Opens a text that is read whole in the editor.
pub(super) fn read(model: &mut Model) -> Vec<Effect> {
    let ticket = model.ticket.next();
    let Some(Overlay::Reader(title, text, _)) = &model.overlay else { return Vec::new() };
    let taken = Outside::to_look_at(title, text.clone(), ticket);
    give(model, taken)
}

fn give(model: &mut Model, (outside, draft): (Outside, Draft)) -> Vec<Effect> {
    let ticket = outside.ticket;
    model.ticket = ticket;
    model.outside = Some(outside);
    vec![Effect::Edit(ticket, draft)]
}

/// Takes in what the editor left: a part of what a replay can be given goes into its plan, all else has happened.
pub(super) fn edited(model: &mut Model, outside: &Outside, written: Result<String, String>) -> Vec<Effect> {
    let text = match written {
        Ok(text) if outside.is_unchanged(&text) => return Vec::new(),
        Ok(text) => text,
        Err(reason) => {
            model.complain(reason);
            return Vec::new();
        }
    };
    let menu = model.key(Action::Replay);
    let is_gone = |part: &Part| model.execution().is_none_or(|execution| !part.is_of(&execution.subject));
    if outside.part.as_ref().is_some_and(is_gone) {
        model.complain("Your change was discarded: its execution is no longer open.");
        return Vec::new();
    }
    let taken = outside.part.as_ref().zip(model.execution_mut()).map(|(part, execution)| {
        execution.plan_for(part.member);
        let base = replay::text(execution, &part.of);
        let whole = base.as_ref().and_then(|base| replaced(base, &part.at, &outside.json(&text)));
        (part, base.zip(whole), part.of.title(execution.plan.history(&execution.subject)))
    });
    match taken {
        None => {
            model.tell(format!(
                "Your change was discarded: this event is already in the past. {menu} replays with other data."
            ));
            Vec::new()
        }
        Some((_, None, title)) => {
            model.complain(format!("The {title} has no such place any more: {menu} shows how it was edited before."));
            Vec::new()
        }
        Some((part, Some((before, whole)), _)) => {
            let ticket = outside.ticket;
            model.editing = Some(Editing { change: part.of.clone(), then: Then::Menu, ticket: Some(ticket), before });
            replay::edited(model, ticket, Ok(layout::pretty(&whole)))
        }
    }
}
