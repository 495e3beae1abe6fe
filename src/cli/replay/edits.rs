//! The edits of a replay as they are given on the command line.

use crate::asl::{Definition, Format, Machine, MachineKind, Severity};
use crate::cli::template::{self, Choice, Machines};
use crate::cli::{Failure, file};
use crate::json::{Patch, Payload};
use crate::recording::Recording;
use crate::replay::{Edits, NotReplayable, find_address};
use crate::tasks::{Answers, AnswersFile, AtTerminal, Person};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What is to be different.
#[derive(Debug, clap::Args)]
pub(super) struct Given {
    /// Start at the last visit of a state, or at the visit an event belongs to. Charge[3] is the one in iteration 3;
    /// Pay/Charge the one in the execution that the task Pay started; Import/7/Charge that of item 7 of a Map Run.
    #[arg(long, value_name = "STATE|EVENT")]
    from: Option<String>,
    /// Stop when this state exits.
    #[arg(long, value_name = "STATE")]
    until: Option<String>,
    /// Run this definition instead of the recorded one: a definition, or a template that holds it. Of several machines
    /// in it, the one that fits the recording.
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,
    #[command(flatten)]
    template: Choice,
    /// Change the definition: a JSON patch (a list of operations, RFC 6902) or a merge patch (an object, RFC 7396).
    /// Several are applied one after the other.
    #[arg(long = "patch", value_name = "FILE|JSON", allow_hyphen_values = true)]
    patches: Vec<String>,
    /// Use this input instead of the recorded one: JSON, or a file that holds it.
    #[arg(long, value_name = "FILE|JSON", allow_hyphen_values = true)]
    input: Option<String>,
    /// Answers that are given instead of the recorded ones: an answers file or a MockConfigFile.json. "Pay/Charge" in it
    /// names a task of the execution that the task Pay started.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The test case of a MockConfigFile.json.
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
}

/// The same, with the files read.
pub(super) struct Read {
    from: Option<String>,
    until: Option<Arc<str>>,
    definition: Option<Written>,
    patches: Vec<(String, Patch)>,
    input: Option<String>,
    answers: Option<(String, String, Option<String>)>,
    person: Option<Arc<dyn Person>>,
}

/// A definition from a file, with the patches applied, as each type of machine understands it.
enum Written {
    /// As it stands there, and what it is understood as.
    Alone(String, ByKind),
    /// By the name of the machine in the template.
    Of(Machines, Mutex<HashMap<String, ByKind>>),
}

/// A definition as a Standard machine and as an Express one, or why it is none.
type ByKind = [Result<Arc<Machine>, String>; 2];

/// Why there are no edits of a recording.
pub(super) enum Unfit {
    /// What was given is wrong whatever the recording.
    Given(Failure),
    /// It does not fit this recording; the reason as a sentence.
    Here(String),
    /// What it is about is not there.
    Nowhere(NotReplayable),
}

impl Given {
    pub(super) fn read(&self) -> Result<Read, Failure> {
        let patches = self.patches.iter().map(|given| patch(given)).collect::<Result<Vec<_>, _>>()?;
        let definition =
            self.definition.as_deref().map(|path| Written::read(path, &self.template, &patches)).transpose()?;
        let input = self.input.as_deref().map(input).transpose()?;
        let answers = self
            .answers
            .as_deref()
            .map(|path| Ok::<_, Failure>((path.display().to_string(), file::text(path)?)))
            .transpose()?;
        Ok(Read {
            from: self.from.clone(),
            until: self.until.as_deref().map(Into::into),
            definition,
            patches,
            input,
            answers: answers.map(|(file, text)| (file, text, self.test_case.clone())),
            person: None,
        })
    }
}

impl Read {
    /// Lets a person be asked, if there is one and the answers want it. Of many recordings nobody wants to be.
    pub(super) fn with_person(self) -> Self {
        let person = AtTerminal::present(Arc::default()).map(|person| Arc::new(person) as Arc<dyn Person>);
        Self { person, ..self }
    }

