//! Folders that stand in for S3: a bucket is a folder, an object a file in it.

use crate::event::Failure;
use crate::interpreter::{ListedObject, Read, ReadAction, ReadRequest, WriteRequest};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The folder in which each bucket is a folder.
#[derive(Debug, Clone, Default)]
pub struct Buckets {
    root: Option<PathBuf>,
}

impl Buckets {
    /// Buckets below a folder; without one nothing can be read.
    pub fn below(root: Option<PathBuf>) -> Self {
        Self { root }
    }

    /// Reads what a distributed Map asks for.
    pub fn read(&self, request: &ReadRequest) -> Result<Read, Failure> {
        let fail = |cause: String| reader_failed(&cause);
        let bucket = self.path(&request.bucket, "").map_err(fail)?;
        match request.action {
            ReadAction::List => {
                let mut objects = Vec::new();
                list(&bucket, &bucket, &request.key, &mut objects);
                objects.sort_by(|left, right| left.key.cmp(&right.key));
                Ok(Read::Listing(objects))
            }
            ReadAction::Get => {
                let path = self.path(&request.bucket, &request.key).map_err(fail)?;
                let content = fs::read(&path);
                content.map(Read::Object).map_err(|error| fail(format!("Cannot read '{}': {error}.", path.display())))
            }
        }
    }

    /// Writes the results of a distributed Map.
    pub fn write(&self, request: &WriteRequest) -> Result<(), Failure> {
        let fail =
            |cause: String| Failure { error: Some("States.ResultWriterFailed".into()), cause: Some(cause.into()) };
        // Without a folder there is nowhere to write to, and nothing depends on it.
        if self.root.is_none() {
            return Ok(());
        }
        for (key, content) in &request.objects {
            let path = self.path(&request.bucket, key).map_err(fail)?;
            let made = path.parent().map_or(Ok(()), fs::create_dir_all);
            let written = made.and_then(|()| fs::write(&path, content));
            written.map_err(|error| fail(format!("Cannot write '{}': {error}.", path.display())))?;
        }
        Ok(())
    }

    /// Returns the file of an object, which never lies outside of its bucket.
    fn path(&self, bucket: &str, key: &str) -> Result<PathBuf, String> {
        let Some(root) = &self.root else {
            return Err(format!("Nothing stands in for the bucket '{bucket}': give its folder's parent with --s3."));
        };
        let inside = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside(bucket) || !inside(key) {
            return Err(format!("'{bucket}/{key}' does not name a file below the folder that stands in for S3."));
        }
        Ok(root.join(bucket).join(key))
    }
}

fn list(bucket: &Path, folder: &Path, prefix: &str, objects: &mut Vec<ListedObject>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() {
            list(bucket, &path, prefix, objects);
            continue;
        }
        let Some(key) = path.strip_prefix(bucket).ok().and_then(Path::to_str) else { continue };
        let key = key.replace('\\', "/");
        if !key.starts_with(prefix) {
            continue;
        }
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let last_modified = modified.and_then(|time| i64::try_from(time.as_secs()).ok()).unwrap_or_default();
        let etag = format!("\"{:x}-{:x}\"", metadata.len(), last_modified);
        objects.push(ListedObject { etag, last_modified, key, size: metadata.len() });
    }
}

fn reader_failed(cause: &str) -> Failure {
    Failure { error: Some("States.ItemReaderFailed".into()), cause: Some(cause.into()) }
}
