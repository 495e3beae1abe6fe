//! A file in the making, which takes the place of another one when it is whole.
//!
//! What is written goes into a temporary file beside the one it is for. That one keeps its permissions, its owner and
//! its links; a new one is its owner's alone. Devices, pipes and standard output are written to: nothing can take their
//! place. Temporary files are locked while they are written, so that those of a program that was killed are known, and
//! taken away by the next one that writes into the folder.

use super::SourceError;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::{Builder, NamedTempFile};

const PREFIX: &str = ".stepback-";
const SUFFIX: &str = ".tmp";

/// A temporary file younger than this may not be locked yet.
const YOUNG: Duration = Duration::from_millis(200);

/// What is to become of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced.
    Replace,
    /// It stays, and writing fails.
    Keep,
}

/// A file that is being written.
#[derive(Debug)]
pub struct Replacement(Kind);

#[derive(Debug)]
enum Kind {
    Stdout(BufWriter<io::Stdout>),
    Stream(BufWriter<File>),
    File { file: BufWriter<NamedTempFile>, path: PathBuf, existing: Existing },
}

impl Replacement {
    /// Begins a file. What is there stays untouched until [`commit`](Self::commit).
    pub fn of(path: &Path, existing: Existing) -> Result<Self, SourceError> {
        if is_standard_output(path) {
            return Ok(Self(Kind::Stdout(BufWriter::new(io::stdout()))));
        }
        if is_stream(path) {
            let stream = OpenOptions::new().write(true).open(path)?;
            return Ok(Self(Kind::Stream(BufWriter::new(stream))));
        }
        let path = behind_links(path);
        if existing == Existing::Keep && path.symlink_metadata().is_ok() {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        let folder = folder_of(&path);
        clean(&folder);
        let file = Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(&folder)?;
        // Where files cannot be locked, those of a killed program stay.
        let _ = file.as_file().try_lock();
        Ok(Self(Kind::File { file: BufWriter::new(file), path, existing }))
    }

    /// Puts the file in its place, once it is on the disk.
    pub fn commit(self) -> Result<(), SourceError> {
        match self.0 {
            Kind::Stdout(mut stream) => Ok(stream.flush()?),
            Kind::Stream(mut stream) => Ok(stream.flush()?),
            Kind::File { file, path, existing } => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                place(file, &path, existing)?;
                // The name is on the disk once the folder is; where folders cannot be synced there is nothing more to do.
                let _ = File::open(folder_of(&path)).and_then(|folder| folder.sync_all());
                Ok(())
            }
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Stdout(stream) => stream.write(bytes),
            Kind::Stream(stream) => stream.write(bytes),
            Kind::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Stdout(stream) => stream.flush(),
            Kind::Stream(stream) => stream.flush(),
            Kind::File { file, .. } => file.flush(),
        }
    }
}

/// Tells whether a path names something that is written to and never replaced: a device, a pipe, standard output.
pub fn is_stream(path: &Path) -> bool {
    let is_file = |metadata: Metadata| metadata.is_file() || metadata.is_dir();
    is_standard_output(path) || is_descriptor(path) || path.metadata().is_ok_and(|metadata| !is_file(metadata))
}

