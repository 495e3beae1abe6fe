//! `stepback trace`.

use super::{Failure, Output, Verdict, target};
use crate::analysis::program::Programs;
use crate::analysis::provenance::{Document, Spot, Story, What, places, trace, uses};
use crate::analysis::{Diagnosis, diagnose};
use crate::event::EventId;
use crate::history::{Family, MemberId};
use crate::recording::Recording;
use crate::report;
use serde_json::Value;

/// Show where a value came from: back through states, branches, items and nested executions to its origin.
///
/// Each hop tells the event, the document, the path and the field with its line. Copies are checked; what an expression
/// computed lists what it reads; what nobody knows is said. Exits with 1 when the path selects nothing.
#[derive(Debug, clap::Args)]
#[command(mut_arg("execution", |it| it.help(
    "Only the execution of this name: one of several in the target, or one that was started by another",
)))]
pub struct Args {
    #[command(flatten)]
    subject: target::Subject,
    /// The path of the value: $.a.b, $.Cause decoded $.message, or $name.a for a variable.
    #[arg(default_value = "$")]
    path: String,
    /// The event that carries the value [default: the failure].
    #[arg(long, value_name = "EVENT")]
    event: Option<u32>,
    /// Use the last visit of this state, not an event.
    #[arg(long, value_name = "NAME", conflicts_with = "event")]
    state: Option<String>,
    /// Look in the input of the state or execution.
    #[arg(long, conflicts_with = "output")]
    input: bool,
    /// Look in the output of the state or execution.
    #[arg(long)]
    output: bool,
    /// Show what used the value.
    #[arg(long)]
    forward: bool,
    /// Print JSON (format stepback.trace/1; a list when the path selects several values).
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    layout: target::Layout,
}

/// How many values a path may select before the rest is left out.
const MOST_VALUES: usize = 20;

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let recordings = target::recordings(&args.subject.target, None, &args.subject.aws, output)?;
    let (family, member, recording) = chosen(args, &recordings)?;
    let programs = Programs::of(recording, &family);
    let story = Story { family: &family, programs: &programs };
    let document = document(args, story, member)?;
    let nothing = || Failure::input("Nothing was recorded there.");
    let value = document.value(story).ok_or_else(nothing)?.into_owned();
    let path = if matches!(document.what, What::Variable(_)) { variable(&args.path).1 } else { args.path.clone() };
    let found = places(&value, &path)
        .map_err(|error| Failure::input(format!("{} is not a path: {error}.", report::shown(&args.path))))?;
    if found.is_empty() {
        let words = report::document_words(story, &document);
        output.note(format!("In {words}, event {}: {}", document.event, report::nothing_there(&value, &args.path)));
        return Ok(Verdict::Finding);
    }
    if found.len() > MOST_VALUES {
        output.note(format!("The first {MOST_VALUES} of {} values.", found.len()));
    }
    let spots = found.into_iter().take(MOST_VALUES).map(|at| document.clone().at(at)).collect();
    print(args, story, spots, output)?;
    Ok(Verdict::Fine)
}

fn print(args: &Args, story: Story<'_>, spots: Vec<Spot>, output: &mut Output) -> Result<(), Failure> {
    let paper = args.layout.paper(output);
    let mut answers: Vec<Value> = Vec::new();
    for (number, spot) in spots.into_iter().enumerate() {
        let lines = match (args.forward, args.json) {
            (true, true) => {
                answers.push(report::uses_json(story, &spot, &uses(story, &spot)));
                continue;
            }
            (false, true) => {
                answers.push(report::trace_json(story, &trace(story, spot)));
                continue;
            }
            (true, false) => report::uses(story, &spot, &uses(story, &spot), paper),
            (false, false) => report::trace(story, &trace(story, spot), paper),
        };
        if number > 0 {
            output.line("")?;
        }
        lines.into_iter().try_for_each(|line| output.line(line))?;
    }
    if args.json {
        output.json(&super::why::one_or_list(answers))?;
    }
    Ok(())
}

