//! What comes from AWS: where it can be reached, pages of lists, executions part by part, and what follows from it.

use super::open;
use crate::history::MemberId;
use crate::tui::action::Action;
use crate::tui::browser::{Browser, Of, Page, Source};
use crate::tui::execution::{Execution, Tail, failure_of};
use crate::tui::live::{Came, Cloud, Fetch, Live, Progress, Site, SiteId, Stage};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Asked, Effect, Found, Target, Ticket, Trouble};
use crate::tui::subject::Subject;
use crate::tui::text;
use std::sync::Arc;

/// What the list of everything in AWS is called.
const ACCOUNT: &str = "AWS";

/// Takes in where AWS can be reached.
pub(super) fn connected(model: &mut Model, sites: Result<Vec<Site>, Trouble>) -> Vec<Effect> {
    model.cloud = match sites {
        Ok(sites) => Cloud::There(sites),
        Err(trouble) => Cloud::Without(trouble),
    };
    put_account_beside(model);
    Vec::new()
}

/// Puts the list of what lives in AWS beside the recordings of the first screen, once both are there. Where there are
/// no recordings it comes to the front.
pub(super) fn put_account_beside(model: &mut Model) {
    let Some(Screen::Browser(browser)) = model.screens.first_mut() else { return };
    if !matches!(browser.source, Source::Target(Target::Home(_))) || browser.beside.is_some() {
        return;
    }
    match &model.cloud {
        Cloud::There(sites) => {
            let sites = (0..sites.len()).map(|site| Some(SiteId(site))).collect();
            browser.beside = Some(Box::new(Browser::of_account(ACCOUNT.to_owned(), Of::Machines, sites)));
            if browser.listings.is_empty() {
                browser.turn();
            }
        }
        Cloud::Without(trouble) if !browser.listings.is_empty() => {
            let text = format!("Recordings only: {}", trouble.message);
            model.tell(text);
        }
        _ => {}
    }
}

/// Takes in a page of a live list, whichever screen waits for it.
pub(super) fn paged(model: &mut Model, ticket: Ticket, page: Result<Page, Trouble>) -> Vec<Effect> {
    let Some(browser) = browsers(model).find(|browser| browser.awaits(ticket)) else { return Vec::new() };
    // Of several places the others are listed all the same.
    let trouble = page.as_ref().err().filter(|_| browser.is_several()).cloned();
    browser.paged(ticket, page);
    if let Some(trouble) = trouble {
        model.complain(trouble.message);
    }
    Vec::new()
}

/// Takes in where a live execution failed.
pub(super) fn told(model: &mut Model, live: &Live, failure: Option<&(String, String)>) -> Vec<Effect> {
    for browser in browsers(model) {
        browser.tell_failure(live, failure);
    }
    Vec::new()
}

/// The lists, also those that other screens lie over.
fn browsers(model: &mut Model) -> impl Iterator<Item = &mut Browser> {
    model.screens.iter_mut().filter_map(|screen| match screen {
        Screen::Browser(browser) => Some(&mut **browser),
        _ => None,
    })
}

/// Returns what the shown list wants to know now that it is settled what of it is on the screen.
pub(super) fn wishes(model: &mut Model) -> Vec<Effect> {
    // What is still being typed may become another list.
    if matches!(model.overlay, Some(Overlay::Search(..))) {
        return Vec::new();
    }
    let Some(Screen::Browser(browser)) = model.screens.last_mut() else { return Vec::new() };
    let ticket = &mut model.ticket;
    let next = || {
        *ticket = ticket.next();
        *ticket
    };
    let pages = browser.wanted(next).into_iter().map(|(ticket, list, cursor)| Effect::Page(ticket, list, cursor));
    let mut effects: Vec<Effect> = pages.collect();
    let untold = browser.untold();
    let mut wanted: Vec<Live> = untold.iter().filter(|live| !model.telling.contains(live)).cloned().collect();
    // What is asked takes the place of what was asked before: a filter waits until that has been answered.
    let is_asking = model.telling.iter().any(|live| browser.is_untold(live));
    let sought = if is_asking && wanted.is_empty() { Vec::new() } else { browser.sought() };
    if !wanted.is_empty() || !sought.is_empty() {
        browser.looked(sought.len());
        wanted.clone_from(&untold);
        wanted.extend(sought.into_iter().filter(|live| !untold.contains(live)));
        model.telling.clone_from(&wanted);
        effects.push(Effect::Tell(wanted));
    }
    effects
}

