//! The states that were visited, with their data: what failed is unfolded, and of many items of a Map the failed ones
//! stand first and those that went well are one line.

use super::payload::Weight;
use super::text::{Lines, Words};
use super::{Builder, PAPER, anchor, class};
use crate::analysis::Message;
use crate::event::{EventId, StateType};
use crate::history::{AttemptId, History, MemberId, Outcome, Place, ScopeId, ScopeOutcome, VisitId};
use crate::json::Payload;
use crate::report::page::Role;
use crate::report::quantity::{count, counted, duration};
use crate::report::signs::{attempt_note, attempt_sign, beside, execution_sign, note, outcome_sign};
use crate::report::why::map_run_note;
use std::sync::Arc;

/// Containers inside containers that are shown.
const DEPTH: usize = 40;
/// Failed items of a Map that are shown with their states.
const FAILED_ITEMS: usize = 20;
/// Items that are all shown in order, however they ended.
const FEW_ITEMS: usize = 4;
/// Visits shown at either end of a long flow.
const ENDS: usize = 60;
/// Failed visits shown between.
const FAILURES: usize = 60;
/// Numbers of items that are listed.
const NUMBERS: usize = 40;
/// Bytes of an error's text.
const MOST_TEXT: usize = 16 * 1024;

/// What runs inside a container: a branch, an item, an execution.
#[derive(Clone, Copy)]
enum Run {
    Scope(ScopeId),
    Execution(MemberId),
}

impl<'a> Builder<'a> {
    /// Adds the states.
    pub(super) fn steps(&mut self) {
        let family = self.subject.family;
        let root = family.member(MemberId::ROOT);
        let loose: Vec<Run> = family.loose_items(MemberId::ROOT).map(Run::Execution).collect();
        if root.history.visits().len() == 0 && loose.is_empty() {
            return;
        }
        self.title("steps", "States");
        self.out.push("<div class=\"card\">\n");
        self.payload("Input of the execution", "the input of the execution", root.input(), Weight::Failed);
        self.flow(MemberId::ROOT, ScopeId::ROOT, 0);
        if !loose.is_empty() {
            self.runs(MemberId::ROOT, &loose, 1, "item");
        }
        let output = root.history.end().and_then(|end| end.details.output()).or(root.described.output.as_ref());
        self.payload("Output of the execution", "the output of the execution", output, Weight::Failed);
        self.out.push("</div>\n");
    }

