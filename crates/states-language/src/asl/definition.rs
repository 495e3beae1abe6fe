//! A definition that has been read: its text and the tree made of it.

use super::diagnostic::{Diagnostic, Origin, Severity};
use super::json;
use super::machine::{Machine, MachineKind, StateId};
use super::node::{Data, Node};
use super::parse;
use super::place::{Place, Span};
use super::rules;
use super::source::{Position, Source, offset};
use super::state::State;
use super::yaml;
use crate::json::{Patch, PatchError};
use serde_json::Value;
use std::sync::Arc;

/// How a definition is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, as AWS takes it.
    Json,
    /// YAML, as deployment tools take it.
    Yaml,
}

/// A definition's text and what it says, before anything is known about states.
#[derive(Debug, Clone)]
pub struct Definition {
    source: Arc<Source>,
    root: Result<Node, Diagnostic>,
    notes: Vec<Diagnostic>,
}

impl Format {
    /// Tells how a text is written, when its name does not say: JSON starts with a brace.
    pub fn of_text(text: &str) -> Self {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if !start.starts_with('{') && text.lines().any(|line| line.trim_start().starts_with("StartAt:")) {
            Self::Yaml
        } else {
            Self::Json
        }
    }
}

/// A machine AWS accepted, with what would be refused of it here.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The machine.
    pub machine: Machine,
    /// The states that could not be made, each with the reason: in the machine something stands in their place.
    pub unmade: Vec<(Arc<str>, String)>,
    /// The other states that would be refused, each with the reason. They are as well understood as could be.
    pub doubtful: Vec<(Arc<str>, String)>,
}

impl Accepted {
    fn of(machine: Machine, unmade: &[StateId], findings: &[Diagnostic]) -> Self {
        let errors: Vec<(&Diagnostic, StateId)> =
            findings.iter().filter_map(|finding| Some((finding, about(&machine, finding)?))).collect();
        let first = findings.first().map_or("", |finding| &finding.message);
        let reason = |id: StateId| errors.iter().find(|(_, state)| *state == id).map(|(error, _)| &*error.message);
        let states = || machine.states().map(|state| (state.id, &state.name));
        let named = |(name, reason): (&Arc<str>, &str)| (Arc::clone(name), reason.to_owned());
        let missing = states().filter(|(id, _)| unmade.contains(id));
        let missing = missing.map(|(id, name)| named((name, reason(id).unwrap_or(first)))).collect();
        let doubtful = states().filter(|(id, _)| !unmade.contains(id));
        let doubtful = doubtful.filter_map(|(id, name)| Some(named((name, reason(id)?)))).collect();
        Self { machine, unmade: missing, doubtful }
    }
}

/// Returns the state that an error is about, the innermost. That nothing leads to a state says nothing of its meaning.
fn about(machine: &Machine, finding: &Diagnostic) -> Option<StateId> {
    let location = finding.location.as_deref()?;
    if finding.severity != Severity::Error || finding.message.ends_with("is not reachable.") {
        return None;
    }
    let pointer = |state: &State| {
        let scope = machine[state.scope].place.pointer.trim_end_matches('/');
        format!("{scope}/States/{}", state.name)
    };
    let leads_to = |pointer: &str| {
        location.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '[']))
    };
    let found = machine.states().map(|state| (pointer(state), state.id)).filter(|(pointer, _)| leads_to(pointer));
    found.max_by_key(|(pointer, _)| pointer.len()).map(|(_, id)| id)
}

impl Definition {
    /// Reads a text; whatever is wrong with it is said by [`Definition::parse`].
    pub fn read(text: impl Into<String>, format: Format) -> Self {
        let source = Arc::new(Source::new(text));
        let mut notes = Vec::new();
        let root = match format {
            Format::Json => read_json(source.text(), &mut notes),
            Format::Yaml => yaml::read(source.text())
                .map(|mut node| {
                    without_functions(&mut node);
                    node
                })
                .map_err(|error| unreadable_yaml(&source, &error)),
        };
        Self { source, root: root.and_then(object), notes }
    }

    /// Takes a definition that was read by somebody else, out of a larger text: the spans of its values, and of what
    /// hindered its reading, are places in that text.
    pub fn of_tree(source: Arc<Source>, root: Result<Node, Diagnostic>, notes: Vec<Diagnostic>) -> Self {
        Self { source, root: root.and_then(object), notes }
    }

