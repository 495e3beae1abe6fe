//! `stepback show`.

mod graph;
mod visits;

pub(super) use graph::drawn;

use super::target::{self, Target};
use super::template::Choice;
use super::why::one_or_list;
use super::{Failure, Output, Verdict};
use crate::analysis::budget;
use crate::event::EventId;
use crate::history::MemberId;
use crate::report;
use serde_json::{Value, json};

/// Show the states of an execution as a tree.
///
/// Exits with 1 when the execution failed, timed out or was aborted, and with 4 when that cannot be told or something
/// could not be read.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    subject: target::Subject,
    /// Print the events, one by one.
    #[arg(long, conflicts_with_all = ["state", "at"])]
    events: bool,
    /// The machine as a graph instead, with the way the run took; TARGET may also be a definition, or a template with one.
    #[arg(long, conflicts_with_all = ["events", "state", "at"])]
    graph: bool,
    #[command(flatten)]
    template: Choice,
    /// Show only this state, with input and output.
    #[arg(long, value_name = "NAME", conflicts_with = "at")]
    state: Option<String>,
    /// Show the execution right after an event: active states, variables, data.
    #[arg(long, value_name = "EVENT")]
    at: Option<u32>,
    /// Show the data flow through a state, stage by stage, recomputed and checked: the failed state, or --state or
    /// --at.
    #[arg(long, conflicts_with_all = ["events", "explain", "graph"])]
    flow: bool,
    /// Show a state's decision: Choice rules, retriers, catchers, waits; of the failed state, or --state or --at.
    #[arg(long, conflicts_with_all = ["events", "graph"])]
    explain: bool,
    /// Show usage against AWS's limits, and what a running execution waits for.
    #[arg(long, conflicts_with_all = ["events", "flow", "explain", "graph", "state", "at"])]
    budget: bool,
    /// List the bookmarks and their notes.
    #[arg(long, conflicts_with_all = ["events", "flow", "explain", "graph", "state", "at", "budget"])]
    bookmarks: bool,
    /// Print JSON (formats stepback.show/1, stepback.at/1, stepback.flow/1, stepback.explain/1, stepback.budget/1,
    /// stepback.bookmarks/1 and stepback.graph/1; events as AWS writes them).
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    layout: target::Layout,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    if args.graph {
        return graph::run(args, output);
    }
    let targets = args.subject.open(output)?;
    if let ([target], true) = (targets.as_slice(), args.json)
        && let Some(told) = tell_json(args, target, output)
    {
        told?;
        return Ok(if target.failed() { Verdict::Finding } else { Verdict::Fine });
    }
    let mut answers = Vec::new();
    for (number, target) in targets.iter().enumerate() {
        if args.json {
            answers.push(answer(args, target)?);
            continue;
        }
        if number > 0 {
            output.line("")?;
        }
        lines(args, target, output)?.into_iter().try_for_each(|line| output.line(line))?;
    }
    if args.json {
        output.json(&one_or_list(answers))?;
    }
    Ok(target::verdict(&targets))
}

/// Writes what may be large as it is gone through; `None` when something else is asked for.
fn tell_json(args: &Args, target: &Target, output: &mut Output) -> Option<Result<(), Failure>> {
    let other = visits::question(args).is_some() || args.budget || args.bookmarks || args.at.is_some();
    if other {
        return None;
    }
    if args.events {
        return Some(output.json(&EventsJson { events: target.family.root().events() }));
    }
    if let Some(name) = &args.state
        && !names(target).contains(&name.as_str())
    {
        return Some(Err(no_state(target, name)));
    }
    Some(output.json(&report::TreeJson::of(&target.family, args.state.as_deref())))
}

/// The events as GetExecutionHistory has them.
#[derive(serde::Serialize)]
struct EventsJson<'a> {
    events: &'a [crate::event::Event],
}

fn lines(args: &Args, target: &Target, output: &Output) -> Result<Vec<String>, Failure> {
    let Target { family, diagnosis, overview, .. } = target;
    let paper = args.layout.paper(output);
    if let Some(question) = visits::question(args) {
        return visits::lines(question, args, target, paper);
    }
    if args.budget {
        let used = budget(family, &target.programs, MemberId::ROOT, target.recorded);
        return Ok(report::print_outline(&report::budget_entries(&used), paper));
    }
    if args.bookmarks {
        return Ok(report::print_outline(&report::bookmark_entries(&target.bookmarks), paper));
    }
    if args.events {
        return Ok(report::events(family.root(), paper));
    }
    if let Some(name) = &args.state {
        return report::state(family, name, paper).ok_or_else(|| no_state(target, name));
    }
    if let Some(number) = args.at {
        let lines = EventId::new(number).and_then(|event| report::at(family, event, diagnosis, paper));
        return lines.ok_or_else(|| no_event(target, number));
    }
    Ok(report::tree(family, diagnosis, overview, paper))
}

fn answer(args: &Args, target: &Target) -> Result<Value, Failure> {
    let family = &target.family;
    if let Some(question) = visits::question(args) {
        return visits::answer(question, args, target);
    }
    if args.budget {
        let used = budget(family, &target.programs, MemberId::ROOT, target.recorded);
        return Ok(report::budget_json(&used));
    }
    if args.bookmarks {
        return Ok(report::bookmarks_json(&target.bookmarks));
    }
    if args.events {
        let events = serde_json::to_value(family.root().events());
        let events = events.map_err(|error| Failure::input(format!("Cannot write the events as JSON: {error}.")))?;
        return Ok(json!({ "events": events }));
    }
    if let Some(number) = args.at {
        let answer = EventId::new(number).and_then(|event| report::at_json(family, event));
        return answer.ok_or_else(|| no_event(target, number));
    }
    if let Some(name) = &args.state
        && !names(target).contains(&name.as_str())
    {
        return Err(no_state(target, name));
    }
    Ok(report::tree_json(family, args.state.as_deref()))
}

/// Returns the names of the states that were visited, each once, in order.
fn names(target: &Target) -> Vec<&str> {
    let mut known = std::collections::HashSet::new();
    let visits = target.family.members().flat_map(|(_, member)| member.history.visits());
    visits.map(|(_, visit)| &*visit.name).filter(|name| known.insert(*name)).collect()
}

fn no_state(target: &Target, name: &str) -> Failure {
    let visited = names(target);
    let listed = visited.get(..visited.len().min(12)).unwrap_or_default().join(", ");
    let more = if visited.len() > 12 { ", …" } else { "" };
    Failure::input(format!("No state called {} was visited.", report::shown(name)))
        .hint(format!("Visited were: {}{more}.", report::shown(&listed)))
}

fn no_event(target: &Target, number: u32) -> Failure {
    let last = target.family.root().events().last().map_or(0, |last| last.id.get());
    Failure::input(format!("There is no event {number}.")).hint(format!("Events go from 1 to {last}."))
}
