//! The run to compare a failed one with: the last that went well on the same machine, in the same folder.

use super::{Entry, SourceError, Summary, folder};
use crate::event::Timestamp;
use crate::recording::{Recording, Status};
use std::cmp::Reverse;
use std::path::Path;

/// Finds the execution of the same machine in the folder of a recording that succeeded last before it began; if none
/// did, one that was under way, and if there is none, the first that came later.
pub fn last_good(path: &Path, recording: &Recording) -> Result<Option<Entry>, SourceError> {
    let Some(machine) = recording.machine_name() else { return Ok(None) };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let itself = path.canonicalize().ok();
    let good = |entry: &Entry| {
        let summary = entry.summary.as_ref().ok();
        let fits = |summary: &Summary| {
            summary.status == Some(Status::Succeeded)
                && summary.executions == 1
                && summary.machine.as_deref() == Some(machine)
        };
        summary.is_some_and(fits) && entry.path.canonicalize().ok() != itself
    };
    let began = recording.started();
    let candidates = folder(parent)?.into_iter().filter(good);
    Ok(candidates.min_by_key(|entry| entry.summary.as_ref().ok().map(|summary| rank(summary, began))))
}

/// How far a run is from the one that is wanted: those that had ended come first, the latest end before all; then those
/// that were under way, the latest start before all; then those that came later.
fn rank(summary: &Summary, began: Option<Timestamp>) -> (u8, Option<Reverse<Timestamp>>, Option<Timestamp>) {
    let Summary { started, stopped, .. } = *summary;
    let before = |at: &Timestamp| began.is_none_or(|began| *at < began);
    let ended = stopped.or(started).filter(|at| before(at) || Some(*at) == began && stopped.is_some());
    match (ended, started.filter(before)) {
        (Some(ended), _) => (0, Some(Reverse(ended)), started),
        (None, Some(started)) => (1, Some(Reverse(started)), Some(started)),
        (None, None) => (2, None, started),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_good_run_is_the_last_that_ended_before() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let run = |started: i64, stopped: i64| Summary {
            started: Some(at(started)),
            stopped: Some(at(stopped)),
            ..Summary::default()
        };
        let all = [run(110, 120), run(105, 109), run(50, 105), run(10, 99), run(80, 90)];
        let best = |runs: &[Summary]| {
            let best = runs.iter().min_by_key(|run| rank(run, Some(at(100))));
            best.and_then(|run| run.started).map(|started| started.as_micros() / 1_000_000)
        };
        assert_eq!(best(&all), Some(10), "a long run that ended later than a short one that began later");
        assert_eq!(best(&all[..3]), Some(50), "under way");
        assert_eq!(best(&all[..2]), Some(105), "the first that came later");
        assert_eq!(best(&[Summary { started: Some(at(20)), ..Summary::default() }, run(80, 90)]), Some(80));
    }
}
