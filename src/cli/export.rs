//! `stepback export`.

use super::target::{self, Target};
use super::{Failure, Output, Verdict, writing};
use crate::cases;
use crate::history::Family;
use crate::recording::{Recording, Status};
use crate::replay::{self, Edits, Replay};
use crate::report;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Convert a recording: a page to hand over, diagrams, rows, traces, files for tests.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  stepback export run.sfn.json --format case -o cases/run.case.json
  stepback export run.sfn.json --format html -o run.html")]
pub struct Args {
    #[command(flatten)]
    subject: target::Subject,
    /// The format.
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// Write to a file instead of standard output.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file that is to be written.
    #[arg(long)]
    force: bool,
    /// The name of the case, or of the test case in a MockConfigFile.json [default: the execution's, or recorded].
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
}

/// What a test case is called that nobody named.
const DEFAULT_CASE: &str = "recorded";

/// What a recording is turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A page with the cause, the states with their data, and the events.
    Html,
    /// A summary for a ticket: what 'stepback why --markdown' prints.
    Markdown,
    /// A MockConfigFile.json for Step Functions Local.
    MockConfig,
    /// Requests to TestState, one for each visit, with what was recorded.
    TestState,
    /// An answers file for 'stepback run'.
    Answers,
    /// A case for 'stepback test': definition, input, answers, and what is expected of a run.
    Case,
    /// A recording with nothing but what 'stepback replay' needs.
    Excerpt,
    /// The state machine and the path taken, as a Mermaid state diagram.
    Mermaid,
    /// A trace for ui.perfetto.dev and chrome://tracing: a thread for each flow.
    Perfetto,
    /// The states as rows for a spreadsheet.
    Csv,
    /// The events as rows for a spreadsheet.
    EventsCsv,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let write = args.output.as_deref().map(|path| {
        let input = args.subject.target.path();
        writing::existing(path, args.force, &[input]).map(|existing| (path, existing))
    });
    let write = write.transpose()?;
    let recordings = args.subject.recordings(output)?;
    let [recording] = recordings.as_slice() else {
        let names: Vec<String> = recordings.iter().map(Recording::label).collect();
        return Err(Failure::input(format!(
            "'{}' holds {} executions; one is wanted.",
            args.subject.target,
            names.len()
        ))
        .hint(format!("Choose one with --execution: {}.", names.join(", "))));
    };
    let text = match args.format {
        Format::Html | Format::Markdown => {
            let target = Target::of(recording);
            let (diagnosis, overview) = (&target.diagnosis, &target.overview);
            match args.format {
                Format::Html => report::html(&target.family, diagnosis, overview),
                _ => report::why_markdown(diagnosis, overview).join("\n") + "\n",
            }
        }
        Format::MockConfig => {
            pretty(&replay::mock_config(recording, args.test_case.as_deref().unwrap_or(DEFAULT_CASE)))?
        }
        Format::Answers => pretty(&replay::answers_file(recording))?,
        Format::TestState => {
            let tests = replay::test_states(recording);
            pretty(&tests.map_err(|reason| Failure::input(format!("Cannot make tests of it: {reason}.")))?)?
        }
        Format::Case => case(recording, args, output)?,
        Format::Excerpt => excerpt(recording, output)?,
        Format::Mermaid => {
            let (graph, course) = super::show::drawn(recording);
            report::graph::mermaid(&graph, &course)
        }
        Format::Perfetto => pretty(&report::perfetto(&Family::of(recording)))?,
        Format::Csv => report::visits_csv(&Family::of(recording)),
        Format::EventsCsv => report::events_csv(&Family::of(recording)),
    };
    let json = matches!(
        args.format,
        Format::MockConfig | Format::Answers | Format::TestState | Format::Case | Format::Excerpt | Format::Perfetto
    );
    match write {
        None if json => output.json_text(text.trim_end())?,
        None => output.line(text.trim_end())?,
        Some((path, existing)) => writing::text(path, existing, &text)?,
    }
    Ok(Verdict::Fine)
}

fn pretty(value: &Value) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|error| Failure::input(format!("Cannot write the result as JSON: {error}.")))
}

/// A case that a run does not meet today proves nothing tomorrow, which is said; and so is what it does not check.
fn case(recording: &Recording, args: &Args, output: &mut Output) -> Result<String, Failure> {
    let status = recording.status();
    if !matches!(status, Status::Succeeded | Status::Failed | Status::TimedOut | Status::Aborted) {
        let failure =
            Failure::input(format!("A case needs an execution that has ended; this one is {}.", status.name()));
        return Err(failure.hint("--format excerpt keeps what 'stepback replay' needs of it."));
    }
    let name = args.test_case.clone().or_else(|| recording.name().map(str::to_owned));
    let exported = cases::case_of(recording, name.as_deref().unwrap_or(DEFAULT_CASE))
        .map_err(|reason| Failure::input(reason).hint("--format excerpt keeps what 'stepback replay' needs of it."))?;
    for drawn in &exported.drawn {
        output.note(format!("note: Each run draws {} anew; expected is a value of kind {}.", drawn.at, drawn.kind));
    }
    if let Some(reason) = &exported.stopped {
        output.note(format!("warning: A run of this case stops: {reason}"));
    } else {
        for it in &exported.mismatches {
            let (what, expected, actual) = (&it.what, &it.expected, &it.actual);
            output.note(format!(
                "warning: A run of this case is not what was recorded: {what}: {expected}, was {actual}."
            ));
        }
    }
    pretty(&exported.file)
}

/// An excerpt that does not agree today proves nothing tomorrow, which is said.
fn excerpt(recording: &Recording, output: &mut Output) -> Result<String, Failure> {
    let case = replay::case(recording);
    let replayed = Replay::of(&case, Edits::default()).map(|mut replay| {
        replay.run(&AtomicBool::new(false));
        replay.finish().fidelity.verdict
    });
    match replayed {
        Ok(replay::Verdict::Agrees) => {}
        Ok(verdict) => output.note(format!("warning: A replay of this excerpt {}.", verdict.name())),
        Err(reason) => output.note(format!("warning: This excerpt cannot be replayed: {reason}.")),
    }
    let mut text = Vec::new();
    case.to_writer(&mut text)?;
    String::from_utf8(text).map_err(|error| Failure::input(format!("Cannot write the excerpt: {error}.")))
}