    /// Returns the name of the machine that was chosen for a recording, if there was a choice.
    pub(super) fn chosen(&self, recording: &Recording) -> Option<String> {
        match &self.definition {
            Some(Written::Of(machines, _)) if machines.are_several() => {
                machines.of(recording).ok().map(|machine| machine.name.clone())
            }
            _ => None,
        }
    }

    /// Tells whether the run itself is to be different.
    pub(super) fn changes_the_run(&self) -> bool {
        self.definition.is_some() || self.changes_more_than_the_definition()
    }

    fn changes_more_than_the_definition(&self) -> bool {
        !self.patches.is_empty() || self.input.is_some() || self.answers.is_some()
    }

    /// Tells whether the run of this recording is to be different: a definition for one that has none is its own.
    pub(super) fn changes(&self, recording: &Recording) -> bool {
        self.definition.is_some() && recording.definition().is_some() || self.changes_more_than_the_definition()
    }

    /// Returns the definition a recording is run on instead of its own, as JSON, if there is one.
    pub(super) fn definition(&self, recording: &Recording) -> Option<Payload> {
        let definition = match &self.definition {
            None if self.patches.is_empty() => return None,
            None => recording.definition().map(|it| Definition::read(it.text(), Format::of_text(it.text())))?,
            Some(Written::Alone(text, _)) => Definition::read(text.as_str(), Format::of_text(text)),
            Some(Written::Of(machines, _)) => Definition::read(machines.of(recording).ok()?.text()?, Format::Json),
        };
        let patched = patched(&definition, &self.patches).ok()?;
        Some(Payload::from_text(serde_json::to_string_pretty(&patched.to_value()?).ok()?))
    }

    /// Returns a recording with the definition that was given for it, if it has none.
    fn with_definition<'a>(&self, recording: Cow<'a, Recording>) -> Cow<'a, Recording> {
        let written = self.definition.as_ref().filter(|_| recording.definition().is_none());
        let text = match written {
            Some(Written::Alone(text, _)) => text.clone(),
            Some(Written::Of(machines, _)) => match machines.of(&recording).ok().and_then(|machine| machine.text()) {
                Some(text) => text.to_string(),
                None => return recording,
            },
            None => return recording,
        };
        let mut recording = recording.into_owned();
        let machine = recording.state_machine.get_or_insert_default();
        machine.definition = Some(Payload::from_text(text));
        Cow::Owned(recording)
    }

    /// Returns what of a recording is to be replayed, and how.
    pub(super) fn of<'a>(&self, recording: &'a Recording) -> Result<(Cow<'a, Recording>, Edits), Unfit> {
        let answers = self.answers.as_ref().map(|(file, text, case)| {
            let name = recording.machine_name().unwrap_or_default();
            AnswersFile::read(text, name, case.as_deref()).map_err(|error| Failure::input(format!("'{file}': {error}")))
        });
        let mut answers = answers.transpose().map_err(Unfit::Given)?.map(|answers| answers as Box<dyn Answers>);
        if let (Some(answers), Some(person)) = (&mut answers, &self.person) {
            answers.ask(person);
        }
        let (subject, from) = match &self.from {
            None => (Cow::Borrowed(recording), None),
            Some(address) => {
                let (subject, from) = find_address(recording, address).map_err(Unfit::Nowhere)?;
                (subject, Some(from))
            }
        };
        let given = subject.definition().is_none() && self.patches.is_empty();
        let machine = if given && self.definition.is_some() { None } else { self.machine(&subject)? };
        let subject = self.with_definition(subject);
        let input = self.input.as_deref().map(Payload::from_text);
        Ok((subject, Edits { machine, input, answers, from, until: self.until.clone(), ..Edits::default() }))
    }

    fn machine(&self, recording: &Recording) -> Result<Option<Arc<Machine>>, Unfit> {
        let express = recording.is_express();
        if let Some(written) = &self.definition {
            let [standard, other] = written.of(recording, &self.patches)?;
            let machine = if express { other } else { standard };
            return machine.map(Some).map_err(|reason| Unfit::Given(Failure::input(reason)));
        }
        let Some(definition) = recording.definition().filter(|_| !self.patches.is_empty()) else { return Ok(None) };
        let kind = if express { MachineKind::Express } else { MachineKind::Standard };
        let definition = Definition::read(definition.text(), Format::of_text(definition.text()));
        let patched = patched(&definition, &self.patches).map_err(Unfit::Here)?;
        machine("the patched definition", &patched, kind).map(Some).map_err(Unfit::Here)
    }
}

