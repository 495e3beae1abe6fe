//! The edits of a replay as they are given on the command line.

use crate::asl::{Definition, Format, Machine, MachineKind, Severity};
use crate::cli::Failure;
use crate::event::EventId;
use crate::json::Payload;
use crate::recording::Recording;
use crate::replay::{Edits, From};
use crate::tasks::AnswersFile;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is to be different.
#[derive(Debug, clap::Args)]
pub(super) struct Given {
    /// Begin with the last visit of a state, or with the visit an event belongs to.
    #[arg(long, value_name = "STATE|EVENT")]
    from: Option<String>,
    /// End with the exit of a state.
    #[arg(long, value_name = "STATE")]
    until: Option<String>,
    /// Run this definition instead of the recorded one.
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,
    /// Use this input instead of the recorded one: JSON, or a file that holds it.
    #[arg(long, value_name = "FILE|JSON", allow_hyphen_values = true)]
    input: Option<String>,
    /// Answers that are given instead of the recorded ones: an answers file or a MockConfigFile.json.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The test case of a MockConfigFile.json.
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
}

/// The same, with the files read.
pub(super) struct Read {
    from: Option<From>,
    until: Option<Arc<str>>,
    /// The definition as each type of machine understands it.
    machines: Option<[Result<Arc<Machine>, String>; 2]>,
    input: Option<String>,
    answers: Option<(String, String, Option<String>)>,
}

impl Given {
    pub(super) fn read(&self) -> Result<Read, Failure> {
        let definition = self.definition.as_deref().map(|path| Ok::<_, Failure>((path, text(path)?))).transpose()?;
        let machines = definition
            .map(|(path, text)| [MachineKind::Standard, MachineKind::Express].map(|kind| machine(path, &text, kind)));
        let input = self.input.as_deref().map(input).transpose()?;
        let answers = self
            .answers
            .as_deref()
            .map(|path| Ok::<_, Failure>((path.display().to_string(), text(path)?)))
            .transpose()?;
        let from = self.from.as_deref().map(|from| match from.parse().ok().and_then(EventId::new) {
            Some(event) => From::Event(event),
            None => From::State(from.into()),
        });
        Ok(Read {
            from,
            until: self.until.as_deref().map(Into::into),
            machines,
            input,
            answers: answers.map(|(file, text)| (file, text, self.test_case.clone())),
        })
    }
}

impl Read {
    /// Tells whether the run itself is to be different.
    pub(super) fn changes_the_run(&self) -> bool {
        self.machines.is_some() || self.input.is_some() || self.answers.is_some()
    }

    /// Returns the edits of one recording.
    pub(super) fn of(&self, recording: &Recording) -> Result<Edits, Failure> {
        let express = recording.arn().is_some_and(|arn| arn.contains(":express:"));
        let machine = self.machines.as_ref().map(|[standard, other]| if express { other } else { standard });
        let machine = machine.map(|machine| machine.clone().map_err(Failure::input)).transpose()?;
        let answers = self.answers.as_ref().map(|(file, text, case)| {
            let name = recording.machine_name().unwrap_or_default();
            AnswersFile::read(text, name, case.as_deref()).map_err(|error| Failure::input(format!("'{file}': {error}")))
        });
        let answers = answers.transpose()?;
        Ok(Edits {
            machine,
            input: self.input.as_deref().map(Payload::from_text),
            answers: answers.map(|answers| answers as Box<dyn crate::tasks::Answers>),
            from: self.from.clone(),
            until: self.until.clone(),
            ..Edits::default()
        })
    }
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::input(format!("Cannot read '{}': {error}.", path.display())))
}

fn input(given: &str) -> Result<String, Failure> {
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text);
    if is_json(given).is_ok() {
        return Ok(given.to_owned());
    }
    let text = text(Path::new(given))?.trim_end().to_owned();
    is_json(&text).map_err(|error| Failure::input(format!("The input in '{given}' is no JSON: {error}.")))?;
    Ok(text)
}

fn machine(path: &Path, text: &str, kind: MachineKind) -> Result<Arc<Machine>, String> {
    let format = match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("yaml" | "yml") => Format::Yaml,
        _ => Format::of_text(text),
    };
    let (machine, findings) = Definition::read(text, format).parse(kind);
    machine.map(Arc::new).ok_or_else(|| {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let told: Vec<String> = errors.map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
        format!("AWS would refuse the definition in '{}': {}.", path.display(), told.join(", "))
    })
}
