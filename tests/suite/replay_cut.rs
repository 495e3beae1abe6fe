//! A history that was fetched while the execution went on, or of which only the beginning is at hand: wherever it is
//! cut, its replay agrees up to the cut.

use super::corpus::executions;
use super::random_machines::{recorded_run, repeatable};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use stepback::event::Timestamp;
use stepback::recording::{Recording, Status};
use stepback::replay::{Edits, Outcome, Replay, Verdict};
use stepback::source::{Opened, open};

/// A recording as it was after so many events.
fn cut(recording: &Recording, events: usize) -> Recording {
    let kept: Vec<_> = recording.events.iter().take(events).collect();
    let at = kept.last().map_or(Timestamp::from_micros(0), |last| last.timestamp);
    let mut cut = recording.clone();
    cut.events = kept.into();
    if let Some(execution) = &mut cut.execution {
        execution.status = Some(Status::Running);
        (execution.stop_date, execution.output, execution.error, execution.cause) = (None, None, None, None);
    }
    for run in &mut cut.map_runs {
        let executions = std::mem::take(&mut run.executions);
        let begun = executions.iter().filter(|child| child.started().is_some_and(|started| started <= at));
        run.executions = begun.map(|child| self::cut(child, events_until(child, at))).collect();
        run.map_run = run.map_run.take().map(|mut described| {
            (described.execution_counts, described.item_counts) = (None, None);
            described
        });
    }
    cut
}

fn events_until(recording: &Recording, at: Timestamp) -> usize {
    recording.events.iter().take_while(|event| event.timestamp <= at).count()
}

fn replay(recording: &Recording) -> Option<Outcome> {
    let mut replay = Replay::of(recording, Edits::default()).ok()?;
    while replay.advance(1_000) {}
    Some(replay.finish())
}

/// Says of a recording that agrees as a whole where it is cut so that it does not.
fn disagreements(recording: &Recording, name: &str, every: usize) -> Vec<String> {
    if !replay(recording).is_some_and(|outcome| outcome.agrees()) {
        return Vec::new();
    }
    let cuts = (1..recording.events.len()).rev().step_by(every).filter_map(|events| {
        let outcome = replay(&cut(recording, events))?;
        let (verdict, agreed) = (outcome.fidelity.verdict, outcome.fidelity.agreed);
        (verdict != Verdict::Agrees || agreed != events)
            .then(|| format!("{name}, cut after {events}: {verdict:?}, {agreed} agree, {:?}", outcome.unanswered))
    });
    cuts.collect()
}

fn recordings(path: &Path) -> Vec<Recording> {
    match open(path) {
        Ok(Opened::One(recording)) => vec![*recording],
        Ok(Opened::Several(recordings)) => recordings,
        _ => Vec::new(),
    }
}

#[test]
fn every_recording_agrees_wherever_it_is_cut() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let shipped = fs::read_dir(shipped).unwrap().map(|entry| entry.unwrap().path());
    let mut wrong = Vec::new();
    // Of what others recorded not every cut is tried: there is much of it.
    for (path, every) in shipped.map(|path| (path, 1)).chain(executions().into_iter().map(|path| (path, 9))) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for recording in recordings(&path) {
            wrong.extend(disagreements(&recording, &name, every));
        }
    }
    assert!(wrong.is_empty(), "{} cuts\n{}", wrong.len(), wrong.join("\n"));
}

proptest! {
    #![proptest_config(repeatable(60))]

    #[test]
    fn every_machine_agrees_wherever_its_run_is_cut(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let Some(recording) = recorded_run(&bytes) else { return Ok(()) };
        // Of long runs not every cut is tried.
        prop_assume!(recording.events.len() < 120);
        let wrong = disagreements(&recording, "random", 1);
        prop_assert!(wrong.is_empty(), "{}\n{:?}", wrong.join("\n"), recording.definition());
    }
}
