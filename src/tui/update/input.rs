//! Keys: counts, sequences, text being typed.

use super::{act, action, bookmarks, keep, search};
use crate::tui::action::{Action, Group};
use crate::tui::key::{Code, Key};
use crate::tui::keymap::Meaning;
use crate::tui::model::{Model, Overlay, Typed};
use crate::tui::msg::{Effect, Ticket};

/// What can be done while a text is written; all other keys write.
const EDITOR: [Action; 6] =
    [Action::Accept, Action::EditOutside, Action::NextForm, Action::GoodAnswer, Action::Suspend, Action::Quit];

/// The greatest count: more digits than an event id can have are no number.
const MOST: u32 = 99_999_999;

pub(super) fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    model.notice = None;
    if key.ctrl && matches!(model.keymap.meaning(&[key]), Meaning::Action(Action::Quit)) {
        // Whoever wants to leave does not finish what was begun.
        model.typed = Typed::default();
    }
    if let Some(effects) = typed_into_overlay(model, key).or_else(|| chosen_by_number(model, key)) {
        return effects;
    }
    if let Some(effects) = counted(model, key) {
        return effects;
    }
    if key.code == Code::Esc && model.typed != Typed::default() && !model.typed.is_empty() {
        model.typed = Typed::default();
        return Vec::new();
    }
    model.typed.keys.push(key);
    match model.keymap.meaning(&model.typed.keys) {
        Meaning::Action(meant) => perform(model, meant),
        Meaning::Beginning(alone) => wait(model, alone.is_some()),
        Meaning::Lettered(meant, letter) => {
            model.typed = Typed::default();
            bookmarks::lettered(model, meant, letter)
        }
        Meaning::Nothing => {
            let keys = crate::tui::keymap::spelled(&model.typed.keys);
            model.typed = Typed::default();
            let help = model.key(Action::Help);
            model.complain(format!("{keys} is not bound here. {help} shows the keys."));
            Vec::new()
        }
    }
}

/// After a moment without a further key, what was typed means what it means alone.
pub(super) fn woke(model: &mut Model, ticket: Ticket) -> Vec<Effect> {
    if model.typed.is_empty() || model.typed.ticket != ticket {
        return Vec::new();
    }
    if model.typed.before.is_some() {
        model.typed = Typed::default();
        return Vec::new();
    }
    let alone = match (model.typed.count, model.typed.keys.as_slice()) {
        (Some(digit), []) if digit < 10 => char::from_digit(digit, 10).map(Key::char),
        _ => None,
    };
    let keys = alone.map_or_else(|| model.typed.keys.clone(), |key| vec![key]);
    match model.keymap.meaning(&keys) {
        Meaning::Action(meant) if alone.is_some() => {
            model.typed.count = None;
            perform(model, meant)
        }
        Meaning::Beginning(Some(meant)) => perform(model, meant),
        _ => Vec::new(),
    }
}

pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let line = text.lines().next().unwrap_or("");
    match &mut model.overlay {
        Some(Overlay::Search(_, typed, _)) => {
            typed.push_str(line);
            search::typed(model)
        }
        Some(Overlay::Palette(typed, _)) => {
            typed.push_str(line);
            Vec::new()
        }
        Some(Overlay::Editor(editor)) => {
            editor.paste(text);
            Vec::new()
        }
        Some(Overlay::Keep(typing)) => {
            typing.path.paste(line);
            Vec::new()
        }
        Some(Overlay::Confirm(confirm)) => {
            confirm.line.paste(line);
            Vec::new()
        }
        Some(Overlay::Noting(noting)) => {
            noting.line.paste(line);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn perform(model: &mut Model, meant: Action) -> Vec<Effect> {
    let moves = matches!(meant.entry().group, Group::Move | Group::Scrub);
    // A digit that has shown a view has done its work, unless it turns out to be a count.
    let count = model.typed.count.filter(|_| moves || model.typed.before.is_none());
    if moves {
        take_back(model);
    }
    model.typed = Typed::default();
    action::perform(model, meant, count)
}

/// Shows again what was shown before a digit that turned out to begin a number.
fn take_back(model: &mut Model) {
    if let Some(before) = model.typed.before.take()
        && let Some(execution) = model.execution_mut()
    {
        execution.show(before);
    }
}

/// Choices that are numbered are made by their number.
fn chosen_by_number(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let Key { code: Code::Char(c), ctrl: false } = key else { return None };
    let number = usize::try_from(c.to_digit(10)?).ok()?;
    let found = match &mut model.overlay {
        Some(Overlay::Replay(menu)) => menu.select_number(number),
        Some(Overlay::Asking(ask)) => ask.select_number(number),
        _ => false,
    };
    found.then(|| action::perform(model, Action::Enter, None))
}

/// Digits before a movement are a count. One alone is also a command: it shows a view at once, which is taken back when
/// a further digit or a movement follows in the same moment.
fn counted(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let Key { code: Code::Char(c), ctrl: false } = key else { return None };
    let digit = c.to_digit(10)?;
    if !model.typed.keys.is_empty() || (digit == 0 && model.typed.count.is_none()) || model.overlay.is_some() {
        return None;
    }
    let count = model.typed.count.unwrap_or(0).saturating_mul(10).saturating_add(digit).min(MOST);
    model.typed.count = Some(count);
    let mut effects = Vec::new();
    match model.keymap.meaning(&[key]) {
        _ if count >= 10 => take_back(model),
        Meaning::Action(meant @ Action::Show(_)) => {
            model.typed.before = model.execution().map(|execution| execution.data.tab);
            effects = action::perform(model, meant, None);
        }
        _ => {}
    }
    effects.extend(wait(model, count < 10));
    Some(effects)
}

fn wait(model: &mut Model, wake: bool) -> Vec<Effect> {
    model.ticket = model.ticket.next();
    model.typed.ticket = model.ticket;
    if wake { vec![Effect::Wake(model.ticket)] } else { Vec::new() }
}

/// Keys that are text, while something is being typed.
fn typed_into_overlay(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    match &mut model.overlay {
        Some(Overlay::Editor(editor)) => {
            return match model.keymap.meaning(&[key]) {
                Meaning::Action(meant) if key.ctrl && EDITOR.contains(&meant) || meant == Action::Cancel => {
                    Some(action::perform(model, meant, None))
                }
                _ => {
                    editor.key(key);
                    Some(Vec::new())
                }
            };
        }
        Some(Overlay::Keep(typing)) => {
            let edited = typing.path.key(key);
            return Some(keep::edited(model, edited));
        }
        Some(Overlay::Confirm(confirm)) => {
            let edited = confirm.line.key(key);
            return Some(act::typed(model, edited));
        }
        Some(Overlay::Noting(noting)) => {
            let edited = noting.line.key(key);
            return Some(bookmarks::noted(model, edited));
        }
        _ => {}
    }
    let searching = matches!(model.overlay, Some(Overlay::Search(..)));
    let (Some(Overlay::Search(_, text, _)) | Some(Overlay::Palette(text, _))) = &mut model.overlay else { return None };
    match key {
        Key { code: Code::Char('u'), ctrl: true } => text.clear(),
        Key { code: Code::Char('w'), ctrl: true } => {
            let kept = text.trim_end().rfind(' ').map_or(0, |at| at + 1);
            text.truncate(kept);
        }
        Key { code: Code::Char(c), ctrl: false } => text.push(c),
        Key { code: Code::Backspace, .. } => {
            if text.pop().is_none() {
                return Some(action::perform(model, Action::Cancel, None));
            }
        }
        Key { code: Code::Enter, .. } if searching => return Some(search::finish(model)),
        Key { code: Code::Enter, .. } => return Some(action::run_from_palette(model)),
        Key { code: Code::Esc, .. } => return Some(action::perform(model, Action::Cancel, None)),
        Key { code: Code::Char('c'), ctrl: true } => return Some(vec![Effect::Quit]),
        Key { code: Code::Down | Code::Tab, .. } | Key { code: Code::Char('n'), ctrl: true } => {
            action::select_in_palette(model, true);
            return Some(Vec::new());
        }
        Key { code: Code::Up | Code::BackTab, .. } | Key { code: Code::Char('p'), ctrl: true } => {
            action::select_in_palette(model, false);
            return Some(Vec::new());
        }
        _ => return Some(Vec::new()),
    }
    if searching {
        return Some(search::typed(model));
    }
    if let Some(Overlay::Palette(_, selected)) = &mut model.overlay {
        *selected = 0;
    }
    Some(Vec::new())
}

impl Typed {
    /// Tells whether nothing was typed that waits for more.
    pub fn is_empty(&self) -> bool {
        self.count.is_none() && self.keys.is_empty()
    }
}
