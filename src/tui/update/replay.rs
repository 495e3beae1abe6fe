//! Replaying: the menu, the edits, the questions a replay stops with.

use super::{motion, panel};
use crate::asl::{Diagnostic, Severity};
use crate::history::MemberId;
use crate::json::layout;
use crate::replay::{check_definition, recorded_answer};
use crate::tui::action::Action;
use crate::tui::execution::{Execution, Work};
use crate::tui::model::{Findings, Model, Overlay, Screen};
use crate::tui::msg::{Asked, Draft, Effect, Ticket, Trouble};
use crate::tui::panel::{Kind, Replayed};
use crate::tui::replaying::{Ask, Change, Choice, Editing, Editor, Extent, GoodAnswer, Item, Menu, Then};
use std::sync::Arc;

/// Opens the menu.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    if let Some(execution) = model.execution_mut() {
        execution.plan_for(execution.place.member);
    }
    show_menu(model, |menu| menu);
    Vec::new()
}

fn show_menu(model: &mut Model, select: impl FnOnce(Menu) -> Menu) {
    if let Some(execution) = model.execution() {
        model.overlay = Some(Overlay::Replay(select(Menu::of(execution))));
    }
}

/// Does what an action means in one of the overlays of a replay; `None` in all others.
pub(super) fn in_overlay(model: &mut Model, action: Action, count: Option<u32>) -> Option<Vec<Effect>> {
    match &model.overlay {
        Some(Overlay::Replay(_)) => Some(in_menu(model, action, count)),
        Some(Overlay::Asking(_)) => Some(in_question(model, action, count)),
        Some(Overlay::Editor(_)) => Some(in_editor(model, action)),
        Some(Overlay::Findings(_)) => in_findings(model, action),
        _ => None,
    }
}

fn in_menu(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    let Some(Overlay::Replay(menu)) = &mut model.overlay else { return Vec::new() };
    if let Some(line) = motion::target(action, count, menu.line(), 5, menu.items().len()) {
        menu.select_line(line);
        return Vec::new();
    }
    let selected = menu.selected().cloned();
    match (action, selected) {
        (Action::Enter | Action::Replay, Some(Item::Run(extent))) => run(model, extent),
        (Action::Enter | Action::Replay, Some(Item::Root)) => {
            if let Some(execution) = model.execution_mut() {
                execution.plan_for(MemberId::ROOT);
            }
            run(model, Extent::Whole)
        }
        (Action::Enter | Action::Replay, Some(Item::Change(change))) => write(model, change, Then::Menu),
        (Action::EditOutside, Some(Item::Change(change))) => edit(model, change, Then::Menu),
        (Action::UndoEdit, Some(Item::Change(change))) => undo(model, &change),
        (Action::YankCommand, selected) => yank(model, selected.as_ref()),
        (Action::Cancel | Action::Leave, _) => close(model),
        (Action::CycleTheme, _) => {
            model.look.theme = model.look.theme.next();
            Vec::new()
        }
        (Action::Suspend, _) => vec![Effect::Suspend],
        _ => Vec::new(),
    }
}

fn close(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    Vec::new()
}

/// Replays so much with the edits there are; what is known already is shown again.
fn run(model: &mut Model, extent: Extent) -> Vec<Effect> {
    model.overlay = None;
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    execution.plan.extent = extent;
    match &execution.replayed {
        Some(replayed) if replayed.plan == execution.plan => {
            execution.panel = Some(replayed.panel.clone());
            ask(model);
            Vec::new()
        }
        _ => panel::ask(model, Work::Replay(0, 0)),
    }
}

fn undo(model: &mut Model, change: &Change) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    let undone = execution.plan.undo(change);
    let title = change.title(execution.plan.history(&execution.subject));
    let line = match &model.overlay {
        Some(Overlay::Replay(menu)) => menu.line(),
        _ => 0,
    };
    show_menu(model, |mut menu| {
        menu.select_line(line);
        menu
    });
    match undone {
        true => model.tell(format!("The {title} is back to what was recorded.")),
        false => model.tell(format!("The {title} is as recorded.")),
    }
    Vec::new()
}

/// Copies the commands that replay the same without a screen.
fn yank(model: &mut Model, selected: Option<&Item>) -> Vec<Effect> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let mut plan = execution.plan.clone();
    if let Some(Item::Run(extent)) = selected {
        plan.extent = *extent;
    }
    let command = plan.command(&execution.subject);
    let last = command.lines().last().unwrap_or_default().to_owned();
    model.tell(format!("Copied the command: {last}"));
    vec![Effect::Copy(command)]
}

