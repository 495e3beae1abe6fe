//! Bookmarks: setting one, going to one, and the list of them.

use super::motion;
use crate::recording::{Bookmark, BookmarkChange, Letter};
use crate::tui::action::Action;
use crate::tui::bookmarks::place_of;
use crate::tui::live::Edited;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Ticket, Trouble};
use std::sync::Arc;

/// Lines of the list that are on the screen, for moving by pages.
const PAGE: usize = 10;

/// Begins what an action of bookmarks asks for; `None` when the action is none.
pub(super) fn begin(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::SetBookmark | Action::GoToBookmark => {
            // As if its key had been pressed: the letter follows.
            if shows_execution(model) {
                model.typed.keys = model.keymap.sequence(action);
            }
        }
        Action::Bookmarks => {
            if shows_execution(model) {
                model.overlay = Some(Overlay::Bookmarks(0));
            }
        }
        _ => return None,
    }
    Some(Vec::new())
}

/// Bookmarks are places of an execution; elsewhere it is said that there are none.
fn shows_execution(model: &mut Model) -> bool {
    let told = match model.screen() {
        Screen::Execution(execution) if execution.panel.is_none() && execution.items.is_none() => return true,
        Screen::Execution(_) => {
            format!("Bookmarks are places in the execution underneath: {} leads there.", model.key(Action::Cancel))
        }
        _ => "Bookmarks are places in an execution: open one first.".to_owned(),
    };
    model.tell(told);
    false
}

/// Does what an action means with the letter that followed it.
pub(super) fn lettered(model: &mut Model, action: Action, letter: Letter) -> Vec<Effect> {
    if model.overlay.is_some() || !shows_execution(model) {
        return Vec::new();
    }
    match action {
        Action::SetBookmark => set(model, letter),
        _ => go(model, letter),
    }
    Vec::new()
}

fn set(model: &mut Model, letter: Letter) {
    let Some(execution) = model.execution() else { return };
    match execution.bookmarks.note(&execution.subject, letter, execution.place) {
        Some(noting) => model.overlay = Some(Overlay::Noting(Box::new(noting))),
        None => model.complain("The recording does not say which execution this is, so no bookmark can lead here."),
    }
}

fn go(model: &mut Model, letter: Letter) {
    let list = model.key(Action::Bookmarks);
    let Some(execution) = model.execution_mut() else { return };
    match execution.bookmarks.get(letter).map(|marked| (place_of(marked), marked.bookmark.note.clone())) {
        Some((Some(place), note)) => {
            execution.origins = None;
            let there = place == execution.place;
            execution.jump(place);
            let note = note.map(|note| format!(": {note}"));
            match (there, note) {
                (false, None) => {}
                (_, note) => {
                    model.tell(format!("Bookmark {letter}{}", note.unwrap_or_else(|| " is here.".to_owned())));
                }
            }
        }
        Some((None, _)) => model.complain(format!("The event of bookmark {letter} is not in this recording.")),
        None => model.complain(format!("There is no bookmark {letter}. {list} lists those there are.")),
    }
}

/// Does what a key means while a note is typed.
pub(super) fn noted(model: &mut Model, edited: Edited) -> Vec<Effect> {
    match edited {
        Edited::Quit => vec![Effect::Quit],
        Edited::Typed | Edited::Nothing => Vec::new(),
        Edited::GivenUp => {
            if let Some(Overlay::Noting(noting)) = model.overlay.take() {
                model.overlay = noting.listed.map(Overlay::Bookmarks);
            }
            Vec::new()
        }
        Edited::Finished => {
            let Some(Overlay::Noting(noting)) = model.overlay.take() else { return Vec::new() };
            model.overlay = noting.listed.map(Overlay::Bookmarks);
            change(model, noting.change())
        }
    }
}

/// Makes a change among the bookmarks, and has it written where that can be done.
fn change(model: &mut Model, change: BookmarkChange) -> Vec<Effect> {
    let ticket = model.ticket.next();
    model.ticket = ticket;
    let keep = model.key(Action::Keep);
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    let done = done(&change);
    let subject = Arc::clone(&execution.subject);
    match execution.bookmarks.change(&subject, change, ticket) {
        Ok(writing) => {
            model.tell(format!("{done}."));
            vec![Effect::Bookmark(ticket, writing)]
        }
        Err(why) => {
            model.tell(format!("{done} for this session only: {why}. {keep} saves a recording with it."));
            Vec::new()
        }
    }
}

fn done(change: &BookmarkChange) -> String {
    let (bookmark, done) = match change {
        BookmarkChange::Set(bookmark) | BookmarkChange::Note(bookmark, _) => (bookmark, "is set"),
        BookmarkChange::Remove(bookmark) => (bookmark, "is removed"),
    };
    match bookmark.letter {
        Some(letter) => format!("Bookmark {letter} {done}"),
        None => format!("The bookmark {done}"),
    }
}

/// Takes in what became of writing: what the file has now, or why it has not.
pub(super) fn written(model: &mut Model, ticket: Ticket, list: &Result<Vec<Bookmark>, Trouble>) -> Vec<Effect> {
    let keep = model.key(Action::Keep);
    let executions = model.screens.iter_mut().filter_map(|screen| match screen {
        Screen::Execution(execution) => Some(execution),
        _ => None,
    });
    for execution in executions {
        let subject = Arc::clone(&execution.subject);
        match list {
            Ok(list) => {
                if execution.bookmarks.written(&subject, ticket, list) {
                    break;
                }
            }
            Err(trouble) if execution.bookmarks.is_asked(ticket) => {
                let told = format!(
                    "The bookmarks are kept for this session only: {} {keep} saves a recording.",
                    trouble.message
                );
                model.complain(told);
                break;
            }
            Err(_) => {}
        }
    }
    Vec::new()
}

/// Does what an action means in the list.
pub(super) fn in_list(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    let Some(Overlay::Bookmarks(selected)) = model.overlay else { return Vec::new() };
    let len = model.execution().map_or(0, |execution| execution.bookmarks.all().len());
    if let Some(line) = motion::target(action, count, selected, PAGE, len) {
        model.overlay = Some(Overlay::Bookmarks(line));
        return Vec::new();
    }
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::CycleTheme => model.look.theme = model.look.theme.next(),
        Action::Cancel | Action::Leave | Action::Bookmarks => model.overlay = None,
        Action::Enter => enter(model, selected),
        Action::Edit => {
            let noting = model.execution().and_then(|execution| execution.bookmarks.note_again(selected));
            model.overlay = noting.map(|it| Overlay::Noting(Box::new(it))).or(model.overlay.take());
        }
        Action::UndoEdit => {
            let gone = model.execution().and_then(|execution| execution.bookmarks.all().get(selected));
            let gone = gone.map(|marked| marked.bookmark.clone());
            model.overlay = Some(Overlay::Bookmarks(selected.min(len.saturating_sub(2))));
            return gone.map(|gone| change(model, BookmarkChange::Remove(gone))).unwrap_or_default();
        }
        _ => {}
    }
    Vec::new()
}

/// Goes to one of the list.
fn enter(model: &mut Model, selected: usize) {
    let Some(execution) = model.execution_mut() else { return };
    match execution.bookmarks.all().get(selected).map(place_of) {
        Some(Some(place)) => {
            execution.origins = None;
            execution.jump(place);
            model.overlay = None;
        }
        Some(None) => model.complain("The event of this bookmark is not in this recording."),
        None => model.overlay = None,
    }
}
