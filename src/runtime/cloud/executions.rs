//! Executions on their way: fetched part by part, followed while they run.

use super::desk::Desk;
use super::trouble;
use crate::event::EventId;
use crate::recording::{Events, Recording};
use crate::source::aws::{
    self,
    logs::{ExpressError, ExpressSearch},
};
use crate::source::aws::{Children, Client, FetchOptions, Follow};
use crate::source::remote::{Remote, RemoteKind};
use crate::tui::live::{Came, Live, Progress};
use crate::tui::{Msg, Subject, Target, Ticket, Trouble};
use std::time::Duration;
use tokio::sync::watch;

/// How often a running execution is looked at. One small call each time: far below what an account may ask.
const POLL: Duration = Duration::from_secs(2);

/// How seldom it is looked at, at most, while nobody answers.
const SELDOM: Duration = Duration::from_secs(30);

/// Fetches an execution; what an earlier fetch brought is not asked for again.
pub(super) async fn fetch(desk: &Desk, ticket: Ticket, live: Live, known: Option<Recording>) {
    let client = match desk.places.of_live(&live).await {
        Ok(client) => client,
        Err(trouble) => return desk.say(Msg::Came(ticket, Came::Broken(trouble))),
    };
    let options = FetchOptions { children: Children::Failed, cache: desk.places.cache(), known: known.map(Box::new) };
    let target = Target::Live(live.clone());
    let (parts, new_parts) = watch::channel(None);
    let fetching = async {
        let fetched = client
            .fetch(&live.arn, &options, |progress| {
                desk.say_calls();
                // Until the last page is there it is not known how it ended; what AWS says of it is worth showing.
                if progress.total().is_none() && progress.is_described() && progress.events() == 0 {
                    parts.send_replace(Some((progress.recording(), Progress::default())));
                }
                if let Some(of) = progress.total() {
                    let done = Progress {
                        events: progress.events(),
                        of: Some(of),
                        executions: Some(progress.histories()).filter(|(wanted, _)| *wanted > 0),
                    };
                    parts.send_replace(Some((progress.recording(), done)));
                }
            })
            .await;
        drop(parts);
        fetched
    };
    let (fetched, ()) = tokio::join!(fetching, show_parts(desk, ticket, &target, new_parts));
    match fetched {
        Err(error) => desk.say(Msg::Came(ticket, Came::Broken(trouble(&error)))),
        Ok(fetched) => {
            let gap = !fetched.has_history || has_gap(&fetched.recording.events);
            let events = fetched.recording.events.len();
            let Some(subject) = folded(target, fetched.recording).await else { return };
            match fetched.troubles.first().filter(|_| gap) {
                None => desk.say(Msg::Came(ticket, Came::Whole(subject))),
                Some(error) => {
                    let progress = Progress { events, ..Progress::default() };
                    desk.say(Msg::Came(ticket, Came::Part(subject, progress)));
                    desk.say(Msg::Came(ticket, Came::Broken(trouble(error))));
                }
            }
        }
    }
}

/// Shows what is there while more comes in: always the newest part, and no faster than parts can be folded.
async fn show_parts(
    desk: &Desk,
    ticket: Ticket,
    target: &Target,
    mut parts: watch::Receiver<Option<(Recording, Progress)>>,
) {
    while parts.changed().await.is_ok() {
        let Some((recording, progress)) = parts.borrow_and_update().clone() else { continue };
        if let Some(subject) = folded(target.clone(), recording).await {
            desk.say(Msg::Came(ticket, Came::Part(subject, progress)));
        }
    }
}

/// Fetches what is missing of an execution.
pub(super) async fn resume(desk: &Desk, ticket: Ticket, subject: &Subject) {
    let Some(live) = live_of(subject) else { return desk.say(Msg::Came(ticket, Came::Broken(not_live()))) };
    match Remote::parse(&live.arn) {
        Ok(remote) if matches!(remote.kind, RemoteKind::Express { .. }) => rebuild(desk, ticket, live, &remote).await,
        _ => fetch(desk, ticket, live, Some(subject.recording.clone())).await,
    }
}

