//! `stepback fleet`.

use super::{Failure, Output, Verdict, aws, target};
use crate::analysis::fleet::{self, Item, Survey};
use crate::event::StateType;
use crate::history::Family;
use crate::recording::Recording;
use crate::report;
use crate::source::{self, Opened};
use std::path::{Path, PathBuf};

/// Looks at many recordings at once: failures that are alike together, and what the inputs that failed have that the
/// others have not.
///
/// Exits with 1 when any of the executions failed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of recordings, and recordings.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only executions of the machine of this name.
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// The items of a Map in one recording, instead of executions: iterations, or the children of a Map Run.
    #[arg(long, value_name = "STATE", conflicts_with = "machine")]
    map: Option<String>,
    /// Print JSON (format stepback.fleet/1).
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    layout: target::Layout,
    #[command(flatten)]
    aws: aws::Reach,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    if let Some(map) = &args.map {
        return of_map(args, map, output);
    }
    let mut items = Vec::new();
    for path in &args.paths {
        for found in gathered(path)? {
            match found {
                Ok(item) => items.push(item),
                Err(reason) => output.note(format!("warning: {reason}")),
            }
        }
    }
    items.retain(|item| args.machine.is_none() || item.machine.as_deref() == args.machine.as_deref());
    if items.is_empty() {
        let machine = args.machine.as_deref().map(|machine| format!(" of the machine {machine}")).unwrap_or_default();
        return Err(Failure::input(format!("There is no execution{machine} to look at.")));
    }
    let fleet = fleet::fleet(&items);
    if args.json {
        output.json(&report::fleet_json(&fleet, &items))?;
    } else {
        let lines = report::fleet(&fleet, &items, args.layout.paper(output));
        lines.into_iter().try_for_each(|line| output.line(line))?;
    }
    Ok(if fleet.failed > 0 { Verdict::Finding } else { Verdict::Fine })
}

fn of_map(args: &Args, map: &str, output: &mut Output) -> Result<Verdict, Failure> {
    let survey = surveyed(args, map, output)?;
    if args.json {
        output.json(&report::survey_json(&survey))?;
    } else {
        let lines = report::survey(&survey, args.layout.paper(output));
        lines.into_iter().try_for_each(|line| output.line(line))?;
    }
    Ok(if survey.fleet.failed > 0 { Verdict::Finding } else { Verdict::Fine })
}

/// The items of the last visit of a Map that has any, wherever in the recording it is.
fn surveyed(args: &Args, map: &str, output: &mut Output) -> Result<Survey, Failure> {
    let [path] = args.paths.as_slice() else {
        return Err(Failure::input("--map looks at one recording, and several paths are given."));
    };
    let recordings = target::recordings(&path.display().to_string(), None, &args.aws, output)?;
    let families: Vec<Family> = recordings.iter().map(Family::of).collect();
    let visits = families.iter().flat_map(|family| {
        family.members().flat_map(move |(member, found)| {
            let visits = found.history.visits().filter(|(_, visit)| *visit.name == *map);
            let maps = visits.filter(|(_, visit)| visit.kind == StateType::Map);
            maps.map(move |(visit, _)| Survey::of(family, member, visit))
        })
    });
    let surveys: Vec<Survey> = visits.collect();
    let with_items = surveys.iter().rposition(|survey| survey.total() > 0);
    let found = surveys.into_iter().nth(with_items.unwrap_or(0));
    found.ok_or_else(|| {
        Failure::input(format!("No Map called {map} was visited in {}.", path.display()))
            .hint("stepback show lists the states.")
    })
}

/// Summarises what a path holds: a folder several recordings at a time, so that not all are in memory at once.
fn gathered(path: &Path) -> Result<Vec<Result<Item, String>>, Failure> {
    let name = path.display().to_string();
    let failure = |error: source::SourceError| {
        let failure = Failure::input(error.about(&name));
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    };
    let recordings = match source::open(path).map_err(failure)? {
        Opened::Folder(_) => {
            let summary = |file: &Path, recording: Result<Recording, String>| {
                recording.map(|recording| summary(file, &recording))
            };
            return Ok(source::each(path, summary).map_err(failure)?.into_iter().flatten().collect());
        }
        Opened::One(recording) => vec![*recording],
        Opened::Several(recordings) => recordings,
        Opened::Definition(_) => {
            return Err(Failure::input(format!("{name} is a definition, and no recording of an execution.")));
        }
    };
    Ok(recordings.iter().map(|recording| Ok(summary(path, recording))).collect())
}

/// An execution is called by its file, as that is what can be opened; one of several in a file by its name as well.
fn summary(file: &Path, recording: &Recording) -> Item {
    let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    let label = match recording.name() {
        Some(execution) if !name.contains(".sfn.json") => format!("{name} ({execution})"),
        _ => name,
    };
    Item::of(recording, label)
}
