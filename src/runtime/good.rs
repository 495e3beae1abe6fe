//! The last good run of the same machine: beside the file, in the same file, or among the shipped recordings.

use super::demo::SHIPPED;
use super::open::guarded;
use crate::recording::{Recording, Status};
use crate::source::{self, Opened};
use crate::tui::panel::{Panel, runs};
use crate::tui::replaying::GoodAnswer;
use crate::tui::{Subject, Target, Trouble};
use std::cmp::Reverse;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Compares a run with the last good one; `None` when it was stopped.
pub(super) fn compare(subject: &Subject, stopped: &AtomicBool) -> Result<Option<Box<Panel>>, Trouble> {
    guarded(&subject.target.spelled(), || {
        let (name, recording) = last_good(subject)?;
        Ok(runs(subject, &recording, name, stopped).map(Box::new))
    })
}

/// Finds what the last good run has for a state.
pub(super) fn answer(subject: &Subject, state: &str) -> Result<GoodAnswer, Trouble> {
    guarded(&subject.target.spelled(), || {
        let (name, recording) = last_good(subject)?;
        GoodAnswer::of(name, &recording, state)
    })
}

/// Finds the last good run, and what it is called.
pub(super) fn last_good(subject: &Subject) -> Result<(String, Recording), Trouble> {
    let recording = &subject.recording;
    let found = match &subject.target {
        Target::Path(path) => among_its_own(path, recording).map_or_else(|| beside(path, recording), |it| Ok(Some(it))),
        Target::Demo | Target::DemoRecording(_) => Ok(shipped(recording)),
        Target::Stdin | Target::Home(_) | Target::Live(_) | Target::Fleet(_) | Target::Replayed(_) => Ok(None),
    };
    found?.ok_or_else(|| {
        let message = match recording.machine_name() {
            Some(machine) => format!("No other run of {machine} is beside this one that succeeded."),
            None => "The recording does not say which machine it ran on, so no other run is found.".to_owned(),
        };
        let hint = Some("stepback diff GOOD FAILED compares any two.".to_owned());
        Trouble { message, hint }
    })
}

fn beside(path: &Path, recording: &Recording) -> Result<Option<(String, Recording)>, Trouble> {
    let trouble =
        |error: source::SourceError| Trouble { message: error.about(&path.display().to_string()), hint: error.hint() };
    let Some(entry) = source::last_good(path, recording).map_err(trouble)? else { return Ok(None) };
    let name = entry.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Some((name, source::open_recording(&entry.path).map_err(trouble)?)))
}

/// A file may hold several runs, as a log does.
fn among_its_own(path: &Path, recording: &Recording) -> Option<(String, Recording)> {
    let Ok(Opened::Several(others)) = source::open(path) else { return None };
    newest(others, recording)
}

fn shipped(recording: &Recording) -> Option<(String, Recording)> {
    let others = SHIPPED.iter().filter_map(|shipped| match source::open_bytes(shipped.buffer()) {
        Ok(Opened::One(recording)) => Some(vec![*recording]),
        Ok(Opened::Several(recordings)) => Some(recordings),
        _ => None,
    });
    newest(others.flatten(), recording)
}

/// The newest that succeeded before it; if none did, the first that succeeded later.
fn newest(others: impl IntoIterator<Item = Recording>, recording: &Recording) -> Option<(String, Recording)> {
    let began = recording.started();
    let fits = |other: &Recording| {
        other.status() == Status::Succeeded
            && other.machine_name() == recording.machine_name()
            && other.label() != recording.label()
    };
    let order = |other: &Recording| {
        let started = other.started();
        let later = started >= began;
        (later, if later { None } else { Some(Reverse(started)) }, started)
    };
    let good = others.into_iter().filter(fits).min_by_key(order)?;
    Some((good.label(), good))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(target: Target, name: &str) -> Subject {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
        Subject::new(target, source::open_recording(&path).unwrap())
    }

    #[test]
    fn the_last_good_run_is_found_beside_the_file_and_among_those_shipped() {
        let name = "order-payment-declined.sfn.json";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
        let (found, _) = last_good(&subject(Target::Path(path), name)).unwrap();
        assert_eq!(found, "order-shipped.sfn.json");
        let (found, _) = last_good(&subject(Target::DemoRecording(name.to_owned()), name)).unwrap();
        assert_eq!(found, "MH-2026-118429");
    }

    #[test]
    fn that_there_is_none_is_said() {
        let of_stdin = subject(Target::Stdin, "loan-quote-missing-field.sfn.json");
        let trouble = compare(&of_stdin, &AtomicBool::new(false)).unwrap_err();
        assert!(trouble.message.ends_with("is beside this one that succeeded."), "{}", trouble.message);
    }
}
