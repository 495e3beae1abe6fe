//! The data of visits and attempts, compared.

use super::{Kind, Panel};
use crate::analysis::diff::Mask;
use crate::analysis::fleet::{Spot, Survey};
use crate::analysis::pairing::{self, told};
use crate::event::{EventId, Failure};
use crate::history::{AttemptId, History, ScopeId, VisitId};
use crate::json::Payload;
use crate::json::diff::{Judge, Strict, diff_with};
use crate::tui::execution::{Place, failure_of};
use crate::tui::subject::Subject;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Compares an attempt with the one before it, or what went into a visit with what came out.
pub fn here(history: &History, event: EventId) -> Result<Panel, String> {
    let Some(visit) = history.visit_of(event) else {
        return execution_through(history)
            .ok_or_else(|| "This execution has no input and output to compare.".to_owned());
    };
    let (name, attempts) = (&history.visit(visit).name, &history.visit(visit).attempts);
    let at = history.attempt_of(event).and_then(|attempt| attempts.iter().position(|other| *other == attempt));
    let through = || through(name, history.input(visit), history.output(visit));
    if at.is_none()
        && let Some(panel) = through()
    {
        return Ok(panel);
    }
    let later = at.unwrap_or(attempts.len().saturating_sub(1)).max(1);
    match (attempts.get(later - 1), attempts.get(later)) {
        (Some(old), Some(new)) => Ok(attempts_compared(name, history, *old, *new)),
        _ => through().ok_or_else(|| format!("{name} has no output to compare its input with.")),
    }
}

/// Compares two marked places: attempts if both are of one, else visits or executions.
pub fn marked(subject: &Subject, old: Place, new: Place) -> Panel {
    let [was, is] = [old, new].map(|place| subject.history(place.member));
    let both = was.attempt_of(old.event).zip(is.attempt_of(new.event));
    let (documents, sides) = match both {
        Some((before, after)) => (
            [attempt_document(was, before), attempt_document(is, after)],
            [attempt_title(was, before), attempt_title(is, after)],
        ),
        None => {
            let documents = [place_document(was, old.event), place_document(is, new.event)];
            (documents, [place_title(was, old.event), place_title(is, new.event)])
        }
    };
    compared(Kind::Marked, "marked".to_owned(), sides, &documents, &Mask::shapes())
}

/// Compares two items of a Map, the second with the first.
pub fn items(subject: &Subject, survey: &Survey, pair: [usize; 2]) -> Panel {
    let label = |at: usize| {
        let (item, trace) = survey.items.get(at).zip(survey.traces.get(at))?;
        Some(format!("{} {}", item.label, trace.status.word()))
    };
    let document = |at: usize| match survey.traces.get(at).map(|trace| trace.spot) {
        Some(Spot::Iteration(scope)) => flow_document(subject.history(survey.of.execution), scope, None),
        Some(Spot::Child(child)) => {
            let input = subject.family.member(child).input();
            flow_document(subject.history(child), ScopeId::ROOT, input)
        }
        None => Value::Object(Map::new()),
    };
    let title = format!("items of {}", survey.map);
    let sides = pair.map(|at| label(at).unwrap_or_default());
    compared(Kind::Marked, title, sides, &pair.map(document), &Mask::shapes())
}

/// Compares what is known about a part of a recording with what is known about its counterpart in a replay.
pub(super) fn pair(
    recorded: Option<(&History, pairing::Spot)>,
    replayed: Option<(&History, pairing::Spot)>,
) -> Option<Panel> {
    let (history, spot) = recorded.or(replayed)?;
    let title = match spot {
        pairing::Spot::Visit(visit) => history.visit(visit).name.to_string(),
        pairing::Spot::Event(event) => history.event(event)?.kind.name().to_owned(),
        pairing::Spot::Flow(_) => return None,
    };
    let document = |side: Option<(&History, pairing::Spot)>| match side {
        Some((history, pairing::Spot::Visit(visit))) => visit_document(history, visit),
        Some((history, pairing::Spot::Event(event))) => history.event(event).map(told).unwrap_or_default(),
        _ => Value::Object(Map::new()),
    };
    let event = |spot| match spot {
        pairing::Spot::Event(event) => format!(" event {event}"),
        _ => String::new(),
    };
    let side = |word: &str, side: Option<(&History, pairing::Spot)>| match side {
        Some((_, spot)) => format!("{word}{}", event(spot)),
        None => format!("not {word}"),
    };
    let sides = [side("recorded", recorded), side("replayed", replayed)];
    let documents = [document(recorded), document(replayed)];
    Some(compared(Kind::Pair, title, sides, &documents, &Mask::shapes()))
}

fn attempts_compared(name: &str, history: &History, old: AttemptId, new: AttemptId) -> Panel {
    let sides = [old, new].map(|attempt| format!("attempt {}", history.attempt(attempt).number));
    let documents = [old, new].map(|attempt| attempt_document(history, attempt));
    compared(Kind::Here, name.to_owned(), sides, &documents, &Mask::shapes())
}

