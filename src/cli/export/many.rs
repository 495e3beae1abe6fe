//! Formats of many executions: a line for each, written as they are read.

use super::Args as Export;
use crate::analysis::fleet::Record;
use crate::cli::fleet::{Found, Which, gather, is_many, moment};
use crate::cli::target::Name;
use crate::cli::{Failure, Output, Verdict, aws, interrupt, record, writing};
use crate::event::Timestamp;
use crate::recording::Recording;
use crate::recording::redact::{Rule, StandIn};
use crate::report;
use crate::source::{self, Opened, SourceError};
use std::cell::LazyCell;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

/// What is exported of many executions.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Formats of many executions: records, otlp")]
pub(in crate::cli) struct Many {
    /// Write into a folder, a folder in it for each day (day=2026-11-20/).
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    into: Option<PathBuf>,
    /// Put the inputs into the records.
    #[arg(long)]
    inputs: bool,
    /// Take something out first, as 'stepback redact' does; may be given several times.
    #[arg(long, value_name = "NAME|PATH|PATTERN")]
    redact: Vec<String>,
    #[command(flatten)]
    which: Which,
}

impl Many {
    /// Tells whether anything was said that only formats of many executions know.
    pub(super) fn is_used(&self) -> bool {
        self.into.is_some() || self.inputs || !self.redact.is_empty() || self.which.is_narrow()
    }
}

/// What an execution becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// A record.
    Record,
    /// A trace.
    Trace,
}

/// A line, and the day it belongs to.
struct Line {
    text: String,
    day: Option<String>,
}

/// Lines that may wait for whoever writes.
const WAITING: usize = 64;

/// Days that are written at once; the others are taken up again when they come.
const OPEN_DAYS: usize = 100;

pub(super) fn run(args: &Export, row: Row, output: &mut Output) -> Result<Verdict, Failure> {
    let making = Making {
        row,
        inputs: args.many.inputs,
        rules: record::rules(&args.many.redact)?,
        which: args.many.which.clone(),
        execution: args.subject.execution.clone(),
        now: moment(),
    };
    let targets: Vec<Name> =
        [args.subject.target.clone()].into_iter().chain(args.more.iter().cloned().map(Name::from)).collect();
    let inputs: Vec<&Path> = targets.iter().map(Name::path).collect();
    match (&args.many.into, &args.output) {
        (Some(folder), _) => {
            let mut days = Days::new(folder.clone())?;
            let told = read(args, &targets, &making, output, &mut |line, _| days.write(line))?;
            days.finish()?;
            told.verdict(output)
        }
        (None, Some(path)) => {
            let existing = writing::existing(path, args.force, &inputs)?;
            let mut told = None;
            let written = source::replace_or_keep(path, existing, |writer| {
                let read = read(args, &targets, &making, output, &mut |line, _| Ok(writeln!(writer, "{}", line.text)?));
                // What was read in part is not put in the place of anything.
                let done = if read.is_ok() { Ok(()) } else { Err(io::Error::other("nothing to write")) };
                told = Some(read);
                done
            });
            match (told, written) {
                (Some(Err(failure)), _) => Err(failure),
                (_, Err(error)) => Err(writing::cannot(path, &error)),
                (Some(Ok(told)), Ok(_)) => told.verdict(output),
                (None, Ok(_)) => Ok(Verdict::Fine),
            }
        }
        (None, None) => {
            let told = read(args, &targets, &making, output, &mut |line, output| output.json_text(&line.text))?;
            told.verdict(output)
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
struct Told {
    lines: usize,
    unread: usize,
    is_stopped: bool,
}

impl Told {
    fn verdict(&self, output: &mut Output) -> Result<Verdict, Failure> {
        output.flush()?;
        match self {
            Self { is_stopped: true, .. } => {
                Err(Failure::interrupted("Interrupted: not all executions were exported."))
            }
            Self { lines: 0, unread: 0, .. } => Err(Failure::input("There is no execution to export.")),
            Self { unread: 0, .. } => Ok(Verdict::Fine),
            Self { .. } => Ok(Verdict::Partial),
        }
    }
}

type Writing<'a> = dyn FnMut(&Line, &mut Output) -> Result<(), Failure> + 'a;

fn read(
    args: &Export,
    targets: &[Name],
    making: &Making,
    output: &mut Output,
    write: &mut Writing<'_>,
) -> Result<Told, Failure> {
    let stop = LazyCell::new(interrupt::flag);
    let mut told = Told::default();
    for target in targets {
        match target.remote()? {
            Some(remote) if is_many(&remote) => {
                let Found { seen, gaps, is_stopped } =
                    gather(&remote, &making.which, &args.subject.aws, &stop, output)?;
                for gap in gaps {
                    output.note(format!("warning: {}", gap.words));
                    told.unread += usize::from(gap.is_unread);
                }
                told.is_stopped |= is_stopped;
                for seen in seen {
                    told.take(making.line(seen.recording, seen.item.label), output, write)?;
                }
            }
            Some(remote) => {
                let recording = aws::recording(&remote, &args.subject.aws, output)?;
                let label = recording.label();
                told.take(making.line(recording, label), output, write)?;
            }
            None => local(target, making, &mut told, output, write)?,
        }
        if told.is_stopped {
            break;
        }
    }
    Ok(told)
}

impl Told {
    fn take(&mut self, line: Option<Line>, output: &mut Output, write: &mut Writing<'_>) -> Result<(), Failure> {
        if let Some(line) = line {
            self.lines += 1;
            write(&line, output)?;
        }
        Ok(())
    }
}

/// Reads a file, or a folder several files at a time; lines are written as they come, so that few are in memory.
fn local(
    target: &Name,
    making: &Making,
    told: &mut Told,
    output: &mut Output,
    write: &mut Writing<'_>,
) -> Result<(), Failure> {
    let failure = |error: &SourceError| {
        let failure = Failure::input(error.about(&target.to_string()));
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    };
    let opened = if target.is_stdin() { source::open_stdin() } else { source::open(target.path()) };
    let recordings = match opened.map_err(|error| failure(&error))? {
        Opened::Folder(folder) => return of_folder(&folder, making, told, output, write, failure),
        Opened::One(recording) => vec![*recording],
        Opened::Several(recordings) => recordings,
        Opened::Definition(_) => return Err(failure(&SourceError::Definition)),
    };
    for recording in recordings {
        let label = recording.label();
        told.take(making.line(recording, label), output, write)?;
    }
    Ok(())
}

fn of_folder(
    folder: &Path,
    making: &Making,
    told: &mut Told,
    output: &mut Output,
    write: &mut Writing<'_>,
    failure: impl Fn(&SourceError) -> Failure,
) -> Result<(), Failure> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING);
        let reading = scope.spawn(move || {
            source::each(folder, |_, recording| {
                let line = recording.map(|recording| {
                    let label = recording.label();
                    making.line(recording, label)
                });
                // Nobody takes it any more when the writing has failed, which is told there.
                let _ = sender.send(line);
            })
        });
        for line in receiver {
            match line {
                Ok(line) => told.take(line, output, write)?,
                Err(words) => {
                    output.note(format!("warning: {words}"));
                    told.unread += 1;
                }
            }
        }
        match reading.join() {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(Failure::input(format!("Reading {} came to no end.", folder.display()))),
        }
    })
}