    fn history(&self, execution: MemberId) -> &'a History {
        &self.subject.family.member(execution).history
    }

    /// Adds the visits of a flow; of a long one both ends and what failed between.
    fn flow(&mut self, execution: MemberId, scope: ScopeId, depth: usize) {
        let history = self.history(execution);
        let visits = &history.scope(scope).visits;
        let skips = |place: usize| place >= ENDS && place + ENDS < visits.len();
        let (mut left, mut failures) = (0, 0);
        self.out.push("<div class=\"flow\">\n");
        for (place, visit) in visits.iter().enumerate() {
            let failed = skips(place) && history.visit(*visit).outcome.failure().is_some();
            failures += usize::from(failed);
            if skips(place) && !(failed && failures <= FAILURES) {
                left += 1;
                continue;
            }
            self.skipped(&mut left);
            self.visit(execution, *visit, depth);
        }
        self.skipped(&mut left);
        self.out.push("</div>\n");
    }

    fn skipped(&mut self, visits: &mut usize) {
        if *visits > 0 {
            self.left.visits += *visits;
            self.out.add(format_args!("<p class=\"rest\">… {}</p>\n", counted(*visits, "more state", "more states")));
        }
        *visits = 0;
    }

    fn visit(&mut self, execution: MemberId, id: VisitId, depth: usize) {
        let history = self.history(execution);
        let visit = history.visit(id);
        let (role, sign) = outcome_sign(PAPER, visit.outcome);
        let failed = matches!(visit.outcome, Outcome::Failed { .. } | Outcome::TimedOut { .. });
        let failed = failed || self.causes.contains(&(execution, id));
        let weight = if visit.outcome.failure().is_some() { Weight::Failed } else { Weight::Other };
        let head = Head {
            anchor: Some(anchor(execution, id)),
            open: failed && depth < 8,
            role,
            sign,
            name: &visit.name,
            kind: visit.kind.name(),
            note: &beside([note(history, id), map_run_note(self.subject.family, execution, id)]),
            took: history.duration_micros(id),
            event: visit.entered.or(visit.ended),
        };
        self.begin(&head);
        if self.is_full(Weight::Cause) || depth > DEPTH {
            self.left.visits += 1;
            self.out.push("<p class=\"dim\">Left out.</p></div></details>\n");
            return;
        }
        let name = &visit.name;
        self.payload("Input", &format!("the input of {name}"), history.input(id), weight);
        if visit.kind == StateType::Task {
            self.attempts(execution, id, weight);
        }
        self.inside(execution, id, depth);
        if let Some(assigned) = history.assigned(id) {
            for (variable, value) in &assigned.values {
                self.payload(&format!("${variable}"), &format!("${variable}"), Some(value), weight);
            }
        }
        self.payload("Output", &format!("the output of {name}"), history.output(id), weight);
        self.out.push("</div></details>\n");
    }

    /// The tries of a task: the only one as part of its state, several each by itself.
    fn attempts(&mut self, execution: MemberId, id: VisitId, weight: Weight) {
        let history = self.history(execution);
        let attempts = &history.visit(id).attempts;
        for attempt in attempts {
            let tried = history.attempt(*attempt);
            let several = attempts.len() > 1;
            if several {
                let (role, sign) = attempt_sign(PAPER, tried.outcome);
                self.begin(&Head {
                    anchor: None,
                    open: false,
                    role,
                    sign,
                    name: &format!("attempt {}", tried.number),
                    kind: "",
                    note: &attempt_note(history, tried),
                    took: history.attempt_micros(*attempt),
                    event: Some(tried.scheduled),
                });
            }
            self.attempt(history, *attempt, &history.visit(id).name, weight);
            if several {
                self.out.push("</div></details>\n");
            }
        }
    }

    fn attempt(&mut self, history: &'a History, attempt: AttemptId, state: &str, weight: Weight) {
        let given = history.attempt_input(attempt);
        self.payload("Task input", &format!("the task input of {state}"), given, weight);
        self.payload("Task result", &format!("the task result of {state}"), history.attempt_output(attempt), weight);
        self.failure(history, history.attempt(attempt).outcome.failure());
    }

    /// What a Parallel, a Map or a task holds.
    fn inside(&mut self, execution: MemberId, id: VisitId, depth: usize) {
        let family = self.subject.family;
        let history = self.history(execution);
        let visit = history.visit(id);
        if visit.kind == StateType::Parallel || visit.kind == StateType::Map {
            let own = visit.attempts.is_empty() && visit.children.is_empty();
            if own {
                self.failure(history, visit.outcome.failure());
            }
            let several = visit.attempts.len() > 1;
            for attempt in visit.attempts.iter().map(|attempt| Some(*attempt)).chain([None]) {
                let scopes = visit.children.iter().filter(|scope| history.scope(**scope).attempt() == attempt);
                let scopes: Vec<Run> = scopes.map(|scope| Run::Scope(*scope)).collect();
                if let Some(attempt) = attempt.filter(|_| several) {
                    self.out.add(format_args!("<h4>run {}</h4>\n", history.attempt(attempt).number));
                }
                self.runs(execution, &scopes, depth + 1, if visit.kind == StateType::Map { "item" } else { "branch" });
            }
        }
        let nested: Vec<Run> = visit
            .attempts
            .iter()
            .flat_map(|attempt| family.nested_in(execution, *attempt))
            .map(Run::Execution)
            .collect();
        self.runs(execution, &nested, depth + 1, "execution");
        let items: Vec<Run> = family.items_of(execution, id).map(Run::Execution).collect();
        self.runs(execution, &items, depth + 1, "execution");
    }

    /// Flows side by side: those that failed first and in full; of the others each kind of outcome is one line.
    fn runs(&mut self, execution: MemberId, runs: &[Run], depth: usize, noun: &str) {
        if runs.is_empty() {
            return;
        }
        let role = |run: &Run| self.outcome(execution, *run).0;
        if runs.len() <= FEW_ITEMS || noun == "branch" {
            for run in runs {
                self.run(execution, *run, depth);
            }
            return;
        }
        let failed: Vec<Run> = runs.iter().copied().filter(|run| role(run) == Role::Failed).collect();
        let others: Vec<(Role, &str)> = vec![
            (Role::Failed, "failed"),
            (Role::Caught, "had a failure that was caught"),
            (Role::Running, "still running"),
            (Role::Aborted, "aborted"),
            (Role::Succeeded, "succeeded"),
        ];
        let groups: Vec<(&str, Vec<Run>)> = others
            .into_iter()
            .map(|(kind, words)| {
                let of_kind = runs.iter().copied().filter(|run| role(run) == kind);
                let telling = matches!(kind, Role::Failed | Role::Caught);
                (words, of_kind.skip(if telling { FAILED_ITEMS } else { 0 }).collect())
            })
            .collect();
        let caught: Vec<Run> = runs.iter().copied().filter(|run| role(run) == Role::Caught).collect();
        for run in failed.iter().take(FAILED_ITEMS).chain(caught.iter().take(FAILED_ITEMS)) {
            self.run(execution, *run, depth);
        }
        for (words, group) in groups {
            if !group.is_empty() {
                self.group(execution, &group, words, noun);
            }
        }
    }

    fn group(&mut self, execution: MemberId, group: &[Run], words: &str, noun: &str) {
        let plural = format!("{noun}s");
        // Of those that failed, caught or not, some are shown above.
        let all = match words.contains("fail") {
            true => format!("{} more {plural} {words}", count(group.len())),
            false => format!("{} {words}", counted(group.len(), noun, &plural)),
        };
        let history = self.history(execution);
        let numbers: Vec<u64> = group
            .iter()
            .filter_map(|run| match run {
                Run::Scope(scope) => history.scope(*scope).index(),
                Run::Execution(_) => None,
            })
            .collect();
        let listed = ranges(&numbers);
        self.out.add(format_args!("<p class=\"rest\">{all}"));
        if !listed.is_empty() {
            self.out.add(format_args!(" <small>{listed}</small>"));
        }
        self.out.push("</p>\n");
    }

    fn outcome(&self, execution: MemberId, run: Run) -> (Role, &'static str) {
        match run {
            Run::Scope(scope) => outcome_sign(
                PAPER,
                match self.history(execution).scope(scope).outcome {
                    ScopeOutcome::Open => Outcome::Open,
                    ScopeOutcome::Succeeded => match self.history(execution).caught_in(scope) {
                        Some(failure) => Outcome::Caught { failure },
                        None => Outcome::Exited,
                    },
                    ScopeOutcome::Failed { by } => Outcome::Failed { by },
                    ScopeOutcome::Aborted { by } => Outcome::Aborted { by },
                },
            ),
            Run::Execution(member) => execution_sign(PAPER, &self.subject.family.member(member).status()),
        }
    }

    fn run(&mut self, execution: MemberId, run: Run, depth: usize) {
        let (role, sign) = self.outcome(execution, run);
        let (name, note, took, event) = self.run_words(execution, run);
        let open = role == Role::Failed && depth < 8;
        self.begin(&Head { anchor: None, open, role, sign, name: &name, kind: "", note: &note, took, event });
        match run {
            Run::Scope(scope) => self.flow(execution, scope, depth),
            Run::Execution(member) => {
                let weight = if role == Role::Failed { Weight::Failed } else { Weight::Other };
                let input: Option<&'a Payload> = self.subject.family.member(member).input();
                self.payload("Input", &format!("the input of {name}"), input, weight);
                self.flow(member, ScopeId::ROOT, depth);
                if self.history(member).visits().len() == 0 {
                    let failure = self.subject.family.member(member).failure();
                    self.error(failure.error.as_deref(), failure.cause.as_ref());
                }
            }
        }
        self.out.push("</div></details>\n");
    }

    /// Returns what a run is called, what is said of it, how long it took and the event it began with.
    fn run_words(&self, execution: MemberId, run: Run) -> (String, String, Option<i64>, Option<EventId>) {
        match run {
            Run::Scope(id) => {
                let history = self.history(execution);
                let scope = history.scope(id);
                let index = scope.index().unwrap_or(0);
                let name = match scope.place {
                    Place::Branch { .. } => format!("branch {index}"),
                    _ => format!("item {index}"),
                };
                (name, String::new(), history.scope_micros(id), scope.started)
            }
            Run::Execution(id) => {
                let member = self.subject.family.member(id);
                let (began, ended) = member.described.times;
                let told = began.zip(ended).map(|(began, ended)| ended.micros_since(began));
                let (first, last) = (member.history.started_at(), member.history.last_at());
                let took = told.or_else(|| first.zip(last).map(|(first, last)| last.micros_since(first)));
                let error = member.failure().error.as_deref().unwrap_or_default().to_owned();
                (format!("execution {}", member.described.name.as_deref().unwrap_or_default()), error, took, None)
            }
        }
    }

    fn failure(&mut self, history: &History, event: Option<EventId>) {
        let Some(failure) = event.and_then(|event| history.failure_at(event)) else { return };
        self.error(failure.error.as_deref(), failure.cause.as_ref());
    }

    fn error(&mut self, error: Option<&str>, cause: Option<&Arc<str>>) {
        if error.is_none() && cause.is_none() {
            return;
        }
        let message = cause.map(Message::of);
        let said = message.as_ref().map(|message| message.summary.as_str()).unwrap_or_default();
        self.out.add(format_args!("<p><b class=\"bad\">{}</b>", Words(error.unwrap_or("unnamed error"))));
        if !said.is_empty() {
            let end = said.floor_char_boundary(MOST_TEXT);
            self.out.add(format_args!(" {}", Lines(said.get(..end).unwrap_or_default())));
        }
        self.out.push("</p>\n");
    }

    /// Begins a part that folds; its end is that of a `div` and of a `details`.
    fn begin(&mut self, head: &Head<'_>) {
        let anchor = head.anchor.as_ref().map(|anchor| format!(" id=\"{anchor}\"")).unwrap_or_default();
        let open = if head.open { " open" } else { "" };
        self.out.add(format_args!(
            "<details class=\"step\"{anchor}{open}><summary><span class=\"sign {}\">{}</span><span class=\"name\">{}</span>\
             <span class=\"note\">{}{}{}</span><span class=\"took\">{}</span></summary><div class=\"inside\">\n",
            class(head.role),
            head.sign,
            Words(head.name),
            head.kind,
            if head.kind.is_empty() || head.note.is_empty() { "" } else { " · " },
            Words(head.note),
            [head.took.map(duration), head.event.map(|event| format!("event {event}"))]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
        ));
    }
}

