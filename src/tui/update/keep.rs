//! Keeping what is on the screen as a file: its name is typed, and what is there already is not overwritten unasked.

use crate::history::MemberId;
use crate::tui::handover::{Document, Handover};
use crate::tui::live::{Edited, Keep, Kept};
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::{Asked, Effect, Ticket};
use crate::tui::text;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Asks for the name of a file with that ending.
pub(super) fn begin(model: &mut Model, ending: &str) -> Vec<Effect> {
    let Some(execution) = model.execution() else {
        model.tell("Open an execution to save it as a file.");
        return Vec::new();
    };
    let title = execution.subject.title(MemberId::ROOT);
    let name = if title.name.is_empty() { &title.machine } else { &title.name };
    model.overlay = Some(Overlay::Keep(Keep::new(name, ending)));
    Vec::new()
}

/// Does what a key means while the name is typed.
pub(super) fn edited(model: &mut Model, edited: Edited) -> Vec<Effect> {
    let Some(Overlay::Keep(keep)) = &mut model.overlay else { return Vec::new() };
    match edited {
        Edited::Quit => return vec![Effect::Quit],
        Edited::GivenUp => model.overlay = None,
        Edited::Finished if keep.ticket.is_none() => return finish(model),
        Edited::Typed => keep.trouble = None,
        Edited::Finished | Edited::Nothing => {}
    }
    Vec::new()
}

fn finish(model: &mut Model) -> Vec<Effect> {
    let ticket = model.ticket.next();
    let asked = model.execution().map(|it| (Arc::clone(&it.subject), it.bookmarks.list()));
    let Some((subject, bookmarks)) = asked else { return Vec::new() };
    let zone = model.zone.clone();
    let Some(Overlay::Keep(keep)) = &mut model.overlay else { return Vec::new() };
    if keep.path.0.trim().is_empty() {
        return Vec::new();
    }
    let (path, existing) = (PathBuf::from(keep.path.0.trim()), keep.existing());
    keep.ticket = Some(ticket);
    keep.trouble = None;
    model.ticket = ticket;
    match Document::of(&path) {
        Document::Recording => vec![Effect::Keep(ticket, Asked(subject), bookmarks, path, existing)],
        document => {
            let handover = Handover { asked: Asked(subject), bookmarks, document, zone };
            vec![Effect::Export(ticket, Box::new(handover), path, existing)]
        }
    }
}

/// Takes in what became of it.
pub(super) fn kept(model: &mut Model, ticket: Ticket, kept: Kept) -> Vec<Effect> {
    let Some(Overlay::Keep(keep)) = &mut model.overlay else { return Vec::new() };
    if keep.ticket.take_if(|asked| *asked == ticket).is_none() {
        return Vec::new();
    }
    match kept {
        Kept::Exists => keep.exists = Some(keep.path.0.clone()),
        Kept::Trouble(trouble) => keep.trouble = Some(trouble),
        Kept::Done(bytes) => {
            let size = text::size(usize::try_from(bytes).unwrap_or(usize::MAX));
            let name = keep.path.0.trim().to_owned();
            let partial = model.execution().and_then(|execution| execution.fetch.as_ref());
            let partial = partial.is_some_and(|fetch| fetch.stage.is_partial());
            let partial = partial && Document::of(Path::new(&name)) == Document::Recording;
            let part = if partial { ", marked incomplete" } else { "" };
            model.overlay = None;
            let path = PathBuf::from(&name);
            // Only a recording holds bookmarks.
            let is_recording = Document::of(&path) == Document::Recording;
            let moves = is_recording && model.execution_mut().is_some_and(|execution| execution.bookmarks.kept(path));
            let there = if moves { " Bookmarks go there from now on." } else { "" };
            model.tell(format!("Saved as {name} ({size}{part}).{there}"));
        }
    }
    Vec::new()
}