    /// Returns the text.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Makes the machine and says what AWS would say; the machine is there exactly when no finding is an error.
    pub fn parse(&self, kind: MachineKind) -> (Option<Machine>, Vec<Diagnostic>) {
        let refused = |error: &Diagnostic| (None, vec![error.clone()]);
        self.root.as_ref().map_or_else(refused, |root| parse::machine(root, kind, &self.source))
    }

    /// Makes the machine of a definition that AWS is known to have accepted, as that of a recorded execution: whatever
    /// would be refused here. There is none only where the text cannot be read, or has no states.
    pub fn accepted(&self, kind: MachineKind) -> (Option<Accepted>, Vec<Diagnostic>) {
        let Ok(root) = &self.root else { return (None, self.root.as_ref().err().cloned().into_iter().collect()) };
        let (machine, findings) = parse::accepted(root, kind, &self.source);
        (machine.map(|(machine, unmade)| Accepted::of(machine, &unmade, &findings)), findings)
    }

    /// Makes the machine and says what AWS would say, and, when a machine comes out, what it lets pass: see the
    /// warnings' codes in the rules.
    ///
    /// This also says what AWS refuses of a machine that could be run all the same, such as a call without the members
    /// that the service asks for: the machine may be there beside errors.
    pub fn check(&self, kind: MachineKind) -> (Option<Machine>, Vec<Diagnostic>) {
        if let Some(finding) = too_long(&self.source) {
            return (None, vec![finding]);
        }
        let refused = |error: &Diagnostic| (None, vec![error.clone()]);
        let checked = self.root.as_ref().map_or_else(refused, |root| parse::checked(root, kind, &self.source));
        let (machine, mut findings) = checked;
        if let Some(machine) = &machine {
            findings.extend(self.notes.iter().cloned());
            findings.extend(rules::check(self, machine));
        }
        (machine, findings)
    }

    /// Makes a machine of the definition of a single state, as TestState takes it.
    pub fn parse_state(&self) -> (Option<Machine>, Vec<Diagnostic>) {
        let refused = |error: &Diagnostic| (None, vec![error.clone()]);
        self.root.as_ref().map_or_else(refused, |root| parse::lone_state(root, &self.source))
    }

    /// Returns the definition as JSON; `None` when it cannot be read.
    pub fn to_value(&self) -> Option<Value> {
        self.root.as_ref().ok().map(Node::to_value)
    }

    /// Changes the definition. What comes out is JSON on one line, whatever it was written in; what cannot be read
    /// stays as it is.
    pub fn patched(&self, patches: &[Patch]) -> Result<Self, PatchError> {
        let Some(mut value) = self.to_value().filter(|_| !patches.is_empty()) else { return Ok(self.clone()) };
        patches.iter().try_for_each(|patch| patch.apply(&mut value))?;
        Ok(Self::read(value.to_string(), Format::Json))
    }

    /// Finds the value at a location written as AWS writes them: `/States/Pick/Choices[0]/Next`.
    pub fn locate(&self, location: &str) -> Option<Span> {
        self.root.as_ref().ok()?.at_location(location).map(|node| node.span)
    }

    /// Returns where a field stands: from a place of this definition on, along keys and numbers of items. When the way
    /// ends early, the place it came to; nothing when not even its first step is there.
    pub fn field(&self, place: &Place, way: &[impl AsRef<str>]) -> Option<Position> {
        let mut node = self.root()?.at(place.span)?;
        let mut found = None;
        for step in way {
            let step = step.as_ref();
            let Some((start, inner)) = node.step(step) else { break };
            (found, node) = (Some(start), inner);
        }
        found.map(|start| self.source.position(start))
    }

    /// Returns where a member of the object at a place stands, from its key to the end of its value.
    pub fn member(&self, place: &Place, name: &str) -> Option<Span> {
        let object = self.root()?.at(place.span)?;
        let member = object.members()?.iter().rev().find(|member| &*member.key == name)?;
        Some(Span { start: member.key_span.start, end: member.value.span.end })
    }

    /// Finds what stands at a location such as `Arguments/items[0]/rate` inside the object at a place, from its key on.
    pub fn inside(&self, place: &Place, location: &str) -> Option<Span> {
        let found = self.root()?.at(place.span)?.at_location(&format!("/{location}"))?.span;
        let key = self.root()?.key_of(found);
        Some(Span { start: key.map_or(found.start, |key| key.start), end: found.end })
    }

