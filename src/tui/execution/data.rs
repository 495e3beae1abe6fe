//! The data at the cursor as rows.

use super::named::named;
use super::{Place, Scroll, failure_of};
use crate::asl::Span;
use crate::event::{Event, EventId, Failure};
use crate::history::{AttemptId, History, Member, MemberId, VisitId};
use crate::json::Payload;
use crate::json::rows::{Folds, Kind, Label, Needle, Outline, Rows};
use crate::recording::TaskLog;
use crate::tui::pane::DataTab;
use crate::tui::sheet::{Row, Sheet, Study, Subjects};
use crate::tui::subject::Subject;
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Values with more bytes are texts to be read rather than values.
const LONG: usize = 120;

/// The data pane: documents as rows, a cursor among them, and what was found in them.
#[derive(Debug, Clone, Default)]
pub struct DataPane {
    /// What is shown.
    pub tab: DataTab,
    /// The rows.
    pub rows: Rows,
    /// Which of them are folded.
    pub folds: Folds,
    /// The visible part.
    pub scroll: Scroll,
    /// The rows that hold what is looked for.
    pub matches: Vec<u32>,
    /// The bytes of the shown payload that count against AWS's limit, if there is one.
    pub size: Option<usize>,
    /// Why there is nothing, when there is nothing.
    pub nothing: Cow<'static, str>,
    /// What is shown instead of documents.
    pub sheet: Option<Arc<Sheet>>,
    /// The lines of the definition on which the state stands.
    pub here: Range<u32>,
    /// The row of the value that the failure's message quotes, if it is known.
    pub named: Option<usize>,
    /// What is being worked out in the background.
    pub waiting: Option<Study>,
    /// Who made the value of a row, in a few words, when that is known: of the row that was asked about last.
    hint: Option<(usize, Option<Box<str>>)>,
    /// Those of the matches that are inside of longer texts.
    prose: Vec<u32>,
    sheets: Subjects,
    selected: usize,
    shown: Option<Shown>,
}

/// What the rows were made from; they are made anew only when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    tab: DataTab,
    member: MemberId,
    visit: Option<VisitId>,
    attempt: Option<AttemptId>,
    event: Option<EventId>,
}

impl DataPane {
    /// Returns the selected row.
    pub fn selected(&self) -> usize {
        self.folds.row(self.line()).unwrap_or(0)
    }

    /// Returns the line it stands on.
    pub fn line(&self) -> usize {
        self.folds.line(self.selected)
    }

    /// Selects the row on a line.
    pub fn select_line(&mut self, line: usize) {
        let last = self.folds.visible().len().saturating_sub(1);
        self.selected = self.folds.row(line.min(last)).unwrap_or(0);
    }

    /// Selects a row and unfolds what hides it.
    pub fn select_row(&mut self, row: usize) {
        let rows = outline(&self.rows, self.sheet.as_deref());
        self.selected = row.min(rows.len().saturating_sub(1));
        self.folds.reveal(rows, self.selected);
    }

    /// Folds or unfolds the selected row, or folds what it stands in.
    pub fn toggle(&mut self) {
        let row = self.selected();
        let rows = outline(&self.rows, self.sheet.as_deref());
        let row = if rows.is_foldable(row) { Some(row) } else { rows.parent(row) };
        if let Some(row) = row {
            self.selected = row;
            self.folds.toggle(rows, row);
        }
    }

    /// Tells whether rows stand below the selected one.
    pub fn is_foldable(&self) -> bool {
        outline(&self.rows, self.sheet.as_deref()).is_foldable(self.selected())
    }

    /// Tells whether the selected row, or what it stands in, can be folded.
    pub fn can_fold(&self) -> bool {
        self.is_foldable() || outline(&self.rows, self.sheet.as_deref()).parent(self.selected()).is_some()
    }

    /// Tells whether there is nothing to see.
    pub fn is_empty(&self) -> bool {
        outline(&self.rows, self.sheet.as_deref()).is_empty()
    }

