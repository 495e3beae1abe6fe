//! Files that commands write: nothing is replaced unasked, and never what a command reads.

use super::Failure;
use crate::source::{self, Existing, SourceError};
use std::io::{self, Write};
use std::path::Path;

/// Tells what may become of a file that is to be written, or why it cannot be written: it is there and nobody said that
/// it may be replaced, or it is one of those that are read.
pub(super) fn existing(path: &Path, force: bool, inputs: &[&Path]) -> Result<Existing, Failure> {
    if source::is_stream(path) {
        return Ok(Existing::Replace);
    }
    if path.is_dir() {
        return Err(Failure::input(format!("{} is a folder; a file is wanted.", path.display())));
    }
    if inputs.iter().any(|input| is_same(path, input)) {
        let failure = Failure::input(format!("{} is what is read; it is not replaced.", path.display()));
        return Err(failure.hint("Name another file."));
    }
    if force {
        return Ok(Existing::Replace);
    }
    if path.symlink_metadata().is_ok() && path.exists() {
        let failure = Failure::input(format!("{} exists already.", path.display()));
        return Err(failure.hint("Name another file, or add --force to replace it."));
    }
    Ok(Existing::Keep)
}

/// Writes a text into a file, whole or not at all.
pub(super) fn text(path: &Path, existing: Existing, text: &str) -> Result<(), Failure> {
    write(path, existing, |writer| writer.write_all(text.as_bytes()))
}

fn write(path: &Path, existing: Existing, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    source::replace_or_keep(path, existing, write).map_err(|error| cannot(path, &error))
}

/// Says that a file cannot be written, and why.
pub(super) fn cannot(path: &Path, error: &SourceError) -> Failure {
    match error {
        SourceError::Io(error) => Failure::input(format!("Cannot write '{}': {error}.", path.display())),
        error => Failure::input(error.about(&path.display().to_string())),
    }
}

/// Tells whether two paths lead to one file, by whatever names.
fn is_same(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let file = |path: &Path| path.metadata().ok().map(|it| (it.dev(), it.ino()));
        file(one).is_some_and(|one| Some(one) == file(other))
    }
    #[cfg(not(unix))]
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_replaced_unasked_and_never_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (input, other, new) = (folder.path().join("in"), folder.path().join("other"), folder.path().join("new"));
        std::fs::write(&input, "in").unwrap();
        std::fs::write(&other, "other").unwrap();
        std::fs::hard_link(&input, folder.path().join("same")).unwrap();
        let may = |path: &Path, force| existing(path, force, &[&input]);
        assert_eq!(may(&new, false).unwrap(), Existing::Keep);
        assert_eq!(may(&other, true).unwrap(), Existing::Replace);
        assert_eq!(may(Path::new("/dev/null"), false).unwrap(), Existing::Replace);
        let said = |path: &Path, force| may(path, force).unwrap_err().to_string();
        assert!(said(&other, false).contains("exists already"));
        assert!(said(&input, true).contains("is what is read"));
        assert!(said(&folder.path().join("same"), true).contains("is what is read"));
        assert!(said(folder.path(), true).contains("is a folder"));
    }
}
