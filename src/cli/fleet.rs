//! `stepback fleet`.

#[cfg(not(feature = "aws"))]
mod absent;
#[cfg(feature = "aws")]
mod live;
mod which;

#[cfg(not(feature = "aws"))]
pub(super) use absent::{Found, gather};
#[cfg(feature = "aws")]
pub(super) use live::{Found, gather};
pub(super) use which::Which;

#[cfg(not(feature = "aws"))]
use absent::query;
#[cfg(feature = "aws")]
use live::query;

use super::{Failure, Output, Verdict, aws, interrupt, open, target};
use crate::analysis::fleet::{self, Item, Survey};
use crate::event::{StateType, Timestamp};
use crate::history::{Family, MemberId};
use crate::recording::{Counts, Missing, Recording};
use crate::report::{self, FleetGap as Gap};
use crate::source::remote::{Remote, RemoteKind};
use crate::source::{self, Opened};
use crate::tui::fleet::Part;
use crate::tui::live::Live;
use std::cell::LazyCell;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Group similar failures and show what the failing inputs have in common.
///
/// Of a state machine, a version, an alias or a Map Run in AWS the executions are listed, and of the failed ones the end
/// of the history is read. Exits with 1 when any of the executions failed, and with 4 when none did but not all could be
/// read.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  stepback fleet runs/
  stepback fleet arn:aws:states:eu-west-1:402817639051:stateMachine:Orders --since 24h
  stepback fleet arn:aws:states:eu-west-1:402817639051:stateMachine:Orders:live --status FAILED --json")]
pub struct Args {
    /// Folders of recordings, recordings, and ARNs or console addresses of state machines, Map Runs and executions.
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<PathBuf>,
    #[command(flatten)]
    which: Which,
    /// Group the items of this Map state, iterations or the children of a Map Run, instead of executions.
    #[arg(long, value_name = "STATE", conflicts_with = "machine")]
    map: Option<String>,
    /// Print the CloudWatch Logs Insights query that lists an Express machine's executions, and run nothing.
    #[arg(long)]
    query: bool,
    /// Print text on a terminal as well, instead of showing the screen.
    #[arg(long)]
    text: bool,
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
    if args.query {
        return print_query(args, output);
    }
    let can_move = std::env::var("TERM").is_ok_and(|term| term != "dumb");
    if output.is_terminal() && can_move && !args.text && !args.json {
        return screen(args);
    }
    let Gathered { items, gaps, counts, is_stopped } = of_targets(args, output)?;
    for gap in gaps.iter().filter(|gap| gap.is_unread) {
        output.note(format!("warning: {}", gap.words));
    }
    let told_anything = !(counts.is_none() && gaps.is_empty()) && args.which.machine.is_none();
    if items.is_empty() && !is_stopped && !told_anything {
        return Err(args.which.nothing());
    }
    let mut fleet = fleet::fleet(&items);
    // Of very many items only some are held; all were counted.
    if let Some(counts) = &counts
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
    if is_stopped {
        output.flush()?;
        return Err(Failure::interrupted("Interrupted: this is what was known until then."));
    }
    Ok(match fleet.failed > 0 {
        true => Verdict::Finding,
        false if gaps.iter().any(|gap| gap.is_unread) => Verdict::Partial,
        false => Verdict::Fine,
    })
}

fn screen(args: &Args) -> Result<Verdict, Failure> {
    let part = |path: &PathBuf| {
        let remote = aws::named(&path.display().to_string())?;
        Ok(remote.map_or_else(|| Part::Path(path.clone()), |remote| Part::Live(Live::new(remote.arn()))))
    };
    let parts = args.targets.iter().map(part).collect::<Result<Vec<Part>, Failure>>()?;
    open::many(args.which.crowd(parts, moment()), args.aws.of_screen())
}

/// What all targets hold, of what is wanted.
fn of_targets(args: &Args, output: &mut Output) -> Result<Gathered, Failure> {
    let (now, stop) = (moment(), LazyCell::new(interrupt::flag));
    let mut all = Gathered::default();
    let mut counts = Vec::new();
    for path in &args.targets {
        let found = match aws::named(&path.display().to_string())? {
            Some(remote) if is_many(&remote) => {
                let Found { seen, gaps, is_stopped } = gather(&remote, &args.which, &args.aws, &stop, output)?;
                let items = seen.into_iter().map(|seen| seen.item).collect();
                vec![Gathered { items, gaps, counts: None, is_stopped }]
            }
            Some(remote) => vec![summary(path, &aws::recording(&remote, &args.aws, output)?)],
            None => gathered(path)?,
        };
        for one in found {
            all.items.extend(one.items.into_iter().filter(|item| args.which.holds(item, now)));
            all.gaps.extend(one.gaps);
            counts.extend(one.counts);
            all.is_stopped |= one.is_stopped;
        }
        if all.is_stopped {
            break;
        }
    }
    all.counts = <[Counts; 1]>::try_from(counts).ok().map(|[counts]| counts);
    Ok(all)
}

/// Tells whether a name in AWS stands for many executions.
pub(super) fn is_many(remote: &Remote) -> bool {
    matches!(remote.kind, RemoteKind::Machine { .. } | RemoteKind::MapRun { .. })
}

/// Returns the present.
pub(super) fn moment() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn print_query(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    for path in &args.targets {
        let remote = aws::named(&path.display().to_string())?.filter(is_many);
        let remote = remote.ok_or_else(|| Failure::input("--query needs a state machine in AWS."))?;
        output.line(query(&remote, &args.which, &args.aws)?.text)?;
    }
    Ok(Verdict::Fine)
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
    let [path] = args.targets.as_slice() else {
        return Err(Failure::input("--map looks at one recording, and several targets are given."));
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
    /// Whether somebody stopped it.
    is_stopped: bool,
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
        return Gathered { items: survey.items, gaps, counts: survey.counted, is_stopped: false };
    }
    Gathered { items: vec![item(file, recording)], gaps, ..Gathered::default() }
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
