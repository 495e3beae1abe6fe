//! Opening things and leaving them.

use super::live;
use crate::history::{AttemptId, History, MemberId, VisitId, nested_tasks};
use crate::tui::action::Action;
use crate::tui::browser::{Browser, Listing, Of, Row, Source};
use crate::tui::execution::{Execution, Place, What};
use crate::tui::layout::NARROW;
use crate::tui::live::{Live, SiteId};
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, Found, Target, Ticket, Trouble};
use crate::tui::whole;
use std::sync::Arc;

/// Puts what was opened on the screen, unless something else was asked for since.
pub(super) fn opened(model: &mut Model, ticket: Ticket, found: Result<Found, Trouble>) -> Vec<Effect> {
    let Some(opening) = model.opening.take_if(|opening| opening.ticket == ticket) else { return Vec::new() };
    let screen = match found {
        Ok(found) => screen(found, &opening.target),
        Err(trouble) if matches!(model.screen(), Screen::Opening | Screen::Broken(_)) => Screen::Broken(trouble),
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
        (Screen::Fleet(mut new), Screen::Fleet(old)) if opening.again => {
            new.take_after(old);
            Screen::Fleet(new)
        }
        (screen, _) => screen,
    };
    let reloads = opening.again && model.execution().is_some();
    if opening.again {
        model.screens.pop();
    }
    model.screens.push(screen);
    begin_at(model);
    // There is no room for the cause beside the states.
    if !reloads && model.size.0 < NARROW && model.begin_at.is_none() && model.execution().is_some() {
        whole::cause(model);
    }
    // Of an execution from AWS the middle may still be on its way.
    if !matches!(opening.target, Target::Live(_))
        && let Some(words) = oddities(model)
    {
        model.complain(words);
    }
    live::put_account_beside(model);
    Vec::new()
}

/// Goes to the event the person wants to begin at, as soon as it is there.
pub(super) fn begin_at(model: &mut Model) {
    let Some(event) = model.begin_at else { return };
    let Some(execution) = model.execution_mut() else { return };
    let partial = execution.fetch.as_ref().is_some_and(|fetch| fetch.stage.is_partial());
    let there = execution.subject.history(MemberId::ROOT).event(event).is_some();
    execution.jump(Place { member: MemberId::ROOT, event });
    if there || !partial {
        model.begin_at = None;
    }
}

/// Returns what to say at once when a recording is not to be trusted in full.
pub(super) fn oddities(model: &Model) -> Option<String> {
    let execution = model.execution()?;
    let key = model.key(Action::Problems);
    let anomalies = execution.history().anomalies().len();
    let damage = execution.subject.recording.damage.first().map(|damage| format!("{damage} {key} shows more."));
    damage.or_else(|| {
        let things = if anomalies == 1 { "One thing".to_owned() } else { format!("{anomalies} things") };
        (anomalies > 0).then(|| format!("{things} in this history cannot be as AWS writes it; {key} shows what."))
    })
}

