//! What is given to the person's own editor to look at, and what becomes of it when it comes back changed.
//!
//! Most of what is on the screen has happened and cannot be changed. But an input, an answer or a definition is what a
//! replay can be given instead of the recorded one: changed in the editor, it is in the plan of the next replay.

use super::execution::Execution;
use super::msg::{Asked, Draft, Ticket};
use super::pane::{DataTab, Pane};
use super::replaying::Change;
use super::subject::Subject;
use crate::history::MemberId;
use crate::json::diff::{At, Step};
use crate::json::layout;
use crate::json::rows::{Kind, Label, Outline, Rows};
use serde_json::Value;
use std::sync::Arc;

/// A value that is in the person's own editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// The question put to the editor.
    pub ticket: Ticket,
    /// The text it was given.
    pub before: String,
    /// How the text stands for the value.
    pub form: Form,
    /// What it is a part of, when a replay can be given another.
    pub part: Option<Part>,
}

/// How a text stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// It is its JSON, laid out.
    Json,
    /// It is what a string says.
    Text,
}

/// A part of something that can be made different in a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What was on the screen.
    pub asked: Asked,
    /// The execution.
    pub member: MemberId,
    /// What it is a part of.
    pub of: Change,
    /// Where it stands in that.
    pub at: At,
}

impl Outside {
    /// Takes what is under the cursor: the value of a row, an event, or the document the data pane shows. `None` when
    /// there is nothing.
    pub fn of(execution: &Execution, ticket: Ticket) -> Option<(Self, Draft)> {
        if execution.lists_events(execution.focus) {
            return Self::event(execution, ticket);
        }
        if execution.data.sheet.is_some() {
            let text = execution.data.selected_text()?;
            return Some(Self::to_look_at(execution.data.tab.title(), text, ticket));
        }
        let rows = &execution.data.rows;
        let row = if execution.focus == Pane::Data { execution.data.selected() } else { document(rows) };
        let row = whole(rows, row)?;
        let (form, text) = value(rows, row);
        let part = execution.spot_of(row).and_then(|spot| {
            let (of, at) = Change::of(&execution.subject, &spot)?;
            let asked = Asked(Arc::clone(&execution.subject));
            Some(Part { asked, member: spot.document.member, of, at: at.join(&inside(rows, row)) })
        });
        let name = match rows.label(row) {
            Label::Name(name) => name.to_owned(),
            Label::Key(key) => key.into_owned(),
            Label::Index(index) => format!("item-{index}"),
            Label::Nothing => "value".to_owned(),
        };
        let draft = Draft { name: format!("{name}.{}", form.ending()), text: text.clone() };
        Some((Self { ticket, before: text, form, part }, draft))
    }

    /// Takes a text that is only to be looked at.
    pub fn to_look_at(name: &str, text: String, ticket: Ticket) -> (Self, Draft) {
        let json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        let form = if json { Form::Json } else { Form::Text };
        let draft = Draft { name: format!("{name}.{}", form.ending()), text: text.clone() };
        (Self { ticket, before: text, form, part: None }, draft)
    }

    fn event(execution: &Execution, ticket: Ticket) -> Option<(Self, Draft)> {
        let event = execution.history().event(execution.place.event)?;
        let text = layout::pretty(&serde_json::to_string(event).ok()?);
        Some(Self::to_look_at(&format!("event-{}", event.id), text, ticket))
    }

    /// Tells whether a text is what the editor was given. Of JSON the white space behind it does not count.
    pub fn is_unchanged(&self, text: &str) -> bool {
        match self.form {
            Form::Json => text.trim_end() == self.before.trim_end(),
            Form::Text => self.without_end(text) == self.before,
        }
    }

    /// Takes away the end of the last line: editors put one where there was none.
    fn without_end<'a>(&self, text: &'a str) -> &'a str {
        let ended = self.before.ends_with('\n');
        text.strip_suffix('\n').filter(|_| !ended).unwrap_or(text)
    }

    /// Returns the JSON of the value a text stands for.
    pub fn json(&self, text: &str) -> String {
        match self.form {
            Form::Json => layout::compact(text),
            Form::Text => Value::from(self.without_end(text)).to_string(),
        }
    }
}

impl Part {
    /// Tells whether it is a part of what is on the screen now: more of it may have come meanwhile.
    pub fn is_of(&self, subject: &Subject) -> bool {
        let arn = |subject: &Subject| {
            let known = self.member.index() < subject.family.members().count();
            known.then(|| subject.title(self.member).arn.clone())
        };
        subject.target == self.asked.0.target && arn(subject) == arn(&self.asked.0)
    }
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Text => "txt",
        }
    }
}

/// The document to take when no row is meant: an input, which can be replayed with another one, before what failed.
fn document(rows: &Rows) -> usize {
    let mut roots = std::iter::successors(Some(0), |row| Some(rows.end(*row))).take_while(|row| *row < rows.len());
    roots.find(|row| matches!(rows.label(*row), Label::Name(name) if name.starts_with("input"))).unwrap_or(0)
}

/// A line belongs to the text it is a line of.
fn whole(rows: &Rows, row: usize) -> Option<usize> {
    match rows.get(row)?.kind {
        Kind::Line | Kind::Cut => rows.parent(row).or(Some(row)),
        _ => Some(row),
    }
}

/// The value as a person reads it: what a string holds, decoded.
fn value(rows: &Rows, row: usize) -> (Form, String) {
    let decoded = rows.value(row).into_owned();
    match rows.get(row).map(|row| row.kind) {
        Some(Kind::String | Kind::Lines | Kind::NoJson | Kind::Line | Kind::Cut) | None => (Form::Text, decoded),
        Some(Kind::Encoded { times, .. }) => {
            let again = (1..times).try_fold(decoded.clone(), |text, _| serde_json::from_str::<String>(&text).ok());
            (Form::Json, layout::pretty(&again.unwrap_or(decoded)))
        }
        Some(_) => (Form::Json, layout::pretty(&decoded)),
    }
}

/// The steps from a row's value to what is shown of it.
fn inside(rows: &Rows, row: usize) -> Vec<Step> {
    match rows.get(row).map(|row| row.kind) {
        Some(Kind::Encoded { times, .. }) => vec![Step::Decoded; times.into()],
        _ => Vec::new(),
    }
}

/// Tells whether a view shows a definition, which is replayed as a whole.
pub fn shows_definition(execution: &Execution) -> bool {
    execution.data.tab == DataTab::Definition && execution.focus == Pane::Data
}
