//! Two runs of one machine, compared step by step. May take a while, so it is done in the background.

use super::course::went;
use super::{Kind, Panel, Row, fold_equal, with_inside};
use crate::analysis::Place as Where;
use crate::analysis::diff::{self, Comparison, DataChange, DivergenceKind, Mask, Part, Run, Spot, StateDiff, Step};
use crate::event::EventId;
use crate::history::{Family, MemberId};
use crate::json::diff::{Kind as Change, Sign};
use crate::recording::Recording;
use crate::report::breadcrumb;
use crate::tui::execution::Place;
use crate::tui::subject::Subject;
use serde_json::Value;
use std::sync::atomic::AtomicBool;

/// Characters of a value that are kept: what is longer is read where it stands.
const LONGEST: usize = 4_000;

/// Compares a run with a good one, which is called that; `None` when somebody wants it to stop meanwhile.
pub fn runs(subject: &Subject, good: &Recording, name: String, cancelled: &AtomicBool) -> Option<Panel> {
    let family = Family::of(good);
    let runs = [Run::of(good, &family), Run::of(&subject.recording, &subject.family)];
    let mask = Mask::of(&runs[0], &runs[1]);
    let comparison = diff::executions_unless(cancelled, &runs[0], &runs[1], &mask)?;
    let mut list = List { comparison: &comparison, runs: [&runs[0], &runs[1]], rows: Vec::new() };
    list.divergence();
    list.ends();
    list.definition();
    list.data("input of the execution", &comparison.input.changes);
    list.steps();
    list.data("output of the execution", &comparison.output.changes);
    let rows = with_inside(list.rows);
    let folded = fold_equal(&rows);
    let title = subject.recording.machine_name().unwrap_or("runs").to_owned();
    let mut panel = Panel::new(Kind::Runs, title, [name, subject.recording.label()], rows, folded);
    panel.select_line(0);
    Some(panel)
}

struct List<'a> {
    comparison: &'a Comparison,
    runs: [&'a Run<'a>; 2],
    rows: Vec<Row>,
}

