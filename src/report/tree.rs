//! The visits of an execution as a tree.
//!
//! ```text
//! ✔ ValidateOrder                                       12 ms      2
//! ✖ ProcessItems  197 of 200 items succeeded            8.10 s    10
//!   ✖ [17]                                              2.31 s    35
//!     ✖ ChargeCard  Card.Declined, 3 attempts           2.20 s    41
//!       ✖ attempt 1  Card.Network                       …
//!   ✔ 196 more items succeeded
//! └ indent: containers, items └ error                   └ took    └ event it began with
//! ```

use super::page::{Page, Paper, Role, fit, width};
use super::signs::{attempt_note, attempt_sign, note, outcome_sign};
use super::why::heading;
use super::words::{count, duration};
use crate::analysis::{Diagnosis, Overview};
use crate::event::{EventId, StateType};
use crate::history::{
    AttemptId, AttemptKind, Family, History, MemberId, Outcome, ScopeId, ScopeOutcome, Visit, VisitId,
};
use crate::recording::Status;

/// Items of one kind of outcome that are shown in full.
const SHOWN_ITEMS: usize = 3;
/// Visits shown at either end of a long flow.
const SHOWN_VISITS: usize = 30;
/// Columns for the duration and for the event at the right.
const RIGHT: usize = 20;
/// Containers are shown this deep.
const DEPTH: usize = 40;

/// Returns the visits as a tree.
pub fn tree(family: &Family, diagnosis: &Diagnosis, overview: &Overview, paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    heading(&mut page, diagnosis, overview);
    page.gap();
    let mut tree = Tree { family, page };
    tree.flow(MemberId::ROOT, ScopeId::ROOT, 0);
    let mut page = tree.page;
    let history = family.root();
    if !history.anomalies().is_empty() {
        page.gap();
        let all = count(history.anomalies().len(), "thing does not fit", "things do not fit");
        page.line(&[(Role::Caught, &format!("In this history {all}:"))]);
        for anomaly in history.anomalies().iter().take(5) {
            page.text(2, Role::Dim, &format!("{anomaly}."), 2);
        }
    }
    page.into_lines()
}

type Run = Option<AttemptId>;

struct Tree<'a> {
    family: &'a Family,
    page: Page,
}

