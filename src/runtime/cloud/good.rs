//! The last good run of the same machine, as AWS has it.

use super::desk::Desk;
use super::trouble;
use crate::recording::Recording;
use crate::source::aws::{Children, FetchOptions};
use crate::tui::live::Live;
use crate::tui::panel::{Panel, runs};
use crate::tui::replaying::GoodAnswer;
use crate::tui::{Subject, Trouble};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Compares a run with the newest one before it that succeeded.
pub(super) async fn compare(desk: &Desk, subject: Arc<Subject>) -> Result<Box<Panel>, Trouble> {
    let good = last_good(desk, &subject).await?;
    let compared = tokio::task::spawn_blocking(move || {
        let name = good.label();
        runs(&subject, &good, name, &AtomicBool::new(false))
    });
    let compared = compared.await.ok().flatten();
    compared.map(Box::new).ok_or_else(|| none("Internal error while comparing.".to_owned()))
}

/// Finds what the newest run before it that succeeded has for a state.
pub(super) async fn answer(desk: &Desk, subject: Arc<Subject>, state: Arc<str>) -> Result<GoodAnswer, Trouble> {
    let good = last_good(desk, &subject).await?;
    GoodAnswer::of(good.label(), &good, &state)
}

fn none(message: String) -> Trouble {
    Trouble { message, hint: None }
}

async fn last_good(desk: &Desk, subject: &Subject) -> Result<Recording, Trouble> {
    let arn = subject.recording.arn().ok_or_else(|| none("Which execution this is is not known.".to_owned()))?;
    let client = desk.places.of_live(&Live::new(&**arn)).await?;
    let good = client.last_good(&subject.recording).await.map_err(|error| trouble(&error))?;
    let good = good.and_then(|good| good.execution_arn).ok_or_else(|| {
        let machine = subject.recording.machine_name().unwrap_or("this machine");
        none(format!("No run of {machine} before this one succeeded, as far as AWS remembers."))
    })?;
    let options = FetchOptions { children: Children::None, cache: desk.places.cache(), known: None };
    let fetched = client.fetch(&good, &options, |_| desk.say_calls()).await.map_err(|error| trouble(&error))?;
    Ok(fetched.recording)
}