/// What stands in the line of a part that folds.
struct Head<'h> {
    anchor: Option<String>,
    open: bool,
    role: Role,
    sign: &'static str,
    name: &'h str,
    kind: &'h str,
    note: &'h str,
    took: Option<i64>,
    event: Option<EventId>,
}

/// Returns numbers that follow each other as ranges: `0–16, 18–142`.
fn ranges(numbers: &[u64]) -> String {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let chunks = sorted.chunk_by(|one, next| one.checked_add(1) == Some(*next) || one == next);
    let mut words: Vec<String> = chunks
        .take(NUMBERS + 1)
        .filter_map(|chunk| match (chunk.first()?, chunk.last()?) {
            (first, last) if first == last => Some(first.to_string()),
            (first, last) => Some(format!("{first}–{last}")),
        })
        .collect();
    if words.len() > NUMBERS {
        words.truncate(NUMBERS);
        words.push("…".to_owned());
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_are_ranges() {
        for (numbers, words) in [
            (vec![], ""),
            (vec![3], "3"),
            (vec![4, 0, 1, 2, 6, 7], "0–2, 4, 6–7"),
            (vec![1, 1, u64::MAX], "1, 18446744073709551615"),
        ] {
            assert_eq!(ranges(&numbers), words);
        }
        let odd: Vec<u64> = (0..200).map(|number| number * 2).collect();
        assert!(ranges(&odd).ends_with("78, …"));
    }
}