    /// Returns who made the selected value, in a few words, if that is known.
    pub fn hint(&self) -> Option<&str> {
        let (row, words) = self.hint.as_ref()?;
        words.as_deref().filter(|_| *row == self.selected())
    }

    /// Tells whether it was found out who made the value of a row, or that nobody knows.
    pub fn has_hint(&self, row: usize) -> bool {
        self.hint.as_ref().is_some_and(|(known, _)| *known == row)
    }

    /// Keeps who made the value of a row.
    pub fn keep_hint(&mut self, row: usize, words: Option<String>) {
        self.hint = Some((row, words.map(String::into_boxed_str)));
    }

    /// Returns what the selected row says, all of it.
    pub fn selected_text(&self) -> Option<String> {
        let row = self.selected();
        match &self.sheet {
            Some(sheet) => sheet.row(row).map(Row::text),
            None => (!self.rows.is_empty()).then(|| self.rows.value(row).into_owned()),
        }
    }

    /// Folds the selected row, or goes up to what it stands in.
    pub fn fold_or_parent(&mut self) {
        let row = self.selected();
        let rows = outline(&self.rows, self.sheet.as_deref());
        if rows.is_foldable(row) && !self.folds.is_closed(row) {
            self.folds.toggle(rows, row);
        } else if let Some(parent) = rows.parent(row) {
            self.selected = parent;
        }
    }

    /// Unfolds the selected row, or goes down into it.
    pub fn unfold_or_enter(&mut self) {
        let row = self.selected();
        let rows = outline(&self.rows, self.sheet.as_deref());
        if self.folds.is_closed(row) {
            self.folds.toggle(rows, row);
        } else if rows.is_foldable(row) {
            self.selected = row + 1;
        }
    }

    /// Unfolds everything.
    pub fn open_all(&mut self) {
        self.folds.open_all(outline(&self.rows, self.sheet.as_deref()));
    }

    /// Folds everything below the documents themselves.
    pub fn close_all(&mut self) {
        let rows = &self.rows;
        match self.sheet.as_deref() {
            Some(sheet) => self.folds.close_where(sheet, |row| sheet.is_foldable(row)),
            None => {
                let inner = |row: usize| rows.get(row).is_some_and(|shown| shown.depth > 0) && rows.is_foldable(row);
                self.folds.close_where(rows, inner);
            }
        }
        self.selected = self.selected();
    }

    /// Looks for something in the rows.
    pub fn find(&mut self, needle: Option<&Needle>) {
        let found = needle.map(|needle| match &self.sheet {
            Some(sheet) => sheet.find(needle),
            None => self.rows.find(needle),
        });
        self.matches = found.unwrap_or_default();
        let rows = &self.rows;
        let prose = |row: usize| needle.is_some_and(|needle| is_text(rows, row) && !rows.is_called(row, needle));
        self.prose = self.matches.iter().copied().filter(|row| prose(*row as usize)).collect();
    }

    /// Tells whether a match in a row is come to only after the others: one looks for a name or a value, and seldom for
    /// a word in a stack trace, in a line of a longer text, or in what was folded away.
    fn is_found_late(&self, row: u32) -> bool {
        let hidden = self.folds.row(self.folds.line(row as usize)) != Some(row as usize);
        hidden || self.prose.binary_search(&row).is_ok()
    }