/// Returns how something is: as edited, else as recorded; `None` when that was not recorded.
pub(super) fn text(execution: &Execution, change: &Change) -> Option<String> {
    if let Some(edit) = execution.plan.edit(change) {
        return Some(edit.text.clone());
    }
    let recording = execution.plan.recording(&execution.subject).ok()?;
    let history = execution.plan.history(&execution.subject);
    let recorded = match change {
        Change::Input => recording.input()?.text().to_owned(),
        Change::VisitInput(entered) => history.event(*entered)?.details.input()?.text().to_owned(),
        Change::Answer(crate::replay::Try::Recorded(scheduled), ..) => {
            recorded_answer(&recording, *scheduled)?.to_string()
        }
        Change::Answer(..) => return None,
        Change::Definition => {
            let text = recording.definition()?.text().to_owned();
            // One that somebody laid out stays as it is.
            return Some(if text.contains('\n') { text } else { layout::pretty(&text) });
        }
    };
    Some(layout::pretty(&recorded))
}

/// Begins to write: on the screen, or in the person's own editor what is too large for that.
fn write(model: &mut Model, change: Change, then: Then) -> Vec<Effect> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let before = text(execution, &change);
    if change == Change::Definition || before.as_deref().is_some_and(Editor::is_large) {
        return edit(model, change, then);
    }
    let before = before.unwrap_or_else(|| nothing(&change));
    open_editor(model, Editing { change, then, ticket: None, before: before.clone() }, &before);
    Vec::new()
}

/// What one begins with where nothing was recorded.
fn nothing(change: &Change) -> String {
    match change {
        Change::Answer(..) => "{\n  \"result\": {}\n}".to_owned(),
        _ => "{}".to_owned(),
    }
}

fn open_editor(model: &mut Model, editing: Editing, text: &str) {
    let Some(execution) = model.execution() else { return };
    let title = editing.change.title(execution.plan.history(&execution.subject));
    model.overlay = Some(Overlay::Editor(Box::new(Editor::new(editing, title, text))));
}

/// Hands a text to the person's own editor.
pub(super) fn edit(model: &mut Model, change: Change, then: Then) -> Vec<Effect> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let Some(before) = text(execution, &change).or_else(|| (change != Change::Definition).then(|| nothing(&change)))
    else {
        model.complain("The recording does not hold the definition.");
        return Vec::new();
    };
    let text = before.clone();
    outside(model, Editing { change, then, ticket: None, before }, text)
}

fn outside(model: &mut Model, editing: Editing, text: String) -> Vec<Effect> {
    model.ticket = model.ticket.next();
    let ticket = model.ticket;
    let name = editing.change.file().to_owned();
    model.editing = Some(Editing { ticket: Some(ticket), ..editing });
    vec![Effect::Edit(ticket, Draft { name, text })]
}

fn in_editor(model: &mut Model, action: Action) -> Vec<Effect> {
    let cancel = model.key(Action::Cancel);
    let Some(Overlay::Editor(editor)) = &mut model.overlay else { return Vec::new() };
    match action {
        Action::Accept => match &editor.problem {
            Some(_) => {
                model.complain("This cannot be replayed yet.");
                Vec::new()
            }
            None => {
                let (editing, text) = (editor.editing.clone(), editor.text());
                accept(model, editing, text)
            }
        },
        Action::EditOutside => {
            let (editing, text) = (editor.editing.clone(), editor.text());
            outside(model, editing, text)
        }
        Action::NextForm if editor.is_answer() => {
            editor.next_form();
            Vec::new()
        }
        Action::GoodAnswer => match editor.editing.change.clone() {
            Change::Answer(_, state, _) => ask_good(model, state),
            _ => {
                model.tell("Only task results are taken from the last good run.");
                Vec::new()
            }
        },
        Action::Cancel if editor.is_changed() && !editor.warned => {
            editor.warned = true;
            model.tell(format!("{cancel} again discards your changes."));
            Vec::new()
        }
        Action::Cancel => {
            let then = editor.editing.then;
            model.overlay = None;
            match then {
                Then::Menu => show_menu(model, |menu| menu),
                Then::Run => ask(model),
            }
            Vec::new()
        }
        Action::Suspend => vec![Effect::Suspend],
        _ => Vec::new(),
    }
}

/// Asks for what the last good run has for a state.
fn ask_good(model: &mut Model, state: Arc<str>) -> Vec<Effect> {
    let ticket = model.ticket.next();
    let Some(execution) = model.execution() else { return Vec::new() };
    let asked = Asked(Arc::clone(&execution.subject));
    model.ticket = ticket;
    model.good = Some((ticket, Arc::clone(&state)));
    model.tell(format!("Looking for {state} in the last good run{}", model.look.glyphs.more));
    vec![Effect::Answer(ticket, asked, state)]
}

