//! Which files hold cases.

use crate::cases::{Case, CaseError, CaseFile, is_mock_config, mock_cases};
use crate::cli::{Failure, file, template};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// A file with cases.
pub(super) struct Held {
    pub path: PathBuf,
    pub text: String,
    pub cases: Vec<Case>,
}

/// What the paths of the command line lead to.
pub(super) struct Found {
    pub files: Vec<Held>,
    pub unreadable: Vec<Failure>,
    /// Cases whose name was not asked for.
    pub left_out: usize,
}

/// Reads the files, and those below folders that say they hold cases.
pub(super) fn find(paths: &[PathBuf], only: Option<&str>) -> Found {
    let mut all: Vec<(PathBuf, bool)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let of_folder = template::files(path).into_iter().filter(|path| path.extension().is_some_and(is_json));
            all.extend(of_folder.map(|path| (path, true)));
        } else {
            all.push((path.clone(), false));
        }
    }
    all.sort();
    all.dedup_by(|next, known| next.0 == known.0);
    let read: Vec<Result<Option<Held>, Failure>> =
        all.into_par_iter().map(|(path, folder)| read(path, folder)).collect();
    let mut found = Found { files: Vec::new(), unreadable: Vec::new(), left_out: 0 };
    for result in read {
        match result {
            Ok(held) => found.files.extend(held),
            Err(failure) => found.unreadable.push(failure),
        }
    }
    if let Some(only) = only {
        for held in &mut found.files {
            let before = held.cases.len();
            held.cases.retain(|case| case.name.contains(only));
            found.left_out += before - held.cases.len();
        }
    }
    found
}

fn is_json(extension: &std::ffi::OsStr) -> bool {
    extension.eq_ignore_ascii_case("json")
}

/// Reads a file; one that was only met in a folder counts only when it says that it holds cases.
fn read(path: PathBuf, of_folder: bool) -> Result<Option<Held>, Failure> {
    let text = match file::text(&path) {
        Err(_) if of_folder => return Ok(None),
        text => text?,
    };
    let shown = path.display().to_string();
    let unreadable = |error: CaseError| Failure::input(format!("'{shown}:{}': {}.", error.line, error.reason));
    let cases = if is_mock_config(&text) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        mock_cases(&name, &text).map_err(unreadable)?
    } else if CaseFile::is_one(&text) {
        let mut cases = CaseFile::read(&text).map_err(unreadable)?.cases;
        cases.iter_mut().filter(|case| case.name.is_empty()).for_each(|case| case.name = stem(&path));
        cases
    } else if of_folder {
        return Ok(None);
    } else {
        return Err(other(&path, &text));
    };
    Ok(Some(Held { path, text, cases }))
}

/// The name of a file without what every case file ends with.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".json").unwrap_or(&name);
    name.strip_suffix(".case").unwrap_or(name).to_owned()
}

/// Says what a file is that holds no cases.
fn other(path: &Path, text: &str) -> Failure {
    let shown = path.display();
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let (line, column) = (error.line(), error.column());
        let told = error.to_string();
        let reason = told.rsplit_once(" at line ").map_or(told.as_str(), |(reason, _)| reason).to_owned();
        return Failure::input(format!("'{shown}:{line}:{column}': {reason}."))
            .hint("Case files are JSON with \"format\": \"stepback.case/1\".");
    }
    let recording = text.contains("\"stepback.recording/") || text.contains("\"events\"");
    let failure = Failure::input(format!("'{shown}' holds no cases: it has no \"format\": \"stepback.case/1\"."));
    match recording {
        true => failure.hint(format!(
            "'stepback export {shown} --format case' makes a case of a recording; 'stepback replay {shown}' replays it."
        )),
        false => failure.hint("'stepback export RECORDING --format case' writes a case file."),
    }
}