/// Takes in more of an execution.
pub(super) fn came(model: &mut Model, ticket: Ticket, came: Came) -> Vec<Effect> {
    let opens = model.opening.as_ref().is_some_and(|opening| opening.ticket == ticket);
    match came {
        Came::Broken(trouble) if opens => open::opened(model, ticket, Err(trouble)),
        Came::Part(subject, progress) if opens => begin(model, ticket, subject, Stage::Fetching(progress)),
        Came::Whole(subject) if opens => begin(model, ticket, subject, Stage::Whole),
        Came::Broken(trouble) => broken(model, ticket, &trouble),
        Came::Silent(trouble) => silent(model, ticket, Some(trouble)),
        Came::Heard => silent(model, ticket, None),
        Came::Part(subject, progress) => renewed(model, ticket, subject, Some(progress)),
        Came::Whole(subject) => renewed(model, ticket, subject, None),
    }
}

/// Shows the first of an execution.
fn begin(model: &mut Model, ticket: Ticket, subject: Box<Subject>, stage: Stage) -> Vec<Effect> {
    let begin_at = model.begin_at.take();
    let effects = open::opened(model, ticket, Ok(Found::One(subject)));
    let whole = stage == Stage::Whole;
    if let Some(execution) = model.execution_mut() {
        execution.fetch = Some(Fetch::new(ticket, stage));
    }
    model.begin_at = begin_at;
    open::begin_at(model);
    if whole {
        finished(model);
    }
    effects
}

/// Puts more of an execution in place of what was there.
fn renewed(model: &mut Model, ticket: Ticket, subject: Box<Subject>, progress: Option<Progress>) -> Vec<Effect> {
    let Some(execution) = waiting_for(model, ticket) else { return Vec::new() };
    let before = execution.fetch.as_ref().map(|fetch| fetch.stage.clone());
    let follows = before == Some(Stage::Following);
    let tail = if follows { Tail::Sticks } else { Tail::Stays };
    let failures = execution.subject.failures(MemberId::ROOT).all().len();
    if execution.subject.history(MemberId::ROOT).events().is_empty() {
        // So far there was only what AWS says of it: nobody has gone anywhere yet.
        **execution = Execution::new(Arc::from(subject));
    } else {
        execution.renew(Arc::from(subject), tail);
    }
    let ended = execution.subject.history(MemberId::ROOT).end().is_some();
    let stage = match progress {
        // It was on its way when somebody stopped the fetch.
        Some(progress) if matches!(before, Some(Stage::Stopped(_))) => Stage::Stopped(progress),
        Some(progress) => Stage::Fetching(progress),
        None if follows && !ended => Stage::Following,
        None => Stage::Whole,
    };
    let whole = stage == Stage::Whole;
    execution.fetch = Some(Fetch::new(ticket, stage));
    open::begin_at(model);
    if follows {
        announce(model, ticket, failures, ended);
    } else if whole {
        finished(model);
    }
    Vec::new()
}