impl List<'_> {
    /// Where they part, on top, and what differed before.
    fn divergence(&mut self) {
        let Some(divergence) = &self.comparison.divergence else { return };
        let Some(step) = self.comparison.steps.get(divergence.step) else { return };
        let lead = match divergence.kind {
            DivergenceKind::Outcome | DivergenceKind::Path | DivergenceKind::OneSided => "first difference",
            DivergenceKind::Attempts | DivergenceKind::Data => "same path; first difference in the data at",
        };
        let place = self.place(step);
        let row = self.step_row(step, &format!("{lead} {}", self.breadcrumb(step)), 0, Sign::Changed);
        self.rows.push(row);
        for reason in &divergence.because {
            let read = if reason.read { "reads" } else { "was given" };
            self.change(&reason.change, &format!("{read} {}", reason.change.at), 1, place);
            let Some(origin) = &reason.origin else { continue };
            let words = match origin.step.and_then(|step| self.comparison.steps.get(step)) {
                Some(step) => format!("first in the {} of {}", part(&origin.part), self.breadcrumb(step)),
                None => "from the input of the execution".to_owned(),
            };
            self.rows.push(Row::words(2, &words, Sign::Inside, place));
        }
        if divergence.because.is_empty() && step.visits().is_some() && divergence.kind != DivergenceKind::Data {
            let label = "same input, different result";
            self.rows.push(Row::words(1, label, Sign::Inside, place));
        }
    }

    fn ends(&mut self) {
        let [old, new] = self.comparison.status.each_ref().map(|status| Some(status.name().into()));
        let sign = if old == new { Sign::Same } else { Sign::Changed };
        self.rows.push(Row { old, new, ..Row::words(0, "status", sign, None) });
    }

    fn definition(&mut self) {
        let Some(definition) = self.comparison.definition.as_ref().filter(|diff| !diff.is_empty()) else { return };
        self.rows.push(Row::words(0, "the definitions they ran", Sign::Inside, None));
        for change in &definition.machine {
            self.change(change, &change.at.to_string(), 1, None);
        }
        for state in &definition.states {
            match state {
                StateDiff::Added(name) => self.rows.push(Row::words(1, name, Sign::Added, None)),
                StateDiff::Removed(name) => self.rows.push(Row::words(1, name, Sign::Removed, None)),
                StateDiff::Changed { name, was, moved, fields } => {
                    if let Some(was) = was {
                        let [old, new] = [was, name].map(|name| Some(name.as_str().into()));
                        self.rows.push(Row { old, new, ..Row::words(1, "renamed", Sign::Changed, None) });
                    }
                    if let Some(moved) = moved {
                        let [old, new] = moved.each_ref().map(|place| Some(place.as_str().into()));
                        self.rows.push(Row {
                            old,
                            new,
                            ..Row::words(1, &format!("{name} moved"), Sign::Changed, None)
                        });
                    }
                    if !fields.is_empty() {
                        self.rows.push(Row::words(1, name, Sign::Inside, None));
                    }
                    for field in fields {
                        self.change(field, &field.at.to_string(), 2, None);
                    }
                }
            }
        }
    }

    fn data(&mut self, title: &str, changes: &[DataChange]) {
        if changes.is_empty() {
            return;
        }
        self.rows.push(Row::words(
            0,
            title,
            Sign::Inside,
            Some(Place { member: MemberId::ROOT, event: EventId::FIRST }),
        ));
        for change in changes {
            self.change(change, &change.at.to_string(), 1, None);
        }
    }

    fn steps(&mut self) {
        let steps = &self.comparison.steps;
        // What holds something that differs is no equal part.
        let mut holds = vec![false; steps.len()];
        for step in steps.iter().rev().filter(|step| step.differs()) {
            let mut at = step.parent;
            while let Some(holder) = at.and_then(|at| holds.get_mut(at)).filter(|holds| !**holds) {
                *holder = true;
                at = at.and_then(|at| steps.get(at)?.parent);
            }
        }
        for (step, holds) in steps.iter().zip(holds) {
            let sign = match (step.old, step.new) {
                (Some(_), None) => Sign::Removed,
                (None, Some(_)) => Sign::Added,
                _ if !step.differences.is_empty() => Sign::Changed,
                _ if holds || !step.data.is_empty() => Sign::Inside,
                _ => Sign::Same,
            };
            let place = self.place(step);
            let row = self.step_row(step, &self.name(step), step.depth, sign);
            self.rows.push(row);
            for change in &step.data {
                let label = format!("{} {}", part(&change.part), change.at);
                self.change(change, &label, step.depth.saturating_add(1), place);
            }
        }
    }

    fn change(&mut self, change: &DataChange, label: &str, depth: u16, place: Option<Place>) {
        let sign = match change.kind {
            Change::Added => Sign::Added,
            Change::Removed => Sign::Removed,
            Change::Moved => Sign::Moved,
            Change::Changed | Change::Retyped | Change::Rewritten => Sign::Changed,
        };
        let [old, new] = [&change.old, &change.new].map(|value| value.as_ref().map(text));
        self.rows.push(Row { old, new, ..Row::words(depth, label, sign, place) });
    }

    fn step_row(&self, step: &Step, label: &str, depth: u16, sign: Sign) -> Row {
        let went = |side: usize, spot: Option<Spot>| spot.map(|spot| self.went(side, spot).into());
        let (old, new) = (went(0, step.old), went(1, step.new));
        Row { old, new, ..Row::words(depth, label, sign, self.place(step)) }
    }

    /// How a visit went: its outcome, its attempts, and where it led.
    fn went(&self, side: usize, spot: Spot) -> String {
        let Spot::Visit(member, visit) = spot else { return String::new() };
        went(self.runs[side].history(member), visit)
    }

    fn name(&self, step: &Step) -> String {
        let (side, Some(spot)) = (usize::from(step.new.is_some()), step.new.or(step.old)) else {
            return String::new();
        };
        match spot {
            Spot::Visit(member, visit) => self.runs[side].history(member).visit(visit).name.to_string(),
            Spot::Scope(member, scope) => {
                let index = self.runs[side].history(member).scope(scope).index();
                format!("[{}]", index.unwrap_or_default())
            }
            Spot::Execution(member) => {
                let name = self.runs[side].family.member(member).described.name.as_deref();
                format!("execution {}", name.unwrap_or_default())
            }
        }
    }

    fn breadcrumb(&self, step: &Step) -> String {
        let (side, Some(spot)) = (usize::from(step.new.is_some()), step.new.or(step.old)) else {
            return String::new();
        };
        breadcrumb(&found(self.runs[side], spot))
    }

    /// Where the cursor goes: only what is in the run on the screen has a place there.
    fn place(&self, step: &Step) -> Option<Place> {
        let place = found(self.runs[1], step.new?);
        Some(Place { member: place.execution, event: place.event })
    }
}

fn found(run: &Run<'_>, spot: Spot) -> Where {
    match spot {
        Spot::Visit(member, visit) => Where::of_visit(run.family, member, visit),
        Spot::Scope(member, scope) => {
            let started = run.history(member).scope(scope).started;
            Where::of(run.family, member, started.unwrap_or(EventId::FIRST))
        }
        Spot::Execution(member) => Where::of(run.family, member, EventId::FIRST),
    }
}

fn part(part: &Part) -> String {
    match part {
        Part::Assigned(name) => format!("${name}"),
        part => part.name().to_owned(),
    }
}

fn text(value: &Value) -> Box<str> {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => text.get(..at).unwrap_or_default().into(),
        None => text.into(),
    }
}
