//! A folder whose files are parts of one recording: the answers of the service as somebody saved them side by side.

use super::assemble::assemble;
use super::pieces::{Piece, Pieces};
use super::text::pieces;
use super::{Opened, SourceError, bytes, results};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder with more files than this is a folder of recordings.
const FEW: usize = 32;

/// How deep files are looked for in a folder that has only folders.
const DEPTH: usize = 4;

/// A folder with more folders than this is not looked into.
const MOST_FOLDERS: usize = 1_000;

/// Opens a folder: as one recording if its files are parts of one, else as a folder of recordings.
pub(super) fn open_folder(path: &Path) -> Result<Opened, SourceError> {
    if let Some(results) = results::of_folder(path) {
        return Ok(Opened::One(Box::new(results?)));
    }
    let files = files(path)?;
    if files.is_empty() {
        return Err(SourceError::EmptyFolder);
    }
    if let Some(several) = results_below(&files) {
        return several;
    }
    if files.len() <= FEW
        && let Some(Opened::One(recording)) = parts(&files).and_then(|parts| assemble(parts).ok())
    {
        return Ok(Opened::One(recording));
    }
    Ok(Opened::Folder(path.to_owned()))
}

/// Opens the results of Map Runs in the folders that files are in, when these are nothing else: as ResultWriter lays
/// them out, a folder for each Map Run.
fn results_below(files: &[PathBuf]) -> Option<Result<Opened, SourceError>> {
    let mut folders: Vec<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    folders.dedup();
    if folders.len() > FEW {
        return None;
    }
    let mut runs = Vec::new();
    for folder in folders {
        match results::of_folder(folder)? {
            Ok(run) => runs.push(run),
            Err(error) => return Some(Err(error)),
        }
    }
    Some(Ok(match runs.len() {
        1 => Opened::One(Box::new(runs.pop()?)),
        _ => Opened::Several(runs),
    }))
}

/// Returns the files in a folder by name, hidden ones left out, and folders with the results of a Map Run; of one that
/// has folders only, the files in those, as an export to S3 lies there.
pub(super) fn files(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    files_within(path, DEPTH)
}

fn files_within(path: &Path, depth: usize) -> Result<Vec<PathBuf>, SourceError> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let kind = entry.file_type()?;
        if !hidden && (kind.is_file() || kind.is_symlink() && entry.path().is_file()) {
            files.push(entry.path());
        } else if !hidden && kind.is_dir() {
            folders.push(entry.path());
        }
    }
    if files.is_empty() && depth > 0 && folders.len() <= MOST_FOLDERS {
        for folder in &folders {
            // One that may not be looked into must not hide the others.
            files.extend(files_within(folder, depth - 1).unwrap_or_default());
        }
    }
    if !files.is_empty() && depth == DEPTH {
        files.extend(folders.into_iter().take(MOST_FOLDERS).filter(|folder| results::is_map_run(folder)));
    }
    files.sort();
    Ok(files)
}

/// Returns what in a folder is neither a file nor a folder: pipes, devices, sockets, links that lead nowhere. Reading a
/// pipe would wait for whoever writes into it.
pub(super) fn others(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let shown = entries.filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    let mut others: Vec<PathBuf> = shown.map(|entry| entry.path()).filter(|it| !it.is_file() && !it.is_dir()).collect();
    others.sort();
    others
}

/// Returns the pieces of all files if they can be parts of one recording: pages of a history, and what describes it.
fn parts(files: &[PathBuf]) -> Option<Pieces> {
    let mut all = Pieces::default();
    for file in files {
        let Ok(pieces) = bytes::of_file(file).and_then(pieces) else { continue };
        if !pieces.found.is_empty() {
            all.found.extend(pieces.found);
            all.damage.extend(pieces.damage);
        }
    }
    let whole = all.found.iter().any(|piece| matches!(piece, Piece::Recording(_)));
    let part = all.found.iter().any(|piece| matches!(piece, Piece::Page { .. } | Piece::Event(_) | Piece::Log(_)));
    let executions = all.found.iter().filter(|piece| matches!(piece, Piece::Execution(_))).count();
    (part && !whole && executions <= 1).then_some(all)
}