    /// Returns the next row (or the one before) that holds what is looked for, going around at the ends: names and
    /// values that are seen first, then the others.
    pub fn next_match(&self, forward: bool) -> Option<usize> {
        let (first, last): (Vec<u32>, Vec<u32>) = self.matches.iter().partition(|row| !self.is_found_late(**row));
        let row = u32::try_from(self.selected()).unwrap_or(u32::MAX);
        // In the group the cursor stands in one goes on from there; in the other one begins.
        let in_last = last.binary_search(&row).is_ok();
        let in_first = first.binary_search(&row).is_ok();
        let on = |group: &[u32]| match forward {
            true => group.get(group.partition_point(|found| *found <= row)).copied(),
            false => group.partition_point(|found| *found < row).checked_sub(1).and_then(|at| group.get(at)).copied(),
        };
        let begin = |group: &[u32]| if forward { group.first().copied() } else { group.last().copied() };
        let found = match (in_first, in_last) {
            (_, true) => on(&last).or_else(|| begin(&first)).or_else(|| begin(&last)),
            (true, _) => on(&first).or_else(|| begin(&last)).or_else(|| begin(&first)),
            _ => on(&first).or_else(|| begin(&first)).or_else(|| on(&last)).or_else(|| begin(&last)),
        };
        found.map(|row| row as usize)
    }

    /// Makes the rows for a place, if they are not those already shown.
    pub fn refresh(&mut self, subject: &Subject, place: Place, needle: Option<&Needle>) {
        let (history, event) = (subject.history(place.member), place.event);
        let visit = history.visit_of(event);
        let exact = visit.is_none() || matches!(self.tab, DataTab::Event | DataTab::Variables);
        let attempt = history.attempt_of(event);
        let shown = Shown { tab: self.tab, member: place.member, visit, attempt, event: exact.then_some(event) };
        if self.shown == Some(shown) {
            return;
        }
        self.shown = Some(shown);
        self.size = None;
        self.nothing = Cow::Borrowed("");
        self.waiting = None;
        self.named = None;
        if let Some(study) = Study::of(self.tab, place.member, visit, attempt) {
            self.study(subject, study);
            self.point_at(subject, place.member, visit);
            self.find(needle);
            return;
        }
        self.sheet = None;
        let rows = match (self.tab, visit) {
            (DataTab::Event, _) => history.event(event).map(event_rows).unwrap_or_default(),
            (DataTab::Variables, _) => self.variables(history, event),
            (DataTab::Output, Some(visit)) => self.output(history, visit, attempt),
            (DataTab::Output, None) => self.execution_output(history),
            (_, Some(visit)) => self.input(subject.family.member(place.member), visit, attempt),
            (_, None) => self.execution_input(history),
        };
        self.set(rows);
        if self.tab == DataTab::Input {
            self.point_at_named(history, visit, attempt);
        }
        self.find(needle);
    }

    /// Shows a sheet: one that was made before, a new one, or for the moment none when it takes long to make.
    fn study(&mut self, subject: &Subject, study: Study) {
        let sheet = match self.sheets.get(&study) {
            Some(sheet) => sheet,
            None if study.is_long(subject) => {
                self.waiting = Some(study);
                self.show_sheet(Arc::new(Sheet::empty("There is a lot of data here: working on it.")));
                return;
            }
            None => {
                let sheet = Arc::new(study.sheet(subject));
                self.sheets.keep(study, Arc::clone(&sheet));
                sheet
            }
        };
        self.show_sheet(sheet);
    }

    /// Takes a sheet that was made in the background, and shows it if it is still the one that is waited for.
    pub fn take_sheet(&mut self, study: Study, sheet: Sheet, needle: Option<&Needle>) {
        let sheet = Arc::new(sheet);
        self.sheets.keep(study, Arc::clone(&sheet));
        if self.waiting == Some(study) {
            self.waiting = None;
            self.show_sheet(sheet);
            self.find(needle);
        }
    }

