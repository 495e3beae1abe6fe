//! Comparisons inside one execution: two attempts of a visit, two items of a Map, what went in and what came out.

use super::{Args, print, subject, verdict};
use crate::analysis::diff::{self, Data, Flow, Mask, Run};
use crate::cli::{Failure, Output, Verdict};
use crate::history::{AttemptId, Family, History, MemberId, Visit, VisitId};
use crate::json::diff::{Judge, Strict};
use crate::report::{self, DiffSide};

/// Two numbers with a comma between.
#[derive(Debug, Clone, Copy)]
pub(super) struct Two([u32; 2]);

impl std::str::FromStr for Two {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once(',').and_then(|(one, other)| Some([one.trim().parse().ok()?, other.trim().parse().ok()?]));
        numbers.map(Self).ok_or_else(|| "two numbers with a comma between are wanted, such as 1,3".to_owned())
    }
}

/// What is compared inside one execution.
pub(super) enum Question<'a> {
    Attempts(&'a str, [u32; 2]),
    Items(&'a str, [u64; 2]),
    Through(&'a str),
}

impl<'a> Question<'a> {
    /// Returns the question the arguments ask, if they ask one of this kind.
    pub(super) fn of(args: &'a Args) -> Option<Self> {
        let state = args.state.as_deref()?;
        match (args.attempts, args.items) {
            (Some(Two(pair)), _) => Some(Self::Attempts(state, pair)),
            (None, Some(Two(pair))) => Some(Self::Items(state, pair.map(u64::from))),
            (None, None) => args.through.then_some(Self::Through(state)),
        }
    }
}

pub(super) fn run(args: &Args, question: &Question<'_>, output: &mut Output) -> Result<Verdict, Failure> {
    let recording = subject::recording(&args.first, &args.aws, output)?;
    let family = Family::of(&recording);
    let run = Run::of(&recording, &family);
    let mask = Mask::of(&run, &run);
    let judge: &dyn Judge = if args.all { &Strict } else { &mask };
    let history = family.root();
    match question {
        Question::Attempts(state, numbers) => {
            let enough = |visit: &Visit| numbers.iter().all(|number| attempt(visit, *number).is_some());
            let visit = find(history, state, &enough).ok_or_else(|| none(state, "that many attempts"))?;
            let [Some(old), Some(new)] = numbers.map(|number| attempt(history.visit(visit), number)) else {
                return Err(none(state, "that many attempts"));
            };
            let data = diff::attempts((history, old), (history, new), judge);
            let titles = numbers.map(|number| format!("{state}, attempt {number}"));
            answer(args, &data, [&titles[0], &titles[1]], output)
        }
        Question::Through(state) => {
            let ended = |visit: &Visit| visit.ended.is_some_and(|event| history.event(event).is_some());
            let visit = find(history, state, &ended).ok_or_else(|| none(state, "an end"))?;
            let data = diff::through(&run, MemberId::ROOT, visit, judge).ok_or_else(|| none(state, "an output"))?;
            let titles = [format!("{state}, what it was given"), format!("{state}, what it handed on")];
            answer(args, &data, [&titles[0], &titles[1]], output)
        }
        Question::Items(state, indexes) => {
            let missing = || none(state, "those items");
            let visit = history.visits().filter(|(_, visit)| *visit.name == **state).map(|(id, _)| id);
            let both = |visit: VisitId| {
                let [old, new] = indexes.map(|index| history.iteration(visit, index));
                Some([old?, new?])
            };
            let scopes = visit.rev().find_map(both).ok_or_else(missing)?;
            let [old, new] = scopes.map(|scope| Flow { member: MemberId::ROOT, scope });
            let comparison = diff::iterations((&run, old), (&run, new), judge);
            let titles = indexes.map(|index| format!("{state}[{index}]"));
            let sides = [0, 1].map(|side| DiffSide { title: &titles[side], run: &run });
            match args.json {
                true => output.json(&report::diff_json(&comparison, sides))?,
                false => print(output, report::diff(&comparison, sides, args.layout.paper(output)))?,
            }
            Ok(verdict(comparison.differs()))
        }
    }
}

/// Returns the last visit of a state that fits.
fn find(history: &History, state: &str, fits: &dyn Fn(&Visit) -> bool) -> Option<VisitId> {
    history.visits().rev().find(|(_, visit)| *visit.name == *state && fits(visit)).map(|(id, _)| id)
}

fn attempt(visit: &Visit, number: u32) -> Option<AttemptId> {
    visit.attempts.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

fn none(state: &str, what: &str) -> Failure {
    Failure::input(format!("No visit of a state called {state} has {what}."))
        .hint("stepback show lists the visits with their attempts and items.")
}

fn answer(args: &Args, data: &Data, titles: [&str; 2], output: &mut Output) -> Result<Verdict, Failure> {
    match args.json {
        true => output.json(&report::data_diff_json(data, titles))?,
        false => print(output, report::data_diff(data, titles, args.layout.paper(output)))?,
    }
    Ok(verdict(!data.changes.is_empty()))
}
