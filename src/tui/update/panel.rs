//! Comparisons over the middle of the screen: opening one, moving in it, leaving it.

use super::{motion, scrub};
use crate::tui::action::Action;
use crate::tui::execution::{Execution, Waiting, Work};
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::{Asked, Effect, Ticket, Trouble};
use crate::tui::panel::{self, Kind, Panel};
use std::sync::Arc;

/// Opens a comparison, if the action asks for one.
pub(super) fn open(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::DiffHere => here(model),
        Action::Mark => mark(model),
        Action::DiffRuns => return Some(ask(model, Work::Runs)),
        Action::Replay => return Some(super::replay::begin(model)),
        Action::OpenReplayed => return Some(super::replay::open_replayed(model)),
        Action::GoodAnswer => model.tell("This is for a task result being edited: replay, then edit one."),
        _ => return None,
    }
    Some(Vec::new())
}

/// Asks for what takes a while; what was asked for before is not waited for any more.
pub(super) fn ask(model: &mut Model, work: Work) -> Vec<Effect> {
    let mut effects = forget(model);
    model.ticket = model.ticket.next();
    let ticket = model.ticket;
    let Some(execution) = model.execution_mut() else { return effects };
    execution.waiting = Some(Waiting { ticket, work });
    let asked = Asked(Arc::clone(&execution.subject));
    effects.push(match work {
        Work::Runs => Effect::Compare(ticket, asked),
        Work::Replay(..) => Effect::Replay(ticket, asked, Box::new(execution.plan.clone())),
        Work::Items(map) => Effect::Survey(ticket, asked, map),
    });
    effects
}

/// Stops waiting for what is worked out; what can be stopped is.
pub(super) fn forget(model: &mut Model) -> Vec<Effect> {
    match model.execution_mut().and_then(|execution| execution.waiting.take()) {
        Some(Waiting { ticket, .. }) => vec![Effect::Stop(ticket)],
        None => Vec::new(),
    }
}

/// Stops what is worked out, if anything is, because somebody wants it to stop.
pub(super) fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    model.execution()?.waiting?;
    model.tell("Stopped.");
    Some(forget(model))
}

/// Shows a comparison with the last good run, unless something else was asked for since.
pub(super) fn compared(model: &mut Model, ticket: Ticket, found: Result<Box<Panel>, Trouble>) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    if execution.waiting.take_if(|waiting| waiting.ticket == ticket).is_none() {
        return Vec::new();
    }
    match found {
        Ok(panel) => show(model, *panel),
        Err(trouble) => {
            let hint = trouble.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
            model.complain(format!("{}{hint}", trouble.message));
        }
    }
    Vec::new()
}

fn here(model: &mut Model) {
    let Some(execution) = model.execution_mut() else { return };
    match panel::here(execution.history(), execution.place.event) {
        Ok(panel) => show(model, panel),
        Err(told) => model.tell(told),
    }
}

/// Shows a comparison.
pub(super) fn show(model: &mut Model, panel: Panel) {
    if panel.progress().1 == 0 {
        model.tell("No differences.");
    }
    if let Some(execution) = model.execution_mut() {
        execution.panel = Some(panel);
    }
}

/// Marks the place under the cursor; the second mark compares it with the first.
fn mark(model: &mut Model) {
    let Some(execution) = model.execution_mut() else { return };
    let place = execution.place;
    match execution.mark.take() {
        Some(mark) if mark == place => model.tell("Mark removed."),
        Some(mark) => {
            let panel = panel::marked(&execution.subject, mark, place);
            show(model, panel);
        }
        None => {
            execution.mark = Some(place);
            let key = model.key(Action::Mark);
            model.tell(format!("Marked event {}; {key} at another place compares the two.", place.event));
        }
    }
}

