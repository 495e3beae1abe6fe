//! `stepback replay`.

mod edits;
mod folder;

use super::{Failure, Output, Verdict, target};
use crate::recording::Recording;
use crate::replay::{self, NotReplayable, Outcome, Replay};
use crate::report;
use crate::source::{self, Opened};
use edits::Given;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Runs a recorded execution again, every task answered from the recording, and says where that leads elsewhere.
///
/// A folder: all recordings in it; with --definition, whether it fixes those that failed and keeps the others. Exits
/// with 1 when a replay is not what was recorded or, with edits, when a run fails.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A recording, a folder of recordings, or - for standard input.
    target: String,
    /// Print JSON (format stepback.replay/1).
    #[arg(long)]
    json: bool,
    /// Write the events of the replay as GetExecutionHistory prints them.
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    #[command(flatten)]
    given: Given,
    /// Columns to print on.
    #[arg(long, value_name = "N")]
    width: Option<u16>,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let edits = args.given.read()?;
    if args.target != "-" && Path::new(&args.target).is_dir() {
        let opened = source::open(Path::new(&args.target)).map_err(|error| unreadable(&args.target, &error))?;
        if let Opened::One(recording) = opened {
            return one(args, &edits, &recording, output);
        }
        return folder::run(args, &edits, output);
    }
    let opened = if args.target == "-" { source::open_stdin() } else { source::open(Path::new(&args.target)) };
    let recording = opened.and_then(Opened::into_recording).map_err(|error| unreadable(&args.target, &error))?;
    one(args, &edits, &recording, output)
}

fn one(args: &Args, edits: &edits::Read, recording: &Recording, output: &mut Output) -> Result<Verdict, Failure> {
    for damage in &recording.damage {
        output.note(format!("warning: {damage}."));
    }
    match play(recording, edits)? {
        Err(reason) => {
            write_history(args, &[])?;
            if args.json {
                output.json(&report::no_replay_json(&reason))?;
            } else {
                output.line(format!("stopped: {reason}."))?;
            }
            Ok(Verdict::Finding)
        }
        Ok(outcome) => {
            write_history(args, &outcome.events)?;
            if args.json {
                output.json(&report::replay_json(&outcome))?;
            } else {
                let lines = report::replay(&outcome, target::paper(args.width, output));
                lines.into_iter().try_for_each(|line| output.line(line))?;
            }
            let fine = match edits.is_empty() {
                true => outcome.fidelity.verdict == replay::Verdict::Agrees,
                false => outcome.standing.status == crate::recording::Status::Succeeded,
            };
            Ok(if fine { Verdict::Fine } else { Verdict::Finding })
        }
    }
}

/// Replays a recording to its end.
fn play(recording: &Recording, edits: &edits::Read) -> Result<Result<Outcome, NotReplayable>, Failure> {
    let edits = edits.of(recording)?;
    Ok(Replay::of(recording, edits).map(|mut replay| {
        replay.run(&AtomicBool::new(false));
        replay.finish()
    }))
}

fn write_history(args: &Args, events: &[crate::event::Event]) -> Result<(), Failure> {
    let Some(path) = &args.history else { return Ok(()) };
    let cannot = |error: &dyn std::fmt::Display| Failure::input(format!("Cannot write '{}': {error}.", path.display()));
    let text = serde_json::to_string(&serde_json::json!({ "events": events })).map_err(|error| cannot(&error))?;
    std::fs::write(path, text + "\n").map_err(|error| cannot(&error))
}

fn unreadable(name: &str, error: &source::SourceError) -> Failure {
    let subject = if name == "-" { "The standard input" } else { name };
    let failure = Failure::input(error.about(subject));
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
