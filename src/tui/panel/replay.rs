//! A run and its replay: where the replay leaves the recording, both beside each other, and what was not checked.

use super::course::{error, went};
use super::data::pair;
use super::{Kind, Panel, Row, with_inside};
use crate::analysis::Status;
use crate::analysis::pairing::{Line, Spot, beside};
use crate::event::{Event, EventId, Failure};
use crate::history::{History, MemberId, Place as Flow, ScopeId};
use crate::json::Payload;
use crate::json::diff::{Shown, Sign};
use crate::recording::Execution;
use crate::replay::{Asking, Divergence, Judgement, Outcome, Standing, Verdict, judge};
use crate::report::{apart, replay_rule, replay_verdict};
use crate::tui::execution::Place;
use crate::tui::msg::Target;
use crate::tui::replaying::{Change, Extent, Plan};
use crate::tui::subject::Subject;
use crate::tui::text;
use std::collections::BTreeMap;

/// Characters of a value that are kept.
const LONGEST: usize = 4_000;
/// Characters of two values beside each other.
const IN_SIGHT: usize = 160;

/// Equal visits that follow each other are folded when there are more.
const EQUAL: usize = 3;

/// What a replay showed.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// What was replayed, and with which edits.
    pub plan: Plan,
    /// In detail.
    pub panel: Panel,
    /// In a few words: how much of the recorded run is reproduced, or where the replay leaves it.
    pub badge: String,
    /// Whether it is what was recorded or, with edits, whether it did not fail.
    pub good: bool,
    /// The tasks that wanted answers nobody recorded.
    pub asking: Vec<Asking>,
    history: History,
    lines: Vec<Line>,
}

impl Replayed {
    /// Tells what a replay of a run showed.
    pub fn new(subject: &Subject, plan: Plan, outcome: &Outcome) -> Self {
        let mut history: History = outcome.events.iter().cloned().collect();
        // Branches are told apart by their numbers, which both sides must have from a definition.
        let edited = plan.edit(&Change::Definition).map(|edit| Payload::from_text(edit.text.as_str()));
        let known = || plan.recording(subject).ok().and_then(|recording| recording.definition().cloned());
        if let Some(definition) = edited.or_else(known) {
            history.label_by(&definition);
        }
        let recorded = plan.history(subject);
        let lines = beside(recorded, &history, outcome);
        let list = List { member: plan.member, outcome, histories: [recorded, &history], lines: &lines };
        let (rows, tree) = list.rows();
        let folded = folded(&rows, tree..tree + lines.len());
        let title = match plan.member {
            MemberId::ROOT => format!("replay of {}", subject.recording.label()),
            member => format!("replay in {}", subject.title(member).name),
        };
        let sides = ["recorded".to_owned(), replayed_side(&plan, recorded)];
        let mut panel = Panel::new(Kind::Replay, title, sides, rows, folded);
        panel.tree = tree;
        panel.note = note(outcome);
        // The verdict is read where it stands; the cursor is on what can be gone to.
        let leads = |line: &usize| panel.shown().get(*line).is_some_and(|shown| panel.leads(shown));
        let first = (0..2).find(leads).unwrap_or(0);
        panel.select_line(first);
        let (badge, good) = match (plan.in_force().next().is_some(), judgement(subject, &plan, outcome)) {
            (false, _) => (badge(outcome), outcome.agrees()),
            (true, Some(judgement)) => {
                let good = matches!(judgement, Judgement::Fixed | Judgement::Unchanged);
                (format!("edited: {}", judgement.name()), good)
            }
            (true, None) => {
                let [was, is] = [&outcome.recorded, &outcome.standing].map(|standing| standing.status.name());
                let good = outcome.standing.failure == Failure::default() && outcome.asking.is_empty();
                (format!("part, edited: {was}, now {is}"), good)
            }
        };
        Self { plan, panel, badge, good, asking: outcome.asking.clone(), history, lines }
    }

