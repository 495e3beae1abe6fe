//! The machines of cases, each read once.

use crate::asl::{Definition, Format, Machine, MachineKind, Severity};
use crate::cases::{Case, Written};
use crate::cli::template::{self as templates, Disk};
use crate::cli::{Failure, file};
use crate::json::Payload;
use crate::recording::Recording;
use crate::source::{self, Opened};
use crate::tasks::StartedMachine;
use crate::template::{self, Options, Reading};
use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A machine with the text it was made of.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// What the template or the file calls it; `None` of what stands in a case.
    pub name: Option<String>,
    pub machine: Arc<Machine>,
    pub definition: Payload,
    /// The files it was read from.
    pub files: Vec<PathBuf>,
}

/// What tells one machine from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// The file, or the text of a definition that stands in a case.
    source: Result<PathBuf, String>,
    machine: Option<String>,
    kind: Option<MachineKind>,
    parameters: BTreeMap<String, String>,
    /// Whether it stands in for what a case names: then a name that is not there may be another one for the only machine.
    instead: bool,
}

type Place = Arc<OnceLock<Result<Known, (String, Vec<PathBuf>)>>>;

/// The machines that were read, from several threads.
#[derive(Default)]
pub(super) struct Definitions {
    known: Mutex<HashMap<Key, Place>>,
}

impl Definitions {
    /// Forgets machines that were read from one of these files.
    pub(super) fn forget(&self, changed: &dyn Fn(&Path) -> bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, place| {
            let files = match place.get() {
                Some(Ok(known)) => &known.files,
                Some(Err((_, files))) => files,
                None => return true,
            };
            !files.iter().any(|file| changed(file))
        });
    }

    /// Returns the machine of a case in a file of this folder. An error is a sentence, with the files it is about.
    pub(super) fn of(
        &self,
        case: &Case,
        folder: &Path,
        instead: Option<&Path>,
        given: &Options,
    ) -> Result<Known, (String, Vec<PathBuf>)> {
        let mut parameters = given.parameters.clone();
        parameters.extend(case.parameters.clone());
        let source = match (&case.definition, instead) {
            (_, Some(path)) => Ok(path.to_owned()),
            (Some(Written::Here(text, _)), None) => Err(text.clone()),
            (Some(Written::File(name)), None) => Ok(beneath(folder, name)),
            (None, None) => match beside(case, folder, &Options { parameters: parameters.clone() }) {
                Some(path) => Ok(path),
                None => return Err((undefined(case, folder), Vec::new())),
            },
        };
        let instead = instead.is_some();
        self.read(&Key { source, machine: case.machine.clone(), kind: case.kind, parameters, instead })
    }

    /// Returns a machine that tasks start.
    pub(super) fn started(
        &self,
        name: &str,
        path: PathBuf,
    ) -> Result<(StartedMachine, Vec<PathBuf>), (String, Vec<PathBuf>)> {
        let machine = Some(name.rsplit(':').next().unwrap_or(name).to_owned());
        let known =
            self.read(&Key { source: Ok(path), machine, kind: None, parameters: BTreeMap::new(), instead: false })?;
        Ok((StartedMachine { machine: known.machine, definition: known.definition }, known.files))
    }

    fn read(&self, key: &Key) -> Result<Known, (String, Vec<PathBuf>)> {
        let place = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(key.clone()).or_default())
        };
        place.get_or_init(|| key.read()).clone()
    }
}

impl Key {
    fn read(&self) -> Result<Known, (String, Vec<PathBuf>)> {
        match &self.source {
            Err(text) => {
                let definition = Definition::read(text.as_str(), Format::Json);
                made("the case", None, text.clone(), &definition, self.kind, Vec::new())
                    .map_err(|error| (error, Vec::new()))
            }
            Ok(path) => self.of_file(path).map_err(|error| (error, vec![path.clone()])),
        }
    }

