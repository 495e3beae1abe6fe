//! A text being written on the screen, judged as it is typed.

use super::plan::Change;
use crate::json::layout;
use crate::replay::Amended;
use crate::tui::key::{Code, Key};
use crate::tui::msg::Ticket;
use ratatui_textarea::{CursorMove, Input, TextArea, WrapMode};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

/// Texts with more bytes or lines are no pleasure to edit in a box on the screen.
const LARGE: (usize, usize) = (16 * 1024, 400);

/// A text being written.
#[derive(Debug)]
pub struct Editor {
    /// What it is to become.
    pub editing: Editing,
    /// What it is called.
    pub title: String,
    /// What is wrong with it, as a sentence.
    pub problem: Option<String>,
    /// Whether leaving it was asked for once, though something was written.
    pub warned: bool,
    area: TextArea<'static>,
    begun_with: String,
    forms: [Form; 3],
    /// What was written in each form, to be there again when one comes back to it.
    written: [Option<String>; 3],
}

/// What a text is written for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editing {
    /// What it makes different.
    pub change: Change,
    /// What follows.
    pub then: Then,
    /// The question put to the person's own editor, when the text is there.
    pub ticket: Option<Ticket>,
    /// What the text was before.
    pub before: String,
}

/// What follows when a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The menu, for more edits.
    Menu,
    /// The replay that wanted it.
    Run,
}

/// The forms an answer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Result,
    Error,
    Timeout,
}

impl Form {
    /// Returns the form an answer has; a result's when it has none yet.
    fn of(text: &str) -> Self {
        let entry = serde_json::from_str::<Value>(text).unwrap_or_default();
        match (entry.get("error"), entry.get("timeout")) {
            (Some(_), _) => Self::Error,
            (_, Some(_)) => Self::Timeout,
            _ => Self::Result,
        }
    }

    /// Returns all forms, beginning with this one: who edits a failure wants a success first of all, and the other way
    /// round.
    fn and_others(self) -> [Self; 3] {
        match self {
            Self::Result => [Self::Result, Self::Error, Self::Timeout],
            Self::Error => [Self::Error, Self::Result, Self::Timeout],
            Self::Timeout => [Self::Timeout, Self::Result, Self::Error],
        }
    }

    /// Returns an answer of this form to be filled in, and what in it is to be written over.
    fn template(self) -> (String, &'static str) {
        let (entry, blank) = match self {
            Self::Result => (json!({ "result": {} }), "{}"),
            Self::Error => (json!({ "error": "States.TaskFailed", "cause": "" }), "States.TaskFailed"),
            Self::Timeout => (json!({ "timeout": true }), "true"),
        };
        (layout::pretty(&entry.to_string()), blank)
    }
}

impl Editor {
    /// Begins with a text.
    pub fn new(editing: Editing, title: String, text: &str) -> Self {
        let lines = text.lines().map(str::to_owned).collect();
        let mut area = TextArea::new(lines);
        area.set_tab_length(2);
        area.set_wrap_mode(WrapMode::Glyph);
        let begun_with = text.to_owned();
        let forms = Form::of(text).and_others();
        let mut editor =
            Self { editing, title, problem: None, warned: false, area, begun_with, forms, written: Default::default() };
        if editor.is_answer() && text == forms[0].template().0 {
            editor.select_blank(forms[0].template().1);
        }
        editor.judge();
        editor
    }

    /// Tells whether a text is better edited elsewhere.
    pub fn is_large(text: &str) -> bool {
        text.len() > LARGE.0 || text.lines().count() > LARGE.1
    }

    /// Returns the text.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Returns the lines and the cursor in them, for painting.
    pub fn area(&self) -> &TextArea<'static> {
        &self.area
    }

    /// Returns the same to be changed in its looks.
    pub fn area_mut(&mut self) -> &mut TextArea<'static> {
        &mut self.area
    }

    /// Tells whether anything was written.
    pub fn is_changed(&self) -> bool {
        self.text() != self.begun_with.trim_end_matches('\n')
    }

    /// Tells whether it is an answer, which can have several forms.
    pub fn is_answer(&self) -> bool {
        matches!(self.editing.change, Change::Answer(..))
    }

    /// Takes in a key.
    pub fn key(&mut self, key: Key) {
        self.warned = false;
        if self.area.input(input(key)) {
            self.judge();
        }
    }

    /// Takes in what was pasted.
    pub fn paste(&mut self, text: &str) {
        self.warned = false;
        if self.area.insert_str(text.replace("\r\n", "\n").replace('\r', "\n")) {
            self.judge();
        }
    }

    /// Goes on to an answer of the next form: a result or an error, whichever it is not yet, a timeout, and then back to
    /// what it began with. What was written in a form is there again.
    pub fn next_form(&mut self) {
        let now = Form::of(&self.text());
        let at = self.forms.iter().position(|form| *form == now).unwrap_or(0);
        let next = (at + 1) % self.forms.len();
        let text = self.text();
        if let Some(written) = self.written.get_mut(at) {
            *written = Some(text);
        }
        let (template, blank) = self.forms.get(next).copied().unwrap_or(Form::Result).template();
        match self.written.get(next).cloned().flatten() {
            Some(written) => self.replace(&written),
            None => {
                self.replace(&template);
                self.select_blank(blank);
            }
        }
        self.judge();
    }

    /// Writes another answer in place of what stands there, which the next form leads back to.
    pub fn take(&mut self, text: &str) {
        let now = Form::of(&self.text());
        if let Some(written) = self.forms.iter().position(|form| *form == now).and_then(|at| self.written.get_mut(at)) {
            *written = Some(self.area.lines().join("\n"));
        }
        self.replace(text);
        self.judge();
    }

    fn replace(&mut self, text: &str) {
        self.area.select_all();
        self.area.insert_str(text);
    }

    /// Selects what is to be filled in, so that typing writes over it.
    fn select_blank(&mut self, blank: &str) {
        let found = self.area.lines().iter().enumerate().find_map(|(row, line)| Some((row, line.find(blank)?)));
        // Nothing but ASCII stands in front of it.
        let Some((row, column)) = found else { return };
        let place = |column: usize| {
            let small = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
            CursorMove::Jump(small(row), small(column))
        };
        self.area.move_cursor(place(column));
        self.area.start_selection();
        self.area.move_cursor(place(column + blank.len()));
    }

    fn judge(&mut self) {
        self.problem = problem(&self.editing.change, &self.text());
    }
}

/// Returns what is wrong with a text, as a sentence.
fn problem(change: &Change, text: &str) -> Option<String> {
    if matches!(change, Change::Definition) {
        return None;
    }
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return Some(format!("This is not JSON: {error}."));
    }
    match change {
        Change::Answer(of, state, _) => {
            Amended::default().give(of.clone(), state, text).err().map(|error| error.to_string())
        }
        _ => None,
    }
}

fn input(key: Key) -> Input {
    use ratatui_textarea::Key as Named;
    let named = match key.code {
        Code::Char(c) => Named::Char(c),
        Code::Enter => Named::Enter,
        Code::Esc => Named::Esc,
        Code::Tab | Code::BackTab => Named::Tab,
        Code::Backspace => Named::Backspace,
        Code::Delete => Named::Delete,
        Code::Up => Named::Up,
        Code::Down => Named::Down,
        Code::Left => Named::Left,
        Code::Right => Named::Right,
        Code::PageUp => Named::PageUp,
        Code::PageDown => Named::PageDown,
        Code::Home => Named::Home,
        Code::End => Named::End,
    };
    Input { key: named, ctrl: key.ctrl, alt: false, shift: key.code == Code::BackTab }
}
