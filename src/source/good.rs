//! The run to compare a failed one with: the last that went well on the same machine, in the same folder.

use super::{Entry, SourceError, folder};
use crate::recording::{Recording, Status};
use std::cmp::Reverse;
use std::path::Path;

/// Finds the newest execution of the same machine in the folder of a recording that succeeded before it began; if none
/// did, the first that succeeded later.
pub fn last_good(path: &Path, recording: &Recording) -> Result<Option<Entry>, SourceError> {
    let Some(machine) = recording.machine_name() else { return Ok(None) };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let itself = path.canonicalize().ok();
    let good = |entry: &Entry| {
        let summary = entry.summary.as_ref().ok();
        let fits = |summary: &super::Summary| {
            summary.status == Some(Status::Succeeded)
                && summary.executions == 1
                && summary.machine.as_deref() == Some(machine)
        };
        summary.is_some_and(fits) && entry.path.canonicalize().ok() != itself
    };
    let began = recording.started();
    let candidates = folder(parent)?.into_iter().filter(good);
    Ok(candidates.min_by_key(|entry| {
        let started = entry.summary.as_ref().ok().and_then(|summary| summary.started);
        let later = started.is_none() || began.is_some() && started >= began;
        (later, if later { None } else { Some(Reverse(started)) }, started)
    }))
}