fn through(name: &str, input: Option<&Payload>, output: Option<&Payload>) -> Option<Panel> {
    let documents = [parsed(input?), parsed(output?)];
    let sides = ["input".to_owned(), "output".to_owned()];
    Some(compared(Kind::Here, name.to_owned(), sides, &documents, &Strict))
}

fn execution_through(history: &History) -> Option<Panel> {
    through("execution", history.execution_input(), history.end().and_then(|end| end.details.output()))
}

fn compared(kind: Kind, title: String, sides: [String; 2], documents: &[Value; 2], judge: &dyn Judge) -> Panel {
    let [old, new] = documents;
    Panel::of_data(kind, title, sides, &diff_with(old, new, judge).rows())
}

fn attempt_document(history: &History, attempt: AttemptId) -> Value {
    let mut document = Map::new();
    add(&mut document, "sent", history.attempt_input(attempt));
    add(&mut document, "answered", history.attempt_output(attempt));
    let failure = history.attempt(attempt).outcome.failure().and_then(|event| failure_of(history, event));
    add_failure(&mut document, failure);
    Value::Object(document)
}

fn visit_document(history: &History, visit: VisitId) -> Value {
    let mut document = Map::new();
    add(&mut document, "input", history.input(visit));
    add(&mut document, "output", history.output(visit));
    for (name, value) in history.assigned(visit).map(|assigned| &assigned.values).into_iter().flatten() {
        add(&mut document, &format!("${name}"), Some(value));
    }
    let failure = history.visit(visit).outcome.failure().and_then(|event| failure_of(history, event));
    add_failure(&mut document, failure);
    Value::Object(document)
}

/// A flow by its states, which are a member of their own: one of them may be called `input`. What a state was given is
/// left out when it is what the one before it put out.
fn flow_document(history: &History, scope: ScopeId, input: Option<&Payload>) -> Value {
    let visits = &history.scope(scope).visits;
    let mut document = Map::new();
    let first = visits.first().and_then(|visit| history.input(*visit));
    add(&mut document, "input", input.or(first));
    let mut before = first.map(Payload::text);
    let mut states = Map::new();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for visit in visits {
        let mut state = visit_document(history, *visit);
        let input = history.input(*visit).map(Payload::text);
        if let Some(members) = state.as_object_mut().filter(|_| input == before) {
            members.remove("input");
        }
        before = history.output(*visit).map(Payload::text);
        let name = &*history.visit(*visit).name;
        let time = times.entry(name).and_modify(|time| *time += 1).or_insert(1);
        let mut key = if *time == 1 { name.to_owned() } else { format!("{name}, visit {time}") };
        // A state may be called what another is called the second time.
        while states.contains_key(&key) {
            key.push('\'');
        }
        states.insert(key, state);
    }
    document.insert("states".to_owned(), Value::Object(states));
    Value::Object(document)
}

fn place_document(history: &History, event: EventId) -> Value {
    if let Some(visit) = history.visit_of(event) {
        return visit_document(history, visit);
    }
    let mut document = Map::new();
    add(&mut document, "input", history.execution_input());
    add(&mut document, "output", history.end().and_then(|end| end.details.output()));
    add_failure(&mut document, history.end().and_then(|end| end.details.failure()));
    Value::Object(document)
}

fn attempt_title(history: &History, attempt: AttemptId) -> String {
    let attempt = history.attempt(attempt);
    let visit = history.visit(attempt.visit);
    match visit.attempts.len() {
        0 | 1 => format!("{} at event {}", visit.name, attempt.scheduled),
        _ => format!("{}, attempt {} at event {}", visit.name, attempt.number, attempt.scheduled),
    }
}

fn place_title(history: &History, event: EventId) -> String {
    match history.visit_of(event).map(|visit| history.visit(visit)) {
        Some(visit) => format!("{} at event {}", visit.name, visit.entered.unwrap_or(event)),
        None => "the execution".to_owned(),
    }
}

fn add(document: &mut Map<String, Value>, name: &str, payload: Option<&Payload>) {
    if let Some(payload) = payload {
        document.insert(name.to_owned(), parsed(payload));
    }
}

fn add_failure(document: &mut Map<String, Value>, failure: Option<&Failure>) {
    let parts = failure.map(|failure| [("error", &failure.error), ("cause", &failure.cause)]);
    for (name, text) in parts.into_iter().flatten() {
        if let Some(text) = text {
            document.insert(name.to_owned(), Value::String(text.to_string()));
        }
    }
}

/// Histories hold very many payloads, so this one is not kept parsed. What is no JSON is compared as text.
fn parsed(payload: &Payload) -> Value {
    serde_json::from_str(payload.text()).unwrap_or_else(|_| Value::String(payload.text().to_owned()))
}
