//! What is to be run: a definition, or what a recording says about one.

use crate::asl::{Definition, Format, Machine, MachineKind, Severity};
use crate::cli::template::{self, Parameters};
use crate::cli::{Failure, Output, file};
use crate::interpreter::Identity;
use crate::json::Payload;
use crate::recording::{MachineType, Recording};
use crate::source::{self, Opened, SourceError};
use crate::tasks::{identity_of, kind_of, undated};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// A machine to be run, who its execution is, and the input it had.
pub(super) struct Target {
    pub(super) definition: Payload,
    pub(super) machine: Arc<Machine>,
    pub(super) identity: Arc<Identity>,
    recorded_input: Option<Payload>,
}

impl Target {
    /// Opens a file or standard input.
    pub(super) fn load(
        path: &Path,
        kind: Option<MachineKind>,
        (given, name): (&Parameters, Option<&str>),
        output: Option<&mut Output>,
    ) -> Result<Self, Failure> {
        let file = path.display().to_string();
        if let Some(machine) = given.machine(path, name, None, output)? {
            let text = template::text(&file, &machine)?;
            let kind = kind.or(machine.kind).unwrap_or_default();
            return Self::defined(&file, text, kind);
        }
        let opened = if file == "-" { source::open_stdin() } else { source::open(path) };
        match opened.map_err(|error| unreadable(&file, &error))? {
            Opened::Definition(found) => {
                let described = found.machine.as_ref().and_then(|machine| machine.machine_type.as_ref());
                let express = described == Some(&MachineType::Express);
                let kind = kind.unwrap_or(if express { MachineKind::Express } else { MachineKind::Standard });
                let text = String::from_utf8_lossy(&found.text);
                Self::defined(&file, text.into_owned(), kind)
            }
            recorded => {
                let recording = recorded.into_recording().map_err(|error| unreadable(&file, &error))?;
                Self::recorded(&file, &recording, kind)
            }
        }
    }

    fn defined(file: &str, text: String, kind: MachineKind) -> Result<Self, Failure> {
        let machine = parse(file, &text, kind)?;
        let definition = Payload::from_text(text);
        Ok(Self { definition, machine, identity: Arc::new(undated(kind)), recorded_input: None })
    }

    fn recorded(file: &str, recording: &Recording, kind: Option<MachineKind>) -> Result<Self, Failure> {
        let Some(definition) = recording.definition() else {
            return Err(Failure::input(format!("'{file}' does not hold the definition of the machine it recorded."))
                .hint("Run the definition itself, with the recorded input: stepback run DEFINITION --input FILE."));
        };
        let kind = kind.unwrap_or_else(|| kind_of(recording));
        let machine = parse(file, definition.text(), kind)?;
        let identity = Arc::new(identity_of(recording, kind).identity);
        Ok(Self { definition: definition.clone(), machine, identity, recorded_input: recording.input() })
    }

    /// Returns the input that was asked for, or the recorded one, or an empty object.
    pub(super) fn input(&self, asked: Option<&str>) -> Result<Payload, Failure> {
        let input = match asked {
            Some(asked) if looks_like_json(asked) => Payload::from_text(asked),
            Some(file) => Payload::from_text(file::text(file)?.trim_end()),
            None => self.recorded_input.clone().unwrap_or_else(|| Payload::from_text("{}")),
        };
        match input.value() {
            Ok(_) => Ok(input.clone()),
            Err(error) => Err(Failure::input(format!("The input is {error}."))
                .hint("Give JSON, a file that holds JSON, or - for standard input.")),
        }
    }
}

fn unreadable(file: &str, error: &SourceError) -> Failure {
    let failure = Failure::input(error.about(file));
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Names of files do not begin like JSON; numbers and words that are JSON may be files if there are such.
fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['{', '[', '"']) || (serde_json::from_str::<Value>(text).is_ok() && !Path::new(text).exists())
}

fn parse(file: &str, text: &str, kind: MachineKind) -> Result<Arc<Machine>, Failure> {
    let (machine, findings) = Definition::read(text, Format::of_text(text)).parse(kind);
    machine.map(Arc::new).ok_or_else(|| {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let told = errors.map(|finding| match &finding.location {
            Some(location) => format!("{}: {} at {location}", finding.code, finding.message),
            None => format!("{}: {}", finding.code, finding.message),
        });
        let told = told.collect::<Vec<_>>().join(", ");
        Failure::input(format!("AWS would refuse the definition in '{file}': {told}."))
            .hint(format!("'stepback check {file}' shows where."))
    })
}