    /// Returns what the replay made, as an execution of its own.
    ///
    /// # Errors
    ///
    /// The recording does not hold what was replayed; why, as a sentence.
    pub fn subject(&self, subject: &Subject) -> Result<Subject, String> {
        let recorded = self.plan.recording(subject)?;
        let mut replayed = recorded.into_owned();
        let of = replayed.label();
        replayed.events = self.history.events().to_vec().into();
        // What AWS said is about the recorded run. What it started is not there: nothing was started.
        if let Some(execution) = &mut replayed.execution {
            *execution = Execution {
                execution_arn: execution.execution_arn.clone(),
                state_machine_arn: execution.state_machine_arn.clone(),
                name: execution.name.clone(),
                ..Execution::default()
            };
        }
        replayed.bookmarks.clear();
        replayed.logs.clear();
        if let Some(edit) = self.plan.edit(&Change::Definition) {
            replayed.state_machine.get_or_insert_default().definition = Some(Payload::from_text(edit.text.as_str()));
        }
        Ok(Subject::new(Target::Replayed(of), replayed))
    }

    /// Compares the data on both sides of a row; `None` for rows that have none.
    pub fn data(&self, subject: &Subject, row: usize) -> Option<Panel> {
        let line = self.lines.get(row.checked_sub(self.panel.tree)?)?;
        let recorded = line.recorded.map(|spot| (self.plan.history(subject), spot));
        let mut panel = pair(recorded, line.replayed.map(|spot| (&self.history, spot)))?;
        if panel.progress().1 == 0 {
            // Nothing stands out, so there is nothing to fold away from.
            panel.open_all();
        }
        Some(panel)
    }
}

/// What was different, on the edge of that side.
fn replayed_side(plan: &Plan, history: &History) -> String {
    let mut edits = plan.in_force();
    match (edits.next(), edits.count()) {
        (None, _) => "replayed".to_owned(),
        (Some(edit), 0) => format!("replayed with another {}", edit.change.title(history)),
        (Some(_), more) => format!("replayed with {} edits", more + 1),
    }
}

/// What edits did to a run; `None` when only a part of it was replayed, whose end is not that of the run.
fn judgement(subject: &Subject, plan: &Plan, outcome: &Outcome) -> Option<Judgement> {
    let history = plan.history(subject);
    let to_the_end = match plan.extent {
        Extent::Whole => true,
        Extent::From(entered) => history.lineage(entered).is_some_and(|lineage| lineage.scope == ScopeId::ROOT),
        Extent::Only(_) => false,
    };
    to_the_end.then(|| plan.recording(subject).ok().map(|recording| judge(&recording, outcome))).flatten()
}

fn badge(outcome: &Outcome) -> String {
    let fidelity = &outcome.fidelity;
    let event = outcome.divergence.as_ref().and_then(|divergence| divergence.recorded.as_ref());
    let [agreed, compared] = [fidelity.agreed, fidelity.compared].map(text::count);
    match (fidelity.verdict, event) {
        (Verdict::Agrees, _) if !outcome.agrees() => "replay diverges in a child".to_owned(),
        (Verdict::Agrees, _) => format!("fidelity {agreed}/{compared}"),
        (Verdict::Diverges, Some(event)) => format!("replay diverges at event {}", event.id),
        (Verdict::Diverges, None) => "replay running".to_owned(),
        (Verdict::Stopped, _) => format!("replay stopped, {agreed}/{compared}"),
    }
}

/// How true it is and what was not checked, on the edge of the panel.
fn note(outcome: &Outcome) -> String {
    let fidelity = &outcome.fidelity;
    let [agreed, compared] = [fidelity.agreed, fidelity.compared].map(text::count);
    let events = format!("{agreed} of {compared} events as recorded");
    match fidelity.not_checked.len() {
        0 => events,
        values => format!("{events}, {} not checked", text::counted(values, "value", "values")),
    }
}

struct List<'a> {
    member: MemberId,
    outcome: &'a Outcome,
    histories: [&'a History; 2],
    lines: &'a [Line],
}