/// How lines are made.
struct Making {
    row: Row,
    inputs: bool,
    rules: Vec<Rule>,
    which: Which,
    execution: Option<String>,
    now: Timestamp,
}

impl Making {
    /// The line of an execution; `None` when it is not meant, or has no line.
    fn line(&self, recording: Recording, label: String) -> Option<Line> {
        if recording.is_map_run_results() || !self.is_meant(&recording) {
            return None;
        }
        // Causes carry data as well, so everything is made of what is left.
        let recording = if self.rules.is_empty() { recording } else { recording.redacted(&self.rules, &StandIn::Same) };
        let record = Record::of(&recording, label);
        if !self.which.holds(&record.item, self.now) {
            return None;
        }
        let day = report::record_day(&record);
        let value = match self.row {
            Row::Record => {
                let input = recording.input().filter(|_| self.inputs);
                report::record_json(&record, input.as_ref())
            }
            Row::Trace => report::otlp(&recording)?,
        };
        Some(Line { text: value.to_string(), day })
    }

    fn is_meant(&self, recording: &Recording) -> bool {
        let Some(execution) = &self.execution else { return true };
        recording.arn().is_some_and(|arn| arn.contains(&**execution)) || recording.name() == Some(execution)
    }
}

/// A folder with a folder for each day, as databases take for partitions.
struct Days {
    folder: PathBuf,
    open: HashMap<String, BufWriter<File>>,
}

/// Where those stand whose day is not known. Rule: Hive's name for what has no value.
const NO_DAY: &str = "__HIVE_DEFAULT_PARTITION__";

impl Days {
    /// A folder that is new or empty: what was there would be counted as well.
    fn new(folder: PathBuf) -> Result<Self, Failure> {
        let cannot = |error: io::Error| Failure::input(format!("Cannot write into {}: {error}.", folder.display()));
        fs::create_dir_all(&folder).map_err(cannot)?;
        if fs::read_dir(&folder).map_err(cannot)?.next().is_some() {
            let failure = Failure::input(format!("{} is not empty.", folder.display()));
            return Err(failure.hint("Name a new folder: what is in this one would be counted as well."));
        }
        Ok(Self { folder, open: HashMap::new() })
    }

    fn write(&mut self, line: &Line) -> Result<(), Failure> {
        let day = line.day.as_deref().unwrap_or(NO_DAY);
        if !self.open.contains_key(day) {
            if self.open.len() >= OPEN_DAYS {
                self.finish()?;
            }
            let folder = self.folder.join(format!("day={day}"));
            fs::create_dir_all(&folder)?;
            let mut options = File::options();
            options.create(true).append(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(folder.join("executions.ndjson"))?;
            self.open.insert(day.to_owned(), BufWriter::new(file));
        }
        match self.open.get_mut(day) {
            Some(file) => Ok(writeln!(file, "{}", line.text)?),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<(), Failure> {
        self.open.drain().try_for_each(|(_, mut file)| Ok(file.flush()?))
    }
}
