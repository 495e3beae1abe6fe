//! What is replayed, and with which edits.

use crate::event::EventId;
use crate::history::{History, Link, MemberId, Place, ScopeId, VisitId};
use crate::json::{Payload, layout};
use crate::recording::Recording;
use crate::replay::{Amended, Edits, From, Try, amended_file, check_definition};
use crate::tui::subject::Subject;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// What is replayed, and what is to be different in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Which execution of the family.
    pub member: MemberId,
    /// How much.
    pub extent: Extent,
    /// What is to be different, in the order it was written.
    pub edits: Vec<Edit>,
}

/// How much of a run is replayed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// From a visit, known by its entry, to the end of the flow it stands in.
    From(EventId),
    /// Only a visit, known by its entry.
    Only(EventId),
}

/// Something that is to be different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What.
    pub change: Change,
    /// How it is to be: JSON of an input, an entry of an answers file, a definition.
    pub text: String,
}

/// What can be made different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The input of the execution.
    Input,
    /// The input of the visit with that entry, when a replay begins with it.
    VisitInput(EventId),
    /// The answer to a try of a task: its state, and which attempt it is, from 1.
    Answer(Try, Arc<str>, u32),
    /// The definition.
    Definition,
}

impl Extent {
    /// Returns the entry of the visit it begins with.
    pub fn began(self) -> Option<EventId> {
        match self {
            Self::Whole => None,
            Self::From(entered) | Self::Only(entered) => Some(entered),
        }
    }
}

impl Change {
    /// Returns what it is called.
    pub fn title(&self, history: &History) -> String {
        match self {
            Self::Input => "input of the execution".to_owned(),
            Self::VisitInput(entered) => format!("input of {}", name(history, *entered)),
            Self::Answer(_, state, attempt) => format!("result of {state}, attempt {attempt}"),
            Self::Definition => "definition".to_owned(),
        }
    }

    /// Returns what a file of it would be called.
    pub fn file(&self) -> &'static str {
        match self {
            Self::Input | Self::VisitInput(_) => "input.json",
            Self::Answer(..) => "answer.json",
            Self::Definition => "definition.asl.json",
        }
    }
}

/// Returns the name of the state an event enters.
pub(super) fn name(history: &History, entered: EventId) -> String {
    visit(history, entered).map(|visit| history.visit(visit).name.to_string()).unwrap_or_default()
}

pub(super) fn visit(history: &History, entered: EventId) -> Option<VisitId> {
    history.lineage(entered)?.visit
}

impl Plan {
    /// A plan for an execution of the family.
    pub fn of(member: MemberId) -> Self {
        Self { member, ..Self::default() }
    }

