//! The case file: one case, or several that share what stands beside them.

use super::expect::Expectation;
use crate::asl::MachineKind;
use crate::event::Timestamp;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// The word that tells a case file, in its member `format`.
pub const FORMAT: &str = "stepback.case/1";

/// The cases of a file.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The cases in the order of the file.
    pub cases: Vec<Case>,
}

/// What is run, with what, and what is expected to come of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name; empty when the file has but one and gives it none.
    pub name: String,
    /// What it shows.
    pub about: Option<String>,
    /// The definition, or the file that holds it; `None` when something else says which.
    pub definition: Option<Written>,
    /// The machine of a template.
    pub machine: Option<String>,
    /// The type of the machine.
    pub kind: Option<MachineKind>,
    /// Values of a template's parameters.
    pub parameters: BTreeMap<String, String>,
    /// The input, or the file that holds it.
    pub input: Option<Written>,
    /// The answers, or the file that holds them.
    pub answers: Option<Written>,
    /// The test case of a mock configuration that the answers are.
    pub test_case: Option<String>,
    /// The definitions of machines that tasks start, by name or ARN.
    pub machines: BTreeMap<String, String>,
    /// The folder whose folders stand in for buckets.
    pub s3: Option<String>,
    /// Who the execution is.
    pub execution: Identity,
    /// Where chance begins.
    pub seed: u64,
    /// What is expected.
    pub expect: Expectation,
    /// Where it stands in its file.
    pub places: Places,
}

/// Something that stands in the case, or in a file it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The text as it stands in the case, and the line on which it begins, from 1.
    Here(String, u32),
    /// The name of a file.
    File(String),
}

/// Who an execution is, as far as the case says it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Identity {
    /// Its ARN.
    pub arn: Option<String>,
    /// When it starts, as ISO 8601 writes it.
    pub start_time: Option<String>,
    /// The role it acts in.
    pub role_arn: Option<String>,
    /// The ARN of its machine.
    pub state_machine_arn: Option<String>,
}

/// Where a case stands in its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The bytes of what it expects itself; `None` when it says nothing, or what is said for all cases of the file.
    pub expect: Option<Range<usize>>,
    /// The brace that ends it; `None` when it is not written as a case.
    pub end: Option<usize>,
    /// The line of what it expects.
    pub expect_line: u32,
}

/// Why a file is no case file: the line, from 1, and a reason without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseError {
    /// The line.
    pub line: u32,
    /// The reason.
    pub reason: String,
}

/// The members of a case, and of the file around several cases.
#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Members<'a> {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    format: Option<String>,
    name: Option<String>,
    about: Option<String>,
    #[serde(borrow, deserialize_with = "present")]
    definition: Option<&'a RawValue>,
    machine: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    parameters: Option<BTreeMap<String, String>>,
    #[serde(borrow, deserialize_with = "present")]
    input: Option<&'a RawValue>,
    input_file: Option<String>,
    #[serde(borrow, deserialize_with = "present")]
    answers: Option<&'a RawValue>,
    test_case: Option<String>,
    machines: Option<BTreeMap<String, String>>,
    s3: Option<String>,
    execution: Option<Identity>,
    seed: Option<u64>,
    #[serde(borrow, deserialize_with = "present")]
    expect: Option<&'a RawValue>,
    #[serde(borrow)]
    cases: Option<Named<'a>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
enum Kind {
    Standard,
    Express,
}

/// Keeps a null that was written apart from nothing at all.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Cases by name, in the order of the file.
#[derive(Default, Clone)]
struct Named<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Named<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Named<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of cases by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found: Vec<(String, &RawValue)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    if found.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom(format_args!("there are two cases named '{name}'")));
                    }
                    found.push((name, value));
                }
                Ok(Named(found))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// The text of a file, in which places are found again.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

impl Text<'_> {
    /// Returns the bytes a value takes.
    fn span(self, raw: &RawValue) -> Range<usize> {
        let start = raw.get().as_ptr().addr().saturating_sub(self.0.as_ptr().addr());
        start..start + raw.get().len()
    }

    fn line(self, at: usize) -> u32 {
        let before = self.0.as_bytes().get(..at).unwrap_or_default();
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        u32::try_from(breaks + 1).unwrap_or(u32::MAX)
    }
}

impl CaseError {
    fn of(error: &serde_json::Error, first_line: u32) -> Self {
        let text = error.to_string();
        let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
        let line = u32::try_from(error.line().max(1)).unwrap_or(u32::MAX) - 1 + first_line;
        Self { line, reason: reason.to_owned() }
    }
}