/// Rebuilds an Express execution from the log of its machine: AWS keeps no history of it.
pub(super) async fn rebuild(desk: &Desk, ticket: Ticket, live: Live, remote: &Remote) {
    let client = match desk.places.of_live(&live).await {
        Ok(client) => client,
        Err(trouble) => return desk.say(Msg::Came(ticket, Came::Broken(trouble))),
    };
    let search = ExpressSearch { now: aws::now(), since: None };
    let came = match client.express(remote, search).await {
        Ok(recording) => match folded(Target::Live(live), recording).await {
            Some(subject) => Came::Whole(subject),
            None => return,
        },
        Err(ExpressError::Aws(error)) => Came::Broken(trouble(&error)),
        Err(ExpressError::NotLogged(not)) => {
            Came::Broken(Trouble { message: not.to_string(), hint: Some(not.hint().to_owned()) })
        }
    };
    desk.say(Msg::Came(ticket, came));
}

/// Follows an execution until it ends; then what its end brought along is fetched as well.
pub(super) async fn follow(desk: &Desk, ticket: Ticket, subject: &Subject) {
    let Some(live) = live_of(subject) else { return desk.say(Msg::Came(ticket, Came::Broken(not_live()))) };
    let client = match desk.places.of_live(&live).await {
        Ok(client) => client,
        Err(trouble) => return desk.say(Msg::Came(ticket, Came::Broken(trouble))),
    };
    let mut recording = subject.recording.clone();
    // It may have been redriven since it was described.
    describe(&client, &live, &mut recording).await;
    let mut follow = Follow::new(client.clone(), live.arn.as_str(), last(&recording.events));
    let mut failed = 0;
    loop {
        let news = follow.look().await;
        desk.say_calls();
        match news {
            Ok(news) => {
                if std::mem::take(&mut failed) > 0 {
                    desk.say(Msg::Came(ticket, Came::Heard));
                }
                if !news.events.is_empty() {
                    recording.events = Events::joined([&recording.events, &news.events]);
                    if news.ended.is_none()
                        && let Some(subject) = folded(Target::Live(live.clone()), recording.clone()).await
                    {
                        desk.say(Msg::Came(ticket, Came::Whole(subject)));
                    }
                }
                if news.ended.is_some() {
                    return fetch_end(desk, ticket, live, recording).await;
                }
            }
            Err(error) if error.kind.is_of_network() => {
                failed += 1;
                desk.say(Msg::Came(ticket, Came::Silent(trouble(&error))));
            }
            Err(error) => return desk.say(Msg::Came(ticket, Came::Broken(trouble(&error)))),
        }
        tokio::time::sleep(POLL.saturating_mul(failed + 1).min(SELDOM)).await;
    }
}

/// The answers of the service about an execution that has ended are not what they were while it ran.
async fn fetch_end(desk: &Desk, ticket: Ticket, live: Live, known: Recording) {
    let client = desk.places.of_live(&live).await;
    let options =
        FetchOptions { children: Children::Failed, cache: desk.places.cache(), known: Some(Box::new(known.clone())) };
    let fetched = match client {
        Ok(client) => client.fetch(&live.arn, &options, |_| desk.say_calls()).await.ok(),
        Err(_) => None,
    };
    // What was followed is shown even when nobody answers any more.
    let recording = fetched.map_or(known, |fetched| fetched.recording);
    if let Some(subject) = folded(Target::Live(live), recording).await {
        desk.say(Msg::Came(ticket, Came::Whole(subject)));
    }
}

async fn describe(client: &Client, live: &Live, recording: &mut Recording) {
    if let Ok(execution) = client.describe_execution(&live.arn).await {
        recording.execution = Some(execution);
    }
}

/// Folds a recording where it does not stop the screen. `None` when a bug of ours struck: what was shown stays.
async fn folded(target: Target, recording: Recording) -> Option<Box<Subject>> {
    tokio::task::spawn_blocking(move || Box::new(Subject::new(target, recording))).await.ok()
}

fn last(events: &Events) -> Option<EventId> {
    events.last_facts().map(|facts| facts.id)
}

fn has_gap(events: &Events) -> bool {
    last(events).is_some_and(|last| last.index() + 1 != events.len())
}

fn live_of(subject: &Subject) -> Option<Live> {
    match &subject.target {
        Target::Live(live) => Some(live.clone()),
        _ => None,
    }
}

fn not_live() -> Trouble {
    Trouble { message: "This execution was not opened from AWS.".to_owned(), hint: None }
}
