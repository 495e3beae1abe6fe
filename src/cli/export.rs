//! `stepback export`.

mod many;

use super::target::{self, Target};
use super::{Failure, Output, Verdict, writing};
use crate::analysis::diff::{self, Mask, Run};
use crate::cases;
use crate::history::Family;
use crate::recording::{Recording, Status};
use crate::replay::{self, Edits, Replay};
use crate::report::{self, Bearings, DiffSide, HtmlSubject};
use crate::source;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Convert a recording: a page to hand over, diagrams, rows, traces, files for tests.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  stepback export run.sfn.json --format case -o cases/run.case.json
  stepback export run.sfn.json --format html -o run.html
  stepback export runs/ --format records --into lake/
  stepback export arn:aws:states:eu-west-1:402817639051:stateMachine:Orders --format records --since 7d")]
pub struct Args {
    #[command(flatten)]
    subject: target::Subject,
    /// More targets, for records and otlp; both take folders, state machines and Map Runs as well.
    #[arg(value_name = "TARGET")]
    more: Vec<std::ffi::OsString>,
    /// The format.
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// Write to a file instead of standard output.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file that is to be written.
    #[arg(long)]
    force: bool,
    /// Compare the page with this run [default: the last good one beside it].
    #[arg(long, value_name = "FILE", conflicts_with = "alone")]
    good: Option<PathBuf>,
    /// Compare the page with no other run.
    #[arg(long)]
    alone: bool,
    /// The name of the case, or of the test case in a MockConfigFile.json [default: the execution's, or recorded].
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
    #[command(flatten)]
    many: many::Many,
}

/// What a test case is called that nobody named.
const DEFAULT_CASE: &str = "recorded";

/// What a recording is turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A page with everything in it, to be attached to a ticket.
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
    /// One line of JSON for each execution (format stepback.records/1), for databases.
    Records,
    /// One OpenTelemetry trace for each execution, a line of OTLP/JSON each.
    Otlp,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    match args.format {
        Format::Records => return many::run(args, many::Row::Record, output),
        Format::Otlp => return many::run(args, many::Row::Trace, output),
        _ if !args.more.is_empty() || args.many.is_used() => {
            let failure = Failure::input("This format is of one execution.");
            return Err(failure.hint("--format records and --format otlp take many."));
        }
        _ => {}
    }
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
            let bearings = target.bearings(&args.subject.target);
            match args.format {
                Format::Html => page(args, recording, &target, &bearings, output)?,
                _ => report::ticket(&target.diagnosis, &target.overview, &bearings).join("\n") + "\n",
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
        Format::Records | Format::Otlp => return Err(Failure::input("This format is of many executions.")),
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

/// The page, compared with a good run when there is one.
fn page(
    args: &Args,
    recording: &Recording,
    target: &Target,
    bearings: &Bearings,
    output: &mut Output,
) -> Result<String, Failure> {
    let subject = HtmlSubject {
        family: &target.family,
        diagnosis: &target.diagnosis,
        overview: &target.overview,
        programs: &target.programs,
        bearings,
        bookmarks: &target.bookmarks,
        good: None,
    };
    let Some((title, good)) = good(args, recording, target, output)? else { return Ok(report::html(&subject)) };
    let (family, name) = (Family::of(&good), args.subject.target.to_string());
    let runs = [Run::of(&good, &family), Run::of(recording, &target.family)];
    let comparison = diff::executions(&runs[0], &runs[1], &Mask::of(&runs[0], &runs[1]));
    let sides = [DiffSide { title: &title, run: &runs[0] }, DiffSide { title: &name, run: &runs[1] }];
    Ok(report::html(&HtmlSubject { good: Some((&comparison, sides)), ..subject }))
}

/// The run to compare with: the one that was named, or the last good one of the same machine in the same folder. Only
/// what failed is compared unasked.
fn good(
    args: &Args,
    recording: &Recording,
    target: &Target,
    output: &mut Output,
) -> Result<Option<(String, Recording)>, Failure> {
    if let Some(path) = &args.good {
        let name = target::Name::from(path.clone().into_os_string());
        let opened = target::recordings(&name, None, &args.subject.aws, output)?;
        let name = name.to_string();
        let [good] = <[Recording; 1]>::try_from(opened).map_err(|several| {
            Failure::input(format!("'{name}' holds {} executions; one is wanted.", several.len()))
        })?;
        return Ok(Some((name, good)));
    }
    let path = args.subject.target.path();
    if args.alone || !target.failed() || !path.is_file() {
        return Ok(None);
    }
    // What cannot be read beside it is no reason to make no page.
    let Ok(Some(entry)) = source::last_good(path, recording) else { return Ok(None) };
    let name = entry.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(source::open_recording(&entry.path).ok().map(|good| (name, good)))
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