/// Does what an action means while a comparison is open; `None` when it means what it always means.
pub(super) fn within(model: &mut Model, action: Action, count: Option<u32>) -> Option<Vec<Effect>> {
    let waiting = model.execution()?.waiting.is_some();
    let panel = model.execution_mut()?.panel.as_mut()?;
    let told = match action {
        Action::Cancel if waiting => return stop(model),
        Action::Cancel if panel.search.is_some() => {
            panel.search = None;
            None
        }
        Action::Cancel | Action::Leave => {
            close(model);
            None
        }
        Action::Enter => return Some(enter(model)),
        Action::ToggleFold | Action::Left | Action::Right => {
            panel.toggle();
            None
        }
        Action::OpenFolds => {
            panel.open_all();
            None
        }
        Action::CloseFolds => {
            panel.close_all();
            None
        }
        Action::NextMatch | Action::PreviousMatch if panel.search.is_some() => {
            return Some(super::search::again(model, action == Action::NextMatch));
        }
        Action::NextMatch => (!panel.step(true)).then_some("This is the last change."),
        Action::PreviousMatch => (!panel.step(false)).then_some("This is the first change."),
        Action::YankValue => return Some(yank(model)),
        Action::OpenReplayed => return Some(super::replay::open_replayed(model)),
        Action::DiffHere if panel.kind == Kind::Replay => return super::replay::data(model),
        Action::NextAttempt | Action::PreviousAttempt | Action::NextIteration | Action::PreviousIteration
            if panel.kind == Kind::Here =>
        {
            follow(model, action, count);
            None
        }
        Action::Quit
        | Action::Suspend
        | Action::Help
        | Action::Palette
        | Action::Search
        | Action::Problems
        | Action::CycleTheme
        | Action::DiffHere
        | Action::DiffRuns
        | Action::Replay
        | Action::Mark => return None,
        _ => {
            let len = panel.shown().len();
            if let Some(line) = motion::target(action, count, panel.line(), panel.scroll.height(), len) {
                panel.select_line(line);
            }
            None
        }
    };
    if let Some(told) = told {
        model.tell(told);
    }
    Some(Vec::new())
}

fn close(model: &mut Model) {
    if let Some(execution) = model.execution_mut() {
        execution.panel = execution.panel.take().and_then(|panel| panel.under).map(|under| *under);
    }
}

/// Goes where the row points, unfolds it, or shows both of its values whole.
fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    let Some(panel) = &mut execution.panel else { return Vec::new() };
    if let Some(place) = panel.selected().and_then(|row| row.place) {
        execution.panel = None;
        execution.jump(place);
    } else if !panel.toggle()
        && let Some(text) = panel.both_values()
    {
        let words = panel.selected().filter(|row| row.old.is_none() && row.new.is_none());
        let label = panel.selected().map(|row| row.label.to_string()).unwrap_or_default();
        let title = words.map_or(label, |_| panel.title.clone());
        model.overlay = Some(Overlay::Reader(title, text, 0));
    }
    Vec::new()
}

fn yank(model: &mut Model) -> Vec<Effect> {
    let Some(text) = model.execution().and_then(|execution| execution.panel.as_ref()).and_then(Panel::both_values)
    else {
        return Vec::new();
    };
    model.tell("Copied both values.");
    vec![Effect::Copy(text)]
}

/// Steps to another attempt or iteration and compares what is there.
fn follow(model: &mut Model, action: Action, count: Option<u32>) {
    let Some(execution) = model.execution_mut() else { return };
    let told = scrub::scrub(execution, action, count);
    match told {
        Some(told) => model.tell(told),
        None => here(model),
    }
}

/// Brings the cursor of a comparison into view; how many lines it has, and the data under it, follows from whether there
/// is such data.
pub(super) fn settle(execution: &mut Execution, lines: impl FnOnce(bool) -> (usize, usize)) {
    super::replay::settle(execution);
    let (lines, below) = lines(execution.preview.is_some());
    if let Some(panel) = &mut execution.panel {
        panel.scroll.show(panel.line(), lines, panel.shown().len());
    }
    if let Some((_, preview)) = &mut execution.preview {
        preview.scroll.show(preview.line(), below, preview.shown().len());
    }
}