    /// Chooses a machine by the name that a case gives it: that of the template, or what it is called in AWS.
    fn chosen<'m>(&self, machines: &'m [template::Machine], shown: &str) -> Result<&'m template::Machine, Failure> {
        let Some(name) = &self.machine else { return templates::choose(machines, shown, None, None) };
        if let Some(found) = machines.iter().find(|machine| machine.is_called(name)) {
            return Ok(found);
        }
        let mut recording = Recording::from_events(Vec::new());
        recording.state_machine.get_or_insert_default().name = Some(name.as_str().into());
        let deployed = machines.len() > 1 || !self.instead;
        let found = if deployed { templates::called(machines, &recording) } else { machines.first() };
        found.map_or_else(|| templates::choose(machines, shown, Some(name), None), Ok)
    }

    fn of_file(&self, path: &Path) -> Result<Known, String> {
        let options = Options { parameters: self.parameters.clone() };
        let shown = path.display().to_string();
        // Of a pipe nobody knows when it ends, and what was read of it is gone.
        if path.exists() && !path.is_file() && !path.is_dir() {
            return Err(format!("'{shown}' is a pipe or a device, not a file."));
        }
        let machines = templates::all(path, &options).map_err(|failure| failure.message().to_owned())?;
        if let Some((machines, files)) = machines {
            let machine = self.chosen(&machines, &shown).map_err(|failure| failure.message().to_owned())?;
            let text = templates::text(&shown, machine).map_err(|failure| failure.message().to_owned())?;
            let definition = Definition::read(text.as_str(), Format::Json);
            let name = Some(machine.name.clone());
            return made(&shown, name, text, &definition, self.kind.or(machine.kind), files);
        }
        if path.is_dir() {
            return Err(format!("'{shown}' holds no templates."));
        }
        // A recording has a definition too, and so has what describes a machine.
        let text = file::text(path).map_err(|failure| failure.message().to_owned())?;
        let text = match source::open(path) {
            Ok(Opened::Definition(found)) => String::from_utf8_lossy(&found.text).into_owned(),
            Ok(Opened::One(recording)) => {
                let held = recording.definition().map(|definition| definition.text().to_owned());
                held.ok_or_else(|| format!("'{shown}' does not hold the definition of the machine it recorded."))?
            }
            _ => text,
        };
        let format = match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some("yaml" | "yml") => Format::Yaml,
            _ => Format::of_text(&text),
        };
        let definition = Definition::read(text.as_str(), format);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        made(&shown, name, text, &definition, self.kind, vec![path.to_owned()])
    }
}

/// Makes the machine, or says why AWS would not.
fn made(
    shown: &str,
    name: Option<String>,
    text: String,
    definition: &Definition,
    kind: Option<MachineKind>,
    files: Vec<PathBuf>,
) -> Result<Known, String> {
    let (machine, findings) = definition.parse(kind.unwrap_or_default());
    let Some(machine) = machine else {
        let error = findings.iter().find(|finding| finding.severity == Severity::Error || finding.location.is_none());
        let told = error.map(|error| {
            let place = error.span.map(|span| definition.source().position(span.start).line);
            let at = error.location.as_ref().map(|location| format!(" at {location}")).unwrap_or_default();
            let line = place.map(|line| format!(" (line {line})")).unwrap_or_default();
            format!("{}: {}{at}{line}", error.code, error.message.lines().next().unwrap_or_default())
        });
        return Err(format!("AWS would refuse the definition of {shown}: {}.", told.unwrap_or_default()));
    };
    Ok(Known { name, machine: Arc::new(machine), definition: Payload::from_text(text), files })
}

/// Finds the definition of a mock configuration's machine: a file that has its name, or a template that has the machine,
/// in the folder of the configuration or the one above.
fn beside(case: &Case, folder: &Path, options: &Options) -> Option<PathBuf> {
    use crate::template::Files as _;
    let name = case.machine.as_deref()?;
    let above = folder.parent().filter(|_| folder != Path::new(""));
    let above = above.map_or_else(|| PathBuf::from(".."), Path::to_owned);
    for folder in [folder.to_owned(), above] {
        let files = Disk.list(&folder);
        let is_named = |path: &&PathBuf| {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let ends = [".asl.json", ".asl.yaml", ".asl.yml", ".asl", ".json"];
            path.is_file() && ends.iter().any(|end| file.strip_suffix(end) == Some(name))
        };
        if let Some(path) = files.iter().find(is_named) {
            return Some(path.clone());
        }
        for path in files.iter().filter(|path| path.is_file()) {
            let Some(text) = templates::text_of(path) else { continue };
            if let Reading::Template(found) = template::read(path, &text, &Disk, options)
                && found.machines.iter().any(|machine| machine.is_called(name))
            {
                return Some(path.clone());
            }
        }
    }
    None
}

fn undefined(case: &Case, folder: &Path) -> String {
    match &case.machine {
        Some(machine) if case.test_case.is_some() => format!(
            "No definition of {machine} was found in '{}' or above; --definition names it.",
            if folder == Path::new("") { Path::new(".") } else { folder }.display()
        ),
        _ => "The case names no \"definition\", and neither does --definition.".to_owned(),
    }
}

/// Returns the path of a file that a case in a folder names, without detours.
pub(super) fn beneath(folder: &Path, name: &str) -> PathBuf {
    let mut path = folder.to_owned();
    for part in Path::new(name).components() {
        let is_named = path.file_name().is_some();
        match part {
            Component::CurDir => {}
            // What is above a link is not what stands before it.
            Component::ParentDir if is_named && !path.is_symlink() => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

/// Turns a failure to read something into a sentence.
pub(super) fn sentence(failure: &Failure) -> String {
    failure.message().to_owned()
}
