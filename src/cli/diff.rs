//! `stepback diff`.

mod subject;
mod within;

use super::target;
use super::template::Choice;
use super::{Failure, Output, Verdict, aws};
use crate::analysis::diff::{self, Comparison, Data, DefinitionDiff, Mask, Run, Spot};
use crate::history::Family;
use crate::json::diff::{Judge, Strict, diff_with};
use crate::recording::Recording;
use crate::report::{self, DiffSide, Paper};
use subject::{Pair, Subjects};

/// Compare two executions: where they first differ and why, and what differs at each step. Also two definitions or two
/// JSON documents.
///
/// With one recording, it is compared with the last run of the same machine in the same folder that succeeded.
/// Values that every run draws anew (ids, times, tokens) are masked. Exits with 1 when something differs.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A recording, an execution's ARN or console address, a definition or a template with one, a JSON document, or - for standard input; of
    /// two, the old one.
    #[arg(value_name = "A")]
    first: String,
    /// What to compare it with, the new one; absent: A is the new one, and the last good run beside it the old one.
    #[arg(value_name = "B")]
    second: Option<String>,
    /// Compare only this state, with everything that differs in its data.
    #[arg(long, value_name = "NAME")]
    state: Option<String>,
    /// Within A: two attempts of the state, by number from 1.
    #[arg(long, value_name = "M,N", requires = "state", conflicts_with = "second")]
    attempts: Option<within::Two>,
    /// Within A: two items of the Map state, by number from 0.
    #[arg(long, value_name = "M,N", requires = "state", conflicts_with_all = ["second", "attempts"])]
    items: Option<within::Two>,
    /// Within A: the input and the output of the state.
    #[arg(long, requires = "state", conflicts_with_all = ["second", "attempts", "items"])]
    through: bool,
    /// Also show differences in ids, times and tokens.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    template: Choice,
    /// Print JSON (format stepback.diff/1).
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    layout: target::Layout,
    #[command(flatten)]
    aws: aws::Reach,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    if let Some(question) = within::Question::of(args) {
        return within::run(args, &question, output);
    }
    let Subjects { titles, pair } =
        subject::open(&args.first, args.second.as_deref(), &args.template, &args.aws, output)?;
    let titles = [titles[0].as_str(), titles[1].as_str()];
    let paper = args.layout.paper(output);
    match pair {
        Pair::Recordings(recordings) => executions(args, titles, &recordings, paper, output),
        _ if args.state.is_some() => Err(Failure::input("--state is for recordings of executions.")),
        Pair::Definitions([old, new]) => {
            let diff = DefinitionDiff::of(&old, &new);
            match args.json {
                true => output.json(&report::definition_diff_json(&diff, titles))?,
                false => print(output, report::definition_diff(&diff, titles, paper))?,
            }
            Ok(verdict(!diff.is_empty()))
        }
        Pair::Documents([old, new]) => {
            // Nothing is known about runs here, so that no value counts as volatile.
            let node = diff_with(&old, &new, &Strict);
            match args.json {
                true => output.json(&report::document_diff_json(&node, titles))?,
                false => print(output, report::document_diff(&node, titles, paper))?,
            }
            Ok(verdict(node.differs()))
        }
    }
}

fn executions(
    args: &Args,
    titles: [&str; 2],
    recordings: &[Recording; 2],
    paper: Paper,
    output: &mut Output,
) -> Result<Verdict, Failure> {
    let families = recordings.each_ref().map(Family::of);
    let runs = [Run::of(&recordings[0], &families[0]), Run::of(&recordings[1], &families[1])];
    let mask = Mask::of(&runs[0], &runs[1]);
    let judge: &dyn Judge = if args.all { &Strict } else { &mask };
    let comparison = diff::executions(&runs[0], &runs[1], judge);
    let sides = [DiffSide { title: titles[0], run: &runs[0] }, DiffSide { title: titles[1], run: &runs[1] }];
    let Some(state) = &args.state else {
        match args.json {
            true => output.json(&report::diff_json(&comparison, sides))?,
            false => print(output, report::diff(&comparison, sides, paper))?,
        }
        return Ok(verdict(comparison.differs()));
    };
    let visits = visits_of(state, &comparison, [&runs[0], &runs[1]], judge);
    if visits.is_empty() {
        return Err(Failure::input(format!("Neither run was in a state called {state}."))
            .hint("stepback show lists the states a run was in."));
    }
    match args.json {
        true => output.json(&report::one_state_diff_json(state, &comparison, &visits, sides))?,
        false => print(output, report::one_state_diff(state, &comparison, &visits, sides, paper))?,
    }
    let differs = |(step, data): &(usize, Data)| {
        let step = comparison.steps.get(*step);
        let way = step.is_some_and(|step| !step.differences.is_empty() || step.visits().is_none());
        way || !data.changes.is_empty()
    };
    Ok(verdict(visits.iter().any(differs)))
}

/// Returns the visits of a state, with everything that differs in the data of those on both sides.
fn visits_of(state: &str, comparison: &Comparison, runs: [&Run<'_>; 2], judge: &dyn Judge) -> Vec<(usize, Data)> {
    let is_of_state = |side: usize, spot: Option<Spot>| match spot {
        Some(Spot::Visit(member, visit)) => &*runs[side].history(member).visit(visit).name == state,
        _ => false,
    };
    let steps = comparison.steps.iter().enumerate();
    let steps = steps.filter(|(_, step)| is_of_state(0, step.old) || is_of_state(1, step.new));
    let data = steps.map(|(place, step)| {
        let data = step.visits().map(|(old, new)| diff::visits(runs, old, new, judge));
        (place, data.unwrap_or_default())
    });
    data.collect()
}

fn print(output: &mut Output, lines: Vec<String>) -> Result<(), Failure> {
    lines.into_iter().try_for_each(|line| output.line(line))
}

fn verdict(differs: bool) -> Verdict {
    if differs { Verdict::Finding } else { Verdict::Fine }
}
