//! Tells step by step what a path selects, and what was there instead where it stops.

use super::evaluate::Model;
use super::step::{Query, Step};
use super::{Miss, Path};
use crate::query::budget::Budget;
use crate::query::scope::Scope;
use serde_json::Value;
use std::borrow::Cow;

/// What a path selected, step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// The root, and then one stage for each step, up to the one where the path stopped.
    pub stages: Vec<Stage>,
    /// Why the path gave nothing.
    pub miss: Option<Miss>,
    /// What was there where the path stopped, or where a list of several became empty.
    pub instead: Option<Found>,
}

/// A path up to one of its steps, and what it selects.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// The path up to here, in bracket form.
    pub part: String,
    /// What it selects, unless this is where it stops.
    pub selected: Option<Value>,
}

/// What a path found where it stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What kind of value is there, in words.
    pub kind: String,
    /// The names it has.
    pub names: Vec<String>,
    /// The name that was asked for, and one that is there and looks alike.
    pub similar: Option<(String, String)>,
}

impl Path {
    /// Evaluates a path step by step.
    pub fn explain(&self, scope: &Scope<'_>) -> Trail {
        let Some(root) = self.document(scope) else {
            return Trail { stages: Vec::new(), miss: Some(self.no_variable()), instead: None };
        };
        let whole = self.query.select(Model::document(root), root, &Budget::new());
        let miss = whole.err().map(|stop| self.miss(stop));
        let (mut stages, mut instead) = (Vec::new(), None);
        for until in 0..=self.query.steps.len() {
            let steps = self.query.steps.get(..until).unwrap_or_default();
            if matches!(steps.last(), Some(Step::Scan)) {
                continue;
            }
            let part = Query::new(steps.to_vec(), true);
            let selected = part.select(Model::document(root), root, &Budget::new()).ok().map(Cow::into_owned);
            let stage = Stage { part: format!("{}{}", self.root_text(), part.text_from(0)), selected };
            let stopped = stage.selected.is_none();
            if instead.is_none() && (stopped || stage.selected == Some(Value::Array(Vec::new()))) {
                instead = stages.last().and_then(|before: &Stage| before.instead_of(steps.last(), stopped));
            }
            stages.push(stage);
            if stopped {
                break;
            }
        }
        Trail { stages, miss, instead }
    }

    /// Tells whether the path selects an element that is not there, which reads as null.
    pub(in crate::query) fn is_beyond(&self, scope: &Scope<'_>) -> bool {
        matches!(self.read(scope), Ok(Cow::Borrowed(value)) if super::evaluate::is_absent(value))
    }

    fn root_text(&self) -> String {
        match &self.root {
            super::Root::Input => "$".to_owned(),
            super::Root::Context => "$$".to_owned(),
            super::Root::Variable(name) => format!("${name}"),
        }
    }
}

impl Stage {
    /// Tells what a step found: what was selected before it, or the first of several values.
    fn instead_of(&self, step: Option<&Step>, stopped: bool) -> Option<Found> {
        let value = self.selected.as_ref()?;
        let value = if stopped { value } else { value.as_array()?.first()? };
        let wanted = match step {
            Some(Step::Name(wanted)) => Some(&**wanted),
            _ => None,
        };
        Some(Found::at(value, wanted))
    }
}

impl Found {
    /// Tells what a value is in which something was looked for, by a name or otherwise.
    pub(in crate::query) fn at(value: &Value, wanted: Option<&str>) -> Self {
        // A name asked of an array means those of its elements.
        let object = match value {
            Value::Array(items) => items.iter().find_map(Value::as_object),
            value => value.as_object(),
        };
        let names: Vec<String> = object.map(|members| members.keys().cloned().collect()).unwrap_or_default();
        let kind = match value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "a boolean".to_owned(),
            Value::Number(_) => "a number".to_owned(),
            Value::String(_) => "a string".to_owned(),
            Value::Array(items) => format!("an array of {}", counted(items.len(), "element")),
            Value::Object(members) => format!("an object of {}", counted(members.len(), "member")),
        };
        let similar = wanted.and_then(|wanted| {
            let found = crate::query::similar::closest(wanted, names.iter().map(String::as_str))?;
            // Of short names a few letters make another name.
            let is_near = found.len().abs_diff(wanted.len()) * 2 < found.len().max(wanted.len());
            is_near.then(|| (wanted.to_owned(), found.to_owned()))
        });
        Self { kind, names, similar }
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
