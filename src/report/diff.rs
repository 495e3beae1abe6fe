//! Two executions compared, as text.
//!
//! ```text
//! - order-shipped.sfn.json            MH-2026-118429  SUCCEEDED  55 events
//! + order-payment-declined.sfn.json   MH-2026-118432  FAILED     78 events
//!
//! They part at ChargeCard:
//!   - succeeded, then PrepareParcel
//!   + failed after 3 attempts: CardDeclined (insufficient funds), caught, then ReleaseStock
//!   What it was given differed:
//!     ~ $.validation.totalCents  51150 → 60760  (+9610)  first in the answer of ValidateOrder
//! …
//! ```

use super::diff_changes::{Line, changes};
use super::diff_documents::{definition_lines, lines, masked};
use super::page::{Page, Paper, Role, width};
use super::quantity::counted;
use super::words::breadcrumb;
use crate::analysis::diff::{Comparison, Data, Difference, DivergenceKind, Origin, Part, Run, Spot, Step};
use crate::analysis::{Message, Place};
use crate::event::{EventId, Failure, StateType};
use crate::history::{MemberId, Outcome, Visit, VisitId};

/// Steps that are shown before the rest is counted.
const STEPS: usize = 60;
/// Changes of one step that are shown.
const CHANGES: usize = 12;

/// One side of a comparison and what the reader calls it.
#[derive(Debug, Clone, Copy)]
pub struct DiffSide<'a> {
    /// Its name: that of the file.
    pub title: &'a str,
    /// The run.
    pub run: &'a Run<'a>,
}