impl<'a> Tree<'a> {
    fn history(&self, execution: MemberId) -> &'a History {
        &self.family.member(execution).history
    }

    /// Adds the visits of a flow; of a long one both ends and what failed between.
    fn flow(&mut self, execution: MemberId, scope: ScopeId, depth: usize) {
        let history = self.history(execution);
        let visits = &history.scope(scope).visits;
        let skips = |place: usize| place >= SHOWN_VISITS && place + SHOWN_VISITS < visits.len();
        let mut left_out = 0;
        for (place, visit) in visits.iter().enumerate() {
            if skips(place) && history.visit(*visit).outcome.failure().is_none() {
                left_out += 1;
                continue;
            }
            self.left_out(&mut left_out, depth);
            self.visit(execution, *visit, depth);
        }
        self.left_out(&mut left_out, depth);
    }

    fn left_out(&mut self, visits: &mut usize, depth: usize) {
        if *visits > 0 {
            let sign = self.page.paper().sign("…", "...");
            let text = format!("{sign} {}", count(*visits, "more visit", "more visits"));
            self.page.text(2 * depth, Role::Dim, &text, 1);
        }
        *visits = 0;
    }

    fn visit(&mut self, execution: MemberId, id: VisitId, depth: usize) {
        let history = self.history(execution);
        let visit = history.visit(id);
        let (role, sign) = outcome_sign(self.page.paper(), visit.outcome);
        let note = note(history, id);
        let took = history.duration_micros(id).map(duration).unwrap_or_default();
        self.row(depth, role, &format!("{sign} {}", visit.name), &note, &took, visit.entered);
        if depth > DEPTH {
            return;
        }
        if visit.kind == StateType::Task {
            self.attempts(execution, visit, depth + 1);
        }
        if visit.map_run_arn.is_some() {
            let items: Vec<MemberId> = self.family.items_of(execution, id).collect();
            self.executions(&items, depth + 1);
        }
        match visit.kind {
            StateType::Parallel => self.branches(execution, visit, depth + 1),
            _ => self.iterations(execution, visit, depth + 1),
        }
    }

    /// Adds one row: what, what about it, how long, since which event.
    fn row(&mut self, depth: usize, role: Role, head: &str, note: &str, took: &str, event: Option<EventId>) {
        let paper = self.page.paper();
        let indent = 2 * depth.min(12);
        let left = paper.width.saturating_sub(RIGHT + indent).max(20);
        let head = fit(&self.page.fitting(head), left, paper.unicode);
        let rest = left.saturating_sub(width(&head) + 2);
        let note = if note.is_empty() || rest < 4 {
            String::new()
        } else {
            fit(&self.page.fitting(note), rest, paper.unicode)
        };
        let note = if note.is_empty() { note } else { format!("  {note}") };
        let fill = " ".repeat(left.saturating_sub(width(&head) + width(&note)));
        let event = event.map(|event| event.to_string()).unwrap_or_default();
        let right = format!("{fill} {took:>11} {event:>7}");
        let indent = " ".repeat(indent);
        self.page.line(&[(Role::Plain, &indent), (role, &head), (Role::Plain, &note), (Role::Dim, &right)]);
    }

    /// Adds the attempts of a task when there is something to tell about them.
    fn attempts(&mut self, execution: MemberId, visit: &Visit, depth: usize) {
        let history = self.history(execution);
        for id in &visit.attempts {
            let attempt = history.attempt(*id);
            if visit.attempts.len() > 1 {
                let (role, sign) = attempt_sign(self.page.paper(), attempt.outcome);
                let kind = match attempt.kind {
                    AttemptKind::First | AttemptKind::Retry => "",
                    AttemptKind::Redrive => " (redrive)",
                };
                let head = format!("{sign} attempt {}{kind}", attempt.number);
                let took = history.attempt_micros(*id).map(duration).unwrap_or_default();
                self.row(depth, role, &head, &attempt_note(history, attempt), &took, Some(attempt.scheduled));
            }
            let nested: Vec<MemberId> = self.family.nested_in(execution, *id).collect();
            for child in nested {
                self.execution(child, depth);
            }
        }
    }

    fn execution(&mut self, id: MemberId, depth: usize) {
        let member = self.family.member(id);
        let (role, sign) = super::why::status_sign(self.page.paper(), &member.status());
        let name = member.described.name.as_deref().unwrap_or("execution");
        let error = member.failure().error.clone();
        let history = &member.history;
        let took = history.started_at().zip(history.last_at()).map(|(from, to)| duration(to.micros_since(from)));
        let head = format!("{sign} execution {name}");
        self.row(depth, role, &head, error.as_deref().unwrap_or_default(), &took.unwrap_or_default(), None);
        if depth <= DEPTH {
            self.flow(id, ScopeId::ROOT, depth + 1);
        }
    }

    /// Adds the executions of a map run's items: some of each outcome in full, failed ones first, and counts.
    fn executions(&mut self, items: &[MemberId], depth: usize) {
        let family = self.family;
        let of = |wanted: fn(&Status) -> bool| {
            items.iter().copied().filter(move |item| wanted(&family.member(*item).status())).collect::<Vec<_>>()
        };
        let failed = of(|status| matches!(status, Status::Failed | Status::TimedOut));
        let running = of(|status| *status == Status::Running);
        let aborted = of(|status| *status == Status::Aborted);
        let fine = of(|status| *status == Status::Succeeded);
        let few = items.len() <= SHOWN_ITEMS;
        for (group, all, word) in
            [(failed, true, "failed"), (running, true, "running"), (aborted, few, "aborted"), (fine, few, "succeeded")]
        {
            let full = if all { SHOWN_ITEMS } else { 0 }.max(if few { SHOWN_ITEMS } else { 0 });
            for item in group.iter().take(full) {
                self.execution(*item, depth);
            }
            self.rest(group.len().saturating_sub(full), full.min(group.len()), word, depth);
        }
    }

    /// Adds a line for items that are not shown.
    fn rest(&mut self, items: usize, shown: usize, word: &str, depth: usize) {
        if items > 0 {
            let more = if shown > 0 { " more" } else { "" };
            let noun = if items == 1 { "item" } else { "items" };
            self.page.text(2 * depth, Role::Dim, &format!("{items}{more} {noun} {word}"), 1);
        }
    }

    fn branches(&mut self, execution: MemberId, visit: &Visit, depth: usize) {
        let history = self.history(execution);
        let mut run = None;
        for id in &visit.children {
            let scope = history.scope(*id);
            self.run_heading(history, visit, scope.attempt(), &mut run, depth);
            self.scope(execution, *id, &format!("branch {}", scope.index().unwrap_or(0)), depth);
        }
    }

    /// Adds a heading for each run of a Map or Parallel that was retried.
    fn run_heading(&mut self, history: &History, visit: &Visit, of: Run, last: &mut Run, depth: usize) {
        if visit.attempts.len() < 2 || *last == of {
            return;
        }
        *last = of;
        if let Some(attempt) = of {
            let attempt = history.attempt(attempt);
            let text = format!("run {} of {}", attempt.number, visit.attempts.len());
            self.page.text(2 * depth, Role::Dim, &text, 1);
        }
    }

    /// Adds the iterations of a Map: some of each outcome in full, failed ones first, and counts of the others.
    fn iterations(&mut self, execution: MemberId, visit: &Visit, depth: usize) {
        let history = self.history(execution);
        let mut rest = visit.children.as_slice();
        let mut run = None;
        while let Some(first) = rest.first() {
            let attempt = history.scope(*first).attempt();
            let end = rest.iter().position(|scope| history.scope(*scope).attempt() != attempt).unwrap_or(rest.len());
            let (round, later) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            rest = later;
            self.run_heading(history, visit, attempt, &mut run, depth);
            self.round(execution, round, depth);
        }
    }

    fn round(&mut self, execution: MemberId, round: &[ScopeId], depth: usize) {
        let history = self.history(execution);
        let kind = |scope: &ScopeId| {
            let scope = history.scope(*scope);
            let caught = |visit: &VisitId| matches!(history.visit(*visit).outcome, Outcome::Caught { .. });
            match scope.outcome {
                ScopeOutcome::Failed { .. } => 0,
                ScopeOutcome::Open => 1,
                ScopeOutcome::Succeeded if scope.visits.iter().any(caught) => 2,
                ScopeOutcome::Aborted { .. } => 3,
                ScopeOutcome::Succeeded => 4,
            }
        };
        let few = round.len() <= SHOWN_ITEMS;
        let words = ["failed", "running", "succeeded after a caught failure", "aborted", "succeeded"];
        let nothing_failed = round.iter().all(|scope| kind(scope) == 4);
        for (wanted, word) in words.into_iter().enumerate() {
            let group: Vec<ScopeId> = round.iter().copied().filter(|scope| kind(scope) == wanted).collect();
            let full = match wanted {
                0..=2 => SHOWN_ITEMS,
                _ if few => SHOWN_ITEMS,
                4 if nothing_failed => 1,
                _ => 0,
            };
            for scope in group.iter().take(full) {
                let index = history.scope(*scope).index().unwrap_or(0);
                self.scope(execution, *scope, &format!("[{index}]"), depth);
            }
            self.rest(group.len().saturating_sub(full), full.min(group.len()), word, depth);
        }
    }

    fn scope(&mut self, execution: MemberId, id: ScopeId, label: &str, depth: usize) {
        let history = self.history(execution);
        let scope = history.scope(id);
        let (role, sign) = match scope.outcome {
            ScopeOutcome::Open => outcome_sign(self.page.paper(), Outcome::Open),
            ScopeOutcome::Succeeded => outcome_sign(self.page.paper(), Outcome::Exited),
            ScopeOutcome::Failed { by } => outcome_sign(self.page.paper(), Outcome::Failed { by }),
            ScopeOutcome::Aborted { by } => outcome_sign(self.page.paper(), Outcome::Aborted { by }),
        };
        let took = history.scope_micros(id).map(duration).unwrap_or_default();
        self.row(depth, role, &format!("{sign} {label}"), "", &took, scope.started);
        if depth <= DEPTH {
            self.flow(execution, id, depth + 1);
        }
    }
}
