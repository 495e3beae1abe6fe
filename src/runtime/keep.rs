//! Keeping an execution as a file.

use super::good;
use super::open::guarded;
use crate::recording::{Bookmark, Recorded, Recording};
use crate::source::{self, SourceError};
use crate::tui::Subject;
use crate::tui::Trouble;
use crate::tui::handover::Handover;
use crate::tui::live::{Existing, Kept};
use std::path::Path;

/// Writes the recording of a subject with the bookmarks it has now. A file that is there already is replaced only when
/// that was said.
pub(super) fn keep(subject: &Subject, bookmarks: Vec<Bookmark>, path: &Path, existing: Existing) -> Kept {
    if existing == Existing::Spare && path.symlink_metadata().is_ok() {
        return Kept::Exists;
    }
    let name = path.display().to_string();
    let written = guarded(&name, || {
        let mut recording = Recording { bookmarks, ..subject.recording.clone() };
        if recording.recorded.is_blank() {
            // Whoever opens the file wants to know which program made it.
            recording.recorded = made_here();
        }
        source::save(&recording, path)
            .map_err(|error: SourceError| Trouble { message: error.about(&name), hint: error.hint() })
    });
    told(written, path)
}

/// Writes an execution as a document; a page of a failure is compared with the last good run where there is one.
pub(super) fn export(handover: &Handover, path: &Path, existing: Existing) -> Kept {
    if existing == Existing::Spare && path.symlink_metadata().is_ok() {
        return Kept::Exists;
    }
    let name = path.display().to_string();
    let written = guarded(&name, || {
        // What cannot be found or read is no reason to make no page.
        let good = handover.wants_good().then(|| good::last_good(&handover.asked.0).ok()).flatten();
        let text = handover.text(good.as_ref()).unwrap_or_default();
        source::replace_or_keep(path, source::Existing::Replace, |writer| writer.write_all(text.as_bytes()))
            .map_err(|error: SourceError| Trouble { message: error.about(&name), hint: error.hint() })
    });
    told(written, path)
}

fn told(written: Result<(), Trouble>, path: &Path) -> Kept {
    match written {
        Ok(()) => Kept::Done(path.metadata().map_or(0, |metadata| metadata.len())),
        Err(trouble) => Kept::Trouble(trouble),
    }
}

fn made_here() -> Recorded {
    let by = concat!("stepback ", env!("CARGO_PKG_VERSION"));
    Recorded { by: Some(by.into()), ..Recorded::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::Target;

    #[test]
    fn a_file_is_replaced_only_when_that_was_said() {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/order-shipped.sfn.json");
        let subject = Subject::new(Target::Stdin, source::open_recording(&shipped).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.sfn.json");
        assert!(matches!(keep(&subject, Vec::new(), &path, Existing::Spare), Kept::Done(bytes) if bytes > 1_000));
        assert_eq!(keep(&subject, Vec::new(), &path, Existing::Spare), Kept::Exists);
        assert!(matches!(keep(&subject, Vec::new(), &path, Existing::Replace), Kept::Done(_)));
        let kept = source::open_recording(&path).unwrap();
        assert_eq!(kept.events.len(), subject.recording.events.len());
        assert_eq!(kept.arn(), subject.recording.arn());
        let nowhere = folder.path().join("missing/kept.sfn.json");
        assert!(matches!(keep(&subject, Vec::new(), &nowhere, Existing::Spare), Kept::Trouble(_)));
    }
}
