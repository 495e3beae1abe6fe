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
use super::why::{heading, waiting_words};
use super::words::{count, duration};
use crate::analysis::{Diagnosis, Overview};
use crate::event::{Event, EventId, StateType};
use crate::history::{
    Attempt, AttemptId, AttemptKind, AttemptOutcome, Family, History, MemberId, Outcome, ScopeId, ScopeOutcome, Visit,
    VisitId,
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

/// Returns the sign and role of an outcome.
pub(super) fn outcome_sign(paper: Paper, outcome: Outcome) -> (Role, &'static str) {
    match outcome {
        Outcome::Open => (Role::Running, paper.sign("…", "~")),
        Outcome::Exited => (Role::Succeeded, paper.sign("✔", "+")),
        Outcome::Failed { .. } | Outcome::TimedOut { .. } => (Role::Failed, paper.sign("✖", "x")),
        Outcome::Caught { .. } => (Role::Caught, paper.sign("▲", "!")),
        Outcome::Aborted { .. } => (Role::Aborted, paper.sign("◌", "o")),
    }
}

fn attempt_sign(paper: Paper, outcome: AttemptOutcome) -> (Role, &'static str) {
    match outcome {
        AttemptOutcome::Open => (Role::Running, paper.sign("…", "~")),
        AttemptOutcome::Succeeded => (Role::Succeeded, paper.sign("✔", "+")),
        AttemptOutcome::Failed { .. } | AttemptOutcome::TimedOut { .. } => (Role::Failed, paper.sign("✖", "x")),
        AttemptOutcome::Aborted { .. } => (Role::Aborted, paper.sign("◌", "o")),
    }
}

/// Returns an outcome as a word.
pub(super) fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Open => "open",
        Outcome::Exited => "succeeded",
        Outcome::Failed { .. } => "failed",
        Outcome::TimedOut { .. } => "timed out",
        Outcome::Caught { .. } => "caught",
        Outcome::Aborted { .. } => "aborted",
    }
}

/// Returns what there is to say about a visit beside its name.
fn note(history: &History, id: VisitId) -> String {
    let visit = history.visit(id);
    let mut parts: Vec<String> = Vec::new();
    let error = visit.outcome.failure().and_then(|event| history.failure_at(event)).and_then(|f| f.error.clone());
    match visit.outcome {
        Outcome::Exited => {}
        Outcome::Failed { .. } | Outcome::TimedOut { .. } | Outcome::Caught { .. } => {
            parts.push(match &error {
                Some(error) => format!("{} {error}", outcome_word(visit.outcome)),
                None => outcome_word(visit.outcome).to_owned(),
            });
        }
        Outcome::Open | Outcome::Aborted { .. } => parts.push(outcome_word(visit.outcome).to_owned()),
    }
    if let (Outcome::Caught { .. }, Some(next), Some(last)) = (visit.outcome, visit.next, parts.last_mut()) {
        last.push_str(&format!(" → {}", history.visit(next).name));
    }
    if visit.attempts.len() > 1 {
        let word = if visit.kind == StateType::Task { "attempts" } else { "runs" };
        parts.push(format!("{} {word}", visit.attempts.len()));
    }
    parts.extend(items_note(history, id));
    parts.join(", ")
}

/// Returns how many items of a Map's last attempt went well.
fn items_note(history: &History, id: VisitId) -> Option<String> {
    let visit = history.visit(id);
    let last = *visit.attempts.last().filter(|_| visit.kind == StateType::Map && visit.map_run_arn.is_none())?;
    let fine = visit.children.iter().map(|scope| history.scope(*scope));
    let fine = fine.filter(|scope| scope.attempt() == Some(last) && scope.outcome == ScopeOutcome::Succeeded).count();
    let all = usize::try_from(history.items_of(id, last)).unwrap_or(usize::MAX);
    Some(format!("{fine} of {} succeeded", count(all, "item", "items")))
}

fn attempt_note(history: &History, attempt: &Attempt) -> String {
    let failure = attempt.outcome.failure().and_then(|event| history.failure_at(event));
    match (attempt.outcome, failure.and_then(|failure| failure.error.as_deref())) {
        (AttemptOutcome::Open, _) => "open".to_owned(),
        (AttemptOutcome::Aborted { .. }, _) => "aborted".to_owned(),
        (AttemptOutcome::Succeeded, _) => String::new(),
        (AttemptOutcome::TimedOut { .. }, None) => "timed out".to_owned(),
        (AttemptOutcome::Failed { .. }, None) => "failed".to_owned(),
        (_, Some(error)) => error.to_owned(),
    }
}

/// Returns the events one by one: number, parent, time, type, name, error.
pub fn events(history: &History, paper: Paper) -> Vec<String> {
    let first = history.started_at();
    let line = |event: &Event| {
        let since = first.map(|first| event.timestamp.micros_since(first)).unwrap_or_default();
        let parent = event.parent.map_or_else(|| paper.sign("·", "-").to_owned(), |parent| parent.to_string());
        let role = if event.kind.is_failure() { Role::Failed } else { Role::Plain };
        let mut page = Page::new(paper);
        let (numbers, kind) = (format!("{:>6} {parent:>6} {:>10}  ", event.id, duration(since)), event.kind.name());
        page.line(&[(Role::Dim, &numbers), (role, kind), (Role::Plain, &format!("  {}", about(history, event)))]);
        page.into_lines().pop().unwrap_or_default()
    };
    history.events().iter().map(line).collect()
}

/// Returns what an event is about: its state and, if it failed, its error.
fn about(history: &History, event: &Event) -> String {
    let index = |scope: ScopeId| history.scope(scope).index().map(|index| format!("[{index}]")).unwrap_or_default();
    let state = match history.lineage(event.id) {
        Some(lineage) if lineage.visit.is_none() && lineage.scope != ScopeId::ROOT => {
            let container = history.visit_of(event.id).map(|visit| history.visit(visit).name.to_string());
            container.map(|name| name + &index(lineage.scope))
        }
        Some(lineage) => lineage.visit.map(|visit| {
            format!("{}{}", history.visit(visit).name, {
                let index = index(lineage.scope);
                if index.is_empty() { index } else { format!(" {index}") }
            })
        }),
        None => None,
    };
    let failure = event.details.failure();
    let error = failure.and_then(|failure| failure.error.as_deref()).map(|error| format!("  {error}"));
    state.unwrap_or_default() + &error.unwrap_or_default()
}

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
    let place = super::words::breadcrumb(&crate::analysis::Place::of_visit(family, execution, id));
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
    let place = crate::analysis::Place::of(family, MemberId::ROOT, event);
    page.line(&[
        (Role::Strong, &format!("Event {event}")),
        (Role::Plain, &format!("  {}", world.event().kind.name())),
        (Role::Dim, &format!("  {} in", duration(world.elapsed_micros()))),
    ]);
    page.labelled("where", Role::Plain, &super::words::breadcrumb(&place), 3);
    for visit in world.open().into_iter().take(20) {
        let place = crate::analysis::Place::of_visit(family, MemberId::ROOT, visit);
        page.labelled("open", Role::Running, &super::words::breadcrumb(&place), 2);
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
