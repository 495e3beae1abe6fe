//! Which files hold definitions, and their text.

use crate::asl::{Format, MachineKind};
use crate::cli::{Failure, file};
use rayon::prelude::*;
use serde::Deserialize;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The text of a definition and where it comes from.
pub(super) struct Subject {
    /// How the file is called in messages.
    pub file: String,
    pub text: String,
    pub format: Format,
    /// The type, when the file knows it.
    pub kind: Option<MachineKind>,
}

/// Everything the paths of the command line lead to.
pub(super) struct Found {
    pub subjects: Vec<Subject>,
    pub unreadable: Vec<Failure>,
    /// Whether one file was asked for, not a folder and not several.
    pub single: bool,
}

/// Folders that hold other people's files, or ours in another form.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// Reads the files, and those below the folders.
pub(super) fn find(paths: &[PathBuf]) -> Found {
    let single = paths.len() == 1 && !paths.iter().any(|path| path.is_dir());
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut below = Vec::new();
            walk(path, &mut below);
            below.sort();
            files.extend(below.into_iter().map(|path| (path, true)));
        } else {
            files.push((path.clone(), false));
        }
    }
    let read: Vec<Result<Option<Subject>, Failure>> =
        files.into_par_iter().map(|(path, of_folder)| read(&path, of_folder)).collect();
    let (mut subjects, mut unreadable) = (Vec::new(), Vec::new());
    for result in read {
        match result {
            Ok(subject) => subjects.extend(subject),
            Err(failure) => unreadable.push(failure),
        }
    }
    Found { subjects, unreadable, single }
}

/// Finds files that may be definitions; links to folders are not followed, so that there is an end.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&name) {
            walk(&entry.path(), files);
        } else if !kind.is_dir() && matches!(extension(&entry.path()), "json" | "yaml" | "yml" | "asl") {
            files.push(entry.path());
        }
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(OsStr::to_str).unwrap_or("")
}

/// Reads a file; one that was only met in a folder counts only when it is a definition.
fn read(path: &Path, of_folder: bool) -> Result<Option<Subject>, Failure> {
    let file = path.display().to_string();
    let bytes = file::bytes(path)?;
    let named = [".asl", ".asl.json", ".asl.yaml", ".asl.yml"].iter().any(|end| file.ends_with(end));
    if of_folder && !named && memchr::memmem::find(&bytes, b"StartAt").is_none() {
        return Ok(None);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!("Cannot read '{file}': it is not UTF-8 from byte {at} on."))
            .hint("Definitions are JSON or YAML in UTF-8.")
    })?;
    let format = match extension(path) {
        "yaml" | "yml" => Format::Yaml,
        "json" => Format::Json,
        _ => Format::of_text(&text),
    };
    if format == Format::Json
        && let Some(subject) = recorded(&file, &text)
    {
        return Ok(Some(subject));
    }
    if of_folder && !named && !has_start(&text, format) {
        return Ok(None);
    }
    Ok(Some(Subject { file, text, format, kind: None }))
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
    Some(Subject { file, text: machine.definition, format: Format::Json, kind: Some(kind) })
}
