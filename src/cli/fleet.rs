//! `stepback fleet`.

use super::{Failure, Output, Verdict, aws, target};
use crate::analysis::fleet::{self, Item, Survey};
use crate::event::StateType;
use crate::history::{Family, MemberId};
use crate::recording::{Counts, Missing, Recording};
use crate::report::{self, FleetGap as Gap};
use crate::source::remote::{Remote, RemoteKind};
use crate::source::{self, Opened};
use std::path::{Path, PathBuf};

/// Group similar failures and show what the failing inputs have in common.
///
/// Exits with 1 when any of the executions failed, and with 4 when none did but not all could be read.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of recordings, recordings, and executions in AWS by ARN.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only executions of this state machine.
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Group the items of this Map state, iterations or the children of a Map Run, instead of executions.
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
    let mut found = Vec::new();
    for path in &args.paths {
        match aws::named(&path.display().to_string())? {
            Some(remote) => found.push(live(path, &remote, args, output)?),
            None => found.extend(gathered(path)?),
        }
    }
    let (mut items, mut gaps, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for one in found {
        let is_wanted = |item: &Item| args.machine.is_none() || item.machine.as_deref() == args.machine.as_deref();
        items.extend(one.items.into_iter().filter(is_wanted));
        gaps.extend(one.gaps);
        counts.extend(one.counts);
    }
    for gap in gaps.iter().filter(|gap| gap.is_unread) {
        output.note(format!("warning: {}", gap.words));
    }
    if items.is_empty() && !(counts.is_empty() && gaps.is_empty()) && args.machine.is_none() {
        // There is something to tell, if only of what could not be read.
    } else if items.is_empty() {
        let machine = args.machine.as_deref().map(|machine| format!(" of the machine {machine}")).unwrap_or_default();
        return Err(Failure::input(format!("There is no execution{machine} to look at.")));
    }
    let mut fleet = fleet::fleet(&items);
    // Of very many items only some are held; all were counted.
    if let [counts] = counts.as_slice()
        && items.iter().all(|item| item.machine.is_none())
    {
        fleet.counted(counts);
    }
    if args.json {
        output.json(&report::fleet_json(&fleet, &items, &gaps))?;
    } else {
        let paper = args.layout.paper(output);
        let lines = report::fleet(&fleet, &items, paper).into_iter().chain(report::fleet_gaps(&gaps, paper));
        lines.into_iter().try_for_each(|line| output.line(line))?;
    }
    Ok(match fleet.failed > 0 {
        true => Verdict::Finding,
        false if gaps.iter().any(|gap| gap.is_unread) => Verdict::Partial,
        false => Verdict::Fine,
    })
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
    let recordings = target::recordings(&path.as_os_str().to_owned().into(), None, &args.aws, output)?;
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

/// Summarises an execution in AWS. A machine has more of them than anybody wants to fetch unasked.
fn live(path: &Path, remote: &Remote, args: &Args, output: &mut Output) -> Result<Gathered, Failure> {
    if let RemoteKind::Machine { machine, .. } = &remote.kind {
        let failure = Failure::input(format!("{machine} is a state machine; fleet compares executions."));
        return Err(failure.hint(format!(
            "stepback {remote} lists its executions; record those to compare into a folder, and name the folder."
        )));
    }
    Ok(summary(path, &aws::recording(remote, &args.aws, output)?))
}

/// Summarises what a path holds: a folder several recordings at a time, so that not all are in memory at once.
fn gathered(path: &Path) -> Result<Vec<Gathered>, Failure> {
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
            let summary = |file: &Path, recording: Result<Recording, String>| match recording {
                Ok(recording) => summary(file, &recording),
                Err(words) => {
                    let gap = Gap { file: label(file), words, is_unread: true };
                    Gathered { gaps: vec![gap], ..Gathered::default() }
                }
            };
            return Ok(source::each(path, summary).map_err(failure)?.into_iter().flatten().collect());
        }
        Opened::One(recording) => vec![*recording],
        Opened::Several(recordings) => recordings,
        Opened::Definition(_) => {
            return Err(Failure::input(format!("{name} is a definition, not a recording of an execution.")));
        }
    };
    Ok(recordings.iter().map(|recording| summary(path, recording)).collect())
}

/// What was found in a file.
#[derive(Default)]
struct Gathered {
    items: Vec<Item>,
    /// What is not there of it.
    gaps: Vec<Gap>,
    /// How many items there are, when not all are held.
    counts: Option<Counts>,
}

fn label(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// What a recording holds, and what is not there of it. Of the results of a Map Run it is the items that count.
fn summary(file: &Path, recording: &Recording) -> Gathered {
    let gap = |missing: &Missing| {
        let is_unread = missing.is_unread() || recording.status().is_unseen() && !recording.is_map_run_results();
        let words = format!("{}: {missing}", label(file));
        Gap { file: label(file), words, is_unread }
    };
    let gaps = recording.missing().iter().map(gap).collect();
    if recording.is_map_run_results() {
        let survey = Survey::of_results(&Family::of(recording), MemberId::ROOT);
        return Gathered { items: survey.items, gaps, counts: survey.counted };
    }
    Gathered { items: vec![item(file, recording)], gaps, counts: None }
}

/// An execution is called by its file, as that is what can be opened; one of several in a file by its name as well.
fn item(file: &Path, recording: &Recording) -> Item {
    let name = label(file);
    let label = match recording.name() {
        Some(execution) if !name.contains(".sfn.json") => format!("{name} ({execution})"),
        _ => name,
    };
    Item::of(recording, label)
}