/// Takes in what the last good run has, if it is still waited for.
pub(super) fn answered(model: &mut Model, ticket: Ticket, found: Result<GoodAnswer, Trouble>) -> Vec<Effect> {
    let Some((_, state)) = model.good.take_if(|(asked, _)| *asked == ticket) else { return Vec::new() };
    let Some(Overlay::Editor(editor)) = &mut model.overlay else { return Vec::new() };
    if !matches!(&editor.editing.change, Change::Answer(_, wanted, _) if *wanted == state) {
        return Vec::new();
    }
    match found {
        Ok(answer) => {
            editor.take(&answer.text);
            let save = model.key(Action::Accept);
            model.tell(format!("As in {}. {save} saves it.", answer.run));
        }
        Err(trouble) => model.complain(trouble.message),
    }
    Vec::new()
}

/// Opens the run that was replayed last as an execution of its own.
pub(super) fn open_replayed(model: &mut Model) -> Vec<Effect> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let Some(replayed) = &execution.replayed else {
        let replay = model.key(Action::Replay);
        model.tell(format!("Nothing was replayed yet: {replay} replays."));
        return Vec::new();
    };
    match replayed.subject(&execution.subject) {
        Ok(subject) => {
            model.screens.push(Screen::Execution(Box::new(Execution::new(Arc::new(subject)))));
            let back = model.key(Action::Leave);
            model.tell(format!("This is the replayed run. {back} leads back to the recorded one."));
        }
        Err(reason) => model.complain(reason),
    }
    Vec::new()
}

/// Takes a text that was written, and goes on with what follows.
fn accept(model: &mut Model, editing: Editing, text: String) -> Vec<Effect> {
    let Editing { change, then, .. } = editing;
    let text = match change {
        Change::Input | Change::VisitInput(_) => layout::compact(&text),
        _ => text,
    };
    model.overlay = None;
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    // What comes of the whole run is what one edits for; another input of a visit is only in force from there on.
    let extent = match &change {
        Change::VisitInput(entered) => Extent::From(*entered),
        Change::Input | Change::Answer(..) | Change::Definition => Extent::Whole,
    };
    let title = change.title(execution.plan.history(&execution.subject));
    execution.plan.put(change, text);
    match then {
        Then::Run => panel::ask(model, Work::Replay(0, 0)),
        Then::Menu => {
            show_menu(model, |menu| menu.selecting(extent));
            let next = next_step(model).unwrap_or_default();
            model.tell(format!("The {title} is edited.{next}"));
            Vec::new()
        }
    }
}

/// Returns what choosing the selected line of the menu would do, as a hint.
fn next_step(model: &Model) -> Option<String> {
    let (Some(Overlay::Replay(menu)), Some(execution)) = (&model.overlay, model.execution()) else { return None };
    let plan = &execution.plan;
    let words = menu.selected()?.words(plan.history(&execution.subject), plan.member);
    Some(format!(" {}: {words}.", model.key(Action::Enter)))
}

/// Takes in what the person's own editor left.
pub(super) fn edited(model: &mut Model, ticket: Ticket, written: Result<String, String>) -> Vec<Effect> {
    let Some(editing) = model.editing.take_if(|editing| editing.ticket == Some(ticket)) else { return Vec::new() };
    let text = match written {
        Ok(text) => text,
        Err(reason) => {
            model.complain(reason);
            return Vec::new();
        }
    };
    let same = text.trim_end() == editing.before.trim_end();
    if same && !matches!(model.overlay, Some(Overlay::Editor(_))) {
        model.tell("Nothing was changed.");
        return Vec::new();
    }
    if editing.change == Change::Definition {
        return defined(model, editing, text);
    }
    let text = text.trim_end().to_owned();
    open_editor(model, editing, &text);
    match &model.overlay {
        Some(Overlay::Editor(editor)) if editor.problem.is_none() => {
            let editing = editor.editing.clone();
            accept(model, editing, text)
        }
        _ => Vec::new(),
    }
}

/// Says what AWS would say about an edited definition. What it would refuse does not run.
fn defined(model: &mut Model, editing: Editing, text: String) -> Vec<Effect> {
    let Some(execution) = model.execution() else { return Vec::new() };
    let Ok(recording) = execution.plan.recording(&execution.subject) else { return Vec::new() };
    let (_, mut findings) = check_definition(&recording, &text);
    let before = recording.definition().map(|before| check_definition(&recording, before.text()).1).unwrap_or_default();
    let known = |it: &Diagnostic| {
        before.iter().any(|old| (old.code, &old.message, &old.location) == (it.code, &it.message, &it.location))
    };
    findings.retain(|it| it.severity == Severity::Error || !known(it));
    if findings.is_empty() {
        let effects = accept(model, editing, text);
        let next = next_step(model).unwrap_or_default();
        model.tell(format!("The definition has no new findings.{next}"));
        return effects;
    }
    findings.sort_by_key(|it| std::cmp::Reverse(it.severity));
    model.overlay = Some(Overlay::Findings(Box::new(Findings { findings, editing, text, top: 0 })));
    Vec::new()
}

