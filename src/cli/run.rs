//! `stepback run`: a machine on the local interpreter.

mod history;
mod progress;
mod target;

use super::{Failure, Output, Verdict, template, writing};
use crate::asl::MachineKind;
use crate::event;
use crate::interpreter::{End, Execution, MAX_PAYLOAD, Options, TaskRequest};
use crate::json::Payload;
use crate::source::{self, Existing};
use crate::tasks::{
    Answers, AnswersFile, AtTerminal, Buckets, Clock, Machines, Nobody, Pace, Person, Progress, Runner, StartedMachine,
    Stopped, recording_of, request_key,
};
use history::HistoryFile;
use progress::Watched;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use target::Target;

/// Run a state machine on the local interpreter.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A definition in JSON or YAML, or a recording: its definition, input and identity, not its events.
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    /// The input: JSON, a file, or - for standard input.
    #[arg(long, value_name = "FILE|JSON|-", allow_hyphen_values = true)]
    input: Option<String>,
    /// The type of the state machine; a recording knows its own.
    #[arg(long = "type", value_name = "TYPE", ignore_case = true)]
    kind: Option<Kind>,
    /// What tasks are answered with: an answers file or a MockConfigFile.json.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The test case of a MockConfigFile.json.
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
    /// A folder in which each folder stands in for the S3 bucket of its name.
    #[arg(long, value_name = "DIR")]
    s3: Option<PathBuf>,
    /// The state machine of a template to run; or, as NAME=FILE, the definition of a machine that tasks start, by the
    /// machine's name or ARN. May be given several times.
    #[arg(long = "machine", value_name = "NAME[=FILE]")]
    machines: Vec<String>,
    #[command(flatten)]
    given: template::Parameters,
    /// Writes the run as a recording.
    #[arg(short = 'o', long = "output", value_name = "RECORDING")]
    output: Option<PathBuf>,
    /// Writes the events as GetExecutionHistory prints them.
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// Replace the files that are to be written.
    #[arg(long)]
    force: bool,
    /// Prints status, output, error, cause and the number of events as JSON.
    #[arg(long)]
    json: bool,
    /// Waits as long as Wait states, time-outs and retries say.
    #[arg(long)]
    real_time: bool,
    /// Lifts AWS's limits on the size of payloads and the number of events.
    #[arg(long)]
    no_limits: bool,
    /// Random seed: the same seed gives the same ids, tokens and delays.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// The type of a state machine on the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
#[value(rename_all = "UPPER")]
enum Kind {
    Standard,
    Express,
}

impl From<Kind> for MachineKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Standard => Self::Standard,
            Kind::Express => Self::Express,
        }
    }
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let (recorded, history) = (may_write(args, args.output.as_deref())?, may_write(args, args.history.as_deref())?);
    let name = args.machines.iter().find(|given| !given.contains('='));
    let kind = args.kind.map(Into::into);
    let target = Target::load(&args.target, kind, (&args.given, name.map(String::as_str)), Some(output))?;
    let input = target.input(args.input.as_deref())?;
    let buckets = Buckets::below(args.s3.clone());
    let options = options(args);
    check_size(&input, options)?;
    let cancelled = output.stop();
    let person = if output.is_kept() { None } else { AtTerminal::present(Arc::clone(&cancelled)) };
    let mut answers = Machines::new(answers(args, &target, person)?, machines(args)?, buckets.clone(), options)
        .cancelled_by(Arc::clone(&cancelled));
    let missing = answers.missing_activities();
    let (machine, identity) = (Arc::clone(&target.machine), Arc::clone(&target.identity));
    let mut execution = Execution::new(machine, identity, input, options).without_activities(missing);
    let mut watched = Watched::new(HistoryFile::create(history, recorded.is_some())?);
    let clock = if args.real_time { Clock::Real } else { Clock::Virtual };
    let mut runner = Runner { answers: &mut answers, buckets, pace: Pace::default(), clock, until: None, cancelled };
    let stopped = runner.run(&mut execution, &mut watched)?;
    if matches!(stopped, Stopped::Cancelled) {
        execution.stop(event::Failure::default());
        watched.events(execution.take_events())?;
    }
    watched.clear();
    let (events, kept) = watched.history.finish()?;
    if let (Some((path, existing)), Some(written)) = (recorded, kept) {
        let mut recording = recording_of(&execution, written, target.definition);
        recording.children = answers.take_recordings();
        source::save_or_keep(&recording, path, existing).map_err(|error| writing::cannot(path, &error))?;
    }
    for unused in answers.unused() {
        let asked =
            if unused.used == 0 { "never asked for".to_owned() } else { format!("asked for {} times", unused.used) };
        output
            .note(format!("note: {} of the answers of '{}' were not used: it was {asked}.", unused.count, unused.key));
    }
    match stopped {
        Stopped::Unanswered(request) => Err(unanswered(&request)),
        Stopped::Stuck => Err(stuck(&execution)),
        Stopped::Ended | Stopped::Cancelled | Stopped::OutOfTime => report(&execution, events, args.json, output),
    }
}

