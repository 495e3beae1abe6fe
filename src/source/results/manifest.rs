//! `manifest.json`: which files a Map Run wrote.

use crate::json::{Members, Payload, SharedBytes, elements};
use crate::recording::Status;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a manifest says.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) bucket: Option<String>,
    pub(super) map_run_arn: Option<Arc<str>>,
    pub(super) files: Vec<Listed>,
}

/// A file that a manifest names.
#[derive(Debug)]
pub(super) struct Listed {
    /// Its key in the bucket.
    pub(super) key: String,
    /// How the executions in it ended.
    pub(super) status: Status,
}

impl Manifest {
    pub(super) fn read(text: &SharedBytes) -> Option<Self> {
        let members = Members::of(text).ok()?;
        let string = |members: &Members, name: &str| {
            let value = members.get(name).filter(|value| value.first() == Some(&b'"'))?;
            Some(Payload::from_literal(value.clone()).text().to_owned())
        };
        let by_status = Members::of(members.get("ResultFiles")?).ok()?;
        let listed = by_status.iter().flat_map(|member| {
            let status = match &*member.name {
                // The class of what was not begun has no word among the statuses of executions.
                "PENDING" => Status::Unknown("PENDING".into()),
                name => Status::from_name(name),
            };
            elements(&member.value)
                .filter_map(|file| string(&Members::of(&file).ok()?, "Key"))
                .map(move |key| Listed { key, status: status.clone() })
                .collect::<Vec<_>>()
        });
        let (bucket, arn) = (string(&members, "DestinationBucket"), string(&members, "MapRunArn"));
        Some(Self { bucket, map_run_arn: arn.map(Arc::from), files: listed.collect() })
    }
}

impl Listed {
    /// Finds the file on disk: beside the manifest, or in the same folders as in the bucket.
    pub(super) fn find(&self, folder: &Path) -> Option<PathBuf> {
        let name = self.key.rsplit('/').next().filter(|name| !name.is_empty() && *name != "..")?;
        let beside = folder.join(name);
        if beside.is_file() {
            return Some(beside);
        }
        let packed = [".gz", ".zst"].iter().map(|end| folder.join(format!("{name}{end}")));
        packed.into_iter().find(|path| path.is_file())
    }
}