fn screen(found: Found, target: &Target) -> Screen {
    match found {
        Found::One(subject) => Screen::Execution(Box::new(Execution::new(Arc::new(*subject)))),
        Found::Several(subjects) => {
            let title = format!("{} executions in {}", subjects.len(), target.spelled());
            Screen::Browser(Box::new(Browser::of_subjects(title, subjects)))
        }
        Found::Folder(title, listings) => Screen::Browser(Box::new(Browser::new(title, target.clone(), listings))),
        Found::Fleet(fleet) => Screen::Fleet(fleet),
        Found::Account(title, of, site) => Screen::Browser(Box::new(Browser::of_account(title, of, vec![site]))),
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
    match browser.selected().map(|listing| (listing.target.clone(), listing.row.clone())) {
        Some((_, Row::Unreadable(problem))) => {
            model.complain(problem);
            Vec::new()
        }
        Some((Target::Live(live), Row::Machine(machine))) => {
            let express = machine.kind == "EXPRESS";
            let of = if express { Of::Express(live.arn) } else { Of::Executions(live.arn) };
            let list = Browser::of_account(machine.name, of, vec![live.site]);
            model.screens.push(Screen::Browser(Box::new(list)));
            Vec::new()
        }
        Some((target, _)) => vec![model.open(target, false)],
        None => Vec::new(),
    }
}

/// Goes into executions the row under the cursor started, when they are not at hand but in AWS: the list of a map
/// run's, or the one a task started.
pub(super) fn descend(model: &mut Model) -> Option<Vec<Effect>> {
    let execution = model.execution()?;
    let Target::Live(Live { site, .. }) = execution.subject.target else { return None };
    let tree = execution.subject.tree(execution.place.member);
    let (visit, attempt) = match tree.get(execution.tree.selected())?.what {
        What::Visit(visit) => (visit, execution.history().visit(visit).attempts.last().copied()),
        What::Attempt(attempt) => (execution.history().attempt(attempt).visit, Some(attempt)),
        What::Started(member) if execution.subject.history(member).events().is_empty() => {
            let arn = execution.subject.title(member).arn.clone()?;
            return Some(vec![model.open(Target::Live(Live { site, arn }), false)]);
        }
        _ => return None,
    };
    let member = execution.place.member;
    let family = &execution.subject.family;
    let known = family.items_of(member, visit).next().is_some()
        || attempt.is_some_and(|attempt| family.nested_in(member, attempt).next().is_some());
    if known {
        return None;
    }
    let history = execution.history();
    if history.visit(visit).map_run_arn.is_some() {
        return list_children(model, site, member, visit);
    }
    let arn = started_by(history, visit, attempt?)?;
    Some(vec![model.open(Target::Live(Live { site, arn }), false)])
}

/// Lists the executions of a Map Run that are in AWS.
pub(super) fn list_children(
    model: &mut Model,
    site: Option<SiteId>,
    member: MemberId,
    map: VisitId,
) -> Option<Vec<Effect>> {
    let visit = model.execution()?.subject.history(member).visit(map);
    let run = visit.map_run_arn.as_deref()?.to_owned();
    let title = format!("map run of {}", visit.name);
    let list = Browser::of_account(title, Of::Children(run), vec![site]);
    model.screens.push(Screen::Browser(Box::new(list)));
    Some(Vec::new())
}

/// Returns the ARN of the execution an attempt of a task started.
fn started_by(history: &History, visit: VisitId, attempt: AttemptId) -> Option<String> {
    let started = nested_tasks(history).into_iter().find(|(_, task)| *task == (visit, attempt));
    started.map(|(arn, _)| arn.to_string())
}

/// Goes back to the screen before; from the first one, out.
pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    let from_afar = |target: &Target| match target {
        Target::Live(_) => true,
        Target::Fleet(crowd) => crowd.is_live(),
        _ => false,
    };
    let opening = model.opening.take().filter(|opening| from_afar(&opening.target));
    if model.screens.len() < 2 {
        return vec![Effect::Quit];
    }
    let mut effects = super::panel::forget(model);
    effects.extend(live::forget(model));
    effects.extend(opening.map(|opening| Effect::Stop(opening.ticket)));
    model.screens.pop();
    effects
}

/// Reads the shown thing again.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = live::resume(model) {
        return effects;
    }
    if let Screen::Browser(browser) = model.screen_mut()
        && browser.feeds().is_some()
    {
        browser.read_again();
        model.telling.clear();
        return Vec::new();
    }
    if let (Screen::Broken(_), Some(target)) = (model.screen(), model.wanted.clone()) {
        *model.screen_mut() = Screen::Opening;
        return vec![model.open(target, true)];
    }
    let target = match model.screen() {
        Screen::Execution(execution) => execution.subject.target.clone(),
        Screen::Fleet(fleet) => Target::Fleet(Box::new(fleet.crowd.clone())),
        Screen::Browser(browser) => match &browser.source {
            Source::Target(target) => target.clone(),
            Source::Subjects(_) | Source::Feeds(_) => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    if let Target::Replayed(_) = target {
        model.tell("A replayed run is not stored anywhere: there is nothing to reload.");
        return Vec::new();
    }
    if target == Target::Stdin {
        model.tell("Standard input can be read only once.");
        return Vec::new();
    }
    let effect = match (model.screen(), target) {
        (Screen::Browser(_), Target::Path(path) | Target::Home(path)) => {
            model.ticket = model.ticket.next();
            Effect::List(model.ticket, path)
        }
        (_, target) => model.open(target, true),
    };
    model.tell("Reloaded.");
    vec![effect]
}
