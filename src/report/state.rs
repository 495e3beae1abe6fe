//! One state's visits with their data, and how things stood at one event.

use super::page::{Page, Paper, Role};
use super::quantity::duration;
use super::signs::{attempt_note, note, outcome_sign};
use super::why::{function_log, waiting_words};
use super::words::breadcrumb;
use crate::analysis::{Diagnosis, FunctionLog, Place};
use crate::event::EventId;
use crate::history::{Family, MemberId, VisitId};

/// Returns the visits of one state with their data, or `None` when there is none.
pub fn state(family: &Family, name: &str, paper: Paper) -> Option<Vec<String>> {
    let mut page = Page::new(paper);
    for (execution, member) in family.members() {
        let visits = member.history.visits().filter(|(_, visit)| &*visit.name == name);
        for (id, _) in visits {
            page.gap();
            state_visit(&mut page, family, execution, id);
        }
    }
    let lines = page.into_lines();
    (!lines.is_empty()).then_some(lines)
}

fn state_visit(page: &mut Page, family: &Family, execution: MemberId, id: VisitId) {
    let history = &family.member(execution).history;
    let visit = history.visit(id);
    let (role, sign) = outcome_sign(page.paper(), visit.outcome);
    let place = breadcrumb(&Place::of_visit(family, execution, id));
    let took = history.duration_micros(id).map(duration).unwrap_or_default();
    page.line(&[(role, &format!("{sign} {place}")), (Role::Dim, &format!("  {}, {took}", visit.kind))]);
    let note = note(history, id);
    if !note.is_empty() {
        page.labelled("how", Role::Plain, &note, 2);
    }
    let range = match (visit.entered, visit.ended) {
        (Some(entered), Some(ended)) => format!("{entered} to {ended}"),
        (entered, ended) => entered.or(ended).map(|event| event.to_string()).unwrap_or_default(),
    };
    page.labelled("events", Role::Plain, &range, 1);
    for attempt in &visit.attempts {
        let attempt = history.attempt(*attempt);
        let text = format!("{} at event {}: {}", attempt.number, attempt.scheduled, attempt_note(history, attempt));
        page.labelled("attempt", Role::Plain, text.trim_end_matches(": "), 2);
    }
    for attempt in &visit.attempts {
        let ended = history.attempt(*attempt).outcome.failure();
        if let Some(log) = ended.and_then(|event| family.member(execution).log_of(event)) {
            function_log(page, &FunctionLog::of(log));
        }
    }
    let most = 24;
    if let Some(input) = history.input(id) {
        page.payload("input", input, most);
    }
    if let Some(output) = history.output(id) {
        page.payload("output", output, most);
    }
    for (name, value) in history.assigned(id).iter().flat_map(|assigned| &assigned.values) {
        page.labelled("assigned", Role::Plain, &format!("{name} = {}", value.text()), 4);
    }
}

/// Returns the state of the execution asked about right after an event, or `None` when there is no such event.
pub fn at(family: &Family, event: EventId, diagnosis: &Diagnosis, paper: Paper) -> Option<Vec<String>> {
    let history = family.root();
    let world = history.world_at(event)?;
    let mut page = Page::new(paper);
    let place = Place::of(family, MemberId::ROOT, event);
    page.line(&[
        (Role::Strong, &format!("Event {event}")),
        (Role::Plain, &format!("  {}", world.event().kind.name())),
        (Role::Dim, &format!("  {} in", duration(world.elapsed_micros()))),
    ]);
    page.labelled("where", Role::Plain, &breadcrumb(&place), 3);
    for visit in world.open().into_iter().take(20) {
        let place = Place::of_visit(family, MemberId::ROOT, visit);
        page.labelled("open", Role::Running, &breadcrumb(&place), 2);
    }
    for variable in world.variables() {
        let text = format!("{} = {} (event {})", variable.name, variable.value.text(), variable.assigned);
        page.labelled("variable", Role::Plain, &text, 4);
    }
    if let Some(failure) = world.event().details.failure() {
        let error = failure.error.as_deref().unwrap_or_default();
        page.labelled("error", Role::Failed, error, 2);
    }
    if let Some(input) = world.input() {
        page.payload("input", input, 24);
    }
    if let Some(output) = world.event().details.output() {
        page.payload("output", output, 24);
    }
    let last = history.events().last().is_some_and(|last| last.id == event);
    for waiting in diagnosis.waiting.iter().filter(|_| last) {
        page.labelled("waiting", Role::Running, &waiting_words(waiting), 3);
    }
    Some(page.into_lines())
}
