//! Tells step by step what a path selects, and what was there instead where it stops.

use super::evaluate::Stop;
use super::step::{Query, Step};
use super::{Miss, Path};
use crate::query::budget::Budget;
use crate::query::scope::Scope;
use serde_json::Value;

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
        let mut stages = Vec::new();
        let mut instead = None;
        for until in 0..=self.query.steps.len() {
            let steps = self.query.steps.get(..until).unwrap_or_default();
            if matches!(steps.last(), Some(Step::Descend)) {
                continue;
            }
            let part = format!("{}{}", self.root_text(), Query::new(steps.to_vec(), true).text_from(0));
            match Query::new(steps.to_vec(), true).select(root, root, &Budget::new()) {
                Ok(value) => {
                    let value = value.into_owned();
                    if instead.is_none() && value == Value::Array(Vec::new()) {
                        instead = stages.last().and_then(|stage: &Stage| Found::among(stage, steps.last()));
                    }
                    stages.push(Stage { part, selected: Some(value) });
                }
                Err(stop) => {
                    let instead = stages.last().and_then(|stage: &Stage| stage.selected.as_ref());
                    let instead = instead.map(|value| Found::of(value, steps.last()));
                    stages.push(Stage { part, selected: None });
                    return Trail { stages, miss: Some(self.miss(root, &stop)), instead };
                }
            }
        }
        Trail { stages, miss: None, instead }
    }

    /// The reason the whole path has, which may word differently what its first part reported.
    fn miss(&self, root: &Value, stop: &Stop) -> Miss {
        let whole = self.query.select(root, root, &Budget::new()).err();
        Miss::of(self, whole.as_ref().unwrap_or(stop), root)
    }

    fn root_text(&self) -> String {
        match &self.root {
            super::Root::Input => "$".to_owned(),
            super::Root::Context => "$$".to_owned(),
            super::Root::Variable(name) => format!("${name}"),
        }
    }
}

impl Found {
    /// What the first of several values is that a stage selected.
    fn among(stage: &Stage, step: Option<&Step>) -> Option<Self> {
        let first = stage.selected.as_ref()?.as_array()?.first()?;
        Some(Self::of(first, step))
    }

    fn of(value: &Value, step: Option<&Step>) -> Self {
        let names: Vec<String> = value.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default();
        let kind = match value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "a boolean".to_owned(),
            Value::Number(_) => "a number".to_owned(),
            Value::String(_) => "a string".to_owned(),
            Value::Array(items) => format!("an array of {}", counted(items.len(), "element")),
            Value::Object(members) => format!("an object of {}", counted(members.len(), "member")),
        };
        let similar = match step {
            Some(Step::Name(wanted)) => {
                let found = crate::query::similar::closest(wanted, names.iter().map(String::as_str));
                found.map(|found| (wanted.to_string(), found.to_owned()))
            }
            _ => None,
        };
        Self { kind, names, similar }
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
