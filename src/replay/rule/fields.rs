//! Fields of states as they stand in the definition: what they say, where, and which of them makes a value.

use super::Rule;
use crate::asl::{Definition, Format, Machine, Span, State};
use serde_json::Value;
use std::sync::Arc;

/// Characters of a field that are quoted.
const QUOTED: usize = 80;

/// The definition of a machine, read again for its fields.
pub(super) struct Fields<'a> {
    machine: &'a Machine,
    definition: Definition,
}

/// One step into a value, as differences write them: `parameters.Payload[0]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Item(usize),
}

impl Step {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Member(name) => name,
            Self::Item(_) => "",
        }
    }
}

/// Reads the path of a difference.
pub(super) fn steps(path: &str) -> Vec<Step> {
    let (mut steps, mut rest) = (Vec::new(), path);
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let mut values = serde_json::Deserializer::from_str(inside).into_iter::<Value>();
            let step = match values.next() {
                Some(Ok(Value::String(name))) => Step::Member(name),
                Some(Ok(Value::Number(index))) => {
                    Step::Item(index.as_u64().and_then(|index| usize::try_from(index).ok()).unwrap_or_default())
                }
                _ => break,
            };
            steps.push(step);
            rest = inside.get(values.byte_offset()..).unwrap_or_default().strip_prefix(']').unwrap_or_default();
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        steps.push(Step::Member(name.to_owned()));
        rest = after;
    }
    steps
}

impl<'a> Fields<'a> {
    pub(super) fn of(machine: &'a Machine) -> Self {
        let text = machine.source().text();
        Self { machine, definition: Definition::read(text, Format::of_text(text)) }
    }

    /// A rule of a state that stands in one of its fields, or is the state itself.
    pub(super) fn rule(&self, state: &State, field: &str, says: String) -> Rule {
        let at =
            if field.is_empty() { state.place.pointer.to_string() } else { format!("{}/{field}", state.place.pointer) };
        let found = self.definition.locate(&at).map(|span| (at, span));
        let (location, span) = found.unwrap_or((state.place.pointer.to_string(), state.place.span));
        Rule { says, state: Some(Arc::clone(&state.name)), line: self.machine.line(span), location: Some(location) }
    }

    /// A rule of the machine itself.
    pub(super) fn root(&self, field: &str, value: impl std::fmt::Display) -> Rule {
        let location = format!("/{field}");
        let line = self.definition.locate(&location).and_then(|span| self.machine.line(span));
        Rule { says: format!("{field} of the machine is {value}."), state: None, location: Some(location), line }
    }

    /// The rule that a scope begins with a state.
    pub(super) fn start(&self, state: &State) -> Rule {
        let scope = &self.machine[state.scope].place.pointer;
        let location = format!("{}/StartAt", scope.trim_end_matches('/'));
        let line = self.definition.locate(&location).and_then(|span| self.machine.line(span));
        let says = format!("StartAt is {}.", state.name);
        Rule { says, state: Some(Arc::clone(&state.name)), location: Some(location), line }
    }

    /// The first of some fields that a state has.
    pub(super) fn first(&self, state: &State, names: &[&str]) -> Option<Rule> {
        let (name, text) = names.iter().find_map(|name| Some((*name, self.text(state, name)?)))?;
        Some(self.rule(state, name, format!("{name} of {} is {text}.", state.name)))
    }

    /// The innermost part of a template that makes a value; without the template, another field.
    pub(super) fn inside(&self, state: &State, templates: &[&str], within: &[Step], others: &[&str]) -> Option<Rule> {
        let template = templates.iter().find(|name| self.text(state, name).is_some());
        let Some(template) = template else { return self.first(state, others) };
        let part = self.descend(state, template, within);
        let text = self.text(state, &part)?;
        Some(self.rule(state, &part, format!("{} of {} is {text}.", part.replace('/', "."), state.name)))
    }

    /// The field that made a value of a state's output; where several did, all, the last to be applied first.
    pub(super) fn output(&self, state: &State, within: &[Step]) -> Option<Rule> {
        if self.text(state, "Output").is_some() {
            return self.inside(state, &["Output"], within, &[]);
        }
        if let Some(result) = self.result(state, within) {
            return Some(result);
        }
        const MAKERS: [&str; 7] =
            ["OutputPath", "ResultPath", "ResultSelector", "Result", "Parameters", "Arguments", "InputPath"];
        let is_pass = matches!(state.kind, crate::asl::StateKind::Pass(_));
        // What a Task or a Map is called with does not show in its output.
        let makes = |name: &&&str| is_pass || !matches!(**name, "Parameters" | "Arguments" | "InputPath");
        let made: Vec<(&str, String)> =
            MAKERS.iter().filter(makes).filter_map(|name| Some((*name, self.text(state, name)?))).collect();
        let Some((first, _)) = made.first() else {
            let says = format!("{} hands on what it is given: it has no field that makes its output.", state.name);
            return Some(self.rule(state, "", says));
        };
        let told: Vec<String> = made.iter().map(|(name, text)| format!("{name} {text}")).collect();
        let says = format!("The output of {} is made by {}.", state.name, told.join(", "));
        Some(self.rule(state, first, says))
    }

    /// The part of the ResultSelector that made a value, when nothing but a ResultPath stands between it and the output.
    fn result(&self, state: &State, within: &[Step]) -> Option<Rule> {
        let path = self.text(state, "ResultPath").unwrap_or_else(|| "\"$\"".into());
        let path = path.trim_matches('"').strip_prefix('$')?.to_owned();
        let inside = within.strip_prefix(steps(&path).as_slice())?;
        if self.text(state, "OutputPath").is_some() || inside.is_empty() {
            return None;
        }
        self.inside(state, &["ResultSelector"], inside, &[])
    }

    /// Follows a path into a template as long as it leads anywhere; what is computed has its own text.
    fn descend(&self, state: &State, template: &str, within: &[Step]) -> String {
        let mut part = template.to_owned();
        for step in within {
            let longer = match step {
                Step::Member(name) => [format!("{part}/{name}.$"), format!("{part}/{name}")],
                Step::Item(index) => [format!("{part}[{index}]"), String::new()],
            };
            let Some(found) =
                longer.into_iter().find(|longer| !longer.is_empty() && self.span(state, longer).is_some())
            else {
                break;
            };
            part = found;
        }
        part
    }

    fn span(&self, state: &State, field: &str) -> Option<Span> {
        self.definition.locate(&format!("{}/{field}", state.place.pointer))
    }

    /// The text of a field on one line, cut where it is long.
    fn text(&self, state: &State, field: &str) -> Option<String> {
        let text = self.definition.source().slice(self.span(state, field)?);
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(match line.char_indices().nth(QUOTED) {
            Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
            None => line,
        })
    }
}
