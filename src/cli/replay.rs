//! `stepback replay`.

mod edits;
mod folder;

use super::junit::{self, Case};
use super::why::one_or_list;
use super::{Failure, Output, Verdict, aws, coverage, interrupt, target, template, writing};
use crate::analysis::diff::DefinitionDiff;
use crate::asl::{Definition, Format};
use crate::json::Payload;
use crate::recording::Recording;
use crate::replay::{NotReplayable, Outcome, Replay};
use crate::report;
use edits::{Given, Unfit};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Run a recorded execution again with its recorded task results, and report where it diverges.
///
/// A folder: all recordings in it; with --definition, whether it fixes those that failed and keeps the others. Exits
/// with 1 when a replay is not what was recorded or, with edits, when a run fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  stepback replay run.sfn.json --patch '{\"States\":{\"Charge\":{\"TimeoutSeconds\":60}}}'
  stepback replay recordings/ --definition template.yaml --junit report.xml --coverage")]
pub struct Args {
    /// A recording, a folder of recordings, an execution's ARN or console address, or - for standard input.
    target: target::Name,
    /// Print JSON (format stepback.replay/1).
    #[arg(long)]
    json: bool,
    /// Write the events of the replay as GetExecutionHistory prints them.
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// Write a report in JUnit's XML as well: a case for each execution.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Replace the file that is to be written.
    #[arg(long)]
    force: bool,
    /// Use the execution of this name, when the target holds several.
    #[arg(long, value_name = "NAME")]
    execution: Option<String>,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    coverage: coverage::Wanted,
    #[command(flatten)]
    layout: target::Layout,
    #[command(flatten)]
    aws: aws::Reach,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    if let Some(path) = &args.history {
        writing::existing(path, args.force, &[args.target.path()])?;
    }
    if !output.is_kept() {
        interrupt::ends_commands();
    }
    let edits = args.given.read()?;
    if folder::is_one(args)? {
        return folder::run(args, &edits, output);
    }
    let edits = if output.is_kept() { edits } else { edits.with_person() };
    let stop = if output.is_kept() { output.stop() } else { Arc::default() };
    let recordings = target::recordings(&args.target, args.execution.as_deref(), &args.aws, output)?;
    if args.history.is_some() && recordings.len() > 1 {
        return Err(Failure::input(format!("--history is for one execution, and '{}' holds several.", args.target))
            .hint("Choose one with --execution NAME."));
    }
    let (mut fine, mut told, mut cases) = (true, Vec::new(), Vec::new());
    let covered = args.coverage.collect();
    for (number, recording) in recordings.iter().enumerate() {
        let outcome = match play(recording, &edits, &stop) {
            Ok(outcome) => Ok(outcome),
            Err(Unfit::Nowhere(reason)) => Err(reason),
            Err(Unfit::Given(failure)) => return Err(failure),
            Err(Unfit::Here(reason)) => return Err(Failure::input(reason)),
        };
        if let Some(name) = edits.chosen(recording) {
            output.note(format!("note: {} is replayed with {name}.", recording.label()));
        }
        if let Some(drift) = drift(recording, &edits) {
            output.note(format!("note: The definition is not the one that was executed: {drift}."));
        }
        if let Ok(outcome) = &outcome {
            cover(&covered, recording, outcome, &edits);
        }
        fine &= is_fine(outcome.as_ref().ok(), edits.changes(recording));
        cases.push(case(recording, outcome.as_ref().map_err(ToString::to_string), &edits, &args.target.to_string()));
        write_history(args, outcome.as_ref().map_or(&[], |outcome| &outcome.events))?;
        if args.json {
            told.push(outcome.as_ref().map_or_else(report::no_replay_json, report::replay_json));
        } else {
            if number > 0 {
                output.line("")?;
            }
            print(&outcome, args, output)?;
        }
    }
    if let Some(path) = &args.junit {
        junit::write(path, "stepback replay", &cases)?;
    }
    if args.json {
        output.json(&with_coverage(one_or_list(told), &covered))?;
    } else {
        covered.print(args.layout.paper(output), output)?;
    }
    Ok(if fine { Verdict::Fine } else { Verdict::Finding })
}