    fn show_sheet(&mut self, sheet: Arc<Sheet>) {
        // The definition stays where it is when the cursor goes on within it.
        let same = self.sheet.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &sheet));
        if !same {
            self.folds = Folds::none(&*sheet);
            self.folds.close_where(&*sheet, |row| sheet.row(row).is_some_and(|row| row.closed));
            self.selected = 0;
            self.scroll = Scroll::default();
        }
        self.hint = None;
        self.nothing = Cow::Owned(sheet.nothing.clone());
        self.rows = Rows::default();
        self.sheet = Some(sheet);
    }

    /// Puts the cursor on the value that the failure's message speaks of.
    fn point_at_named(&mut self, history: &History, visit: Option<VisitId>, attempt: Option<AttemptId>) {
        let failed = visit.and_then(|visit| failed_with(history, visit, attempt));
        self.named = failed.and_then(|failure| named(&self.rows, failure));
        if let Some(row) = self.named {
            self.select_row(row);
        }
    }

    /// Puts the cursor on the state in the definition.
    fn point_at(&mut self, subject: &Subject, member: MemberId, visit: Option<VisitId>) {
        self.here = 0..0;
        let (DataTab::Definition, Some(visit)) = (self.tab, visit) else { return };
        let Ok(program) = subject.programs.program(member) else { return };
        let Some(state) = program.machine.find(&subject.history(member).visit(visit).name) else { return };
        let entry = program.definition.entry(&state.place);
        let last = Span { start: entry.end, end: entry.end };
        self.here = program.line(entry)..program.line(last) + 1;
        let Some(sheet) = self.sheet.as_ref() else { return };
        let Some(row) = sheet.row_of_line(self.here.start) else { return };
        // The line below the state, or the end: what failed in the state stands before it.
        let end = sheet.row_of_line(self.here.end).unwrap_or(sheet.len());
        self.selected = sheet.failure_between(row, end).unwrap_or(row);
        self.scroll.begin_at(row);
    }

    /// Makes the rows anew because more of the history is known. If they are the same, folds and cursor stay.
    pub fn renew(&mut self, subject: &Subject, place: Place, needle: Option<&Needle>) {
        let (rows, sheet) = (std::mem::take(&mut self.rows), self.sheet.take());
        let folds = std::mem::take(&mut self.folds);
        let (selected, scroll) = (self.selected, self.scroll);
        self.shown = None;
        self.sheets = Subjects::default();
        self.refresh(subject, place, needle);
        let document = |row: usize| rows.get(row).is_some_and(|row| row.depth == 0);
        let same = |row: usize| rows.value(row) == self.rows.value(row);
        let alike = rows.len() == self.rows.len() && (0..rows.len()).filter(|row| document(*row)).all(same);
        if alike && sheet == self.sheet {
            (self.folds, self.selected, self.scroll) = (folds, selected, scroll);
        }
    }

    fn set(&mut self, rows: Rows) {
        self.folds = Folds::none(&rows);
        self.folds.close_where(&rows, |row| is_stack(&rows, row));
        self.rows = rows;
        self.hint = None;
        self.selected = 0;
        self.scroll = Scroll::default();
    }

    /// What an attempt failed with stands first, since it is short and cannot be seen whole anywhere else.
    fn input(&mut self, member: &Member, visit: VisitId, attempt: Option<AttemptId>) -> Rows {
        let history = &member.history;
        let mut rows = Rows::default();
        let failed = failed_at(history, visit, attempt);
        if let Some(failure) = failed_with(history, visit, attempt) {
            push_failure(&mut rows, failure);
        }
        if let Some(log) = failed.and_then(|event| member.log_of(event)) {
            push_log(&mut rows, log);
        }
        let input = history.input(visit);
        let given = attempt.and_then(|attempt| history.attempt_input(attempt));
        if let Some(given) = given.filter(|given| input.is_none_or(|input| input != *given)) {
            rows.push("task input", given);
        }
        self.size = input.map(Payload::size);
        self.nothing = Cow::Borrowed("The history was recorded without data, or the entry of this state is missing.");
        if let Some(input) = input {
            rows.push("input", input);
        }
        rows
    }

    fn output(&mut self, history: &History, visit: VisitId, attempt: Option<AttemptId>) -> Rows {
        let mut rows = Rows::default();
        let output = history.output(visit);
        self.size = output.map(Payload::size);
        self.nothing = Cow::Borrowed(match history.visit(visit).outcome {
            crate::history::Outcome::Open => "No output: this state has not ended.",
            crate::history::Outcome::Exited | crate::history::Outcome::Caught { .. } => {
                "The history was recorded without data."
            }
            _ => "No output: this state did not end well.",
        });
        if let Some(output) = output {
            rows.push("output", output);
        }
        if let Some(assigned) = history.assigned(visit) {
            for (name, value) in &assigned.values {
                rows.push(&format!("assigned ${name}"), value);
            }
        }
        let answered = attempt.and_then(|attempt| history.attempt_output(attempt));
        if let Some(answered) = answered.filter(|answered| output.is_none_or(|output| output != *answered)) {
            rows.push("from the task's result", answered);
        }
        rows
    }

    fn variables(&mut self, history: &History, event: EventId) -> Rows {
        self.nothing = Cow::Borrowed("No variables are assigned here.");
        let mut rows = Rows::default();
        for variable in history.world_at(event).map(|world| world.variables()).unwrap_or_default() {
            rows.push(&format!("${}", variable.name), variable.value);
        }
        rows
    }

    fn execution_input(&mut self, history: &History) -> Rows {
        self.nothing = Cow::Borrowed(match history.events().is_empty() {
            true => "No event is here.",
            false => "The history was recorded without data.",
        });
        let mut rows = Rows::default();
        if let Some(failure) = history.end().and_then(|end| end.details.failure()) {
            push_failure(&mut rows, failure);
        }
        if let Some(input) = history.execution_input() {
            self.size = Some(input.size());
            rows.push("input of the execution", input);
        }
        rows
    }

    fn execution_output(&mut self, history: &History) -> Rows {
        self.nothing = Cow::Borrowed("No output: the execution did not succeed.");
        let Some(output) = history.end().and_then(|end| end.details.output()) else { return Rows::default() };
        self.size = Some(output.size());
        Rows::of("output of the execution", output)
    }
}

