//! Which files hold definitions, and their text.

use crate::asl::{Definition, Diagnostic, Format, MachineKind};
use crate::cli::template::{self as templates, Disk};
use crate::cli::{Failure, aws, file};
use crate::recording::MachineType;
use crate::template::{self, Options, Reading, Unknown};
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The text of a definition and where it comes from.
pub(super) struct Subject {
    /// How the file is called in messages.
    pub file: String,
    /// The machine, when the file is a template.
    pub machine: Option<String>,
    pub definition: Definition,
    /// What only a deployment knows.
    pub unknown: Vec<Unknown>,
    /// The files it was read from, beside its own.
    pub beside: Vec<String>,
    /// The type, when the file knows it.
    pub kind: Option<MachineKind>,
    /// Why there is no such machine, when the template switches it off.
    pub absent: Option<Diagnostic>,
}

/// Everything the paths of the command line lead to.
pub(super) struct Found {
    pub subjects: Vec<Subject>,
    pub unreadable: Vec<Failure>,
    /// Whether one file was asked for, not a folder and not several.
    pub single: bool,
}

/// Asks AWS for the definitions that are named by ARN: of a machine the one it has now, of an execution the one it ran.
/// Returns them, and the paths that are left.
pub(super) fn live(paths: &[PathBuf], reach: &aws::Reach) -> Result<(Vec<Subject>, Vec<PathBuf>), Failure> {
    let (mut subjects, mut left) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.display().to_string();
        let Some(remote) = aws::named(&name)? else {
            left.push(path.clone());
            continue;
        };
        let machine = aws::machine(&remote, reach)?;
        let definition =
            machine.definition.ok_or_else(|| Failure::input(format!("AWS has no definition of {name}.")))?;
        let kind = machine.machine_type.map(|kind| match kind {
            MachineType::Express => MachineKind::Express,
            _ => MachineKind::Standard,
        });
        let definition = Definition::read(definition.text().to_owned(), Format::Json);
        subjects.push(Subject { kind, ..Subject::of(name, definition) });
    }
    Ok((subjects, left))
}

/// Reads the files, and those below the folders.
pub(super) fn find(paths: &[PathBuf], options: &Options) -> Found {
    let single = paths.len() == 1 && !paths.iter().any(|path| path.is_dir());
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(templates::files(path).into_iter().map(|path| (path, true)));
        } else {
            files.push((path.clone(), false));
        }
    }
    let read: Vec<Result<Vec<Subject>, Failure>> =
        files.into_par_iter().map(|(path, of_folder)| read(&path, of_folder, options)).collect();
    let (mut subjects, mut unreadable) = (Vec::new(), Vec::new());
    for result in read {
        match result {
            Ok(subject) => subjects.extend(subject),
            Err(failure) => unreadable.push(failure),
        }
    }
    // What a template takes its definitions from is checked there, with what it puts into them.
    let beside: HashSet<String> = subjects.iter().flat_map(|subject: &Subject| subject.beside.clone()).collect();
    let is_beside = |file: &str| beside.contains(file.strip_prefix("./").unwrap_or(file)) || beside.contains(file);
    subjects.retain(|subject| !is_beside(&subject.file));
    let single = single && subjects.len() <= 1;
    Found { subjects, unreadable, single }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(OsStr::to_str).unwrap_or("")
}

/// Reads a file; one that was only met in a folder counts only when it is a definition or a template.
fn read(path: &Path, of_folder: bool, options: &Options) -> Result<Vec<Subject>, Failure> {
    let file = path.display().to_string();
    let bytes = file::bytes(path)?;
    let named = [".asl", ".asl.json", ".asl.yaml", ".asl.yml"].iter().any(|end| file.ends_with(end));
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!("Cannot read '{file}': it is not UTF-8 from byte {at} on."))
            .hint("Definitions are JSON or YAML in UTF-8.")
    });
    let text = match text {
        // Of a folder nobody promised that all files are text.
        Err(_) if of_folder && !named => return Ok(Vec::new()),
        text => text?,
    };
    let format = match extension(path) {
        "yaml" | "yml" => Format::Yaml,
        "json" => Format::Json,
        _ => Format::of_text(&text),
    };
    if format == Format::Json
        && let Some(subject) = recorded(&file, &text)
    {
        return Ok(vec![subject]);
    }
    let is_large = text.len() as u64 > template::LARGEST;
    if !named && !is_large && template::may_be(path, &text) {
        match template::read(path, &text, &Disk, options) {
            Reading::Template(template) if template.machines.is_empty() => {
                let failure =
                    || Failure::input(format!("'{file}' is {} without state machines.", template.kind.noun()));
                return if of_folder { Ok(Vec::new()) } else { Err(failure()) };
            }
            Reading::Template(template) => return Ok(of_template(&file, template)),
            Reading::Broken(definition) => return Ok(vec![Subject::of(file, *definition)]),
            Reading::Other(_) => {}
        }
    }
    let is_definition = named || has_start(&text, format);
    if of_folder && !is_definition {
        return Ok(Vec::new());
    }
    if !is_definition && let Some(noun) = template::noun(&text) {
        return Err(Failure::input(format!("'{file}' is {noun}, not the definition of a state machine."))
            .hint("Definitions have StartAt and States; templates hold them in their resources."));
    }
    Ok(vec![Subject::of(file, Definition::read(text, format))])
}

impl Subject {
    fn of(file: String, definition: Definition) -> Self {
        Self { file, machine: None, definition, unknown: Vec::new(), beside: Vec::new(), kind: None, absent: None }
    }
}

fn of_template(file: &str, template: template::Template) -> Vec<Subject> {
    let beside: Vec<String> = template.files.into_iter().skip(1).collect();
    let subject = |machine: template::Machine| Subject {
        file: file.to_owned(),
        machine: Some(machine.name),
        definition: machine.definition,
        unknown: machine.unknown,
        beside: beside.clone(),
        kind: machine.kind,
        absent: machine.absent,
    };
    template.machines.into_iter().map(subject).collect()
}

/// Tells whether `StartAt` is a member of the outermost object, as far as that can be told of damaged JSON.
fn has_start(text: &str, format: Format) -> bool {
    match format {
        Format::Json => {
            let first = serde_json::Deserializer::from_str(text).into_iter::<Start>().next();
            first.is_some_and(|first| first.map_or_else(|error| !error.is_data(), |_| true))
        }
        Format::Yaml => text.lines().any(|line| line.starts_with("StartAt:")),
    }
}

#[derive(Deserialize)]
struct Start {
    #[serde(rename = "StartAt")]
    _start_at: String,
}

/// Takes the definition out of a recording.
fn recorded(file: &str, text: &str) -> Option<Subject> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Recording {
        state_machine: StateMachine,
    }
    #[derive(Deserialize)]
    struct StateMachine {
        definition: String,
        #[serde(rename = "type")]
        kind: Option<String>,
    }
    memchr::memmem::find(text.as_bytes(), b"\"stateMachine\"")?;
    let machine = serde_json::from_str::<Recording>(text).ok()?.state_machine;
    let kind = if machine.kind.as_deref() == Some("EXPRESS") { MachineKind::Express } else { MachineKind::Standard };
    let file = format!("{file} (stateMachine.definition)");
    Some(Subject { kind: Some(kind), ..Subject::of(file, Definition::read(machine.definition, Format::Json)) })
}
