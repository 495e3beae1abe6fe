//! Opening things in the background.

use super::demo::SHIPPED;
use crate::source::{self, Opened, SourceError};
use crate::tui::browser::{Listing, Row, Summary};
use crate::tui::{Found, Msg, Subject, Target, Trouble};
use std::path::Path;
use tokio::sync::mpsc::UnboundedSender;

/// Does something that takes a while, and sends the message it ends with.
pub(super) fn in_background(answers: UnboundedSender<Msg>, work: impl FnOnce() -> Msg + Send + 'static) {
    tokio::task::spawn_blocking(move || {
        let _ = answers.send(work());
    });
}

/// Opens a target; a bug of ours on the way is told like any other trouble.
pub(super) fn open(target: Target) -> Result<Found, Trouble> {
    let name = target.spelled();
    guarded(&name, move || match &target {
        Target::Path(path) => found(source::open(path), target),
        Target::Home(path) => Ok(Found::Folder(home_name(path), recordings(path)?)),
        Target::Live(live) => Err(Trouble { message: format!("{} is no file.", live.arn), hint: None }),
        Target::Fleet(crowd) => super::crowd::open((**crowd).clone()),
        Target::Stdin => found(source::open_stdin(), target),
        Target::Replayed(_) => {
            Err(Trouble { message: format!("{} is on the screen alone.", target.spelled()), hint: None })
        }
        Target::Demo => Ok(Found::Folder("shipped recordings".to_owned(), shipped())),
        Target::DemoRecording(name) => match SHIPPED.iter().find(|shipped| shipped.name == name) {
            Some(shipped) => found(source::open_bytes(shipped.buffer()), target),
            None => Err(Trouble { message: format!("There is no shipped recording {name}."), hint: None }),
        },
    })
}

/// Lists a folder again.
pub(super) fn list(path: &Path) -> Result<Vec<Listing>, Trouble> {
    let name = path.display().to_string();
    guarded(&name, || recordings(path))
}

/// What a folder is called where nobody named it.
fn home_name(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.file_name().map_or_else(|| whole.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The recordings of a folder where there need not be any.
fn recordings(path: &Path) -> Result<Vec<Listing>, Trouble> {
    match source::folder(path) {
        Err(SourceError::EmptyFolder) => Ok(Vec::new()),
        Err(error) => Err(trouble(&error, &path.display().to_string())),
        Ok(entries) => Ok(entries.into_iter().map(listing).collect()),
    }
}

pub(super) fn guarded<T>(name: &str, work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    done.unwrap_or_else(|_| {
        let hint = Some("This is a bug in stepback; please report it with the file.".to_owned());
        Err(Trouble { message: format!("stepback stumbled over {name}."), hint })
    })
}

fn found(opened: Result<Opened, SourceError>, target: Target) -> Result<Found, Trouble> {
    let name = target.spelled();
    match opened {
        Ok(Opened::One(recording)) => Ok(Found::One(Box::new(Subject::new(target, *recording)))),
        Ok(Opened::Several(recordings)) => {
            let subjects = recordings.into_iter().map(|recording| Subject::new(target.clone(), recording));
            Ok(Found::Several(subjects.collect()))
        }
        Ok(Opened::Folder(path)) => Ok(Found::Folder(path.display().to_string(), listings(&path)?)),
        Ok(Opened::Definition(_)) => Err(trouble(&SourceError::Definition, &name)),
        Err(error) => Err(trouble(&error, &name)),
    }
}

fn trouble(error: &SourceError, name: &str) -> Trouble {
    Trouble { message: error.about(name), hint: error.hint() }
}

fn listings(path: &Path) -> Result<Vec<Listing>, Trouble> {
    let entries = source::folder(path).map_err(|error| trouble(&error, &path.display().to_string()))?;
    Ok(entries.into_iter().map(listing).collect())
}

fn listing(entry: source::Entry) -> Listing {
    Listing {
        label: entry.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        target: Target::Path(entry.path),
        row: entry.summary.map_or_else(|problem| Row::Unreadable(problem.0), |told| Row::Execution(summary(told))),
    }
}

fn shipped() -> Vec<Listing> {
    let listing = |shipped: &super::demo::Shipped| {
        let row = match source::open_bytes(shipped.buffer()) {
            Ok(Opened::One(recording)) => Row::Execution(summary(source::Summary::of(&recording))),
            Ok(Opened::Several(recordings)) => Row::Execution(summary(source::Summary::of_several(&recordings))),
            Ok(_) => Row::Unreadable(format!("{} is no recording.", shipped.name)),
            Err(error) => Row::Unreadable(error.about(shipped.name)),
        };
        let target = Target::DemoRecording(shipped.name.to_owned());
        Listing { target, label: shipped.name.to_owned(), row }
    };
    SHIPPED.iter().map(listing).collect()
}

fn summary(summary: source::Summary) -> Summary {
    let name = match summary.executions {
        0 | 1 => summary.name.unwrap_or_default(),
        several => format!("{several} executions"),
    };
    Summary {
        name,
        machine: summary.machine.unwrap_or_default(),
        status: summary.status.map(|status| status.name().to_owned()).unwrap_or_default(),
        started: summary.started,
        stopped: summary.stopped,
        state: summary.state.unwrap_or_default(),
        error: summary.error.unwrap_or_default(),
        events: summary.events,
        damaged: summary.damaged,
        results: summary.results,
        partial: !summary.missing.is_empty(),
        ..Summary::default()
    }
}
