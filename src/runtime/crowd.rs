//! Many executions for the screen, out of files.

use super::open::guarded;
use crate::analysis::fleet::Item;
use crate::recording::Recording;
use crate::source::{self, Opened};
use crate::tui::fleet::{Crowd, Fleet, Part};
use crate::tui::{Found, Target, Trouble};
use std::path::Path;

/// Executions that were found, and what is not there of them.
#[derive(Debug, Default)]
pub(super) struct Many {
    pub(super) found: Vec<(Item, Target)>,
    pub(super) gaps: Vec<String>,
}

impl Many {
    /// Takes in what was found elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.found.extend(other.found);
        self.gaps.extend(other.gaps);
    }

    /// Takes out what is meant of what was found.
    pub(super) fn meant(&mut self, crowd: &Crowd) -> Vec<(Item, Target)> {
        std::mem::take(&mut self.found).into_iter().filter(|(item, _)| crowd.holds(item)).collect()
    }
}

/// Reads all executions of files and folders.
pub(super) fn open(crowd: Crowd) -> Result<Found, Trouble> {
    let mut all = Many::default();
    for part in &crowd.parts {
        match part {
            Part::Path(path) => all.add(of_path(path)?),
            Part::Live(live) => {
                return Err(Trouble { message: format!("{} is no file.", live.arn), hint: None });
            }
        }
    }
    let found = all.meant(&crowd);
    Ok(Found::Fleet(Box::new(Fleet::new(crowd, found, all.gaps))))
}

/// Reads the executions of a file or a folder, of a folder several at a time.
pub(super) fn of_path(path: &Path) -> Result<Many, Trouble> {
    let name = path.display().to_string();
    let trouble = |error: source::SourceError| Trouble { message: error.about(&name), hint: error.hint() };
    guarded(&name, || {
        let mut all = Many::default();
        match source::open(path).map_err(trouble)? {
            Opened::Folder(_) => {
                let each = source::each(path, |file, recording| recording.map(|recording| entry(file, &recording)));
                for one in each.map_err(trouble)?.into_iter().flatten() {
                    match one {
                        Ok(entry) => all.found.extend(entry),
                        Err(gap) => all.gaps.push(gap),
                    }
                }
            }
            Opened::One(recording) => all.found.extend(entry(path, &recording)),
            Opened::Several(recordings) => {
                all.found.extend(recordings.iter().filter_map(|recording| entry(path, recording)));
            }
            Opened::Definition(_) => return Err(trouble(source::SourceError::Definition)),
        }
        Ok(all)
    })
}

/// Results of a Map Run are items, not executions of their own: they are opened by themselves.
fn entry(file: &Path, recording: &Recording) -> Option<(Item, Target)> {
    let is_one = !recording.is_map_run_results();
    is_one.then(|| (Item::of(recording, recording.label()), Target::Path(file.to_owned())))
}
