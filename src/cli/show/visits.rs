//! Questions about single visits: the way of their data, and why they went where they went.

use super::{Args, Target, no_event, no_state};
use crate::analysis::{Explanation, Flow, NoProgram, Place, Scene};
use crate::cli::Failure;
use crate::event::EventId;
use crate::history::{MemberId, VisitId};
use crate::report::{self, Paper};
use serde_json::{Map, Value, json};

/// What is asked about visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Flow,
    Explain,
}

/// Returns what is asked about visits, if anything.
pub(super) fn question(args: &Args) -> Option<Question> {
    match (args.flow, args.explain) {
        (true, _) => Some(Question::Flow),
        (_, true) => Some(Question::Explain),
        _ => None,
    }
}

/// Returns the places that are asked about: those of a state, that of an event, or that of the failure.
fn places(args: &Args, target: &Target) -> Result<Vec<Place>, Failure> {
    let family = &target.family;
    if let Some(name) = &args.state {
        let of_member = |(member, visit): (MemberId, VisitId)| Place::of_visit(family, member, visit);
        let visits = family.members().flat_map(|(member, described)| {
            let named = described.history.visits().filter(|(_, visit)| *visit.name == **name);
            named.map(move |(visit, _)| (member, visit))
        });
        let places: Vec<Place> = visits.map(of_member).collect();
        return if places.is_empty() { Err(no_state(target, name)) } else { Ok(places) };
    }
    if let Some(number) = args.at {
        let event = EventId::new(number).filter(|event| family.root().event(*event).is_some());
        let event = event.ok_or_else(|| no_event(target, number))?;
        let mut place = Place::of(family, MemberId::ROOT, event);
        place.visit = place.visit.or_else(|| family.root().visit_of(event));
        let hint = "Event numbers of states stand in the output of show --events.";
        let none = || Failure::input(format!("Event {number} belongs to no state.")).hint(hint.to_owned());
        return place.visit.is_some().then(|| vec![place]).ok_or_else(none);
    }
    let failed = target.diagnosis.causes.iter().map(|cause| cause.place.clone()).find(|place| place.visit.is_some());
    let hint = "Say which: --state NAME or --at EVENT.".to_owned();
    failed.map(|place| vec![place]).ok_or_else(|| Failure::input("No state of this execution failed.").hint(hint))
}

/// Returns the scene of a place, which is known to have a visit.
fn scene<'a>(target: &'a Target, place: &Place) -> Result<Scene<'a>, NoProgram> {
    let history = &target.family.member(place.execution).history;
    let visit = place.visit.ok_or(NoProgram::Missing)?;
    Scene::of(&target.programs, place.execution, history, visit, place.attempt)
}

/// Answers as text.
pub(super) fn lines(question: Question, args: &Args, target: &Target, paper: Paper) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for place in places(args, target)? {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let found = scene(target, &place).and_then(|scene| {
            Ok(match question {
                Question::Flow => {
                    let flow = Flow::of(&scene)?;
                    let title = report::visit_title(&place, &flow.head);
                    (title, report::flow_entries(&flow))
                }
                Question::Explain => {
                    let seen = Explanation::of(&scene)?;
                    let title = report::visit_title(&place, &seen.head);
                    (title, report::explain_entries(&seen))
                }
            })
        });
        match found {
            Ok((title, entries)) => {
                lines.extend(report::print_outline(&[title], paper));
                lines.extend(report::print_outline(&entries, paper));
            }
            Err(reason) => return Err(no_program(&reason)),
        }
    }
    Ok(lines)
}

/// Answers as JSON.
pub(super) fn answer(question: Question, args: &Args, target: &Target) -> Result<Value, Failure> {
    let mut visits = Vec::new();
    for place in places(args, target)? {
        let found = scene(target, &place).and_then(|scene| match question {
            Question::Flow => Flow::of(&scene).map(|flow| report::flow_json(&flow)),
            Question::Explain => Explanation::of(&scene).map(|seen| report::explain_json(&seen)),
        });
        let attempt =
            place.attempt.map(|attempt| target.family.member(place.execution).history.attempt(attempt).number);
        let mut members = Map::new();
        members.insert("place".to_owned(), json!(report::breadcrumb(&place)));
        members.insert("execution".to_owned(), json!(target.family.member(place.execution).described.name.as_deref()));
        members.insert("event".to_owned(), json!(place.event.get()));
        members.insert("attempt".to_owned(), json!(attempt));
        match found {
            Ok(found) => members.extend(found),
            Err(reason) => drop(members.insert("reason".to_owned(), json!(reason.to_string()))),
        }
        visits.push(Value::Object(members));
    }
    let format = match question {
        Question::Flow => "stepback.flow/1",
        Question::Explain => "stepback.explain/1",
    };
    Ok(json!({ "format": format, "visits": visits }))
}

fn no_program(reason: &NoProgram) -> Failure {
    let failure = Failure::input(reason.to_string());
    match reason {
        NoProgram::Missing => failure.hint(
            "Put the answer of describe-state-machine-for-execution beside the history, or record the execution again."
                .to_owned(),
        ),
        NoProgram::Refused(_) | NoProgram::NoState(_) => failure,
    }
}
