//! A folder whose files are parts of one recording: the answers of the service as somebody saved them side by side.

use super::assemble::assemble;
use super::pieces::{Piece, Pieces};
use super::{Opened, SourceError, bytes, pieces};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder with more files than this is a folder of recordings.
const FEW: usize = 32;

/// Opens a folder: as one recording if its files are parts of one, else as a folder of recordings.
pub(super) fn open_folder(path: &Path) -> Result<Opened, SourceError> {
    let files = files(path)?;
    if files.is_empty() {
        return Err(SourceError::EmptyFolder);
    }
    if files.len() <= FEW
        && let Some(Opened::One(recording)) = parts(&files).and_then(|parts| assemble(parts).ok())
    {
        return Ok(Opened::One(recording));
    }
    Ok(Opened::Folder(path.to_owned()))
}

/// Returns the files in a folder by name, hidden ones left out.
pub(super) fn files(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let kind = entry.file_type()?;
        if !hidden && (kind.is_file() || kind.is_symlink() && entry.path().is_file()) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
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
