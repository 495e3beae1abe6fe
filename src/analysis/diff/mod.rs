//! Two executions compared: visit by visit, with the first step at which they part, and why.
//!
//! Visits are aligned by state within their flow, flows by branch or item, attempts by number; what is there on one
//! side only does not shift the rest. A difference of data is told where it is seen first and not again where it is
//! merely handed on. Values that every run draws anew are masked ([`Mask`]). The same comparison serves two executions
//! and two iterations of one. This module must not know how an answer looks.

mod data;
mod definition;
mod divergence;
pub(super) mod mask;
mod reads;
mod run;
mod steps;
#[cfg(test)]
mod tests;

pub use data::{Data, DataChange, Origin, Part, attempts};
pub use definition::{DefinitionDiff, Effect, StateDiff, effect};
pub use divergence::{Divergence, DivergenceKind, Reason};
pub use mask::Mask;
pub use run::{Flow, Run};
pub use steps::{Difference, Spot, Step};

use crate::history::{MemberId, VisitId};
use crate::json::diff::Judge;
use crate::recording::Status;
use data::{Seen, Visits};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Steps whose data is compared before what is new in it is sorted out: bounds what is held at once.
const BATCH: usize = 512;

/// Two flows compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What differs in the input of the execution.
    pub input: Data,
    /// What differs in its output, beside what came along from the steps.
    pub output: Data,
    /// How the executions stand.
    pub status: [Status; 2],
    /// The visits, branches, iterations and executions, containers before what lies in them.
    pub steps: Vec<Step>,
    /// Where they part.
    pub divergence: Option<Divergence>,
    /// What differs in the definitions, where both are known.
    pub definition: Option<DefinitionDiff>,
    /// How many values differ, but are volatile.
    pub excused: usize,
}

impl Comparison {
    /// Tells whether anything differs that counts.
    pub fn differs(&self) -> bool {
        let definition = self.definition.as_ref().is_some_and(|definition| !definition.is_empty());
        definition
            || self.status[0] != self.status[1]
            || !self.input.changes.is_empty()
            || !self.output.changes.is_empty()
            || self.steps.iter().any(Step::differs)
    }
}

/// Compares two executions.
pub fn executions(old: &Run<'_>, new: &Run<'_>, judge: &dyn Judge) -> Comparison {
    let nobody = AtomicBool::new(false);
    executions_unless(&nobody, old, new, judge).expect("nobody cancels it")
}

/// Compares two executions, unless somebody wants it to stop meanwhile.
pub fn executions_unless(
    cancelled: &AtomicBool,
    old: &Run<'_>,
    new: &Run<'_>,
    judge: &dyn Judge,
) -> Option<Comparison> {
    let mut seen = Seen::default();
    let inputs = [old, new].map(|run| run.family.member(MemberId::ROOT).input());
    let mut input = Data::between(&Part::ExecutionInput, inputs[0], inputs[1], judge);
    seen.keep_news(None, &mut input.changes);
    let mut comparison = flows(cancelled, [old, new], [Flow::ROOT; 2], judge, (seen, input))?;
    if let (Some(was), Some(is)) = (&old.definition, &new.definition) {
        comparison.definition = Some(DefinitionDiff::of(was, is));
    }
    Some(comparison)
}

/// Compares two flows, such as two iterations of one Map.
pub fn iterations(old: (&Run<'_>, Flow), new: (&Run<'_>, Flow), judge: &dyn Judge) -> Comparison {
    let nobody = AtomicBool::new(false);
    let begun = (Seen::default(), Data::default());
    flows(&nobody, [old.0, new.0], [old.1, new.1], judge, begun).expect("nobody cancels it")
}

fn flows(
    cancelled: &AtomicBool,
    runs: [&Run<'_>; 2],
    flows: [Flow; 2],
    judge: &dyn Judge,
    (mut seen, input): (Seen, Data),
) -> Option<Comparison> {
    let mut steps = steps::steps(runs[0], runs[1], flows);
    let excused = input.excused + compare_data(cancelled, runs, &mut steps, judge, &mut seen)?;
    let outputs = [0, 1].map(|side| {
        let history = runs[side].history(flows[side].member);
        history.end().filter(|_| flows[side].scope == Flow::ROOT.scope).and_then(|end| end.details.output())
    });
    let mut output = Data::between(&Part::ExecutionOutput, outputs[0], outputs[1], judge);
    seen.keep_news(None, &mut output.changes);
    let divergence = divergence::divergence(runs, &steps, &seen, judge);
    let status = [0, 1].map(|side| runs[side].family.member(flows[side].member).status());
    Some(Comparison { input, output, status, steps, divergence, definition: None, excused })
}

/// Compares the data of all steps, keeps what is news, and returns how many values were excused.
fn compare_data(
    cancelled: &AtomicBool,
    runs: [&Run<'_>; 2],
    steps: &mut [Step],
    judge: &dyn Judge,
    seen: &mut Seen,
) -> Option<usize> {
    let mut excused = 0;
    // Containers that are open, with what they ended with: that is news only if what lies in them was not.
    let mut open: Vec<(u16, usize, Vec<DataChange>)> = Vec::new();
    for from in (0..steps.len()).step_by(BATCH) {
        if cancelled.load(Ordering::Relaxed) {
            return None;
        }
        let batch = steps.get(from..steps.len().min(from + BATCH)).unwrap_or_default();
        let compared = |step: &Step| step.visits().map(|(was, is)| Visits::of(runs, was, is).news(judge));
        let data: Vec<Option<Data>> = batch.par_iter().map(compared).collect();
        for (place, data) in (from..).zip(data) {
            let depth = steps.get(place).map_or(0, |step| step.depth);
            while let Some((_, container, rest)) = open.pop_if(|(outer, ..)| *outer >= depth) {
                keep_news(steps, container, rest, seen);
            }
            let Some(data) = data else { continue };
            excused += data.excused;
            let (begin, end) = data.changes.into_iter().partition(|change| change.part == Part::Input);
            keep_news(steps, place, begin, seen);
            open.push((depth, place, end));
            if let Some(step) = steps.get_mut(place) {
                step.excused = data.excused;
            }
        }
    }
    while let Some((_, container, rest)) = open.pop() {
        keep_news(steps, container, rest, seen);
    }
    Some(excused)
}

fn keep_news(steps: &mut [Step], place: usize, mut changes: Vec<DataChange>, seen: &mut Seen) {
    let carried = seen.keep_news(Some(place), &mut changes);
    if let Some(step) = steps.get_mut(place) {
        step.carried += carried;
        step.data.append(&mut changes);
    }
}

/// Returns everything that differs between the data of two visits, also what came along from earlier ones.
pub fn visits(runs: [&Run<'_>; 2], old: (MemberId, VisitId), new: (MemberId, VisitId), judge: &dyn Judge) -> Data {
    Visits::of(runs, old, new).all(judge)
}

/// Compares what a visit was given with what it handed on; `None` unless both are there.
pub fn through(run: &Run<'_>, member: MemberId, visit: VisitId, judge: &dyn Judge) -> Option<Data> {
    let history = run.history(member);
    let (input, output) = (history.input(visit)?, history.output(visit)?);
    Some(Data::between(&Part::Through, Some(input), Some(output), judge))
}
