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
use super::quantity::{counted, duration};
use super::signs::{attempt_note, attempt_sign, beside, execution_sign, note, outcome_sign};
use super::why::{heading, map_run_note};
use crate::analysis::{Diagnosis, Overview};
use crate::event::{EventId, StateType};
use crate::history::{AttemptKind, Family, History, MemberId, Outcome, Place, ScopeId, ScopeOutcome, Visit, VisitId};
use crate::recording::Status;

/// Items of one kind of outcome that are shown in full.
const SHOWN_ITEMS: usize = 3;
/// Visits shown at either end of a long flow.
const SHOWN_VISITS: usize = 30;
/// Failed visits shown between.
const SHOWN_FAILURES: usize = 50;
/// Runs of a retried Map or Parallel shown at either end.
const SHOWN_RUNS: usize = 3;
/// Branches of a Parallel that are all shown, in order.
const SHOWN_BRANCHES: usize = 20;
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
        let all = counted(history.anomalies().len(), "thing does not fit", "things do not fit");
        page.line(&[(Role::Caught, &format!("In this history {all}:"))]);
        for anomaly in history.anomalies().iter().take(5) {
            page.text(2, Role::Dim, &format!("{anomaly}."), 2);
        }
    }
    page.into_lines()
}

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
        let (mut left_out, mut failures) = (0, 0);
        for (place, visit) in visits.iter().enumerate() {
            let failed = skips(place) && history.visit(*visit).outcome.failure().is_some();
            failures += usize::from(failed);
            if skips(place) && !(failed && failures <= SHOWN_FAILURES) {
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
            let sign = self.page.paper().sign(["…", "..."]);
            let text = format!("{sign} {}", counted(*visits, "more visit", "more visits"));
            self.page.text(2 * depth, Role::Dim, &text, 1);
        }
        *visits = 0;
    }

    fn visit(&mut self, execution: MemberId, id: VisitId, depth: usize) {
        let history = self.history(execution);
        let visit = history.visit(id);
        let (role, sign) = outcome_sign(self.page.paper(), visit.outcome);
        let note = beside([note(history, id), map_run_note(self.family, execution, id)]);
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
        self.runs(execution, visit, depth + 1);
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
        let (role, sign) = execution_sign(self.page.paper(), &member.status());
        let name = member.described.name.as_deref().unwrap_or("execution");
        let error = member.failure().error.clone();
        let took = member.micros().map(duration);
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
        self.rest_of(["item", "items"], items, shown, word, depth);
    }

    fn rest_of(&mut self, [one, many]: [&str; 2], items: usize, shown: usize, word: &str, depth: usize) {
        if items > 0 {
            let more = if shown > 0 { " more" } else { "" };
            let noun = if items == 1 { one } else { many };
            self.page.text(2 * depth, Role::Dim, &format!("{items}{more} {noun} {word}"), 1);
        }
    }

    /// Adds the runs of a Map or Parallel: the first and last ones when it was retried often.
    fn runs(&mut self, execution: MemberId, visit: &Visit, depth: usize) {
        let history = self.history(execution);
        let runs: Vec<&[ScopeId]> =
            visit.children.chunk_by(|a, b| history.scope(*a).attempt() == history.scope(*b).attempt()).collect();
        let skips = |place: usize| place >= SHOWN_RUNS && place + SHOWN_RUNS < runs.len();
        for (place, run) in runs.iter().enumerate() {
            if skips(place) {
                continue;
            }
            if place > 0 && skips(place - 1) {
                let left_out = counted(runs.len() - 2 * SHOWN_RUNS, "run", "runs");
                self.page.text(2 * depth, Role::Dim, &format!("… {left_out} between"), 1);
            }
            let attempt = run.first().and_then(|scope| history.scope(*scope).attempt());
            if let Some(attempt) = attempt.filter(|_| visit.attempts.len() > 1) {
                let text = format!("run {} of {}", history.attempt(attempt).number, visit.attempts.len());
                self.page.text(2 * depth, Role::Dim, &text, 1);
            }
            if visit.kind == StateType::Parallel && run.len() <= SHOWN_BRANCHES {
                run.iter().for_each(|scope| self.scope(execution, *scope, depth));
            } else {
                let noun = if visit.kind == StateType::Parallel { ["branch", "branches"] } else { ["item", "items"] };
                self.run(execution, run, noun, depth);
            }
        }
    }

    /// Adds the items of one run: some of each outcome in full, failed ones first, and counts of the others.
    fn run(&mut self, execution: MemberId, run: &[ScopeId], noun: [&str; 2], depth: usize) {
        let history = self.history(execution);
        let few = run.len() <= SHOWN_ITEMS;
        let all_fine = run.iter().all(|scope| rank(history, *scope) == FINE);
        for (wanted, word) in RANKS.into_iter().enumerate() {
            let group: Vec<ScopeId> = run.iter().copied().filter(|scope| rank(history, *scope) == wanted).collect();
            let full = match wanted {
                ABORTED.. if few => SHOWN_ITEMS,
                FINE if all_fine => 1,
                ABORTED.. => 0,
                _ => SHOWN_ITEMS,
            };
            group.iter().take(full).for_each(|scope| self.scope(execution, *scope, depth));
            self.rest_of(noun, group.len().saturating_sub(full), full.min(group.len()), word, depth);
        }
    }

    fn scope(&mut self, execution: MemberId, id: ScopeId, depth: usize) {
        let history = self.history(execution);
        let scope = history.scope(id);
        let (role, sign) = match scope.outcome {
            ScopeOutcome::Open => outcome_sign(self.page.paper(), Outcome::Open),
            ScopeOutcome::Succeeded => outcome_sign(self.page.paper(), Outcome::Exited),
            ScopeOutcome::Failed { by } => outcome_sign(self.page.paper(), Outcome::Failed { by }),
            ScopeOutcome::Aborted { by } => outcome_sign(self.page.paper(), Outcome::Aborted { by }),
        };
        let label = match scope.place {
            Place::Branch { index, .. } => format!("{sign} branch {index}"),
            _ => format!("{sign} [{}]", scope.index().unwrap_or(0)),
        };
        let took = history.scope_micros(id).map(duration).unwrap_or_default();
        self.row(depth, role, &label, "", &took, scope.started);
        if depth <= DEPTH {
            self.flow(execution, id, depth + 1);
        }
    }
}

/// The groups that items are shown in.
const RANKS: [&str; 5] = ["failed", "running", "succeeded after a caught failure", "aborted", "succeeded"];
const ABORTED: usize = 3;
const FINE: usize = 4;

/// Returns the group of an item.
fn rank(history: &History, scope: ScopeId) -> usize {
    let scope = history.scope(scope);
    let caught = |visit: &VisitId| matches!(history.visit(*visit).outcome, Outcome::Caught { .. });
    match scope.outcome {
        ScopeOutcome::Failed { .. } => 0,
        ScopeOutcome::Open => 1,
        ScopeOutcome::Succeeded if scope.visits.iter().any(caught) => 2,
        ScopeOutcome::Aborted { .. } => ABORTED,
        ScopeOutcome::Succeeded => FINE,
    }
}