/// Tells what failed, and that the execution ended, while somebody follows it.
fn announce(model: &mut Model, ticket: Ticket, failures: usize, ended: bool) {
    let Some(execution) = waiting_for(model, ticket) else { return };
    let subject = Arc::clone(&execution.subject);
    let history = subject.history(MemberId::ROOT);
    if ended {
        let status = &subject.title(MemberId::ROOT).status;
        let text = format!("The execution has ended: {status}.");
        return if status == "SUCCEEDED" { model.tell(text) } else { model.complain(text) };
    }
    let all = subject.failures(MemberId::ROOT).all();
    if let Some(event) = all.get(failures..).and_then(<[_]>::last).copied() {
        let state = history.visit_of(event).map_or("The execution", |visit| &history.visit(visit).name);
        let error = failure_of(history, event).and_then(|failure| failure.error.as_deref());
        let with = error.map(|error| format!(" with {error}")).unwrap_or_default();
        let key = model.key(Action::NextFailure);
        model.complain(format!("{state} has failed{with}, at event {event}. {key} goes to the next failure."));
    }
}

/// Says what is odd about a history that is there whole, and what can be done with one that goes on.
fn finished(model: &mut Model) {
    let Some(execution) = model.execution() else { return };
    let running = execution.subject.history(MemberId::ROOT).end().is_none();
    if let Some(words) = open::oddities(model) {
        model.complain(words);
    } else if running {
        let follow = model.key(Action::Follow);
        model.tell(format!("Everything so far is loaded; {follow} follows what happens next."));
    }
}

/// Notes that AWS does not answer while somebody follows, or does again.
fn silent(model: &mut Model, ticket: Ticket, trouble: Option<Trouble>) -> Vec<Effect> {
    let Some(fetch) = waiting_for(model, ticket).and_then(|execution| execution.fetch.as_mut()) else {
        return Vec::new();
    };
    let before = std::mem::replace(&mut fetch.silent, trouble.clone());
    match (before, trouble) {
        (None, Some(trouble)) => model.complain(trouble.message),
        (Some(_), None) => model.tell("AWS answers again."),
        _ => {}
    }
    Vec::new()
}

fn broken(model: &mut Model, ticket: Ticket, trouble: &Trouble) -> Vec<Effect> {
    if let Some(execution) = waiting_for(model, ticket) {
        execution.fetch = Some(Fetch::new(ticket, Stage::Broken(trouble.clone())));
        let refresh = model.key(Action::Refresh);
        model.complain(format!("{} {refresh} goes on from here.", trouble.message));
    }
    Vec::new()
}

/// The execution that waits for an answer, on the screen or below another.
fn waiting_for(model: &mut Model, ticket: Ticket) -> Option<&mut Box<Execution>> {
    model.screens.iter_mut().find_map(|screen| match screen {
        Screen::Execution(execution) if execution.fetch.as_ref().is_some_and(|fetch| fetch.ticket == ticket) => {
            Some(execution)
        }
        _ => None,
    })
}

/// Stops what is being fetched or followed, or sent to AWS again and again, because somebody wants it to stop.
pub(super) fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    if let Some(opening) = model.opening.take_if(|opening| matches!(opening.target, Target::Live(_))) {
        if matches!(model.screen(), Screen::Opening) {
            let (again, leave) = (model.key(Action::Refresh), model.key(Action::Leave));
            let hint = Some(format!("{again} tries again; {leave} quits."));
            *model.screen_mut() = Screen::Broken(Trouble { message: "Stopped.".to_owned(), hint });
        }
        model.tell("Stopped.");
        return Some(vec![Effect::Stop(opening.ticket)]);
    }
    if let Screen::Browser(browser) = model.screen_mut()
        && browser.stop()
    {
        let (all, last) = (browser.listings.len(), model.key(Action::Last));
        model.tell(format!("Stopped at {}; {last} goes on.", text::counted(all, "row", "rows")));
        return Some(Vec::new());
    }
    stop_fetch(model).or_else(|| stop_repeating(model))
}

/// Stops what is being sent to AWS again and again: the pages of a list, and what nobody has a question for.
fn stop_repeating(model: &mut Model) -> Option<Vec<Effect>> {
    model.calls.repeating()?;
    let mut effects = vec![Effect::Stop(Ticket::default())];
    for browser in browsers(model) {
        effects.extend(browser.stop_waiting().into_iter().map(Effect::Stop));
    }
    if model.cloud == Cloud::Looking {
        model.cloud = Cloud::Without(Trouble { message: "AWS was not waited for.".to_owned(), hint: None });
    }
    model.tell("Stopped.");
    Some(effects)
}

