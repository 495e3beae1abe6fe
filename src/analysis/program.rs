//! The definitions behind a family of executions, understood once and only when somebody asks.

use crate::asl::{Definition, Diagnostic, Format, Machine, MachineKind, Place, Position, Severity, Span};
use crate::history::{Family, Link, MemberId};
use crate::interpreter::Identity;
use crate::json::Payload;
use crate::recording::Recording;
use crate::replay::{identity_of, kind_of};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A definition as it was executed, and what it means.
#[derive(Debug)]
pub struct Program {
    /// The text people look at, and where everything in it stands.
    pub definition: Definition,
    /// How that text is written.
    pub format: Format,
    /// Whether the recorded text stood on one line and was laid out for reading.
    pub relaid: bool,
    /// What it says.
    pub machine: Machine,
    /// What there is to say about it.
    pub findings: Vec<Diagnostic>,
}

/// Why there is no program for an execution.
#[derive(Debug, Clone, PartialEq)]
pub enum NoProgram {
    /// The recording does not hold the definition.
    Missing,
    /// AWS would refuse the definition, with this sentence.
    Refused(String),
    /// The definition has no state of that name.
    NoState(Arc<str>),
}

/// The programs of a family's executions.
#[derive(Debug)]
pub struct Programs {
    members: Vec<Member>,
    texts: Vec<Text>,
}

/// Who an execution was, what it was given, and which text it followed.
#[derive(Debug)]
struct Member {
    identity: Identity,
    input: Option<Payload>,
    text: Option<usize>,
}

#[derive(Debug)]
struct Text {
    payload: Payload,
    kind: MachineKind,
    program: OnceLock<Result<Program, NoProgram>>,
}

impl Programs {
    /// Collects the definitions of a recording and of those inside it. Nothing is read yet.
    pub fn of(recording: &Recording, family: &Family) -> Self {
        let mut programs = Self { members: Vec::new(), texts: Vec::new() };
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (recording, (_, member)) in Family::recordings(recording).into_iter().zip(family.members()) {
            let own = recording.definition().map(|definition| {
                *known.entry(definition.text()).or_insert_with(|| programs.keep(recording, definition))
            });
            // The states of a Map Run's children stand in the definition of the Map.
            let text = own.or_else(|| match member.link {
                Link::Item { parent, .. } => programs.members.get(parent.index())?.text,
                Link::Root | Link::Nested { .. } => None,
            });
            let input = recording.input();
            programs.members.push(Member {
                identity: identity_of(recording, kind_of(recording)).identity,
                input,
                text,
            });
        }
        programs
    }

    fn keep(&mut self, recording: &Recording, definition: &Payload) -> usize {
        let kind = kind_of(recording);
        self.texts.push(Text { payload: definition.clone(), kind, program: OnceLock::new() });
        self.texts.len() - 1
    }

    /// Returns the program a member followed.
    pub fn program(&self, member: MemberId) -> Result<&Program, NoProgram> {
        let text = self.members.get(member.index()).and_then(|member| self.texts.get(member.text?));
        let text = text.ok_or(NoProgram::Missing)?;
        text.program.get_or_init(|| Program::read(text.payload.text(), text.kind)).as_ref().map_err(Clone::clone)
    }

    /// Returns who a member was.
    pub fn identity(&self, member: MemberId) -> Option<&Identity> {
        self.members.get(member.index()).map(|member| &member.identity)
    }

    /// Returns the input of a member.
    pub fn input(&self, member: MemberId) -> Option<&Payload> {
        self.members.get(member.index())?.input.as_ref()
    }
}

impl Program {
    fn read(text: &str, kind: MachineKind) -> Result<Self, NoProgram> {
        let laid_out = laid_out(text);
        let relaid = laid_out.is_some();
        let text = laid_out.unwrap_or_else(|| text.to_owned());
        let format = Format::of_text(&text);
        let definition = Definition::read(text, format);
        let (machine, findings) = definition.check(kind);
        let refused = || {
            let first = findings.iter().find(|finding| finding.severity == Severity::Error);
            NoProgram::Refused(first.map_or_else(String::new, |finding| finding.message.clone()))
        };
        let machine = machine.ok_or_else(refused)?;
        Ok(Self { definition, format, relaid, machine, findings })
    }

    /// Returns the line on which a part of the text begins, from 1.
    pub fn line(&self, span: Span) -> u32 {
        self.position(span).line
    }

    /// Returns where a part of the text begins.
    pub fn position(&self, span: Span) -> Position {
        self.definition.source().position(span.start)
    }

    /// Returns the line of a place, from 1: that of its key if it has one.
    pub fn line_of(&self, place: &Place) -> u32 {
        self.line(self.definition.entry(place))
    }

    /// Returns the line of a field of the object at a place: of the first of these names that is there.
    pub fn field(&self, place: &Place, names: &[&'static str]) -> Option<(&'static str, u32)> {
        names.iter().find_map(|name| Some((*name, self.line(self.definition.member(place, name)?))))
    }
}

/// Lays out a JSON text that stands on one line, as deployment tools leave it. Anything else stays as it is.
fn laid_out(text: &str) -> Option<String> {
    const LONGEST_LINE: usize = 400;
    let crowded = text.len() > LONGEST_LINE && text.trim().lines().nth(1).is_none();
    let value: serde_json::Value = crowded.then(|| serde_json::from_str(text).ok()).flatten()?;
    serde_json::to_string_pretty(&value).ok()
}

impl fmt::Display for NoProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("The recording does not hold the definition of this execution."),
            Self::Refused(sentence) => write!(f, "AWS would refuse the definition: {sentence}"),
            Self::NoState(name) => {
                write!(f, "The definition has no state {name}: it is not the one that was executed.")
            }
        }
    }
}

impl std::error::Error for NoProgram {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_text_is_laid_out_and_a_readable_one_left_alone() {
        let long =
            format!(r#"{{"Comment":"{}","StartAt":"A","States":{{"A":{{"Type":"Succeed"}}}}}}"#, "x".repeat(400));
        let program = Program::read(&long, MachineKind::Standard).unwrap();
        assert!(program.relaid);
        let state = program.machine.find("A").unwrap();
        assert_eq!(program.line_of(&state.place), 5);
        assert_eq!(program.field(&state.place, &["Result", "Type"]), Some(("Type", 6)));
        let short = r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#;
        assert!(!Program::read(short, MachineKind::Standard).unwrap().relaid);
    }
}
