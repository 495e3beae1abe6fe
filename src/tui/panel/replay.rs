//! A run and its replay: how true the replay is, where it leaves the recording, and what was not checked.

use super::{Kind, Panel, Row, with_inside};
use crate::event::EventId;
use crate::history::MemberId;
use crate::json::diff::{Shown, Sign};
use crate::replay::{Divergence, Outcome, Standing, Verdict};
use crate::report::{replay_reason, replay_rule};
use crate::tui::execution::Place;
use crate::tui::subject::Subject;
use std::collections::BTreeMap;

/// Characters of a value that are kept.
const LONGEST: usize = 4_000;

/// What a replay showed.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// In detail.
    pub panel: Panel,
    /// In a few words: how much of the recorded run is reproduced, or where the replay leaves it.
    pub badge: String,
    /// Whether it is what was recorded.
    pub agrees: bool,
}

impl Replayed {
    /// Tells what a replay of a run showed.
    pub fn new(subject: &Subject, outcome: &Outcome) -> Self {
        let rows = with_inside(rows(outcome));
        // What was not checked is a long list that few will read.
        let folded = fold_unchecked(&rows);
        let title = format!("replay of {}", subject.recording.label());
        let sides = ["recorded".to_owned(), "replayed".to_owned()];
        let mut panel = Panel::new(Kind::Replay, title, sides, rows, folded);
        panel.select_line(0);
        Self { panel, badge: badge(outcome), agrees: outcome.fidelity.verdict == Verdict::Agrees }
    }
}

fn badge(outcome: &Outcome) -> String {
    let fidelity = &outcome.fidelity;
    let event = outcome.divergence.as_ref().and_then(|divergence| divergence.recorded.as_ref());
    match (fidelity.verdict, event) {
        (Verdict::Agrees, _) => format!("fidelity {}/{}", fidelity.agreed, fidelity.compared),
        (Verdict::Diverges, Some(event)) => format!("diverges at event {}", event.id),
        (Verdict::Diverges, None) => "diverges at the end".to_owned(),
        (Verdict::Stopped, _) => format!("replay stopped, {}/{}", fidelity.agreed, fidelity.compared),
    }
}

fn rows(outcome: &Outcome) -> Vec<Row> {
    let fidelity = &outcome.fidelity;
    let mut rows = outcome.divergence.as_ref().map(divergence).unwrap_or_default();
    let agreed = format!("{} of {} events are what was recorded", fidelity.agreed, fidelity.compared);
    rows.push(Row::words(0, &agreed, Sign::Inside, None));
    rows.extend(replay_reason(outcome).map(|reason| Row::words(1, &reason, Sign::Inside, None)));
    let [old, new] = [&outcome.recorded, &outcome.standing].map(|standing| Some(ended(standing)));
    // Values that AWS draws anew do not make the end another one.
    let same = old == new || fidelity.verdict == Verdict::Agrees;
    let sign = if same { Sign::Same } else { Sign::Changed };
    rows.push(Row { old, new, ..Row::words(0, "end", sign, None) });
    for (state, _, count) in &outcome.unused {
        let words = if *count == 1 { "recorded answer" } else { "recorded answers" };
        rows.push(Row::words(0, &format!("not used: {count} {words} of {state}"), Sign::Inside, None));
    }
    unchecked(outcome, &mut rows);
    rows
}

/// The first event that is not as recorded, on top.
fn divergence(divergence: &Divergence) -> Vec<Row> {
    let state = divergence.state.as_deref().map(|state| format!(" ({state})")).unwrap_or_default();
    let place = divergence.recorded.as_ref().map(|event| at(event.id));
    let named = |event: &crate::event::Event| format!("event {} {}", event.id, event.kind);
    let recorded = divergence.recorded.as_ref().map(|event| Box::from(named(event)));
    let replayed = divergence.replayed.as_ref().map(|event| Box::from(named(event)));
    let head = Row::words(0, &format!("first divergence{state}"), Sign::Changed, place);
    let mut rows = vec![Row { old: recorded, new: replayed, ..head }];
    if let Some(difference) = &divergence.difference {
        let path = if difference.path.is_empty() { "the details" } else { difference.path.as_str() };
        let [old, new] =
            [&difference.expected, &difference.actual].map(|value| value.as_ref().map(|value| cut(&value.to_string())));
        rows.push(Row { old, new, ..Row::words(1, path, Sign::Changed, place) });
    }
    rows.extend(replay_rule(divergence).map(|rule| Row::words(1, &rule, Sign::Inside, place)));
    rows
}

fn unchecked(outcome: &Outcome, rows: &mut Vec<Row>) {
    let mut reasons: BTreeMap<&str, Vec<(EventId, &str)>> = BTreeMap::new();
    for it in &outcome.fidelity.not_checked {
        reasons.entry(it.reason.reason()).or_default().push((it.event, &it.path));
    }
    for (reason, values) in reasons {
        let words = if values.len() == 1 { "value" } else { "values" };
        let label = format!("not checked: {} {words}, {reason}", values.len());
        rows.push(Row::words(0, &label, Sign::Excused, None));
        for (event, path) in values {
            rows.push(Row::words(1, &format!("event {event} {path}"), Sign::Excused, Some(at(event))));
        }
    }
}

fn fold_unchecked(rows: &[Row]) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        shown.push(Shown::Row(at));
        if row.sign == Sign::Excused && row.inside > 0 {
            shown.push(Shown::Folded(at + 1..at + 1 + row.inside));
            at += row.inside;
        }
        at += 1;
    }
    shown
}

/// Only the run itself is replayed with its events on the screen; children answer as recorded.
fn at(event: EventId) -> Place {
    Place { member: MemberId::ROOT, event }
}

fn ended(standing: &Standing) -> Box<str> {
    let failure = [standing.failure.error.as_deref(), standing.failure.cause.as_deref()];
    let output = standing.output.as_ref().map(|output| output.text().to_owned());
    let told = output.unwrap_or_else(|| failure.into_iter().flatten().collect::<Vec<_>>().join(": "));
    cut(&format!("{} {told}", standing.status.name()))
}

fn cut(text: &str) -> Box<str> {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default().into()
}