fn print(outcome: &Result<Outcome, NotReplayable>, args: &Args, output: &mut Output) -> Result<(), Failure> {
    match outcome {
        Err(reason) => output.line(format!("stopped: {reason}.")),
        Ok(outcome) => {
            let lines = report::replay(outcome, args.layout.paper(output));
            lines.into_iter().try_for_each(|line| output.line(line))
        }
    }
}

/// What is replayed as it was is fine when it agrees; what was edited, when it does not fail.
fn is_fine(outcome: Option<&Outcome>, changed: bool) -> bool {
    outcome.is_some_and(|outcome| match changed {
        false => outcome.agrees(),
        true => outcome.standing.failure == Default::default() && outcome.unanswered.is_empty() && !outcome.overflow,
    })
}

/// Tells a build server what came of a replay.
fn case(recording: &Recording, outcome: Result<&Outcome, String>, edits: &edits::Read, file: &str) -> Case {
    let judged = match outcome {
        Err(reason) => junit::Outcome::Failed(format!("stopped: {reason}."), String::new()),
        Ok(outcome) if is_fine(Some(outcome), edits.changes(recording)) => junit::Outcome::Passed,
        Ok(outcome) => {
            let paper = report::Paper { width: 100, color: false, unicode: true };
            let lines = report::replay(outcome, paper);
            junit::Outcome::Failed(lines.first().cloned().unwrap_or_default(), lines.join("\n"))
        }
    };
    Case { name: recording.label(), file: file.to_owned(), outcome: judged }
}

/// Returns in a line how the definition that a recording is replayed on differs from the one that was executed.
fn drift(recording: &Recording, edits: &edits::Read) -> Option<String> {
    let read = |payload: &Payload| Definition::read(payload.text(), Format::of_text(payload.text())).to_value();
    let (executed, given) = (read(recording.definition()?)?, read(&edits.definition(recording)?)?);
    let diff = DefinitionDiff::of(&executed, &template::filled(given, &executed));
    (!diff.is_empty()).then(|| diff.words())
}

/// Counts what an execution went through: as it was recorded or, with another definition or other data, in the replay.
fn cover(covered: &coverage::Collected, recording: &Recording, outcome: &Outcome, edits: &edits::Read) {
    if !covered.is_wanted() {
        return;
    }
    let definition = edits.definition(recording).or_else(|| recording.definition().cloned());
    let mut ran = recording.clone();
    if edits.changes(recording) {
        ran.events = outcome.events.clone().into();
    }
    ran.state_machine.get_or_insert_default().definition = definition;
    covered.add(edits.chosen(recording).as_deref(), &ran);
}

/// Puts the coverage, if it is wanted, beside what is told as JSON.
fn with_coverage(told: Value, covered: &coverage::Collected) -> Value {
    let Some(coverage) = covered.to_json() else { return told };
    match told {
        Value::Object(mut members) => {
            members.insert("coverage".to_owned(), coverage);
            Value::Object(members)
        }
        several => json!({ "replays": several, "coverage": coverage }),
    }
}

/// Replays a recording to its end.
fn play(recording: &Recording, edits: &edits::Read, stop: &AtomicBool) -> Result<Outcome, Unfit> {
    let (subject, edits) = edits.of(recording)?;
    let mut replay = Replay::of(&subject, edits).map_err(Unfit::Nowhere)?;
    replay.run(stop);
    Ok(replay.finish())
}

fn write_history(args: &Args, events: &[crate::event::Event]) -> Result<(), Failure> {
    let Some(path) = &args.history else { return Ok(()) };
    let cannot = |error| Failure::input(format!("Cannot write '{}': {error}.", path.display()));
    let text = serde_json::to_string(&serde_json::json!({ "events": events })).map_err(cannot)?;
    let existing = writing::existing(path, args.force, &[args.target.path()])?;
    writing::text(path, existing, &(text + "\n"))
}