/// Finds the execution: the only one, or the one of that name, also among those started by others.
fn chosen<'r>(args: &Args, recordings: &'r [Recording]) -> Result<(Family, MemberId, &'r Recording), Failure> {
    let Some(name) = &args.subject.execution else {
        let [recording] = recordings else {
            let names: Vec<String> = recordings.iter().take(12).map(Recording::label).collect();
            return Err(Failure::input("There are several executions in the target.")
                .hint(format!("Pick one with --execution: {}.", report::shown(&names.join(", ")))));
        };
        let family = Family::of(recording);
        let member = cause(&diagnose(&family)).map_or(MemberId::ROOT, |(member, _)| member);
        let begun = args.event.is_none() && args.state.is_none();
        return Ok((family, if begun { member } else { MemberId::ROOT }, recording));
    };
    for recording in recordings {
        let family = Family::of(recording);
        let named = family.members().find(|(_, member)| {
            let described = &member.described;
            described.name.as_deref() == Some(name) || described.arn.as_ref().is_some_and(|arn| arn.contains(name))
        });
        if let Some(member) = named.map(|(id, _)| id) {
            return Ok((family, member, recording));
        }
    }
    Err(Failure::input(format!("No execution in {} is called {}.", args.subject.target, report::shown(name))))
}

fn cause(diagnosis: &Diagnosis) -> Option<(MemberId, EventId)> {
    diagnosis.causes.first().map(|finding| (finding.place.execution, finding.place.event))
}

/// Finds the document the path is about.
fn document(args: &Args, story: Story<'_>, member: MemberId) -> Result<Document, Failure> {
    let history = story.history(member);
    let (member, event) = match (&args.state, args.event) {
        (Some(name), _) => (member, visited(story, member, name)?),
        (None, Some(number)) => {
            let event = EventId::new(number).filter(|event| history.event(*event).is_some());
            let last = history.events().last().map_or(0, |last| last.id.get());
            let failure = || Failure::input(format!("There is no event {number}."));
            (member, event.ok_or_else(|| failure().hint(format!("Events go from 1 to {last}.")))?)
        }
        (None, None) => match cause(&diagnose(story.family)).filter(|(found, _)| *found == member) {
            Some(cause) => cause,
            None => (member, history.events().last().map_or(EventId::FIRST, |last| last.id)),
        },
    };
    let (name, _) = variable(&args.path);
    if let Some(name) = name {
        let variables = history.world_at(event).map(|world| world.variables()).unwrap_or_default();
        let found = variables.iter().find(|variable| **variable.name == *name);
        let failure = || Failure::input(format!("There is no variable ${} at event {event}.", report::shown(name)));
        let found = found.ok_or_else(failure)?;
        return Ok(Document::new(member, found.assigned, What::Variable(found.name.clone())));
    }
    let own = Document::of_event(story, member, event).filter(|_| args.event.is_some() && !args.input && !args.output);
    let failure = || {
        Failure::input(format!("Event {event} carries no data of that kind, and neither does its state."))
            .hint("Say --input or --output, or another event.")
    };
    own.or_else(|| of_state(args, story, member, event)).ok_or_else(failure)
}

/// Returns the input or output of the state an event belongs to, or of the execution.
fn of_state(args: &Args, story: Story<'_>, member: MemberId, event: EventId) -> Option<Document> {
    let history = story.history(member);
    let visit = history.visit_of(event).map(|visit| history.visit(visit));
    let (from, what) = match (visit, args.output) {
        (Some(visit), true) => (visit.ended?, What::Output),
        (Some(visit), false) => (visit.entered?, What::Input),
        (None, true) => (history.end()?.id, What::Output),
        (None, false) => (EventId::FIRST, What::Input),
    };
    let document = Document::new(member, from, what);
    document.value(story).is_some().then_some(document)
}

fn visited(story: Story<'_>, member: MemberId, name: &str) -> Result<EventId, Failure> {
    let history = story.history(member);
    let last = history.visits().rev().find(|(_, visit)| &*visit.name == name);
    let event = last.and_then(|(_, visit)| visit.ended.or(visit.entered));
    event.ok_or_else(|| Failure::input(format!("No state called {} was visited.", report::shown(name))))
}

/// Splits a path that begins with a variable: its name, and the path inside of it.
fn variable(path: &str) -> (Option<&str>, String) {
    let rest = path.strip_prefix('$').unwrap_or_default();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    match rest.split_at_checked(end) {
        Some((name, rest)) if !name.is_empty() => (Some(name), format!("${rest}")),
        _ => (None, path.to_owned()),
    }
}