impl CaseFile {
    /// Tells whether a text says that it is a case file.
    pub fn is_one(text: &str) -> bool {
        #[derive(Deserialize)]
        struct Format<'a> {
            #[serde(borrow)]
            format: Option<std::borrow::Cow<'a, str>>,
        }
        let begins = memchr::memmem::find(text.as_bytes(), b"stepback.case/").is_some();
        // What is damaged further on still said what it is.
        let damaged = |text: &str| {
            text.split_once("\"format\"").is_some_and(|(_, rest)| {
                rest.trim_start_matches([' ', '\t', '\n', '\r', ':']).starts_with("\"stepback.case/")
            })
        };
        begins
            && match serde_json::from_str::<Format<'_>>(text) {
                Ok(Format { format }) => format.is_some_and(|format| format.starts_with("stepback.case/")),
                Err(_) => damaged(text),
            }
    }

    /// Reads the text of a case file.
    pub fn read(text: &str) -> Result<Self, CaseError> {
        let file: Members<'_> = serde_json::from_str(text).map_err(|error| CaseError::of(&error, 1))?;
        let text = Text(text);
        match file.format.as_deref() {
            Some(FORMAT) => {}
            Some(other) => {
                let reason = format!("the format '{other}' is not known; this version reads {FORMAT}");
                return Err(CaseError { line: 1, reason });
            }
            None => return Err(CaseError { line: 1, reason: format!("\"format\": \"{FORMAT}\" is missing") }),
        }
        let Some(Named(named)) = file.cases.clone() else {
            let name = file.name.clone().unwrap_or_default();
            let whole = 0..text.0.trim_end().len();
            return Ok(Self { cases: vec![file.case(name, text, &whole, true)?] });
        };
        if named.is_empty() {
            return Err(CaseError { line: 1, reason: "\"cases\" is empty".to_owned() });
        }
        let read = |(name, raw): (String, &RawValue)| {
            let span = text.span(raw);
            let line = text.line(span.start);
            let own: Members<'_> = serde_json::from_str(raw.get()).map_err(|error| CaseError::of(&error, line))?;
            if own.cases.is_some() || own.format.is_some() || own.name.is_some() {
                let reason = format!("case '{name}' cannot have \"cases\", \"format\" or \"name\" of its own");
                return Err(CaseError { line, reason });
            }
            let expects = own.expect.is_some();
            file.clone().with(own).case(name, text, &span, expects)
        };
        Ok(Self { cases: named.into_iter().map(read).collect::<Result<_, _>>()? })
    }
}

impl<'a> Members<'a> {
    /// Puts what a case says itself in place of what the file says for all.
    fn with(self, own: Self) -> Self {
        let input = own.input.is_some() || own.input_file.is_some();
        Self {
            about: own.about.or(self.about),
            definition: own.definition.or(self.definition),
            machine: own.machine.or(self.machine),
            kind: own.kind.or(self.kind),
            parameters: own.parameters.or(self.parameters),
            input: if input { own.input } else { self.input },
            input_file: if input { own.input_file } else { self.input_file },
            answers: own.answers.or(self.answers),
            test_case: own.test_case.or(self.test_case),
            machines: own.machines.or(self.machines),
            s3: own.s3.or(self.s3),
            execution: own.execution.or(self.execution),
            seed: own.seed.or(self.seed),
            expect: own.expect.or(self.expect),
            ..Self::default()
        }
    }

    fn case(self, name: String, text: Text<'a>, span: &Range<usize>, expects: bool) -> Result<Case, CaseError> {
        let line = text.line(span.start);
        let written = |raw: &RawValue| {
            let line = text.line(text.span(raw).start);
            match serde_json::from_str::<String>(raw.get()) {
                Ok(file) => Written::File(file),
                Err(_) => Written::Here(raw.get().to_owned(), line),
            }
        };
        let input = match (self.input, self.input_file) {
            (Some(raw), Some(_)) => {
                let line = text.line(text.span(raw).start);
                let reason = "\"input\" and \"inputFile\" exclude each other".to_owned();
                return Err(CaseError { line, reason });
            }
            (Some(raw), None) => Some(Written::Here(raw.get().to_owned(), text.line(text.span(raw).start))),
            (None, file) => file.map(Written::File),
        };
        let execution = self.execution.unwrap_or_default();
        if let Some(time) = &execution.start_time
            && Timestamp::parse_iso(time).is_none()
        {
            return Err(CaseError { line, reason: format!("\"startTime\": '{time}' is not an ISO 8601 time") });
        }
        let expect_span = self.expect.map(|raw| text.span(raw));
        let expect_line = expect_span.as_ref().map_or(line, |span| text.line(span.start));
        let expect = self.expect.map_or_else(
            || Ok(Expectation::default()),
            |raw| {
                Expectation::read(raw.get())
                    .map_err(|(inside, reason)| CaseError { line: expect_line - 1 + inside, reason })
            },
        )?;
        Ok(Case {
            name,
            about: self.about,
            definition: self.definition.map(written),
            machine: self.machine,
            kind: self.kind.map(|kind| match kind {
                Kind::Standard => MachineKind::Standard,
                Kind::Express => MachineKind::Express,
            }),
            parameters: self.parameters.unwrap_or_default(),
            input,
            answers: self.answers.map(written),
            test_case: self.test_case,
            machines: self.machines.unwrap_or_default(),
            s3: self.s3,
            execution,
            seed: self.seed.unwrap_or(1),
            expect,
            places: Places { line, expect: expect_span.filter(|_| expects), end: span.end.checked_sub(1), expect_line },
        })
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for CaseError {}