    /// Returns the history of what is replayed.
    pub fn history<'a>(&self, subject: &'a Subject) -> &'a History {
        subject.history(self.member)
    }

    /// Returns the recording of what is replayed; why there is none, as a sentence.
    pub fn recording<'a>(&self, subject: &'a Subject) -> Result<Cow<'a, Recording>, String> {
        let missing = || "The recording does not hold this execution as one of its own.".to_owned();
        subject.recording_of(self.member).ok_or_else(missing)
    }

    /// Returns how something is to be, if it is to be different.
    pub fn edit(&self, change: &Change) -> Option<&Edit> {
        self.edits.iter().find(|edit| edit.change == *change)
    }

    /// Makes something different; what was written for it before is forgotten.
    pub fn put(&mut self, change: Change, text: String) {
        match self.edits.iter_mut().find(|edit| edit.change == change) {
            Some(edit) => edit.text = text,
            None => self.edits.push(Edit { change, text }),
        }
    }

    /// Makes something be as recorded again; tells whether it was not.
    pub fn undo(&mut self, change: &Change) -> bool {
        let before = self.edits.len();
        self.edits.retain(|edit| edit.change != *change);
        self.edits.len() < before
    }

    /// Tells whether an edit says anything about a replay of this extent.
    pub fn is_in_force(&self, change: &Change) -> bool {
        match change {
            Change::Input => self.extent == Extent::Whole,
            Change::VisitInput(entered) => self.extent.began() == Some(*entered),
            Change::Answer(..) | Change::Definition => true,
        }
    }

    /// Returns the edits that are in force.
    pub fn in_force(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter().filter(|edit| self.is_in_force(&edit.change))
    }

    /// Returns the plan in the terms of a replay; the reason, as a sentence, when an edit cannot be understood.
    pub fn edits(&self, subject: &Subject) -> Result<Edits, String> {
        let recording = self.recording(subject)?;
        let mut edits = Edits { from: self.extent.began().map(From::Event), ..Edits::default() };
        if let Extent::Only(entered) = self.extent {
            edits.until = Some(name(self.history(subject), entered).into());
        }
        let mut amended = Amended::default();
        for edit in self.in_force() {
            match &edit.change {
                Change::Input | Change::VisitInput(_) => edits.input = Some(Payload::from_text(edit.text.as_str())),
                Change::Answer(of, state, _) => {
                    // White space between tokens would be handed on as it is.
                    amended.give(of.clone(), state, &layout::compact(&edit.text)).map_err(|error| error.to_string())?;
                }
                Change::Definition => {
                    let (machine, findings) = check_definition(&recording, &edit.text);
                    let told = || findings.first().map(|it| it.message.clone()).unwrap_or_default();
                    edits.machine =
                        Some(machine.ok_or_else(|| format!("AWS would refuse the definition: {}.", told()))?);
                }
            }
        }
        edits.amended = amended;
        Ok(edits)
    }

    /// Returns commands for a shell that replay the same without a screen.
    pub fn command(&self, subject: &Subject) -> String {
        let mut files = String::new();
        let mut command = format!("stepback replay {}", quoted(&subject.target.spelled()));
        let history = self.history(subject);
        let whole = (self.member != MemberId::ROOT).then(|| history.visits().next()?.1.entered).flatten();
        if let Some(entered) = self.extent.began().or(whole) {
            command.push_str(&format!(" --from {}", quoted(&format!("{}{entered}", address(subject, self.member)))));
        }
        if let Extent::Only(entered) = self.extent {
            command.push_str(&format!(" --until {}", quoted(&name(history, entered))));
        }
        let mut answers = Vec::new();
        for edit in self.in_force() {
            match &edit.change {
                Change::Input | Change::VisitInput(_) => {
                    command.push_str(&format!(" --input {}", quoted(&layout::compact(&edit.text))));
                }
                Change::Answer(of, ..) => {
                    answers.push((of.clone(), serde_json::from_str::<Value>(&edit.text).unwrap_or_default()));
                }
                Change::Definition => {
                    files.push_str(&written("definition.asl.json", &edit.text));
                    command.push_str(" --definition definition.asl.json");
                }
            }
        }
        if !answers.is_empty() {
            let file = self.recording(subject).map(|recording| amended_file(&recording, &answers)).unwrap_or_default();
            files.push_str(&written("answers.json", &answers_text(&file)));
            command.push_str(" --answers answers.json");
        }
        files + &command
    }
}

/// The way to an execution, as an address of a visit in it begins: `Pay[2]/`, `Import/item-7/`.
fn address(subject: &Subject, member: MemberId) -> String {
    let described = subject.family.member(member);
    let key = |parent: MemberId, visit: VisitId| {
        let history = subject.history(parent);
        let mut indexes: Vec<u64> =
            history.scopes_above(history.visit(visit).scope).filter_map(|scope| item(history, scope)).collect();
        indexes.reverse();
        let indexes: String = indexes.iter().map(|index| format!("[{index}]")).collect();
        format!("{}{}{indexes}/", address(subject, parent), history.visit(visit).name)
    };
    match described.link {
        Link::Nested { parent, task: Some((visit, _)) } => key(parent, visit),
        Link::Item { parent, map: Some(visit) } => {
            let name = described.described.name.as_deref().unwrap_or_default();
            format!("{}{name}/", key(parent, visit))
        }
        Link::Root | Link::Nested { .. } | Link::Item { .. } => String::new(),
    }
}

fn item(history: &History, scope: ScopeId) -> Option<u64> {
    match history.scope(scope).place {
        Place::Iteration { index, .. } => Some(index),
        Place::Root | Place::Branch { .. } => None,
    }
}

/// An answers file with an answer on each line: white space inside of them would be handed on as it is.
fn answers_text(file: &Value) -> String {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let entries = |list: &Value| {
        let entries = list.as_array().into_iter().flatten();
        entries.map(|entry| format!("    {entry}")).collect::<Vec<_>>().join(",\n")
    };
    let states = file.get("states").map(members).unwrap_or_default();
    let states = states.iter().map(|(key, list)| format!("  {}: [\n{}\n  ]", Value::from(key.as_str()), entries(list)));
    let default = file.get("default").cloned().unwrap_or_default();
    format!("{{ \"states\": {{\n{} }},\n  \"default\": {default} }}", states.collect::<Vec<_>>().join(",\n"))
}

/// A command that writes a file. No line of the text may be the word that ends it.
fn written(file: &str, text: &str) -> String {
    let mut end = "END".to_owned();
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    format!("cat > {file} <<'{end}'\n{}\n{end}\n", text.trim_end_matches('\n'))
}

fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=,@".contains(c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