fn in_findings(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let Some(Overlay::Findings(found)) = &model.overlay else { return None };
    let (editing, text, refused) = (found.editing.clone(), found.text.clone(), found.is_refused());
    match action {
        Action::EditOutside => Some(outside(model, editing, text)),
        Action::Enter if refused => Some(outside(model, editing, text)),
        Action::Enter | Action::Accept if !refused => Some(accept(model, editing, text)),
        Action::Cancel | Action::Leave => {
            show_menu(model, |menu| menu);
            model.tell("The definition was not changed.");
            Some(Vec::new())
        }
        _ => None,
    }
}

/// Takes in how far a replay is.
pub(super) fn replaying(model: &mut Model, ticket: Ticket, done: usize, of: usize) -> Vec<Effect> {
    let waiting = model.execution_mut().and_then(|execution| execution.waiting.as_mut());
    if let Some(waiting) = waiting.filter(|waiting| waiting.ticket == ticket) {
        waiting.work = Work::Replay(done, of);
    }
    Vec::new()
}

/// Shows what a replay showed, unless something else was asked for since; and asks what it wants to know.
pub(super) fn replayed(model: &mut Model, ticket: Ticket, found: Result<Box<Replayed>, Trouble>) -> Vec<Effect> {
    let Some(execution) = model.execution_mut() else { return Vec::new() };
    if execution.waiting.take_if(|waiting| waiting.ticket == ticket).is_none() {
        return Vec::new();
    }
    match found {
        Ok(replayed) => {
            execution.panel = Some(replayed.panel.clone());
            execution.replayed = Some(*replayed);
            // Whoever is writing something else is not interrupted.
            if model.overlay.is_none() {
                ask(model);
            }
        }
        Err(trouble) => {
            let hint = trouble.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
            model.complain(format!("{}{hint}", trouble.message));
        }
    }
    Vec::new()
}

/// Asks for the first answer a replay wants.
fn ask(model: &mut Model) {
    let Some(execution) = model.execution() else { return };
    let asking = execution.replayed.as_ref().map(|replayed| replayed.asking.as_slice()).unwrap_or_default();
    let Ok(recording) = execution.plan.recording(&execution.subject) else { return };
    let question = Ask::of(&recording, asking);
    if let Some(question) = question {
        model.overlay = Some(Overlay::Asking(Box::new(question)));
    }
}

fn in_question(model: &mut Model, action: Action, count: Option<u32>) -> Vec<Effect> {
    let Some(Overlay::Asking(ask)) = &mut model.overlay else { return Vec::new() };
    if let Some(line) = motion::target(action, count, ask.line(), 4, Choice::ALL.len()) {
        ask.select_line(line);
        return Vec::new();
    }
    let choice = match action {
        Action::Enter | Action::Replay => ask.selected(),
        Action::Cancel | Action::Leave => Choice::Leave,
        Action::Suspend => return vec![Effect::Suspend],
        _ => return Vec::new(),
    };
    let asking = &ask.asking;
    let change = Change::Answer(asking.of.clone(), asking.state.clone(), asking.attempt);
    match (choice, ask.answer(choice)) {
        (Choice::Leave, _) => close(model),
        (_, Some(answer)) => {
            let editing = Editing { change, then: Then::Run, ticket: None, before: String::new() };
            accept(model, editing, answer)
        }
        (_, None) => write(model, change, Then::Run),
    }
}

/// Compares the data on both sides of the row under the cursor; `None` when no replay is shown.
pub(super) fn data(model: &mut Model) -> Option<Vec<Effect>> {
    let execution = model.execution_mut()?;
    let under = execution.panel.take_if(|panel| panel.kind == Kind::Replay)?;
    let row = under.selected_row();
    let replayed = execution.replayed.as_ref();
    let found = replayed.and_then(|replayed| replayed.data(&execution.subject, row?));
    match found {
        Some(mut panel) => {
            panel.under = Some(Box::new(under));
            execution.panel = Some(panel);
        }
        None => {
            execution.panel = Some(under);
            model.tell("There is no data on this row.");
        }
    }
    Some(Vec::new())
}

/// What stands under the rows of a replay: the data of the row under the cursor.
pub(super) fn settle(execution: &mut Execution) {
    let row = execution.panel.as_ref().filter(|panel| panel.kind == Kind::Replay).and_then(|it| it.selected_row());
    match (row, &execution.preview) {
        (Some(row), Some((shown, _))) if *shown == row => {}
        (Some(row), _) => {
            let replayed = execution.replayed.as_ref();
            let data = replayed.and_then(|replayed| replayed.data(&execution.subject, row));
            execution.preview = data.map(|data| (row, data));
        }
        (None, _) => execution.preview = None,
    }
}