fn is_standard_output(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Other open files of this process have names as well.
fn is_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stderr") || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}

/// A link stays a link: what it points to is replaced, or made.
fn behind_links(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    match fs::read_link(path) {
        Ok(target) => path.parent().map_or_else(|| target.clone(), |folder| folder.join(&target)),
        Err(_) => path.to_owned(),
    }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn place(file: NamedTempFile, path: &Path, existing: Existing) -> Result<(), SourceError> {
    let Ok(there) = path.metadata() else {
        let placed = match existing {
            Existing::Keep => file.persist_noclobber(path).map(drop),
            Existing::Replace => file.persist(path).map(drop),
        };
        return Ok(placed.map_err(|error| error.error)?);
    };
    if existing == Existing::Keep {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
    }
    if there.permissions().readonly() {
        return Err(SourceError::ReadOnly);
    }
    if is_linked(&there) || !same_owner(&file, &there) {
        return Ok(copy_into(file, path)?);
    }
    file.as_file().set_permissions(there.permissions())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes what is whole into a file that must stay itself: one with other names, or with an owner nobody can give away.
fn copy_into(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    let mut target = OpenOptions::new().write(true).open(path)?;
    file.as_file_mut().rewind()?;
    let length = io::copy(file.as_file_mut(), &mut target)?;
    target.set_len(length)?;
    target.sync_all()
}

#[cfg(unix)]
fn is_linked(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn is_linked(_: &Metadata) -> bool {
    false
}

/// Gives a file the owner of the one it replaces, and tells whether it has it then.
#[cfg(unix)]
fn same_owner(file: &NamedTempFile, there: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let is = |here: &Metadata| (here.uid(), here.gid()) == (there.uid(), there.gid());
    let Ok(here) = file.as_file().metadata() else { return false };
    is(&here) || fchown(file.as_file(), Some(there.uid()), Some(there.gid())).is_ok()
}

#[cfg(not(unix))]
fn same_owner(_: &NamedTempFile, _: &Metadata) -> bool {
    true
}

/// Takes temporary files away that nobody writes any more.
fn clean(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if ours && is_left(&entry) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_left(entry: &fs::DirEntry) -> bool {
    let Some(metadata) = entry.metadata().ok().filter(Metadata::is_file) else { return false };
    let old = metadata.modified().ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age >= YOUNG);
    old && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    fn write(path: &Path, existing: Existing, text: &str) -> Result<(), SourceError> {
        let mut file = Replacement::of(path, existing)?;
        file.write_all(text.as_bytes())?;
        file.commit()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_is_its_owners_and_an_old_one_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write(&path, Existing::Keep, "one").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(write(&path, Existing::Keep, "two").is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let (link, dangling, hard) = (folder.path().join("l"), folder.path().join("d"), folder.path().join("h"));
        symlink("a", &link).unwrap();
        symlink("new", &dangling).unwrap();
        write(&link, Existing::Replace, "three").unwrap();
        write(&dangling, Existing::Keep, "four").unwrap();
        assert!(link.is_symlink() && dangling.is_symlink());
        assert_eq!(fs::read_to_string(folder.path().join("new")).unwrap(), "four");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o644);
        fs::hard_link(&path, &hard).unwrap();
        write(&path, Existing::Replace, "5").unwrap();
        assert_eq!(fs::read_to_string(&hard).unwrap(), "5");
        assert_eq!(path.metadata().unwrap().nlink(), 2);
        assert_eq!(names(folder.path()), ["a", "d", "h", "l", "new"]);
    }

    #[test]
    fn what_was_not_finished_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "old").unwrap();
        let mut file = Replacement::of(&path, Existing::Replace).unwrap();
        file.write_all(&[b'x'; 100_000]).unwrap();
        drop(file);
        let failing = super::super::replace(&path, |writer| {
            writer.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(failing.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn temporary_files_of_the_dead_go_and_those_of_the_living_stay() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(".stepback-dead.tmp");
        fs::write(&left, "half").unwrap();
        let before = std::time::SystemTime::now() - Duration::from_secs(5);
        File::options().write(true).open(&left).unwrap().set_modified(before).unwrap();
        let mut writing = Replacement::of(&folder.path().join("b"), Existing::Keep).unwrap();
        writing.write_all(b"b").unwrap();
        write(&folder.path().join("a"), Existing::Keep, "a").unwrap();
        writing.commit().unwrap();
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn what_is_no_file_is_written_to() {
        assert!(
            is_stream(Path::new("/dev/null")) && is_stream(Path::new("/dev/stdout")) && !is_stream(Path::new("/tmp"))
        );
        write(Path::new("/dev/null"), Existing::Keep, "x").unwrap();
        assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
    }
}