impl List<'_> {
    /// Returns all rows, and the number of the first of those that stand for lines.
    fn rows(&self) -> (Vec<Row>, usize) {
        let outcome = self.outcome;
        let mut rows = Vec::new();
        rows.extend(self.verdict());
        rows.extend(outcome.divergence.as_ref().map(|it| divergence(it, self.member)).unwrap_or_default());
        rows.push(self.end());
        let tree = rows.len();
        rows.extend(self.lines.iter().map(|line| self.row(line)));
        let mut unused: BTreeMap<&str, usize> = BTreeMap::new();
        for (state, _, count) in &outcome.unused {
            *unused.entry(state).or_default() += count;
        }
        for (state, count) in unused {
            let answers = text::counted(count, "recorded answer", "recorded answers");
            rows.push(Row::words(0, &format!("not used: {answers} of {state}"), Sign::Inside, None));
        }
        children(outcome, &mut rows);
        unchecked(outcome, self.member, &mut rows);
        (with_inside(rows), tree)
    }

    /// What came of the replayed run, in full.
    fn verdict(&self) -> Option<Row> {
        let outcome = self.outcome;
        let verdict = replay_verdict(outcome).filter(|_| outcome.edited || !outcome.agrees())?;
        Some(Row::words(0, &cut(&capital(&verdict)), Sign::Inside, None))
    }

    fn end(&self) -> Row {
        let [old, new] = [&self.outcome.recorded, &self.outcome.standing].map(|standing| Some(ended(standing)));
        // Values that AWS draws anew do not make the end another one.
        let same = old == new || self.outcome.fidelity.verdict == Verdict::Agrees;
        let sign = if same { Sign::Same } else { Sign::Changed };
        let tones = [&self.outcome.recorded, &self.outcome.standing];
        let tones = tones.map(|standing| Some(Status::of_execution(standing.status.name())));
        Row { old, new, tones, ..Row::words(0, "end", sign, None) }
    }

    fn row(&self, line: &Line) -> Row {
        let event = |side: usize, spot: Spot| self.first_event(side, spot);
        let place = line.recorded.and_then(|spot| event(0, spot)).map(|event| at(self.member, event));
        let (side, spot) = match (line.recorded, line.replayed) {
            (Some(spot), _) => (0, spot),
            (None, Some(spot)) => (1, spot),
            (None, None) => return Row::words(line.depth, "", line.sign, None),
        };
        let told = |side: usize, spot: Option<Spot>| spot.map(|spot| self.told(side, spot).into());
        let (mut old, mut new) = (told(0, line.recorded), told(1, line.replayed));
        let kind = |side: usize, spot: Option<Spot>| spot.map(|spot| self.name(side, spot));
        if let Some(other) =
            kind(1, line.replayed).filter(|other| kind(0, line.recorded).is_some_and(|it| it != *other))
        {
            new = new.map(|told: Box<str>| format!("{told} {other}").into());
        }
        let tones =
            [line.recorded.and_then(|spot| self.tone(0, spot)), line.replayed.and_then(|spot| self.tone(1, spot))];
        if self.outcome.divergence.as_ref().is_some_and(|it| is_divergence(line, it)) {
            let side = if old.is_some() { &mut old } else { &mut new };
            *side = side.take().map(|told| format!("{told}, first divergence").into());
        }
        let label = self.name(side, spot);
        Row { old, new, tones, ..Row::words(line.depth, &label, line.sign, place) }
    }

    fn tone(&self, side: usize, spot: Spot) -> Option<Status> {
        let history = self.histories[side];
        match spot {
            Spot::Visit(visit) => Some(Status::of_visit(history, visit)),
            Spot::Flow(scope) => Some(Status::of_scope(history.scope(scope).outcome)),
            Spot::Event(_) => None,
        }
    }

    fn first_event(&self, side: usize, spot: Spot) -> Option<EventId> {
        let history = self.histories[side];
        match spot {
            Spot::Visit(visit) => history.visit(visit).entered,
            Spot::Flow(scope) => history.scope(scope).started,
            Spot::Event(event) => Some(event),
        }
    }

    fn name(&self, side: usize, spot: Spot) -> String {
        let history = self.histories[side];
        match spot {
            Spot::Visit(visit) => history.visit(visit).name.to_string(),
            Spot::Flow(scope) => match history.scope(scope).place {
                Flow::Root => String::new(),
                Flow::Branch { index, .. } => format!("branch {index}"),
                Flow::Iteration { index, .. } => format!("item {index}"),
            },
            Spot::Event(event) => history.event(event).map(|event| event.kind.name().to_owned()).unwrap_or_default(),
        }
    }

    /// What is to be said about a part on its side: how a visit went, the number of an event and its error.
    fn told(&self, side: usize, spot: Spot) -> String {
        let history = self.histories[side];
        match spot {
            Spot::Visit(visit) => {
                let asked = self.asked(side, visit);
                asked.unwrap_or_else(|| went(history, visit))
            }
            Spot::Flow(scope) => {
                let states = history.scope(scope).visits.len();
                text::counted(states, "state", "states")
            }
            Spot::Event(event) => format!("{event}{}", error(history, event)),
        }
    }

    /// A visit of the replay may be open because it wants an answer.
    fn asked(&self, side: usize, visit: crate::history::VisitId) -> Option<String> {
        let history = self.histories[side];
        let visit = history.visit(visit);
        let wants = side == 1 && visit.outcome.is_open();
        let asking = self.outcome.asking.iter().find(|asking| wants && asking.state == visit.name)?;
        Some(format!("answer needed, attempt {}", asking.attempt))
    }
}