fn options(args: &Args) -> Options {
    let options = Options { seed: args.seed, ..Options::default() };
    if args.no_limits { options.without_limits() } else { options }
}

/// An execution whose input is too large is never started.
fn check_size(input: &Payload, options: Options) -> Result<(), Failure> {
    if options.max_payload.is_none_or(|max| input.size() <= max) {
        return Ok(());
    }
    let size = input.size();
    Err(Failure::input(format!("The input has {size} bytes; AWS refuses more than {MAX_PAYLOAD}."))
        .hint("Run without AWS's limits: --no-limits."))
}

/// A file that a run writes, and what may become of what is there.
type Written<'a> = Option<(&'a Path, Existing)>;

/// Looks at a file before the run: what may not be written is better known then.
fn may_write<'a>(args: &Args, path: Option<&'a Path>) -> Result<Written<'a>, Failure> {
    let input = args.input.as_deref().map(Path::new);
    let inputs: Vec<&Path> = [Some(&*args.target), args.answers.as_deref(), input].into_iter().flatten().collect();
    path.map(|path| writing::existing(path, args.force, &inputs).map(|existing| (path, existing))).transpose()
}

fn answers(args: &Args, target: &Target, person: Option<AtTerminal>) -> Result<Box<dyn Answers + Send>, Failure> {
    let Some(path) = &args.answers else { return Ok(Box::new(Nobody)) };
    let file = path.display();
    let text = super::file::text(path)?;
    let machine = &target.identity.machine_name;
    let mut answers = AnswersFile::read(&text, machine, args.test_case.as_deref())
        .map_err(|error| Failure::input(format!("'{file}': {error}")))?;
    if let Some(person) = person {
        answers.ask(&(Arc::new(person) as Arc<dyn Person>));
    }
    Ok(answers)
}

/// Reads the machines that tasks may start.
fn machines(args: &Args) -> Result<HashMap<String, StartedMachine>, Failure> {
    let mut machines = HashMap::new();
    for (name, file) in args.machines.iter().filter_map(|given| given.split_once('=')) {
        let target = Target::load(Path::new(file), None, (&args.given, Some(name)), None)?;
        let started = StartedMachine { machine: target.machine, definition: target.definition };
        machines.insert(name.to_owned(), started);
    }
    Ok(machines)
}

fn stuck(execution: &Execution) -> Failure {
    let name = &execution.identity().name;
    Failure::input(format!("Execution '{name}' cannot go on: nothing is left to happen, yet it has not ended."))
        .hint("This is a fault of stepback's interpreter. Please report the definition and the answers.")
}

fn unanswered(request: &TaskRequest) -> Failure {
    let key = request_key(request);
    let state = &request.state;
    Failure::input(format!("Nobody answers the task '{key}' ({}).", request.resource.arn())).hint(format!(
        "Add a line to \"states\" of the answers file (--answers): \"{state}\": [{{ \"result\": {{}} }}]"
    ))
}

/// What a run came to.
#[derive(Serialize)]
struct Report<'a> {
    status: &'static str,
    output: Option<&'a RawValue>,
    error: Option<&'a str>,
    cause: Option<&'a str>,
    events: usize,
}

fn report(execution: &Execution, events: usize, json: bool, output: &mut Output) -> Result<Verdict, Failure> {
    let (status, result, failure) = match execution.end() {
        Some(End::Succeeded(result)) => ("SUCCEEDED", Some(result), None),
        Some(End::Failed(failure)) => ("FAILED", None, Some(failure)),
        Some(End::Aborted(failure)) => ("ABORTED", None, Some(failure)),
        Some(End::TimedOut) => ("TIMED_OUT", None, None),
        None => ("RUNNING", None, None),
    };
    let error = failure.and_then(|failure| failure.error.as_deref());
    let cause = failure.and_then(|failure| failure.cause.as_deref());
    let text = result.map(Payload::text);
    let raw = text.map(serde_json::from_str).transpose().ok().flatten();
    if json {
        output.json(&Report { status, output: raw, error, cause, events })?;
    } else if let Some(text) = text {
        output.json_text(text)?;
    } else {
        let told = [error, cause].into_iter().flatten().collect::<Vec<_>>().join(": ");
        output.note(if told.is_empty() { status.to_owned() } else { format!("{status}: {told}") });
    }
    Ok(if status == "SUCCEEDED" { Verdict::Fine } else { Verdict::Finding })
}