/// Returns two executions compared.
pub fn diff(comparison: &Comparison, sides: [DiffSide<'_>; 2], paper: Paper) -> Vec<String> {
    let mut report = Report::new(comparison, sides, paper);
    report.heading();
    if !comparison.differs() {
        report.page.gap();
        report.page.text(0, Role::Succeeded, "No differences.", 1);
    }
    report.divergence();
    report.definition();
    report.data("The input of the execution", &comparison.input);
    report.steps();
    report.data("The output of the execution", &comparison.output);
    report.excused(comparison.excused);
    report.page.into_lines()
}

/// Returns the visits of one state compared, with everything that differs in their data.
pub fn one_state_diff(
    state: &str,
    comparison: &Comparison,
    visits: &[(usize, Data)],
    sides: [DiffSide<'_>; 2],
    paper: Paper,
) -> Vec<String> {
    let mut report = Report::new(comparison, sides, paper);
    report.heading();
    report.page.gap();
    report.page.line(&[(Role::Strong, state), (Role::Dim, &format!("  {}", counted(visits.len(), "visit", "visits")))]);
    let mut excused = 0;
    for (number, (step, data)) in visits.iter().enumerate() {
        let Some(step) = comparison.steps.get(*step) else { continue };
        excused += data.excused;
        if number >= STEPS {
            continue;
        }
        report.page.gap();
        report.ways(step, 0);
        if data.changes.is_empty() && step.visits().is_some() {
            report.page.text(2, Role::Dim, "Its data does not differ.", 1);
        }
        changes(&mut report.page, 2, lines(&data.changes), usize::MAX);
    }
    report.rest(visits.len().saturating_sub(STEPS), "visit");
    report.excused(excused);
    report.page.into_lines()
}

pub(super) struct Report<'a> {
    comparison: &'a Comparison,
    sides: [DiffSide<'a>; 2],
    page: Page,
}

impl<'a> Report<'a> {
    /// A report without anything in it yet.
    pub(super) fn new(comparison: &'a Comparison, sides: [DiffSide<'a>; 2], paper: Paper) -> Self {
        Self { comparison, sides, page: Page::new(paper) }
    }

    /// Adds a line for each side: what it is called, and how it went.
    fn heading(&mut self) {
        let column = self.sides.iter().map(|side| width(side.title)).max().unwrap_or_default();
        let room = self.page.paper().width.saturating_sub(2);
        for (place, side) in self.sides.iter().enumerate() {
            let (role, sign) = if place == 0 { (Role::Removed, "- ") } else { (Role::Added, "+ ") };
            let events = counted(side.run.family.root().events().len(), "event", "events");
            let status = &self.comparison.status[place];
            let name = side.run.name().unwrap_or_default();
            let about = format!("{name}  {status}  {events}");
            let title =
                format!("{:<w$}", side.title, w = column + side.title.len() - width(side.title).min(side.title.len()));
            if column + 2 + width(&about) <= room {
                self.page.line(&[(role, sign), (Role::Strong, &title), (Role::Dim, "  "), (Role::Plain, &about)]);
            } else {
                self.page.line(&[(role, sign), (Role::Strong, side.title)]);
                self.page.text(4, Role::Plain, &about, 1);
            }
        }
    }

    /// Adds the first step that differs, how it went on either side, and what differed before.
    fn divergence(&mut self) {
        let Some(divergence) = &self.comparison.divergence else { return };
        let Some(step) = self.comparison.steps.get(divergence.step) else { return };
        self.page.gap();
        let lead = match divergence.kind {
            DivergenceKind::Outcome | DivergenceKind::Path | DivergenceKind::OneSided => "They part at",
            DivergenceKind::Attempts => "The way is the same; first difference at",
            DivergenceKind::Data => "The way is the same; the data differs first at",
        };
        let events = self.events(step);
        self.page.line(&[(Role::Plain, &format!("{lead} ")), (Role::Strong, &self.place(step)), (Role::Dim, &events)]);
        if divergence.kind == DivergenceKind::Data {
            return;
        }
        self.way(step, 2);
        self.message(step);
        if divergence.because.is_empty() {
            if step.visits().is_some() {
                self.page.text(2, Role::Plain, "What it was given did not differ: what came back did.", 1);
            }
            return;
        }
        let read = divergence.because.iter().any(|reason| reason.read);
        let text = if read { "What it reads differed before:" } else { "What it was given differed before:" };
        self.page.text(2, Role::Plain, text, 1);
        let notes: Vec<String> = divergence.because.iter().map(|reason| self.origin(reason.origin.as_ref())).collect();
        let lines = divergence.because.iter().zip(&notes).map(|(reason, note)| Line {
            kind: reason.change.kind,
            part: "",
            at: &reason.change.at,
            was_at: reason.change.was_at.as_ref(),
            old: reason.change.old.as_ref(),
            new: reason.change.new.as_ref(),
            note,
        });
        changes(&mut self.page, 4, lines, usize::MAX);
        if divergence.more > 0 {
            let more = counted(divergence.more, "other difference", "other differences");
            self.page.text(4, Role::Dim, &format!("… and {more} of its input"), 1);
        }
    }

    /// Returns where a difference was seen first.
    pub(super) fn origin(&self, origin: Option<&Origin>) -> String {
        let Some(origin) = origin else { return String::new() };
        let Some(step) = origin.step else { return "from the execution's input".to_owned() };
        let state = self.comparison.steps.get(step).map(|step| self.place(step)).unwrap_or_default();
        match &origin.part {
            Part::Assigned(name) => format!("from ${name}, assigned by {state}"),
            part => format!("from the {} of {state}", part.name()),
        }
    }

    fn definition(&mut self) {
        let Some(diff) = self.comparison.definition.as_ref().filter(|diff| !diff.is_empty()) else { return };
        self.page.gap();
        self.page.line(&[(Role::Strong, "The definitions they ran")]);
        definition_lines(&mut self.page, diff, 2);
    }

    fn data(&mut self, title: &str, data: &Data) {
        if !data.changes.is_empty() {
            self.page.gap();
            self.page.line(&[(Role::Strong, title)]);
            changes(&mut self.page, 2, lines(&data.changes), CHANGES);
        }
    }

    /// Adds the steps that differ, under those they lie in.
    fn steps(&mut self) {
        let steps = &self.comparison.steps;
        let mut shown = vec![false; steps.len()];
        for (place, step) in steps.iter().enumerate().filter(|(_, step)| step.differs()) {
            let mut at = Some((place, step));
            while let Some((place, step)) = at.filter(|(place, _)| shown.get(*place) == Some(&false)) {
                if let Some(shown) = shown.get_mut(place) {
                    *shown = true;
                }
                at = step.parent.and_then(|parent| Some((parent, steps.get(parent)?)));
            }
        }
        let all = shown.iter().filter(|shown| **shown).count();
        if all > 0 {
            self.page.gap();
            self.page.line(&[(Role::Strong, "Step by step")]);
        }
        let wanted = steps.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(step, _)| step);
        for step in wanted.take(STEPS) {
            self.step(step);
        }
        self.rest(all.saturating_sub(STEPS), "step");
    }

    fn rest(&mut self, left: usize, noun: &str) {
        if left > 0 {
            let left = counted(left, noun, &format!("{noun}s"));
            self.page.text(2, Role::Dim, &format!("… and {left} more; --json has them all"), 1);
        }
    }

    fn step(&mut self, step: &Step) {
        let indent = 2 + 2 * usize::from(step.depth).min(10);
        let margin = " ".repeat(indent);
        let (role, sign) = match (step.old, step.new) {
            (Some(_), None) => (Role::Removed, "- "),
            (None, Some(_)) => (Role::Added, "+ "),
            _ if step.differences.is_empty() => (Role::Plain, "  "),
            _ => (Role::Changed, "~ "),
        };
        let only = if step.old.is_none() || step.new.is_none() { self.one_sided(step) } else { String::new() };
        let name = self.name(step);
        self.page.line(&[(role, &format!("{margin}{sign}{name}")), (Role::Dim, &only)]);
        if !step.differences.is_empty() {
            self.way(step, indent + 4);
        }
        changes(&mut self.page, indent + 4, lines(&step.data), CHANGES);
    }

    /// What became of a step that only one side has.
    fn one_sided(&self, step: &Step) -> String {
        let side = usize::from(step.old.is_none());
        match step.new.or(step.old) {
            Some(Spot::Visit(member, visit)) => {
                let visit = self.sides[side].run.history(member).visit(visit);
                if visit.outcome == Outcome::Exited {
                    String::new()
                } else {
                    format!("  {}", self.outcome(side, member, visit))
                }
            }
            _ => String::new(),
        }
    }

    /// Adds a step by its full place, and how it went on either side.
    fn ways(&mut self, step: &Step, indent: usize) {
        let events = self.events(step);
        let margin = " ".repeat(indent);
        self.page.line(&[(Role::Strong, &format!("{margin}{}", self.place(step))), (Role::Dim, &events)]);
        if !step.differences.is_empty() || step.visits().is_none() {
            self.way(step, indent + 2);
        }
    }

    fn way(&mut self, step: &Step, indent: usize) {
        for (side, spot) in [step.old, step.new].into_iter().enumerate() {
            let (role, sign) = if side == 0 { (Role::Removed, "- ") } else { (Role::Added, "+ ") };
            let text = match spot {
                Some(Spot::Visit(member, visit)) => self.went(side, member, visit, step),
                Some(_) => "is there".to_owned(),
                None => "is not there".to_owned(),
            };
            self.page.text(indent, role, &format!("{sign}{text}"), 3);
        }
    }

    /// How a visit went: outcome, attempts where they differ, and where it led.
    pub(super) fn went(&self, side: usize, member: MemberId, visit: VisitId, step: &Step) -> String {
        let history = self.sides[side].run.history(member);
        let visit = history.visit(visit);
        let mut text = self.outcome(side, member, visit);
        let next = step.differences.iter().any(|difference| matches!(difference, Difference::Next { .. }));
        if let Some(next) = visit.next.filter(|_| next) {
            text.push_str(&format!(", then {}", history.visit(next).name));
        }
        text
    }

    fn outcome(&self, side: usize, member: MemberId, visit: &Visit) -> String {
        let attempts = match visit.attempts.len() {
            0 | 1 => String::new(),
            attempts => format!(" after {attempts} attempts"),
        };
        let error = |by: EventId| {
            let error = self.failure(side, member, visit, by).and_then(|failure| failure.error.clone());
            error.map(|error| format!(": {error}")).unwrap_or_default()
        };
        match visit.outcome {
            Outcome::Open => "had not ended".to_owned(),
            Outcome::Exited => format!("succeeded{attempts}"),
            Outcome::Failed { by } => format!("failed{attempts}{}", error(by)),
            Outcome::TimedOut { by } => format!("timed out{attempts}{}", error(by)),
            Outcome::Caught { failure: by } => format!("failed{attempts}{}; caught", error(by)),
            Outcome::Aborted { .. } => "was aborted".to_owned(),
        }
    }

    /// Returns the error and cause a visit ended with; those of a Fail state stand in the end of the execution.
    fn failure(&self, side: usize, member: MemberId, visit: &Visit, by: EventId) -> Option<&'a Failure> {
        let history = self.sides[side].run.history(member);
        let own = || history.failure_at(visit.ended?);
        let end = || history.end().and_then(|end| end.details.failure());
        history.failure_at(by).or_else(own).or_else(|| end().filter(|_| visit.kind == StateType::Fail))
    }

    /// Adds what a failure said, if it was on one side only.
    fn message(&mut self, step: &Step) {
        for (side, spot) in [step.old, step.new].into_iter().enumerate() {
            let Some(Spot::Visit(member, id)) = spot else { continue };
            let visit = self.sides[side].run.history(member).visit(id);
            let failure = visit.outcome.failure().and_then(|by| self.failure(side, member, visit, by));
            let cause = failure.and_then(|failure| failure.cause.as_ref()).map(|cause| Message::of(cause).summary);
            if let Some(cause) = cause.filter(|cause| !cause.is_empty()) {
                self.page.text(4, Role::Plain, &cause, 3);
            }
        }
    }

    fn excused(&mut self, excused: usize) {
        if excused > 0 {
            self.page.gap();
            self.page.text(0, Role::Dim, &masked(excused), 2);
        }
    }

    /// The name of a step among its siblings.
    fn name(&self, step: &Step) -> String {
        let index = |side: usize, spot: Spot| match spot {
            Spot::Visit(member, visit) => self.sides[side].run.history(member).visit(visit).name.to_string(),
            Spot::Scope(member, scope) => {
                let index = self.sides[side].run.history(member).scope(scope).index();
                format!("[{}]", index.unwrap_or_default())
            }
            Spot::Execution(member) => {
                let name = self.sides[side].run.family.member(member).described.name.as_deref();
                format!("execution {}", name.unwrap_or_default())
            }
        };
        let (old, new) = (step.old.map(|spot| index(0, spot)), step.new.map(|spot| index(1, spot)));
        match (old, new) {
            (Some(old), Some(new)) if old != new => format!("{new} (was {old})"),
            (_, Some(name)) | (Some(name), None) => name,
            (None, None) => String::new(),
        }
    }

    /// The way to a step.
    pub(super) fn place(&self, step: &Step) -> String {
        place(step, self.sides).as_ref().map(breadcrumb).unwrap_or_default()
    }

    fn events(&self, step: &Step) -> String {
        let event = |side: usize, spot: Option<Spot>| match spot? {
            Spot::Visit(member, visit) => self.sides[side].run.history(member).visit(visit).entered,
            Spot::Scope(..) | Spot::Execution(_) => None,
        };
        match (event(0, step.old), event(1, step.new)) {
            (Some(old), Some(new)) if old == new => format!("  (event {old} on both sides)"),
            (Some(old), Some(new)) => format!("  (event {old} | {new})"),
            (Some(event), None) | (None, Some(event)) => format!("  (event {event})"),
            (None, None) => String::new(),
        }
    }
}

/// Returns the place of a step: on the new side if it is there.
pub(super) fn place(step: &Step, sides: [DiffSide<'_>; 2]) -> Option<Place> {
    let (run, spot) = match (step.new, step.old) {
        (Some(spot), _) => (sides[1].run, spot),
        (None, spot) => (sides[0].run, spot?),
    };
    Some(place_of(run, spot))
}

/// Returns the place of something on one side.
pub(super) fn place_of(run: &Run<'_>, spot: Spot) -> Place {
    match spot {
        Spot::Visit(member, visit) => Place::of_visit(run.family, member, visit),
        Spot::Scope(member, scope) => {
            let started = run.history(member).scope(scope).started;
            Place::of(run.family, member, started.unwrap_or(EventId::FIRST))
        }
        Spot::Execution(member) => Place::of(run.family, member, EventId::FIRST),
    }
}