fn is_divergence(line: &Line, divergence: &Divergence) -> bool {
    let is = |spot: Option<Spot>, event: Option<&Event>| event.is_some_and(|event| spot == Some(Spot::Event(event.id)));
    match &divergence.recorded {
        Some(event) => is(line.recorded, Some(event)),
        None => is(line.replayed, divergence.replayed.as_ref()),
    }
}

/// The first event that is not as recorded, on top.
fn divergence(divergence: &Divergence, member: MemberId) -> Vec<Row> {
    let state = divergence.state.as_deref().map(|state| format!(" ({state})")).unwrap_or_default();
    let place = divergence.recorded.as_ref().map(|event| at(member, event.id));
    let named = |event: &Event| format!("event {} {}", event.id, event.kind);
    let recorded = divergence.recorded.as_ref().map(|event| Box::from(named(event)));
    let replayed = divergence.replayed.as_ref().map(|event| Box::from(named(event)));
    let head = Row::words(0, &format!("first divergence{state}"), Sign::Changed, place);
    let mut rows = vec![Row { old: recorded, new: replayed, ..head }];
    if let Some(difference) = &divergence.difference {
        let path = if difference.path.is_empty() { "the details" } else { difference.path.as_str() };
        let [old, new] = [&difference.expected, &difference.actual];
        let texts = [old, new].map(|value| value.as_ref().map(ToString::to_string).unwrap_or_default());
        let [left, right] = apart(texts.each_ref().map(String::as_str), IN_SIGHT);
        let (old, new) = (old.as_ref().map(|_| Box::from(left)), new.as_ref().map(|_| Box::from(right)));
        rows.push(Row { old, new, ..Row::words(1, path, Sign::Changed, place) });
    }
    rows.extend(replay_rule(divergence).map(|rule| Row::words(1, &rule, Sign::Inside, place)));
    rows
}

