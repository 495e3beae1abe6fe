//! Opening things and leaving them.

use crate::history::MemberId;
use crate::tui::action::Action;
use crate::tui::browser::{Browser, Listing, Source};
use crate::tui::execution::{Execution, Place};
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, Found, Target, Ticket, Trouble};
use std::sync::Arc;

/// Puts what was opened on the screen, unless something else was asked for since.
pub(super) fn opened(model: &mut Model, ticket: Ticket, found: Result<Found, Trouble>) -> Vec<Effect> {
    let Some(opening) = model.opening.take_if(|opening| opening.ticket == ticket) else { return Vec::new() };
    let screen = match found {
        Ok(found) => screen(found, &opening.target),
        Err(trouble) if matches!(model.screen(), Screen::Opening) => Screen::Broken(trouble),
        Err(trouble) => {
            let hint = trouble.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
            model.complain(format!("{}{hint}", trouble.message));
            return Vec::new();
        }
    };
    let screen = match (screen, model.screen()) {
        (Screen::Execution(new), Screen::Execution(old)) if opening.again => {
            let mut new = new;
            new.take_after(old);
            Screen::Execution(new)
        }
        (screen, _) => screen,
    };
    if opening.again {
        model.screens.pop();
    }
    warn(model, &screen);
    let mut screen = screen;
    if let (Screen::Execution(execution), Some(event)) = (&mut screen, model.begin_at.take()) {
        execution.jump(Place { member: MemberId::ROOT, event });
    }
    model.screens.push(screen);
    Vec::new()
}

/// Says at once when a recording is not to be trusted in full.
fn warn(model: &mut Model, screen: &Screen) {
    let Screen::Execution(execution) = screen else { return };
    let key = model.key(Action::Problems);
    let anomalies = execution.history().anomalies().len();
    if let Some(damage) = execution.subject.recording.damage.first() {
        model.complain(format!("{damage} {key} shows more."));
    } else if anomalies > 0 {
        let things = if anomalies == 1 { "One thing".to_owned() } else { format!("{anomalies} things") };
        model.complain(format!("{things} in this history cannot be as AWS writes it; {key} shows what."));
    }
}

fn screen(found: Found, target: &Target) -> Screen {
    match found {
        Found::One(subject) => Screen::Execution(Box::new(Execution::new(Arc::new(*subject)))),
        Found::Several(subjects) => {
            let title = format!("{} executions in {}", subjects.len(), target.spelled());
            Screen::Browser(Browser::of_subjects(title, subjects))
        }
        Found::Folder(title, listings) => Screen::Browser(Browser::new(title, target.clone(), listings)),
    }
}

pub(super) fn listed(model: &mut Model, ticket: Ticket, listings: Result<Vec<Listing>, Trouble>) -> Vec<Effect> {
    if model.ticket != ticket {
        return Vec::new();
    }
    match (model.screen_mut(), listings) {
        (Screen::Browser(browser), Ok(listings)) => browser.renew(listings),
        (_, Ok(_)) => {}
        (_, Err(trouble)) => model.complain(trouble.message),
    }
    Vec::new()
}

/// Opens what the cursor of the browser is on.
pub(super) fn enter(model: &mut Model) -> Vec<Effect> {
    let Screen::Browser(browser) = model.screen_mut() else { return Vec::new() };
    if let Some(subject) = browser.subject() {
        model.screens.push(Screen::Execution(Box::new(Execution::new(subject))));
        return Vec::new();
    }
    match browser.selected().map(|listing| (listing.target.clone(), listing.summary.clone())) {
        Some((_, Err(problem))) => {
            model.complain(problem);
            Vec::new()
        }
        Some((target, Ok(_))) => vec![model.open(target, false)],
        None => Vec::new(),
    }
}

/// Goes back to the screen before; from the first one, out.
pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    model.opening = None;
    if model.screens.len() < 2 {
        return vec![Effect::Quit];
    }
    let effects = super::panel::forget(model);
    model.screens.pop();
    effects
}

/// Reads the shown thing again.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    let target = match model.screen() {
        Screen::Execution(execution) => execution.subject.target.clone(),
        Screen::Browser(Browser { source: Source::Target(target), .. }) => target.clone(),
        _ => return Vec::new(),
    };
    if target == Target::Stdin {
        model.tell("Standard input can be read only once.");
        return Vec::new();
    }
    let effect = match (model.screen(), target) {
        (Screen::Browser(_), Target::Path(path)) => {
            model.ticket = model.ticket.next();
            Effect::List(model.ticket, path)
        }
        (_, target) => model.open(target, true),
    };
    model.tell("Read again.");
    vec![effect]
}
