//! Finished executions kept on this machine, so that they need not be fetched twice.
//!
//! An execution that has ended only changes by a redrive, which its description tells: who finds an execution here asks
//! AWS whether it still is the one. Files are readable by their owner only; the oldest used go first when there are too
//! many.

use crate::recording::Recording;
use crate::source::{open_recording, save};
use etcetera::{BaseStrategy, choose_base_strategy};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What the files may take together unless said: 512 MB.
const LIMIT: u64 = 512 << 20;

/// A folder of finished executions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
    limit: u64,
}

impl Cache {
    /// The user's cache, in `$XDG_CACHE_HOME/stepback` or where the system has such things; `None` without a home.
    pub fn of_user() -> Option<Self> {
        let base = choose_base_strategy().ok()?;
        Some(Self::at(base.cache_dir().join("stepback").join("executions"), LIMIT))
    }

    /// A cache in a folder, whose files may take so many bytes together.
    pub fn at(folder: impl Into<PathBuf>, limit: u64) -> Self {
        Self { folder: folder.into(), limit }
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns what is kept of an execution.
    pub fn get(&self, arn: &str) -> Option<Recording> {
        let path = self.path_of(arn);
        let recording = open_recording(&path).ok()?;
        let same = recording.arn().is_some_and(|kept| **kept == *arn) && recording.damage.is_empty();
        if !same {
            return None;
        }
        // Used just now, so that others go first.
        let _ = File::options().write(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(recording)
    }

    /// Keeps an execution.
    pub fn put(&self, arn: &str, recording: &Recording) -> io::Result<()> {
        make_private(&self.folder)?;
        let path = self.path_of(arn);
        if !path.exists() {
            new_private(&path)?;
        }
        save(recording, &path).map_err(io::Error::other)
    }

    /// Removes what was used longest ago until the rest fits.
    pub fn trim(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some((metadata.modified().ok()?, metadata.len(), entry.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, len, _)| len).sum();
        for (_, len, path) in files {
            if total <= self.limit {
                break;
            }
            if fs::remove_file(&path).is_ok() {
                total -= len;
            }
        }
    }

    /// The file of an execution: its name to be found by eye, and a number that tells it from others of that name.
    fn path_of(&self, arn: &str) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        arn.hash(&mut hasher);
        let name: String = arn.rsplit(':').next().unwrap_or_default().chars().take(60).collect();
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        self.folder.join(format!("{name}-{:016x}.sfn.json.zst", hasher.finish()))
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Makes an empty file that only its owner may read; what replaces it keeps its permissions.
fn new_private(path: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Execution;

    fn recording(arn: &str) -> Recording {
        let execution = Execution { execution_arn: Some(arn.into()), ..Execution::default() };
        Recording { execution: Some(execution), ..Recording::default() }
    }

    #[test]
    fn what_is_kept_is_found_again_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().join("a/b"), 1 << 20);
        let (one, other) = ("arn:aws:states:eu-west-1:1:execution:M:run", "arn:aws:states:eu-west-1:1:execution:N:run");
        assert!(cache.get(one).is_none());
        cache.put(one, &recording(one)).unwrap();
        cache.put(one, &recording(one)).unwrap();
        assert_eq!(cache.get(one).unwrap().arn().map(|arn| &**arn), Some(one));
        assert!(cache.get(other).is_none());
        #[cfg(unix)]
        for path in [&cache.path_of(one), &cache.folder] {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{mode:o}");
        }
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path(), 1 << 20);
        let arns = ["a", "b", "c"].map(|name| format!("arn:aws:states:eu-west-1:1:execution:M:{name}"));
        let mut at = SystemTime::UNIX_EPOCH;
        for arn in &arns {
            cache.put(arn, &recording(arn)).unwrap();
            at += std::time::Duration::from_secs(60);
            File::options().write(true).open(cache.path_of(arn)).unwrap().set_modified(at).unwrap();
        }
        assert!(cache.get(&arns[0]).is_some());
        let len = cache.path_of(&arns[0]).metadata().unwrap().len();
        let small = Cache { limit: len * 2, ..cache };
        small.trim();
        let there = arns.map(|arn| small.get(&arn).is_some());
        assert_eq!(there, [true, false, true]);
    }
}