/// The executions it started, which are compared by themselves: those that are as recorded in one row.
fn children(outcome: &Outcome, rows: &mut Vec<Row>) {
    let (agreeing, others): (Vec<_>, Vec<_>) =
        outcome.children.iter().partition(|child| child.fidelity.verdict == Verdict::Agrees);
    for child in others {
        let fidelity = &child.fidelity;
        let [agreed, compared] = [fidelity.agreed, fidelity.compared].map(text::count);
        let words = format!("{} {}, {agreed} of {compared} events", child.path, fidelity.verdict.name());
        rows.push(Row::words(0, &words, Sign::Changed, None));
        rows.extend(child.reason.as_ref().map(|reason| Row::words(1, reason, Sign::Inside, None)));
        // What it points at is an event of the child, not of the run on the screen.
        let parted = child.divergence.as_ref().map(|it| divergence(it, MemberId::ROOT)).unwrap_or_default();
        rows.extend(parted.into_iter().map(|row| Row { depth: row.depth + 1, place: None, ..row }));
    }
    if !agreeing.is_empty() {
        let events: usize = agreeing.iter().map(|child| child.fidelity.agreed).sum();
        let started = text::counted(agreeing.len(), "started execution", "started executions");
        let words = format!("{started} as recorded, {}", text::counted(events, "event", "events"));
        rows.push(Row::words(0, &words, Sign::Inside, None));
    }
}

fn unchecked(outcome: &Outcome, member: MemberId, rows: &mut Vec<Row>) {
    let mut reasons: BTreeMap<&str, Vec<(EventId, &str)>> = BTreeMap::new();
    for it in &outcome.fidelity.not_checked {
        reasons.entry(it.reason.reason()).or_default().push((it.event, &it.path));
    }
    for (reason, values) in reasons {
        let label = format!("not checked: {}, {reason}", text::counted(values.len(), "value", "values"));
        rows.push(Row::words(0, &label, Sign::Excused, None));
        for (event, path) in values {
            rows.push(Row::words(1, &format!("event {event} {path}"), Sign::Excused, Some(at(member, event))));
        }
    }
}

/// What is shown at first: every visit, closed unless something in it differs on both sides; of many equal ones in a row only the
/// one beside a difference; and of what was not checked only how much.
fn folded(rows: &[Row], tree: std::ops::Range<usize>) -> Vec<Shown> {
    let differs = rows.get(tree.clone()).is_some_and(|rows| rows.iter().any(|row| row.sign != Sign::Same));
    let mut shown = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let end = at + 1 + row.inside;
        if differs && tree.contains(&at) && row.sign == Sign::Same {
            let stop = equal(rows, at, tree.end);
            let run: Vec<usize> = siblings(rows, at..stop).collect();
            match run.as_slice() {
                // The last one stands beside what differs.
                [_, .., last] if run.len() > EQUAL && stop < tree.end => {
                    shown.extend([Shown::Folded(at..*last), Shown::Row(*last)]);
                }
                _ if run.len() > EQUAL => shown.push(Shown::Folded(at..stop)),
                _ => shown.extend(run.into_iter().map(Shown::Row)),
            }
            at = stop;
        } else {
            shown.push(Shown::Row(at));
            let closed = matches!(row.sign, Sign::Same | Sign::Excused | Sign::Added | Sign::Removed);
            at = if closed { end } else { at + 1 };
        }
    }
    shown
}

/// The end of the equal siblings that begin with a row.
fn equal(rows: &[Row], from: usize, limit: usize) -> usize {
    let depth = rows.get(from).map(|row| row.depth);
    let mut at = from;
    while let Some(row) = rows.get(at).filter(|row| at < limit && row.sign == Sign::Same && Some(row.depth) == depth) {
        at += 1 + row.inside;
    }
    at.min(limit)
}

fn siblings(rows: &[Row], range: std::ops::Range<usize>) -> impl Iterator<Item = usize> + '_ {
    let next = move |at: &usize| Some(at + 1 + rows.get(*at)?.inside).filter(|at| *at < range.end);
    std::iter::successors(Some(range.start), next)
}

fn at(member: MemberId, event: EventId) -> Place {
    Place { member, event }
}

fn ended(standing: &Standing) -> Box<str> {
    let failure = [standing.failure.error.as_deref(), standing.failure.cause.as_deref()];
    let output = standing.output.as_ref().map(|output| output.text().to_owned());
    let told = output.unwrap_or_else(|| failure.into_iter().flatten().collect::<Vec<_>>().join(": "));
    cut(&format!("{} {told}", standing.status.name()))
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn cut(text: &str) -> Box<str> {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default().into()
}