fn stop_fetch(model: &mut Model) -> Option<Vec<Effect>> {
    let fetch = model.execution_mut()?.fetch.as_mut()?;
    let (ticket, refresh) = (fetch.ticket, Action::Refresh);
    let stage = match fetch.stage {
        Stage::Fetching(progress) => Stage::Stopped(progress),
        Stage::Following => Stage::Whole,
        _ => return None,
    };
    fetch.stage = stage.clone();
    let text = match stage {
        Stage::Stopped(progress) => {
            format!("Stopped at {}; {} fetches the rest.", progress.words(), model.key(refresh))
        }
        _ => "No longer following.".to_owned(),
    };
    model.tell(text);
    Some(vec![Effect::Stop(ticket)])
}

/// Returns what must be stopped when the shown screen is left.
pub(super) fn forget(model: &mut Model) -> Vec<Effect> {
    let fetch = model.execution_mut().and_then(|execution| execution.fetch.as_mut());
    match fetch {
        Some(fetch) if fetch.stage.is_going_on() => vec![Effect::Stop(fetch.ticket)],
        _ => Vec::new(),
    }
}

/// Fetches what is missing of the shown execution; `None` when nothing is.
pub(super) fn resume(model: &mut Model) -> Option<Vec<Effect>> {
    let stage = &model.execution()?.fetch.as_ref()?.stage;
    match stage {
        Stage::Fetching(_) | Stage::Following => {
            model.tell("Already being fetched.");
            return Some(Vec::new());
        }
        Stage::Whole => return None,
        Stage::Stopped(_) | Stage::Broken(_) => {}
    }
    let events = model.execution()?.subject.history(MemberId::ROOT).events().len();
    let stage = Stage::Fetching(Progress { events, ..Progress::default() });
    let (ticket, asked) = ask(model, stage)?;
    Some(vec![Effect::Resume(ticket, asked)])
}

/// Follows the shown execution, or follows it no more.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution() else {
        model.tell("Open an execution to follow it.");
        return Vec::new();
    };
    let stage = execution.fetch.as_ref().map(|fetch| fetch.stage.clone());
    let ended = execution.subject.history(MemberId::ROOT).end().is_some();
    match stage {
        None => model.tell("This is a recording; only an execution opened from AWS can be followed."),
        Some(Stage::Following) => return stop(model).unwrap_or_default(),
        Some(Stage::Fetching(_)) => model.tell("Still loading; it can be followed once it is loaded."),
        Some(_) if ended => model.tell("The execution has ended: there is nothing to follow."),
        Some(_) => {
            let mut effects = Vec::new();
            if let Some((ticket, asked)) = ask(model, Stage::Following) {
                effects.push(Effect::Follow(ticket, asked));
                let stop = model.key(Action::Follow);
                model.tell(format!("Following; {stop} stops. A cursor on the last event moves on with new ones."));
            }
            return effects;
        }
    }
    Vec::new()
}

/// Puts a new question about the shown execution.
fn ask(model: &mut Model, stage: Stage) -> Option<(Ticket, Asked)> {
    model.ticket = model.ticket.next();
    let ticket = model.ticket;
    let execution = model.execution_mut()?;
    execution.fetch = Some(Fetch::new(ticket, stage));
    Some((ticket, Asked(Arc::clone(&execution.subject))))
}

/// Follows the shown execution after something was done to it.
pub(super) fn go_on(model: &mut Model) -> Vec<Effect> {
    let following = model.execution().and_then(|execution| execution.fetch.as_ref());
    if following.is_none_or(|fetch| fetch.stage.is_going_on()) {
        return Vec::new();
    }
    ask(model, Stage::Following).map(|(ticket, asked)| vec![Effect::Follow(ticket, asked)]).unwrap_or_default()
}