/// What stands in the pane: the rows of documents, or a sheet.
fn outline<'a>(rows: &'a Rows, sheet: Option<&'a Sheet>) -> &'a dyn Outline {
    match sheet {
        Some(sheet) => sheet,
        None => rows,
    }
}

/// The event with which an attempt failed, or its visit.
fn failed_at(history: &History, visit: VisitId, attempt: Option<AttemptId>) -> Option<EventId> {
    let failed = attempt.and_then(|attempt| history.attempt(attempt).outcome.failure());
    failed.or_else(|| history.visit(visit).outcome.failure())
}

fn failed_with(history: &History, visit: VisitId, attempt: Option<AttemptId>) -> Option<&Failure> {
    failed_at(history, visit, attempt).and_then(|event| failure_of(history, event))
}

/// Tells whether a row is a longer text or a line of one.
fn is_text(rows: &Rows, row: usize) -> bool {
    rows.get(row).is_some_and(|it| it.kind == Kind::Line || (it.kind == Kind::String && rows.size(row) > LONG))
}

/// Stack traces are long, and come with an error that says most of it.
fn is_stack(rows: &Rows, row: usize) -> bool {
    matches!(rows.label(row), Label::Key(key) if matches!(&*key, "stackTrace" | "trace" | "stack"))
        && rows.is_foldable(row)
}

fn push_failure(rows: &mut Rows, failure: &Failure) {
    if let Some(error) = &failure.error {
        rows.push_text("error", error);
    }
    if let Some(cause) = &failure.cause {
        rows.push_text("cause", cause);
    }
}

/// What the function logged meanwhile, line by line.
fn push_log(rows: &mut Rows, log: &TaskLog) {
    let lines = log.events.iter().flatten().filter_map(|line| line.message.as_deref());
    let lines = lines.map(|line| Value::from(line.trim_end())).collect();
    rows.push(log.log_group_name.as_deref().unwrap_or("log"), &Payload::from_value(lines));
}

/// The event as AWS writes it; the strings in it that hold documents are taken apart like all others.
fn event_rows(event: &Event) -> Rows {
    let text = serde_json::to_string(event).unwrap_or_else(|_| Value::Null.to_string());
    Rows::of(&format!("event {}", event.id), &Payload::from_text(text))
}