    /// Returns where the value at a place stands, from its key on if it has one.
    pub fn entry(&self, place: &Place) -> Span {
        let key = self.root().and_then(|root| root.key_of(place.span));
        Span { start: key.map_or(place.span.start, |key| key.start), end: place.span.end }
    }

    /// Returns the tree of values, if the text could be read.
    pub fn tree(&self) -> Option<&Node> {
        self.root()
    }

    pub(super) fn root(&self) -> Option<&Node> {
        self.root.as_ref().ok()
    }
}

fn object(node: Node) -> Result<Node, Diagnostic> {
    match node.data {
        Data::Object(_) => Ok(node),
        _ => Err(no_object(Some(node.span))),
    }
}

/// Writes what a template's function will put somewhere as a placeholder: a definition alone has no template.
fn without_functions(node: &mut Node) {
    if node.is_function() {
        node.data = match node.members().and_then(|members| members.first()) {
            Some(member) if &*member.key == "Fn::Sub" && member.value.text().is_some() => member.value.data.clone(),
            _ => Data::Placeholder(node.function_name().into()),
        };
        return;
    }
    match &mut node.data {
        Data::Object(members) => members.iter_mut().for_each(|member| without_functions(&mut member.value)),
        Data::List(items) => items.iter_mut().for_each(without_functions),
        _ => {}
    }
}

fn read_json(text: &str, notes: &mut Vec<Diagnostic>) -> Result<Node, Diagnostic> {
    let document = json::read(text).map_err(|error| {
        let location = json::source_location(text, error.at);
        let placeholder = text.get(error.span.start as usize..).is_some_and(|rest| rest.starts_with('$'));
        Diagnostic {
            severity: Severity::Error,
            origin: Origin::Aws,
            code: "INVALID_JSON_DESCRIPTION",
            message: format!("{}\n at {location}", error.message),
            location: Some(location),
            span: Some(error.span),
            hint: placeholder.then(|| "A substitution looks like ${Name}.".to_owned()),
        }
    })?;
    let Some(document) = document else {
        return Err(no_object(None));
    };
    if text.starts_with('\u{feff}') {
        notes.push(note(
            "BYTE_ORDER_MARK",
            "The file starts with a byte order mark, which AWS refuses.",
            Span { start: 0, end: 3 },
            "Save the file as UTF-8 without a byte order mark.",
        ));
    }
    if let Some(trailing) = document.trailing {
        notes.push(note(
            "TRAILING_TEXT",
            "Text follows the definition, and AWS does not look at it.",
            Span { start: offset(trailing), end: offset(text.len()) },
            "Remove it.",
        ));
    }
    Ok(document.root)
}

/// The most characters a definition may have.
const LONGEST: usize = 1_048_576;

/// Says what the API says of a request that is too large.
fn too_long(source: &Source) -> Option<Diagnostic> {
    let text = source.text();
    (text.len() > LONGEST && text.chars().count() > LONGEST).then(|| Diagnostic {
        severity: Severity::Error,
        origin: Origin::Aws,
        code: "SCHEMA_VALIDATION_FAILED",
        message: format!(
            "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length \
             less than or equal to {LONGEST}"
        ),
        location: None,
        span: None,
        hint: None,
    })
}

fn note(code: &'static str, message: &str, span: Span, hint: &str) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        origin: Origin::Stepback,
        code,
        message: message.to_owned(),
        location: None,
        span: Some(span),
        hint: Some(hint.to_owned()),
    }
}

fn no_object(span: Option<Span>) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        origin: Origin::Aws,
        code: "SCHEMA_VALIDATION_FAILED",
        message: "Definition must be a valid JSON object".to_owned(),
        location: None,
        span,
        hint: None,
    }
}

/// AWS reads no YAML, so the sentence is ours.
fn unreadable_yaml(source: &Source, error: &yaml::YamlError) -> Diagnostic {
    let position = source.position(error.at);
    Diagnostic {
        severity: Severity::Error,
        origin: Origin::Stepback,
        code: "INVALID_YAML",
        message: format!("The definition is not valid YAML: {}.", error.message),
        location: Some(format!("line: {}, column: {}", position.line, position.column)),
        span: Some(Span { start: error.at, end: error.at + 1 }),
        hint: None,
    }
}