impl Written {
    fn read(path: &Path, template: &Choice, patches: &[(String, Patch)]) -> Result<Self, Failure> {
        if let Some(machines) = template.machines(path)? {
            return Ok(Self::Of(machines, Mutex::default()));
        }
        let text = file::text(path)?;
        let format = match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some("yaml" | "yml") => Format::Yaml,
            _ => Format::of_text(&text),
        };
        let definition = patched(&Definition::read(text.as_str(), format), patches).map_err(Failure::input)?;
        let name = format!("the definition in '{}'", path.display());
        let machines = by_kind(&name, &definition);
        Ok(Self::Alone(text, machines))
    }

    /// Returns the machine a recording is to run on.
    fn of(&self, recording: &Recording, patches: &[(String, Patch)]) -> Result<ByKind, Unfit> {
        let (machines, known) = match self {
            Self::Alone(_, machine) => return Ok(machine.clone()),
            Self::Of(machines, known) => (machines, known),
        };
        let chosen = machines.of(recording).map_err(Unfit::Given)?;
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(machine) = known.get(&chosen.name) {
            return Ok(machine.clone());
        }
        let Some(text) = chosen.text() else { return Err(Unfit::Given(template::refused(machines.file(), chosen))) };
        let definition = Definition::read(text, Format::Json);
        let definition = patched(&definition, patches).map_err(|reason| Unfit::Given(Failure::input(reason)))?;
        let name = format!("the definition of {} in '{}'", chosen.name, machines.file());
        let machine = by_kind(&name, &definition);
        known.insert(chosen.name.clone(), machine.clone());
        Ok(machine)
    }
}

fn by_kind(name: &str, definition: &Definition) -> ByKind {
    [MachineKind::Standard, MachineKind::Express].map(|kind| machine(name, definition, kind))
}

fn patched(definition: &Definition, patches: &[(String, Patch)]) -> Result<Definition, String> {
    let mut definition = definition.clone();
    for (given, patch) in patches {
        definition = definition
            .patched(std::slice::from_ref(patch))
            .map_err(|error| format!("--patch {given} does not fit the definition: {error}."))?;
    }
    Ok(definition)
}

/// Returns a patch and what to call it.
fn patch(given: &str) -> Result<(String, Patch), Failure> {
    let inline = given.trim_start().starts_with(['[', '{']);
    let (name, text) =
        if inline { ("JSON".to_owned(), given.to_owned()) } else { (given.to_owned(), file::text(given)?) };
    let patch = Patch::read(&text).map_err(|error| Failure::input(format!("--patch {name}: {error}.")))?;
    Ok((name, patch))
}

fn input(given: &str) -> Result<String, Failure> {
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text);
    if is_json(given).is_ok() {
        return Ok(given.to_owned());
    }
    let text = file::text(given)?.trim_end().to_owned();
    is_json(&text).map_err(|error| Failure::input(format!("The input in '{given}' is no JSON: {error}.")))?;
    Ok(text)
}

fn machine(name: &str, definition: &Definition, kind: MachineKind) -> Result<Arc<Machine>, String> {
    let (machine, findings) = definition.parse(kind);
    machine.map(Arc::new).ok_or_else(|| {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let told = errors.map(|finding| match &finding.location {
            Some(location) => format!("{}: {} at {location}", finding.code, finding.message),
            None => format!("{}: {}", finding.code, finding.message),
        });
        format!("AWS would refuse {name}: {}.", told.collect::<Vec<_>>().join(", "))
    })
}
